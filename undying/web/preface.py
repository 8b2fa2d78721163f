"""All that stands around a work's text: notes, gifts, links to other works, series, source."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from undying.formats.colophon import may
from undying.library import access, giving
from undying.library.models import SeriesEntry, Work
from undying.manuscript import Prose, RelationKind
from undying.web import links, wording
from undying.web.cards import Name, SeriesLine

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from undying.library.models import RelatedWork
    from undying.people.viewer import Viewer

_RELATIONS = {
    RelationKind.INSPIRED_BY: "Inspired by",
    RelationKind.TRANSLATION_OF: "A translation of",
    RelationKind.INSPIRED: "Inspired",
    RelationKind.TRANSLATED_AS: "Translated as",
    RelationKind.VERSION_OF: "Another version:",
}
_PARENTS = (RelationKind.INSPIRED_BY, RelationKind.TRANSLATION_OF)


@dataclass(frozen=True, slots=True, kw_only=True)
class Relation:
    """A link to another work: "Inspired by", then its title and its author."""

    words: str
    title: str
    url: str
    author: str
    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Preface:
    """What stands around the text."""

    notes_before: Prose
    notes_after: Prose
    rights: Prose
    gifts: tuple[Name, ...]
    parents: tuple[Relation, ...]
    children: tuple[Relation, ...]
    series: tuple[SeriesLine, ...]
    site: Name | None
    archivist: str
    extras: tuple[tuple[str, str], ...]
    may: tuple[tuple[str, str], ...]
    may_words: str

    @property
    def has_notes_before(self) -> bool:
        """Whether anything at all stands before the text."""
        return bool(self.notes_before or self.rights or self.parents)


def of(viewer: Viewer, work: Work) -> Preface:
    """The work's preface, with the works beside it that this viewer may read. At most four queries."""
    related = work.related.all()
    here = access.related_for(viewer, work)
    return Preface(
        notes_before=work.notes_before,
        notes_after=work.notes_after,
        rights=work.rights,
        gifts=_gifts(work),
        parents=tuple(_relation(each, here.get(each.pk)) for each in related if each.kind in _PARENTS),
        children=tuple(_relation(each, here.get(each.pk)) for each in related if _is_child(each, here)),
        series=_series(viewer, work),
        site=_site(work),
        archivist=work.archivist,
        extras=tuple((label, text) for label, text in work.extras),
        may=tuple(may(work.wishes)),
        may_words=work.wishes.words,
    )


def _gifts(work: Work) -> tuple[Name, ...]:
    """Whom it is for; a member by the page of her pen name. A query where it is for somebody."""
    members = giving.members(work)
    return tuple(Name(text=each, url=links.of(members[each]) if each in members else "") for each in work.gifts)


def _is_child(related: RelatedWork, here: Mapping[int, Work]) -> bool:
    """Of another version of the story nothing is told, not its name either, to whom it is hidden from."""
    return related.kind not in _PARENTS and (related.kind != RelationKind.VERSION_OF or related.pk in here)


def _relation(related: RelatedWork, here: Work | None) -> Relation:
    url = links.outside(related.url) if here is None else links.of(here)
    return Relation(
        words=_RELATIONS[RelationKind(related.kind)],
        title=related.title or related.url or "a work without a name",
        url=url,
        author=related.author,
        language=wording.language(related.language),
    )


def _site(work: Work) -> Name | None:
    """Where the work was first published, if that is a place: imports from a file have none."""
    url = links.outside(work.url)
    return Name(text=work.site, url=url) if url or "." in work.site else None


def _series(viewer: Viewer, work: Work) -> tuple[SeriesLine, ...]:
    entries = list(work.series_entries.all())
    if not entries:
        return ()
    readable = Work.objects.visible_to(viewer)
    rows = SeriesEntry.objects.filter(series__in=[each.series_id for each in entries], work__in=readable)
    order = list(rows.order_by("position", "pk").values_list("series_id", "work_id"))
    return tuple(
        _line(each, [number for series, number in order if series == each.series_id], work.pk) for each in entries
    )


def _line(entry: SeriesEntry, works: Sequence[int], here: int) -> SeriesLine:
    place = works.index(here)
    return SeriesLine(
        title=entry.series.title,
        url=links.of(entry.series),
        position=entry.position,
        previous=links.work_number(works[place - 1]) if place else "",
        next=links.work_number(works[place + 1]) if place + 1 < len(works) else "",
    )
