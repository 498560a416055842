"""Spilling: registers that find no room in the VM's move into an array, which a register of the
frame holds.

A frame of its own for each call makes that right for recursion too. Each use loads the value into a
register of its own, each write stores it. A constant is not stored but loaded again.
"""

from __future__ import annotations

from typing import Union

from pymdvm.bytecode.model import Constant
from pymdvm.compiler.frontend.syntax import Place
from pymdvm.compiler.registers.liveness import read_by, written_by
from pymdvm.compiler.registers.machine import (
    NO_REGISTER,
    Copies,
    MachineFunction,
    Operation,
    Register,
    Slot,
    Source,
    Step,
    Target,
)
from pymdvm.compiler.registers.webs import Web

_COST_OF_SLOT = 2.0

Home = Union[Slot, Constant]


class SpillCosts:
    """What it costs to spill webs of a function: how often their registers are likely to be
    used.
    """

    def __init__(self, function: MachineFunction) -> None:
        self._unspillable = {*function.unspillable, *function.arrivals}
        self._uses: dict[Register, float] = {}
        self._constants = _only_constants(function)
        for block in function.blocks.values():
            weight = block.frequency
            for step in block.steps:
                for register in (*read_by(step), *written_by(step)):
                    self._uses[register] = self._uses.get(register, 0.0) + weight
            for register in block.terminator.reads:
                self._uses[register] = self._uses.get(register, 0.0) + weight

    def __call__(self, web: Web) -> float:
        """The cost; infinite if none of its registers can be spilled."""
        spillable = [register for register in web.members if register not in self._unspillable]
        if not spillable:
            return float("inf")
        price = (
            1.0 if all(register in self._constants for register in web.members) else _COST_OF_SLOT
        )
        return price * sum(self._uses.get(register, 0.0) for register in spillable)


def spill(function: MachineFunction, webs: list[Web]) -> None:
    """Give each of the webs a slot of the array, and change the function accordingly."""
    constants = _only_constants(function)
    homes: dict[Register, Home] = {}
    for web in webs:
        members = [register for register in web.members if register not in function.arrivals]
        values = {constants.get(register) for register in members}
        constant = values.pop() if len(values) == 1 else None
        if constant is None:
            home: Home = Slot(function.slots)
            function.slots += 1
        else:
            home = constant
        homes.update(dict.fromkeys(members, home))
    if function.slots and function.array == NO_REGISTER:
        function.array = function.new_register()
        function.unspillable.add(function.array)
        _insert_array(function)
    _Spilling(function, homes).rewrite()
    _set_size(function)


def _only_constants(function: MachineFunction) -> dict[Register, Constant]:
    """The registers that nothing but one LOAD_CONST writes."""
    constants: dict[Register, Constant] = {}
    seen: set[Register] = set()
    for block in function.blocks.values():
        for step in block.steps:
            for register in written_by(step):
                if register in seen:
                    constants.pop(register, None)
                elif isinstance(step, Operation) and step.opcode == "LOAD_CONST":
                    assert isinstance(step.detail, Constant)
                    constants[register] = step.detail
                seen.add(register)
    return constants


def _insert_array(function: MachineFunction) -> None:
    """Make the array where the function begins; `_set_size` knows these two steps."""
    size = function.new_register()
    function.unspillable.add(size)
    entry = next(iter(function.blocks.values()))
    entry.steps[:0] = [
        Operation("LOAD_CONST", size, [], Constant.integer(0)),
        Operation("NEW_ARRAY", function.array, [size]),
    ]


def _set_size(function: MachineFunction) -> None:
    if function.array != NO_REGISTER:
        load = next(iter(function.blocks.values())).steps[0]
        assert isinstance(load, Operation)
        load.detail = Constant.integer(function.slots)


class _Spilling:
    """One rewriting of a function.

    homes: by register, where its value is from now on
    """

    def __init__(self, function: MachineFunction, homes: dict[Register, Home]) -> None:
        self._function = function
        self._homes = homes
        self._steps: list[Step] = []

    def rewrite(self) -> None:
        for block in self._function.blocks.values():
            self._steps = []
            for step in block.steps:
                if isinstance(step, Copies):
                    self._rewrite_copies(step)
                else:
                    self._rewrite_operation(step)
            block.terminator.reads = [
                self._reloaded(register, block.terminator.place)
                for register in block.terminator.reads
            ]
            block.steps = self._steps

    def _temporary(self) -> Register:
        register = self._function.new_register()
        self._function.unspillable.add(register)
        return register

    def _reloaded(self, register: Register, place: Place | None) -> Register:
        """The register that holds the value now."""
        home = self._homes.get(register)
        if home is None:
            return register
        temporary = self._temporary()
        self._steps.extend(load_home(temporary, home, self._function.array, place))
        return temporary

    def _rewrite_operation(self, step: Operation) -> None:
        home = self._homes.get(step.written)
        if home is not None and isinstance(home, Constant):
            return  # the LOAD_CONST itself
        if step.opcode == "MOVE" and home is not None and home == self._homes.get(step.reads[0]):
            return
        reloaded: dict[Register, Register] = {}
        for register in step.reads:
            if register not in reloaded:
                reloaded[register] = self._reloaded(register, step.place)
        if home is not None:
            # Also right for a register that the operation updates: it is the first that was
            # reloaded.
            written = reloaded.get(step.written)
            step.written, original = (
                (self._temporary() if written is None else written),
                step.written,
            )
            step.reads = [reloaded[register] for register in step.reads]
            assert original not in step.reads
            self._steps.append(step)
            self._steps.extend(
                store_slot(home, step.written, self._temporary(), self._function.array, step.place)
            )
        else:
            step.reads = [reloaded[register] for register in step.reads]
            self._steps.append(step)

    def _rewrite_copies(self, step: Copies) -> None:
        pairs: list[tuple[Target, Source]] = []
        for target, source in step.pairs:
            new_target: Target = target
            if isinstance(target, int):
                home = self._homes.get(target)
                assert not isinstance(home, Constant)
                new_target = target if home is None else home
            new_source: Source = (
                self._homes.get(source, source) if isinstance(source, int) else source
            )
            if new_target != new_source:
                pairs.append((new_target, new_source))
        step.pairs = pairs
        if not step.scratch and any(isinstance(place, Slot) for pair in pairs for place in pair):
            step.spilled = self._function.array
            step.scratch = (self._temporary(), self._temporary(), self._temporary())
        if pairs:
            self._steps.append(step)


def load_home(
    target: Register, home: Home, array: Register, place: Place | None
) -> list[Operation]:
    """The operations that bring a spilled value into a register, which holds its position in
    between.
    """
    if isinstance(home, Constant):
        return [Operation("LOAD_CONST", target, [], home, place)]
    position = Operation("LOAD_CONST", target, [], Constant.integer(home.number), place)
    return [position, Operation("ARRAY_GET", target, [array, target], None, place)]


def store_slot(
    slot: Slot, source: Register, scratch: Register, array: Register, place: Place | None
) -> list[Operation]:
    """The operations that spill a register.  scratch: a register for the position."""
    position = Operation("LOAD_CONST", scratch, [], Constant.integer(slot.number), place)
    return [position, Operation("ARRAY_SET", array, [array, scratch, source], None, place)]
