"""What an author may mean while she types: tags, of the fandoms that she has named first, and episodes of these."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Q

from undying.kernel.portions import in_portions
from undying.library.access import tags_like
from undying.library.models import Chapter, Placement, Tag, TagFandom, Work, WorkTag
from undying.library.names import words_of
from undying.manuscript import TagKind

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from undying.library.access import Suggestion
    from undying.people.viewer import Viewer

OF_A_FANDOM = frozenset({TagKind.CHARACTER, TagKind.RELATIONSHIP})
"""Kinds of tags that are at home in a fandom, so that another's are not meant."""
MOST = 10
MOST_FANDOMS = 20
MOST_PLACES = 5_000
"""Places in canon of a fandom that are looked through."""
LAST = ((MOST_PLACES + 1, ""),)


def tags_to_write(viewer: Viewer, text: str, kind: TagKind, fandoms: Sequence[str] = ()) -> list[Suggestion]:
    """Canonical tags of a kind with words that begin as `text` does, the best known first.

    With the names of fandoms, characters and relationships at home in these come first; behind them those of which
    nobody has said where they are at home, and never those of other fandoms alone. Two dozen queries at most.
    """
    homes = _homes(viewer, fandoms) if kind in OF_A_FANDOM else frozenset()
    if not homes:
        return tags_like(viewer, text, kind, most=MOST)
    found = tags_like(viewer, text, kind, most=MOST, among=_at_home(Q(fandom__in=homes)))
    if len(found) < MOST:
        # A home that she may not know of is none, or what is offered would tell of it.
        known = Q(Exists(Tag.objects.visible_to(viewer).filter(pk=OuterRef("fandom"))))
        found += tags_like(viewer, text, kind, most=MOST - len(found), among=~_at_home(known))
    return found


def _homes(viewer: Viewer, fandoms: Sequence[str]) -> frozenset[int]:
    """The fandoms with these names, and those that they are parts of or that are parts of them."""
    fandom = Tag.objects.filter(kind=TagKind.FANDOM).visible_to(viewer)
    named = fandom.filter(name__in=list(fandoms)[:MOST_FANDOMS]).values_list("pk", "canonical")
    meant = {canonical or number for number, canonical in named}
    around = Q(reached_by__tag__in=meant) | Q(reach__reached__in=meant)
    return (
        frozenset(meant | set(fandom.canonical().filter(around).values_list("pk", flat=True))) if meant else frozenset()
    )


def _at_home(where: Q) -> Q:
    """Tags, or synonyms of tags, that are at home in such a fandom."""
    links = TagFandom.objects.filter(where)
    return Q(Exists(links.filter(tag=OuterRef("pk")))) | Q(Exists(links.filter(tag=OuterRef("canonical"))))


@dataclass(frozen=True, slots=True)
class Episode:
    """An episode that works name as their place in canon, and in which season or the like the most of them have it."""

    name: str
    unit: str
    part: str


def episodes_to_write(viewer: Viewer, text: str, fandoms: Sequence[str]) -> list[Episode]:
    """The episodes of these fandoms, as far as works that she may read name them, with words that begin as those of
    `text`: in the order of seasons and names. Four queries.
    """
    typed = words_of(text)
    places = _places_in(viewer, fandoms) if typed else []
    found: dict[str, Counter[tuple[str, str]]] = defaultdict(Counter)
    for unit, part, part_to, episodes in places:
        for name in episodes:
            if _has_words(name, typed):
                found[name][unit, part if part_to in {"", part} else ""] += 1
    offered = (Episode(name, *min(seen, key=lambda each: (-seen[each], each))) for name, seen in found.items())
    return sorted(offered, key=lambda each: (_natural(each.part), _natural(each.name)))[:MOST]


def _places_in(viewer: Viewer, fandoms: Sequence[str]) -> list[tuple[str, str, str, list[str]]]:
    homes = _homes(viewer, fandoms)
    if not homes:
        return []
    tags = WorkTag.objects.filter(Q(tag__in=homes) | Q(tag__reach__reached__in=homes))
    works = Work.objects.visible_to(viewer).filter(pk__in=tags.values("work"))
    chapters = Chapter.objects.visible_to(viewer).filter(work=OuterRef("work"), pk=OuterRef("chapter"))
    rows = Placement.objects.filter(Q(chapter=None) | Q(Exists(chapters)), work__in=works).exclude(episodes=[])
    return list(rows.order_by("-pk").values_list("unit", "part", "part_to", "episodes")[:MOST_PLACES])


def _has_words(name: str, typed: Sequence[str]) -> bool:
    here = words_of(name)
    return all(any(word.startswith(each) for word in here) for each in typed)


def _natural(text: str) -> tuple[tuple[int, str], ...]:
    """Season 2 before season 10, and what has no season last."""
    parts = re.findall(r"\d+|\D+", text)
    return tuple((int(part), "") if part.isdecimal() else (MOST_PLACES, part.casefold()) for part in parts) or LAST


def names_here(viewer: Viewer, kind: TagKind, names: Collection[str]) -> set[str]:
    """Those of these names that a tag of the kind has, as far as she may know of it. One query for some hundreds."""
    tags = Tag.objects.filter(kind=kind).visible_to(viewer)
    return {
        name
        for some in in_portions(sorted(names))
        for name in tags.filter(name__in=some).values_list("name", flat=True)
    }
