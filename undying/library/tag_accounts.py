"""What is known of tags as values: told, and made true as a whole.

Faulty
└── a list of `Fault`: which of the values cannot be so, and why
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import connection, transaction
from django.db.models import F, Q
from django.db.models.functions import Collate

from undying.kernel.errors import Refused
from undying.kernel.portions import in_portions
from undying.library import wrangling
from undying.library.models import Tag, TagFandom, TagParent
from undying.library.tagging import drop_unused_tags, here_of, tags_named
from undying.library.wrangling import Ring, Untrue
from undying.manuscript import Medium, TagAccount, Tagging, TagKind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from django.db.models import QuerySet

AT_A_TIME = 500
LONGEST_NAME = 500
MOST_NAMES = 100
"""Parents, or fandoms, of one tag."""


@dataclass(frozen=True, slots=True)
class Fault:
    """Which value of those that were given cannot be so (None: all together), and why, in a sentence."""

    place: int | None
    text: str


@dataclass(frozen=True, slots=True)
class Kept:
    """How many tags were known otherwise before, and those that were made because nobody had named them yet."""

    changed: int
    made: tuple[Tagging, ...]


class Faulty(Refused):
    """What was said of tags cannot all be so; nothing of it was taken."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__(" ".join(each.text for each in faults))
        self.faults = faults


def spoken_of() -> QuerySet[Tag]:
    """The tags of which something is known."""
    linked = Q(pk__in=TagParent.objects.values("child")) | Q(pk__in=TagFandom.objects.values("tag"))
    return Tag.objects.filter(~Q(canonical=None) | ~Q(medium="") | linked)


def told(tags: QuerySet[Tag]) -> Iterator[TagAccount]:
    """What is known of these, by kind and name, letter by letter; in bounded memory."""
    letters = "C" if connection.vendor == "postgresql" else "BINARY"
    rows = tags.select_related("canonical").order_by(Collate("kind", letters), Collate("name", letters))
    portion: list[Tag] = []
    for tag in rows.iterator(chunk_size=AT_A_TIME):
        portion.append(tag)
        if len(portion) == AT_A_TIME:
            yield from _told(portion)
            portion = []
    yield from _told(portion)


def _told(tags: Sequence[Tag]) -> Iterator[TagAccount]:
    parents = _names(TagParent.objects.filter(child__in=tags).values_list("child_id", "parent__name"))
    fandoms = _names(TagFandom.objects.filter(tag__in=tags).values_list("tag_id", "fandom__name"))
    for tag in tags:
        yield TagAccount(
            tag=Tagging(kind=TagKind(tag.kind), name=tag.name),
            canonical=tag.canonical.name if tag.canonical else "",
            parents=parents[tag.pk],
            fandoms=fandoms[tag.pk],
            medium=Medium(tag.medium) if tag.medium else None,
        )


def _names(pairs: Iterable[tuple[int, str]]) -> defaultdict[int, tuple[str, ...]]:
    found: defaultdict[int, tuple[str, ...]] = defaultdict(tuple)
    for tag, name in sorted(pairs):
        found[tag] += (name,)
    return found


def accounts_of(tags: Iterable[Tagging]) -> dict[Tagging, TagAccount]:
    """What is known of each of these tags; nothing but the name of one that is not here."""
    wanted = list(tags)
    found = {each: TagAccount(tag=each) for each in wanted}
    for some in in_portions(wanted):
        names = {each.name for each in some}
        found.update((each.tag, each) for each in told(Tag.objects.filter(name__in=names)) if each.tag in found)
    return found


def keep(values: Sequence[TagAccount]) -> Kept:
    """Make what is known of these tags exactly that, all or nothing. Tags that are named and not here yet are made.

    Raises Faulty, with all that cannot be so.
    """
    synonyms = {(each.tag.kind, each.tag.name): each.canonical for each in values if each.canonical}
    if faults := [Fault(place, text) for place, each in enumerate(values) for text in _faults(each, synonyms)]:
        raise Faulty(faults)
    here = accounts_of(each.tag for each in values)
    changed = {place: each for place, each in enumerate(values) if here[each.tag] != _sorted(each)}
    try:
        with wrangling.together():
            made = _keep(changed)
    except Ring as ring:  # nested in a caller's `together`, it comes to light at the end of that
        named = [place for place, each in changed.items() if each.tag.name in ring.names]
        raise Faulty([Fault(place, str(ring)) for place in named[:1]] or [Fault(None, str(ring))]) from ring
    return Kept(len(changed), made)


def _sorted(value: TagAccount) -> TagAccount:
    return TagAccount(
        tag=value.tag,
        canonical=value.canonical,
        parents=tuple(sorted(set(value.parents))),
        fandoms=tuple(sorted(set(value.fandoms))),
        medium=value.medium,
    )


def judge(values: Sequence[TagAccount]) -> Sequence[Fault]:
    """What `keep` would refuse of these. Nothing is taken."""
    try:
        with transaction.atomic():
            keep(values)
            transaction.set_rollback(True)
    except Faulty as faulty:
        return faulty.faults
    return ()


def _faults(value: TagAccount, synonyms: Mapping[tuple[TagKind, str], str]) -> Iterator[str]:
    name = f"“{value.tag.name[:60]}”"
    if further := synonyms.get((value.tag.kind, value.canonical)):
        yield f"{name} is to mean “{value.canonical}”, which is to mean “{further}” itself: name that one."
    if value.canonical and (value.parents or value.fandoms or value.medium):
        yield f"{name} is to be a synonym, so its parents, fandoms and medium are for “{value.canonical[:60]}” to have."
    if max(len(value.parents), len(value.fandoms)) > MOST_NAMES:
        yield f"{name} is to have more than {MOST_NAMES} parents or fandoms."
    for each in (value.tag.name, *filter(None, (value.canonical,)), *value.parents, *value.fandoms):
        if not each.strip() or "\0" in each:
            yield f"A tag of {name} has no name."
        elif len(each) > LONGEST_NAME:
            yield f"The tag “{each[:60]}…” is longer than {LONGEST_NAME} characters."


def _keep(changed: dict[int, TagAccount]) -> tuple[Tagging, ...]:
    """First what ends, then what means the same, then the rest: in whatever order the values stand."""
    tags, made = _rows(changed.values())
    faults: list[Fault] = []

    def each(step: Callable[[TagAccount, dict[Tagging, Tag]], None]) -> None:
        for place, value in changed.items():
            try:
                step(value, tags)
            except Untrue as untrue:
                faults.append(Fault(place, str(untrue)))

    for step in (_end, _unite, _link):
        each(step)
    if faults:
        raise Faulty(sorted(faults, key=lambda fault: fault.place or 0))
    return made


def _rows(values: Iterable[TagAccount]) -> tuple[dict[Tagging, Tag], tuple[Tagging, ...]]:
    """The rows of all that these name, and which of them were made for it."""
    wanted: dict[Tagging, None] = {}
    for value in values:
        wanted.update(dict.fromkeys([value.tag, *_others(value)]))
    pairs = [(each.kind, each.name) for each in wanted]
    before = here_of(pairs)
    numbers = sorted(tags_named(pairs).values())
    rows: dict[Tagging, Tag] = {}
    for some in in_portions(numbers):
        for tag in Tag.objects.filter(pk__in=some):
            rows[Tagging(kind=TagKind(tag.kind), name=tag.name)] = tag
    return rows, tuple(each for each in wanted if (each.kind, each.name) not in before)


def _others(value: TagAccount) -> Iterator[Tagging]:
    for name in (*filter(None, (value.canonical,)), *value.parents):
        yield Tagging(kind=value.tag.kind, name=name)
    for name in value.fandoms:
        yield Tagging(kind=TagKind.FANDOM, name=name)


def _end(value: TagAccount, tags: dict[Tagging, Tag]) -> None:
    tag = tags[value.tag]
    if tag.canonical_id and (not value.canonical or tag.canonical_id != tags[next(_others(value))].pk):
        wrangling.free_synonym(tag)
    for link in TagParent.objects.filter(child=tag).exclude(parent__name__in=value.parents).select_related("parent"):
        wrangling.remove_parent(tag, link.parent)
    for home in TagFandom.objects.filter(tag=tag).exclude(fandom__name__in=value.fandoms).select_related("fandom"):
        wrangling.remove_fandom(tag, home.fandom)
    if tag.medium and value.medium is None:
        wrangling.set_medium(tag, None)


def _unite(value: TagAccount, tags: dict[Tagging, Tag]) -> None:
    if value.canonical:
        wrangling.make_synonym(tags[value.tag], next(tags[each] for each in _others(value)))


def _link(value: TagAccount, tags: dict[Tagging, Tag]) -> None:
    tag = tags[value.tag]
    for name in value.parents:
        wrangling.set_parent(tag, tags[Tagging(kind=value.tag.kind, name=name)])
    for name in value.fandoms:
        wrangling.set_fandom(tag, tags[Tagging(kind=TagKind.FANDOM, name=name)])
    if value.medium is not None:
        wrangling.set_medium(tag, value.medium)


def together(here: TagAccount, incoming: TagAccount) -> TagAccount:
    """What is known here with what another archive knows beside it. What was decided here stands."""
    found = _by_canonical_names(incoming)
    if here.says_nothing() and not (found.canonical and _is_leaned_on(here.tag)):
        return _sorted(found)
    if here.canonical or found.canonical:
        return here
    return _sorted(
        TagAccount(
            tag=here.tag,
            parents=(*here.parents, *found.parents),
            fandoms=(*here.fandoms, *found.fandoms),
            medium=here.medium or found.medium,
        )
    )


def _is_leaned_on(tag: Tagging) -> bool:
    """Whether it is known here what means the same, is a part of it, or is at home in it."""
    leaning = ~Q(synonyms=None) | ~Q(child_links=None) | ~Q(resident_links=None)
    return Tag.objects.filter(leaning, kind=tag.kind, name=tag.name).exists()


def _by_canonical_names(value: TagAccount) -> TagAccount:
    """Another archive's canonical tag may be a synonym here: then this archive's is meant."""
    named = Q(kind=value.tag.kind, name__in=[value.canonical, *value.parents])
    named |= Q(kind=TagKind.FANDOM, name__in=value.fandoms)
    rows = Tag.objects.filter(named).exclude(canonical=None).annotate(meant_name=F("canonical__name"))
    meant = {(each.kind, each.name): str(vars(each)["meant_name"]) for each in rows}
    kind, name = value.tag.kind, value.tag.name
    canonical = meant.get((kind, value.canonical), value.canonical)
    parents = {meant.get((kind, each), each) for each in value.parents} - {name}
    return TagAccount(
        tag=value.tag,
        canonical="" if canonical == name else canonical,
        parents=tuple(sorted(parents)),
        fandoms=tuple(sorted({meant.get((TagKind.FANDOM, each), each) for each in value.fandoms})),
        medium=value.medium,
    )


def drop_unneeded(value: TagAccount) -> None:
    """Delete the tags that it names where no work carries them and nothing is known of them any more."""
    named = [(each.kind, each.name) for each in (value.tag, *_others(value))]
    tags = Tag.objects.filter(name__in={name for _, name in named})
    drop_unused_tags([each.pk for each in tags if (each.kind, each.name) in named])
