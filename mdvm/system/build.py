"""How this VM was made, for --version."""


class _Build(object):
    """How this VM was made.  text: str; the translation target sets it, and a translated VM keeps
    it for good.
    """

    def __init__(self):
        self.text = "untranslated"

    def describe(self, translation, tree):
        """translation: the options of the translation that is about to begin; tree: str, with which
        RPython.
        """
        from rpython.jit.backend.detect_cpu import autodetect

        backend = autodetect() if translation.jit_backend == "auto" else translation.jit_backend
        jit = backend + " JIT" if translation.jit else "no JIT"
        self.text = "%s, %s GC, %s" % (tree, translation.gc, jit)


build = _Build()


def build_text():
    """-> str, what --version says about the build."""
    return build.text
