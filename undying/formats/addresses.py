"""What an address on the web says about identity: which work on which site, which person, which chapter.

Two addresses of one story (http or https, with or without `www.`, any chapter of it, any view of it) give one Source.
"""

from __future__ import annotations

import re
from typing import NamedTuple
from urllib.parse import SplitResult, parse_qsl, unquote, urlencode, urlsplit

from undying.manuscript import Source

AO3 = "archiveofourown.org"
FANFICTION = "www.fanfiction.net"
AO3_NAMES = {AO3, "archiveofourown.com", "archiveofourown.net", "archiveofourown.gay", "ao3.org"}
_VIEWS = {
    "view_adult", "view_full_work", "style", "show_comments", "ageconsent", "warning", "textsize", "updated_at",
    "fbclid", "gclid", "utm_source", "utm_medium", "utm_campaign", "utm_content", "utm_term",
}  # fmt: skip
"""Parameters that change how a story is shown, never which story it is."""


class Person(NamedTuple):
    """A person on a site: her user name, her id and her pen name, each "" if the address does not say."""

    account: str = ""
    key: str = ""
    pseud: str = ""


def source_of(url: str) -> Source:
    """The identity behind an address; an empty Source for what is no web address."""
    parts = _split(url)
    if parts is None:
        return Source()
    host = _host(parts)
    for site in (_otw, _fanfiction, _efiction, _wattpad, _journal):
        found = site(host, parts)
        if found is not None:
            return found
    return Source(site=host, key=_normal(host, parts), url=url.strip())


def site_of(url: str) -> str:
    """The name of an eFiction site by the address of any of its pages or of its folder; "" for no web address.

    Several archives may share a host, so a folder is part of the site's name.
    """
    parts = _split(url)
    return f"{_host(parts)}{parts.path.rpartition('/')[0]}" if parts is not None else ""


def person_of(url: str) -> Person:
    """Who the address of a profile belongs to."""
    parts = _split(url)
    if parts is None:
        return Person()
    if match := re.match(r"/users/([^/]+)(?:/pseuds/([^/]+))?", parts.path):
        return Person(account=unquote(match[1]), pseud=unquote(match[2] or ""))
    if match := re.match(r"/u/(\d+)", parts.path):
        return Person(key=match[1])
    if parts.path.endswith("viewuser.php"):
        return Person(key=_query(parts).get("uid", ""))
    return Person()


def series_key_of(url: str) -> str:
    """The id of a series in its site, "" if the address names none."""
    parts = _split(url)
    if parts is None:
        return ""
    match = re.search(r"/series/(\d+)", parts.path)
    return match[1] if match else _query(parts).get("seriesid", "")


def chapter_key_of(url: str) -> str:
    """The id of a chapter in its site; the whole address where the site has no such ids."""
    parts = _split(url)
    if parts is None:
        return ""
    for pattern in (r"/chapters/(\d+)", r"^/s/\d+/(\d+)"):
        if match := re.search(pattern, parts.path):
            return match[1]
    query = _query(parts)
    return query.get("chapid", "") or query.get("chapter", "") or url.strip()


def secure(url: str) -> str:
    """The address with https: the archives that Undying knows have served nothing else for years."""
    return re.sub(r"^http://", "https://", url.strip())


def _split(url: str) -> SplitResult | None:
    try:
        parts = urlsplit(url.strip())
        named = bool(parts.hostname)
        _ = parts.port  # raises for what is no number
    except ValueError:
        return None
    return parts if named and parts.scheme.lower() in {"http", "https"} else None


def _host(parts: SplitResult) -> str:
    host = (parts.hostname or "").lower().rstrip(".")
    host = re.sub(r"^(www|m)\.", "", host)
    port = parts.port
    return host if port in {None, 80, 443} else f"{host}:{port}"


def _query(parts: SplitResult) -> dict[str, str]:
    return dict(parse_qsl(parts.query))


def _otw(host: str, parts: SplitResult) -> Source | None:
    """The Archive of Our Own and every archive that runs its software."""
    match = re.match(r"(?:/collections/[^/]+)?/(?:works|downloads)/(\d+)(?:/|$)", parts.path)
    if not match:
        return None
    site = AO3 if host in AO3_NAMES else host
    return Source(site=site, key=match[1], url=f"https://{site}/works/{match[1]}")


def _fanfiction(host: str, parts: SplitResult) -> Source | None:
    match = re.match(r"/s/(\d+)", parts.path)
    if not match or host not in {"fanfiction.net", "fictionpress.com"}:
        return None
    return Source(site=f"www.{host}", key=match[1], url=f"https://www.{host}/s/{match[1]}")


def _efiction(_host: str, parts: SplitResult) -> Source | None:
    """eFiction."""
    script = parts.path.rpartition("/")[2]
    key = _query(parts).get("sid", "")
    if script.lower() != "viewstory.php" or not key.isdigit():
        return None
    url = f"{parts.scheme.lower()}://{parts.netloc.lower()}{parts.path}?sid={key}"
    return Source(site=site_of(url), key=key, url=url)


def _wattpad(host: str, parts: SplitResult) -> Source | None:
    match = re.match(r"/story/(\d+)", parts.path)
    if not match or host != "wattpad.com":
        return None
    return Source(site="www.wattpad.com", key=match[1], url=f"https://www.wattpad.com/story/{match[1]}")


def _journal(host: str, parts: SplitResult) -> Source | None:
    """LiveJournal and Dreamwidth: a journal's name stands in the host or in the path."""
    match = re.fullmatch(r"(?:(?P<name>[\w-]+)\.)?(?P<site>livejournal\.com|dreamwidth\.org)", host)
    entry = re.search(r"(?:^/(?:users|community|~)?/?(?P<name>[\w-]+))?/(?P<entry>\d+)\.html$", parts.path)
    if not match or not entry:
        return None
    shared = match["name"] in {None, "users", "community", "syndicated"}
    name = (entry["name"] if shared else match["name"]) or ""
    key = f"{name.lower().replace('-', '_')}/{entry['entry']}"
    return Source(site=match["site"], key=key, url=f"https://{host}{parts.path}")


def _normal(host: str, parts: SplitResult) -> str:
    pairs = [(name, value) for name, value in parse_qsl(parts.query, keep_blank_values=True) if name not in _VIEWS]
    query = f"?{urlencode(pairs)}" if pairs else ""
    return f"https://{host}{parts.path.rstrip('/') or '/'}{query}"
