"""What some tests need beside Python."""

from __future__ import annotations

import shutil

import pytest

needs_gcc = pytest.mark.skipif(not shutil.which("gcc"), reason="no gcc")
