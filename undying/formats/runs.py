"""Runs of formatted text -> inline markup, and footnotes: what the readers of word processors' files share."""

from __future__ import annotations

import html
import re

PLAIN: frozenset[str] = frozenset()
_ORDER = ("strong", "em", "u", "s", "sup", "sub")


class Line:
    """One paragraph under construction: runs of text, each with the set of inline elements that it stands in."""

    def __init__(self) -> None:
        self._markup: list[str] = []
        self._open: list[str] = []

    def add(self, text: str, style: frozenset[str] = PLAIN) -> None:
        """Append text in a style. White space between two italic runs keeps the italics open."""
        if text:
            self._turn_to(self._settled(text, style))
            self._markup.append(html.escape(text, quote=False))

    def add_markup(self, markup: str) -> None:
        """Append what is markup already (a line break, a footnote's mark) inside whatever is open."""
        self._markup.append(markup)

    def end_styles(self) -> None:
        """Close what is open: markup that follows stands outside."""
        self._turn_to(PLAIN)

    def markup(self) -> str:
        """The whole paragraph's inside, every element closed."""
        self._turn_to(PLAIN)
        return "".join(self._markup).strip(" \n")

    def _settled(self, text: str, style: frozenset[str]) -> frozenset[str]:
        return frozenset(self._open) if text.isspace() and frozenset(self._open) > style and "u" not in style else style

    def _turn_to(self, style: frozenset[str]) -> None:
        keep = 0
        while keep < len(self._open) and self._open[keep] in style:
            keep += 1
        self._markup += [f"</{name}>" for name in reversed(self._open[keep:])]
        del self._open[keep:]
        for name in _ORDER:
            if name in style and name not in self._open:
                self._markup.append(f"<{name}>")
                self._open.append(name)


def paragraph(inside: str, *, heading: int = 0, alignment: str = "") -> str:
    """A paragraph or a heading as an element; "" when nothing is in it. A heading's own bold says nothing new."""
    if not inside:
        return ""
    name = f"h{min(heading, 6)}" if heading else "p"
    shown = re.sub(r"</?strong>", "", inside) if heading else inside
    opening = f'{name} class="align-{alignment}"' if alignment in {"center", "right", "justify"} else name
    return f"<{opening}>{shown}</{name}>"


class Footnotes:
    """The footnotes of one document, numbered as they come."""

    def __init__(self) -> None:
        self.by_id: dict[str, str] = {}

    def mark(self) -> tuple[int, str]:
        """The next number, and the markup of the mark in the text."""
        number = len(self.by_id) + 1
        self.by_id[f"note-{number}"] = ""
        return number, f'<sup><a href="#note-{number}">{number}</a></sup>'

    def put(self, number: int, markup: str) -> None:
        """The text of a footnote, as paragraphs."""
        self.by_id[f"note-{number}"] = note_block(f"note-{number}", str(number), markup)


def note_block(identity: str, mark: str, markup: str) -> str:
    """A footnote's text behind its mark, where the mark in the text can lead to."""
    first = re.match(r"<p\b[^>]*>", markup)
    rest = markup[first.end() :] if first else f"{markup}</p>"
    return f'<p id="{identity}"><sup>{mark}</sup> {rest}'
