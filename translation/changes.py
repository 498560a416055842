"""All that is changed in RPython before mdvm is translated: what of the table in
translation/corrections.py this RPython needs.
"""

import importlib

from translation.corrections import CORRECTIONS
from translation.replacing import DoesNotFit, make
from translation.tree import has_text


def change_rpython(stock=False):
    """To be called once.

    stock: bool, whether to leave out what is for speed only.  -> list of (Correction, str), those
    that were left out, and why. Not among them is what only other RPythons ever need.
    """
    left_out = []
    for correction in CORRECTIONS:
        try:
            if stock and correction.is_for_speed():
                raise LeftOut("it is for speed")
            change(correction)
        except NoSuchFault:
            pass
        except LeftOut as why:
            left_out.append((correction, str(why)))
    return left_out


class LeftOut(Exception):
    """This RPython goes without a correction.  The text says why."""


class NoSuchFault(LeftOut):
    """What the correction is for came later than this RPython."""


def change(correction):
    """Makes one correction.  -> list, for `undo`.  Raises LeftOut."""
    if correction.own is not None and has_text(*correction.own):
        raise LeftOut("it has its own, " + correction.pypy)
    if correction.fault is not None and not has_text(*correction.fault):
        raise NoSuchFault("it has no such fault")
    try:
        return make(lambda: _function(correction)())
    except DoesNotFit as problem:
        raise LeftOut("that does not fit, %s" % problem)


def _function(correction):
    module, name = correction.name.split(".")
    return getattr(importlib.import_module("translation." + module), name)


def report(tree, left_out, stream):
    """Writes which corrections this RPython goes without; tools/translate.py shows these lines.

    tree: str, its name.
    """
    for correction, why in left_out:
        stream.write("[mdvm] %s goes without %s: %s\n" % (tree, correction.name, why))
