"""The pages of an EPUB: title page, notes, chapters and colophon as XHTML."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from undying.formats import colophon
from undying.formats.markup import Binding, escape, web_address

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from undying.formats.colophon import Archive, Value
    from undying.formats.markup import Leaf
    from undying.manuscript import Chapter, Manuscript

_PAGE = """<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE html>
<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops"{language}>
<head>
<meta charset="utf-8"/>
<title>{title}</title>
<link rel="stylesheet" type="text/css" href="style.css"/>
</head>
<body epub:type="{matter}">
{body}
</body>
</html>
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One XHTML file of the book. `kind` is its `epub:type`; `label` its line in the table of contents."""

    name: str
    label: str
    kind: str
    body: str
    english: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class _Chapter:
    """The prose of one chapter, bound to its page."""

    chapter: Chapter
    summary: Leaf
    before: Leaf
    body: Leaf
    after: Leaf


class Book:
    """A story bound into pages. Words that are the archive's and not the story's are marked as English."""

    def __init__(self, manuscript: Manuscript, place: Archive, address_of: Callable[[str], str]) -> None:
        self.manuscript = manuscript
        self.place = place
        self.language = colophon.language(manuscript)
        self.right_to_left = colophon.is_right_to_left(self.language)
        self.words = colophon.words(manuscript)
        binding = Binding(address_of, with_epub_types=True)
        self._summary = binding.leaf(manuscript.summary, "title.xhtml", below=1)
        self._before = binding.leaf(manuscript.notes_before, "preface.xhtml")
        self._chapters = [
            _bound(binding, chapter, chapter_file(number)) for number, chapter in enumerate(manuscript.chapters, 1)
        ]
        self._after = binding.leaf(manuscript.notes_after, "afterword.xhtml")
        self._rights = binding.leaf(manuscript.rights, "colophon.xhtml")
        binding.finish()
        self.seen = binding.seen

    def pages(self) -> list[Page]:
        """All pages in reading order."""
        pages = [self._title_page()]
        if self._before:
            pages.append(self._notes("preface", "Notes", self._before))
        pages += [self._chapter(number, bound) for number, bound in enumerate(self._chapters, 1)]
        if self._after:
            pages.append(self._notes("afterword", "End Notes", self._after))
        return [*pages, self._colophon()]

    def written(self, page: Page) -> str:
        """The whole XHTML file of a page."""
        return self.wrapped(page.label, page.body, matter=_MATTER.get(page.kind, "bodymatter"))

    def wrapped(self, title: str, body: str, *, matter: str) -> str:
        """An XHTML file in the language and direction of the book."""
        return _PAGE.format(language=self.attributes(), title=escape(title), matter=matter, body=body)

    def attributes(self) -> str:
        """The attributes for the language and the direction of the book."""
        language = "" if self.language == "und" else f' lang="{self.language}" xml:lang="{self.language}"'
        return language + (' dir="rtl"' if self.right_to_left else "")

    def english(self, text: str, tag: str = "span") -> str:
        """The archive's own words."""
        if self.language.split("-")[0] in {"en", "und"}:
            return escape(text) if tag == "span" else f"<{tag}>{escape(text)}</{tag}>"
        return f'<{tag} lang="en" xml:lang="en" dir="ltr">{escape(text)}</{tag}>'

    def _title_page(self) -> Page:
        title = colophon.title(self.manuscript)
        parts = ['<section epub:type="titlepage" class="titlepage">', f'<h1 id="title">{escape(title)}</h1>']
        names = [_linked(colophon.byline(credit), credit.url) for credit in self.manuscript.credits if credit.name]
        if names:
            parts.append(f'<p class="byline">{self.english("by")} {", ".join(names)}</p>')
        if self._summary:
            parts.append(f'<div class="summary">{self._summary.xhtml()}</div>')
        parts += [self._facts(), "</section>"]
        return Page(name="title.xhtml", label=title, kind="titlepage", body="\n".join(parts))

    def _facts(self) -> str:
        lines = ['<dl class="facts">']
        for fact in colophon.facts(self.manuscript):
            values = "".join(f"<dd>{self._value(value)}</dd>" for value in fact.values if value.text.strip())
            label = escape(fact.label) if fact.kind == "extra" else self.english(fact.label)
            if values and fact.label.strip():
                lines.append(f"<dt>{label}</dt>{values}")
        lines.append(
            f"<dt>{self.english('Status')}</dt><dd>{self.english(colophon.STATUS_WORDS[self.manuscript.status])}</dd>"
        )
        for name, text in colophon.stats(self.manuscript, self.words):
            lines.append(f"<dt>{self.english(name)}</dt><dd>{self.english(text)}</dd>")
        address = colophon.home(self.manuscript, self.place)
        if address:
            lines.append(f"<dt>{self.english('Source')}</dt><dd><bdi>{_linked(address, address)}</bdi></dd>")
        return "\n".join([*lines, "</dl>"])

    def _value(self, value: Value) -> str:
        text = escape(value.text) if value.of_story else self.english(value.text)
        linked = f'<a href="{escape(value.url)}">{text}</a>' if value.url else text
        before = self.english(value.before.rstrip()) + " " if value.before else ""
        by = f" {self.english('by')} {escape(value.by)}" if value.by.strip() else ""
        within = f", {self.english('in')} {escape(value.within)}" if value.within else ""
        return before + linked + by + within

    def _notes(self, kind: str, label: str, leaf: Leaf) -> Page:
        body = (
            f'<section epub:type="{kind}" role="doc-{kind}" aria-labelledby="{kind}-title" class="notes">\n'
            f'<h2 id="{kind}-title">{self.english(label)}</h2>\n{leaf.xhtml()}\n</section>'
        )
        return Page(name=f"{kind}.xhtml", label=label, kind=kind, body=body, english=True)

    def _chapter(self, number: int, bound: _Chapter) -> Page:
        name = f"chapter-{number}"
        parts = [
            f'<section id="{name}" epub:type="chapter" role="doc-chapter" aria-labelledby="{name}-title">',
            f'<h2 id="{name}-title">{self._heading(number)}</h2>',
        ]
        authors = [escape(colophon.byline(credit)) for credit in bound.chapter.credits if credit.name]
        if authors:
            parts.append(f'<p class="byline">{self.english("by")} {", ".join(authors)}</p>')
        parts += self._aside(bound.summary, "summary", "Summary")
        parts += self._aside(bound.before, "notes", "Notes")
        parts.append(f'<div class="story">\n{bound.body.xhtml()}\n</div>')
        parts += self._aside(bound.after, "notes", "Notes")
        label = colophon.chapter_label(self.manuscript, number)
        return Page(name=chapter_file(number), label=label, kind="chapter", body="\n".join([*parts, "</section>"]))

    def _heading(self, number: int) -> str:
        title = self.manuscript.chapters[number - 1].title.strip()
        if len(self.manuscript.chapters) == 1:
            return escape(title or colophon.title(self.manuscript))
        count = escape(colophon.chapter_number(self.manuscript, number))
        return f'<span class="number">{count}</span> {escape(title)}' if title else count

    def _aside(self, leaf: Leaf, style: str, label: str) -> list[str]:
        if not leaf:
            return []
        return [f'<div class="{style}">\n<h3>{self.english(label)}</h3>\n{leaf.xhtml()}\n</div>']

    def _colophon(self) -> Page:
        label = "About This File"
        where = self.english(self.place.name or "Undying")
        address = colophon.home(self.manuscript, self.place)
        parts = [
            '<section epub:type="colophon" role="doc-colophon" aria-labelledby="colophon-title" class="notes">',
            f'<h2 id="colophon-title">{self.english(label)}</h2>',
            f"<p>{self.english('Made by')} {where}.</p>",
        ]
        if address:
            parts.append(
                f"<p>{self.english('The story lives at')} {_linked(address, address)}. "
                f"{self.english('If you liked it, go there and tell its author.')}</p>"
            )
        version = f"Version of {colophon.changed(self.manuscript).strftime('%Y-%m-%d')}."
        parts.append(f"<p>{self.english(version)}</p>")
        if self._rights:
            parts.append(f'<div class="rights">{self._rights.xhtml()}</div>')
        body = "\n".join([*parts, *self._may(), "</section>"])
        return Page(name="colophon.xhtml", label=label, kind="colophon", body=body, english=True)

    def _may(self) -> Iterator[str]:
        wishes = self.manuscript.wishes
        lines = [
            f"<dt>{self.english(label)}</dt><dd>{self.english(answer)}</dd>" for label, answer in colophon.may(wishes)
        ]
        if lines or wishes.words.strip():
            yield f"<h3>{self.english(colophon.MAY)}</h3>"
            yield from (("<dl>", *lines, "</dl>") if lines else ())
            yield from ((f"<p>{escape(wishes.words)}</p>",) if wishes.words.strip() else ())


_MATTER = {
    "titlepage": "frontmatter",
    "preface": "frontmatter",
    "afterword": "backmatter",
    "colophon": "backmatter",
}


def chapter_file(number: int) -> str:
    """The name of a chapter's file: it never changes, because reading positions refer to it."""
    return f"chapter-{number:04}.xhtml"


def _bound(binding: Binding, chapter: Chapter, page: str) -> _Chapter:
    return _Chapter(
        chapter=chapter,
        summary=binding.leaf(chapter.summary, page, below=3),
        before=binding.leaf(chapter.notes_before, page, below=3),
        body=binding.leaf(chapter.body, page),
        after=binding.leaf(chapter.notes_after, page, below=3),
    )


def _linked(text: str, url: str) -> str:
    address = web_address(url)
    return f'<a href="{escape(address)}">{escape(text)}</a>' if address else escape(text)
