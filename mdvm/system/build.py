"""How this VM was made, for --version."""

import os


class _Build(object):
    """How this VM was made.  text: str; the translation target sets it, and a translated VM keeps
    it for good.
    """

    def __init__(self):
        self.text = "untranslated"

    def describe(self, translation):
        """translation: the options of the translation that is about to begin."""
        from rpython.jit.backend.detect_cpu import autodetect

        backend = autodetect() if translation.jit_backend == "auto" else translation.jit_backend
        jit = backend + " JIT" if translation.jit else "no JIT"
        self.text = "%s, %s GC, %s" % (_rpython_version(), translation.gc, jit)


def _rpython_version():
    """-> str, as the package's own metadata has it; other trees have none."""
    import rpython

    metadata = os.path.join(
        os.path.dirname(os.path.dirname(os.path.abspath(rpython.__file__))), "PKG-INFO"
    )
    if os.path.exists(metadata):
        with open(metadata) as lines:
            for line in lines:
                if line.startswith("Version:"):
                    return "RPython " + line.split()[1]
    return "RPython"


build = _Build()


def build_text():
    """-> str, what --version says about the build."""
    return build.text
