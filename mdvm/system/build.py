"""How this VM was made, for --version."""


class _Build(object):
    """How this VM was made.  text: str; has_jit: bool; the translation target sets them, and a
    translated VM keeps them for good.
    """

    def __init__(self):
        self.text = "untranslated"
        self.has_jit = True

    def describe(self, translation, tree):
        """translation: the options of the translation that is about to begin; tree: str, with which
        RPython.
        """
        from rpython.jit.backend.detect_cpu import autodetect

        backend = autodetect() if translation.jit_backend == "auto" else translation.jit_backend
        jit = backend + " JIT" if translation.jit else "no JIT"
        self.has_jit = bool(translation.jit)
        self.text = "%s, %s GC, %s" % (tree, translation.gc, jit)


build = _Build()


def build_text():
    """-> str, what --version says about the build."""
    return build.text
