"""Chapters of docs/performance.md that are measured by themselves."""

from __future__ import annotations

from bench.workshop import TOP

KEPT = TOP / "docs" / "performance.md"


def keep(title: str, text: str) -> None:
    """Put a chapter, which begins with its title, in the place of an earlier one, or at the end."""
    page = KEPT.read_text(encoding="utf-8")
    start = page.find(title)
    if start < 0:
        page = f"{page.rstrip()}\n\n{text}"
    else:
        end = page.find("\n## ", start)
        page = page[:start] + text + ("" if end < 0 else page[end:])
    KEPT.write_text(page, encoding="utf-8")
