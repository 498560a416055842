"""The built-in functions that call a function for the elements of a list: map, filter and fold."""

from mdvm import errors
from mdvm.builtin_functions.arguments import as_list
from mdvm.objects import share
from mdvm.run_state import VALUE_UNITS, Meter
from mdvm.system.jit import dont_look_inside
from mdvm.values.arrays import new_array, pushed


class Applied(object):
    """The function that is called, ready to be."""

    def call(self, arguments):
        """arguments: list of W_Value, a further reference to each -> W_Value that nobody else
        holds, or shared; w_empty if the function returns nothing.
        """
        raise NotImplementedError


# The list is shared, so what the function does cannot change it on the way.


@dont_look_inside
def mapped(applied, arguments):
    w_list = as_list(share(arguments[0]))
    w_result = new_array(0)
    meter = Meter()
    for index in range(w_list.length()):
        meter.add(VALUE_UNITS)
        w_result = pushed(w_result, applied.call([share(w_list.get(index))]))
    meter.settle()
    return w_result


@dont_look_inside
def filtered(applied, arguments):
    w_list = as_list(share(arguments[0]))
    w_result = new_array(0)
    meter = Meter()
    for index in range(w_list.length()):
        meter.add(VALUE_UNITS)
        w_item = share(w_list.get(index))
        if applied.call([w_item]).is_truthy():
            w_result = pushed(w_result, w_item)
    meter.settle()
    return w_result


@dont_look_inside
def folded(applied, arguments):
    w_list = as_list(share(arguments[0]))
    w_result = share(arguments[2])
    meter = Meter()
    for index in range(w_list.length()):
        meter.add(VALUE_UNITS)
        w_result = applied.call([w_result, share(w_list.get(index))])
    meter.settle()
    return w_result


def cannot_be_applied(name, applied_name):
    """name: str, of one of these; applied_name: str, of the one that it was to call -> RunError."""
    return errors.invalid_operation(name, "function<%s>" % applied_name)
