"""What a CALL can reach beside the functions of its file, and who serves it.

The functions of the host are those that the embedding process gives for a run. A program names them
as it names its own.
"""

from mdvm import errors


class Callee(object):
    """Something that can be called.  name: str, UTF-8 bytes."""

    _immutable_fields_ = ["name"]


class HostFunction(Callee):
    """A name that the file does not define.  Whether the host does is known when it is called."""

    def __init__(self, name):
        self.name = name


class HostFunctions(object):
    """The functions that the host gives; of this class none."""

    def has(self, name):
        """name: str -> bool, whether there is one of this name."""
        return False

    def call(self, name, arguments):
        """name: str; arguments: list of W_Value, not to be changed -> W_Value, not shared.

        Raises RunError, `Undefined function: NAME` where there is none of this name, and whatever
        ends the run.
        """
        raise errors.undefined_function(name)


NO_HOST_FUNCTIONS = HostFunctions()
