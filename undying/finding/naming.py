"""What the names in a search stand for: tags, creators and series that this viewer may know of.

A name that nobody may know of here finds nothing, and is told; whether there is something secret of that name makes no
difference. Creators are known by their names; failing that, by words of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from undying.finding.fields import standing
from undying.finding.given import spelled
from undying.finding.names import people_meant, series_meant, tags_meant
from undying.finding.question import Either, HasTag, HasTerm, Term
from undying.finding.unresolved import By, InSeries, Mine, Named, names_in
from undying.library.models import Series, Tag

if TYPE_CHECKING:
    from undying.finding.question import Node
    from undying.finding.unresolved import Name
    from undying.people.viewer import Viewer

MOST = 20
"""Different names of one search that are looked up: each costs the database."""
ALIKE = 40
"""Tags that a name stands for when it is no tag's whole name: "Star Wars" for all that begin so."""
LOOKED_AT = 500
"""Of which these are the first by name."""
NOTHING = Either(())


@dataclass(frozen=True, slots=True)
class Known:
    """What each name stands for, and a sentence for each that stands for nothing."""

    nodes: dict[Name, Node | None]
    troubles: tuple[str, ...] = ()

    def __call__(self, name: Name) -> Node | None:
        """What a name stands for; nothing, for one that was not looked up."""
        return self.nodes.get(name, NOTHING)


def look_up(node: Node | None, viewer: Viewer) -> Known:
    """What the names in a tree stand for. No query without names; else one for each kind and each strange name."""
    names = list(dict.fromkeys(names_in(node)))
    known: dict[Name, Node | None] = {}
    troubles = [f"Only the first {MOST} names of the search were looked up."] if len(names) > MOST else []
    tags = _tags([name for name in names[:MOST] if isinstance(name, Named)], viewer)
    creators = _creators([name for name in names[:MOST] if isinstance(name, By)], viewer)
    for name in names[:MOST]:
        match name:
            case Named():
                found, trouble = tags[name], f"No work here carries the tag “{name.text}”."
            case By(text):
                found, trouble = creators.get(text) or standing(text, "author"), f"“{text}” is no name."
            case InSeries(text):
                found, trouble = _series(text, viewer), f"No series here is called “{text}”."
            case Mine():
                troubles.append("What you have read is not known here, so it was not looked at.")
                known[name] = None
                continue
        known[name] = found or NOTHING
        if found is None:
            troubles.append(trouble)
    return Known(known, tuple(troubles))


def _tags(names: list[Named], viewer: Viewer) -> dict[Named, Node | None]:
    texts = {name: spelled(name.kind, name.text) if name.kind else name.text for name in names}
    meant = tags_meant(set(texts.values()), viewer)
    found: dict[Named, Node | None] = {}
    for name, text in texts.items():
        tags = [tag for tag in meant.get(text, ()) if name.kind in {None, tag.kind}] or _alike(name, viewer)
        ids = tuple(dict.fromkeys(tag.meant.pk for tag in tags))
        found[name] = HasTag(ids, name.direct) if ids else None
    return found


def _alike(name: Named, viewer: Viewer) -> list[Tag]:
    # Who may see them is asked of so many alone: "tag:a" is the beginning of most names.
    some = Tag.objects.named_like(name.text, name.kind).visible_to(viewer).values("pk")[:LOOKED_AT]
    return list(Tag.objects.filter(pk__in=some).select_related("canonical").order_by("name")[:ALIKE])


def _creators(names: list[By], viewer: Viewer) -> dict[str, Node]:
    """By what was typed: those whose very name it is."""
    people = people_meant({name.text for name in names}, viewer)
    return {
        text: HasTerm(Term.CREATOR, tuple(str(each.pk) for each in those)) for text, those in people.items() if those
    }


def _series(text: str, viewer: Viewer) -> Node | None:
    part = Series.objects.visible_to(viewer).filter(title__icontains=text).order_by("pk")
    found = series_meant(text, viewer) or list(part[:ALIKE])
    return HasTerm(Term.SERIES, tuple(str(each.pk) for each in found)) if found else None
