"""Functions as values: the name of one, which the program that calls it looks up."""

from mdvm.objects import W_Value


class W_Function(W_Value):
    """A function of the program, a built-in one or one of the host.  name: str, UTF-8 bytes."""

    _attrs_ = _immutable_fields_ = ["name"]
    type_name = "Function"
    found_name = "function"
    type_id = 5

    def __init__(self, name):
        self.name = name

    def is_truthy(self):
        return True
