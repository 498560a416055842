"""The exit statuses of the commands in this package; docs/command-line.md promises them."""

from __future__ import annotations

SUCCESS = 0
FAILED = 1  # something is wrong with the program or the file
WRONG_USAGE = 2  # of the command line; of `build` and `asm` also a file that cannot be used
INTERRUPTED = 130  # by Ctrl-C, as a shell has it: 128 and the number of the signal
