"""The built-in functions for the plain evaluator."""

from __future__ import annotations

from mdvm.builtins import builtin_number, builtin_of, call_builtin
from mdvm.objects import W_Float, W_Int, W_Value
from mdvm.values.array_base import W_Array
from mdvm.values.dicts import W_Dict
from mdvm.values.strings import W_Str
from mdvm.values.text import print_text
from pymdvm.bytecode.model import Constant
from pymdvm.compiler.frontend.built_ins import (
    AS_NUMBER,
    CAST_TO_FLOAT,
    CAST_TO_INT,
    CHARACTERS,
    FIND_IN_LIST,
    JOINED,
    LENGTH_OF_LIST,
    LENGTH_OF_NAMED_LIST,
    LENGTH_OF_SET,
    MEMBERS,
    SET_OF_LIST,
)
from pymdvm.compiler.passes.evaluation import evaluate, to_value

# The type numbers of CAST.
_CASTS = {"bool": 1, CAST_TO_INT: 2, CAST_TO_FLOAT: 3, "str": 4}
_INSTRUCTIONS = {
    "bytes": "STR_LEN",
    LENGTH_OF_LIST: "ARRAY_LEN",
    LENGTH_OF_NAMED_LIST: "DICT_LEN",
    LENGTH_OF_SET: "SET_LEN",
    MEMBERS: "SET_VALUES",
}


def built_in(name: str, values: list[W_Value]) -> W_Value:
    """What the function gives for the values."""
    if name in _CASTS:
        return evaluate("CAST", values, _CASTS[name])
    if name in _INSTRUCTIONS:
        return evaluate(_INSTRUCTIONS[name], values, None)
    if name == "len" and isinstance(values[0], (W_Dict, W_Array)):
        named = isinstance(values[0], W_Dict)
        return evaluate("DICT_LEN" if named else "ARRAY_LEN", values, None)
    if name == SET_OF_LIST:
        w_set = evaluate("SET_NEW", [], None)
        for w_item in items_of(values[0]):
            w_set = evaluate("SET_ADD", [w_set, w_item], None)
        return w_set
    if name == CHARACTERS:
        w_text = values[0]
        _call("bytes", w_text)
        w_list = evaluate("NEW_ARRAY", [W_Int(0)], None)
        w_length = _call("len", w_text)
        assert isinstance(w_length, W_Int)
        for index in range(w_length.intval):
            w_list = evaluate("ARRAY_PUSH", [w_list, _call("at", w_text, W_Int(index))], None)
        return w_list
    if name == AS_NUMBER:
        if isinstance(values[0], (W_Int, W_Float)):
            return values[0]
        is_text = isinstance(values[0], W_Str)
        written = print_text(values[0]).lower() if is_text else ""
        return _call("float" if set(written) & set(".en") else "int", values[0])
    if name == "abs":
        negative = evaluate("LT", [values[0], W_Int(0)], None).is_truthy()
        return evaluate("NEG", values, None) if negative else values[0]
    if name == FIND_IN_LIST:
        for index, w_item in enumerate(items_of(values[0])):
            if evaluate("EQ", [w_item, values[1]], None).is_truthy():
                return W_Int(index)
        return W_Int(-1)
    if name == "join" or (name == JOINED and isinstance(values[0], W_Array)):
        return _joined(values)
    if name == JOINED:
        return evaluate("CONCAT_STR", values, None)
    if name not in ("min", "max") or len(values) != 2:
        return _call(name, *values)
    left, right = values if name == "min" else values[::-1]
    return values[0] if evaluate("LTE", [left, right], None).is_truthy() else values[1]


def _call(name: str, *values: W_Value) -> W_Value:
    w_result: W_Value = call_builtin(builtin_of(builtin_number(name)), list(values))
    return w_result


def _joined(values: list[W_Value]) -> W_Value:
    w_text = to_value(Constant.of(""))
    for index, w_item in enumerate(items_of(values[0])):
        if index:
            w_text = evaluate("CONCAT_STR", [w_text, values[1]], None)
        w_text = evaluate("CONCAT_STR", [w_text, w_item], None)
    return w_text


def items_of(w_list: W_Value) -> list[W_Value]:
    """The items of a list; ARRAY_LEN's error for anything else."""
    w_length = evaluate("ARRAY_LEN", [w_list], None)
    assert isinstance(w_length, W_Int)
    return [evaluate("ARRAY_GET", [w_list, W_Int(index)], None) for index in range(w_length.intval)]
