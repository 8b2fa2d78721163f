"""Addresses of a site's pages -> what they show: one `View` however the page was asked for.

Two addresses with one view show the same thing: another text size, a consent given, another order of parameters.
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import NamedTuple
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from undying.formats.addresses import AO3, AO3_NAMES, site_of

LONGEST = 4096
"""Characters of an address that anything is read from."""
_WAYBACK = re.compile(r"^(?:https?:)?(?://web\.archive\.org)?/web/\d{4,14}(?:[a-z]{2}_)?/(?=https?:/)", re.IGNORECASE)
_ONE_SLASH = re.compile(r"^(https?):/(?!/)", re.IGNORECASE)
_UNFIT = re.compile("^\\s+|\\s+$|[\x00-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_ENDING = re.compile(r"(\.php\?[^#]*?)\.html?(?=#|$)", re.IGNORECASE)
"""What wget puts behind the address, so that a browser takes the file for a page."""
_NUMBER = re.compile(r"\d{1,18}")


class Kind(StrEnum):
    """What a page shows."""

    STORY = "story"
    PRINT = "print"
    USER = "user"
    SERIES = "series"
    REVIEWS = "reviews"
    LIST = "list"
    SITE = "site"
    AO3_WORK = "ao3 work"
    AO3_SERIES = "ao3 series"
    AO3_USER = "ao3 user"


class View(NamedTuple):
    """What a page shows: `key` is the id of the story, member or series, `part` which part or page of it."""

    site: str
    kind: Kind
    key: str = ""
    part: str = ""


def original(url: str) -> str:
    """The address that a copy in the Wayback Machine was made of; any other address as it is."""
    url = _UNFIT.sub("", url[:LONGEST])
    url = _ONE_SLASH.sub(r"\1://", _WAYBACK.sub("", url))
    return _ENDING.sub(r"\1", url)


def view_of(url: str) -> View | None:
    """What an address shows, None for what is no page of a kind that is read."""
    try:
        parts = urlsplit(original(url))
        host = (parts.hostname or "").lower()
        _ = parts.port
    except ValueError:
        return None
    if parts.scheme.lower() not in {"http", "https"} or not host:
        return None
    return _efiction(parts) or _ao3(parts)


_LISTS = {"browse.php", "authors.php", "titles.php", "search.php", "toplists.php", "categories.php", "members.php"}
_OTHERS = {
    "index.php", "news.php", "viewpage.php", "rss.php", "user.php", "contact.php", "report.php", "rate.php",
    "stories.php", "admin.php", "challenges.php", "recommendations.php", "beta.php", "help.php", "tos.php", "rules.php",
    "member.php", "maintenance.php", "includes", "shoutbox.php", "viewpoll.php",
}  # fmt: skip


def _efiction(parts: SplitResult) -> View | None:
    script = parts.path.rpartition("/")[2].lower()
    if not script.endswith(".php"):
        return None
    site = site_of(parts.geturl())
    query = {name.lower(): value.strip() for name, value in parse_qsl(parts.query, keep_blank_values=True)}
    reader = _SCRIPTS.get(script)
    if reader is not None and (view := reader(site, query)) is not None:
        return view
    if script in _LISTS:
        listed = "&".join(f"{name}={query[name]}" for name in sorted(query))
        return View(site, Kind.LIST, script, listed)
    return View(site, Kind.SITE, script, parts.query) if script in _OTHERS | set(_SCRIPTS) else None


def _story(site: str, query: dict[str, str]) -> View | None:
    key, chapter = _number(query, "sid"), query.get("chapter", "")
    if not key:
        return None
    if query.get("action", "").lower() in {"printable", "print"}:
        part = "all" if chapter.lower() == "all" else _number(query, "chapter") or "1"
        return View(site, Kind.PRINT, key, part)
    if query.get("index") or query.get("i"):
        return View(site, Kind.STORY, key, "index")
    return View(site, Kind.STORY, key, _number(query, "chapter"))


def _user(site: str, query: dict[str, str]) -> View | None:
    key = _number(query, "uid")
    return View(site, Kind.USER, key, _paged(query, "action")) if key else None


def _series(site: str, query: dict[str, str]) -> View | None:
    key = _number(query, "seriesid")
    return View(site, Kind.SERIES, key, _paged(query)) if key else None


def _reviews(site: str, query: dict[str, str]) -> View | None:
    """Before 3.0 the story stood in `sid`."""
    kind = query.get("type", "ST").upper() or "ST"
    item = _number(query, "item")
    if not item:
        kind, item = ("SE", _number(query, "seriesid")) if "seriesid" in query else ("ST", _number(query, "sid"))
    if not item or query.get("action", "").lower() in {"add", "edit", "delete"}:
        return None
    return View(site, Kind.REVIEWS, f"{kind}{item}", _paged(query, "chapid"))


_SCRIPTS = {
    "viewstory.php": _story,
    "viewuser.php": _user,
    "series.php": _series,
    "viewseries.php": _series,
    "reviews.php": _reviews,
}


def _paged(query: dict[str, str], *names: str) -> str:
    """The parameters that lead to another part: the named ones and the place that a long list goes on from."""
    told = ((name, query.get(name, "")) for name in (*names, "offset"))
    return "&".join(f"{name}={value}" for name, value in told if value and value != "0")


def _number(query: dict[str, str], name: str) -> str:
    value = query.get(name, "")
    return str(int(value)) if _NUMBER.fullmatch(value) and value.isascii() else ""


_AO3_PATHS = (
    (re.compile(r"(?:/collections/[^/]+)?/works/(\d{1,18})/chapters/(\d{1,18})/?"), Kind.AO3_WORK),
    (re.compile(r"(?:/collections/[^/]+)?/works/(\d{1,18})(/navigate|/comments)?/?"), Kind.AO3_WORK),
    (re.compile(r"(?:/collections/[^/]+)?/series/(\d{1,18})/?"), Kind.AO3_SERIES),
    (re.compile(r"/users/([^/]+)(/pseuds/[^/]+|/profile)?/?"), Kind.AO3_USER),
)


def _ao3(parts: SplitResult) -> View | None:
    host = site_of(f"http://{parts.netloc}/")
    query = dict(parse_qsl(parts.query))
    for pattern, kind in _AO3_PATHS:
        if match := pattern.fullmatch(parts.path):
            part = (match[2] or "").lstrip("/") if match.re.groups > 1 else ""
            if kind is Kind.AO3_WORK and "view_full_work" in query:
                part = "full"
            page = query.get("page", "")
            return View(
                AO3 if host in AO3_NAMES else host,
                kind,
                unquote(match[1]),
                f"{part}&page={page}" if page not in {"", "1"} else part,
            )
    return None
