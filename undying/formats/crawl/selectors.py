"""What the archivist says about a skin: a file `crawl.selectors` beside the crawl, with lines "story = #main .text".

Simple CSS: a tag, `#id`, `.class`, and one inside the other. Enough to point at a box, and nothing that can run.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from undying.formats import Unreadable
from undying.formats.crawl.page import elements_at

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from undying.formats.safety import Element

NAME = "crawl.selectors"
WHAT = ("story", "title", "chapter")
_LARGEST = 64 * 1024
_STEP = re.compile(r"(?P<tag>[a-zA-Z][\w-]*|\*)?(?P<rest>(?:[#.][\w-]+)*)")


@dataclass(frozen=True, slots=True)
class Selectors:
    """An XPath for each thing that the archivist pointed at."""

    paths: Mapping[str, str] = field(default_factory=dict)

    def first(self, root: Element, what: str) -> Element | None:
        """The first element that is pointed at, None without one."""
        found = self.all(root, what)
        return found[0] if found else None

    def all(self, root: Element, what: str) -> list[Element]:
        path = self.paths.get(what)
        return elements_at(root, path) if path else []


def selectors_in(path: Path) -> Selectors:
    """Reads the file. Raises Unreadable, naming the line."""
    if path.stat().st_size > _LARGEST:
        raise Unreadable(
            f"{path.name} is larger than {_LARGEST:,} bytes; it should hold a few lines like “story = #main”."
        )
    paths: dict[str, str] = {}
    for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), start=1):
        name, mark, value = (part.strip() for part in line.partition("="))
        if not line.strip() or line.lstrip().startswith("//"):
            continue
        if not mark or name not in WHAT:
            raise Unreadable(f"{path.name}, line {number}: write one of {', '.join(WHAT)}, “=” and a selector.")
        paths[name] = _xpath(value, f"{path.name}, line {number}")
    return Selectors(paths)


def _xpath(selector: str, where: str) -> str:
    steps = []
    for step in selector.split():
        match = _STEP.fullmatch(step)
        if not match or not step:
            raise Unreadable(f"{where}: “{selector}” is not understood; use tags, #ids and .classes, parted by spaces.")
        conditions = ""
        for mark, name in re.findall(r"([#.])([\w-]+)", match["rest"]):
            conditions += (
                f"[@id='{name}']"
                if mark == "#"
                else f"[contains(concat(' ', normalize-space(@class), ' '), ' {name} ')]"
            )
        steps.append(f"//{match['tag'] or '*'}{conditions}")
    if not steps:
        raise Unreadable(f"{where}: there is no selector behind “=”.")
    return "".join(steps)
