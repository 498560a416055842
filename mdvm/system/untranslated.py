"""Running the VM untranslated, as `python3 -m mdvm.main prog.mdbc`.  Plain Python, never
translated.
"""

import os
import sys
import threading

from mdvm.system.latin1 import from_bytes

# A call in the program takes five Python calls here; Python's own limit would be reached after two
# hundred of them.
RECURSION_LIMIT = 60000
STACK_SIZE = 512 << 20


def call_with_deep_stack(function, *arguments):
    """Calls function(*arguments) where deep recursion of programs is possible.  -> what it
    returns.
    """
    outcome = []

    def target():
        outcome.append(function(*arguments))

    limit = sys.getrecursionlimit()
    previous = threading.stack_size(STACK_SIZE)
    sys.setrecursionlimit(RECURSION_LIMIT)
    try:
        thread = threading.Thread(target=target)
        thread.daemon = True
        thread.start()
        while thread.is_alive():
            thread.join(0.5)  # with a timeout, so that Ctrl-C is seen
    finally:
        sys.setrecursionlimit(limit)
        threading.stack_size(previous)
    return outcome[0]


def run_main(main):
    """main: mdvm.main.main.  Runs it with this process's arguments and exits with its status."""
    if str is bytes:
        arguments = sys.argv
    else:
        arguments = [from_bytes(os.fsencode(argument)) for argument in sys.argv]
    try:
        status = call_with_deep_stack(main, arguments)
    except KeyboardInterrupt:
        status = 130
    sys.stdout.flush()
    os._exit(status)
