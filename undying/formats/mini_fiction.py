"""mini_fiction: its dumps of JSON lines (`dumpdb`, or `/story/N_dump.jsonl` for one story), whole or packed with gzip.

A line is one object with `_entity` beside its fields; relations are the ids of other objects. A folder of such files is
one archive. E-mail addresses go where nobody is shown them; passwords, sessions and addresses of machines are not read.
"""

from __future__ import annotations

import gzip
import html
import json
import re
import zlib
from typing import TYPE_CHECKING, Any

from undying.formats import Contact, Count, Fate, Kept, Outcome, Progress, Remark, Story, Unreadable
from undying.formats.records import folder_of, moment_of
from undying.formats.rows import Row, Rows, ref
from undying.manuscript import (
    NO_PROSE,
    Chapter,
    Credit,
    Favourite,
    FavouriteKind,
    Manuscript,
    NewsItem,
    Profile,
    Prose,
    RawHtml,
    Review,
    SeriesPlace,
    SitePage,
    Source,
    State,
    Status,
    Tagging,
    TagKind,
)
from undying.manuscript.clean import clean

if TYPE_CHECKING:
    from collections.abc import Iterator
    from io import BufferedIOBase
    from pathlib import Path

    from undying.formats import Event, Request

SITE = "mini_fiction"
LONGEST_LINE = 32 * 1024 * 1024
_NAME = re.compile(r"\w+_dump\.jsonl(?:\.gz)?\Z")
_HALF = re.compile(rb"\\ud[89a-f]", re.IGNORECASE)
_OWNERS = {
    "chapter": ("story", "order"),
    "storycontributor": ("story", "id"),
    "coauthorsstory": ("story", "id"),
    "storycomment": ("story", "id"),
    "comment": ("story", "id"),
    "inseriespermissions": ("story", "order"),
    "newscomment": ("newsitem", "id"),
}
_PRIVATE = ("password", "session_token", "ip", "silent_email", "silent_tracker", "activation_key")
_KEPT = {
    "vote": "votes are kept; their sum stands beside the story",
    "activity": "what members had read is kept and not shown",
    "storyview": "what members had read is kept and not shown",
    "bookmark": "members' own lists of what to read are kept and not shown",
    "subscription": "subscriptions are kept and not shown",
    "notification": "notices are kept and not shown",
    "abusereport": "reports to moderators are kept and not shown",
    "adminlog": "the site's log is kept and not shown: it tells of people",
    "storylog": "the history of edits is kept and not shown",
}
_RATINGS = {
    "general": "General Audiences", "g": "General Audiences", "pg-13": "Teen And Up Audiences",
    "r": "Mature", "nc-17": "Explicit",
}  # fmt: skip


class MiniFictionReader:
    """Reads all files of one dump that lie in one folder."""

    name = "mini_fiction"
    is_catalogue = True

    def claims(self, path: Path, head: bytes) -> bool:
        """Its files' names, or a first line with `_entity`."""
        named = bool(_NAME.search(path.name))
        return (named and head.startswith((b"{", b"\x1f\x8b"))) or (
            path.suffix.lower() == ".jsonl"
            and head.startswith(b"{")
            and b'"_entity"' in head[:65536].split(b"\n", 1)[0]
        )

    def read(self, path: Path, request: Request) -> Iterator[Event]:
        """The archive in the folder of this file. Raises Unreadable."""
        rows = Rows(request.scratch)
        try:
            yield from _Archive(rows, request).events(_together(path, request))
        finally:
            rows.close()


def _together(path: Path, request: Request) -> list[Path]:
    beside = [each for each in request.files if each.parent == path.parent] or [path]
    return sorted(each for each in beside if each == path or READER.claims(each, _head(each)))


def _head(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(65536)
    except OSError:
        return b""


class _Archive:
    """One dump, put down and told."""

    def __init__(self, rows: Rows, request: Request) -> None:
        self._rows = rows
        self._request = request
        self._site = request.site or SITE
        self._base = f"https://{request.site}/" if "." in request.site else ""
        self._halves = 0

    def events(self, files: list[Path]) -> Iterator[Event]:
        """Everything."""
        for done, path in enumerate(files, start=1):
            yield from self._load(path)
            yield Progress(done=done, total=len(files), unit="files")
        if not any(True for _ in self._rows.totals()):
            raise Unreadable(
                f"{files[0].name}: no line of it is an object of mini_fiction; is it another program's file?"
            )
        yield from map(self._file, files)
        if self._halves:
            lines = "line holds" if self._halves == 1 else "lines hold"
            yield Remark(text=f"{self._halves:,} {lines} half a character, which is shown as “\ufffd”.", grave=True)
        for story in self._rows.all("story"):
            yield from self._story(story)
        yield from self._people()
        yield from self._news()
        yield from self._pages()
        yield from self._favourites()
        for row in self._rows.unused():
            why = _KEPT.get(row.table, "it is used by nothing that was brought in")
            yield row.fate(Outcome.KEPT_RAW, why)
        yield from (Count(container=container, total=total) for container, total in self._rows.totals())

    # -- Loading ------------------------------------------------------------------------------------------------------

    def _load(self, path: Path) -> Iterator[Event]:
        container = f"{folder_of(path, self._request)}{path.name} (lines)"
        at = number = 0
        try:
            with gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb") as file:
                for line in _lines(file):
                    number += 1
                    size = len(line)
                    if line.strip() and (fate := self._add(line, container, number, (at, size))):
                        yield fate
                    at += size
        except (OSError, EOFError, zlib.error) as error:
            yield Remark(text=f"{path.name} breaks off after line {number} ({error}).", grave=True)

    def _file(self, path: Path) -> Fate:
        folder = folder_of(path, self._request) or "./"
        detail = f"read as {READER.name}"
        return Fate(container=folder, key=path.name, outcome=Outcome.IMPORTED, detail=detail, file=path)

    def _add(self, line: bytes, container: str, number: int, span: tuple[int, int]) -> Fate | None:
        try:
            value = self._whole(line)
        except (ValueError, RecursionError):
            value = None
        if not isinstance(value, dict) or not isinstance(value.get("_entity"), str):
            return self._rows.add("?", f"line {number}", {}, container=container, span=span)
        entity = value["_entity"].lower()
        for name in _PRIVATE:
            value.pop(name, None)
        key = ref(value.get("id")) or ref(value.get("name"))
        owner, place = _OWNERS.get(entity, ("", ""))
        order = value.get(place)
        return self._rows.add(
            entity, f"{entity} {key}" if entity == "staticpage" else key, value, container=container, span=span,
            owner=ref(value.get(owner)), place=order if isinstance(order, int) and abs(order) < 2**60 else 0,
        )  # fmt: skip

    def _whole(self, line: bytes) -> Any:
        """What a line says, without halves of characters: JSON can name them (`\\ud83d`), and no file can hold them."""
        value = json.loads(line)
        text = json.dumps(value, ensure_ascii=False) if _HALF.search(line) else ""
        whole = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
        if whole == text:
            return value
        self._halves += 1
        return json.loads(whole)

    # -- Stories ------------------------------------------------------------------------------------------------------

    def _story(self, row: Row) -> Iterator[Event]:
        chapters = self._rows.of("chapter", row.key)
        told = [each for each in chapters if _prose(each.text("text")).has_words()]
        if not told:
            self._rows.use(row)
            yield row.fate(Outcome.KEPT_RAW, "none of its chapters has a text" if chapters else "it has no chapters")
            return
        comments = [*self._rows.of("storycomment", row.key), *self._rows.of("comment", row.key)]
        shown = [each for each in comments if not each.is_true("deleted")]
        joins = [*self._contributors(row), *self._rows.of("inseriespermissions", row.key)]
        self._rows.use(row, *told, *comments, *joins)
        fates = [row.fate(Outcome.IMPORTED), *(each.fate(Outcome.IMPORTED) for each in told)]
        fates += [each.fate(Outcome.IMPORTED, f"comment on story {row.key}") for each in shown]
        fates += [each.fate(Outcome.KEPT_RAW, "it was deleted") for each in comments if each.is_true("deleted")]
        fates += [each.fate(Outcome.MERGED, f"part of story {row.key}") for each in joins]
        yield Story(manuscript=self._manuscript(row, told, shown), fates=tuple(fates))

    def _contributors(self, row: Row) -> list[Row]:
        return [*self._rows.of("storycontributor", row.key), *self._rows.of("coauthorsstory", row.key)]

    def _manuscript(self, row: Row, chapters: list[Row], comments: list[Row]) -> Manuscript:
        is_out = row.is_true("approved") and not row.is_true("draft")
        frozen = Status.HIATUS if row.is_true("freezed") else Status.IN_PROGRESS
        return Manuscript(
            title=row.text("title").strip() or "Untitled",
            chapters=tuple(self._chapter(row, each) for each in chapters),
            credits=self._credits(row),
            summary=_prose(row.text("summary")),
            notes_before=_prose(row.text("notes")),
            language="ru" if not self._request.site else "",
            taggings=tuple(self._taggings(row)),
            series=tuple(self._series(row)),
            status=Status.COMPLETE if row.is_true("finished") else frozen,
            published=moment_of(row.text("first_published_at")) or moment_of(row.text("date")),
            updated=moment_of(row.text("updated")),
            reviews=tuple(map(self._review, comments)),
            source=Source(site=self._site, key=row.key, url=f"{self._base}story/{row.key}/" if self._base else ""),
            state=State.POSTED if is_out else State.DRAFT,
            extras=tuple(_extras(row)),
        )

    def _chapter(self, story: Row, row: Row) -> Chapter:
        is_draft = "draft" in row.values and row.is_true("draft")
        return Chapter(
            title=row.text("title").strip(),
            body=_prose(row.text("text")),
            notes_before=_prose(row.text("notes")),
            published=moment_of(row.text("first_published_at")) or moment_of(row.text("date")),
            updated=moment_of(row.text("updated")),
            state=State.DRAFT if is_draft else State.POSTED,
            key=row.key,
            url=f"{self._base}story/{story.key}/chapter/{row.text('order')}/" if self._base else "",
        )

    def _credits(self, story: Row) -> tuple[Credit, ...]:
        rows = self._contributors(story)
        authors = [each for each in rows if "is_author" not in each.values or each.is_true("is_author")]
        found = [self._person(each.refs("user") or each.refs("author")) for each in authors]
        return tuple(dict.fromkeys(each for each in found if each)) or (Credit(name="Anonymous"),)

    def _person(self, refs: list[str]) -> Credit | None:
        row = self._rows.get("author", refs[0]) if refs else None
        if row is None:
            return Credit(name=f"Member {refs[0]}", key=refs[0]) if refs else None
        name = row.text("username")
        return Credit(
            name=name, account=name, key=row.key, url=f"{self._base}accounts/{row.key}/" if self._base else ""
        )

    def _taggings(self, story: Row) -> Iterator[Tagging]:
        rating = next((self._rows.get("rating", each) for each in story.refs("rating")), None)
        if rating is not None:
            name = rating.text("name")
            yield Tagging(kind=TagKind.RATING, name=_RATINGS.get(name.lower(), name))
        for field, kind in (("characters", TagKind.CHARACTER), ("categories", TagKind.ADDITIONAL)):
            yield from self._named(field.removesuffix("s").replace("categorie", "category"), story.refs(field), kind)
        yield from self._named("classifier", story.refs("classifications"), TagKind.ADDITIONAL)
        tags = [each.refs("tag") for each in self._rows.of("storytag", story.key)] or [
            [each] for each in story.refs("tags")
        ]
        yield from self._named("tag", [each[0] for each in tags if each], TagKind.ADDITIONAL)

    def _named(self, table: str, keys: list[str], kind: TagKind) -> Iterator[Tagging]:
        for key in keys:
            if (row := self._rows.get(table, key)) and row.text("name"):
                yield Tagging(kind=kind, name=row.text("name"))

    def _series(self, story: Row) -> Iterator[SeriesPlace]:
        for each in self._rows.of("inseriespermissions", story.key):
            for key in each.refs("series"):
                if row := self._rows.get("series", key):
                    summary = _prose(row.text("summary"))
                    yield SeriesPlace(
                        title=row.text("title"), position=max(each.number("order") or 0, 0), key=key, summary=summary
                    )

    def _review(self, row: Row) -> Review:
        author = self._person(row.refs("author"))
        return Review(
            name=author.name if author else row.text("author_username") or "Anonymous",
            body=_prose(row.text("text")),
            posted=moment_of(row.text("date")),
            key=row.key,
            reviewer_key=author.key if author else "",
            answers=next(iter(row.refs("parent")), ""),
        )

    # -- What stands beside stories -----------------------------------------------------------------------------------

    def _people(self) -> Iterator[Event]:
        for row in self._rows.all("author"):
            self._rows.use(row)
            member = self._person([row.key])
            if member is None or not member.name:
                yield row.fate(Outcome.KEPT_RAW, "it has no name")
                continue
            source = Source(site=self._site, key=row.key, url=member.url)
            joined, bio = moment_of(row.text("date_joined")), _prose(row.text("bio"))
            profile = Profile(source=source, member=member, joined=joined, bio=bio)
            yield Kept(keepsake=profile, fates=(row.fate(Outcome.IMPORTED, "a member"),))
            if "@" in row.text("email"):
                yield Contact(site=self._site, credit=member, emails=(row.text("email"),))

    def _news(self) -> Iterator[Event]:
        for row in self._rows.all("newsitem"):
            comments = [each for each in self._rows.of("newscomment", row.key) if not each.is_true("deleted")]
            self._rows.use(row, *comments)
            item = NewsItem(
                source=Source(site=self._site, key=row.key),
                title=row.text("title") or "News",
                body=_prose(row.text("content")),
                author=self._person(row.refs("author")) or Credit(name="The site"),
                posted=moment_of(row.text("date")),
                comments=tuple(map(self._review, comments)),
            )
            fates = [each.fate(Outcome.IMPORTED) for each in (row, *comments)]
            yield Kept(keepsake=item, fates=tuple(fates))

    def _pages(self) -> Iterator[Event]:
        for row in self._rows.all("staticpage"):
            self._rows.use(row)
            if row.is_true("is_template"):
                yield row.fate(Outcome.KEPT_RAW, "it is a template of the old site's program")
                continue
            key = "-".join(filter(None, (row.text("name"), row.text("lang").replace("none", ""))))
            page = SitePage(
                source=Source(site=self._site, key=key),
                title=row.text("title") or key,
                body=_prose(row.text("content")),
            )
            yield Kept(keepsake=page, fates=(row.fate(Outcome.IMPORTED, "a page of the site"),))

    def _favourites(self) -> Iterator[Event]:
        for row in self._rows.all("favorites"):
            self._rows.use(row)
            member, target = self._person(row.refs("author")), next(iter(row.refs("story")), "")
            if member is None or not target:
                yield row.fate(Outcome.KEPT_RAW, "it names no member or no story")
                continue
            story = self._rows.get("story", target)
            favourite = Favourite(
                source=Source(site=self._site, key=f"{member.key}/work/{target}"),
                member=member,
                kind=FavouriteKind.WORK,
                target=target,
                target_title=story.text("title") if story else "",
            )
            yield Kept(keepsake=favourite, fates=(row.fate(Outcome.IMPORTED),))


def _lines(file: BufferedIOBase) -> Iterator[bytes]:
    """Lines in bounded memory: one that is too long comes in pieces, none of which is JSON."""
    while line := file.readline(LONGEST_LINE):
        yield line


def _prose(text: str) -> Prose:
    """Texts are HTML whose line ends are breaks where no paragraphs are marked."""
    if not text.strip():
        return NO_PROSE
    if "<p" not in text and "<br" not in text:
        text = "".join(f"<p>{part}</p>" for part in re.split(r"\n\s*\n", text.strip())).replace("\n", "<br>")
    return clean(RawHtml(text))


def _extras(row: Row) -> Iterator[tuple[str, str]]:
    for name in ("words", "views", "vote_total", "vote_value", "source_title", "source_link"):
        if row.text(name) not in {"", "0"}:
            yield f"mini_fiction {name.replace('_', ' ')}", html.unescape(row.text(name))
    if "original" in row.values:
        yield "mini_fiction original", "yes" if row.is_true("original") else "no"


READER = MiniFictionReader()
