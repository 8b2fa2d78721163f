"""A run: one paragraph, heading or other line of text while it is being written."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from undying.manuscript._marks import Mark

if TYPE_CHECKING:
    from collections.abc import Iterator

Marks = tuple[Mark, ...]

NBSP = "&nbsp;"

_TAG = re.compile(r"<[^>]*>")
_SIGNS = r"[*~#•·⁂❦❧☙❀✿✾✻✽❁❃❋✦✧★☆◆◇◊○●∞♥♡❤☾☽※†‡§¤×]"
_RULES = r"[-_=+–—―/\\^.:|]"
_ORNAMENT = re.compile(
    rf"(?=.*{_SIGNS})(?:{_SIGNS}|{_RULES}|\s|&lt;|&gt;)+|(?:[-_=+–—―]\s*){{3,}}|(?:[/\\^|]\s*){{3,}}"
)
_LETTERS = re.compile(r"[-_=+–—~*•.\s]*(?:[oO0]+|[xX]+)(?:[-_=+–—~*•.\s]*(?:[oO0]+|[xX]+))*[-_=+–—~*•.\s]*")
_TAG_AND_TEXT = re.compile(r"(<[^>]*>)([^<]*)")
_FEWEST_LETTERS = 3
_FEWEST_SIGNS = 2
_LONGEST_SCENE_BREAK = 80
_EDITORS_SPACE = re.compile(r"(?<!&nbsp;)(?<! )(?:&nbsp; | &nbsp;)(?!&nbsp;)(?! )")
_LEADING = re.compile(r"(?:&nbsp;| )+")
_RUBY = re.compile(r"(<ruby[^>]*>)(.*?)</ruby>", re.DOTALL)
_RUBY_CHILDREN = re.compile(r"(?:b+(?:t|ptp)+)+")


class Run:
    """Text with its inline markup, in canonical form: each mark opens at its first character and space is folded.

    Spaces, breaks and indents wait until text follows, so that none is left at either end.
    """

    __slots__ = (
        "attributes",
        "auto",
        "blank",
        "breaks",
        "ident",
        "indent",
        "lead",
        "many_lines",
        "open",
        "owner",
        "pieces",
        "space",
        "start",
        "tag",
    )

    def __init__(self, tag: str, attributes: str = "", ident: str = "", owner: object = None) -> None:
        self.tag = tag
        self.attributes = attributes
        self.ident = ident
        self.owner = owner
        self.auto = owner is None
        self.pieces: list[str] = []
        self.open: Marks = ()
        self.space: Marks | None = None
        self.breaks = 0
        self.indent = ""
        self.lead = -1
        self.start = True
        self.blank = True
        self.many_lines = False

    @property
    def splits(self) -> bool:
        """Whether two line breaks in a row begin a new one; a heading goes on instead."""
        return self.tag == "p"

    def add_break(self) -> None:
        """A line break, or in `pre` a new line. What was only space before it is no indent any more."""
        self.indent = ""
        self.space = None
        if self.start:
            return
        self.breaks += 1

    def add_space(self, marks: Marks) -> None:
        """A space, if text follows on the same line."""
        if not self.start and not self.breaks and self.space is None:
            self.space = marks

    def add_object(self, markup: str, marks: Marks) -> int:
        """An image: it stands like a word. Returns how long the reopened marks were."""
        length = self._settle(marks)
        self.pieces.append(markup)
        self.start = self.blank = False
        return length

    def add_optional_break(self) -> None:
        """`<wbr>` means something only inside a line."""
        if not self.start and not self.breaks and self.space is None:
            self.pieces.append("<wbr>")

    def add_text(self, text: str, marks: Marks, anchors: list[str]) -> int:
        """Text whose inner spaces are folded already. Takes the waiting anchors; returns as `add_object` does."""
        if text[0] == " ":
            self.add_space(marks)
            text = text[1:]
        if NBSP in text:
            text = self._without_editors_nbsp(text)
            if not text:
                return 0
        ends_in_space = text[-1] == " "
        if ends_in_space:
            text = text[:-1]
        length = self._settle(marks)
        if anchors:
            self.place(anchors)
        self.pieces.append(text)
        self.start = self.blank = False
        if ends_in_space:
            self.space = marks
        return length

    def add_preformatted(self, text: str, marks: Marks, anchors: list[str]) -> int:
        """Text of a `pre`, space and all. The parser eats a first new line, so none may be there."""
        if self.start:
            text = text.lstrip("\n")
        if self.breaks:
            text = "\n" * self.breaks + text
            self.breaks = 0
        if not text:
            return 0
        length = self._sync(marks)
        self.place(anchors)
        self.pieces.append(text)
        self.start = False
        self.blank = self.blank and not text.replace(NBSP, "").strip()
        return length

    def finished(self) -> str:
        """The inside, all marks closed. A hard-space indent is kept in verse only: the theme indents paragraphs."""
        if self.lead >= 0 and not self.many_lines:
            self.pieces[self.lead] = ""
        self._sync(())
        inside = "".join(self.pieces)
        if "<ruby" in inside:
            inside = _RUBY.sub(_sound_ruby, inside)
        return inside.rstrip() if self.tag == "pre" else inside

    def _without_editors_nbsp(self, text: str) -> str:
        """Editors write two spaces as one plain and one hard; runs at the start of a line are indents."""
        text = _EDITORS_SPACE.sub(" ", text)
        if not (self.start or self.breaks):
            return text
        lead = _LEADING.match(text)
        if lead is None:
            return text
        self.indent += lead[0].replace(" ", "")
        return text[lead.end() :]

    def _settle(self, marks: Marks) -> int:
        """Write what waited (breaks, indent, one space) and open the marks."""
        if self.breaks:
            self._sync(_shared(self.open, marks))
            self.pieces.append("<br>" * min(self.breaks, 2))
            self.breaks = 0
            self.many_lines = True
        elif self.space is not None:
            self._sync(_shared(self.open, self.space))
            self.pieces.append(" ")
        self.space = None
        length = self._sync(marks)
        if self.indent:
            if self.start:
                self.lead = len(self.pieces)
            self.pieces.append(self.indent)
            self.indent = ""
        return length

    def place(self, anchors: list[str]) -> None:
        if anchors:
            self.pieces.extend([f'<span id="{ident}"></span>' for ident in anchors])
            anchors.clear()

    def _sync(self, marks: Marks) -> int:
        """Close and open until exactly `marks` are open; returns the length of what was opened."""
        if self.open is marks:
            return 0
        keep = len(_shared(self.open, marks))
        self.pieces.extend([f"</{mark.tag}>" for mark in reversed(self.open[keep:])])
        length = 0
        for mark in marks[keep:]:
            ident = f' id="{mark.ident}"' if mark.ident else ""
            mark.ident = ""
            self.pieces.append(f"<{mark.tag}{mark.attributes}{ident}>")
            length += len(self.pieces[-1])
        self.open = marks
        return length


def is_scene_break(inside: str) -> str:
    """The ornament, if a paragraph holds nothing else; otherwise "".

    Words are never one: "xxx" closes a letter, "..." is silence in a dialogue.
    """
    text = _TAG.sub("", inside) if "<" in inside else inside
    if len(text) > _LONGEST_SCENE_BREAK or "<img" in inside or "<span id" in inside:
        return ""
    text = " ".join(text.replace(NBSP, " ").split())
    return text if _ORNAMENT.fullmatch(text) or _is_lettered(text) else ""


def _is_lettered(text: str) -> bool:
    """oOo, xXx, -x-, o0o: by mixed case or by the signs around; not "xxx" and not "oo"."""
    if not _LETTERS.fullmatch(text):
        return False
    letters = re.sub(r"[^oO0xX]", "", text)
    signs = len(re.sub(r"[\soO0xX.]", "", text))
    is_mixed = len(letters) >= _FEWEST_LETTERS and len(set(letters)) > 1
    return letters.strip("0") != "" and (is_mixed or signs >= _FEWEST_SIGNS)


def _shared(one: Marks, other: Marks) -> Marks:
    if one is other:
        return one
    count = 0
    for left, right in zip(one, other, strict=False):
        if left is not right:
            break
        count += 1
    return one[:count]


def _sound_ruby(found: re.Match[str]) -> str:
    """Ruby as EPUB's schema wants it: text, then its readings. Anything else is kept as text without the layout."""
    if _RUBY_CHILDREN.fullmatch("".join(_ruby_children(found[2]))):
        return found[0]
    return re.sub(r"</?(?:ruby|rb|rt|rp)\b[^>]*>", "", found[0])


def _ruby_children(inside: str) -> Iterator[str]:
    """One letter for each child: t for rt, p for rp, b for any base."""
    depth = 0
    for tag, text in _TAG_AND_TEXT.findall("<>" + inside):
        if tag.startswith("</"):
            depth -= 1
        elif tag != "<>" and not tag.startswith(("<br>", "<img", "<wbr>")):
            if depth == 0:
                yield {"<rt": "t", "<rp": "p"}.get(tag[:3], "b")
            depth += 1
        if depth == 0 and text.strip():
            yield "b"
