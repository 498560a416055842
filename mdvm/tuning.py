"""The parameters of the JIT: ours where they differ from RPython's, and setting them from the command line.

bench/sweep.py measures what other values do.
"""
from mdvm.compat import PARAMETERS, set_param, set_user_param, unrolling_iterable

# Recursion is inlined deeper than RPython has it: a call that is inlined needs no frame.  But compiling that takes
# milliseconds, so a function must be called some 15,000 times before it is worth it.  Traces may be longer, since the
# loops of generated code are (translation/rpython_patches.py limits those of recursion); and longer ones have their first turn peeled
# off, which keeps their ints unboxed.  A loop may be compiled anew for a few more states of its registers: programs that keep
# their state in one, such as scanners, come back to the loop with another constant in it.
OURS = {
    "max_unroll_recursion": 14, "function_threshold": 15013, "trace_limit": 80000, "disable_unrolling": 1000, "retrace_limit": 5}

_unrolled_ours = unrolling_iterable(sorted(OURS.items()))

_TRACE_LIMIT = "trace_limit="
LONGEST_TRACE = 1000000


class TooHigh(Exception):
    """A trace_limit that no memory suffices for."""


def default(name):
    """name: str, a parameter's -> str, the value that it has unless the user sets another."""
    if name in OURS:
        return str(OURS[name])
    return str(PARAMETERS[name]) if name in PARAMETERS else "none without RPython"


def use_our_parameters(driver):
    """driver: JitDriver, of which every parameter but ours keeps RPython's default."""
    for name, value in _unrolled_ours:
        set_param(driver, name, value)


def use_parameters(driver, text):
    """text: str, NAME=VALUE,NAME=VALUE, or `off`, or `default`.  Raises ValueError or TooHigh."""
    if text == "off":
        set_user_param(driver, text)
        return
    if text == "default":
        set_user_param(driver, text)
        use_our_parameters(driver)
        return
    for setting in text.split(","):
        setting = setting.strip(" ")
        if setting.startswith(_TRACE_LIMIT):
            # set_user_param refuses a long trace, thinking of VMs that are translated for short ones.
            limit = int(setting[len(_TRACE_LIMIT):])
            if limit > LONGEST_TRACE:
                raise TooHigh
            set_param(driver, "trace_limit", limit)
        elif setting.find("=") < 0:
            raise ValueError    # `off` and `default` stand alone
        else:
            set_user_param(driver, setting)
