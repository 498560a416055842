"""The kinds of limits that a run can go beyond, and what stands for no limit.  interruption.h knows
TIMEOUT and ENDED.
"""

UNLIMITED = 0x7FFFFFFFFFFFFFFF

NO_KIND = 0
INSTRUCTIONS = 1
TIMEOUT = 2
ENDED = 3  # by a handle
MEMORY = 4
OUTPUT_SIZE = 5
