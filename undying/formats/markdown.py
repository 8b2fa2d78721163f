"""Markdown files (.md): CommonMark with tables, ~~strike~~, footnotes and the authors' own HTML, which is cleaned.

Two kinds: with TOML front matter between `+++` lines, which can say all that a Manuscript holds, and without, where a
block of label lines or YAML-like front matter and the headings say what they say.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from markdown_it import MarkdownIt

from undying.formats import Story, Unreadable
from undying.formats.blocks import blocks_of
from undying.formats.front_matter import FrontMatter
from undying.formats.header import is_label_line
from undying.formats.onefile import file_bytes, file_fate, file_source, file_text, title_from_name
from undying.formats.plain import About, manuscript_of
from undying.formats.runs import note_block
from undying.manuscript import NO_PROSE, Prose, RawHtml
from undying.manuscript.clean import clean
from undying.manuscript.measure import plain_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from markdown_it.rules_inline import StateInline
    from markdown_it.token import Token

    from undying.formats import Event, Reader, Request
    from undying.manuscript import Manuscript, Source

_FENCE = "+++"
_YAML = re.compile(r"---[ \t]*\n((?:[\w -]+:.*\n|[ \t]*-.*\n|[ \t]*\n){1,60}?)(?:---|\.\.\.)[ \t]*\n")
_LONGEST_HEAD = 80
_SIGNS = "[*_<`!~"
_MOST_SIGNS = 2000
_TAG = re.compile(r"</?[a-z][^>]*>", re.IGNORECASE)
"""The editor's own rule (static/js/editor/markup.js): what it takes for markup is markup here."""
_NOTE = re.compile(r"\[\^([^\]\s]{1,80})\]")
_NOTE_TEXT = re.compile(r" {0,3}\[\^([^\]\s]{1,80})\]:[ \t]*(.*)")


class _MarkdownReader:
    name = "Markdown"

    def claims(self, path: Path, head: bytes) -> bool:  # noqa: ARG002  the protocol's
        return path.suffix.lower() in {".md", ".markdown", ".mdown", ".mkd"}

    def read(self, path: Path, request: Request) -> Iterator[Event]:
        data = file_bytes(path)
        text, remark = file_text(data, path.name)
        if remark:
            yield remark
        source = file_source(data, request)
        if text.startswith(_FENCE + "\n"):
            manuscript = _with_front_matter(text, path, source)
        else:
            manuscript = _without_front_matter(text, path, source)
        yield Story(manuscript=manuscript, fates=(file_fate(path, request),))


READER: Reader = _MarkdownReader()


def to_prose(text: str) -> Prose:
    """An author's Markdown as Prose; one plain paragraph stays a paragraph."""
    if not text.strip():
        return NO_PROSE
    page = _Page(text)
    return clean(RawHtml(page.render(page.tokens)))


def typed_prose(text: str) -> Prose:
    """What somebody typed into a field, as Prose: HTML where there is a tag in it, else Markdown.

    Here the end of a line is one, and a paragraph that begins with spaces is a paragraph: letters of stories, not code.
    """
    if _TAG.search(text):
        return clean(RawHtml(text))
    if not text.strip():
        return NO_PROSE
    page = _Page(text, is_typed=True)
    return clean(RawHtml(page.render(page.tokens) + page.unasked()))


def _with_front_matter(text: str, path: Path, source: Source) -> Manuscript:
    front, body = _parted(text, path.name)
    chapters = [(title, clean(RawHtml(markup))) for title, markup in _chapters(body)]
    return FrontMatter(front, path.name, to_prose).manuscript(chapters, title_from_name(path), source)


def _without_front_matter(text: str, path: Path, source: Source) -> Manuscript:
    page = _Page(_with_label_lines(text))
    about = About(name=path.name, fallback_title=title_from_name(path), source=source, footnotes=page.footnotes())
    return manuscript_of(blocks_of(page.body()), about)


def _with_label_lines(text: str) -> str:
    """The text with each label line at its head on a line of its own, and YAML front matter as label lines.

    Markdown would make one paragraph of them all, and a heading of YAML.
    """
    yaml = _YAML.match(text)
    head, rest = (yaml[1], text[yaml.end() :]) if yaml else ("", text)
    label_lines = [re.sub(r"^([\w ]+:)\s*[\[\"']*(.*?)[\]\"']*\s*$", r"\1 \2", line) for line in head.split("\n")]
    lines = [*label_lines, "", *rest.split("\n")] if head else text.split("\n")
    for number, (line, following) in enumerate(pairwise(lines[:_LONGEST_HEAD])):
        if line.strip() and following.strip() and (is_label_line(line) or is_label_line(following)):
            lines[number] = line.rstrip() + "  "
    return "\n".join(lines)


def _parted(text: str, name: str) -> tuple[str, str]:
    """The front matter and the text after it."""
    end = re.search(r"^\+\+\+[ \t]*$", text[4:], re.MULTILINE)
    if end is None:
        raise Unreadable(f"{name}: the front matter that begins on line 1 never ends; close it with a line “+++”.")
    return text[4 : 4 + end.start()], text[4 + end.end() :]


class _Page:
    """One Markdown text, parsed once, so that links and footnotes defined anywhere in it work in every slice."""

    def __init__(self, text: str, *, is_typed: bool = False) -> None:
        body, notes = _without_notes(_tamed(text))
        self._parser = _parser()
        if is_typed:
            self._parser.options["breaks"] = True
            self._parser.disable("code")
        self._notes = {label: self._parser.render(note).strip() for label, note in notes.items()}
        self._env: dict[str, object] = {"notes": self._notes, "numbers": {}}
        self.tokens = self._parser.parse(body, self._env)

    def render(self, tokens: Sequence[Token]) -> str:
        """The markup of a slice, with the footnotes that it refers to behind it."""
        markup = self._rendered(tokens)
        asked = {
            token.meta["number"]: self._notes[token.meta["label"]]
            for outer in tokens
            for token in outer.children or ()
            if token.type == "footnote"
        }
        if not asked:
            return markup
        notes = "\n".join(note_block(f"note-{number}", str(number), note) for number, note in asked.items())
        return f"{markup}<hr>\n{notes}\n"

    def body(self) -> str:
        """The whole text without its footnotes."""
        return self._rendered(self.tokens)

    def footnotes(self) -> dict[str, str]:
        """Every footnote as a block, by the id that its mark links to; one without a mark under its own label."""
        numbers = self._env["numbers"]
        assert isinstance(numbers, dict)
        return {
            f"note-{numbers.get(label, label)}": note_block(f"note-{label}", "*", note)
            if label not in numbers
            else note_block(f"note-{numbers[label]}", str(numbers[label]), note)
            for label, note in self._notes.items()
        }

    def _rendered(self, tokens: Sequence[Token]) -> str:
        markup: str = self._parser.renderer.render(tokens, self._parser.options, self._env)
        return markup

    def unasked(self) -> str:
        """Footnotes that nothing refers to: text all the same."""
        numbers = self._env["numbers"]
        assert isinstance(numbers, dict)
        return "".join(note for label, note in self._notes.items() if label not in numbers)


def _tamed(text: str) -> str:
    """The text with the signs of a paragraph taken literally where it has thousands of them.

    Each opening bracket makes the parser look for its closing one to the paragraph's end: no writer needs two thousand,
    and a hostile file could keep it busy for hours.
    """
    if max(map(text.count, _SIGNS)) <= _MOST_SIGNS:
        return text
    paragraphs = re.split(r"(\n[ \t]*\n)", text)
    return "".join(
        re.sub(r"([\[\]*_<`!~])", r"\\\1", part) if max(map(part.count, _SIGNS)) > _MOST_SIGNS else part
        for part in paragraphs
    )


def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": True, "maxNesting": 100}).enable(["table", "strikethrough"])
    parser.inline.ruler.before("link", "footnote", _footnote)
    parser.add_render_rule("footnote", _render_footnote)
    return parser


def _footnote(state: StateInline, silent: bool) -> bool:
    """The parser's rule for `[^label]` where a footnote of that label exists."""
    notes = state.env.get("notes", {})
    found = _NOTE.match(state.src, state.pos, state.posMax)
    if not found or found[1] not in notes:
        return False
    if not silent:
        numbers = state.env["numbers"]
        token = state.push("footnote", "", 0)
        token.meta = {"label": found[1], "number": numbers.setdefault(found[1], len(numbers) + 1)}
    state.pos = found.end()
    return True


def _render_footnote(_renderer: object, tokens: Sequence[Token], index: int, _options: object, _env: object) -> str:
    number = tokens[index].meta["number"]
    return f'<sup><a href="#note-{number}">{number}</a></sup>'


def _without_notes(text: str) -> tuple[str, dict[str, str]]:
    """The text without its footnotes' definitions, and these by label: CommonMark would take some for links."""
    kept: list[str] = []
    notes: dict[str, list[str]] = {}
    open_note: list[str] | None = None
    for line in text.split("\n"):
        found = _NOTE_TEXT.match(line)
        if found and found[1] not in notes:
            open_note = notes[found[1]] = [found[2]]
        elif open_note is not None and (line.startswith(("    ", "\t")) or not line.strip()):
            open_note.append(line.removeprefix("\t").removeprefix("    "))
        else:
            kept += ["", line] if open_note is not None and line.strip() else [line]
            open_note = None
    return "\n".join(kept), {label: "\n".join(lines) for label, lines in notes.items()}


def _chapters(text: str) -> list[tuple[str, str]]:
    """(title, markup) of each chapter: a level-1 heading begins one; words before the first heading are one too."""
    page = _Page(text)
    starts = [n for n, token in enumerate(page.tokens) if token.type == "heading_open" and _is_chapter_heading(token)]
    if not starts:
        return [("", page.render(page.tokens) + page.unasked())]
    chapters = []
    opening = page.render(page.tokens[: starts[0]])
    if clean(RawHtml(opening)).has_words():
        chapters.append(("", opening))
    for start, end in zip(starts, [*starts[1:], len(page.tokens)], strict=True):
        title = plain_text(clean(RawHtml(page.render([page.tokens[start + 1]]))))
        chapters.append((title, page.render(page.tokens[start + 3 : end])))
    last_title, last_body = chapters[-1]
    return [*chapters[:-1], (last_title, last_body + page.unasked())]


def _is_chapter_heading(token: Token) -> bool:
    return token.tag == "h1" and token.level == 0
