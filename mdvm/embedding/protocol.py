"""The numbers that an embedding process and the VM exchange.

Values travel as bytes, in words of eight bytes, signed and little-endian. A value is its tag and
then what the tag says; text is padded with zeros to whole words. Both sides import this module, so
it imports nothing but other numbers.
"""

from mdvm.system.limit_kinds import ENDED as ENDED
from mdvm.system.limit_kinds import INSTRUCTIONS as INSTRUCTIONS
from mdvm.system.limit_kinds import MEMORY as MEMORY
from mdvm.system.limit_kinds import NO_KIND as NO_KIND
from mdvm.system.limit_kinds import OUTPUT_SIZE as OUTPUT_SIZE
from mdvm.system.limit_kinds import TIMEOUT as TIMEOUT

# Tags of values, and what follows them.
EMPTY = 0
FALSE = 1
TRUE = 2
INT = 3  # the int
FLOAT = 4  # the bits of the float
STRING = 5  # how many bytes; the bytes, UTF-8
ARRAY = 6  # how many elements; the elements, values
INTS = 7  # how many elements of an array that holds only ints; the ints
FLOATS = 8  # the same of floats; their bits
DICT = 9  # how many entries; each entry: how many bytes the key has; its bytes; a value
FUNCTION = 10  # how many bytes its name has; its bytes
URL = 11  # as STRING
MAP = 12  # how many entries of a dict with any keys; each entry: the key, a value; a value
SET = 13  # how many members; the members, values
MARSHALLED = 14  # how many bytes; these, as marshal.dumps(value, 4) of CPython makes them
# Only of arguments: how many elements; where in the memory of the process they are, which stays
# there until the run is over. Ints of 64 bits, floats of as many, bytes of which one that is not 0
# is true.
INTS_AT = 15
FLOATS_AT = 16
BOOLS_AT = 17

WORD = 8  # bytes

MOST_ARGUMENTS = 255  # of a call: a file counts them in one byte

# How a call of the VM ended, and what its answer then is.
NO_VALUE = 0  # no answer: the program ended without a value
VALUE = 1  # the value
LOAD_ERROR = 2  # a string, the error's text
RUN_ERROR = 3  # these two tell of errors at run time: see FIRST_FRAME
LIMIT_ERROR = 4
OUTPUT_FAILED = 6  # no answer: the sink of the output wants no more of it
FAILED = 7  # a string: the VM itself could not go on
REFUSED = 8  # no answer, nothing was run: an argument is not to be MARSHALLED

# An error at run time is an array: its text, how many outer frames are left out, the kind of limit
# that the program went beyond, and from here on, for each frame from the innermost, the function's
# name and the index of the instruction.
FIRST_FRAME = 3

# A call that is not over, or has not begun.  embedding.c gives these.
OUTPUT = -10  # there is output to be taken; then the call goes on
POLL = -11  # the call makes room for the handlers of signals; then it goes on
# another thread is in the VM: the handlers may run, then the call is to be made again
WAITING = -12
NESTED = -13  # this thread is in the VM already, with another call
TIMED_OUT = -14  # the deadline was over while another thread was in the VM
ENDED_WAITING = -15  # the handle was ended meanwhile
UNWATCHED = -16  # there can be no thread that watches over the limits
GONE = -18  # nothing has paused
LOST = -17  # another thread was amid the VM when this process was forked, and is not here
# another thread is in the VM, takes output, and waits for a thread, which may be this one
STUCK = -19

# a function of the embedding process is called: an array of its number among those that were given
# for the run, and the arguments; then the call goes on with its result
HOST_CALL = -21
AGAIN = -1  # in the place of the number: the last result is not to be MARSHALLED
CROSSED = -22  # not that call is the last one to have paused
CLOSED = -23  # this copy of the VM is at its end

# What to make of a program before it is run, bits that are added.
DEBUG = 1  # print every instruction
COUNT = 2  # count instructions
LIMIT_DEPTH = 4  # fail beyond a number of nested calls
LIMIT_INSTRUCTIONS = 8  # fail beyond a number of instructions; takes COUNT
# do not use what the JIT has compiled for runs without this bit: the JIT is off
OWN_COMPILED_CODE = 16
DEBUG_FORM = 32  # the answer of VALUE is a string, the value's debug form
PROFILE = 64  # take samples where they are requested
# keep global variables readable at every moment, for the question GLOBALS after an error
KEEP_GLOBALS = 128
# the same as OWN_COMPILED_CODE, for other parameters of the JIT than the usual ones
TUNED_CODE = 256
COUNT_ALLOCATIONS = 512  # count what the run makes, see mdvm/system/allocations.py
# Added to these bits, or to what is asked of the VM: the call belongs to what has begun with
# mdvm_hold. Any other call is NESTED while its thread is in the VM, unless a function of the
# embedding process makes it: it comes from the handler of a signal, amid that.
HELD = 1024

NO_PROGRAM = -1  # in the place of a handle
# The handles of instances, which can be run, dropped and asked for GLOBALS as programs can, begin
# here.
FIRST_INSTANCE = 1 << 24
START = -1  # in the place of a function's number: where the program begins

# What can be asked about a program, and what the answer is.
FUNCTIONS = 0  # a dict: for each name, [number, index of its first instruction]
CONSTANTS = 1  # an array of the pool
LISTING = 2  # a string, the disassembly
CONTENT = 3  # not a value, but the bytes of the file
# [runs, instructions counted, microseconds, loops compiled, bridges compiled, peak memory in KiB,
# containers copied because they were shared, their elements, runs with COUNT_ALLOCATIONS that could
# count, ints made in these, floats, frames, bytes of memory]
STATISTICS = 4
SHAPE = 5  # [number of instructions, name, version]
# those of the last run with PROFILE, see mdvm.debugging.profiler, one after the other: an array of
# ints
SAMPLES = 6
# a dict: the global variables, by name, as the last run left them; with bytes, only the one of that
# name, if there is one
GLOBALS = 7

# what the last run with PROFILE copied because it was shared: an array of ints, an instruction, how
# many containers, how many elements, and so on
COPIES = 8

# What can be asked of the VM, with a number and bytes that go with it.  -1 and a string as the
# answer, if there is no memory for them.
# bytes of a file; a handle to drop before, or NO_PROGRAM -> a handle, or -1 and a string as the
# answer
LOAD = 0
LOAD_FILE = 1  # bytes of a path; the same -> the same
DROP = 2  # a handle
SET_MAX_INSTRUCTIONS = 3  # how many
SET_MAX_DEPTH = 4  # how many nested calls
SET_JIT = 5  # bytes of a text -> 1 if it is right
EXECUTED = 6  # a handle -> how many instructions of it were counted in all
# how many bytes the next run may add to those in use when it begins; beyond that it is LIMIT_ERROR
SET_MAX_MEMORY = 7
SET_MAX_OUTPUT = 8  # how many bytes the next run may print
# -> 1 if there is a JIT, 0 if the system does not let this process make code
MAY_COMPILE = 9
# how many functions the next run can call of the embedding process; their names, strings
SET_FUNCTIONS = 10
NEW_INSTANCE = 11  # the handle of a program -> a handle, of one whose global variables are kept
# the handle of an instance; the name of a global variable, a string, and its value -> 1, 0 if the
# program has none of that name, REFUSED as of a run
SET_GLOBAL = 12
ASK = 16  # and a question added to it; a handle -> an answer
