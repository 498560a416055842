"""The table of all that is changed in RPython, in an order in which later changes build on earlier
ones.

RPythons differ: what one needs, another has had corrected or has never had. `needed_by` says which
of the two that are tried need it (tests/toolchain checks that). What any other RPython gets is found
out by looking into it: all but what it has corrected itself, which `own` tells, and what does not
fit its parts (translation/changes.py).
"""

OLD = "RPython 0.2.1"
NEWEST = "PyPy of August 2026"
OLD_ONLY = (OLD,)
NEWEST_ONLY = (NEWEST,)
BOTH = (OLD, NEWEST)

OPTIMISER = "jit/metainterp/optimizeopt/"


class Correction(object):
    """One row of the table.

    name: str, the module of translation/ and its function; needed_by: tuple of str; symptom: str, what
    happens without it; test: str, what fails without it, "" where it is for speed; pypy: str, what
    PyPy has; own: the file and a text in it by which an RPython that needs it no more is told, or
    None; fault: the same for one that needs it, where others never did.
    """

    def __init__(self, name, needed_by, symptom, test, pypy, own=None, fault=None):
        self.name = name
        self.needed_by = needed_by
        self.symptom = symptom
        self.test = test
        self.pypy = pypy
        self.own = own
        self.fault = fault

    def is_for_speed(self):
        """-> bool: without it programs are slower, and as right."""
        return self.symptom.startswith("slow: ")


CORRECTIONS = [
    Correction(
        "postponed_writes.fix_postponed_writes",
        OLD_ONLY,
        "a call reads an immutable field whose postponed write is not done yet",
        "tests/jit/test_postponed_writes.py",
        "b6255cc38c8, September 2017",
        (
            OPTIMISER + "heap.py",
            "can_cache=False)\n                if fielddescr.is_always_pure():",
        ),
    ),
    Correction(
        "int_bounds.survive_impossible_bounds",
        OLD_ONLY,
        "the JIT crashes where the bounds of a divisor contradict each other",
        "tests/jit/test_impossible_bounds.py",
        "ba8a3c45b9a, March 2023",
        (OPTIMISER + "intutils.py", "test_knownbits_div_bug"),
    ),
    Correction(
        "int_bounds.learn_nothing_from_before_a_label",
        OLD_ONLY,
        "what a guard says of a label's argument is taken back to before the label",
        "tests/jit/test_labels.py",
        "8ec8ca00567 and 1880f466b3e, December 2018",
        (OPTIMISER + "optimizer.py", "self._emittedoperations"),
    ),
    Correction(
        "unrolling.carry_constants_into_loops",
        BOTH,
        "a guard of a loop resumes with a register in the place of a known number",
        "tests/jit/test_constants_in_loops.py",
        "nothing",
    ),
    Correction(
        "unrolling.let_short_preambles_grow",
        BOTH,
        "a loop that needs one more value from before its label crashes, or is given up",
        "tests/binary/test_jit.py",
        "01d6cc5930c, November 2023: gives the loop up",
    ),
    Correction(
        "unrolling.close_retraced_loops_without_looking",
        BOTH,
        "a retraced loop looks into objects of another time",
        "tests/binary/test_jit.py",
        "nothing",
    ),
    Correction(
        "unrolling.ask_little_of_those_who_enter_a_loop",
        BOTH,
        "slow: a trace must prove what hardly helps the loop that it enters",
        "",
        "nothing",
    ),
    Correction(
        "unrolling.search_short_boxes_once",
        BOTH,
        "long straight-line code takes exponential time to compile",
        "tests/jit/test_short_boxes.py",
        "nothing",
    ),
    Correction(
        "unrolling.forget_parts_of_input_arguments",
        BOTH,
        "a length from before a label is used behind it",
        "tests/fuzz/regressions/length_from_before_a_label.mdasm",
        "nothing",
    ),
    Correction(
        "unrolling.forget_bounds_of_input_arguments",
        NEWEST_ONLY,
        "an assertion fails: what a loop guards of single bits is demanded of those who enter it",
        "tests/jit/test_bits_at_labels.py",
        "nothing",
        fault=(OPTIMISER + "virtualstate.py", "assert self.intbound._are_knownbits_implied()"),
    ),
    Correction(
        "unrolling.leave_long_loops_whole",
        BOTH,
        "slow: the parameter disable_unrolling does nothing, and a loop of thousands of instructions "
        "is compiled twice over",
        "tests/jit/test_long_loops.py",
        "nothing",
    ),
    Correction(
        "nested_calls.notice_nested_calls",
        BOTH,
        "slow: the next three need to know of calls within calls",
        "",
        "nothing",
    ),
    Correction(
        "nested_calls.resume_where_a_guard_fails",
        BOTH,
        "slow: a bridge repeats what lies between its guard and the one before",
        "",
        "nothing",
    ),
    Correction(
        "nested_calls.limit_traces_of_nested_calls",
        BOTH,
        "slow: traces of recursive functions become very long",
        "",
        "nothing",
    ),
    Correction(
        "nested_calls.never_retrace_nested_calls",
        BOTH,
        "slow: long bridges of calls are compiled several times",
        "",
        "nothing",
    ),
    Correction(
        "irregular_recursion.never_inline_irregular_recursion",
        BOTH,
        "slow: recursion that goes another way at each call gets hundreds of long bridges; no other "
        "is inlined any more once a trace has gone as deep as is allowed",
        "tests/jit/test_irregular_recursion.py",
        "nothing",
    ),
    Correction(
        "loop_alignment.begin_loops_on_a_cache_line",
        BOTH,
        "slow: a short loop may lie across one line of the cache more",
        "",
        "nothing",
    ),
    Correction(
        "floats.guard_constant_floats",
        BOTH,
        "a guard on a float that is a constant is dropped without a look at the constant",
        "tests/jit/test_floats.py, tests/fuzz/regressions/wrong_float_element.mdasm",
        "nothing",
    ),
    Correction(
        "floats.compare_guarded_floats_by_bits",
        BOTH,
        "compiled code takes NaN for any float, and -0.0 for 0.0",
        "tests/fuzz/regressions/wrong_sign_of_zero.mdasm",
        "nothing",
    ),
    Correction(
        "floats_on_aarch64.compare_guarded_floats_by_bits",
        NEWEST_ONLY,
        "compiled code for aarch64 takes -0.0 for 0.0, and fails a guard on NaN for ever",
        "tests/fuzz/regressions/wrong_sign_of_zero.mdasm",
        "nothing",
        fault=(
            "jit/backend/aarch64/opassembler.py",
            "self.mc.FCMP_dd(v0.value, loc.value)\n        self._emit_guard(op, c.EQ",
        ),
    ),
    Correction(
        "floats.never_invert_order_of_floats",
        BOTH,
        "x >= y is taken for true where x < y is false, and one of them is NaN",
        "tests/jit/test_floats.py, tests/fuzz/regressions/wrong_order_of_nan.mdasm",
        "nothing",
    ),
    Correction(
        "float_lists.keep_the_sign_of_zeros",
        BOTH,
        "a list of many times -0.0 is one of 0.0",
        "tests/jit/test_float_lists.py",
        "the same in traces; since 71f89412511, May 2026, everywhere",
    ),
    Correction(
        "int_arithmetic.multiply_by_the_smallest_int",
        OLD_ONLY,
        "the JIT hangs for ever on a product with -2**63",
        "tests/binary/test_int_constants.py",
        "68057f63d23, October 2024",
        (OPTIMISER + "autogenintrules.py", "def optimize_INT_MUL"),
    ),
    Correction(
        "wrapping_ints.conclude_little_from_what_may_wrap",
        OLD_ONLY,
        "one bound of a sum that may wrap around is taken for a bound of its operands",
        "tests/jit/test_wrapping_ints.py, tests/jit/test_random_ints.py",
        "6ded4e5e075, c7e69106eff and 0fe59ca29bf, October 2022",
        (OPTIMISER + "intbounds.py", "lshift_bound_cannot_overflow"),
    ),
    Correction(
        "wrapping_ints.check_again_what_was_not_checked",
        OLD_ONLY,
        "the result of an unchecked sum is taken for that of one with an overflow check",
        "tests/jit/test_wrapping_ints.py",
        "9b325c80944, 99b9974f6a1 and 127e242f77b, October 2022 to May 2024",
        (OPTIMISER + "pure.py", "def _can_reuse_oldop"),
    ),
    Correction(
        "contradictions.leave_guards_of_bools_alone",
        OLD_ONLY,
        "an assertion fails: a bool guarded to be a number other than 0 and 1",
        "tests/jit/test_contradictions.py",
        "108b1bcb292, December 2019",
        (OPTIMISER + "optimizer.py", "Issue #3128"),
    ),
    Correction(
        "contradictions.give_up_guards_of_wrong_classes",
        OLD_ONLY,
        "code that is never executed looks at an object as one of another class",
        "tests/jit/test_contradictions.py",
        "66142d893a2, December 2018",
        (OPTIMISER + "rewrite.py", "test_issue2926"),
    ),
    Correction(
        "contradictions.give_up_reads_that_cannot_be",
        BOTH,
        "a read of a constant that cannot be ends the process in a bridge",
        "tests/jit/test_contradictions.py",
        "nothing",
    ),
    Correction(
        "contradictions.give_up_sums_that_overflow",
        BOTH,
        "a sum of constants that overflows ends the process, in code that is never executed",
        "tests/jit/test_contradictions.py",
        "nothing",
    ),
    Correction(
        "short_preambles.inline_short_preambles_to_the_end",
        OLD_ONLY,
        "the process is aborted: label and jump have different numbers of arguments",
        "tests/fuzz/regressions/abort_rotating_lists.mdasm",
        "d3e06383e65 and 983edc22e58, February 2025 and May 2026",
        (OPTIMISER + "unroll.py", "num_short_jump_args"),
    ),
    Correction(
        "short_reads.check_what_short_preambles_read",
        BOTH,
        "a short preamble reads behind the end of a text or an array",
        "tests/jit/test_short_reads.py, tests/fuzz/regressions/short_array_enters_loop.mdasm",
        "nothing",
    ),
    Correction(
        "moved_guards.keep_guards_of_jumps_where_they_are",
        OLD_ONLY,
        "guards of a jump that was given up stay, moved forward in the trace",
        "tests/jit/test_moved_guards.py",
        "1914e52e258 and 793eacb051e, November 2021",
        (OPTIMISER + "optimizer.py", "def cant_replace_guards"),
    ),
    Correction(
        "array_items.track_small_indexes_only",
        OLD_ONLY,
        "a constant index costs memory like the index; a negative one reads before the list",
        "tests/jit/test_array_items.py, tests/fuzz/regressions/far_constant_index.mdasm",
        "588e5411f35, September 2020",
        (OPTIMISER + "info.py", "def reasonable_array_index"),
    ),
    Correction(
        "constant_objects.forget_fields_of_promoted_objects",
        BOTH,
        "what is known of a field survives writes once its object is a constant",
        "tests/jit/test_constant_objects.py",
        "8c6a4821e4d, May 2018: does not crash, has the wrong value all the same",
    ),
    Correction(
        "constant_objects.notice_writes_to_constants",
        OLD_ONLY,
        "a field is read through a variable, written through a constant, read again",
        "tests/jit/test_constant_objects.py",
        "2bfa545bc4c, November 2022",
        ("jit/metainterp/heapcache.py", "def _unique_const_heuristic"),
    ),
    Correction(
        "constant_objects.let_frames_be_constants",
        OLD_ONLY,
        "an assertion fails: a virtualizable that is a constant",
        "tests/jit/test_constant_objects.py",
        "7de86932792, January 2021",
        ("jit/metainterp/heapcache.py", "def is_known_nonstandard_virtualizable"),
    ),
    Correction(
        "constant_objects.tell_constants_apart",
        BOTH,
        "slow: a loop that writes to one global variable reads all others again",
        "tests/jit/test_constant_objects.py",
        "nothing",
    ),
    Correction(
        "redundant_array_loads.eliminate_redundant_array_loads",
        OLD_ONLY,
        "slow: items at variable indexes are read again",
        "tests/jit/test_redundant_array_loads.py",
        "its own since March 2025, for reads",
        (OPTIMISER + "heap.py", "cached_varindex_triples"),
    ),
    Correction(
        "redundant_array_loads.eliminate_redundant_array_stores",
        NEWEST_ONLY,
        "slow: items at variable indexes are written again, and all that were read are looked through",
        "tests/jit/test_redundant_array_loads.py",
        "nothing",
        fault=(OPTIMISER + "heap.py", "cached_varindex_triples"),
    ),
    Correction(
        "nursery.change_nursery",
        BOTH,
        "slow: the nursery has one size, whatever survives in it, and 64 MB are old before they are "
        "collected",
        "tests/binary/test_memory.py",
        "nothing",
    ),
    Correction(
        "calls.let_calls_be_interrupted",
        BOTH,
        "recursion that is compiled hears nothing of what others want of it",
        "tests/api/test_signals.py",
        "nothing",
    ),
    Correction(
        "calls.believe_what_the_stack_has",
        NEWEST_ONLY,
        "calls can be nested no deeper than the first thread's stack allows",
        "tests/binary/test_recursion.py",
        "238c2946b2c, June 2026: limits it to what `ulimit -s` says",
        fault=("translator/c/src/stack.c", "_ll_stack_os_limit"),
    ),
    Correction(
        "large_pages.use_large_pages",
        BOTH,
        "slow: large arrays have small pages",
        "",
        "nothing",
    ),
    Correction(
        "garbage_collector.look_again_at_arrays_copied_to",
        OLD_ONLY,
        "an object that was copied into a list while the collector marked is freed in use",
        "tests/jit/test_garbage_collector.py",
        "78bbeb93471, 94529a6d2d0, 3fb1b086ef5 and 345aaf9970e, March 2024",
        ("memory/gc/incminimark.py", "NB: if we are marking, we must not inspect"),
    ),
    Correction(
        "garbage_collector.count_what_is_not_swept_yet",
        OLD_ONLY,
        "while dead objects are swept away, the others do not count",
        "tests/jit/test_garbage_collector.py",
        "d47faa220ea, August 2024",
        ("memory/gc/minimarkpage.py", "peak_memory_used"),
    ),
    Correction(
        "garbage_collector.mark_at_once_what_refers_to_nothing",
        BOTH,
        "marking an array of numbers takes half as much memory again",
        "tests/jit/test_garbage_collector.py",
        "nothing",
    ),
    Correction(
        "malloc_removal.keep_objects_with_two_names",
        OLD_ONLY,
        "one object with two names is taken for two objects",
        "tests/jit/test_malloc_removal.py",
        "35e0218f617, July 2022",
        ("translator/backendopt/malloc.py", "duplicate_info"),
    ),
    Correction(
        "heap_limit.limit_heap",
        BOTH,
        "the heap's limit is kept late, and MemoryError is raised once in a process's life",
        "tests/api/test_memory.py, tests/binary/test_memory.py",
        "nothing",
    ),
    Correction(
        "count_allocations.count_allocations",
        BOTH,
        "`--stats` does not say what was made",
        "tests/binary/test_made.py",
        "nothing",
    ),
    Correction(
        "code_memory.survive_refused_code_memory",
        BOTH,
        "memory for code that is refused ends the process",
        "tests/binary/test_without_code_memory.py",
        "nothing",
    ),
    Correction(
        "large_clearing.clear_large_arrays_without_touching",
        BOTH,
        "a large array is cleared for a long time, in which no limit is looked at",
        "tests/limits/measure.py",
        "nothing",
    ),
    Correction(
        "keyed_hash.use_keyed_hash",
        BOTH,
        "whoever chooses the keys of a dict makes it quadratic",
        "tests/limits/test_chosen_keys.py",
        "rpython.rlib.rsiphash, on request",
    ),
]
