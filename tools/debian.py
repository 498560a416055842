"""Fetches Debian packages by name with apt-get, without root, and unpacks them into a folder.

apt-get gets settings, state and a cache of its own, so the machine's are neither read nor changed.
It checks the signatures as always. Where to download from is asked of the machine's own apt
configuration.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from layout import ToolchainError

# The last release of Debian with Python 2.7. All packages come from it, so that they fit each
# other, but where another is named.
SUITE = "bullseye"


def is_possible() -> bool:
    return bool(shutil.which("apt-get") and shutil.which("dpkg"))


def fetch_packages(packages: Sequence[str], scratch: Path, suite: str = SUITE) -> Path:
    """Download the packages and unpack them below `scratch`; the folder that then stands for
    their `/`.
    """
    root = scratch / "root"
    for archive in download_packages(packages, scratch, suite):
        run(["dpkg", "-x", str(archive), str(root)])
    return root


def download_packages(packages: Sequence[str], scratch: Path, suite: str = SUITE) -> list[Path]:
    """Download the packages into `scratch`, from the first archive known to apt that has them
    all.
    """
    downloads = scratch / "packages"
    downloads.mkdir()
    reasons = []
    for uri in known_archives():
        apt = private_apt(scratch, uri, suite)
        try:
            run([*apt, "update"])
            run([*apt, "download", *packages], folder=downloads)
            return sorted(downloads.glob("*.deb"))
        except ToolchainError as error:
            reasons.append(str(error))
    tried = "\n".join(reasons) or "apt-get indextargets names no package archive."
    raise ToolchainError(f"could not fetch {', '.join(packages)} with apt-get.\n{tried}")


def known_archives() -> list[str]:
    """The URIs of the package archives in the user's apt configuration, also if no index was ever
    downloaded.
    """
    form = "$(REPO_URI)|$(COMPONENT)"
    listing = run(
        ["apt-get", "indextargets", "--no-release-info", "--format", form, "Identifier: Packages"]
    )
    rows = [line.split("|") for line in listing.splitlines()]
    uris = dict.fromkeys(row[0] for row in rows if len(row) == 2 and row[1] == "main")
    return sorted(uris, key=lambda uri: "security" in uri)


def private_apt(scratch: Path, uri: str, suite: str = SUITE) -> list[str]:
    """An apt-get command that knows nothing but the suite at `uri`, and keeps all that it writes in
    `scratch`.
    """
    for folder in ("lists/partial", "archives/partial", "empty"):
        (scratch / "apt" / folder).mkdir(parents=True, exist_ok=True)
    (scratch / "apt" / "status").touch()
    sources = scratch / "apt" / "sources.list"
    sources.write_text(f"deb {_trust()}{uri} {suite} main\n")
    options = {
        "Dir::State": scratch / "apt",
        "Dir::State::status": scratch / "apt" / "status",
        "Dir::Cache": scratch / "apt",
        "Dir::Etc::SourceList": sources,
        "Dir::Etc::SourceParts": scratch / "apt" / "empty",
        "Dir::Etc::Preferences": scratch / "apt" / "no-preferences",
        "Dir::Etc::PreferencesParts": scratch / "apt" / "empty",
        "Acquire::Languages": "none",
        "Acquire::Retries": "2",
        # The suite no longer changes, so an old date is expected on its signature. The signature
        # itself is checked.
        "Acquire::Check-Valid-Until": "false",
        "APT::Update::Error-Mode": "any",
        # As root apt would switch to a user who may not write into this folder.
        "APT::Sandbox::User": "root",
    }
    command = ["apt-get", "-q", "-y"]
    for name, value in options.items():
        command += ["-o", f"{name}={value}"]
    return command


def _trust() -> str:
    """Trust Debian's own keys only, where they are installed as a file; else whatever apt
    trusts.
    """
    keyring = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
    return f"[signed-by={keyring}] " if keyring.exists() else ""


def run(command: Sequence[str], folder: Path | None = None) -> str:
    """Run apt-get or dpkg; its output, or an error with the last of what it said."""
    result = subprocess.run(
        command,
        cwd=folder,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        env={**os.environ, "LC_ALL": "C", "DEBIAN_FRONTEND": "noninteractive"},
    )
    if result.returncode:
        said = "\n".join((result.stdout + result.stderr).strip().splitlines()[-6:])
        verb = next(
            (word for word in command if word in ("update", "download", "indextargets", "-x")), ""
        )
        raise ToolchainError(f"{command[0]} {verb} failed:\n{said}")
    return result.stdout
