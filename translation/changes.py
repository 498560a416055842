"""All that is changed in RPython before mdvm is translated, in an order in which later changes
build on earlier ones.
"""

from translation.array_items import track_small_indexes_only
from translation.calls import let_calls_be_interrupted
from translation.code_memory import survive_refused_code_memory
from translation.constant_objects import correct_constant_objects
from translation.contradictions import survive_contradictions
from translation.floats import correct_floats
from translation.garbage_collector import correct_garbage_collector
from translation.heap_limit import limit_heap
from translation.int_arithmetic import correct_int_arithmetic
from translation.int_bounds import correct_int_bounds
from translation.unrolling import correct_unrolling
from translation.nested_calls import tame_nested_calls
from translation.loop_alignment import begin_loops_on_a_cache_line
from translation.postponed_writes import fix_postponed_writes
from translation.keyed_hash import use_keyed_hash
from translation.redundant_array_loads import eliminate_redundant_array_loads
from translation.large_clearing import clear_large_arrays_without_touching
from translation.large_pages import use_large_pages
from translation.malloc_removal import keep_objects_with_two_names
from translation.moved_guards import keep_guards_of_jumps_where_they_are
from translation.nursery import change_nursery
from translation.short_preambles import inline_short_preambles_to_the_end
from translation.short_reads import check_what_short_preambles_read
from translation.wrapping_ints import correct_wrapping_ints


def change_rpython():
    """To be called once."""
    fix_postponed_writes()
    correct_int_bounds()
    correct_unrolling()
    tame_nested_calls()
    begin_loops_on_a_cache_line()
    correct_floats()
    correct_int_arithmetic()
    correct_wrapping_ints()
    survive_contradictions()
    inline_short_preambles_to_the_end()
    check_what_short_preambles_read()
    keep_guards_of_jumps_where_they_are()
    track_small_indexes_only()
    correct_constant_objects()
    eliminate_redundant_array_loads()
    change_nursery()
    let_calls_be_interrupted()
    use_large_pages()
    correct_garbage_collector()
    keep_objects_with_two_names()
    limit_heap()
    survive_refused_code_memory()
    clear_large_arrays_without_touching()
    use_keyed_hash()
