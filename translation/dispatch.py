"""Making the dispatch of an optimisation anew after one of its methods was replaced.

RPython collects the methods `optimize_*` and `postprocess_*` of each optimisation in a function
when the module is imported; a method that is replaced afterwards is never called by it.
"""

from rpython.jit.metainterp.optimizeopt import rewrite
from rpython.jit.metainterp.optimizeopt.util import make_dispatcher_method


def renew_dispatch(Optimisation):
    """Optimisation: a class such as OptHeap, whose methods propagate_forward and
    propagate_postprocess are the dispatch itself.
    """
    Optimisation.propagate_forward = make_dispatcher_method(
        Optimisation, "optimize_", default=Optimisation.emit
    )
    Optimisation.propagate_postprocess = make_dispatcher_method(Optimisation, "postprocess_")


def renew_dispatch_of_rewriting():
    """The same for OptRewrite, whose methods call functions of its module."""
    rewrite.dispatch_opt = make_dispatcher_method(
        rewrite.OptRewrite, "optimize_", default=rewrite.OptRewrite.emit
    )
    rewrite.dispatch_postprocess = make_dispatcher_method(rewrite.OptRewrite, "postprocess_")
