"""What a CALL can reach beside the functions of its file, and who serves it.

The functions of the host are those that the embedding process gives for a run. A program names them
as it names its own.
"""

from mdvm import errors


MOST_ARGUMENTS = 255  # of a CALL


def check_count(name, least, most, count):
    """name: str, of a function that takes so many arguments at least and at most; count: int, how
    many it is given.  Raises RunError.
    """
    if least <= count <= most:
        return
    if least == most:
        takes = "%d" % most
    elif most == MOST_ARGUMENTS:
        takes = "%d or more" % least
    else:
        takes = "%d to %d" % (least, most)
    raise errors.wrong_number_of_arguments(name, takes, count)


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
