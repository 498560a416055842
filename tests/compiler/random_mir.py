"""Random MIR modules that end: ints, arrays, bounded loops, branches, and calls of functions with
many parameters.

Shapes are chosen to be hard on the allocation of registers: many variables that live long, phis
that exchange values, containers that are stored into while their old value is still needed.
"""

from __future__ import annotations

from random import Random

from pymdvm.bytecode.model import Constant
from pymdvm.compiler.lowering.ssa import SsaBuilder
from pymdvm.compiler.mir.model import EMPTY, MirFunction, MirModule, Operand

ARRAY_SIZE = 4


def random_module(
    random: Random, variables: int = 8, parameters: int = 4, size: int = 12
) -> MirModule:
    """variables: how many each function has; parameters: how many the called functions have at
    most; size: statements.
    """
    counts = [random.randint(0, parameters) for _ in range(2)]
    callees = {f"f{number}": count for number, count in enumerate(counts)}
    module = MirModule([_random_function(random, "", 0, callees, variables, size)])
    for number, (name, count) in enumerate(callees.items()):
        # Only later functions are called, so that every program ends.
        later = dict(list(callees.items())[number + 1 :])
        module.functions.append(
            _random_function(random, name, count, later, max(variables, count), size)
        )
    return module


def _random_function(
    random: Random, name: str, parameters: int, callees: dict[str, int], variables: int, size: int
) -> MirFunction:
    return _Writer(random, SsaBuilder(MirFunction(name)), parameters, callees, variables).write(
        size
    )


class _Writer:
    def __init__(
        self,
        random: Random,
        builder: SsaBuilder,
        parameters: int,
        callees: dict[str, int],
        variables: int,
    ) -> None:
        self.random = random
        self.builder = builder
        self.callees = callees
        self.numbers = [f"n{index}" for index in range(variables)]
        self.arrays = [f"a{index}" for index in range(2)]
        self.counters = 0
        for number, variable in enumerate(self.numbers):
            if number < parameters:
                value = builder.function.new_value()
                builder.function.parameters.append(value)
                builder.write(variable, value)
            else:
                builder.write(variable, self.constant())
        for variable in self.arrays:
            builder.write(variable, builder.emit("NEW_ARRAY", Constant.of(ARRAY_SIZE)))

    def write(self, size: int) -> MirFunction:
        self.statements(size, 0)
        builder = self.builder
        for variable in (*self.numbers, *self.arrays):
            builder.act("DEBUG_PRINT", builder.read(variable))
        builder.give_back(self.number())
        return builder.finish()

    def constant(self) -> Constant:
        return Constant.of(self.random.randint(0, 20))

    def number(self) -> Operand:
        return (
            self.constant()
            if self.random.random() < 0.2
            else self.builder.read(self.random.choice(self.numbers))
        )

    def statements(self, size: int, depth: int) -> None:
        for _ in range(size):
            self.random.choice(self.kinds(depth))(depth)

    def kinds(self, depth: int) -> list:  # type: ignore[type-arg]
        kinds = [
            self.assign,
            self.assign,
            self.copy,
            self.exchange,
            self.store,
            self.load,
            self.call,
            self.show,
        ]
        return kinds if depth >= 3 else [*kinds, self.choose, self.repeat]

    def assign(self, depth: int) -> None:
        value = self.builder.emit(
            self.random.choice(["ADD", "SUB", "EQ", "CONCAT_STR"]), Constant.of(1), self.constant()
        )
        if self.random.random() < 0.8:
            left = self.builder.emit("MOD", self.as_int(self.number()), Constant.of(97))
            value = self.builder.emit(
                self.random.choice(["ADD", "SUB", "LT"]), left, self.constant()
            )
            value = self.builder.emit("CAST", value, detail=2)
        self.builder.write(self.random.choice(self.numbers), value)

    def as_int(self, operand: Operand) -> Operand:
        """What ADD takes, whatever the operand is: the length of its text."""
        return self.builder.emit("STR_LEN", self.builder.emit("CONCAT_STR", operand, operand))

    def copy(self, depth: int) -> None:
        names = self.random.choice([self.numbers, self.arrays])
        self.builder.write(self.random.choice(names), self.builder.read(self.random.choice(names)))

    def exchange(self, depth: int) -> None:
        left, right = self.random.choice(self.numbers), self.random.choice(self.numbers)
        values = self.builder.read(left), self.builder.read(right)
        self.builder.write(right, values[0])
        self.builder.write(left, values[1])

    def store(self, depth: int) -> None:
        array = self.random.choice(self.arrays)
        value = self.builder.read(
            self.random.choice([*self.numbers, array])
            if depth == 0
            else self.random.choice(self.numbers)
        )
        index = Constant.of(self.random.randrange(ARRAY_SIZE))
        target = self.random.choice(self.arrays)
        self.builder.write(
            target, self.builder.emit("ARRAY_SET", self.builder.read(array), index, value)
        )

    def load(self, depth: int) -> None:
        index = Constant.of(self.random.randrange(ARRAY_SIZE))
        value = self.builder.emit(
            "ARRAY_GET", self.builder.read(self.random.choice(self.arrays)), index
        )
        self.builder.write(self.random.choice(self.numbers), self.builder.emit("EQ", value, EMPTY))

    def call(self, depth: int) -> None:
        if self.callees and depth < 2:
            name = self.random.choice(list(self.callees))
            arguments = [self.number() for _ in range(self.callees[name])]
            self.builder.write(
                self.random.choice(self.numbers), self.builder.call(name, *arguments)
            )

    def show(self, depth: int) -> None:
        self.builder.act("DEBUG_PRINT", self.number())

    def choose(self, depth: int) -> None:
        builder = self.builder
        then, otherwise, after = builder.new_block(), builder.new_block(), builder.new_block()
        condition = builder.emit("LT", self.as_int(self.number()), Constant.of(3))
        if self.random.random() < 0.3:
            condition = builder.emit("NOT", condition)
        has_else = self.random.random() < 0.6
        builder.branch(condition, then, otherwise if has_else else after)
        builder.seal(then)
        builder.enter(then)
        self.statements(self.random.randint(0, 4), depth + 1)
        builder.jump(after)
        builder.seal(otherwise)
        if has_else:
            builder.enter(otherwise)
            self.statements(self.random.randint(0, 4), depth + 1)
            builder.jump(after)
        builder.seal(after)
        builder.enter(after)

    def repeat(self, depth: int) -> None:
        builder = self.builder
        header, body, after = builder.new_block(), builder.new_block(), builder.new_block()
        self.counters += 1
        counter = f"(counter {self.counters}"
        builder.write(counter, Constant.of(0))
        builder.jump(header)
        builder.enter(header)
        builder.branch(
            builder.emit("LT", builder.read(counter), Constant.of(self.random.randint(0, 3))),
            body,
            after,
        )
        builder.seal(body)
        builder.enter(body)
        self.statements(self.random.randint(1, 5), depth + 1)
        builder.write(counter, builder.emit("ADD", builder.read(counter), Constant.of(1)))
        builder.jump(header)
        builder.seal(header)
        builder.seal(after)
        builder.enter(after)
