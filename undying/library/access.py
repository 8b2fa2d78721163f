"""The only way in: each function answers for one viewer, and absent looks like forbidden."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

from undying.kernel.errors import NotVisible
from undying.library.models import Chapter, Creatorship, Series, Tag, Work, WorkPicture
from undying.people.models import UNCLAIMED, Pseud

if TYPE_CHECKING:
    from collections.abc import Sequence

    from undying.manuscript import TagKind
    from undying.people.viewer import Viewer

BIGGEST_ID = 2**63 - 1
MOST_NAMESAKES = 100
LONGEST_ID = len(str(BIGGEST_ID))
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
    tags = Tag.objects.visible_to(viewer).filter(name=_possible(name, "tag"))
    if kind is not None:
        tags = tags.filter(kind=kind)
    found = sorted(tags, key=lambda tag: tag.precedence)
    if not found:
        raise NotVisible("tag", name)
    return found[0]


def series_for(viewer: Viewer, series_id: int) -> Series:
    """A series that holds a work which this viewer may read. Raises NotVisible."""
    series = None
    if series_id <= BIGGEST_ID:
        series = Series.objects.visible_to(viewer).filter(pk=series_id).first()
    if series is None:
        raise NotVisible("series", series_id)
    return series


def pseud_for(viewer: Viewer, handle: str, name: str | None = None) -> Pseud:
    """A pen name by the two parts of its address: an account's, or one with a readable work. Raises NotVisible."""
    _possible(handle + (name or ""), "author")
    if handle.startswith(UNCLAIMED):
        pseud = _unclaimed(viewer, handle.removeprefix(UNCLAIMED))
    else:
        pseuds = Pseud.objects.select_related("user").filter(user__username__iexact=handle, user__is_active=True)
        pseud = pseuds.filter(name=name or handle).first() or (None if name else pseuds.order_by("pk").first())
    if pseud is None or (name is not None and pseud.name != name):
        raise NotVisible("author", handle)
    return pseud


def _unclaimed(viewer: Viewer, number: str) -> Pseud | None:
    """An imported pen name; a secret as long as none of its works is readable."""
    if not (number.isascii() and number.isdecimal() and len(number) <= LONGEST_ID and int(number) <= BIGGEST_ID):
        return None
    made = Creatorship.objects.visible_to(viewer).filter(pseud_id=int(number))
    return Pseud.objects.filter(user=None, pk=int(number)).first() if made.exists() else None


def _possible(name: str, kind: str) -> str:
    """The same; PostgreSQL refuses to be asked for what it cannot hold. Raises NotVisible."""
    if "\0" in name:
        raise NotVisible(kind, name)
    return name
