"""`python3 -m pymdvm` is the command `mdvm`."""

from pymdvm.commands import main

if __name__ == "__main__":
    main()
