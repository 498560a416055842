"""Programs that wait for a person, for days if it must be: stopped, stored, and gone on with.

    python3 examples/approvals.py start 300          a request for 300
    python3 examples/approvals.py answer 1 manager yes
    python3 examples/approvals.py go                 goes on with every request that waits

A request is a run of a program. Whom it asks has not answered yet, so the function that it calls
raises an exception, which ends the run; its journal is stored. `go` makes the run again: what was
answered before comes out of the journal, what was printed is not printed again.
"""

from __future__ import annotations

import sqlite3
import sys

import pymdvm
from pymdvm.assembler import assemble
from pymdvm.bytecode import write

# Asks the manager about more than 100, and the owner too about more than 1000.
PROGRAM = """
.func request
    LOAD_CONST   r1, 100
    LTE          r2, r0, r1
    JUMP_IF      r2, granted
    LOAD_CONST   r3, "Approval is needed"
    DEBUG_PRINT  r3
    LOAD_CONST   r4, "approved by"
    LOAD_CONST   r5, "manager"
    CALL         r6, r4(r5)
    JUMP_IF_NOT  r6, refused
    LOAD_CONST   r1, 1000
    LTE          r2, r0, r1
    JUMP_IF      r2, granted
    LOAD_CONST   r5, "owner"
    CALL         r6, r4(r5)
    JUMP_IF_NOT  r6, refused
granted:
    LOAD_CONST   r3, "Granted"
    DEBUG_PRINT  r3
    LOAD_CONST   r0, true
    RETURN       r0
refused:
    LOAD_CONST   r3, "Refused"
    DEBUG_PRINT  r3
    LOAD_CONST   r0, false
    RETURN       r0
"""

TABLES = """
CREATE TABLE IF NOT EXISTS requests (
    id INTEGER PRIMARY KEY, amount INTEGER, journal BLOB, result TEXT
);
CREATE TABLE IF NOT EXISTS answers (request INTEGER, person TEXT, answer INTEGER);
"""


class NotAnswered(Exception):
    """A person has not answered yet."""


def go_on(database: sqlite3.Connection, request: int) -> None:
    """Go on with a request, as far as the answers let it."""
    amount, stored = database.execute(
        "SELECT amount, journal FROM requests WHERE id = ?", (request,)
    ).fetchone()
    journal = pymdvm.Journal() if stored is None else pymdvm.Journal.from_bytes(stored)

    def approved_by(person: str) -> bool:
        row = database.execute(
            "SELECT answer FROM answers WHERE request = ? AND person = ?", (request, person)
        ).fetchone()
        if row is None:
            raise NotAnswered(person)
        return bool(row[0])

    program = pymdvm.loads(write(assemble(PROGRAM)))
    result = None
    try:
        result = program.call(
            "request", amount, functions={"approved by": approved_by}, journal=journal, timeout=5
        )
    except NotAnswered as waits:
        print(f"request {request} waits for: {waits}")
    else:
        print(f"request {request} has ended with {result}")
    database.execute(
        "UPDATE requests SET journal = ?, result = ? WHERE id = ?",
        (journal.to_bytes(), None if result is None else str(result), request),
    )


def main(arguments: list[str]) -> None:
    with sqlite3.connect("approvals.sqlite") as database:
        database.executescript(TABLES)
        if arguments[:1] == ["start"] and len(arguments) == 2 and arguments[1].isdecimal():
            made = database.execute(
                "INSERT INTO requests (amount) VALUES (?)", (int(arguments[1]),)
            )
            go_on(database, made.lastrowid or 0)
        elif arguments[:1] == ["answer"] and len(arguments) == 4:
            request, person, answer = arguments[1:]
            database.execute(
                "INSERT INTO answers VALUES (?, ?, ?)", (request, person, answer == "yes")
            )
        elif arguments != ["go"]:
            sys.exit(__doc__)
        else:
            waiting = database.execute("SELECT id FROM requests WHERE result IS NULL").fetchall()
            for (request,) in waiting:
                go_on(database, request)


if __name__ == "__main__":
    main(sys.argv[1:])
