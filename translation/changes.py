"""All that is changed in RPython before mdvm is translated, in an order in which later changes build on earlier ones."""
from translation.array_items import track_small_indexes_only
from translation.floats import correct_floats
from translation.int_arithmetic import correct_int_arithmetic
from translation.known_items import know_array_items
from translation.large_pages import use_large_pages
from translation.nursery import change_nursery
from translation.rpython_patches import apply_patches
from translation.short_preambles import inline_short_preambles_to_the_end


def change_rpython():
    """To be called once."""
    apply_patches()
    correct_floats()
    correct_int_arithmetic()
    inline_short_preambles_to_the_end()
    track_small_indexes_only()
    know_array_items()
    change_nursery()
    use_large_pages()
