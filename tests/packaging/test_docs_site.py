"""The documentation: its links lead somewhere, and the site can be built and searched."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

import docs_site
import pymdvm
from bootstrap import docs
from layout import TOP, ToolchainError
from pymdvm.assembler import assemble
from pymdvm.bytecode import write
from tests.packaging.made_once import made_once

PAGES = [*(TOP / name for name in docs_site.PAGES), *sorted((TOP / "docs").glob("*.md"))]


@pytest.mark.parametrize("page", PAGES, ids=[page.name for page in PAGES])
def test_links_lead_to_files_of_the_repository(page: Path) -> None:
    missing = [str(target) for target in docs_site.linked_files(page) if not target.is_file()]
    assert missing == []


def named_files(text: str) -> set[str]:
    """The source files that a text names, by their paths or the ends of them."""
    return set(re.findall(r"`([\w/.-]+\.(?:py|c|h|mdasm))`", text))


def test_files_that_the_documents_name_are_there() -> None:
    folders = ("bench", "examples", "include", "mdvm", "pymdvm", "tests", "tools", "translation")
    there = [path for folder in folders for path in (TOP / folder).rglob("*.*")]
    known = {f"/{path.relative_to(TOP)}" for path in [*there, *TOP.glob("*.py")]}
    missing = {
        (page.name, name)
        for page in PAGES
        for name in named_files(page.read_text("utf-8"))
        if not any(path.endswith(f"/{name}") for path in known)
    }
    of_others = {
        ("rpython-faults.md", "rlib/rbigint.py"),
        ("rpython-faults.md", "virtualstate.py"),
        ("other-rpythons.md", "pytest.py"),
        ("other-rpythons.md", "reghint.py"),
        ("other-rpythons.md", "llsupport/regalloc.py"),
        ("README.md", "Python.h"),
        ("python.md", "Python.h"),
    }
    assert missing - of_others == set()


def test_links_are_seen(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(
        "[a](a.md#part) ![b](b.png) [c](https://example.org/c) [d](#d)\n```\n[e](e.md)\n```\n"
    )
    assert [target.name for target in docs_site.linked_files(page)] == ["a.md", "b.png"]


def test_the_first_example_of_the_readme(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    if pymdvm.engine_name() != "native":
        pytest.skip("a million calls take minutes without libmdvm")
    block = re.findall(r"^```python\n(.*?)^```$", (TOP / "README.md").read_text(), re.M | re.S)[0]
    content = write(assemble((TOP / "examples" / "fibonacci.mdasm").read_text()))
    (tmp_path / "program.mdbc").write_bytes(content)
    monkeypatch.chdir(tmp_path)
    *beginning, call = block.strip().splitlines()
    names: dict[str, object] = {}
    exec("\n".join(beginning), names)
    assert capfd.readouterr().out == "0 1 1 2 3 5 8 13 21 34\n"
    expected = int(re.findall(r": (\d+)$", call)[0])
    assert eval(call.partition("#")[0], names) == expected


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The built site. Its packages come from the index of packages; without them there is none."""
    try:
        docs()
    except ToolchainError as error:
        pytest.skip(f"mkdocs cannot be had: {error}")
    return made_once(tmp_path_factory, "docs", lambda top: docs_site.build(top / "site")) / "site"


@pytest.mark.network
def test_the_site_has_every_page(site: Path) -> None:
    expected = {"index.html", "CONTRIBUTING.html", "docs/reference.html", "docs/performance.png"}
    expected |= {f"docs/{page.stem}.html" for page in PAGES if page.parent.name == "docs"}
    there = {str(path.relative_to(site)) for path in site.rglob("*") if path.is_file()}
    assert sorted(expected - there) == []
    assert "docs/python.html" in (site / "index.html").read_text("utf-8")


@pytest.mark.network
def test_the_site_can_be_searched(site: Path) -> None:
    index = json.loads((site / "search" / "search_index.json").read_text("utf-8"))
    found = {
        entry["location"].partition("#")[0] for entry in index["docs"] if "Fork" in entry["text"]
    }
    assert "docs/architecture.html" in found


@pytest.mark.network
def test_the_reference_has_what_the_package_exports(site: Path) -> None:
    page = (site / "docs" / "reference.html").read_text("utf-8")
    for name in (
        "program.Program.call",
        "program.load",
        "errors.LimitError",
        "bytecode.codec.read",
    ):
        assert f'id="pymdvm.{name}"' in page
    assert "A loaded program: made by" in page


@pytest.mark.network
def test_a_link_to_nowhere_ends_the_build(
    site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gather = docs_site.gather

    def gather_and_break(top: Path, folder: Path) -> None:
        gather(top, folder)
        with (folder / "SECURITY.md").open("a") as page:
            page.write("\n[nowhere](docs/security.md#no-such-part)\n")

    monkeypatch.setattr(docs_site, "gather", gather_and_break)
    with pytest.raises(ToolchainError, match="no-such-part"):
        docs_site.build(tmp_path / "site")
