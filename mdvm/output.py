"""Where a program's output goes."""


class Output(object):
    """Takes what a program prints."""

    def write(self, text):
        """text: str, UTF-8, one byte a character."""
        raise NotImplementedError
