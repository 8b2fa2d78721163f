"""Addresses that stories had elsewhere: the one shape of each, so that every way of writing it leads to one place.

Archives were linked to in many ways: with and without www, encoded and not, with a text size, a consent to warnings or
a session in the query. What an address shows is told by few of its parts; the rest is let go of. Of eFiction's scripts
those parts are known (facts: its versions 1.1 to 3.5); of other addresses the query is kept and put in order.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import parse_qsl, unquote, urlsplit

from django.db.models import Exists, OuterRef, Q

from undying.library.access import pseuds_for
from undying.library.models import Chapter, OldAddress, Series, Work
from undying.people.models import Pseud

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from undying.people.viewer import Viewer

LONGEST = 4000
"""Characters. No page of an archive had a longer address."""
_INDEX = re.compile(r"/(?:index|default)\.(?:html?|php)\Z", re.IGNORECASE)
_NUMBER = re.compile(r"[0-9]{1,18}\Z")
_NOISE = frozenset(
    {"phpsessid", "sid_session", "textsize", "ageconsent", "warning", "utm_source", "utm_medium", "fbclid"}
)
_STORY_SCRIPTS = frozenset({"viewstory.php"})
_REVIEW_SCRIPTS = frozenset({"reviews.php"})
_AUTHOR_SCRIPTS = {"viewuser.php": "uid", "authors.php": "uid"}
_SERIES_SCRIPTS = frozenset({"series.php", "viewseries.php"})


@dataclass(frozen=True, slots=True)
class Place:
    """What an old address asks for. `path` is its one shape without the host; `outer` that of the work around it.

    `kind` is "text", "reviews", "author" or "series"; `key` is the source's own number where the address names one.
    """

    host: str
    path: str
    kind: str = "text"
    key: str = ""
    outer: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """Where an old address leads: exactly one of these, and whether its reviews were asked for."""

    work: Work | None = None
    chapter: Chapter | None = None
    author: Pseud | None = None
    series: Series | None = None
    wants_reviews: bool = False

    @property
    def words(self) -> str:
        """What it is, for people."""
        if self.author is not None:
            return f"author {self.author.name}"
        if self.series is not None:
            return f"series {self.series.title}"
        assert self.work is not None
        place = f", chapter {self.chapter.position}" if self.chapter else ""
        return f"{'reviews of ' if self.wants_reviews else ''}work {self.work.pk} {self.work.title}{place}"


def place(url: str, *, host: str = "") -> Place | None:
    """What an address asks for; None where it is no address of a page. `host` is whose it is where it does not say."""
    if len(url) > LONGEST:
        return None
    try:
        parts = urlsplit(url.strip())
        named = parts.hostname or host
    except ValueError:
        return None
    if parts.scheme not in {"", "http", "https"} or not named:
        return None
    host = named.lower().removeprefix("www.")
    path = unquote(parts.path) or "/"
    query = _query(parts.query)
    folder, _slash, script = path.rpartition("/")
    known = _of_efiction(host, folder, script.lower(), query)
    return known or Place(host, _plain_path(path, query))


def _query(text: str) -> dict[str, str]:
    pairs = parse_qsl(text.replace("&amp;", "&"), keep_blank_values=True, encoding="utf-8", errors="replace")
    return {name.lower(): value.strip() for name, value in pairs}


def _plain_path(path: str, query: Mapping[str, str]) -> str:
    path = _INDEX.sub("/", path).rstrip("/") or "/"
    told = sorted((name, value) for name, value in query.items() if name not in _NOISE)
    return path + ("?" + "&".join(f"{name}={value}" for name, value in told) if told else "")


def _of_efiction(host: str, folder: str, script: str, query: Mapping[str, str]) -> Place | None:
    if script in _STORY_SCRIPTS:
        return _story(host, f"{folder}/viewstory.php", query)
    if script in _REVIEW_SCRIPTS:
        return _reviews(host, folder, query)
    if script in _AUTHOR_SCRIPTS and (number := _number(query, _AUTHOR_SCRIPTS[script])):
        return Place(host, f"{folder}/viewuser.php?uid={number}", "author", number)
    if script in _SERIES_SCRIPTS and (number := _number(query, "seriesid")):
        return Place(host, f"{folder}/viewseries.php?seriesid={number}", "series", number)
    return None


def _story(host: str, path: str, query: Mapping[str, str]) -> Place | None:
    """A story, or one chapter of it. The index and the printable page of all chapters are the story."""
    number = _number(query, "sid")
    if not number:
        return None
    whole = f"{path}?sid={number}"
    chapter = "" if "index" in query else _number(query, "chapter")
    return Place(host, f"{whole}&chapter={chapter}" if chapter else whole, "text", number, whole)


def _reviews(host: str, folder: str, query: Mapping[str, str]) -> Place | None:
    """3.x names the kind and the item, 2.0 and before `sid`. Reviews of a series stand on its page."""
    kind = query.get("type", "ST").upper()
    number = _number(query, "item") or _number(query, "sid")
    if kind == "SE" or (not number and _number(query, "seriesid")):
        number = number or _number(query, "seriesid")
        return Place(host, f"{folder}/viewseries.php?seriesid={number}", "series", number) if number else None
    whole = f"{folder}/viewstory.php?sid={number}"
    return Place(host, whole, "reviews", number, whole) if number and kind == "ST" else None


def _number(query: Mapping[str, str], name: str) -> str:
    value = query.get(name, "")
    return str(int(value)) if _NUMBER.match(value) and int(value) else ""


def digest(path: str) -> str:
    """What an address is looked up by."""
    return hashlib.sha256(path.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def note(work: Work, urls: Sequence[str], chapters: Sequence[Chapter]) -> None:
    """Write down where a work and its chapters stood, in the place of what was written before."""
    OldAddress.objects.filter(work=work).delete()
    stood = [(url, None) for url in urls] + [(chapter.url, chapter) for chapter in chapters if chapter.url]
    OldAddress.objects.bulk_create(
        OldAddress(work=work, chapter=chapter, host=each.host, digest=digest(each.path))
        for url, chapter in stood
        if (each := place(url))
    )


def answer(viewer: Viewer, url: str, *, host: str) -> Answer | None:
    """Where an old address leads for this viewer; None when nowhere that she may go, whatever the reason.

    `host` is the one that was asked. An address that several sites had is only followed when its own host is asked, or
    when but one of them leads anywhere. At most four queries.
    """
    asked = place(url, host=host)
    if asked is None:
        return None
    if asked.kind == "author":
        return _one([Answer(author=each) for each in _authors(viewer, asked)])
    if asked.kind == "series":
        return _one([Answer(series=each) for each in _series(viewer, asked)])
    return _text(viewer, asked)


def _text(viewer: Viewer, asked: Place) -> Answer | None:
    for path in dict.fromkeys((asked.path, asked.outer)):
        if path and (found := _one(_works_at(viewer, asked, path))):
            return found
    return None


def _works_at(viewer: Viewer, asked: Place, path: str) -> list[Answer]:
    """What stood there on the host that was asked, else on any. What the viewer may not see decides nothing."""
    posted = Q(chapter=None) | Q(Exists(Chapter.objects.visible_to(viewer).filter(pk=OuterRef("chapter"))))
    readable = Exists(Work.objects.visible_to(viewer).filter(pk=OuterRef("work")))
    stood = OldAddress.objects.filter(posted, readable, digest=digest(path))
    rows = list(stood.select_related("work", "chapter").order_by("pk")[:_MOST])
    rows = [row for row in rows if row.host == asked.host] or rows
    wants = asked.kind == "reviews"
    return [Answer(work=row.work, chapter=row.chapter, wants_reviews=wants) for row in rows]


_MOST = 50
"""Sites that may share one path."""


def _authors(viewer: Viewer, asked: Place) -> list[Pseud]:
    found = pseuds_for(viewer).filter(key=asked.key).select_related("user")[:_MOST]
    return _of_host(list(found), asked)


def _series(viewer: Viewer, asked: Place) -> list[Series]:
    return _of_host(list(Series.objects.visible_to(viewer).filter(key=asked.key)[:_MOST]), asked)


_Stood = TypeVar("_Stood", Pseud, Series)


def _of_host(rows: list[_Stood], asked: Place) -> list[_Stood]:
    """Those that had the address; among them those of the host that was asked, where there are any."""
    told = [(row, place(row.url)) for row in rows if row.url]
    there = [(row, stood) for row, stood in told if stood is not None and stood.path == asked.path]
    return [row for row, stood in there if stood.host == asked.host] or [row for row, _ in there]


def _one(answers: list[Answer]) -> Answer | None:
    """The only one; several that differ are a question that nobody can answer."""
    return answers[0] if answers and all(each == answers[0] for each in answers) else None
