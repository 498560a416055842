"""Functions as values: the name of one, which the program that calls it looks up."""

from mdvm.objects import W_Value
from mdvm.values.strings import W_Str


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


def name_of_function(w_value):
    """w_value: W_Value, what a CALL names its function with -> str, the name, or None if that is
    none.
    """
    if isinstance(w_value, W_Str):
        return w_value.text()
    if isinstance(w_value, W_Function):
        return w_value.name
    return None
