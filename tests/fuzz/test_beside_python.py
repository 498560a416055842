"""Lists, sets and dicts of a program beside Python's: the same steps on both, with who else holds
the container, until both give the same.

The steps become a function of a program of version 2. It is called until it is compiled, and what
it gives the last time comes back as Python's own values.
"""

from __future__ import annotations

import copy
import random
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

import pymdvm
from tests.amounts import RANDOM_PROGRAMS
from tests.differential.source import assemble

from .writer import Writer

CALLS = 40
SEEN, KEY, VALUE, INDEX, FOUND = 0, 1, 2, 3, 4
LISTS, SETS, DICTS, NESTS = (10, 11, 12), (13, 14, 15), (16, 17, 18), (19, 20)
GLOBALS = ("g", "h")
# Different to the VM and to Python.
SCALARS = (0, 1, 2, 3, 2**40, -(2**63), 2.5, -1e300, "a", "b", "", "x" * 40, "é", None)

lists, sets, dicts, nests = map(st.sampled_from, (LISTS, SETS, DICTS, NESTS))
containers = st.sampled_from((*LISTS, *SETS, *DICTS))
ints = st.integers(0, 12)
scalars = st.sampled_from(SCALARS) | ints
names = st.sampled_from(GLOBALS)
places = st.integers(0, 40)

JIT: tuple[bool | str, ...] = (
    "threshold=3,function_threshold=3,trace_eagerness=2",
    "threshold=5,function_threshold=9,trace_eagerness=1,retrace_limit=5",
    False,
)


class BesidePython(RuleBasedStateMachine):
    """registers, globals: what they hold, as Python has it; a set is a dict without values, for its
    order. seen: what was looked at on the way.
    """

    def __init__(self) -> None:
        super().__init__()
        self.write = Writer(random.Random(0), is_latest=True)
        self.registers: dict[int, Any] = {}
        self.globals: dict[str, tuple[int, Any]] = {}
        self.seen: list[Any] = []

    @initialize()
    def start(self) -> None:
        self.write.function("steps")
        self.write.load(SEEN, [])
        for register in LISTS:
            self.write.load(register, [])
            self.registers[register] = []
        for register in SETS:
            self.write.op("SET_NEW", register)
            self.registers[register] = {}
        for register in DICTS:
            self.write.op("DICT_NEW", register)
            self.registers[register] = {}
        for register in NESTS:
            self.write.load(register, [])
            self.registers[register] = []

    def held(self, register: int) -> Any:
        """A value of its own."""
        return copy.deepcopy(self.registers[register])

    def look(self, register: int) -> None:
        """The register's value goes to what comes back."""
        value = self.held(register)
        if register in SETS:
            self.write.op("SET_VALUES", FOUND, register)
            self.write.op("ARRAY_PUSH", SEEN, FOUND)
            value = list(value)
        elif register in DICTS:
            self.write.op("DICT_KEYS", FOUND, register)
            self.write.op("ARRAY_PUSH", SEEN, FOUND)
            self.seen.append(list(value))
            self.write.op("ARRAY_PUSH", SEEN, register)
        else:
            self.write.op("ARRAY_PUSH", SEEN, register)
        self.seen.append(value)

    def found(self, value: object) -> None:
        """What the instruction before has found in FOUND."""
        self.write.op("ARRAY_PUSH", SEEN, FOUND)
        self.seen.append(value)

    # ________________________________________________________ lists

    @rule(register=lists, value=scalars, times=st.integers(1, 9))
    def push(self, register: int, value: Any, times: int) -> None:
        self.write.load(VALUE, value)
        for _ in range(times):
            self.write.op("ARRAY_PUSH", register, VALUE)
            self.registers[register].append(value)

    @rule(register=lists, times=st.integers(1, 9))
    def pop(self, register: int, times: int) -> None:
        for _ in range(min(times, len(self.registers[register]))):
            self.write.op("ARRAY_POP", FOUND, register)
            self.found(self.registers[register].pop())

    @rule(register=lists, place=places, value=scalars)
    def insert(self, register: int, place: int, value: Any) -> None:
        at = place % (len(self.registers[register]) + 1)
        self.write.load(VALUE, value).load(INDEX, at)
        self.write.op("ARRAY_INSERT", register, INDEX, VALUE)
        self.registers[register].insert(at, value)

    def _at(self, register: int, place: int, then: Callable[[int], None]) -> None:
        """Do something with an element, if there is one."""
        if self.registers[register]:
            at = place % len(self.registers[register])
            self.write.load(INDEX, at)
            then(at)

    @rule(register=lists, place=places)
    def remove(self, register: int, place: int) -> None:
        def take(at: int) -> None:
            self.write.op("ARRAY_REMOVE", FOUND, register, INDEX)
            self.found(self.registers[register].pop(at))

        self._at(register, place, take)

    @rule(register=lists, place=places, value=scalars)
    def put(self, register: int, place: int, value: Any) -> None:
        def store(at: int) -> None:
            self.write.load(VALUE, value)
            self.write.op("ARRAY_SET", register, INDEX, VALUE)
            self.registers[register][at] = value

        self._at(register, place, store)

    @rule(register=lists, value=scalars)
    def find(self, register: int, value: Any) -> None:
        items = self.registers[register]
        self.write.load(VALUE, value)
        self.write.op("ARRAY_FIND", FOUND, register, VALUE)
        self.found(items.index(value) if value in items else -1)

    @rule(into=lists, register=lists, first=places, end=places)
    def cut(self, into: int, register: int, first: int, end: int) -> None:
        size = len(self.registers[register]) + 1
        begin, stop = sorted((first % size, end % size))
        self.write.load(INDEX, begin).load(VALUE, stop)
        self.write.op("ARRAY_SLICE", into, register, INDEX, VALUE)
        self.registers[into] = self.held(register)[begin:stop]

    @rule(into=lists, left=lists, right=lists)
    def join(self, into: int, left: int, right: int) -> None:
        if len(self.registers[left]) + len(self.registers[right]) < 200:
            self.write.op("ARRAY_CONCAT", into, left, right)
            self.registers[into] = self.held(left) + self.held(right)

    # ________________________________________________________ sets and dicts

    @rule(register=sets, first=ints, count=st.integers(1, 9))
    def add_ints(self, register: int, first: int, count: int) -> None:
        for member in range(first, first + count):
            self.write.load(VALUE, member)
            self.write.op("SET_ADD", register, VALUE)
            self.registers[register].setdefault(member)

    @rule(register=sets, value=scalars)
    def add(self, register: int, value: Any) -> None:
        self.write.load(VALUE, value)
        self.write.op("SET_ADD", register, VALUE)
        self.registers[register].setdefault(value)

    @rule(register=sets, value=scalars)
    def discard(self, register: int, value: Any) -> None:
        self.write.load(VALUE, value)
        self.write.op("SET_REMOVE", register, VALUE)
        self.registers[register].pop(value, None)

    @rule(register=sets, value=scalars)
    def contains(self, register: int, value: Any) -> None:
        self.write.load(VALUE, value)
        self.write.op("SET_CONTAINS", FOUND, register, VALUE)
        self.found(value in self.registers[register])

    @rule(into=lists, register=sets)
    def members(self, into: int, register: int) -> None:
        self.write.op("SET_VALUES", into, register)
        self.registers[into] = list(self.registers[register])

    @rule(register=dicts, key=scalars, value=scalars)
    def set_entry(self, register: int, key: Any, value: Any) -> None:
        self.write.load(KEY, key).load(VALUE, value)
        self.write.op("DICT_SET", register, KEY, VALUE)
        self.registers[register][key] = value

    @rule(register=dicts, key=scalars, holder=lists | dicts)
    def set_container(self, register: int, key: Any, holder: int) -> None:
        if len(str(self.registers[holder])) < 1000:
            value = self.held(holder)
            self.write.load(KEY, key)
            self.write.op("DICT_SET", register, KEY, holder)
            self.registers[register][key] = value

    @rule(register=dicts, key=scalars)
    def remove_entry(self, register: int, key: Any) -> None:
        self.write.load(KEY, key)
        self.write.op("DICT_REMOVE", register, KEY)
        self.registers[register].pop(key, None)

    @rule(register=dicts, key=scalars)
    def get(self, register: int, key: Any) -> None:
        self.write.load(KEY, key)
        self.write.op("DICT_GET", FOUND, register, KEY)
        self.found(copy.deepcopy(self.registers[register].get(key)))
        self.write.op("DICT_CONTAINS", FOUND, register, KEY)
        self.found(key in self.registers[register])

    @rule(into=lists, register=dicts, keys=st.booleans())
    def keys_or_values(self, into: int, register: int, keys: bool) -> None:
        self.write.op("DICT_KEYS" if keys else "DICT_VALUES", into, register)
        entries = self.held(register)
        self.registers[into] = list(entries) if keys else list(entries.values())

    @rule(register=dicts, holder=dicts, key=scalars, value=scalars)
    def push_to_entry(self, register: int, holder: int, key: Any, value: Any) -> None:
        """A list in a dict grows, and another dict has the same list."""
        self.write.load(KEY, key).load(VALUE, value).load(FOUND, [])
        items = self.registers[register].get(key)
        if type(items) is list:
            self.write.op("DICT_GET", FOUND, register, KEY)
            items = copy.deepcopy(items)
        else:
            items = []
        self.write.op("DICT_SET", holder, KEY, FOUND)
        self.registers[holder][key] = copy.deepcopy(items)
        self.write.op("ARRAY_PUSH", FOUND, VALUE)
        self.write.op("DICT_SET", register, KEY, FOUND)
        self.registers[register][key] = [*items, value]

    # ________________________________________________________ holders

    @rule(kind=st.sampled_from((LISTS, SETS, DICTS, NESTS)), data=st.data())
    def move(self, kind: tuple[int, ...], data: st.DataObject) -> None:
        target, source = (data.draw(st.sampled_from(kind)) for _ in range(2))
        self.write.op("MOVE", target, source)
        self.registers[target] = self.held(source)

    @rule(name=names, register=containers)
    def store(self, name: str, register: int) -> None:
        self.write.op("STORE_GLOBAL", register, name)
        self.globals[name] = register, self.held(register)

    @rule(name=names)
    def load(self, name: str) -> None:
        if name in self.globals:
            register, value = self.globals[name]
            self.write.op("LOAD_GLOBAL", register, name)
            self.registers[register] = copy.deepcopy(value)

    @rule(nest=nests, register=lists | dicts)
    def nest(self, nest: int, register: int) -> None:
        if len(str(self.registers[register])) < 1000:
            self.write.op("ARRAY_PUSH", nest, register)
            self.registers[nest].append((register, self.held(register)))

    @rule(nest=nests, data=st.data())
    def unnest(self, nest: int, data: st.DataObject) -> None:
        """The last one comes out of a nest, for good or as a second holder."""
        if self.registers[nest]:
            register, value = self.registers[nest][-1]
            if data.draw(st.booleans()):
                self.write.op("ARRAY_POP", register, nest)
                self.registers[nest].pop()
            else:
                self.write.load(INDEX, len(self.registers[nest]) - 1)
                self.write.op("ARRAY_GET", register, nest, INDEX)
            self.registers[register] = copy.deepcopy(value)

    @rule(register=containers)
    def see(self, register: int) -> None:
        self.look(register)

    # ________________________________________________________ the run

    def teardown(self) -> None:
        if not self.registers:
            return
        for register in (*LISTS, *SETS, *DICTS):
            self.look(register)
        for nest in NESTS:
            self.write.op("ARRAY_PUSH", SEEN, nest)
            self.seen.append([value for _, value in self.registers[nest]])
        self.write.op("RETURN", SEEN)
        self.write.function("main")
        self.write.load(10, "steps")
        self.write.loop(CALLS, lambda: self.write.op("CALL", 10, 11, ()))
        self.write.op("RETURN", 11)
        data = assemble(self.write.items)
        for number, jit in enumerate(JIT):
            program = pymdvm.loads(data + bytes(number))  # one that shares no machine code
            assert program.run(jit=jit) == self.seen


@pytest.mark.usefixtures("built")
def test_the_vm_does_what_python_does() -> None:
    run_state_machine_as_test(  # type: ignore[no-untyped-call]
        BesidePython,
        settings=settings(
            max_examples=RANDOM_PROGRAMS // 5,
            stateful_step_count=40,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
