"""Whether the rpython package is there.

The same VM runs in three ways: translated, untranslated under CPython 2.7 with the rpython package,
and untranslated under CPython 3 (or 2.7) without it. Only the modules of this folder and
embedding/c_interface.py import rpython. Where it is missing they have stand-ins of the same
meaning.
"""

try:
    from rpython.rlib.jit import JitDriver

    HAVE_RPYTHON = bool(JitDriver)
except (ImportError, SyntaxError):
    HAVE_RPYTHON = False
