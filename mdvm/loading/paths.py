"""Which file a program's path means.

The published VM loads PATH with its extension replaced by `mdbc`, after the rules of Rust's
Path::with_extension: the extension is what follows the last dot of the last component, unless that
dot is the component's first character.
"""

BYTECODE = "mdbc"
METADATA = "mdbm"


def _end_of_last_component(path):
    """-> int, the length of path without trailing `/` and `/.`."""
    end = len(path)
    while end > 0:
        if path[end - 1] == "/":
            end -= 1
        elif path[end - 1] == "." and end > 1 and path[end - 2] == "/":
            end -= 1
        else:
            break
    return end


class _LastComponent(object):
    """The last component of a path: path[start:end], its extension's dot at path[dot], or dot ==
    end if it has none.
    """

    def __init__(self, path):
        end = _end_of_last_component(path)
        assert end >= 0
        start = path.rfind("/", 0, end) + 1
        assert start >= 0
        dot = path.rfind(".", start, end)
        if dot <= start:
            dot = end
        assert dot >= 0
        self.name = path[start:end]
        self.before_dot = path[:dot]
        extension_at = dot + 1
        self.extension = path[extension_at:end] if extension_at < end else ""


def with_extension(path, extension):
    """path: str; extension: str without a dot -> str, or path itself where there is no last
    component to change.
    """
    component = _LastComponent(path)
    if component.name == "" or component.name == "." or component.name == "..":
        return path
    return component.before_dot + "." + extension


def bytecode_path(path):
    """path: str, as the user gives it -> str, the file to load."""
    if _LastComponent(path).extension == BYTECODE:
        return path
    return with_extension(path, BYTECODE)


def metadata_path(path):
    """path: str, that of a .mdbc file -> str, the .mdbm beside it."""
    return with_extension(path, METADATA)
