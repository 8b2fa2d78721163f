"""A small eFiction site for tests of crawls: its pages in skins of two kinds, captured in every way, and its dump."""

# ruff: noqa: E501 - pages are as wide as their markup

from __future__ import annotations

import gzip
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tests.formats.efiction_archive import Archive

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

BASE = "http://whitby.example.org/fic/"


@dataclass
class Tale:
    """A story and how it is told on the site."""

    sid: int
    title: str
    chapters: list[tuple[str, str]]
    summary: str = "Somebody came ashore."
    uid: int = 2
    rating: str = "PG-13"
    genre: str = "Gothic"
    notes: str = ""
    reviews: list[tuple[int, str, str, str]] = field(default_factory=list)
    """(chapter, reviewer, text, the author's answer)"""
    completed: bool = True

    def chapid(self, number: int) -> int:
        return self.sid * 10 + number


@dataclass
class Site:
    """The site; `names` are its members by uid."""

    names: dict[int, str] = field(default_factory=lambda: {2: "Mina", 3: "Lucy"})
    tales: list[Tale] = field(default_factory=list)
    series: dict[int, tuple[str, list[int]]] = field(default_factory=dict)

    def dump(self) -> bytes:
        """The same as its database tells it."""
        archive = Archive()
        for uid, name in self.names.items():
            archive.add("authors", uid=uid, penname=name, date="2003-01-20 00:00:00", bio=f"I am {name}.")
        archive.add("settings", url=BASE.rstrip("/"), tableprefix="", ratings=0, store="mysql", language="english")
        archive.add("categories", catid=1, parentcatid=-1, category="Dracula")
        archive.add("classtypes", classtype_id=1, classtype_name="genre", classtype_title="Genre")
        for number, name in enumerate(sorted({tale.genre for tale in self.tales}), start=1):
            archive.add("classes", class_id=number, class_type=1, class_name=name)
        for number, name in enumerate(sorted({tale.rating for tale in self.tales}), start=1):
            archive.add("ratings", rid=number, rating=name, ratingwarning="0")
        for tale in self.tales:
            self._dump_tale(archive, tale)
        for seriesid, (title, sids) in self.series.items():
            archive.add("series", seriesid=seriesid, title=title, summary="", uid=2, isopen=0)
            for place, sid in enumerate(sids, start=1):
                archive.add("inseries", seriesid=seriesid, sid=sid, subseriesid=0, confirmed=1, inorder=place)
        return archive.dump()

    def _dump_tale(self, archive: Archive, tale: Tale) -> None:
        genres = sorted({each.genre for each in self.tales})
        ratings = sorted({each.rating for each in self.tales})
        archive.add(
            "stories", sid=tale.sid, title=tale.title, summary=tale.summary, storynotes=tale.notes, catid="1",
            classes=str(genres.index(tale.genre) + 1), charid="", rid=str(ratings.index(tale.rating) + 1),
            date="2004-01-20 00:00:00", updated="2004-02-21 00:00:00", uid=tale.uid, coauthors="", validated=1,
            completed=int(tale.completed), challenges="",
        )  # fmt: skip
        for number, (title, text) in enumerate(tale.chapters, start=1):
            archive.add(
                "chapters", chapid=tale.chapid(number), title=title, inorder=number, notes="", storytext=text,
                endnotes="", validated=1, sid=tale.sid, uid=tale.uid,
            )  # fmt: skip
        for place, (chapter, name, text, answer) in enumerate(tale.reviews, start=1):
            said = text + (f"<br><br><i>Author's Response: {answer}</i>" if answer else "")
            archive.add(
                "reviews", reviewid=tale.sid * 100 + place, item=tale.sid, chapid=tale.chapid(chapter), reviewer=name,
                uid=0, review=said, date=f"2004-03-{place + 13:02d} 10:00:00", rating=-1, respond=int(bool(answer)), type="ST",
            )  # fmt: skip


class Skin:
    """Pages as eFiction's own templates lay them out."""

    def frame(self, title: str, body: str) -> str:
        return (
            f"<!DOCTYPE html><html><head><title>{title}</title><meta charset='utf-8'></head><body>"
            "<div id='container'><div id='header'>Whitby Tales</div><div class='menu'><a href='index.php'>Home</a> "
            f"<a href='browse.php?type=titles'>Titles</a></div>{body}<div class='footer'>Powered by nothing now</div>"
            "</div></body></html>"
        )

    def heading(self, site: Site, tale: Tale) -> str:
        return (
            f"<div id='pagetitle'><a href='viewstory.php?sid={tale.sid}'>{tale.title}</a> by "
            f"<a href='viewuser.php?uid={tale.uid}'>{site.names[tale.uid]}</a></div>"
        )

    def info(self, tale: Tale, *, rated: bool = True) -> str:
        rating = f"<span class='label'>Rated:</span> {tale.rating} [Reviews - 2]<br>" if rated else ""
        return (
            f"<div class='infobox'><div class='content'><span class='label'>Summary: </span>{tale.summary}<br>{rating}"
            "<span class='label'>Categories:</span> <a href='browse.php?type=categories&amp;catid=1'>Dracula</a><br>"
            "<span class='label'>Characters:</span> None<br>"
            f"<span class='label'>Genre:</span> <a href='browse.php?type=class&amp;type_id=1&amp;classid=1'>{tale.genre}"
            "</a><br><span class='label'>Series:</span> None<br>"
            f"<span class='label'>Chapters:</span> {len(tale.chapters)} <span class='label'>Completed:</span> "
            f"{'Yes' if tale.completed else 'No'}<br><span class='label'>Word count:</span> 40 "
            "<span class='label'>Read:</span> 12<br><span class='label'>Published:</span> 20/01/04 "
            "<span class='label'>Updated:</span> 21/02/04</div></div>"
        )

    def notes(self, label: str, text: str) -> str:
        if not text:
            return ""
        return (
            f"<div class='notes'><div class='title'><span class='label'>{label}:</span></div>"
            f"<div class='noteinfo'>{text}</div></div>"
        )

    def jump(self, tale: Tale, number: int) -> str:
        options = "".join(
            f"<option value='{place}'{' selected' if place == number else ''}>{place}. {title}</option>"
            for place, (title, _text) in enumerate(tale.chapters, start=1)
        )
        return f"<form name='jump'><select name='chapter'>{options}</select></form>"

    def chapter(self, site: Site, tale: Tale, number: int) -> str:
        jump = self.jump(tale, number) if len(tale.chapters) > 1 else ""
        return self.frame(
            f"{tale.title} by {site.names[tale.uid]}",
            f"{self.heading(site, tale)}{jump}{self.notes('Story Notes', tale.notes)}"
            f"<div id='story'>{tale.chapters[number - 1][1]}</div>"
            f"<div id='prev'><a href='viewstory.php?sid={tale.sid}&amp;chapter={number + 1}'>Next</a></div>"
            f"<a href='reviews.php?type=ST&amp;item={tale.sid}&amp;chapid={tale.chapid(number)}'>Reviews</a>{jump}",
        )

    def index(self, site: Site, tale: Tale) -> str:
        chapters = "".join(
            f"<p><b>{number}. </b><a href='viewstory.php?sid={tale.sid}&amp;chapter={number}'>{title}</a> by "
            f"<a href='viewuser.php?uid={tale.uid}'>{site.names[tale.uid]}</a> [<a href='reviews.php?type=ST&amp;"
            f"item={tale.sid}&amp;chapid={tale.chapid(number)}'>Reviews</a> - 1] (20 words)</p>"
            for number, (title, _text) in enumerate(tale.chapters, start=1)
        )
        notes = self.notes("Story Notes", tale.notes)
        return self.frame(tale.title, f"{self.heading(site, tale)}{self.info(tale)}{notes}{chapters}")

    def printable(self, site: Site, tale: Tale) -> str:
        names = "".join(
            f"<b>{number}. </b><a href='#{number}'>{title}</a> by <a href='viewuser.php?uid={tale.uid}'>"
            f"{site.names[tale.uid]}</a><br>"
            for number, (title, _text) in enumerate(tale.chapters, start=1)
        )
        texts = "".join(
            f"<a name='{number}'></a><div class='chaptertitle'>{title} by <a href='viewuser.php?uid={tale.uid}'>"
            f"{site.names[tale.uid]}</a></div><div class='chapter'>{text}</div>"
            for number, (title, text) in enumerate(tale.chapters, start=1)
        )
        notes = self.notes("Story Notes", tale.notes)
        body = f"{self.heading(site, tale)}{self.info(tale, rated=False)}{notes}{names}{texts}"
        return f"<html><head><title>{tale.title}</title></head><body>{body}</body></html>"

    def reviews(self, tale: Tale) -> str:
        boxes = "".join(
            f"<div class='listbox'><div class='content'><span class='label'>Reviewer: </span>{name} "
            f"<span class='label'>Date: </span>{place + 13:02d}/03/04 10:00 am <span class='label'>Title: </span>"
            f"<a href='viewstory.php?sid={tale.sid}&amp;chapter={chapter}'>{tale.chapters[chapter - 1][0]}</a></div>"
            f"<div class='content'><p>{text}{self.answer(answer)}</p></div><div class='tail'>"
            f"<a href='report.php?action=report&amp;reviewid={tale.sid * 100 + place}'>Report this</a></div></div>"
            for place, (chapter, name, text, answer) in reversed(list(enumerate(tale.reviews, start=1)))
        )
        return self.frame(f"Reviews For {tale.title}", f"<div id='pagetitle'>Reviews For {tale.title}</div>{boxes}")

    def answer(self, text: str) -> str:
        return f"<br><br><i>Author's Response: {text}</i>" if text else ""

    def listing(self, site: Site, tale: Tale) -> str:
        return (
            f"<div class='listbox'><div class='title'><a href='viewstory.php?sid={tale.sid}'>{tale.title}</a> by "
            f"<a href='viewuser.php?uid={tale.uid}'>{site.names[tale.uid]}</a></div>{self.info(tale)}</div>"
        )

    def listings(self, site: Site) -> str:
        return self.frame("Titles", "".join(self.listing(site, tale) for tale in site.tales))

    def user(self, site: Site, uid: int) -> str:
        name = site.names[uid]
        stories = "".join(self.listing(site, tale) for tale in site.tales if tale.uid == uid)
        return self.frame(
            name,
            f"<div id='profile'><div id='bio'><span class='label'>Penname:</span> {name} [<a href='viewuser.php?"
            f"action=contact&amp;uid={uid}'>Contact</a>]<br><span class='label'>Real name:</span> Not Told<br>"
            f"<span class='label'>Member Since:</span> 20/01/03<br><span class='label'>Bio:</span> I am {name}.<br>"
            f"<span class='label'>Journal:</span> whitby_{uid}</div></div>{stories}",
        )

    def series(self, site: Site, seriesid: int) -> str:
        title, sids = site.series[seriesid]
        listed = "".join(self.listing(site, tale) for sid in sids for tale in site.tales if tale.sid == sid)
        return self.frame(
            title,
            f"<div id='pagetitle'>{title} by <a href='viewuser.php?uid=2'>{site.names[2]}</a></div>"
            f"<div class='titleblock'><span class='label'>Summary:</span> Nights by the sea.<br></div>{listed}",
        )


class TableSkin(Skin):
    """A site's own skin: tables and fonts, German labels, none of eFiction's classes and ids."""

    def frame(self, title: str, body: str) -> str:
        return (
            f"<HTML><HEAD><TITLE>{title}</TITLE><META HTTP-EQUIV='Content-Type' CONTENT='text/html; charset=utf-8'>"
            "</HEAD><BODY bgcolor='#000033'><TABLE width='100%'><TR><TD width='150' valign='top'><A href='index.php'>"
            "Start</A><BR><A href='browse.php?type=titles'>Titel</A><BR><A href='authors.php?list=authors'>Autoren</A>"
            f"</TD><TD valign='top'>{body}</TD></TR></TABLE><CENTER><FONT size='1'>Alle Rechte bei den Autoren.</FONT>"
            "</CENTER></BODY></HTML>"
        )

    def heading(self, site: Site, tale: Tale) -> str:
        return (
            f"<FONT size='5'><A href='viewstory.php?sid={tale.sid}'>{tale.title}</A></FONT> von "
            f"<A href='viewuser.php?uid={tale.uid}'>{site.names[tale.uid]}</A><BR>"
        )

    def info(self, tale: Tale, *, rated: bool = True) -> str:
        rating = f"<B>Einstufung:</B> {tale.rating}<BR>" if rated else ""
        return (
            f"<TABLE border='1'><TR><TD><B>Zusammenfassung:</B> {tale.summary}<BR>{rating}"
            "<B>Kategorien:</B> <A href='browse.php?type=categories&amp;catid=1'>Dracula</A><BR>"
            f"<B>Genre:</B> <A href='browse.php?type=class&amp;type_id=1&amp;classid=1'>{tale.genre}</A><BR>"
            f"<B>Kapitel:</B> {len(tale.chapters)} <B>Abgeschlossen:</B> {'Ja' if tale.completed else 'Nein'}<BR>"
            "<B>Wörter:</B> 40<BR><B>Veröffentlicht:</B> 20.01.2004 <B>Aktualisiert:</B> 21.02.2004</TD></TR></TABLE>"
        )

    def notes(self, label: str, text: str) -> str:
        word = {"Story Notes": "Anmerkung zur Geschichte", "End Notes": "Schlussbemerkung"}.get(label, label)
        return f"<P><B>{word}:</B> {text}</P>" if text else ""

    def chapter(self, site: Site, tale: Tale, number: int) -> str:
        jump = self.jump(tale, number) if len(tale.chapters) > 1 else ""
        return self.frame(
            tale.title,
            f"{self.heading(site, tale)}{jump}{self.notes('Story Notes', tale.notes)}<TABLE><TR><TD>"
            f"<FONT face='Georgia'>{tale.chapters[number - 1][1]}</FONT></TD></TR></TABLE>"
            f"<A href='reviews.php?type=ST&amp;item={tale.sid}&amp;chapid={tale.chapid(number)}'>Reviews</A>",
        )

    def printable(self, site: Site, tale: Tale) -> str:
        texts = "".join(
            f"<A name='{number}'></A><H3>{title}</H3>{text}<HR>"
            for number, (title, text) in enumerate(tale.chapters, start=1)
        )
        names = "".join(
            f"{number}. <A href='#{number}'>{title}</A><BR>"
            for number, (title, _text) in enumerate(tale.chapters, start=1)
        )
        return f"<HTML><BODY>{self.heading(site, tale)}{self.info(tale, rated=False)}{names}{texts}</BODY></HTML>"

    def reviews(self, tale: Tale) -> str:
        rows = "".join(
            f"<TR><TD><B>Rezensent:</B> {name} <B>Datum:</B> {place + 13}.03.2004 10:00 <B>Titel:</B> <A href='viewstory.php?"
            f"sid={tale.sid}&amp;chapter={chapter}'>{tale.chapters[chapter - 1][0]}</A><BR><BR>{text}{self.answer(answer)}"
            "</TD></TR>"
            for place, (chapter, name, text, answer) in reversed(list(enumerate(tale.reviews, start=1)))
        )
        return self.frame("Reviews", f"<TABLE>{rows}</TABLE>")

    def answer(self, text: str) -> str:
        return f"<BR><BR><I>Antwort des Autors: {text}</I>" if text else ""

    def listing(self, site: Site, tale: Tale) -> str:
        return f"<TABLE><TR><TD>{self.heading(site, tale)}{self.info(tale)}</TD></TR></TABLE>"

    def user(self, site: Site, uid: int) -> str:
        name = site.names[uid]
        return self.frame(
            name,
            f"<TABLE><TR><TD><B>Pseudonym:</B> {name}<BR><B>Echter Name:</B> Nicht Gesagt<BR><B>Mitglied seit:</B> "
            f"20.01.2003<BR><B>Über mich:</B> I am {name}.<BR><B>Journal:</B> whitby_{uid}<BR></TD></TR></TABLE>",
        )

    def series(self, site: Site, seriesid: int) -> str:
        title, sids = site.series[seriesid]
        listed = "".join(self.listing(site, tale) for sid in sids for tale in site.tales if tale.sid == sid)
        return self.frame(title, f"<H2>{title} von <A href='viewuser.php?uid=2'>{site.names[2]}</A></H2>{listed}")


def pages(site: Site, skin: Skin, *, printed: bool = True) -> Iterator[tuple[str, str]]:
    """(address, page) of everything that a crawler of the site found."""
    yield f"{BASE}browse.php?type=titles", skin.listings(site)
    for uid in site.names:
        yield f"{BASE}viewuser.php?uid={uid}", skin.user(site, uid)
    for tale in site.tales:
        yield (
            f"{BASE}viewstory.php?sid={tale.sid}",
            skin.index(site, tale) if len(tale.chapters) > 1 else skin.chapter(site, tale, 1),
        )
        if printed:
            address = f"{BASE}viewstory.php?action=printable&textsize=0&sid={tale.sid}&chapter=all"
            yield address, skin.printable(site, tale)
        for number in range(1, len(tale.chapters) + 1):
            yield f"{BASE}viewstory.php?sid={tale.sid}&chapter={number}", skin.chapter(site, tale, number)
            yield f"{BASE}viewstory.php?sid={tale.sid}&textsize=1&chapter={number}", skin.chapter(site, tale, number)
        if tale.reviews:
            yield f"{BASE}reviews.php?type=ST&item={tale.sid}", skin.reviews(tale)
    for seriesid in site.series:
        yield f"{BASE}viewseries.php?seriesid={seriesid}", skin.series(site, seriesid)


def record(kind: str, url: str, block: bytes, *, length: int | None = None) -> bytes:
    """One record of a WARC; `length` is what it says that it is long."""
    head = (
        f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: <{url}>\r\nWARC-Date: 2009-10-11T12:13:14Z\r\n"
        f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(block) if length is None else length}"
    )
    return head.encode() + b"\r\n\r\n" + block + b"\r\n\r\n"


def response(
    url: str, page: str | bytes, *, headers: str = "Content-Type: text/html; charset=utf-8", status: str = "200 OK"
) -> bytes:
    """The record of an answer."""
    data = page.encode() if isinstance(page, str) else page
    return record("response", url, f"HTTP/1.1 {status}\r\n{headers}\r\n\r\n".encode() + data)


def warc(captured: Iterable[tuple[str, str | bytes]], *, packed: bool = True) -> bytes:
    """The pages in a WARC as wget writes it, with the record on top that says who made it."""
    records = [record("warcinfo", "", b"software: a crawler of 2009\r\n")]
    records += [response(url, page) for url, page in captured]
    return b"".join(gzip.compress(each, mtime=0) if packed else each for each in records)


def arc(captured: Iterable[tuple[str, str]], *, packed: bool = True) -> bytes:
    """The pages in an ARC of version 1."""
    head = b"1 0 Whitby\nURL IP-address Archive-date Content-type Archive-length\n\n"
    records = [b"filedesc://crawl.arc 0.0.0.0 20091011121314 text/plain %d\n" % len(head) + head]
    for url, page in captured:
        block = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + page.encode()
        records.append(f"{url} 192.0.2.1 20091011121314 text/html {len(block)}\n".encode() + block + b"\n")
    return b"".join(gzip.compress(record, mtime=0) if packed else record for record in records)


def mirror(captured: Iterable[tuple[str, str]], folder: Path, *, mark: str = "?", ending: str = "") -> Path:
    """The pages as wget lays them down: the address is the path."""
    for url, page in captured:
        path = folder / (url.removeprefix("http://").replace("?", mark) + ending)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(page, encoding="utf-8")
    return folder


def saved(captured: Iterable[tuple[str, str]], folder: Path) -> Path:
    """The pages as a browser saves them: numbered, with the address inside."""
    folder.mkdir(parents=True, exist_ok=True)
    for number, (url, page) in enumerate(captured):
        note = f"<!-- saved from url=({len(url):04d}){url} -->\n"
        (folder / f"page {number}.html").write_text(note + page, encoding="utf-8")
    return folder


def whitby() -> Site:
    """Three stories, one of them in three chapters with reviews, and a series of two."""
    long = [
        ("Landfall", "<p>The <i>Demeter</i> lay on the sand, and nobody would go near her.</p><p>“A dog,” said Lucy, “only a dog.”</p>"),
        ("The Churchyard", "<p>Mina counted the steps: one hundred and ninety-nine of them, all wet.</p><p>She went up slowly.</p>"),
        ("Daybreak", "<p>At last the sun came up over the abbey, red as a seal on a letter.</p><p>They slept until noon, all of them.</p>"),
    ]  # fmt: skip
    return Site(
        tales=[
            Tale(
                5, "Landfall", long, notes="Set after the storm.",
                reviews=[
                    (1, "Arthur", "I held my breath for the dog.", "So did I!"),
                    (2, "Arthur", "Those steps!", ""),
                    (3, "Renfield", "Flies <b>and</b> spiders, please.", ""),
                ],
            ),
            Tale(7, "The Lamp", [("The Lamp", "<p>He trimmed the lamp and waited; the sea said nothing new that night.</p><p>In the morning it was still burning.</p>")], uid=3, rating="R", genre="Humour"),
            Tale(12, "Salt", [("Salt", "<p>There was salt on the window sill, in a line as fine as a thread of silk.</p><p>Nobody had put it there.</p>")], completed=False),
        ],
        series={4: ("Whitby Nights", [5, 12])},
    )  # fmt: skip
