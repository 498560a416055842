"""Programs made ready to run, and the ones that were loaded last.

A program that is loaded and run again and again, as an interactive session does, is parsed,
analysed and compiled only once. Its file is not even read again as long as it is surely the same.
"""

from mdvm.embedding import protocol
from mdvm.lowering.code import Lowering
from mdvm.system.compat import stamp_file
from mdvm.loading.loader import load_module
from mdvm.lowering.lower import Lowerer
from mdvm.loading.paths import bytecode_path, metadata_path
from mdvm.loading.program_file import read_program

MOST = 8  # how many programs are remembered
LARGEST = 16384  # and how many bytes each may have


class LoadedProgram(object):
    """What a file's bytes make.  data: str, these; module: Module; codes: dict from what was asked
    for to Code.
    """

    def __init__(self, data):
        self.data = data
        self.module = load_module(data)
        self.codes = {}
        self._lowerer = Lowerer(self.module)

    def code_for(self, variant):
        """variant: int, bits of protocol.py -> Code, whose global variables are undefined."""
        variant &= ~protocol.DEBUG_FORM  # that is no matter of the code
        code = self.codes.get(variant, None)
        if code is None:
            code = self._lowerer.code_for(
                Lowering(
                    variant & protocol.DEBUG != 0,
                    variant & protocol.COUNT != 0,
                    variant & protocol.LIMIT_DEPTH != 0,
                    variant & protocol.LIMIT_INSTRUCTIONS != 0,
                    True,
                    variant & protocol.PROFILE != 0,
                    variant & protocol.KEEP_GLOBALS != 0,
                )
            )
            self.codes[variant] = code
        else:
            code.forget_globals()
        return code


class RecentPrograms(object):
    """The small programs that were loaded last. Who loads the same bytes again gets them with all
    that was made of them, down to compiled code. programs: list of LoadedProgram, the latest last.
    """

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


class _RecentFile(object):
    """A file that was loaded. path: str, as it was given; bytecode, metadata: str, the paths that
    this stands for; stamp: FileStamp; program: LoadedProgram.
    """

    def __init__(self, path, stamp, program):
        self.path = path
        self.bytecode = bytecode_path(path)
        self.metadata = metadata_path(self.bytecode)
        self.stamp = stamp
        self.program = program

    def is_unchanged(self):
        """Whether loading it would give the same.  Metadata beside it would have to be looked
        at.
        """
        stamp = stamp_file(self.bytecode)
        return stamp is not None and stamp.is_same(self.stamp) and stamp_file(self.metadata) is None


class RecentFiles(object):
    """The files of the recent programs.  files: list of _RecentFile, the latest last."""

    def __init__(self, programs):
        self.programs = programs
        self.files = []

    def load(self, path):
        """path: str, one byte a character -> LoadedProgram.  Raises LoadError."""
        for index in range(len(self.files) - 1, -1, -1):
            recent = self.files[index]
            if recent.path == path:
                if recent.is_unchanged():
                    return recent.program
                self.files.pop(index)
        stamp = None
        if "\0" not in path:
            stamp = stamp_file(bytecode_path(path))
        program = self.programs.load(read_program(path))
        if stamp is not None and stamp.settled and len(program.data) <= LARGEST:
            self._remember(_RecentFile(path, stamp, program))
        return program

    def _remember(self, recent):
        # It may have changed while it was read.
        if recent.is_unchanged():
            if len(self.files) == MOST:
                self.files.pop(0)
            self.files.append(recent)
