"""What the JIT leaves of a loop: meta-interpretation of small programs, and the operations in the
result.

The counts are exact on purpose: one operation more in such a loop is something that got slower, and
one less is a figure to write down here.

PYTEST_DONT_REWRITE: the functions here are translated too, and an assertion that pytest has
rewritten is not RPython.
"""

import pytest
from rpython.jit.backend.llgraph import runner
from rpython.jit.metainterp.warmspot import get_stats, ll_meta_interp, reset_jit

from mdvm.lowering.code import LoweringOptions
from mdvm.interp import interpreter
from mdvm.loading.loader import load_module
from mdvm.lowering.lower import lower
from mdvm.main import standard_output
from mdvm.loading.module import FunctionEntry
from mdvm.objects import W_Float, W_Int
from mdvm.opcodes import BY_NAME, LATEST
from mdvm.run_state import run_state
from mdvm.values.strings import W_Str
from tests.unit.programs import module_from


def module_of(constants, functions, *instructions):
    """instructions: tuples of an opcode's name and its operands as mdvm.loading.encoding has them
    -> Module, of version 2.
    """
    entries = [FunctionEntry(name, index) for name, index in functions]
    return module_from(
        "test",
        constants,
        entries,
        [[BY_NAME[instruction[0]].number] + list(instruction[1:]) for instruction in instructions],
        LATEST,
    )


def int_loop():
    """sum of 1..r0 by counting down; r3 is a temporary that is dead at the loop's head."""
    return module_of(
        [W_Int(0), W_Int(1), W_Int(100)],
        [],
        ("LOAD_CONST", 0, 2),
        ("LOAD_CONST", 1, 0),
        ("LOAD_CONST", 2, 1),
        ("LT", 3, 1, 0),  # 3: r1 is the sum, r0 the counter; run until r0 is 0
        ("ADD", 1, 1, 0),
        ("SUB", 3, 0, 2),
        ("MOVE", 0, 3),
        ("JUMP_IF", 0, -4),  # -> 4
        ("RETURN", 1, 1),
    )


def float_loop():
    return module_of(
        [W_Float(0.0), W_Float(1.5), W_Float(100.0)],
        [],
        ("LOAD_CONST", 0, 0),
        ("LOAD_CONST", 1, 1),
        ("LOAD_CONST", 2, 2),
        ("ADD", 0, 0, 1),  # 3
        ("LT", 3, 0, 2),
        ("JUMP_IF", 3, -3),  # -> 3
        ("CAST", 4, 0, 4),
        ("STR_LEN", 5, 4),
        ("RETURN", 1, 5),
    )


def call_loop():
    """r0 = increment(r0) until it is 100."""
    return module_of(
        [W_Int(0), W_Int(1), W_Int(100), W_Str("increment")],
        [("increment", 7)],
        ("LOAD_CONST", 0, 0),
        ("LOAD_CONST", 2, 2),
        ("LOAD_CONST", 5, 3),
        ("CALL", 5, 0, 1, 0),  # 3: r0 = r5(r0)
        ("LT", 3, 0, 2),
        ("JUMP_IF", 3, -3),  # -> 3
        ("RETURN", 1, 0),
        ("LOAD_CONST", 1, 1),
        ("ADD", 2, 0, 1),
        ("RETURN", 1, 2),
    )


def compiler_shaped_loop():
    """The loop of int_loop as a compiler writes it: a move for every use, constants loaded in each
    iteration.
    """
    return module_of(
        [W_Int(0), W_Int(1), W_Int(100)],
        [],
        ("LOAD_CONST", 0, 0),
        ("LOAD_CONST", 1, 0),
        # 2..6
        ("MOVE", 2, 0),
        ("LOAD_CONST", 3, 2),
        ("LT", 4, 2, 3),
        ("MOVE", 5, 4),
        ("JUMP_IF_NOT", 5, 10),
        ("MOVE", 6, 1),
        ("MOVE", 7, 0),
        ("ADD", 8, 6, 7),
        ("MOVE", 1, 8),
        ("MOVE", 9, 0),
        ("LOAD_CONST", 10, 1),
        ("ADD", 11, 9, 10),
        ("MOVE", 0, 11),
        ("NOP",),
        ("JUMP", -15),  # -> 2
        ("RETURN", 1, 1),
    )


def phi_loop():
    """r0 counts through a PHI: 0 from before the loop, r1 from its end."""
    return module_of(
        [W_Int(0), W_Int(1), W_Int(100)],
        [],
        ("LOAD_CONST", 2, 0),
        ("LOAD_CONST", 3, 1),
        ("LOAD_CONST", 4, 2),
        ("JUMP", 0),
        ("PHI", 0, 2, 2, 3, 1, 7),  # 4
        ("ADD", 1, 0, 3),
        ("LT", 5, 1, 4),
        ("JUMP_IF", 5, -4),  # 7 -> 4
        ("RETURN", 1, 1),
    )


def nested_loop():
    """100 iterations, in each of which an inner loop counts to 100 from the constant 0."""
    return module_of(
        [W_Int(0), W_Int(1), W_Int(100)],
        [],
        ("LOAD_CONST", 0, 0),
        ("LOAD_CONST", 1, 1),
        ("LOAD_CONST", 2, 2),
        ("LOAD_CONST", 3, 0),  # 3: the inner loop's counter
        ("ADD", 3, 3, 1),  # 4
        ("LT", 4, 3, 2),
        ("JUMP_IF", 4, -3),  # -> 4
        ("ADD", 0, 0, 1),
        ("LT", 4, 0, 2),
        ("JUMP_IF", 4, -7),  # -> 3
        ("RETURN", 1, 0),
    )


def push_loop():
    """Pushes 0 to 99 to an empty array."""
    return module_of(
        [W_Int(0), W_Int(1), W_Int(100)],
        [],
        ("LOAD_CONST", 0, 0),
        ("LOAD_CONST", 1, 1),
        ("LOAD_CONST", 2, 2),
        ("NEW_ARRAY", 3, 0),
        ("ARRAY_PUSH", 3, 0),  # 4
        ("ADD", 0, 0, 1),
        ("LT", 4, 0, 2),
        ("JUMP_IF", 4, -4),  # -> 4
        ("ARRAY_LEN", 5, 3),
        ("RETURN", 1, 5),
    )


def member_loop():
    """Counts how many of 0 to 99 are in a set of ints."""
    return module_of(
        [W_Int(0), W_Int(1), W_Int(100)],
        [],
        ("LOAD_CONST", 0, 0),
        ("LOAD_CONST", 1, 1),
        ("LOAD_CONST", 2, 2),
        ("SET_NEW", 3),
        ("SET_ADD", 3, 1),
        ("SET_CONTAINS", 4, 3, 0),  # 5
        ("ADD", 0, 0, 1),
        ("LT", 4, 0, 2),
        ("JUMP_IF", 4, -4),  # -> 5
        ("RETURN", 1, 0),
    )


def rope_loop():
    """A text that grows is measured and cut, 30 times: 320 bytes and 30 letters of two; the length
    of all but the first 40 characters.
    """
    return module_of(
        [W_Int(0), W_Int(1), W_Int(30), W_Str("x" * 320), W_Str("\xc3\xa9")]
        + [W_Str("len"), W_Str("slice"), W_Int(40)],
        [],
        ("LOAD_CONST", 0, 0),
        ("LOAD_CONST", 1, 1),
        ("LOAD_CONST", 2, 2),
        ("LOAD_CONST", 3, 3),
        ("LOAD_CONST", 4, 4),
        ("LOAD_CONST", 5, 5),
        ("LOAD_CONST", 6, 6),
        ("LOAD_CONST", 7, 7),
        ("ADD", 3, 3, 4),  # 8
        ("CALL", 5, 8, 1, 3),
        ("CALL", 6, 9, 2, 3, 7),
        ("ADD", 0, 0, 1),
        ("LT", 10, 0, 2),
        ("JUMP_IF", 10, -6),  # -> 8
        ("CALL", 5, 8, 1, 9),
        ("RETURN", 1, 8),
    )


def map_loop():
    """A list that grows to 30 elements is mapped, and the results are added up, in each iteration."""
    return module_of(
        [W_Int(0), W_Int(1), W_Int(30), W_Str("map"), W_Str("twice"), W_Str("sum")],
        [("twice", 14)],
        ("LOAD_CONST", 0, 0),
        ("LOAD_CONST", 1, 1),
        ("LOAD_CONST", 2, 2),
        ("NEW_ARRAY", 3, 0),
        ("LOAD_CONST", 5, 3),
        ("LOAD_CONST", 6, 4),
        ("LOAD_CONST", 7, 5),
        ("ARRAY_PUSH", 3, 0),  # 7
        ("CALL", 5, 8, 2, 3, 6),
        ("CALL", 7, 9, 1, 8),
        ("ADD", 0, 0, 1),
        ("LT", 10, 0, 2),
        ("JUMP_IF", 10, -6),  # -> 7
        ("RETURN", 1, 9),
        ("ADD", 1, 0, 0),  # 14
        ("RETURN", 1, 1),
    )


def global_loop():
    """The sum of 0 to 99; the sum and the counter are global variables."""
    return module_of(
        [W_Int(0), W_Int(1), W_Int(100), W_Str("sum"), W_Str("i")],
        [],
        ("LOAD_CONST", 0, 0),
        ("LOAD_CONST", 1, 1),
        ("LOAD_CONST", 2, 2),
        ("STORE_GLOBAL", 0, 3),
        ("STORE_GLOBAL", 0, 4),
        ("LOAD_GLOBAL", 3, 3),  # 5
        ("LOAD_GLOBAL", 4, 4),
        ("ADD", 3, 3, 4),
        ("STORE_GLOBAL", 3, 3),
        ("LOAD_GLOBAL", 4, 4),
        ("ADD", 4, 4, 1),
        ("STORE_GLOBAL", 4, 4),
        ("LOAD_GLOBAL", 4, 4),
        ("LT", 5, 4, 2),
        ("JUMP_IF", 5, -10),  # -> 5
        ("LOAD_GLOBAL", 3, 3),
        ("RETURN", 1, 3),
    )


# Operations that the backend makes nothing of.
NO_MACHINE_CODE = [
    "debug_merge_point",
    "enter_portal_frame",
    "leave_portal_frame",
    "guard_not_invalidated",
]

PROGRAMS = {
    "int": int_loop,
    "float": float_loop,
    "call": call_loop,
    "compiler": compiler_shaped_loop,
    "phi": phi_loop,
    "nested": nested_loop,
    "push": push_loop,
    "member": member_loop,
    "rope": rope_loop,
    "map": map_loop,
    "global": global_loop,
}


NAMES = sorted(PROGRAMS)


def lowered(module):
    """-> Code, with all that the program's start and its functions become."""
    code = lower(module, LoweringOptions())
    code.start()
    for number in range(len(module.functions)):
        code.function(number)
    return code


class JittedVM(object):
    """The VM, translated once with its JIT, on RPython's interpreter of graphs.

    The programs are lowered before that: it takes much longer on that interpreter.
    """

    def __init__(self):
        codes = [lowered(PROGRAMS[name]()) for name in NAMES]
        run_state.output = standard_output

        def interpret(which):
            # The other way is never taken: it shows the annotator what modules can hold.
            if which < len(codes):
                code = codes[which]
            else:
                code = lower(load_module(str(which)), LoweringOptions())
            w_result = interpreter.execute_program(code)
            assert isinstance(w_result, W_Int)
            return w_result.intval

        self.interp, self.graph = ll_meta_interp(
            interpret,
            [0],
            CPUClass=runner.LLGraphCPU,
            inline=True,
            listops=True,
            backendopt=True,
            graph_and_interp_only=True,
        )

    def run(self, name):
        """Run a program with nothing compiled yet; -> its result."""
        reset_jit()
        return self.interp.eval_graph(self.graph, [NAMES.index(name)])


@pytest.fixture(scope="module")
def vm():
    return JittedVM()


def check_loop(**expected):
    """The loop's second, specialised iteration does these operations and no others.

    It stands behind the last label of the first loop compiled; functions may have been compiled
    too.
    """
    names = [
        operation.getopname() for operation in get_stats().get_all_loops()[0]._all_operations()
    ]
    iteration = names[len(names) - names[::-1].index("label") :]
    counted = dict((name, iteration.count(name)) for name in iteration)
    for name in NO_MACHINE_CODE:
        counted.pop(name, None)
    if counted != expected:
        pytest.fail("the loop does %r, not %r" % (counted, expected))


def test_int_loop_is_two_checked_additions_and_a_test(vm):
    assert vm.run("int") == 5050
    check_loop(
        int_add_ovf=1, int_sub_ovf=1, guard_no_overflow=2, int_is_true=1, guard_true=1, jump=1
    )


def test_global_variables_are_loaded_and_stored_without_boxes(vm):
    assert vm.run("global") == 4950
    check_loop(
        getfield_gc_i=2,
        int_add_ovf=2,
        guard_no_overflow=2,
        setfield_gc=2,
        int_lt=1,
        guard_true=1,
        jump=1,
    )


def test_float_loop_is_one_addition_and_a_test(vm):
    assert vm.run("float") == 5
    check_loop(float_add=1, float_lt=1, guard_true=1, jump=1)


def test_called_function_is_inlined_and_its_frame_vanishes(vm):
    assert vm.run("call") == 100
    check_loop(int_add=1, int_lt=1, guard_true=1, jump=1)


def test_moves_constants_and_dead_registers_cost_nothing(vm):
    assert vm.run("compiler") == 4950
    check_loop(int_lt=1, guard_true=1, int_add_ovf=1, guard_no_overflow=1, int_add=1, jump=1)


def test_phi_costs_nothing(vm):
    """A PHI may leave its target as it was, so the target is live at the loop's head, but not in a
    box.
    """
    assert vm.run("phi") == 100
    check_loop(int_add=1, int_lt=1, guard_true=1, jump=1)


def test_inner_loop_is_entered_with_numbers_that_have_no_boxes(vm):
    assert vm.run("nested") == 100
    allocated = [
        operation.getopname()
        for loop in get_stats().get_all_loops()
        for operation in loop._all_operations()
        if operation.getopname().startswith("new")
    ]
    if allocated:
        pytest.fail("the traces allocate: %r" % allocated)


def operations_of_the_loop():
    names = [
        operation.getopname() for operation in get_stats().get_all_loops()[0]._all_operations()
    ]
    return names[len(names) - names[::-1].index("label") :]


def test_a_push_makes_no_box(vm):
    assert vm.run("push") == 100
    iteration = operations_of_the_loop()
    if [name for name in iteration if name.startswith(("new", "call"))]:
        pytest.fail("the loop does %r" % iteration)
    if iteration.count("cond_call") != 1 or iteration.count("setarrayitem_gc") != 1:
        pytest.fail("the loop does %r" % iteration)


def test_membership_in_a_set_of_ints_makes_no_box(vm):
    assert vm.run("member") == 100
    iteration = operations_of_the_loop()
    if [name for name in iteration if name.startswith("new")] or iteration.count("call_i") != 1:
        pytest.fail("the loop does %r" % iteration)


def test_what_is_elidable_changes_nothing_that_a_trace_has_read(vm):
    assert vm.run("rope") == 310


def test_functions_are_mapped_in_a_compiled_loop(vm):
    assert vm.run("map") == 870
    if len(get_stats().get_all_loops()) < 2:
        pytest.fail("the loop and the function are not both compiled")


@pytest.mark.parametrize("name", sorted(PROGRAMS))
def test_programs_are_right_without_a_jit(name):
    results = {"int": 5050, "float": 5, "call": 100, "compiler": 4950, "phi": 100, "nested": 100}
    results.update({"push": 100, "member": 100, "rope": 310, "map": 870, "global": 4950})
    w_result = interpreter.execute_program(lower(PROGRAMS[name](), LoweringOptions()))
    assert w_result.intval == results[name]
