"""The boxed values: type names, truthiness, sharing."""

import pytest

from mdvm.objects import share, w_empty, w_false, w_true, wrap_bool
from tests.unit.model import Dict, is_truthy, type_id, type_name
from tests.unit.values import EVERYTHING, NAN, SAMPLES, to_guest


@pytest.mark.parametrize("value", SAMPLES, ids=repr)
def test_type_names(value):
    w_value = to_guest(value)
    assert w_value.type_name == type_name(value)
    assert w_value.found_name == type_name(value).lower()
    assert w_value.type_id == type_id(value)


@pytest.mark.parametrize("value", [None, False, 0, 0.0, -0.0, NAN, "", (), Dict()], ids=repr)
def test_what_is_falsy(value):
    assert to_guest(value).is_truthy() is False


@pytest.mark.parametrize(
    "value",
    [True, 1, -1, 5e-324, float("inf"), "0", " ", "\0", "false", (None,), (0,), Dict([("", None)])],
    ids=repr,
)
def test_what_is_truthy(value):
    assert to_guest(value).is_truthy() is True


def test_truthiness_of_everything():
    for value in EVERYTHING:
        assert to_guest(value).is_truthy() == is_truthy(value), value


def test_there_is_one_object_of_each_constant():
    assert wrap_bool(True) is w_true
    assert wrap_bool(False) is w_false


def test_only_containers_are_marked_as_shared():
    for value in SAMPLES:
        w_value = to_guest(value)
        assert share(w_value) is w_value
        assert getattr(w_value, "shared", None) is (
            True if isinstance(value, (tuple, Dict)) else None
        )
    assert not hasattr(w_empty, "shared")
