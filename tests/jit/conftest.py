"""Makes the VM, the real rpython and the helpers of tests/unit importable, whatever folder pytest is started in."""
import os
import sys

TESTS = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))

for folder in (os.path.join(TESTS, "unit"), os.path.dirname(TESTS)):
    sys.path.insert(0, folder)
