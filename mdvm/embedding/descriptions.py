"""What the host of an embedding process tells of programs and their runs, as values."""

from mdvm.embedding import protocol
from mdvm.embedding.marshal import Decoder
from mdvm.objects import W_Int, share
from mdvm.system.memory import peak_memory
from mdvm.values.arrays import array_of
from mdvm.values.dicts import new_dict
from mdvm.values.strings import W_Str


def read_names(data, count):
    """data: str, count strings as values -> list of str."""
    decoder = Decoder(data)
    names = []
    for _ in range(count):
        w_name = decoder.read()
        assert isinstance(w_name, W_Str)
        names.append(w_name.text())
    return names


def describe_functions(module):
    """-> W_Dict: the last of several functions with one name is the one that counts."""
    w_functions = new_dict()
    for number in range(len(module.functions)):
        entry = module.functions[number]
        w_functions.set(W_Str(entry.name), array_of([W_Int(number), W_Int(entry.target_index)]))
    return w_functions


def forget_globals(code, mode_flags):
    """code: Code or None.  What has taken too much memory is let go: the JIT may keep the code long
    after the program is dropped.
    """
    if code is not None and code.running == 0 and not mode_flags & protocol.KEEP_GLOBALS:
        code.forget_globals()


def describe_globals(code):
    """code: Code or None -> W_Dict."""
    w_globals = new_dict()
    if code is not None:
        for cell in code.global_cells():
            w_globals.set(W_Str(cell.name), share(cell.load()))
    return w_globals


def describe_runs(hosted):
    return array_of(
        [
            W_Int(hosted.runs),
            W_Int(hosted.executed),
            W_Int(int(hosted.seconds * 1000000.0)),
            W_Int(hosted.loops),
            W_Int(hosted.bridges),
            W_Int(peak_memory()),
            W_Int(hosted.copied_containers),
            W_Int(hosted.copied_elements),
            W_Int(hosted.counted_runs),
            W_Int(hosted.made.ints),
            W_Int(hosted.made.floats),
            W_Int(hosted.made.frames),
            W_Int(hosted.made.memory),
        ]
    )


def describe_copies(copies):
    """copies: dict from int to Copies -> W_Array."""
    items = []
    for instruction, copied in copies.items():
        items.append(W_Int(instruction))
        items.append(W_Int(copied.containers))
        items.append(W_Int(copied.elements))
    return array_of(items)
