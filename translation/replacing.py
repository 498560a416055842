"""Replacing a part of RPython by another one, only where it fits what is there.

Other RPythons have other parts. A correction that meets a part which is not as it expects must not
be made by halves.
"""

import inspect


class DoesNotFit(Exception):
    """RPython has no such part, or one that takes other arguments.  The text says which."""


_done = []  # of the correction that is being made: the owner, the name, and what was there


def replace(owner, name, part):
    """Puts `part` in the place of what the owner, a class or a module, has under that name.

    Raises DoesNotFit unless there is something that takes the same arguments.
    """
    where = "%s.%s" % (owner.__name__.split(".")[-1], name)
    if not hasattr(owner, name):
        raise DoesNotFit("there is no " + where)
    inherited = name not in owner.__dict__
    original = getattr(owner, name) if inherited else owner.__dict__[name]
    if not _take_the_same(getattr(original, "im_func", original), part):
        raise DoesNotFit(where + " takes other arguments")
    _done.append((owner, name, None if inherited else original))
    setattr(owner, name, part)


def _take_the_same(original, part):
    if not (inspect.isfunction(original) and inspect.isfunction(part)):
        return True
    theirs, ours = inspect.getargspec(original), inspect.getargspec(part)
    if ours.varargs:
        return True
    return (
        len(theirs.args) == len(ours.args)
        and bool(theirs.varargs) == bool(ours.varargs)
        and len(theirs.defaults or ()) == len(ours.defaults or ())
    )


def make(correction):
    """Calls the function, which replaces parts.  -> list, for `undo`.

    Raises DoesNotFit, and then none is replaced, where one does not fit or a name that it imports is
    not there.
    """
    del _done[:]
    try:
        correction()
    except (DoesNotFit, ImportError, AttributeError) as problem:
        undo(_done)
        raise DoesNotFit(str(problem))
    return _done[:]


def undo(done):
    """Puts back what `make` has replaced, as tests do."""
    for owner, name, original in reversed(done):
        if original is None:
            delattr(owner, name)
        else:
            setattr(owner, name, original)
