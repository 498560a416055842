"""Installs the languages that mdvm-c is compared with, as far as Debian has them.

python3 -m bench.peers_of_debian
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

from bench import contestants as who

# Of each peer, its package.
PACKAGES = {
    who.C: "gcc",
    who.LUAJIT: "luajit",
    who.LUA: "lua5.4",
    who.PYPY: "pypy3",
    who.NODE: "nodejs",
}


def main() -> int:
    wanted = [package for name, package in PACKAGES.items() if not who.is_there(name)]
    if not who.is_there(who.PUBLISHED):
        print("the published VM comes with the differential tests: make test-differential")
    if not wanted:
        print(f"{', '.join(PACKAGES)} are there")
        return 0
    command = ["apt-get", "install", "-y", "--no-install-recommends", *wanted]
    if not shutil.which("apt-get"):
        print(
            f"there is no apt-get here; install {', '.join(wanted)} in this system's way",
            file=sys.stderr,
        )
        return 1
    if os.geteuid() != 0:
        print(f"this needs root: sudo {' '.join(command)}", file=sys.stderr)
        return 1
    return subprocess.run(command).returncode


if __name__ == "__main__":
    sys.exit(main())
