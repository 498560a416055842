"""What the VM tells the JIT, and what it asks it.  Without rpython there is no JIT to listen."""

from mdvm.system.have_rpython import HAVE_RPYTHON
from mdvm.system.language import we_are_translated

if HAVE_RPYTHON:
    from rpython.rlib.jit import (
        PARAMETERS,
        Counters,
        JitDriver,
        conditional_call,
        dont_look_inside,
        elidable,
        hint,
        promote,
        set_param,
        set_user_param,
        unroll_safe,
        we_are_jitted,
    )
    from rpython.rlib.jit_hooks import stats_get_counter_value
else:

    def elidable(value):
        """Nothing to tell a JIT that is not there.  Returns value."""
        return value

    promote = unroll_safe = dont_look_inside = elidable

    def conditional_call(condition, function, *arguments):
        """Calls function(*arguments) if the condition, which hardly ever holds, does."""
        if condition:
            function(*arguments)

    PARAMETERS = {}

    def hint(value, **flags):
        """Returns value, whatever the flags say about it."""
        return value

    def set_param(driver, name, value):
        """No JIT, no parameters."""

    def set_user_param(driver, text):
        """No JIT, no parameters."""

    class JitDriver(object):
        """Stands where rpython's JitDriver stands, and does nothing."""

        def __init__(self, **settings):
            self.greens = settings["greens"]
            self.reds = settings["reds"]

        def jit_merge_point(self, **variables):
            pass

        def can_enter_jit(self, **variables):
            pass

    def we_are_jitted():
        """False: nothing is traced."""
        return False


def jit_counters():
    """-> (loops, bridges) that the JIT has compiled so far; zeros where there is no JIT."""
    if we_are_translated():
        return (
            stats_get_counter_value(None, Counters.TOTAL_COMPILED_LOOPS),
            stats_get_counter_value(None, Counters.TOTAL_COMPILED_BRIDGES),
        )
    return (0, 0)
