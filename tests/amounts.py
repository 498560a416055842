"""How much the tests try that could go on for ever. Under Python 2.7 too."""

import os

# Of each kind of random programs; .ci/run asks for 5,000.
RANDOM_PROGRAMS = int(os.environ.get("MDVM_RANDOM_PROGRAMS", "500"))

# Whether to try all there is of what takes long: in continuous integration.
EVERYTHING = RANDOM_PROGRAMS >= 5000
# One in so many is tried where not everything is.
ONE_IN = 3


def some(most):
    # type: (int) -> int
    """How many of `most` programs are to be tried: all, or the first third."""
    return most if EVERYTHING else most // ONE_IN


def is_tried(number):
    # type: (int) -> bool
    """Whether to try the combination of this number: all are, or one in three."""
    return EVERYTHING or number % ONE_IN == 0


# How many programs run out of memory one after the other, in one process: 1000 for a campaign.
OUT_OF_MEMORY = int(os.environ.get("MDVM_OUT_OF_MEMORY", "70"))

# How many programs are interrupted at random moments: 10000 for a campaign.
INTERRUPTS = int(os.environ.get("MDVM_INTERRUPTS", "200"))
