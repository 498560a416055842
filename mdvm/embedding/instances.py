"""Instances: a program together with global variables that are there from one run to the next."""

from mdvm.objects import share, w_empty
from mdvm.values.dicts import new_dict
from mdvm.values.strings import W_Str


class Instance(object):
    """One of them.

    hosted: HostedProgram.
    values: dict from a name to the W_Value of that global variable, while no run has it.
    code: Code, that of the run which goes on with it; None if none does.
    """

    def __init__(self, hosted):
        self.hosted = hosted
        self.values = {}
        self.code = None

    def begin_run(self, code):
        """A run of code is about to begin, perhaps within another run of this instance, whose
        global variables it then goes on with.

        -> Code or None, for end_run.  code.begin_run comes next, then put_into.
        """
        outer = self.code
        if outer is not None:
            self.take_from(outer)
        self.code = code
        return outer

    def put_into(self, code):
        """All global variables of code are undefined: they become these."""
        for name, w_value in self.values.items():
            code.cell(name).store(w_value)
        self.values = {}

    def take_from(self, code):
        """The reverse."""
        for cell in code.global_cells():
            w_value = cell.load()
            if w_value is not w_empty:
                self.values[cell.name] = w_value
                cell.store(w_empty)

    def end_run(self, outer):
        """The run has ended, code.end_run was called, and take_from before.  outer: what begin_run
        has given.
        """
        self.code = outer
        if outer is not None:
            outer.forget_globals()
            self.put_into(outer)

    def names(self):
        """-> list of str, those of the global variables in the order of the program."""
        names = []
        seen = {}
        for name in self.hosted.program.module.global_names():
            if name not in seen:
                seen[name] = True
                names.append(name)
        return names

    def get(self, name):
        """-> W_Value, w_empty if it is undefined."""
        if self.code is not None:
            return self.code.cell(name).load()
        return self.values.get(name, w_empty)

    def set(self, name, w_value):
        """w_value: W_Value, not shared -> bool, whether there is a global variable of the name."""
        if name not in self.names():
            return False
        if self.code is not None:
            self.code.cell(name).store(w_value)
        else:
            self.values[name] = w_value
        return True

    def describe(self, only):
        """only: str, a name, or "" for all -> W_Dict of the global variables."""
        w_globals = new_dict()
        for name in self.names():
            if only == "" or name == only:
                w_globals.set(W_Str(name), share(self.get(name)))
        return w_globals
