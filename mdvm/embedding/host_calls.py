"""Functions of the embedding process, as a running program calls them.

A call pauses the run, see embedding.c. Meanwhile the embedding process may run programs, this one
too, and ask for anything else. So what belongs to the run is put aside, and is as before when it
goes on.
"""

from mdvm import errors
from mdvm.callees import NO_HOST_FUNCTIONS, HostFunctions
from mdvm.embedding.c_interface import call_host
from mdvm.embedding import protocol
from mdvm.embedding.marshal import Decoder, encode, encode_for_python
from mdvm.embedding.marshalled import NotPlain
from mdvm.system.heap import heap
from mdvm.system.interruption import interruption_requested
from mdvm.system.language import we_are_translated
from mdvm.objects import W_Int
from mdvm.run_state import run_state
from mdvm.values.arrays import array_of


class OutputRefused(Exception):
    """The embedding process wants no more of the run: no output, or no result of a call."""


class _UntranslatedHost(object):
    """What takes the place of the embedding process where nothing is translated.

    call: function of the str that call_host would hand over -> the str that it would give back.
    """

    def __init__(self):
        self.call = None


untranslated_host = _UntranslatedHost()


class EmbeddingFunctions(HostFunctions):
    """Those that the embedding process gives for a run.

    numbers: dict from a name to the number by which the other side knows the function.
    """

    def __init__(self, names):
        """names: list of str."""
        self.numbers = {}
        for number in range(len(names)):
            self.numbers[names[number]] = number

    def has(self, name):
        return name in self.numbers

    def call(self, name, arguments):
        number = self.numbers.get(name, -1)
        if number < 0:
            raise errors.undefined_function(name)
        reply = _ask(encode_for_python(array_of([W_Int(number)] + arguments)))
        if interruption_requested():
            raise errors.interrupted()
        try:
            return Decoder(reply).read()
        except NotPlain:
            reply = _ask(encode(array_of([W_Int(protocol.AGAIN)])))
            return Decoder(reply).read()


def _ask(data):
    """data: str, what the other side gets -> str, what it gives back."""
    suspended = _SuspendedRun()
    try:
        if we_are_translated():
            reply = call_host(data)
            if reply is None:
                raise OutputRefused
            return reply
        return untranslated_host.call(data)
    finally:
        suspended.go_on()


class _SuspendedRun(object):
    """What run_state and heap know of a run that waits for its host."""

    def __init__(self):
        self.output = run_state.output
        self.allowed = self.output.limit
        self.left = self.output.left
        self.executed = run_state.executed
        self.instruction_limit = run_state.instruction_limit
        self.max_executed = run_state.max_executed
        self.copied_containers = run_state.copied_containers
        self.copied_elements = run_state.copied_elements
        self.profiling = run_state.profiling
        self.depth = run_state.depth
        self.max_depth = run_state.max_depth
        self.max_text_length = run_state.max_text_length
        self.host_functions = run_state.host_functions
        self.base = heap.base
        self.run_limit = heap.run_limit
        self.wide_registers = heap.wide_registers
        self.resuming = heap.resuming
        run_state.running = False
        run_state.host_functions = NO_HOST_FUNCTIONS

    def go_on(self):
        run_state.output = self.output
        self.output.limit = self.allowed
        self.output.left = self.left
        run_state.executed = self.executed
        run_state.instruction_limit = self.instruction_limit
        run_state.max_executed = self.max_executed
        run_state.copied_containers = self.copied_containers
        run_state.copied_elements = self.copied_elements
        run_state.profiling = self.profiling
        run_state.depth = self.depth
        run_state.max_depth = self.max_depth
        run_state.max_text_length = self.max_text_length
        run_state.host_functions = self.host_functions
        run_state.running = True
        if heap.base != self.base or heap.run_limit != self.run_limit:
            heap.base = self.base
            heap.run_limit = self.run_limit
            heap.choose_ceiling()
        heap.wide_registers = self.wide_registers
        heap.resuming = self.resuming
