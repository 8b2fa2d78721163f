"""A story as one HTML file that needs nothing else: style and pictures are in it.

The skeleton (`#preface`, `#chapters`, `#afterword`, `dl.tags`, `h2.toc-heading`, `div.userstuff`, `p.message`, the
comments around each chapter) is the one of AO3's downloads, because readers' tools look for exactly that. A tag is
always one `a` element, with or without an address: names may hold commas.
"""

from __future__ import annotations

import base64
from importlib.resources import files
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from undying.formats import colophon
from undying.formats.markup import Binding, escape, web_address
from undying.formats.pictures import kind_of
from undying.manuscript import RelationKind, Status, TagKind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from undying.formats.colophon import Archive, Fact, Value
    from undying.formats.markup import Leaf
    from undying.manuscript import Chapter, Credit, Manuscript

_PAGE = "page"
_MANY_FANDOMS = 3
_NO_LOADING = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"
_ELSEWHERE = {"gifts", *map(str, RelationKind)}
"""Facts that AO3's downloads do not list among the tags but after the summary or at the end."""


class HtmlWriter:
    """Writes one HTML file. The bytes depend on the story, the archive and this version alone."""

    name = "html"
    media_type = "text/html"
    suffix = "html"

    def write(self, manuscript: Manuscript, *, place: Archive = colophon.NOWHERE) -> bytes:
        """The file, in UTF-8. Reviews are left out."""
        return _Download(manuscript, place).text().encode("utf-8")


class _Download:
    def __init__(self, manuscript: Manuscript, place: Archive) -> None:
        self.manuscript = manuscript
        self.place = place
        pictures = {picture.sha256: picture.data for picture in manuscript.pictures}
        binding = Binding(lambda sha256: _data_address(pictures.get(sha256, b"")), with_epub_types=False)
        self._summary = binding.leaf(manuscript.summary, _PAGE, below=1)
        self._before = binding.leaf(manuscript.notes_before, _PAGE, below=1)
        self._chapters = [_bound(binding, chapter) for chapter in manuscript.chapters]
        self._after = binding.leaf(manuscript.notes_after, _PAGE)
        self._rights = binding.leaf(manuscript.rights, _PAGE)
        binding.finish()

    def text(self) -> str:
        """The whole file."""
        parts = [*self._head(), *self._preface(), *self._body(), *self._afterword(), "</body>", "</html>", ""]
        return "\n".join(parts)

    def _head(self) -> Iterator[str]:
        language = colophon.language(self.manuscript)
        attributes = "" if language == "und" else f' lang="{language}"'
        attributes += ' dir="rtl"' if colophon.is_right_to_left(language) else ""
        fandoms = self.manuscript.tags(TagKind.FANDOM)
        names = ", ".join(credit.name for credit in self.manuscript.credits) or "Anonymous"
        fandom = "Multifandom" if len(fandoms) > _MANY_FANDOMS else ", ".join(fandoms)
        title = " - ".join(filter(None, (colophon.title(self.manuscript), names, fandom)))
        yield f'<!DOCTYPE html>\n<html{attributes}>\n<head>\n<meta charset="utf-8">'
        yield f'<meta http-equiv="Content-Security-Policy" content="{_NO_LOADING}">'
        yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
        yield f"<title>{escape(title)}</title>"
        address = colophon.home(self.manuscript, self.place)
        if address:
            yield f'<link rel="canonical" href="{escape(address)}">'
        if colophon.is_reserved(self.manuscript, self.place):
            yield '<meta name="robots" content="noai, noimageai">'
            yield '<meta name="tdm-reservation" content="1">'
        style = files("undying.formats").joinpath("download.css").read_text("utf-8")
        yield f"<style>\n{style}</style>\n</head>\n<body>"

    def _preface(self) -> Iterator[str]:
        title = escape(colophon.title(self.manuscript))
        yield '<div id="preface">\n<h2 class="toc-heading">Preface</h2>'
        yield f'<p class="message">\n<b>{title}</b>{self._origin()}\n</p>'
        yield '<div class="meta">\n<dl class="tags">'
        for fact in colophon.facts(self.manuscript):
            yield from _fact(fact)
        if self.manuscript.status in {Status.HIATUS, Status.ABANDONED}:
            yield f"<dt>Status:</dt>\n<dd>{colophon.STATUS_WORDS[self.manuscript.status]}</dd>"
        figures = colophon.stats(self.manuscript, colophon.words(self.manuscript))
        stats = "\n".join(f"{label}: {text}" for label, text in figures)
        yield f"<dt>Stats:</dt>\n<dd>\n{stats}\n</dd>\n</dl>"
        yield f"<h1>{title}</h1>"
        yield f'<div class="byline">by {_byline(self.manuscript.credits) or "Anonymous"}</div>'
        yield from _quoted("Summary", self._summary)
        yield from _quoted("Notes", self._before)
        yield from self._associations()
        yield "</div>\n</div>"

    def _origin(self) -> str:
        address = colophon.home(self.manuscript, self.place)
        if not address:
            return ""
        parts = urlsplit(address)
        archive = escape(self.place.name or parts.netloc)
        return (
            f'<br>\nPosted originally on the <a href="{parts.scheme}://{escape(parts.netloc)}/">{archive}</a>'
            f' at <a href="{escape(address)}">{escape(address)}</a>.'
        )

    def _associations(self) -> Iterator[str]:
        """Recipients and models, in the Archive's words, which readers' tools look for."""
        lines = [f"<li>For {_names(self.manuscript.gifts)}.</li>"] if self.manuscript.gifts else []
        for kind, words in (
            (RelationKind.INSPIRED_BY, "Inspired by"),
            (RelationKind.TRANSLATION_OF, "A translation of"),
        ):
            lines += [f"<li>{words} {_work(value)}</li>" for value in self._related(kind)]
        if lines:
            yield "\n".join(["<ul>", *lines, "</ul>"])

    def _related(self, kind: RelationKind) -> tuple[Value, ...]:
        facts = [fact for fact in colophon.facts(self.manuscript) if fact.kind == kind]
        return facts[0].values if facts else ()

    def _body(self) -> Iterator[str]:
        many = len(self.manuscript.chapters) > 1
        if many:
            yield from self._contents()
        yield '<div id="chapters" class="userstuff">'
        for number, (chapter, bound) in enumerate(zip(self.manuscript.chapters, self._chapters, strict=True), 1):
            yield from self._chapter_head(number, chapter, bound, many=many)
            yield "<!--chapter content-->"
            yield f'<div class="userstuff">\n{bound["body"].html()}\n</div>'
            yield "<!--/chapter content-->"
            if bound["notes_after"]:
                yield f'<div class="meta" id="endnotes{number}">'
                yield from _quoted("Chapter End Notes", bound["notes_after"])
                yield "</div>"
        yield "</div>"

    def _contents(self) -> Iterator[str]:
        lines = (
            f'<li><a href="#chapter-{number}">{self._short_label(number)}</a></li>'
            for number in range(1, len(self.manuscript.chapters) + 1)
        )
        yield "\n".join(["<nav>", "<ol>", *lines, "</ol>", "</nav>"])

    def _short_label(self, number: int) -> str:
        return escape(self.manuscript.chapters[number - 1].title.strip() or f"Chapter {number}")

    def _chapter_head(self, number: int, chapter: Chapter, bound: dict[str, Leaf], *, many: bool) -> Iterator[str]:
        title = chapter.title.strip()
        if not many and not title:
            yield f'<h2 class="toc-heading">{escape(colophon.title(self.manuscript))}</h2>'
        label = f"Chapter {number}: {title}" if title else f"Chapter {number}"
        yield '<div class="meta group">'
        if many or title:
            yield f'<h2 class="heading" id="chapter-{number}">{escape(label)}</h2>'
        if chapter.credits:
            yield f'<p class="byline">Chapter by {_byline(chapter.credits)}</p>'
        yield from _quoted("Chapter Summary", bound["summary"])
        yield from _quoted("Chapter Notes", bound["notes_before"])
        yield "</div>"

    def _afterword(self) -> Iterator[str]:
        yield '<div id="afterword">\n<h2 class="toc-heading">Afterword</h2>'
        if self._after:
            yield '<div id="endnotes" class="meta">'
            yield from _quoted("End Notes", self._after)
            yield "</div>"
        if self._rights:
            yield '<div id="rights" class="meta">'
            yield from _quoted("Disclaimer", self._rights)
            yield "</div>"
        yield from self._may()
        later = [*self._related(RelationKind.INSPIRED), *self._related(RelationKind.TRANSLATED_AS)]
        if later:
            works = "\n".join(f"<dd>{_work(value)}</dd>" for value in later)
            yield f'<div class="meta">\n<dl>\n<dt>Works inspired by this one:</dt>\n{works}\n</dl>\n</div>'
        address = colophon.home(self.manuscript, self.place)
        if address:
            yield f'<p class="message">Did you like it? <a href="{escape(address)}">Tell its author</a>.</p>'
        yield "</div>"

    def _may(self) -> Iterator[str]:
        wishes = self.manuscript.wishes
        lines = [f"<dt>{label}:</dt>\n<dd>{answer}</dd>" for label, answer in colophon.may(wishes)]
        if lines or wishes.words.strip():
            yield f'<div id="may" class="meta">\n<p>{colophon.MAY}</p>'
            yield from (("<dl>", *lines, "</dl>") if lines else ())
            yield from ((f"<p>{escape(wishes.words)}</p>",) if wishes.words.strip() else ())
            yield "</div>"


def _bound(binding: Binding, chapter: Chapter) -> dict[str, Leaf]:
    return {
        "summary": binding.leaf(chapter.summary, _PAGE),
        "notes_before": binding.leaf(chapter.notes_before, _PAGE),
        "body": binding.leaf(chapter.body, _PAGE),
        "notes_after": binding.leaf(chapter.notes_after, _PAGE),
    }


def _data_address(data: bytes) -> str:
    kind = kind_of(data)
    return f"data:{kind.media_type};base64,{base64.b64encode(data).decode('ascii')}" if kind is not None else ""


def _fact(fact: Fact) -> Iterator[str]:
    values = [_value(value) for value in fact.values if value.text.strip()]
    if values and fact.label.strip() and fact.kind not in _ELSEWHERE:
        yield f"<dt>{escape(fact.label)}:</dt>\n<dd>{', '.join(values)}</dd>"


def _value(value: Value) -> str:
    if not value.of_story:
        return escape(value.before) + escape(value.text)
    within = f" (in {escape(value.within)})" if value.within else ""
    return f"{escape(value.before)}{_anchor(value)}{within}"


def _anchor(value: Value) -> str:
    return f'<a href="{escape(value.url)}">{escape(value.text)}</a>' if value.url else f"<a>{escape(value.text)}</a>"


def _work(value: Value) -> str:
    return _anchor(value) + (f' by <a rel="author">{escape(value.by)}</a>' if value.by.strip() else "")


def _names(names: tuple[str, ...]) -> str:
    return ", ".join(f"<a>{escape(name)}</a>" for name in names)


def _byline(credits_: tuple[Credit, ...]) -> str:
    return ", ".join(map(_credit, credits_))


def _credit(credit: Credit) -> str:
    url = web_address(credit.url)
    name = f'<a rel="author" href="{escape(url)}">{escape(credit.name)}</a>' if url else escape(credit.name)
    return f"{name} [archived by {escape(credit.archived_by)}]" if credit.archived_by else name


def _quoted(label: str, leaf: Leaf) -> Iterator[str]:
    if leaf:
        yield f'<p>{escape(label)}</p>\n<blockquote class="userstuff">{leaf.html()}</blockquote>'
