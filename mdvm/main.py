"""mdvm-c: the command line.  Load, lower, run, print; every way out has its exit status here."""

import os
import time

from mdvm.allocation_counts import Count
from mdvm.console_functions import ConsoleFunctions
from mdvm.lowering.code import LoweringOptions
from mdvm.system.build import build_text
from mdvm.system.files import error_text
from mdvm.system.have_rpython import HAVE_RPYTHON
from mdvm.system.interruption import limit_time
from mdvm.system.jit import jit_counters
from mdvm.system.language import set_stack_size, we_are_translated
from mdvm.system.memory import peak_memory
from mdvm.system.streams import flush_output, start_output, write_error, write_output
from mdvm.system.text_building import float_short
from mdvm.debugging.disassembler import listing_lines
from mdvm.errors import STACK_OVERFLOW, Interrupted, LoadError, RunError, out_of_time
from mdvm.system.heap import NO_LIMIT, heap
from mdvm.interp import interpreter, jitdriver
from mdvm.loading.loader import load_module
from mdvm.lowering.lower import lower
from mdvm.debugging.source_notes import describe_stack, note_places
from mdvm.loading.metadata import MetadataError, read_metadata
from mdvm.settings.options import (
    HELP,
    NAME,
    USAGE,
    UsageError,
    jit_help,
    parse_options,
    switches_help,
)
from mdvm.opcodes import LATEST
from mdvm.system.output import Output
from mdvm.loading.program_file import read_program_file
from mdvm.run_state import UNLIMITED, run_state
from mdvm.settings.optimisations import optimisations
from mdvm.values.text import debug_text
from mdvm.version import VERSION
from mdvm.settings.jit_parameters import Refused, jit, start_jit, use_parameters

SUCCESS = 0
FAILURE = 1
WRONG_USAGE = 2

_BROKEN_PIPE = 32  # EPIPE
_DEFAULT_STACK = 8 << 20  # when the launcher has not said how large the stack is
# below the limit: room to report the overflow, and for C functions that do not check
_STACK_RESERVE = 256 << 10


class OutputError(Exception):
    """Standard output cannot be written.  number: int, errno."""

    def __init__(self, number):
        self.number = number


class StandardOutput(Output):
    """The output of a program: fd 1, buffered."""

    def put(self, text):
        self._check(write_output(text, False))

    def put_line(self, text):
        self._check(write_output(text, True))

    def flush(self):
        self._check(flush_output())

    def _check(self, number):
        """number: int, 0 or errno."""
        if number:
            raise OutputError(number)


standard_output = StandardOutput()


def main(argv):
    """argv: list of str, one byte a character, the program's own name first -> int, the exit
    status.
    """
    _prepare_process()
    try:
        try:
            status = _dispatch(argv)
        except UsageError as error:
            standard_output.flush()
            write_error("%s: %s\n%s" % (NAME, error.text, USAGE))
            return WRONG_USAGE
        standard_output.flush()
        return status
    except OutputError as error:
        # A closed pipe is no news to its reader; everything else is.
        if error.number != _BROKEN_PIPE:
            write_error(
                "%s: cannot write to standard output: %s\n" % (NAME, error_text(error.number))
            )
        return FAILURE


def _prepare_process():
    start_output()
    heap.start()
    start_jit(jitdriver)
    if we_are_translated():
        size = _DEFAULT_STACK
        text = os.environ.get("MDVM_STACK_SIZE")
        if text is not None:
            try:
                size = int(text)
            except ValueError:
                pass
        set_stack_size(size - size // 8 - _STACK_RESERVE)


def _dispatch(argv):
    options = parse_options(argv[1:])
    if options.timeout > 0.0:
        limit_time(options.timeout)
    if options.help:
        standard_output.write(HELP)
        return SUCCESS
    if options.version:
        standard_output.write("%s %s (%s)\n" % (NAME, VERSION, build_text()))
        return SUCCESS
    if options.jit == "help":
        standard_output.write(jit_help())
        return SUCCESS
    if options.without == "help":
        standard_output.write(switches_help())
        return SUCCESS
    if not options.has_path:
        raise UsageError("no program")
    _set_jit(options.jit)
    _turn_off(options.without)
    try:
        return _load_and_run(options)
    except LoadError as error:
        standard_output.flush()
        write_error("Failed to load bytecode: %s\n" % error.text)
        return FAILURE
    except MemoryError:
        standard_output.flush()
        write_error("Failed to load bytecode: Out of memory\n")
        return FAILURE


def _set_jit(text):
    if text == "":
        return
    if not HAVE_RPYTHON:
        return  # there is none to set
    try:
        use_parameters(jitdriver, text)
    except ValueError:
        raise UsageError("--jit %s: not a list of NAME=VALUE (see --jit help)" % text)
    except Refused as error:
        raise UsageError("--jit %s: %s" % (text, error.text))


def _turn_off(names):
    if names == "":
        return
    for name in names.split(","):
        if not optimisations.turn_off(name):
            raise UsageError(
                "--without %s: there is no such optimisation (see --without help)" % name
            )


def _load_and_run(options):
    program = read_program_file(options.path)
    module = load_module(program.data)
    if options.disassemble:
        _write_listing(module, program)
        return SUCCESS
    if not jit.possible and options.jit != "off":
        write_error(
            "%s: warning: the system gives no memory for compiled code, so the program is interpreted\n"
            % NAME
        )
    limits_instructions = options.max_instructions >= 0
    code = lower(
        module,
        LoweringOptions(
            debug=options.debug,
            counting=options.stats or limits_instructions,
            limit_depth=options.max_depth >= 0,
            limit_instructions=limits_instructions,
            interruptible=options.timeout > 0.0,
        ),
    )
    if not options.stats:
        return _run(code, options, program)
    count = Count()
    started = time.time()
    status = _run(code, options, program)
    seconds = time.time() - started
    standard_output.flush()
    _write_stats(seconds, count.end())
    return status


def _write_listing(module, program):
    lines = listing_lines(module)
    if program.metadata != "":
        try:
            note_places(lines, read_metadata(program.metadata, program.data))
        except MetadataError as problem:
            write_error(
                "%s: the .mdbm file beside the program is of no use: %s\n" % (NAME, problem.text)
            )
    for line in lines:
        standard_output.write(line.text + "\n")


def _run(code, options, program):
    run_state.output = standard_output
    run_state.max_depth = options.max_depth
    standard_output.allow(options.max_output if options.max_output >= 0 else UNLIMITED)
    heap.begin_run(options.max_memory if options.max_memory >= 0 else NO_LIMIT)
    if code.module.version == LATEST:
        # A file of another version does what it does on the published VM, whatever it calls.
        run_state.host_functions = ConsoleFunctions(
            options.arguments, options.seed, standard_output
        )
    run_state.begin(options.max_instructions if options.max_instructions >= 0 else UNLIMITED)
    try:
        w_result = interpreter.execute_program(code)
        if w_result is not None and not options.quiet:
            standard_output.put_line("Result: " + debug_text(w_result))
    except RunError as error:
        standard_output.flush()
        if isinstance(error, Interrupted):
            if heap.frames_overflow:
                error.text = STACK_OVERFLOW
            else:
                error.text = out_of_time(float_short(options.timeout)).text
        write_error("Runtime error: %s\n" % error.text)
        for line in describe_stack(program.metadata, program.data, error):
            write_error(line + "\n")
        return FAILURE
    except MemoryError:
        # The result is there, but not the memory to print it.
        standard_output.flush()
        write_error("Runtime error: Out of memory\n")
        return FAILURE
    return SUCCESS


def _write_stats(seconds, made):
    """made: Made, or None where it is not known."""
    loops, bridges = jit_counters()
    write_error(
        "instructions: %d\ncopied because shared: %d containers of %d elements\n"
        % (run_state.executed, run_state.copied_containers, run_state.copied_elements)
    )
    if made is not None:
        write_error(
            "made in memory: %d ints, %d floats, %d frames; %d KiB in all\n"
            % (made.ints, made.floats, made.frames, made.memory >> 10)
        )
    write_error(
        "loops compiled: %d\nbridges compiled: %d\ntime: %d ms\npeak memory: %d KiB\n"
        % (loops, bridges, int(seconds * 1000.0), peak_memory())
    )


if __name__ == "__main__":
    from mdvm.system.untranslated import run_main

    run_main(main)
