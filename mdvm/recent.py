"""Programs made ready to run, and the ones that were loaded last.

A program that is loaded and run again and again, as an interactive session does, is parsed, analysed and compiled only once.
"""
from mdvm import protocol
from mdvm.code import Lowering
from mdvm.loader import load_module
from mdvm.lower import lower
from mdvm.objects import w_empty

MOST = 8            # how many programs are remembered
LARGEST = 16384     # and how many bytes each may have


class LoadedProgram(object):
    """What a file's bytes make.  data: str, these; module: Module; codes: dict from what was asked for to Code."""

    def __init__(self, data):
        self.data = data
        self.module = load_module(data)
        self.codes = {}

    def code_for(self, variant):
        """variant: int, bits of protocol.py -> Code, whose global variables are undefined."""
        variant &= ~protocol.DEBUG_FORM    # that is no matter of the code
        code = self.codes.get(variant, None)
        if code is None:
            code = lower(self.module, Lowering(
                variant & protocol.DEBUG != 0, variant & protocol.COUNT != 0, variant & protocol.LIMIT_DEPTH != 0,
                variant & protocol.LIMIT_INSTRUCTIONS != 0, True, variant & protocol.PROFILE != 0,
                variant & protocol.KEEP_GLOBALS != 0))
            self.codes[variant] = code
        else:
            for cell in code.cells:
                cell.w_value = w_empty
        return code


class RecentPrograms(object):
    """The small programs that were loaded last.  Who loads the same bytes again gets them with all that was made of them, down
    to compiled code.  programs: list of LoadedProgram, the latest last."""

    def __init__(self):
        self.programs = []

    def load(self, data):
        """data: str -> LoadedProgram.  Raises LoadError."""
        for index in range(len(self.programs) - 1, -1, -1):
            program = self.programs[index]
            if program.data == data:
                if index != len(self.programs) - 1:
                    self.programs.pop(index)
                    self.programs.append(program)
                return program
        program = LoadedProgram(data)
        if len(data) <= LARGEST:
            if len(self.programs) == MOST:
                self.programs.pop(0)
            self.programs.append(program)
        return program
