"""Making the dispatch of an optimisation anew after one of its methods was replaced.

RPython collects the methods `optimize_*` and `postprocess_*` of each optimisation in a function
when the module is imported; a method that is replaced afterwards is never called by it.
"""

from rpython.jit.metainterp.optimizeopt import rewrite, util
from rpython.jit.metainterp.optimizeopt.util import make_dispatcher_method

from translation.replacing import replace


def renew_dispatch(Optimisation):
    """Optimisation: a class such as OptHeap, whose methods propagate_forward and
    propagate_postprocess are the dispatch itself.
    """
    forward = make_dispatcher_method(Optimisation, "optimize_", default=Optimisation.emit)
    replace(Optimisation, "propagate_forward", forward)
    _renew_postprocessing(Optimisation)


def renew_dispatch_of_rewriting():
    """The same for OptRewrite, whose methods call functions of its module."""
    OptRewrite = rewrite.OptRewrite
    forward = make_dispatcher_method(OptRewrite, "optimize_", default=OptRewrite.emit)
    replace(rewrite, "dispatch_opt", forward)
    if hasattr(rewrite, "dispatch_postprocess"):
        afterwards = make_dispatcher_method(OptRewrite, "postprocess_")
        replace(rewrite, "dispatch_postprocess", afterwards)
    else:
        _renew_postprocessing(rewrite.OptRewrite)


def _renew_postprocessing(Optimisation):
    afterwards = make_dispatcher_method(Optimisation, "postprocess_")
    replace(Optimisation, "propagate_postprocess", afterwards)
    if hasattr(util, "have_dispatcher_method"):
        # which asks before whether there is anything to be done after an operation
        has_anything = util.have_dispatcher_method(Optimisation, "postprocess_")
        replace(Optimisation, "have_postprocess_op", has_anything)
