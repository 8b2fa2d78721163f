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
from undying.community.models import Challenge as ChallengeRow
from undying.community.models import NewsItem as NewsItemRow
from undying.community.models import Review as ReviewRow
from undying.community.models import SitePage as SitePageRow
from undying.exchange import claims, contacts, keepsakes, optouts
from undying.exchange.models import Batch, BatchRemark, BatchState, ContainerCount, Entry, Reread
from undying.exchange.optouts import Person
from undying.exchange.pairs import Duplicate, Kind
from undying.exchange.private import Asked, Invitation, Message, Record
from undying.finding import indexer
from undying.formats import Contact as Told
from undying.kernel import clock, ids, ledger, store
from undying.library.models import Chapter as ChapterRow
from undying.library.models import Creatorship
from undying.library.models import SeriesAccount as SeriesAccountRow
from undying.manuscript import (
    Audience,
    Challenge,
    Chapter,
    Credit,
    Favourite,
    FavouriteKind,
    NewsItem,
    Placement,
    PlacementRelation,
    Profile,
    RelatedWork,
    RelationKind,
    Review,
    SeriesAccount,
    SeriesPlace,
    SitePage,
    Source,
    State,
    Tagging,
    TagKind,
)
from undying.people.actions import pen_name
from undying.people.models import Pseud
from undying.web import links

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pytest

    from tests.cast import Cast
    from undying.library.models import Work
    from undying.manuscript import Keepsake

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
    monkeypatch.setattr("undying.web.passkeys.options_to_use", lambda _user=None: {"publicKey": {"challenge": "a"}})
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
        source=Source(site="open.example", key=str(number), url=f"http://open.example/viewstory.php?sid={number}"),
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
            Chapter(
                body=prose("<p>A lamp lamp lamp.</p>"),
                url=f"http://open.example/viewstory.php?sid={len(kind)}&chapter=2",
            ),
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
        owner=changes.pop("owner", cast.ada),
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
        # The address of an open work, on another host: a secret must not make it a question which of them is meant.
        source=Source(site="open.example", key=source_key, url="http://testserver/viewstory.php?sid=1"),
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
        links.edit(work),
        links.schedule(work),
        links.work_link(work),
        links.schedule(work, chapter),
        links.new_chapter(work),
        links.chapters(work),
        links.delete_work(work),
        links.revisions(work),
        links.revision(work, 1),
        *(links.chapter_act(chapter, act) for act in ("edit", "split", "delete")),
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


def keep(value: Keepsake, *, is_open: bool) -> None:
    """Take it in under a batch that is open, or for members."""
    batch, _ = Batch.objects.get_or_create(digest=str(is_open) * 10, label="keepsakes", is_open=is_open)
    keepsakes.receive(value, batch)


def make_open_keepsakes() -> list[str]:
    """Keepsakes that everybody may see, and that name works which are here, secret, or nowhere; their addresses."""
    secret = [marker(f"{kind} source key").capitalize() for kind in STATES]
    member = Credit(name="keeper", key="77")
    works = ("1", *secret, "2", "gone", "3")
    for number, target in enumerate(works):
        keep(
            Favourite(
                source=_of(f"77/{number}"),
                member=member,
                kind=FavouriteKind.WORK,
                target=target,
                target_title="A title",
            ),
            is_open=True,
        )
    for kind in STATES:
        for what in (FavouriteKind.SERIES, FavouriteKind.CREATOR):
            keep(Favourite(source=_of(f"77/{what}/{kind}"), member=member, kind=what, target=kind), is_open=True)
    keep(Profile(source=_of("77"), member=member, bio=prose("<p>I keep.</p>")), is_open=True)
    keep(Challenge(source=_of("1"), title="Lamps", challenger=member, works=works, series=("1", *STATES)), is_open=True)
    keep(SeriesAccount(source=_of("1"), title="Nights", credits=(member,), works=works, within="members"), is_open=True)
    comments = (Review(name="Rey", body=prose("<p>Oh.</p>"), key="1"), Review(name="x", body=prose(""), answers="1"))
    keep(
        NewsItem(source=_of("1"), title="Oil", body=prose("<p>Oil.</p>"), author=member, comments=comments),
        is_open=True,
    )
    keep(SitePage(source=_of("help"), title="Help", body=prose("<p>Light one.</p>")), is_open=True)
    return keepsake_addresses("open.example")


def make_secret_keepsakes(notes: Secrets) -> None:
    """Keepsakes for members, of a site of their own, with a marker in everything that they have."""

    def word(what: str) -> str:
        return notes.mark(f"keepsakes {what}").capitalize()

    site = "kept.example"
    member = Credit(name=word("member"), key="5")
    review = Review(
        name=word("reviewer"), body=prose(f"<p>{word('review')}</p>"), response=prose(f"<p>{word('answer')}</p>")
    )
    for each in (
        Profile(
            source=_of("5", site), member=member, bio=prose(f"<p>{word('bio')}</p>"), fields=(("?", word("field")),)
        ),
        SeriesAccount(
            source=_of("6", site),
            title=word("series"),
            summary=prose(f"<p>{word('series summary')}</p>"),
            credits=(Credit(name=word("owner"), key="6"),),
            taggings=(Tagging(kind=TagKind.FANDOM, name=word("series fandom")),),
            reviews=(review,),
            extras=(("?", word("extra")),),
        ),
        Challenge(
            source=_of("7", site),
            title=word("challenge"),
            challenger=Credit(name=word("challenger"), key="7"),
            summary=prose(f"<p>{word('call')}</p>"),
            taggings=(Tagging(kind=TagKind.FANDOM, name=word("challenge fandom")),),
            series=("6",),
        ),
        Favourite(
            source=_of("8", site),
            member=member,
            kind=FavouriteKind.SERIES,
            target="6",
            note=prose(f"<p>{word('note')}</p>"),
        ),
        NewsItem(
            source=_of("9", site),
            title=word("news"),
            body=prose(f"<p>{word('told')}</p>"),
            author=Credit(name=word("teller"), key="9"),
            comments=(review,),
        ),
        SitePage(source=_of("10", site), title=word("page"), body=prose(f"<p>{word('text')}</p>")),
    ):
        keep(each, is_open=False)
    # One more of the open site: its list of favourites and its member are seen by everybody.
    more = Favourite(
        source=_of("77/more"),
        member=Credit(name="keeper", key="77"),
        kind=FavouriteKind.WORK,
        target="1",
        note=prose(f"<p>{word('other note')}</p>"),
    )
    keep(more, is_open=False)
    notes.addresses += keepsake_addresses(site)


def keepsake_addresses(site: str) -> list[str]:
    """The addresses of all that was kept of a site."""
    rows = [
        *(model.objects.filter(site=site).order_by("key")[0] for model in (NewsItemRow, SitePageRow, ChallengeRow)),
        SeriesAccountRow.objects.get(site=site).series,
    ]
    members = Pseud.objects.filter(site=site, profiles__isnull=False)
    named = [address for each in members for address in (links.of(each), links.account(each.handle))]
    return [
        *map(links.of, rows),
        links.series_reviews(rows[-1]),
        *named,
        *map(links.favourites, named),
        *(links.of(each) for each in Pseud.objects.filter(site=site, owned_series__isnull=False)),
    ]


def _of(key: str, site: str = "open.example") -> Source:
    return Source(site=site, key=key)


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
        *(links.chapter_act(draft, act) for act in ("edit", "split", "delete")),
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
    notes.addresses += [f"/imports/{batch.pk}{act}" for act in ("", "/open", "/undo", "/addresses", "/addresses.tsv")]
    pair = Duplicate.objects.create(
        one=1, other=work.pk, kind=Kind.NEAR, likeness=77, overlap=88, decided_by=word("judge")
    )
    notes.addresses.append(links.duplicate(pair.pk))
    file = Entry.objects.create(
        batch=batch,
        container=f"{word('folder')}/",
        key=word("file"),
        outcome="kept raw",
        original=store.keep(word("original").encode()),
    )
    row = links.entry(batch.pk, file.pk)
    notes.addresses += [row, f"{row}/original"]
    credit = Credit(name=word("contact"), key=word("contact key"))
    contacts.receive([Told(site="open.example", credit=credit, emails=(f"{word('mail')}@mail.example",))], batch)
    message = Message.objects.create(name=word("sender"), reply_to=word("reply"), text=word("message"))
    record = Record.objects.create(done="left", work_number=work.pk, by="ari", reason=word("why"))
    [opt_out] = optouts.note(Person(name=word("opt-out")), Asked.NOT_HERE)
    token = word("token")
    invitation = Invitation.objects.create(digest=claims.digest_of(token), sent=WHEN, until=WHEN)
    invitation.contacts.set(batch.contacts.all())
    for unseen in ("contact key", "opt-out", "token"):
        notes.markers.pop(f"import {unseen}")
    contact = batch.contacts.get()
    notes.addresses += [f"/imports/{batch.pk}{act}" for act in ("", "/open", "/undo", "/announce", "/flags")]
    notes.addresses += [
        "/authors-to-find?addresses=shown",
        f"/authors-to-find/{contact.pk}",
        f"/authors-to-find/{contact.pk}?addresses=shown",
        f"/authors-to-find/records/{record.pk}/take-back",
        f"/opt-outs/{opt_out.pk}/remove",
        f"/rescue/messages/{message.pk}",
        f"/claims/{token}",
    ]
    Reread.objects.create(
        batch=batch,
        changed=1,
        examples=[
            {"work": 1, "title": word("changed"), "fields": [word("field")], "passages": [["", word("was"), "b"]]}
        ],
        left=[{"work": 2, "title": word("left"), "why": word("why")}],
    )
    notes.addresses += [f"/imports/{batch.pk}/{page}" for page in ("again", "labels", "labels.csv", "repairs")]
    return batch


STATES: dict[str, dict[str, Any]] = {
    "draft": {"state": State.DRAFT},
    "hidden": {"hidden": True},
    "members": {"audience": Audience.MEMBERS},
    "by link": {"audience": Audience.LINK},
}
