"""A story as one Markdown file that `markdown.READER` reads back: TOML front matter, then CommonMark.

What Markdown has no sign for (alignment, ruby, folds, letters) stands as the HTML that it is, which Markdown allows:
each text is read again before it is written, and a block that would not come back as it was is written so.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from bs4 import BeautifulSoup
from markdownify import ATX, BACKSLASH, MarkdownConverter

from undying.formats import colophon
from undying.formats.front_matter import TAG_KEYS
from undying.formats.markdown import to_prose
from undying.manuscript import Audience, Divergence, Source, State, TagKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from undying.manuscript import Chapter, Credit, Manuscript, Placement, Prose, RelatedWork, SeriesPlace

_PICTURE = re.compile(r"picture:([0-9a-f]{64})")
_CHAPTER_HEADING = re.compile(r"^ {0,3}#(?:[ \t]|$)|^ {0,3}=+[ \t]*$", re.MULTILINE)
_BEFORE_A_BLANK_LINE = re.compile(r"\n(?=[ \t]*\n)")
_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\ufffe\uffff]")
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+\Z")


class MarkdownWriter:
    """Writes one Markdown file. The bytes depend on the story and this version alone."""

    name = "Markdown"
    media_type = "text/markdown"
    suffix = "md"

    def write(self, manuscript: Manuscript, *, pictures: Mapping[str, str] | None = None) -> bytes:
        """The file, in UTF-8. Reviews are left out. `pictures` gives the address of each picture by its SHA-256."""
        text = "\n".join(["+++", *_front(manuscript), "+++", "", *_body(manuscript.chapters)])
        files = pictures or {}
        return _PICTURE.sub(lambda found: files.get(found[1], found[0]), text).encode("utf-8", "replace")


# -- Prose ------------------------------------------------------------------------------------------------------------


def from_prose(prose: Prose) -> str:
    """The prose as Markdown, of which `to_prose` makes the same prose again."""
    whole = _converted(prose)
    if _comes_back(whole, prose):
        return whole
    blocks = [str(each) for each in BeautifulSoup(prose, "html.parser").contents if str(each).strip()]
    parted = "\n\n".join(_block(each) for each in blocks)
    return parted if _comes_back(parted, prose) else _as_html(prose)


def _block(markup: str) -> str:
    converted = _converted(markup)
    return converted if _comes_back(converted, to_prose(_as_html(markup))) else _as_html(markup)


def _comes_back(markdown: str, prose: Prose) -> bool:
    """Also without beginning a chapter where the text has a heading of the first level."""
    return not _CHAPTER_HEADING.search(markdown) and to_prose(markdown) == prose


def _converted(markup: str) -> str:
    converter = MarkdownConverter(heading_style=ATX, bullets="-", newline_style=BACKSLASH, escape_misc=True)
    return str(converter.convert(markup)).strip()


def _as_html(markup: str) -> str:
    """A blank line would end the HTML."""
    return _BEFORE_A_BLANK_LINE.sub("&#10;", markup.strip())


# -- Chapters ---------------------------------------------------------------------------------------------------------


def _body(chapters: Sequence[Chapter]) -> Iterator[str]:
    """One chapter without a title needs no heading; of several each has one, for it begins the chapter."""
    if len(chapters) == 1 and not chapters[0].title:
        yield from (from_prose(chapters[0].body), "")
        return
    for each in chapters:
        yield from (f"# {_converted(_escaped(each.title))}".rstrip(), "", from_prose(each.body), "")


def _escaped(text: str) -> str:
    """A title without what nobody sees; the front matter has it as it is."""
    return " ".join(_UNSEEN.sub(" ", text).replace("&", "&amp;").replace("<", "&lt;").split())


# -- Front matter -----------------------------------------------------------------------------------------------------


def _front(manuscript: Manuscript) -> Iterator[str]:
    """The keys that docs/formats/plain.md lists, without those that would say nothing."""
    yield _line("title", _text(colophon.title(manuscript)))
    yield _line("creators", _people(manuscript.credits))
    yield from _unless_empty("language", manuscript.language)
    yield from _tags(manuscript)
    yield _line("status", _text(manuscript.status))
    if manuscript.planned_chapters is not None:
        yield _line("planned_chapters", str(manuscript.planned_chapters))
    yield from _moment("published", manuscript.published)
    yield from _moment("updated", manuscript.updated)
    for key in ("summary", "notes_before", "notes_after", "rights"):
        yield from _unless_empty(key, from_prose(getattr(manuscript, key)))
    if manuscript.gifts:
        yield _line("gifts", _texts(manuscript.gifts))
    yield from _tables("series", [_series(each) for each in manuscript.series])
    yield from _tables("placements", [_placement(each) for each in manuscript.placements])
    yield from _tables("related", [_related(each) for each in manuscript.related])
    if manuscript.source != Source():
        yield _line("source", _inline(_source(manuscript.source)))
    if manuscript.audience is not Audience.EVERYONE:
        yield _line("audience", _text(manuscript.audience))
    if manuscript.state is not State.POSTED:
        yield _line("state", _text(manuscript.state))
    if told := manuscript.wishes.told():
        yield _line("wishes", _inline([(name, _text(said)) for name, said in told.items()]))
    if manuscript.extras:
        yield _line("extras", _inline([(label, _text(text)) for label, text in dict(manuscript.extras).items()]))
    for chapter in manuscript.chapters:
        yield "\n[[chapters]]"
        yield from _chapter(chapter)


def _tags(manuscript: Manuscript) -> Iterator[str]:
    if ratings := manuscript.tags(TagKind.RATING):
        yield _line("rating", _text(ratings[0]))
    for key, kind in TAG_KEYS.items():
        if names := manuscript.tags(kind):
            yield _line(key, _texts(names))


def _chapter(chapter: Chapter) -> Iterator[str]:
    yield from _unless_empty("title", chapter.title)
    if chapter.credits:
        yield _line("creators", _people(chapter.credits))
    yield from _moment("published", chapter.published)
    yield from _moment("updated", chapter.updated)
    for key in ("summary", "notes_before", "notes_after"):
        yield from _unless_empty(key, from_prose(getattr(chapter, key)))
    yield from _tables("placements", [_placement(each) for each in chapter.placements])
    if chapter.state is not State.POSTED:
        yield _line("state", _text(chapter.state))
    yield from _unless_empty("key", chapter.key)


def _series(place: SeriesPlace) -> list[tuple[str, str]]:
    pairs = [("title", _text(place.title)), ("position", str(place.position))]
    pairs += [(key, _text(getattr(place, key))) for key in ("key", "url") if getattr(place, key)]
    if place.summary:
        pairs.append(("summary", _text(from_prose(place.summary))))
    return pairs if place.within is None else [*pairs, ("within", _inline(_series(place.within)))]


def _placement(placement: Placement) -> list[tuple[str, str]]:
    pairs = [("fandom", _text(placement.fandom)), ("relation", _text(placement.relation))]
    pairs += [
        (key, _text(getattr(placement, key))) for key in ("unit", "part", "part_to", "words") if getattr(placement, key)
    ]
    if placement.episodes:
        pairs.append(("episodes", _texts(placement.episodes)))
    unsaid = placement.divergence is Divergence.UNSAID
    return pairs if unsaid else [*pairs, ("divergence", _text(placement.divergence))]


def _related(work: RelatedWork) -> list[tuple[str, str]]:
    return [
        (key, _text(getattr(work, key))) for key in ("kind", "title", "author", "url", "language") if getattr(work, key)
    ]


def _source(source: Source) -> list[tuple[str, str]]:
    return [(key, _text(getattr(source, key))) for key in ("site", "key", "url", "archivist") if getattr(source, key)]


def _people(people: Sequence[Credit]) -> str:
    return f"[{', '.join(map(_credit, people))}]"


def _credit(credit: Credit) -> str:
    told = [
        (key, _text(getattr(credit, key)))
        for key in ("name", "account", "key", "url", "archived_by")
        if getattr(credit, key)
    ]
    return _text(credit.name) if [key for key, _ in told] == ["name"] else _inline(told)


# -- TOML -------------------------------------------------------------------------------------------------------------


def _line(key: str, value: str) -> str:
    return f"{key} = {value}"


def _unless_empty(key: str, text: str) -> Iterator[str]:
    if text:
        yield _line(key, _text(text))


def _moment(key: str, moment: datetime | None) -> Iterator[str]:
    if moment is not None:
        yield _line(key, moment.isoformat())


def _tables(key: str, tables: Sequence[Sequence[tuple[str, str]]]) -> Iterator[str]:
    if tables:
        yield _line(key, f"[{', '.join(map(_inline, tables))}]")


def _inline(pairs: Sequence[tuple[str, str]]) -> str:
    keys = ((key if _BARE_KEY.match(key) else _text(key), value) for key, value in pairs)
    return f"{{{', '.join(f'{key} = {value}' for key, value in keys)}}}"


def _texts(texts: Sequence[str]) -> str:
    return f"[{', '.join(map(_text, texts))}]"


def _text(text: str) -> str:
    """TOML escapes what JSON does, and more: what nobody sees would make the file look like no text."""
    return _UNSEEN.sub(lambda found: f"\\u{ord(found[0]):04x}", json.dumps(str(text), ensure_ascii=False))
