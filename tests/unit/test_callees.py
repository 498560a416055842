"""What a CALL reaches: the file's functions, then built-in ones, then the host's."""

import pytest

from mdvm import errors
from mdvm.callees import HostFunctions
from mdvm.lowering import lower
from mdvm.objects import W_Int
from mdvm.values.strings import W_Str
from tests.unit.programs import make_module, run_module


class Host(HostFunctions):
    """Knows `tell`, which notes what it is given and says how many times it was called."""

    def __init__(self):
        self.told = []

    def call(self, name, arguments):
        if name != "tell":
            raise errors.undefined_function(name)
        self.told.append([w_value.intval for w_value in arguments])
        return W_Int(len(self.told))


# The name as a constant that the lowering sees, one that it sees only as far as the instruction, and
# one that the program makes.
def name_constant(name):
    return [("LOAD_CONST", 9, name)]


def name_of_two_parts(name):
    return [
        ("LOAD_CONST", 8, name[:1]),
        ("LOAD_CONST", 9, name[1:]),
        ("CONCAT_STR", 9, 8, 9),
    ]


def name_from_a_global(name):
    return [("LOAD_CONST", 8, name), ("STORE_GLOBAL", 8, "name"), ("LOAD_GLOBAL", 9, "name")]


names = pytest.mark.parametrize("load", [name_constant, name_of_two_parts, name_from_a_global])
ways = pytest.mark.parametrize("analysed", [True, False])


@pytest.fixture
def lowering(monkeypatch, analysed):
    if not analysed:
        monkeypatch.setattr(lower, "can_be_analysed", lambda components, ranges: False)


def program(load, name, arguments, functions=(), version=2, rest=()):
    """-> Module that returns what the call of the function with these ints gives."""
    items = [("LOAD_CONST", number, value) for number, value in enumerate(arguments)]
    items += load(name) + [("CALL", 5, 9, tuple(range(len(arguments)))), ("RETURN", 5)]
    items += list(rest)
    # func, dst
    items = [
        ("CALL", 9, 5, item[3]) if item[0] == "CALL" and item[1] == 5 else item for item in items
    ]
    return make_module(items, functions=functions, version=version)


OWN_ABS = ["own", ("LOAD_CONST", 3, "own"), ("RETURN", 3)]


@names
@ways
def test_a_built_in_function(lowering, load):
    assert run_module(program(load, "abs", [-7])).summary() == ("Int(7)", "", None)
    assert run_module(program(load, "starts with", ["ab", "a"])).result == "Bool(true)"


@names
@ways
def test_the_files_own_function_comes_first(lowering, load):
    module = program(load, "abs", [-7], functions=[("abs", "own")], rest=OWN_ABS)
    assert run_module(module).result == 'String("own")'


@names
@ways
@pytest.mark.parametrize("version", [0, 1, 3, 99])
def test_other_versions_have_no_built_in_functions(lowering, load, version):
    outcome = run_module(program(load, "abs", [-7], version=version))
    assert outcome.error == "Undefined function: abs"
    assert outcome.failed_at == 1 + len(load("abs"))


@names
@ways
@pytest.mark.parametrize("version", [1, 2])
def test_a_function_of_the_host(lowering, load, version):
    host = Host()
    outcome = run_module(program(load, "tell", [1, 2], version=version), host_functions=host)
    assert outcome.summary() == ("Int(1)", "", None)
    assert host.told == [[1, 2]]
    outcome = run_module(program(load, "ask", [1, 2], version=version), host_functions=host)
    assert outcome.error == "Undefined function: ask"


@names
@ways
def test_a_built_in_function_comes_before_one_of_the_host(lowering, load):
    class Other(HostFunctions):
        def call(self, name, arguments):
            return W_Str("host")

    assert run_module(program(load, "abs", [-7]), host_functions=Other()).result == "Int(7)"
    module = program(load, "abs", [-7], version=1)
    assert run_module(module, host_functions=Other()).result == 'String("host")'


@names
@ways
def test_the_number_of_arguments_is_checked(lowering, load):
    outcome = run_module(program(load, "abs", [-7, 1]))
    assert outcome.error == "Wrong number of arguments: abs takes 1, not 2"
    assert outcome.failed_at == 2 + len(load("abs"))


@ways
def test_a_call_takes_no_frame(lowering):
    module = program(name_constant, "abs", [-7])
    assert run_module(module, max_depth=0).result == "Int(7)"


@ways
def test_what_is_passed_stays_as_it_is(lowering):
    """The list is only looked at: the store after it is in a list of its own all the same."""
    items = [
        ("LOAD_CONST", 1, 3),
        ("LOAD_CONST", 2, 0),
        ("LOAD_CONST", 9, "reverse"),
        ("NEW_ARRAY", 0, 1),
        ("ARRAY_SET", 0, 2, 1),
        ("CALL", 9, 4, (0,)),
        ("ARRAY_SET", 0, 2, 2),
        ("LOAD_CONST", 9, "str"),
        ("CALL", 9, 5, (4,)),
        ("CALL", 9, 6, (0,)),
        ("CONCAT_STR", 5, 5, 6),
        ("RETURN", 5),
    ]
    assert run_module(make_module(items, version=2)).result == (
        'String("[empty, empty, 3][0, empty, empty]")'
    )


@ways
def test_an_element_that_a_function_gives_is_nobody_elses(lowering):
    """`at` gives an array within the array: a store into what it gave must not reach that one."""
    items = [
        ("LOAD_CONST", 1, 1),
        ("LOAD_CONST", 2, 0),
        ("NEW_ARRAY", 0, 1),
        ("NEW_ARRAY", 3, 1),
        ("ARRAY_SET", 0, 2, 3),
        ("LOAD_CONST", 3, 0),
        ("LOAD_CONST", 9, "at"),
        ("CALL", 9, 4, (0, 2)),
        ("ARRAY_SET", 4, 2, 1),
        ("RETURN", 0),
    ]
    assert run_module(make_module(items, version=2)).result == "Array([Array([Empty])])"


def test_counted_as_one_instruction():
    module = program(name_constant, "abs", [-7])
    assert run_module(module, counting=True).executed == 4
