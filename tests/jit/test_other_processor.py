"""What a translation for another processor needs of RPython."""

import os
import subprocess
import sys

from translation.other_processor import processor_of

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

# To be executed on its own: it changes RPython for good.
CHANGE = """
from rpython.jit.backend import detect_cpu
from rpython.rlib import rtimer
from rpython.rtyper.lltypesystem import ll2ctypes
from translation.other_processor import translate_for

def load(*arguments):
    raise AssertionError("a library of the other processor is loaded")

translate_for("aarch64")
ll2ctypes.get_ctypes_callable = load
rtimer.read_timestamp()
print(detect_cpu.autodetect())
"""


def test_its_jit_is_taken_and_none_of_its_libraries_is_loaded():
    output = subprocess.check_output([sys.executable, "-c", CHANGE], cwd=TOP)
    assert output.decode().split() == ["aarch64"]


def test_the_target_is_told_which_it_is():
    assert processor_of(["--stock", "--processor=aarch64"]) == "aarch64"
    assert processor_of(["--stock"]) is None
