"""Programs held for another process to run: what is behind the entry points of an embedded VM.

The other side names a program by its handle, an int. Calls come one at a time. Every call ends with
a status of protocol.py and, where that says so, leaves an answer.
"""

import time

from mdvm import errors
from mdvm.allocation_counts import Count
from mdvm.callees import NO_HOST_FUNCTIONS
from mdvm.embedding import protocol
from mdvm.embedding.descriptions import (
    describe_copies,
    describe_functions,
    describe_globals,
    describe_runs,
    forget_globals,
    read_names,
)
from mdvm.embedding.hosted_program import HostedProgram
from mdvm.embedding.host_calls import EmbeddingFunctions, OutputRefused
from mdvm.embedding.instances import Instance
from mdvm.embedding.marshalled import NotPlain
from mdvm.values.arrays import array_of
from mdvm.system.interruption import interruption_reason
from mdvm.system.jit import jit_counters
from mdvm.debugging.disassembler import disassemble
from mdvm.errors import LoadError, RunError
from mdvm.system.heap import NO_LIMIT, heap
from mdvm.interp import interpreter, jitdriver
from mdvm.objects import W_Int
from mdvm.debugging.profiler import profiler
from mdvm.embedding.program_cache import FileCache, ProgramCache
from mdvm.run_state import UNLIMITED, run_state
from mdvm.values.strings import W_Str
from mdvm.settings.optimisations import turn_off_by_environment
from mdvm.values.text import debug_text
from mdvm.settings.jit_parameters import Refused, heed_refusal, jit, start_jit, use_parameters
from mdvm.embedding.marshal import Decoder, encode, encode_for_python


class Host(object):
    """The programs, the state between calls, and the last answer.

    programs: list of HostedProgram by handle, None where one was dropped.
    free: list of int, handles to be used again.
    instances: list of Instance by handle less FIRST_INSTANCE, None where one was dropped;
    free_instances: list of int, as free.
    cache: ProgramCache.
    files: FileCache.
    output: Output.
    max_memory: int, bytes that the next run may add, or NO_LIMIT.
    functions: HostFunctions, that the next run can call.
    max_instructions: int, those of a run that limits them.
    max_output: int, bytes that the next run may print, or UNLIMITED.
    """

    def __init__(self):
        self.programs = []
        self.free = [0][:0]
        self.instances = []
        self.free_instances = [0][:0]
        self.cache = ProgramCache()
        self.files = FileCache(self.cache)
        self.output = None
        self.max_memory = NO_LIMIT
        self.functions = NO_HOST_FUNCTIONS
        self.max_instructions = UNLIMITED
        self.max_output = UNLIMITED
        self.answer = ""

    def start(self, output):
        """output: Output, which raises OutputRefused to end a run.  To be called once, before
        all else.
        """
        heap.start()
        start_jit(jitdriver)
        turn_off_by_environment()
        self.output = output
        run_state.output = output

    # ________________________________________________________ programs come and go

    def load(self, data):
        """data: str, one byte a character -> int, a handle, or -1 with the text of a LoadError as
        the answer.
        """
        try:
            return self._keep(HostedProgram(self.cache.load(data)))
        except LoadError as error:
            return self._refuse(error.text)
        except MemoryError:
            return self._refuse(errors.OUT_OF_MEMORY)

    def load_file(self, path):
        """path: str, one byte a character -> the same."""
        try:
            return self._keep(HostedProgram(self.files.load(path)))
        except LoadError as error:
            return self._refuse(error.text)
        except MemoryError:
            return self._refuse(errors.OUT_OF_MEMORY)

    def _keep(self, hosted):
        if self.free:
            handle = self.free.pop()
            self.programs[handle] = hosted
        else:
            handle = len(self.programs)
            self.programs.append(hosted)
        return handle

    def _refuse(self, text):
        self.answer = encode(W_Str(text))
        return -1

    def refuse_for_memory(self):
        """-> int, what a request comes to whose bytes or answer there is no memory for: -1, with
        the text of the error as the answer.
        """
        return self._refuse(errors.OUT_OF_MEMORY)

    def drop(self, handle):
        if handle >= protocol.FIRST_INSTANCE:
            self.instances[handle - protocol.FIRST_INSTANCE] = None
            self.free_instances.append(handle)
        else:
            self.programs[handle] = None
            self.free.append(handle)
        return 0

    # ________________________________________________________ instances

    def new_instance(self, handle):
        """handle: int, of a program -> int, that of a new instance of it."""
        instance = Instance(self.programs[handle])
        if self.free_instances:
            handle = self.free_instances.pop()
            self.instances[handle - protocol.FIRST_INSTANCE] = instance
        else:
            handle = protocol.FIRST_INSTANCE + len(self.instances)
            self.instances.append(instance)
        return handle

    def instance(self, handle):
        """handle: int, of an instance or a program -> Instance, None of a program."""
        if handle < protocol.FIRST_INSTANCE:
            return None
        return self.instances[handle - protocol.FIRST_INSTANCE]

    def hosted(self, handle):
        """handle: int, of an instance or a program -> HostedProgram."""
        instance = self.instance(handle)
        return self.programs[handle] if instance is None else instance.hosted

    def set_global(self, handle, data):
        """data: str, a name and a value -> int, as protocol.SET_GLOBAL has it."""
        decoder = Decoder(data)
        w_name = decoder.read()
        assert isinstance(w_name, W_Str)
        try:
            w_value = decoder.read()
        except NotPlain:
            return protocol.REFUSED
        return 1 if self.instance(handle).set(w_name.text(), w_value) else 0

    # ________________________________________________________ requests

    def request(self, what, number, text):
        """what: int, one of protocol.py, which says what number and text are and what comes back
        as an int.
        """
        if what >= protocol.ASK:
            return self.ask(number, what - protocol.ASK, text)
        if what == protocol.LOAD or what == protocol.LOAD_FILE:
            if number != protocol.NO_PROGRAM:
                self.drop(number)
            return self.load(text) if what == protocol.LOAD else self.load_file(text)
        if what == protocol.DROP:
            return self.drop(number)
        if what == protocol.SET_MAX_INSTRUCTIONS:
            self.max_instructions = number
        elif what == protocol.SET_MAX_DEPTH:
            run_state.max_depth = number
        elif what == protocol.SET_MAX_MEMORY:
            self.max_memory = number
        elif what == protocol.SET_MAX_OUTPUT:
            self.max_output = number
        elif what == protocol.SET_FUNCTIONS:
            self.functions = EmbeddingFunctions(read_names(text, number))
        elif what == protocol.SET_JIT:
            return self.set_jit(text)
        elif what == protocol.MAY_COMPILE:
            return 1 if jit.possible else 0
        elif what == protocol.EXECUTED:
            return self.programs[number].executed
        elif what == protocol.NEW_INSTANCE:
            return self.new_instance(number)
        elif what == protocol.SET_GLOBAL:
            return self.set_global(number, text)
        return 0

    # ________________________________________________________ running

    def set_jit(self, text):
        """text: str, as use_parameters has it -> int, 1 if it is right."""
        try:
            use_parameters(jitdriver, text)
        except ValueError:
            return 0
        except Refused:
            return 0
        return 1

    def run(self, handle, function_number, data, count, mode_flags):
        """function_number: int, one of the module's functions, or START; data: str, count values,
        the arguments.

        -> int, a status.
        """
        instance = self.instance(handle)
        if instance is not None:
            mode_flags |= protocol.KEEP_GLOBALS
        hosted = self.hosted(handle)
        loops, bridges = jit_counters()
        started = time.time()
        run_state.profiling = mode_flags & protocol.PROFILE != 0
        if run_state.profiling:
            profiler.start()
        allocation_count = None
        if mode_flags & protocol.COUNT_ALLOCATIONS:
            allocation_count = Count()
        run_state.output = self.output
        self.output.allow(self.max_output)
        self.max_output = UNLIMITED
        heed_refusal(jitdriver)
        heap.begin_run(self.max_memory)
        self.max_memory = NO_LIMIT
        run_state.begin(
            self.max_instructions if mode_flags & protocol.LIMIT_INSTRUCTIONS else UNLIMITED
        )
        run_state.host_functions = self.functions
        self.functions = NO_HOST_FUNCTIONS
        try:
            status = self._run(hosted, instance, function_number, data, count, mode_flags)
        except RunError as error:
            if isinstance(error, errors.OutOfMemory):
                forget_globals(hosted.last_code, mode_flags)
            status = self._fail(error)
        except MemoryError:
            # The result is there, but not the memory to hand it over; or not even the memory to
            # tell of the first error.
            forget_globals(hosted.last_code, mode_flags)
            status = self._fail(errors.out_of_memory())
        except OutputRefused:
            status = protocol.OUTPUT_FAILED
        except NotPlain:
            status = protocol.REFUSED
            hosted.runs -= 1
        run_state.end()
        run_state.host_functions = NO_HOST_FUNCTIONS
        heap.end_run()
        if allocation_count is not None:
            made = allocation_count.end()
            if made is not None:
                hosted.counted_runs += 1
                hosted.made.add(made)
        loops_now, bridges_now = jit_counters()
        if mode_flags & protocol.PROFILE:
            hosted.samples = profiler.samples
            hosted.copies = profiler.copies
            run_state.profiling = False
        hosted.runs += 1
        hosted.executed += run_state.executed
        hosted.copied_containers += run_state.copied_containers
        hosted.copied_elements += run_state.copied_elements
        hosted.seconds += time.time() - started
        hosted.loops += loops_now - loops
        hosted.bridges += bridges_now - bridges
        return status

    def _run(self, hosted, instance, function_number, data, count, mode_flags):
        """instance: Instance, or None for global variables that are undefined at first."""
        code = hosted.program.code_for(mode_flags)
        hosted.last_code = code
        outer_code = None
        if instance is not None:
            outer_code = instance.begin_run(code)
        # A run within a run of the same program has global variables of its own.
        outer_globals = code.begin_run()
        if instance is not None:
            instance.put_into(code)
        try:
            return self._run_code(code, function_number, data, count, mode_flags)
        finally:
            if instance is not None:
                instance.take_from(code)
            code.end_run(outer_globals)
            if instance is not None:
                instance.end_run(outer_code)

    def _run_code(self, code, function_number, data, count, mode_flags):
        function = code.function(function_number) if function_number >= 0 else code.start()
        decoder = Decoder(data, True)
        arguments = [decoder.read() for _ in range(count)]
        w_result = interpreter.execute_function(function, arguments)
        if w_result is None:
            return protocol.NO_VALUE
        if mode_flags & protocol.DEBUG_FORM:
            self.answer = encode(W_Str(debug_text(w_result)))
        else:
            self.answer = encode_for_python(w_result)
        return protocol.VALUE

    def _fail(self, error):
        run_state.end()
        kind = self._kind_of_limit(error)
        if isinstance(error, errors.Interrupted) and heap.frames_overflow:
            error.text = errors.STACK_OVERFLOW
            kind = protocol.NO_KIND
        items = [W_Str(error.text), W_Int(error.omitted), W_Int(kind)]
        for index in range(len(error.functions)):
            items.append(W_Str(error.functions[index]))
            items.append(W_Int(error.instructions[index]))
        self.answer = encode(array_of(items))
        return protocol.RUN_ERROR if kind == protocol.NO_KIND else protocol.LIMIT_ERROR

    def fail_for_memory(self):
        """-> int, the status of a run for whose arguments there is no memory."""
        self.max_memory = NO_LIMIT
        self.max_output = UNLIMITED
        self.functions = NO_HOST_FUNCTIONS
        return self._fail(errors.out_of_memory())

    def _kind_of_limit(self, error):
        """error: RunError -> int, one of protocol.py."""
        if isinstance(error, errors.LimitError):
            return protocol.INSTRUCTIONS
        if isinstance(error, errors.OutOfMemory) and heap.run_limit != NO_LIMIT:
            return protocol.MEMORY
        if isinstance(error, errors.OutputLimitError):
            return protocol.OUTPUT_SIZE
        if isinstance(error, errors.Interrupted):
            return interruption_reason()
        return protocol.NO_KIND

    # ________________________________________________________ questions

    def ask(self, handle, question, text):
        """question: int, one of protocol.py; text: str, what goes with it.  Leaves the answer."""
        hosted = self.hosted(handle)
        if question == protocol.CONTENT:
            self.answer = hosted.program.data
            return 0
        if question == protocol.FUNCTIONS:
            w_answer = describe_functions(hosted.program.module)
        elif question == protocol.CONSTANTS:
            w_answer = array_of(hosted.program.module.constants[:])
        elif question == protocol.LISTING:
            w_answer = W_Str(disassemble(hosted.program.module))
        elif question == protocol.SHAPE:
            w_answer = array_of(
                [
                    W_Int(hosted.program.module.instruction_count()),
                    W_Str(hosted.program.module.name),
                    W_Int(hosted.program.module.version),
                ]
            )
        elif question == protocol.SAMPLES:
            w_answer = array_of([W_Int(item) for item in hosted.samples])
        elif question == protocol.COPIES:
            w_answer = describe_copies(hosted.copies)
        elif question == protocol.GLOBALS:
            instance = self.instance(handle)
            if instance is not None:
                w_answer = instance.describe(text)
            else:
                w_answer = describe_globals(hosted.last_code)
        else:
            w_answer = describe_runs(hosted)
        self.answer = encode_for_python(w_answer)
        return 0


host = Host()
