"""Programs ready to run, and a cache of the ones that were used last.

A program that is loaded and run again and again, as an interactive session does, is parsed,
analysed and compiled only once. Its file is not even read again as long as it has surely not
changed.
"""

from mdvm.embedding import protocol
from mdvm.lowering.code import LoweringOptions
from mdvm.system.files import stamp_file
from mdvm.loading.loader import load_module
from mdvm.lowering.lower import Lowerer
from mdvm.loading.paths import bytecode_path, metadata_path
from mdvm.loading.program_file import read_program

MOST = 8  # how many programs are remembered
LARGEST = 16384  # and how many bytes each may have


class LoadedProgram(object):
    """A program that has been parsed.

    data: str, the bytes of its file.
    module: Module.
    codes: dict from mode flags to Code.
    """

    def __init__(self, data):
        self.data = data
        self.module = load_module(data)
        self.codes = {}
        self._lowerer = Lowerer(self.module)

    def code_for(self, mode_flags):
        """mode_flags: int, bits of protocol.py -> Code, whose global variables are undefined unless it
        is running.
        """
        mode_flags &= ~(protocol.DEBUG_FORM | protocol.COUNT_ALLOCATIONS)  # no matter of the code
        code = self.codes.get(mode_flags, None)
        if code is None:
            code = self._lowerer.code_for(
                LoweringOptions(
                    debug=mode_flags & protocol.DEBUG != 0,
                    counting=mode_flags & protocol.COUNT != 0,
                    limit_depth=mode_flags & protocol.LIMIT_DEPTH != 0,
                    limit_instructions=mode_flags & protocol.LIMIT_INSTRUCTIONS != 0,
                    interruptible=True,
                    profiling=mode_flags & protocol.PROFILE != 0,
                    keep_globals=mode_flags & protocol.KEEP_GLOBALS != 0,
                )
            )
            self.codes[mode_flags] = code
        elif code.running == 0:
            code.forget_globals()
        return code


class ProgramCache(object):
    """The small programs that were loaded last. The same bytes, loaded again, are the same program
    with all that was made of it, down to compiled code.

    programs: list of LoadedProgram, the latest last.
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


class _CachedFile(object):
    """A file that was loaded.

    path: str, as it was given.
    bytecode, metadata: str, the paths that this stands for.
    stamp: FileStamp.
    program: LoadedProgram.
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


class FileCache(object):
    """The files of the cached programs.  files: list of _CachedFile, the latest last."""

    def __init__(self, programs):
        self.programs = programs
        self.files = []

    def load(self, path):
        """path: str, one byte a character -> LoadedProgram.  Raises LoadError."""
        for index in range(len(self.files) - 1, -1, -1):
            cached = self.files[index]
            if cached.path == path:
                if cached.is_unchanged():
                    return cached.program
                self.files.pop(index)
        stamp = None
        if "\0" not in path:
            stamp = stamp_file(bytecode_path(path))
        program = self.programs.load(read_program(path))
        if stamp is not None and stamp.settled and len(program.data) <= LARGEST:
            self._remember(_CachedFile(path, stamp, program))
        return program

    def _remember(self, cached):
        # It may have changed while it was read.
        if cached.is_unchanged():
            if len(self.files) == MOST:
                self.files.pop(0)
            self.files.append(cached)
