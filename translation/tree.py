"""Which RPython this is, found out by looking into it: its name, and what it has."""

import os
import subprocess
import time

import rpython

FOLDER = os.path.dirname(os.path.abspath(rpython.__file__))


def has_text(path, text):
    """path: str, a file within RPython -> bool, whether that text is in it."""
    try:
        with open(os.path.join(FOLDER, *path.split("/"))) as source:
            return text in source.read()
    except IOError:
        return False


def tree_name():
    """-> str, what --version says of it: a release's version, a source tree's commit, or the day of its
    newest file where it has no history.
    """
    release = _release()
    if release:
        return "RPython " + release
    commit = _commit()
    return "RPython of PyPy " + (commit or _newest_day())


def _release():
    """-> str, as a package's metadata has it; a source tree has none."""
    metadata = os.path.join(os.path.dirname(FOLDER), "PKG-INFO")
    if os.path.exists(metadata):
        with open(metadata) as lines:
            for line in lines:
                if line.startswith("Version:"):
                    return line.split()[1]
    return ""


def _commit():
    """-> str, the checked out commit, if the tree is at the top of a repository."""
    top = os.path.dirname(FOLDER)
    if not os.path.exists(os.path.join(top, ".git")):
        return ""
    try:
        command = ["git", "-C", top, "rev-parse", "--short=12", "HEAD"]
        return subprocess.check_output(command).strip()
    except (OSError, subprocess.CalledProcessError):
        return ""


def _newest_day():
    newest = 0
    for folder, _, names in os.walk(FOLDER):
        for name in names:
            if name.endswith(".py"):
                newest = max(newest, os.path.getmtime(os.path.join(folder, name)))
    return time.strftime("%Y-%m-%d", time.gmtime(newest))
