"""An archive that can be made twice alike: ids, clock and tokens stand still, and secrets draw ids of their own."""

from __future__ import annotations

import hashlib
import itertools
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from tests.makers import make_work
from tests.manuscripts import make_picture, prose
from undying.community.models import Review as ReviewRow
from undying.exchange.models import Batch, BatchRemark, BatchState, ContainerCount, Entry
from undying.finding import indexer
from undying.kernel import clock, ids, ledger, store
from undying.library.models import Chapter as ChapterRow
from undying.library.models import Creatorship
from undying.manuscript import (
    Audience,
    Chapter,
    Credit,
    Placement,
    PlacementRelation,
    RelatedWork,
    RelationKind,
    Review,
    SeriesPlace,
    Source,
    State,
    Tagging,
    TagKind,
)
from undying.people.actions import pen_name
from undying.web import links

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pytest

    from tests.cast import Cast
    from undying.library.models import Work

WHEN = datetime(2020, 1, 2, 3, 4, 5, tzinfo=UTC)
OPEN_PICTURE = make_picture(1)
SECRETS_BEGIN = 1_000_000


class _Stopped(datetime):
    @classmethod
    def now(cls, tz: Any = None) -> datetime:
        return WHEN.astimezone(tz)


class Ids:
    """The source of ids: two rows of them, so that what is secret shifts no other."""

    def __init__(self) -> None:
        self.open = itertools.count(1)
        self.secret = itertools.count(SECRETS_BEGIN)
        self.row = self.open

    def randbelow(self, _limit: int) -> int:
        """The next."""
        return next(self.row)

    @contextmanager
    def in_secret(self) -> Iterator[None]:
        """What is made meanwhile has ids from the other row."""
        self.row = self.secret
        yield
        self.row = self.open


def stand_still(monkeypatch: pytest.MonkeyPatch) -> Ids:
    """Stop the clock, tame the tokens of forms, begin ids anew."""
    source = Ids()
    monkeypatch.setattr(ids, "secrets", source)
    monkeypatch.setattr(clock, "datetime", _Stopped)
    monkeypatch.setattr("django.middleware.csrf._get_new_csrf_string", lambda: "a" * 32)
    return source


def marker(label: str) -> str:
    """Sixteen letters that stand nowhere else."""
    digest = hashlib.sha256(label.encode()).digest()
    return "".join(chr(ord("a") + byte % 26) for byte in digest[:16])


@dataclass
class Secrets:
    """What the secret left: its markers by who may see them, and the addresses that only it has."""

    markers: dict[str, str] = field(default_factory=dict)
    addresses: list[str] = field(default_factory=list)
    works: list[int] = field(default_factory=list)

    def mark(self, label: str) -> str:
        """A marker, noted."""
        return self.markers.setdefault(label, marker(label))


def make_open(cast: Cast, number: int) -> Work:
    """An open work that shares whatever can be shared with the secret ones."""
    rating = "Explicit" if number == 3 else "General Audiences"
    return make_work(
        f"The Open House {number}",
        chapters=tuple(
            Chapter(
                title=f"Night {each}",
                body=prose(f'<p>A lamp in the abbey. {each} <img src="picture:{OPEN_PICTURE.sha256}" alt="A map"></p>'),
            )
            for each in range(1, 4)
        ),
        taggings=(
            Tagging(kind=TagKind.RATING, name=rating),
            Tagging(kind=TagKind.FANDOM, name="Dracula"),
            Tagging(kind=TagKind.CHARACTER, name="Mina Harker"),
            Tagging(kind=TagKind.ADDITIONAL, name=f"Slow Burn {number}"),
        ),
        series=(SeriesPlace(title="Nights", key="1", position=number),),
        credits=(Credit(name="lamplighter", key="1"),) if number > 1 else (Credit(name="x"),),
        owner={1: cast.ada, 3: cast.rey}.get(number),
        pictures=(OPEN_PICTURE,),
        reviews=(Review(name="Rey", body=prose("<p>Yes.</p>"), chapter=3),),
        source=Source(site="open.example", key=str(number)),
        published=WHEN,
    )


def make_secret(cast: Cast, notes: Secrets, kind: str, **changes: Any) -> Work:
    """A secret work by Ada and a pen name of its own, with a marker in everything that it has."""

    def word(what: str) -> str:
        return notes.mark(f"{kind} {what}").capitalize()

    picture = make_picture(100 + len(notes.works))
    source_key = word("source key")
    work = make_work(
        word("title"),
        summary=prose(f"<p>{word('summary')}</p>"),
        notes_before=prose(f"<p>{word('notes')}</p>"),
        chapters=(
            Chapter(
                title=word("chapter"),
                body=prose(f'<p>A lamp. {word("text")} <img src="picture:{picture.sha256}" alt="{word("alt")}"></p>'),
            ),
            Chapter(body=prose("<p>A lamp lamp lamp.</p>")),
        ),
        taggings=(
            Tagging(kind=TagKind.RATING, name="General Audiences"),
            Tagging(kind=TagKind.FANDOM, name="Dracula"),
            Tagging(kind=TagKind.CHARACTER, name="Mina Harker"),
            Tagging(kind=TagKind.FANDOM, name=word("fandom")),
            Tagging(kind=TagKind.ADDITIONAL, name=word("tag")),
        ),
        series=(
            SeriesPlace(title="Nights", key="1", position=2),
            SeriesPlace(title=word("series"), key=kind, position=1),
        ),
        credits=(Credit(name="ada"), Credit(name=word("pen name"), key=kind), Credit(name="lamplighter", key="1")),
        owner=cast.ada,
        pictures=(picture,),
        reviews=(Review(name=word("reviewer"), body=prose(f"<p>{word('review')}</p>"), chapter=1),),
        placements=(
            Placement(
                fandom="Dracula", relation=PlacementRelation.AFTER, unit="book", part="9", episodes=(word("episode"),)
            ),
        ),
        related=(RelatedWork(kind=RelationKind.INSPIRED_BY, title=word("related"), author=word("related author")),),
        gifts=(word("gift"),),
        language="fr",
        source=Source(site="open.example", key=source_key),
        published=WHEN,
        **changes,
    )
    notes.works.append(work.pk)
    notes.addresses += _addresses(work, picture.sha256)
    return work


def _addresses(work: Work, sha256: str) -> list[str]:
    chapter = work.chapters.order_by("position")[0]
    tags = [each.tag for each in work.worktags.select_related("tag")]
    return [
        links.of(work),
        links.work(work, whole=True),
        links.of(chapter),
        f"/chapters/{chapter.pk}",
        links.navigate(work),
        links.reviews(work),
        links.cover(work),
        links.cover(work, small=True),
        links.picture(work.pk, sha256),
        links.download(work, "epub"),
        links.download(work, "html"),
        *(links.of(each.series) for each in work.series_entries.select_related("series")),
        *(links.of(tag) for tag in tags),
        *(links.tag_works(tag) for tag in tags),
        *(address for each in work.byline for address in (links.of(each.pseud), links.account(each.pseud.handle))),
        *(
            f"/works?{side}_work_search%5Bfandom_ids%5D%5B%5D={tag.pk}"
            for tag in tags
            for side in ("include", "exclude")
        ),
    ]


def make_draft_chapter(notes: Secrets, work: Work, position: int) -> ChapterRow:
    """A draft between the chapters of a posted work, with a creator, a picture, a place and a review of its own."""

    def word(what: str) -> str:
        return notes.mark(f"draft chapter {what}").capitalize()

    picture = make_picture(99)
    for later in work.chapters.filter(position__gte=position).order_by("-position"):
        ChapterRow.objects.filter(pk=later.pk).update(position=later.position + 1)
    draft = ChapterRow.objects.create(
        work=work,
        position=position,
        title=word("title"),
        summary=prose(f"<p>{word('summary')}</p>"),
        notes_before=prose(f"<p>{word('notes before')}</p>"),
        notes_after=prose(f"<p>{word('notes after')}</p>"),
        body=prose(f'<p>{word("text")} <img src="picture:{picture.sha256}" alt="{word("alt")}"></p>'),
        words=777,
        state=State.DRAFT,
    )
    work.pictures.create(position=0, sha256=store.keep(picture.data), media_type=picture.media_type)
    work.placements.create(
        chapter=draft, position=0, relation="after", unit="book", part="9", episodes=[word("episode")]
    )
    pseud = pen_name(Credit(name=word("pen name"), key="draft chapter"), site="open.example")
    Creatorship.objects.create(work=work, chapter=draft, pseud=pseud, position=0)
    ReviewRow.objects.create(
        work=work, chapter=draft, position=0, name=word("reviewer"), body=prose(f"<p>{word('review')}</p>")
    )
    ledger.mark("work", [work.pk])
    indexer.drain_if_free()
    notes.addresses += [
        links.of(draft),
        f"/chapters/{draft.pk}",
        links.picture(work.pk, picture.sha256),
        links.of(pseud),
        links.account(pseud.handle),
    ]
    return draft


def make_batch(notes: Secrets, work: Work) -> Batch:
    """An import with its report."""

    def word(what: str) -> str:
        return notes.mark(f"import {what}")

    batch = Batch.objects.create(digest="d" * 64, label=word("label"), state=BatchState.DONE, reason=word("reason"))
    ContainerCount.objects.create(batch=batch, container=word("container"), total=1)
    BatchRemark.objects.create(batch=batch, text=word("remark"))
    Entry.objects.create(
        batch=batch, container=word("container"), key=word("key"), outcome="imported", detail=word("detail"), work=work
    )
    notes.addresses += [f"/imports/{batch.pk}{act}" for act in ("", "/open", "/undo")]
    return batch


STATES: dict[str, dict[str, Any]] = {
    "draft": {"state": State.DRAFT},
    "hidden": {"hidden": True},
    "members": {"audience": Audience.MEMBERS},
}
