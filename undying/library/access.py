"""The only way in: each function answers for one viewer, and absent looks like forbidden."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Exists, F, OuterRef, Q, Subquery

from undying.kernel.errors import NotVisible
from undying.library.models import (
    AlsoKnown,
    Chapter,
    Creatorship,
    Series,
    SeriesAccount,
    SeriesEntry,
    SeriesListing,
    SeriesOwner,
    Tag,
    Work,
    WorkPicture,
    WorkTag,
)
from undying.people.models import ALONE, UNCLAIMED, Profile, Pseud

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.db.models import QuerySet

    from undying.library.models.works import WorkQuerySet
    from undying.manuscript import TagKind
    from undying.people.viewer import Viewer

BIGGEST_ID = 2**63 - 1
MOST_NAMESAKES = 100
MOST_MATCHES = 500
"""Tags that are looked at for somebody who types."""
LONGEST_ID = len(str(BIGGEST_ID))
LONGEST_ASKED = 1000
"""Characters of a name that is looked for: nothing has a longer one."""
CHAPTER_PROSE = ("summary", "notes_before", "body", "notes_after")
WORK_PROSE = ("summary", "notes_before", "notes_after", "rights")


def work_for(viewer: Viewer, work_id: int) -> Work:
    """The work with its page's rows, if this viewer may read it; NotVisible says no more than that."""
    work = None
    if work_id <= BIGGEST_ID:
        work = Work.objects.visible_to(viewer).with_page().filter(pk=work_id).first()
    if work is None:
        raise NotVisible("work", work_id)
    return work


def kept_from(viewer: Viewer) -> list[int]:
    """The works that she may not read because their creators do not want her to. One query, and none for most."""
    if not viewer.shut_out:
        return []
    of_them = Work.objects.filter(
        creatorships__chapter=None, creatorships__pseud__is_linked=True, creatorships__pseud__user__in=viewer.shut_out
    )
    readable = Work.objects.visible_to(viewer).filter(pk=OuterRef("pk"))
    return sorted(set(of_them.filter(~Exists(readable)).values_list("pk", flat=True)))


def chapters_for(viewer: Viewer, work: Work) -> list[Chapter]:
    """The chapters of a work that this viewer may read, in order and without their text. One query."""
    return list(Chapter.objects.visible_to(viewer).filter(work=work).in_order().defer("body"))


def chapter_for(viewer: Viewer, chapter_id: int) -> Chapter:
    """One chapter, if this viewer may read it. Raises NotVisible."""
    chapter = None
    if chapter_id <= BIGGEST_ID:
        chapter = Chapter.objects.visible_to(viewer).filter(pk=chapter_id).first()
    if chapter is None:
        raise NotVisible("chapter", chapter_id)
    return chapter


def whole_text_for(viewer: Viewer, work: Work) -> list[Chapter]:
    """The chapters with their text, creators and placements, in order. Three queries."""
    chapters = Chapter.objects.visible_to(viewer).filter(work=work).in_order()
    return list(chapters.prefetch_related("creatorships__pseud__user", "placements"))


def numbered(chapters: Sequence[Chapter]) -> dict[int, int]:
    """The number of each of a viewer's chapters (`chapters_for`): with the work's own, a gap would tell of a draft."""
    return {chapter.pk: number for number, chapter in enumerate(chapters, start=1)}


def picture_for(viewer: Viewer, work: Work, sha256: str) -> WorkPicture:
    """A picture of a readable work, unless only chapters that this viewer may not read show it. Raises NotVisible."""
    picture = work.pictures.filter(sha256=sha256).first()
    chapters = Chapter.objects.visible_to(viewer).filter(work=work)
    withheld = Chapter.objects.filter(work=work).exclude(pk__in=chapters.values("pk")).exists()
    if picture is None or (withheld and picture not in pictures_shown(work, list(chapters))):
        raise NotVisible("picture", sha256)
    return picture


def pictures_shown(work: Work, chapters: Sequence[Chapter]) -> list[WorkPicture]:
    """The work's pictures but for those that stand in no chapters but withheld ones. Two queries at most."""
    pictures = list(work.pictures.all())
    if not pictures:
        return []
    kept_back = Chapter.objects.filter(work=work).exclude(pk__in=[chapter.pk for chapter in chapters])
    withheld = " ".join(text for row in kept_back.values_list(*CHAPTER_PROSE) for text in row)
    shown = " ".join(str(getattr(chapter, name)) for chapter in chapters for name in CHAPTER_PROSE)
    shown += " ".join(str(getattr(work, name)) for name in WORK_PROSE)
    return [each for each in pictures if each.sha256 not in withheld or each.sha256 in shown]


def related_for(viewer: Viewer, work: Work) -> dict[int, Work]:
    """Which of a work's related works are here: by the number of the link, those that this viewer may read.

    A link means a work by its address, or by its title and an author. Three queries, and none without links.
    """
    links = list(work.related.all())
    if not links:
        return {}
    named = Q(url__in=[each.url for each in links if each.url]) | Q(title__in=[each.title for each in links])
    here = Work.objects.visible_to(viewer).filter(named).exclude(pk=work.pk).order_by("pk")
    found: dict[int, Work] = {}
    for other in here.prefetch_related("creatorships__pseud")[:MOST_NAMESAKES]:
        names = {each.pseud.name for each in other.byline}
        for each in links:
            if (each.url and each.url == other.url) or (each.title == other.title and each.author in names):
                found.setdefault(each.pk, other)
    return found


def tag_for(viewer: Viewer, name: str, kind: TagKind | None = None) -> Tag:
    """A tag that stands on a work which this viewer may read. Raises NotVisible."""
    tags = Tag.objects.visible_to(viewer).filter(name=_possible(name, "tag")).select_related("canonical")
    if kind is not None:
        tags = tags.filter(kind=kind)
    found = sorted(tags, key=lambda tag: tag.precedence)
    if not found:
        raise NotVisible("tag", name)
    return found[0]


def works_under(viewer: Viewer, tag: Tag) -> WorkQuerySet:
    """The works that this viewer may read and that carry a tag, a synonym of it or a narrower one, each once."""
    carrying = WorkTag.objects.filter(tag=tag).values("work")
    narrower = WorkTag.objects.filter(tag__reach__reached=tag).values("work")
    return Work.objects.visible_to(viewer).filter(Q(pk__in=carrying) | Q(pk__in=narrower))


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A canonical tag that somebody may mean, and the synonym by which it was found, if it was."""

    tag: Tag
    by: str


def tags_like(
    viewer: Viewer, text: str, kind: TagKind | None = None, *, most: int = 20, among: Q | None = None
) -> list[Suggestion]:
    """The tags that somebody may mean who types this, the best known first: those with words that begin so, and those
    whose synonyms have. When that is very many, only well-known tags are meant. `among` says which are looked at, tags
    and synonyms alike. A dozen queries at most.
    """
    columns, tags = ("pk", "canonical", "name"), Tag.objects.filter(among or Q())
    found = list(tags.named_like(text, kind).visible_to(viewer).values_list(*columns)[: MOST_MATCHES + 1])
    if len(found) > MOST_MATCHES:
        found = list(tags.well_known(text, kind).visible_to(viewer).values_list(*columns)) or found
    by: dict[int, str] = {}
    for number, canonical, name in found:
        if canonical is None:
            by[number] = ""
        else:
            by.setdefault(canonical, name)
    meant = Tag.objects.filter(pk__in=by).order_by("-renown", "name")[:most]
    return [Suggestion(tag, by[tag.pk]) for tag in meant]


def series_for(viewer: Viewer, series_id: int) -> Series:
    """A series that holds a work which this viewer may read. Raises NotVisible."""
    series = None
    if series_id <= BIGGEST_ID:
        series = Series.objects.visible_to(viewer).filter(pk=series_id).first()
    if series is None:
        raise NotVisible("series", series_id)
    return series


def account_for(viewer: Viewer, series: Series) -> SeriesAccount | None:
    """What is known of a series beside its works, with its owners, as far as it is for this viewer. Two queries."""
    accounts = SeriesAccount.objects.visible_to(viewer).filter(series=series)
    return accounts.prefetch_related("owners__pseud__user").first()


def works_of(viewer: Viewer, series: Series, account: SeriesAccount | None) -> WorkQuerySet:
    """The works of a series that this viewer may read: first in the order of its account's list, then as they say."""
    listings = SeriesListing.objects.filter(account=account)
    entries = SeriesEntry.objects.filter(series=series)
    mine = entries.filter(work=OuterRef("pk"))
    listed = named_in(listings, "key", site=series.site)
    found = Work.objects.visible_to(viewer).filter(Q(pk__in=entries.values("work")) | Q(pk__in=listed.values("pk")))
    return found.annotate(
        place=_place(listings, "key", series.site),
        position=Subquery(mine.values("position")[:1]),
        entry=Subquery(mine.values("pk")[:1]),
    ).order_by(F("place").asc(nulls_last=True), "position", "entry", "pk")


def named_in(rows: QuerySet[Any], column: str, *, site: str) -> WorkQuerySet:
    """The works whose keys at a site stand in a column of these rows, each with the `place` of its row. Of no viewer:
    ask for those `visible_to` somebody.
    """
    keys = rows.values(column)
    own = Work.objects.filter(~Q(site=""), site=site, key__in=keys)
    other = AlsoKnown.objects.filter(site=site, key__in=keys)
    found = Work.objects.filter(Q(pk__in=own.values("pk")) | Q(pk__in=other.values("work")))
    return found.annotate(place=_place(rows, column, site))


def _place(rows: QuerySet[Any], column: str, site: str) -> Subquery:
    other = AlsoKnown.objects.filter(work=OuterRef(OuterRef("pk")), site=site)
    named = Q(**{column: OuterRef("key")}) | Q(**{f"{column}__in": other.values("key")})
    return Subquery(rows.filter(named).order_by("position").values("position")[:1])


def outer_of(viewer: Viewer, series: Series) -> Series | None:
    """The series that a series belongs to, by what its works say or its account does. Three queries at most."""
    if series.within_id:
        return Series.objects.visible_to(viewer).filter(pk=series.within_id).first()
    account = SeriesAccount.objects.visible_to(viewer).filter(series=series).exclude(within="").first()
    if account is None:
        return None
    return Series.objects.visible_to(viewer).filter(site=series.site, key=account.within).exclude(pk=series.pk).first()


def parts_of(viewer: Viewer, series: Series) -> list[Series]:
    """The series inside a series that this viewer may see, in order. One query."""
    inside = Q(within=series)
    if series.key:
        told = SeriesAccount.objects.visible_to(viewer).filter(site=series.site, within=series.key)
        inside |= Q(pk__in=told.values("series"))
    found = Series.objects.visible_to(viewer).filter(inside).exclude(pk=series.pk)
    return list(found.order_by("within_position", "pk"))


def pseuds_for(viewer: Viewer, *others: Exists) -> QuerySet[Pseud]:
    """The pen names that this viewer may know of: those of accounts, and of imported ones those with a work that she
    may read, or a profile or a series of their own that is for her; or with what `others` ask for.
    """
    accounts = SeriesAccount.objects.visible_to(viewer)
    seen = (
        Q(Exists(Creatorship.objects.visible_to(viewer).filter(pseud=OuterRef("pk"))))
        | Q(Exists(Profile.objects.visible_to(viewer).filter(pseud=OuterRef("pk"))))
        | Q(Exists(SeriesOwner.objects.filter(pseud=OuterRef("pk"), account__in=accounts)))
    )
    for each in others:
        seen |= Q(each)
    return Pseud.objects.filter(Q(user__is_active=True) | (Q(user=None) & seen))


def public_pen_names(viewer: Viewer) -> QuerySet[Pseud]:
    """Pen names of members that anybody can come across: linked to an account, or with something to be read.

    One that stands alone and has nothing that this viewer may read is not among them, or being found would tell of it.
    """
    read = Exists(Creatorship.objects.visible_to(viewer).filter(pseud=OuterRef("pk")))
    return Pseud.objects.filter(Q(is_linked=True) | Q(read), user__is_active=True).select_related("user")


def pseud_for(viewer: Viewer, handle: str, name: str | None = None, *, known: QuerySet[Pseud] | None = None) -> Pseud:
    """A pen name by the two parts of its address: an account's, or one of those `known`. Raises NotVisible."""
    _possible(handle + (name or ""), "author")
    if handle.startswith(UNCLAIMED):
        known = pseuds_for(viewer) if known is None else known
        pseud = _numbered(known.filter(user=None), handle.removeprefix(UNCLAIMED))
    elif handle.startswith(ALONE):
        alone = Pseud.objects.select_related("user").filter(user__is_active=True, is_linked=False)
        pseud = _numbered(alone, handle.removeprefix(ALONE))
    else:
        pseuds = of_account(viewer, handle)
        pseud = pseuds.filter(name=name or handle).first() or (None if name else pseuds.order_by("pk").first())
    if pseud is None or (name is not None and pseud.name != name):
        raise NotVisible("author", handle)
    return pseud


def of_account(viewer: Viewer, username: str) -> QuerySet[Pseud]:
    """The pen names that an account's page stands for: those that are linked to it, and to herself all of hers."""
    shown = Q(is_linked=True)
    if viewer.user_id is not None:
        shown |= Q(user=viewer.user_id)
    hers = Pseud.objects.filter(shown, user__username__iexact=username, user__is_active=True)
    return hers.select_related("user").order_by("pk")


def _numbered(known: QuerySet[Pseud], number: str) -> Pseud | None:
    if not (number.isascii() and number.isdecimal() and len(number) <= LONGEST_ID and int(number) <= BIGGEST_ID):
        return None
    return known.filter(pk=int(number)).first()


def _possible(name: str, kind: str) -> str:
    """The same; databases refuse to be asked for what they cannot hold or compare. Raises NotVisible."""
    if "\0" in name or len(name) > LONGEST_ASKED:
        raise NotVisible(kind, name)
    return name
