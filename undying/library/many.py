"""The same change to many works of one author: each in a transaction and with a revision of its own.

A work that cannot be changed so says why, and the others are changed all the same.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from undying.kernel.errors import NotVisible
from undying.library import writing
from undying.library.models import Creatorship, Work
from undying.library.writing import Unfinished
from undying.manuscript import State, wishes_from

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from undying.library.models.works import WorkQuerySet
    from undying.library.writing import WorkFields
    from undying.manuscript import Audience, Tagging
    from undying.people.viewer import Viewer

MOST = 100
"""Works that are changed at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What becomes other; of what is not said, everything stays. `wishes` may say "" for what is unsaid from now on."""

    audience: Audience | None = None
    language: str = ""
    pseud: int = 0
    wishes: Mapping[str, str] = field(default_factory=dict)
    add: tuple[Tagging, ...] = ()
    remove: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        return self != Changes()

    def made_to(self, had: WorkFields) -> WorkFields:
        """What is said of a work once they are made. Tags go whatever their kind and the case of their letters."""
        gone = {each.casefold() for each in self.remove}
        kept = [each for each in had.taggings if each.name.casefold() not in gone]
        known = {(each.kind, each.name.casefold()) for each in kept}
        new = [each for each in self.add if (each.kind, each.name.casefold()) not in known]
        return replace(
            had,
            audience=self.audience or had.audience,
            language=self.language or had.language,
            pseuds=(self.pseud,) if self.pseud else had.pseuds,
            wishes=wishes_from({**had.wishes.told(), **self.wishes}),
            taggings=(*kept, *new),
        )


@dataclass(frozen=True, slots=True)
class Outcome:
    """What becomes of one work: it changes, or stays as it is, or cannot be changed for what `refused` says."""

    work: Work
    changes: bool
    refused: str = ""


def works_of(viewer: Viewer) -> WorkQuerySet:
    """The works that she made, drafts too, but for deleted ones: the latest first."""
    hers = Creatorship.objects.filter(chapter=None, pseud__user=viewer.user_id)
    return Work.objects.visible_to(viewer).filter(pk__in=hers.values("work"), deletion=None).newest()


def look(viewer: Viewer, numbers: Iterable[int], changes: Changes) -> list[Outcome]:
    """What would become of these works, of those that are hers. Nothing is changed."""
    return [_expected(viewer, work, changes) for work in _named(viewer, numbers)]


def change(viewer: Viewer, numbers: Iterable[int], changes: Changes) -> list[Outcome]:
    """Change these works, of those that are hers, one by one; what became of each."""
    return [_changed(viewer, work, changes) for work in _named(viewer, numbers)]


def _named(viewer: Viewer, numbers: Iterable[int]) -> list[Work]:
    return list(works_of(viewer).filter(pk__in=list(numbers)[:MOST]))


def _expected(viewer: Viewer, work: Work, changes: Changes) -> Outcome:
    had = writing.fields_of(work)
    wanted = changes.made_to(had)
    if not _differs(viewer, had, wanted):
        return Outcome(work, changes=False)
    said = writing.troubles(wanted, had=had, is_posted=work.state == State.POSTED)
    return Outcome(work, changes=not said, refused=" ".join(said.values()))


def _changed(viewer: Viewer, work: Work, changes: Changes) -> Outcome:
    expected = _expected(viewer, work, changes)
    if not expected.changes:
        return expected
    try:
        writing.save_work(viewer, work, changes.made_to(writing.fields_of(work)))
    except Unfinished as refused:
        return Outcome(work, changes=False, refused=str(refused))
    except NotVisible:
        return Outcome(work, changes=False, refused="It is not yours any more.")
    return expected


def _differs(viewer: Viewer, had: WorkFields, wanted: WorkFields) -> bool:
    """Whether anything is other. The pen names of those who made it with her stay in any case."""
    hers = {each.pk for each in writing.pseuds_of(viewer)}
    one, other = (replace(each, pseuds=tuple(n for n in each.pseuds if n in hers)) for each in (had, wanted))
    return one != other
