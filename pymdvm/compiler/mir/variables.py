"""Which value a variable has where: the part of SSA construction that finds values and makes phis.

Braun, Buchwald, Hack, Leissa, Mallon and Zwinkau, "Simple and Efficient Construction of Static
Single Assignment Form" (2013): each block remembers the last value of every variable, a read that
finds none looks in the predecessors, and makes a phi where there are several or where some are
still to come. Phis that turn out to be trivial are forwarded to their one operand; what refers to
them is replaced once, at the end. The recursion of the paper is a list of phis whose operands are
to be found, so that a program may have any number of blocks in a row.
"""

from __future__ import annotations

from pymdvm.bytecode.model import Constant
from pymdvm.compiler.mir.model import EMPTY, MirFunction, Operand, Phi, Value
from pymdvm.compiler.mir.replacing import replace_values

# How the names of variables begin that no source can name.
HIDDEN = "("


class Variables:
    """The variables of a function whose blocks are known (`of_function`) or still being made.

    predecessors: by label, grown as the blocks are made.
    """

    def __init__(self, function: MirFunction) -> None:
        self.function = function
        self.predecessors: dict[str, list[str]] = {}
        self._values: dict[str, dict[str, Operand]] = {}
        self._sealed: set[str] = set()
        self._shortcuts: dict[str, tuple[str, frozenset[str]]] = {}
        self._incomplete: dict[str, list[tuple[Phi, str]]] = {}
        self._pending: list[tuple[Phi, str, str]] = []
        self._forwards: dict[Value, Operand] = {}
        self._phis: dict[Value, tuple[Phi, str]] = {}
        self._users: dict[Value, list[Phi]] = {}

    @classmethod
    def of_function(cls, function: MirFunction) -> Variables:
        """For a function with all its blocks."""
        variables = cls(function)
        variables.predecessors = function.predecessors()
        variables._sealed = set(variables.predecessors)
        return variables

    def seal(self, label: str) -> None:
        """Says that the block has all its predecessors."""
        self._sealed.add(label)
        for phi, variable in self._incomplete.pop(label, []):
            self._pending.append((phi, variable, label))
        self._find_operands()

    def bypass(self, label: str, before: str, written: frozenset[str]) -> None:
        """Says that between the end of the block `before` and the beginning of the block nothing
        but `written` is written.

        Without that, each variable that is read far away gets a phi in every block on the way where
        paths meet, to no purpose.
        """
        self._shortcuts[label] = before, written

    def write(self, variable: str, label: str, value: Operand) -> None:
        """The variable has that value at the end of the block."""
        self._values.setdefault(variable, {})[label] = value
        if not isinstance(value, Constant):
            self._name(value, variable)

    def read(self, variable: str, label: str) -> Operand:
        """The variable's value at the end of the block: Empty if nothing was written to it on
        the way.
        """
        value = self._read(variable, label)
        self._find_operands()
        return self._resolved(value)

    def finish(self) -> None:
        """Inserts the phis, and replaces those that turned out to be trivial."""
        for phi, label in self._phis.values():
            if phi.result not in self._forwards:
                self.function.blocks[label].phis.append(phi)
        replace_values(self.function, {value: self._resolved(value) for value in self._forwards})

    def _name(self, value: Value, variable: str) -> None:
        """Notes whose value it is, unless the source does not know the variable."""
        if not variable.startswith(HIDDEN):
            self.function.variables.setdefault(value, variable)

    def _read(self, variable: str, label: str) -> Operand:
        """A phi that it makes may wait for its operands in _pending."""
        known = self._values.setdefault(variable, {})
        passed = []
        while label not in known:
            shortcut = self._shortcuts.get(label)
            if shortcut is not None and variable not in shortcut[1]:
                passed.append(label)
                label = shortcut[0]
                continue
            sources = self.predecessors[label]
            if label in self._sealed and len(sources) == 1:
                passed.append(label)
                label = sources[0]
            elif label in self._sealed and not sources:
                known[label] = EMPTY
            else:
                known[label] = self._new_phi(variable, label)
        value = self._resolved(known[label])
        for label in passed:
            known[label] = value
        return value

    def _new_phi(self, variable: str, label: str) -> Value:
        phi = Phi(self.function.new_value(), {})
        self._phis[phi.result] = (phi, label)
        self._name(phi.result, variable)
        if label in self._sealed:
            self._pending.append((phi, variable, label))
        else:
            self._incomplete.setdefault(label, []).append((phi, variable))
        return phi.result

    def _find_operands(self) -> None:
        """Completes the phis of sealed blocks."""
        while self._pending:
            phi, variable, label = self._pending.pop()
            for source in self.predecessors[label]:
                operand = self._read(variable, source)
                phi.operands[source] = operand
                if not isinstance(operand, Constant) and operand in self._phis:
                    self._users.setdefault(operand, []).append(phi)
            self._forward_if_trivial(phi)

    def _forward_if_trivial(self, phi: Phi) -> None:
        work = [phi]
        while work:
            phi = work.pop()
            if phi.result in self._forwards or not phi.operands:
                continue
            others: list[Operand] = []
            for operand in phi.operands.values():
                resolved = self._resolved(operand)
                if resolved != phi.result and resolved not in others:
                    others.append(resolved)
            if len(others) > 1:
                continue
            self._forwards[phi.result] = others[0] if others else EMPTY
            users = self._users.pop(phi.result, [])
            work.extend(users)
            if others and not isinstance(others[0], Constant) and others[0] in self._phis:
                self._users.setdefault(others[0], []).extend(users)

    def _resolved(self, operand: Operand) -> Operand:
        """What a forwarded phi stands for."""
        if isinstance(operand, Constant) or operand not in self._forwards:
            return operand
        passed = []
        while not isinstance(operand, Constant) and operand in self._forwards:
            passed.append(operand)
            operand = self._forwards[operand]
        for value in passed:
            self._forwards[value] = operand
        return operand
