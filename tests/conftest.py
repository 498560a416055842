"""What holds for every suite, under Python 2.7 too."""

import signal


def pytest_configure():
    # type: () -> None
    """Programs that tests start can be interrupted, also where this pytest was started in the
    background by a shell, which makes everything that it starts ignore SIGINT.
    """
    if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
