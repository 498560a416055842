"""What the verifier says: its findings, and the rules that they come from.

An *error* fails, or does what nobody can have meant, when the instruction is executed. A *warning*
runs, but is worth a look.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Severity(Enum):
    """How bad a finding is."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True)
class Rule:
    """One thing the verifier looks for.

    severity: None where it depends on the case
    """

    code: str
    severity: Severity | None
    meaning: str


RULES = {
    rule.code: rule
    for rule in (
        Rule("jump-out-of-range", Severity.ERROR, "a jump leaves the program"),
        Rule(
            "jump-to-the-end",
            Severity.WARNING,
            "a jump goes behind the last instruction, which ends the program without a value",
        ),
        Rule(
            "missing-constant",
            Severity.ERROR,
            "an instruction names a constant that does not exist",
        ),
        Rule(
            "not-a-string",
            Severity.ERROR,
            "the name of a global variable or the message of an assertion is no string",
        ),
        Rule("missing-function", Severity.ERROR, "a call reaches no function"),
        Rule(
            "arguments",
            None,
            "a call gives fewer arguments than its function reads (error) or more (warning)",
        ),
        Rule(
            "inherited-register",
            Severity.WARNING,
            "a function finds a value in a register only because its caller left it there",
        ),
        Rule("never-written", Severity.ERROR, "a register is read that nothing can have written"),
        Rule(
            "perhaps-not-written",
            Severity.WARNING,
            "a register is read that some path to the instruction has not written",
        ),
        Rule("unreachable", Severity.WARNING, "instructions that no path leads to"),
        Rule("runs-into-function", Severity.WARNING, "one function runs on into the next"),
        Rule(
            "runs-off-the-end",
            Severity.WARNING,
            "the last instruction can be passed, which ends the program without a value",
        ),
        Rule("function-out-of-range", Severity.ERROR, "a function begins outside the program"),
        Rule(
            "duplicate-function",
            Severity.WARNING,
            "a name stands twice in the function table, and calls reach only the last",
        ),
        Rule("impossible-cast", Severity.ERROR, "a CAST to a type that no value can be cast to"),
        Rule("division-by-zero", Severity.ERROR, "the divisor is surely zero"),
        Rule(
            "empty-range", Severity.ERROR, "an assertion asks for an int in a range that holds none"
        ),
        Rule(
            "phi-label", Severity.WARNING, "a PHI waits for a jump from a place where there is none"
        ),
    )
}


@dataclass(frozen=True)
class Violation:
    """One thing the verifier found.

    code: str, a key of RULES
    function: str, where it is; START before the first function
    instruction: int, or None if it is about the function as such
    text: str, the disassembled instruction, else empty
    """

    severity: Severity
    code: str
    message: str
    function: str
    instruction: int | None
    text: str

    @property
    def location(self) -> str:
        """Where it is, for people."""
        return self.function if self.instruction is None else f"{self.function} {self.instruction}"
