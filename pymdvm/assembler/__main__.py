"""`python3 -m pymdvm.assembler`: see command.py."""

from __future__ import annotations

import sys

from pymdvm.assembler.command import main

sys.exit(main())
