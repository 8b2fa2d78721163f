"""What an archive holds beside its stories: taken in under a batch, taken back, told."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from django.db.models import Exists, OuterRef

from undying import manuscript as story
from undying.community import keepsakes as community
from undying.community.counting import note_kept
from undying.community.models import Challenge, Favourite, NewsItem, SitePage
from undying.exchange import knowledge
from undying.exchange.fitness import judge
from undying.exchange.models import BatchKeepsake
from undying.kernel import store
from undying.kernel.portions import in_portions
from undying.library.actions import Result, drop_empty_series
from undying.library.models import SeriesAccount, SeriesOwner
from undying.manuscript import Audience, woven
from undying.manuscript.codec import keepsake_from_json, keepsake_to_json, storable_keepsake
from undying.people.actions import drop_unused_pen_names, pen_name
from undying.people.models import Profile, Pseud
from undying.people.profiles import fill_profile, keep_profile, profile_told

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence

    from undying.exchange.models import Batch
    from undying.manuscript import Keepsake
    from undying.people.kept import FromSource


AT_A_TIME = 500
SMALL = 64 * 1024
"""Characters."""


@dataclass(frozen=True, slots=True)
class _Kind:
    """How one kind is kept: its table, who writes a row and who tells it, and what the teller needs."""

    model: type[FromSource]
    keep: Callable[[Any, Any], None]
    told: Callable[[Any], Keepsake]
    joined: tuple[str, ...] = ()
    besides: tuple[str, ...] = ()

    def rows(self) -> Any:
        """Its rows with all that telling them needs."""
        return self.model._default_manager.select_related(*self.joined).prefetch_related(*self.besides)


KINDS = {
    story.Profile.KIND: _Kind(Profile, keep_profile, profile_told, ("pseud__user",)),
    story.SeriesAccount.KIND: _Kind(
        SeriesAccount, community.keep_series, community.series_told, (), ("owners__pseud__user", "listings", "reviews")
    ),
    story.Challenge.KIND: _Kind(
        Challenge, community.keep_challenge, community.challenge_told, ("challenger__user",), ("answers",)
    ),
    story.Favourite.KIND: _Kind(Favourite, community.keep_favourite, community.favourite_told, ("member__user",)),
    story.NewsItem.KIND: _Kind(NewsItem, community.keep_news, community.news_told, ("author__user",), ("comments",)),
    story.SitePage.KIND: _Kind(SitePage, community.keep_page, community.page_told),
}
"""In the order in which a dump lists them."""
_OWNED: dict[type[Any], str] = {
    Profile: "pseud",
    Favourite: "member",
    Challenge: "challenger",
    NewsItem: "author",
    SeriesAccount: "owners__pseud",
}


def prepared(keepsake: Keepsake) -> Keepsake:
    """The keepsake as every database can hold it. Raises Untakable."""
    keepsake = storable_keepsake(keepsake)
    judge(keepsake)
    return keepsake


def is_small(keepsake: Keepsake) -> bool:
    """Whether many of its kind may wait in memory."""
    return len(keepsake_to_json(keepsake)) < SMALL


def title_of(keepsake: Keepsake) -> str:
    """What people call it."""
    if isinstance(keepsake, story.TagAccount | story.Numbers):
        return knowledge.title_of(keepsake)
    if isinstance(keepsake, story.Profile):
        return f"the profile of {keepsake.member.name}"
    if isinstance(keepsake, story.Favourite):
        return f"a favourite of {keepsake.member.name}"
    return f"“{keepsake.title}”"


def here_already(keepsake: Keepsake) -> Keepsake | None:
    """What is kept here of the same kind, site and key."""
    if isinstance(keepsake, story.TagAccount | story.Numbers):
        return knowledge.here_already(keepsake)
    row = _row(keepsake.KIND, keepsake.source.site, keepsake.source.key)
    return None if row is None else KINDS[keepsake.KIND].told(row)


def any_here(kind: str, site: str) -> bool:
    """Whether anything of that kind came from that site."""
    return kind in knowledge.KINDS or KINDS[kind].model._default_manager.filter(site=site).exists()


def would_become(keepsake: Keepsake, here: Keepsake | None, *, is_captured: bool = False) -> Result:
    """What receiving it would do, beside what is here."""
    if isinstance(keepsake, story.TagAccount | story.Numbers):
        return knowledge.would_become(keepsake, here)
    if here is None:
        return Result.CREATED
    return Result.UNCHANGED if _together(here, keepsake, is_captured=is_captured) == here else Result.REVISED


def _together(here: Keepsake, incoming: Keepsake, *, is_captured: bool) -> Keepsake:
    """What both say; where they differ, the incoming one's word, but not against what is here when pages say it."""
    return woven(incoming, here) if is_captured else woven(here, incoming)


def receive(
    keepsake: Keepsake, batch: Batch, *, keep: Callable[[bytes], str] = store.keep, is_captured: bool = False
) -> Result:
    """Take it in, or what it says beyond what is here, in the caller's transaction; note it under the batch.

    `keep` puts what was here before into the store. `is_captured`: it was read from pages as visitors saw them.
    """
    if isinstance(keepsake, story.TagAccount | story.Numbers):
        return knowledge.receive(keepsake, batch, keep=keep)
    row = _row(*_name(keepsake))
    if row is None:
        _create([keepsake], batch)
        return Result.CREATED
    here = KINDS[keepsake.KIND].told(row)
    if is_in_its_members_hands(row):
        return Result.UNCHANGED
    whole = _together(here, keepsake, is_captured=is_captured)
    if whole == here or not _revise(row, whole, here):
        return Result.UNCHANGED
    _note_revised(keepsake, batch, keep(keepsake_to_json(here).encode()))
    return Result.REVISED


def receive_all(
    values: Sequence[Keepsake],
    batch: Batch,
    *,
    keep: Callable[[bytes], str] = store.keep,
    captured: Collection[int] = (),
) -> list[Result]:
    """Take many in, as `receive` does one; what became of each. Of the new ones, few queries for all together.

    `captured` are the places of those that were read from pages.
    """
    known = set(_known(values))
    fresh: dict[tuple[str, str, str], int] = {}
    for place, each in enumerate(values):
        if _name(each) not in known and each.KIND in KINDS:
            fresh.setdefault(_name(each), place)
    created = set(fresh.values())
    _create([values[place] for place in sorted(created)], batch)
    with knowledge.learning():
        return [
            Result.CREATED if place in created else receive(each, batch, keep=keep, is_captured=place in captured)
            for place, each in enumerate(values)
        ]


def _name(keepsake: Keepsake) -> tuple[str, str, str]:
    return keepsake.KIND, keepsake.source.site, keepsake.source.key


def _known(values: Sequence[Keepsake]) -> Iterator[tuple[str, str, str]]:
    """The names of those that are here already."""
    for kind in {each.KIND for each in values} & KINDS.keys():
        sources = [each.source for each in values if kind == each.KIND]
        named = {"site__in": {each.site for each in sources}, "key__in": {each.key for each in sources}}
        here = KINDS[kind].model._default_manager.filter(**named)
        yield from ((kind, site, key) for site, key in here.values_list("site", "key"))


def _create(values: Sequence[Keepsake], batch: Batch) -> None:
    """Write keepsakes that are not here yet, and note them under the batch."""
    audience = Audience.EVERYONE if batch.is_open else Audience.MEMBERS
    profiles, favourites = [], []
    whose = cache(lambda member, site: pen_name(member, site=site))
    for each in values:
        site = each.source.site
        if isinstance(each, story.Profile):
            fill_profile(profile := Profile(audience=audience), each, whose(each.member, site))
            profiles.append(profile)
        elif isinstance(each, story.Favourite):
            community.fill_favourite(favourite := Favourite(audience=audience), each, whose(each.member, site))
            favourites.append(favourite)
        else:
            KINDS[each.KIND].keep(KINDS[each.KIND].model(audience=audience), each)
    Profile.objects.bulk_create(profiles)
    Favourite.objects.bulk_create(favourites)
    note_kept(Favourite.objects.filter(pk__in=[each.pk for each in favourites]))
    notes = (
        BatchKeepsake(batch=batch, kind=kind, site=site, key=key, result=Result.CREATED)
        for kind, site, key in map(_name, values)
    )
    BatchKeepsake.objects.bulk_create(notes, ignore_conflicts=True)


def is_in_its_members_hands(row: FromSource) -> bool:
    """Whether it is an account's by now: then no import changes it."""
    return Pseud.objects.filter(pk__in=row.pen_names(), user__isnull=False).exists()


def _revise(row: FromSource, keepsake: Keepsake, here: Keepsake) -> bool:
    """Write it over the row; whether that made a difference: a pen name's address, say, stays what it was."""
    held = row.pen_names()
    _keep(row, keepsake)
    drop_unused_pen_names(held - row.pen_names())
    return here_already(keepsake) != here


def _keep(row: FromSource, keepsake: Keepsake) -> None:
    """What was kept before and what is now are both counted anew."""
    hers = Favourite.objects.filter(pk=row.pk)
    note_kept(hers)
    KINDS[keepsake.KIND].keep(row, keepsake)
    note_kept(hers)


def _row(kind: str, site: str, key: str) -> FromSource | None:
    row: FromSource | None = KINDS[kind].rows().filter(site=site, key=key).first()
    return row


def _note_revised(keepsake: Keepsake, batch: Batch, before: str) -> None:
    """A second telling in the same batch changes neither how the batch met it nor what was before."""
    kind, site, key = _name(keepsake)
    BatchKeepsake.objects.get_or_create(
        batch=batch, kind=kind, site=site, key=key, defaults={"result": Result.REVISED, "before": before}
    )


def overtaken_by(batch: Batch) -> set[int]:
    """The numbers of later batches that revised keepsakes of this one."""
    mine = batch.keepsakes.filter(kind=OuterRef("kind"), site=OuterRef("site"), key=OuterRef("key"))
    later = BatchKeepsake.objects.filter(Exists(mine), batch__pk__gt=batch.pk)
    return set(later.values_list("batch_id", flat=True).distinct())


def take_back(batch: Batch) -> None:
    """Remove the keepsakes that a batch created, and put back those that it revised, in the caller's transaction."""
    knowledge.take_back(batch)
    pseuds: set[int] = set()
    for each in batch.keepsakes.filter(result=Result.REVISED, kind__in=KINDS).iterator():
        row = _row(each.kind, each.site, each.key)
        if row is not None:
            pseuds |= row.pen_names()
            _keep(row, keepsake_from_json(store.fetch(each.before).decode()))
    for name, kind in KINDS.items():
        rows = _created(name, batch)
        if kind.model in _OWNED:
            pseuds |= set(rows.values_list(_OWNED[kind.model], flat=True).distinct()) - {None}
        if kind.model is Favourite:
            note_kept(rows)
        series = list(rows.values_list("series", flat=True)) if kind.model is SeriesAccount else []
        rows.delete()
        for some in in_portions(series):
            drop_empty_series(some)
    for some in in_portions(sorted(pseuds)):
        drop_unused_pen_names(some)


def _created(kind: str, batch: Batch) -> Any:
    """The rows of one kind that a batch created, as far as they are here."""
    named = BatchKeepsake.objects.filter(batch=batch, result=Result.CREATED, kind=kind)
    mine = named.filter(site=OuterRef("site"), key=OuterRef("key"))
    return KINDS[kind].model._default_manager.filter(Exists(mine))


def _remove(row: FromSource) -> None:
    note_kept(Favourite.objects.filter(pk=row.pk))
    row.delete()
    if isinstance(row, SeriesAccount):
        drop_empty_series([row.series_id])


def owned_by(pseuds: Collection[int]) -> Iterator[FromSource]:
    """What is these pen names' own, and nobody else's."""
    for model, owner in _OWNED.items():
        for row in model._default_manager.filter(**{f"{owner}__in": pseuds}).distinct():
            if row.pen_names() <= set(pseuds):
                yield row


def told_of(pseuds: Collection[int]) -> Iterator[Keepsake]:
    """What is these pen names' own, told."""
    kinds = {kind.model: kind for kind in KINDS.values()}
    for row in owned_by(pseuds):
        kind = kinds[type(row)]
        yield kind.told(kind.rows().get(pk=row.pk))


def take_out(pseuds: Collection[int]) -> set[str]:
    """Remove what is these pen names' own; a series that others own as well stays theirs.

    Gives the names of the bytes that it was before imports revised it: nothing here asks for them any more.
    """
    kinds = {kind.model: name for name, kind in KINDS.items()}
    needless: set[str] = set()
    for row in owned_by(pseuds):
        notes = BatchKeepsake.objects.filter(kind=kinds[type(row)], site=row.site, key=row.key)
        needless |= set(notes.exclude(before="").values_list("before", flat=True))
        notes.delete()
        _remove(row)
    SeriesOwner.objects.filter(pseud__in=pseuds).delete()
    drop_unused_pen_names(pseuds)
    return needless


def open_keepsakes_of(batch: Batch) -> None:
    """Let guests see the keepsakes that a batch created."""
    for kind in KINDS:
        _created(kind, batch).update(audience=Audience.EVERYONE)
    note_kept(_created(story.Favourite.KIND, batch))


def all_told() -> Iterator[Keepsake]:
    """Every keepsake, kind by kind, in the order of sources and keys, and what is known; in bounded memory."""
    for kind in KINDS.values():
        for row in kind.rows().in_dump_order().iterator(chunk_size=AT_A_TIME):
            yield kind.told(row)
    yield from knowledge.all_told()
