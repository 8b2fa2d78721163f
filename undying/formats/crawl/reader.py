"""CrawlReader: every WARC, ARC and saved page of an import, read as one crawl -> a stream of events.

Two passes. The first puts every capture into a scratch database by what it shows; the second takes what belongs to one
story out of it and tells the story. What the crawl links to and does not hold is told as well, address by address.
"""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

from undying.formats import Count, Event, Fate, Outcome, Progress, Remark, Story
from undying.formats.crawl import saved
from undying.formats.crawl.ao3_site import Ao3Site
from undying.formats.crawl.days import Days
from undying.formats.crawl.efiction_site import EfictionSite, SiteDesk
from undying.formats.crawl.index import Index, Place
from undying.formats.crawl.selectors import NAME as SELECTORS
from undying.formats.crawl.selectors import Selectors, selectors_in
from undying.formats.crawl.tape import LARGEST_BODY, Records, excerpt
from undying.formats.crawl.views import Kind, view_of
from undying.formats.efiction.encodings import Decoder
from undying.formats.onefile import file_fate
from undying.formats.pictures import kind_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from io import BufferedIOBase
    from pathlib import Path

    from undying.formats import Request
    from undying.formats.crawl.tape import Record
    from undying.formats.crawl.views import View

_WARC_HEAD = re.compile(rb"WARC/[01]\.\d+\r?\n|filedesc:|https?://\S+ [\d.]+ \d{14} \S+ \d+\r?\n")
_AO3 = {Kind.AO3_WORK, Kind.AO3_SERIES, Kind.AO3_USER}
_LARGEST_PICTURE = 8 * 1024 * 1024
_MOST_SITES = 100
_PAGES_PER_PROGRESS = 500
_MOST_NAMED = 50
_OK = {0, 200, 203, 206}


def is_tape(head: bytes) -> bool:
    """Whether a file begins as a WARC or ARC does, packed or not."""
    if head.startswith(b"\x1f\x8b"):
        try:
            head = zlib.decompressobj(31).decompress(head, 4096)
        except zlib.error:
            return False
    return bool(_WARC_HEAD.match(head.lstrip()))


class CrawlReader:
    """Reads crawls of eFiction sites and of the Archive of Our Own. Memory is bounded by the largest page."""

    name = "crawl"

    def claims(self, path: Path, head: bytes) -> bool:
        """Whether a file is a WARC or ARC, or a saved page that says where it stood."""
        return is_tape(head) or bool(saved.address_of(path, path.parent, head))

    def read(self, path: Path, request: Request) -> Iterator[Event]:
        """Everything in the crawl that this file belongs to: all that `request.files` hold of it."""
        index = Index(request.scratch)
        try:
            yield from _Reading(index, request, path).events()
        finally:
            index.close()

    def excerpt(self, file: BufferedIOBase, span: tuple[int, int]) -> Iterator[bytes]:
        """The record that a span means, as it stands in the unpacked file."""
        return excerpt(file, span)


READER = CrawlReader()


@dataclass
class _Site:
    """What the first pass learns of a site."""

    decoder: Decoder = field(default_factory=Decoder)
    days: Days = field(default_factory=Days)
    scheme: str = "http"


class _Reading:
    """One crawl."""

    def __init__(self, index: Index, request: Request, path: Path) -> None:
        self._index, self._request = index, request
        self._files = request.files or (path,)
        self._sites: dict[str, _Site] = {}
        self._selectors = Selectors()
        self._pages = 0
        self._stories = 0

    def events(self) -> Iterator[Event]:
        yield from self._first_pass()
        for site in self._index.sites():
            yield from self._told(site)
        for view, url, place in self._index.untold():
            if place.path is None or view is not None:
                yield place.fate(Outcome.KEPT_RAW, _why_kept(view, url))
        if not self._stories:
            yield Remark(
                text="The crawl holds no page of a story that is read: of eFiction sites viewstory.php is read, of the "
                "Archive of Our Own /works/ and the number.", grave=True,
            )  # fmt: skip

    def _first_pass(self) -> Iterator[Event]:
        tapes: list[Path] = []
        pages: list[tuple[Path, str]] = []
        others: list[Path] = []
        for path in self._files:
            try:
                head = saved.head_of(path)
            except OSError:  # told when it is its turn
                continue
            if path.name == SELECTORS:
                self._selectors = selectors_in(path)
                yield _file(path, self._request, Outcome.KEPT_RAW, "what the archivist said about the skin")
            elif is_tape(head):
                tapes.append(path)
            elif address := saved.address_of(path, self._request.root, head, self._request.site):
                pages.append((path, address))
            elif saved.is_markup(head) or kind_of(head):
                others.append(path)
        for tape in tapes:
            yield from self._tape(tape)
        yield from self._saved(pages, others)

    def _tape(self, path: Path) -> Iterator[Event]:
        """Every record of a WARC or ARC."""
        container = file_fate(path, self._request)
        name = f"{container.container.removeprefix('./')}{container.key}"
        records, total = Records(path), 0
        for record in records:
            total += 1
            url = (
                record.url
                if record.kind in {"response", "resource", "revisit"}
                else f"{record.kind}: {record.url}".strip()
            )
            place = Place(container=name, name=self._index.named(name, url), span=(record.at, record.size))
            fate = self._record(record, place)
            if fate is not None:
                yield fate
            if total % _PAGES_PER_PROGRESS == 0:
                yield Progress(done=record.at + record.size, total=0, unit="bytes")
        yield Count(container=name, total=total, file=path)
        for trouble in records.troubles:
            yield Remark(text=trouble, grave=True)
        yield _file(path, self._request, Outcome.IMPORTED, f"read as a crawl of {total:,} records")

    def _record(self, record: Record, place: Place) -> Fate | None:
        """A record's fate, None when it is decided later: then it is in the index."""
        if why := _why_no_page(record):
            return place.fate(Outcome.MERGED if record.kind == "revisit" else Outcome.KEPT_RAW, why)
        view = view_of(record.url)
        if kind_of(record.body) and len(record.body) <= _LARGEST_PICTURE:
            self._index.add(None, record.url, record.body, place)
            return None
        if view is None or not saved.is_markup(record.body):
            return place.fate(Outcome.KEPT_RAW, "no page of a kind that stories are read from")
        self._add(view, record.url, record.body, place, charset=record.charset, cut=record.trouble)
        return None

    def _add(self, view: View, url: str, body: bytes, place: Place, *, charset: str = "", cut: str = "") -> None:
        self._pages += 1
        site = self._site(view.site)
        site.decoder.vote(body[:65536])
        site.days.look(body)
        site.scheme = urlsplit(url).scheme if self._pages == 1 else site.scheme
        self._index.add(view, url, body, place, charset=charset, cut=cut)

    def _site(self, name: str) -> _Site:
        if name not in self._sites and len(self._sites) >= _MOST_SITES:
            name = ""
        return self._sites.setdefault(name, _Site())

    def _saved(self, pages: list[tuple[Path, str]], others: list[Path]) -> Iterator[Event]:
        """Saved pages; what else lies in their folders as a page belongs to them, and so do the pictures in there."""
        roots = {path.parent for path, address in pages if _is_named_so(path)}
        beside = {path.parent / f"{path.stem}_files" for path, _address in pages}
        for path, address in pages:
            view = view_of(address)
            body = _body(path)
            if body is None or view is None:
                yield _file(
                    path, self._request, Outcome.KEPT_RAW, f"it is larger than {LARGEST_BODY:,} bytes, which no page is"
                )
                continue
            self._add(view, address, body, _placed(path, self._request))
        for path in others:
            if not any(path.is_relative_to(root) for root in roots | beside):
                continue
            head = saved.head_of(path)
            if not kind_of(head):
                yield _file(path, self._request, Outcome.KEPT_RAW, "no page of a kind that stories are read from")
            elif (picture := _body(path)) is not None and len(picture) <= _LARGEST_PICTURE:
                self._index.add(None, f"https://saved.invalid{quote(str(path))}", picture, _placed(path, self._request))

    def _told(self, site: str) -> Iterator[Event]:
        """What is told of one site."""
        kinds = self._index.kinds(site)
        about = self._site(site)
        if kinds & _AO3:
            archive = Ao3Site(self._index, site, about.decoder)
            yield from self._counted(archive.events())
            yield from _lost(site, archive.lost)
        if kinds - _AO3:
            name = self._request.site if self._request.site and self._is_only(site) else site
            desk = SiteDesk(about.decoder, about.days, self._selectors, about.scheme)
            efiction = EfictionSite(self._index, self._request.scratch, site, name, desk)
            yield from self._counted(efiction.events())
            unseen = [(url, "nobody captured it") for url in self._index.unseen(site, Kind.STORY, Kind.PRINT)]
            yield from _lost(name, efiction.lost + unseen)

    def _counted(self, events: Iterator[Event]) -> Iterator[Event]:
        for event in events:
            self._stories += isinstance(event, Story)
            yield event

    def _is_only(self, site: str) -> bool:
        return all(each == site or not self._index.kinds(each) - _AO3 for each in self._index.sites())


def _is_named_so(path: Path) -> bool:
    return bool(re.match(r"[a-z]{3,20}\.php(?:[?@]|%3F|$)", path.name, re.IGNORECASE))


def _body(path: Path) -> bytes | None:
    return path.read_bytes() if path.stat().st_size <= LARGEST_BODY else None


def _placed(path: Path, request: Request) -> Place:
    fate = file_fate(path, request)
    return Place(container=fate.container, name=fate.key, path=path)


def _file(path: Path, request: Request, outcome: Outcome, detail: str) -> Fate:
    return _placed(path, request).fate(outcome, detail)


def _why_no_page(record: Record) -> str:
    """Why a record is no page, "" when it may be one."""
    if record.kind == "revisit":
        return "unchanged since an earlier capture, which holds the page"
    if record.kind not in {"response", "resource"}:
        return f"a {record.kind or 'nameless'} record: it says how the crawl was made"
    if 300 <= record.status < 400:  # noqa: PLR2004 - HTTP's own
        return "the server only named another address"
    if record.status not in _OK:
        return f"the server refused it (HTTP {record.status})"
    if record.trouble and not saved.is_markup(record.body):
        return record.trouble
    return "" if record.body else "it is empty"


def _why_kept(view: View | None, url: str) -> str:
    if view is None:
        return "a picture that no story shows"
    return {
        Kind.STORY: "no text of a story could be found on it",
        Kind.PRINT: "no text of a story could be found on it",
        Kind.REVIEWS: "reviews of what was not captured",
        Kind.LIST: "a list of stories; ratings and titles were looked up in it",
        Kind.USER: "a part of a member's page that holds no profile",
        Kind.SERIES: "a series without a title",
    }.get(view.kind, f"another page of the site ({url[:200]})")


def _lost(site: str, lost: list[tuple[str, str]]) -> Iterator[Event]:
    """What was gated or not captured: every address as a row of its own, and the first ones in a sentence."""
    if not lost:
        return
    container, addresses = f"not captured of {site}", dict(lost)
    for address, why in addresses.items():
        yield Fate(container=container, key=address, outcome=Outcome.REFUSED, detail=why)
    yield Count(container=container, total=len(addresses))
    were = f"{len(addresses):,} addresses were" if len(addresses) > 1 else "one address was"
    named = ", ".join(list(addresses)[:_MOST_NAMED])
    more = "" if len(addresses) <= _MOST_NAMED else f" and {len(addresses) - _MOST_NAMED:,} more, listed in the ledger"
    yield Remark(
        text=f"Of {site} {were} not captured, or "
        f"only the warning before: {named}{more}. The Wayback Machine may have them.", grave=True,
    )  # fmt: skip
