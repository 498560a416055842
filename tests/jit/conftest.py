"""Makes the VM, the real rpython and the helpers of tests/unit importable, whatever folder pytest
is started in.
"""

import os
import sys

TESTS = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))

for folder in (os.path.join(TESTS, "unit"), os.path.dirname(TESTS)):
    sys.path.insert(0, folder)


def pytest_collection_modifyitems(items):
    """The translation comes last: it changes RPython for good, and other tests want it without some
    of the changes.
    """
    items.sort(key=lambda item: "test_translation" in item.nodeid)
