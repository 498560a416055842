"""These tests take Python 2.7 and RPython; any other pytest says so and leaves them out."""

import sys

import pytest

PYTHON2 = sys.version_info[0] == 2
ELSEWHERE = "takes Python 2.7 and RPython: python3 tools/run_tests.py jit"


class LeftOut(pytest.Module):
    """A file of tests that is named, but not imported."""

    def collect(self):
        raise pytest.skip.Exception(ELSEWHERE, allow_module_level=True)


if not PYTHON2:

    def pytest_pycollect_makemodule(module_path, parent):
        return LeftOut.from_parent(parent, path=module_path)


def pytest_collection_modifyitems(items):
    """The translation comes last: it changes RPython for good, and other tests want it without some
    of the changes.
    """
    items.sort(key=lambda item: "test_translation" in item.nodeid)
