"""The parameters of the JIT: ours where they differ from RPython's, and setting them from the
command line.

bench/sweep.py measures what other values do.
"""

from mdvm.system.build import build
from mdvm.system.jit import PARAMETERS, set_param, set_user_param
from mdvm.system.language import unrolling_iterable
from mdvm.system.memory import may_make_code

# Recursion is inlined deeper than RPython has it: a call that is inlined needs no frame. But
# compiling that takes milliseconds, so a function must be called some 15,000 times before it is
# worth it. Traces may be longer, since the loops of generated code are
# (translation/nested_calls.py limits those of recursion). All loops but the longest have their
# first iteration peeled off, which keeps their ints unboxed; without that, the code of one of
# 5,000 instructions takes half the time to make (translation/unrolling.py). A loop may be compiled anew for a few more
# states of its registers: programs that keep their state in one, such as scanners, come back to the
# loop with another constant in it.
OURS = {
    "max_unroll_recursion": 14,
    "function_threshold": 15013,
    "trace_limit": 80000,
    "disable_unrolling": 10000,
    "retrace_limit": 5,
}

_unrolled_ours = unrolling_iterable(sorted(OURS.items()))

_TRACE_LIMIT = "trace_limit="
LONGEST_TRACE = 1000000

_OPTIMISATIONS = "enable_opts="
_ALL_OPTIMISATIONS = "enable_opts=all"


class Refused(Exception):
    """A parameter that has no such value.  text: str, why."""

    def __init__(self, text):
        self.text = text


def default(name):
    """name: str, a parameter's -> str, the value that it has unless the user sets another."""
    if name in OURS:
        return str(OURS[name])
    return str(PARAMETERS[name]) if name in PARAMETERS else "none without RPython"


class _Jit(object):
    """possible: bool, whether the system lets this process have compiled code at all. refused:
    bool, whether it has just refused memory for it (translation/code_memory.py). counts: bool,
    whether it counts how often loops are executed, to compile them.
    """

    def __init__(self):
        self.possible = True
        self.refused = False
        self.counts = True


jit = _Jit()


def start_jit(driver):
    """driver: JitDriver, of which every parameter but ours keeps RPython's default; all of it is
    off where it is not possible.
    """
    jit.possible = may_make_code()
    jit.refused = not jit.possible
    jit.counts = build.has_jit
    for name, value in _unrolled_ours:
        set_param(driver, name, value)
    _stay_off(driver)


def heed_refusal(driver):
    """Turns the JIT off for good if the system has refused memory for it since the start."""
    if jit.refused:
        jit.refused = False
        jit.possible = False
        _stay_off(driver)


def _stay_off(driver):
    if not jit.possible:
        set_user_param(driver, "off")
        jit.counts = False


def use_parameters(driver, text):
    """text: str, NAME=VALUE,NAME=VALUE, or `off`, or `default`.  Raises ValueError or Refused."""
    if text == "off":
        set_user_param(driver, text)
        jit.counts = False
        return
    jit.counts = build.has_jit
    if text == "default":
        set_user_param(driver, text)
        for name, value in _unrolled_ours:
            set_param(driver, name, value)
    else:
        for setting in text.split(","):
            _use_parameter(driver, setting.strip(" "))
    _stay_off(driver)


def _use_parameter(driver, setting):
    if setting.startswith(_TRACE_LIMIT):
        # set_user_param refuses a long trace, thinking of VMs that are translated for short ones.
        limit = int(setting[len(_TRACE_LIMIT) :])
        if limit > LONGEST_TRACE:
            raise Refused("trace_limit is too high")
        set_param(driver, "trace_limit", limit)
    elif setting.startswith(_OPTIMISATIONS) and setting != _ALL_OPTIMISATIONS:
        # RPython's optimisations have come to rely on each other: with some of them the JIT
        # crashes.
        raise Refused("enable_opts can only be all")
    elif setting.startswith("vec"):
        # A loop over two arrays of floats then ended with an index out of bounds.
        raise Refused("vectorising gives wrong results")
    elif setting.find("=") < 0:
        raise ValueError  # `off` and `default` stand alone
    else:
        set_user_param(driver, setting)
