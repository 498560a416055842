"""The version of the VM and of the package: the one place where it is written.

CHANGELOG.md tells what each version brought. setup.py reads this file and does not import it.
"""

VERSION = "0.2.0"
