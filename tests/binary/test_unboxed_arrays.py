"""Arrays of unboxed ints, floats and bools: what was never stored is Empty there too, in the
translated VM as elsewhere.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.binary.binary import JIT_MODES, assert_ends, run_text

ELEMENTS = {
    "int": ("7", "Int(7)"),
    "float": ("2.5", "Float(2.5)"),
    "bool": ("true", "Bool(true)"),
    "string": ('"s"', 'String("s")'),
}


@pytest.mark.parametrize("mode", JIT_MODES)
@pytest.mark.parametrize("kind", ELEMENTS)
def test_what_was_never_stored_is_empty(kind: str, mode: str, tmp_path: Path) -> None:
    constant, shown = ELEMENTS[kind]
    text = f"""
        LOAD_CONST   r0, 3
        LOAD_CONST   r1, 1
        LOAD_CONST   r2, {constant}
        LOAD_CONST   r6, 0
        LOAD_CONST   r8, 20
    again:
        NEW_ARRAY    r3, r0
        ARRAY_SET    r3, r1, r2
        MOVE         r4, r3
        ARRAY_GET    r5, r4, r6
        SUB          r8, r8, r1
        JUMP_IF      r8, again
        DEBUG_PRINT  r4
        ARRAY_SET    r4, r1, r7
        NEW_ARRAY    r3, r0
        EQ           r5, r3, r4
        DEBUG_PRINT  r5
    """
    assert_ends(
        run_text(tmp_path, text, *JIT_MODES[mode]),
        f"Array([Empty, {shown}, Empty])\ntrue\n".encode(),
    )


@pytest.mark.parametrize("mode", JIT_MODES)
def test_what_was_never_stored_stays_empty_when_the_array_changes_its_storage(
    mode: str, tmp_path: Path
) -> None:
    for constant, shown in ELEMENTS.values():
        text = f"""
            LOAD_CONST   r0, 3
            LOAD_CONST   r1, 1
            LOAD_CONST   r2, {constant}
            LOAD_CONST   r3, 0
            NEW_ARRAY    r4, r0
            ARRAY_SET    r4, r3, r2
            ARRAY_SET    r4, r1, r4
            RETURN       r4
        """
        inner = f"Array([{shown}, Empty, Empty])"
        assert_ends(
            run_text(tmp_path, text, *JIT_MODES[mode]),
            f"Result: Array([{shown}, {inner}, Empty])\n".encode(),
        )
