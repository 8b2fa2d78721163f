"""Every write to the graph of tags.

Refused
└── Untrue         what was said of tags cannot be so; says why
    └── Ring       a tag would be a part of itself; names those between

What changes is followed to the end at once (`TagReach`), and the works that are found differently since are marked.
"""

from __future__ import annotations

import contextlib
from collections import defaultdict
from contextvars import ContextVar
from typing import TYPE_CHECKING

from django.db import connection, transaction

from undying.kernel import ledger
from undying.kernel.errors import Refused
from undying.kernel.portions import in_portions
from undying.library.models import Tag, TagFandom, TagParent, TagReach, WorkTag
from undying.manuscript import Medium, TagKind

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

RETAGGED = "retagged"
"""The kind under which works stand in the ledger whose tags mean something else since. Who may read them is as it was,
so no list need leave them out meanwhile.
"""
AT_A_TIME = 500
HAVE_FANDOMS = frozenset((TagKind.CHARACTER, TagKind.RELATIONSHIP, TagKind.ADDITIONAL))


class Untrue(Refused):
    """What was said of tags cannot be so."""


class Ring(Untrue):
    """Tags would be parts of each other in a ring; `names` are all of them."""

    def __init__(self, names: Sequence[str]) -> None:
        first, *others = names
        between = ", ".join(f"“{each}”" for each in others)
        super().__init__(f"“{first}” would be a part of itself, by way of {between}.")
        self.names = frozenset(names)


_touched: ContextVar[set[int]] = ContextVar("touched")
"""The tags whose links changed since the outermost `together` began."""


@contextlib.contextmanager
def together() -> Iterator[None]:
    """All that is said of tags in here comes true at its end, at once or not at all. Raises Untrue for a ring."""
    if _touched.get(None) is not None:
        yield
        return
    touched: set[int] = set()
    token = _touched.set(touched)
    try:
        with transaction.atomic():
            _one_at_a_time()
            yield
            _follow(touched)
    finally:
        _touched.reset(token)


def _one_at_a_time() -> None:
    """Two who each close half of a ring would not see it; on SQLite a transaction that writes is alone anyway."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"LOCK TABLE {TagParent._meta.db_table} IN SHARE ROW EXCLUSIVE MODE")


def _touch(*tags: int) -> None:
    _touched.get().update(tags)


def make_synonym(tag: Tag, of: Tag) -> None:
    """From now on the tag means what `of` means. Its own synonyms, parents, children, fandoms and medium go over to it.

    Raises Untrue for a tag of another kind, for itself, and for one that is a synonym.
    """
    with together():
        tag, of = _anew(tag), _anew(of)
        _refuse_other_kind(tag, of, "a synonym")
        if tag.pk == of.pk:
            raise Untrue(f"“{tag}” cannot be a synonym of itself.")
        _refuse_synonym(of)
        if tag.canonical_id == of.pk:
            return
        _hand_over(tag, of)
        Tag.objects.filter(pk=tag.pk).update(canonical=of, medium="")
        _touch(tag.pk, of.pk)


def _hand_over(tag: Tag, to: Tag) -> None:
    children = list(TagParent.objects.filter(parent=tag).exclude(child=to).values_list("child_id", flat=True))
    parents = TagParent.objects.filter(child=tag).exclude(parent=to).values_list("parent_id", flat=True)
    links = [TagParent(child_id=child, parent=to) for child in children]
    links += [TagParent(child=to, parent_id=parent) for parent in parents]
    TagParent.objects.bulk_create(links, ignore_conflicts=True)
    fandoms = TagFandom.objects.filter(tag=tag).values_list("fandom_id", flat=True)
    at_home = TagFandom.objects.filter(fandom=tag).values_list("tag_id", flat=True)
    residents = [TagFandom(tag=to, fandom_id=fandom) for fandom in fandoms]
    residents += [TagFandom(tag_id=each, fandom=to) for each in at_home]
    TagFandom.objects.bulk_create(residents, ignore_conflicts=True)
    _forget_links(tag)
    synonyms = list(Tag.objects.filter(canonical=tag).values_list("pk", flat=True))
    Tag.objects.filter(canonical=tag).update(canonical=to)
    if tag.medium and not to.medium:
        Tag.objects.filter(pk=to.pk).update(medium=tag.medium)
    _touch(*children, *synonyms)


def _forget_links(tag: Tag) -> None:
    for links in (tag.parent_links, tag.child_links, tag.fandom_links, tag.resident_links):
        links.all().delete()


def free_synonym(tag: Tag) -> None:
    """The tag means itself again. Nothing happens to one that does already."""
    with together():
        if Tag.objects.filter(pk=tag.pk).exclude(canonical=None).update(canonical=None):
            _touch(tag.pk)


def set_parent(child: Tag, parent: Tag) -> None:
    """Whoever looks for the parent finds the works of the child. Raises Untrue for other kinds, synonyms and rings."""
    with together():
        child, parent = _anew(child), _anew(parent)
        _refuse_other_kind(child, parent, "a part")
        if child.pk == parent.pk:
            raise Untrue(f"“{child}” cannot be a part of itself.")
        _refuse_synonym(child, parent)
        if TagParent.objects.get_or_create(child=child, parent=parent)[1]:
            _touch(child.pk)


def remove_parent(child: Tag, parent: Tag) -> None:
    """The child is no part of the parent any more. Nothing happens where it was none."""
    with together():
        if TagParent.objects.filter(child=child, parent=parent).delete()[0]:
            _touch(child.pk)


def set_fandom(tag: Tag, fandom: Tag) -> None:
    """The character, relationship or additional tag is at home in that fandom, beside others. Raises Untrue."""
    with together():
        tag, fandom = _anew(tag), _anew(fandom)
        if tag.kind not in HAVE_FANDOMS:
            raise Untrue(f"“{tag}” is a {tag.kind}, which belongs to no fandom.")
        if fandom.kind != TagKind.FANDOM:
            raise Untrue(f"“{fandom}” is a {fandom.kind}, no fandom.")
        _refuse_synonym(tag, fandom)
        TagFandom.objects.get_or_create(tag=tag, fandom=fandom)


def remove_fandom(tag: Tag, fandom: Tag) -> None:
    """The tag is not at home in that fandom any more."""
    TagFandom.objects.filter(tag=tag, fandom=fandom).delete()


def set_medium(fandom: Tag, medium: Medium | None) -> None:
    """What the fandom is a fandom of; None for nothing said. Raises Untrue for a tag of another kind and a synonym."""
    with together():
        fandom = _anew(fandom)
        if fandom.kind != TagKind.FANDOM:
            raise Untrue(f"“{fandom}” is a {fandom.kind}; only fandoms have a medium.")
        _refuse_synonym(fandom)
        Tag.objects.filter(pk=fandom.pk).update(medium=medium or "")


def _anew(tag: Tag) -> Tag:
    """As it is now: what the caller holds may have been changed since, by itself."""
    return Tag.objects.select_related("canonical").get(pk=tag.pk)


def _refuse_other_kind(tag: Tag, other: Tag, what: str) -> None:
    if tag.kind != other.kind:
        raise Untrue(f"“{tag}” is a {tag.kind} and “{other}” a {other.kind}: one cannot be {what} of the other.")


def _refuse_synonym(*tags: Tag) -> None:
    for each in tags:
        if each.canonical is not None:
            raise Untrue(f"“{each}” is a synonym of “{each.canonical}”. Name that one, or free the synonym first.")


def _follow(touched: Iterable[int]) -> None:
    """Bring `TagReach` up to date for these and for all that reach them, in portions."""
    due = set(touched)
    for portion in _portions(due):
        due = due.union(TagReach.objects.filter(reached__in=portion).values_list("tag_id", flat=True))
    for portion in _portions(due):
        changed = _rewrite(portion, _reached(portion))
        for some in _portions(changed):
            _mark(some)


def _rewrite(tags: Sequence[int], reached: Mapping[int, set[int]]) -> set[int]:
    """Make the rows of these tags what they should be; which tags that changed."""
    before: dict[int, set[int]] = defaultdict(set)
    for tag, other in TagReach.objects.filter(tag__in=tags).values_list("tag_id", "reached_id"):
        before[tag].add(other)
    changed = {tag for tag in tags if before[tag] != reached[tag]}
    for portion in _portions(changed):
        TagReach.objects.filter(tag__in=portion).delete()
    rows = (TagReach(tag_id=tag, reached_id=each) for tag in sorted(changed) for each in sorted(reached[tag]))
    TagReach.objects.bulk_create(rows, batch_size=AT_A_TIME)
    return changed


def _reached(tags: Sequence[int]) -> dict[int, set[int]]:
    """What each of these tags reaches by its canonical tag and by parents. Raises Untrue for a ring."""
    up: dict[int, list[int]] = {}
    frontier = set(tags)
    while frontier:
        up.update((each, []) for each in frontier)
        for portion in _portions(frontier):
            for child, parent in TagParent.objects.filter(child__in=portion).values_list("child_id", "parent_id"):
                up[child].append(parent)
            meant = Tag.objects.filter(pk__in=portion).exclude(canonical=None).values_list("pk", "canonical_id")
            for synonym, canonical in meant:
                up[synonym].append(canonical)
        frontier = {parent for each in frontier for parent in up[each]} - up.keys()
    reached = {tag: _climbed(tag, up) for tag in tags}
    for tag in tags:
        if tag in reached[tag]:
            raise _ring([each for each in reached[tag] if tag in _climbed(each, up)])
    return reached


def _climbed(tag: int, up: Mapping[int, list[int]]) -> set[int]:
    found: set[int] = set()
    waiting = list(up[tag])
    while waiting:
        each = waiting.pop()
        if each not in found:
            found.add(each)
            waiting += up[each]
    return found


def _ring(members: Collection[int]) -> Ring:
    return Ring(sorted(Tag.objects.filter(pk__in=members).values_list("name", flat=True)))


def _mark(tags: Sequence[int]) -> None:
    """Works are marked as they are read: a tag may stand on a million."""
    works = WorkTag.objects.filter(tag__in=tags).order_by("work_id").values_list("work_id", flat=True)
    portion: list[int] = []
    for number in works.distinct().iterator(chunk_size=AT_A_TIME):
        portion.append(number)
        if len(portion) == AT_A_TIME:
            ledger.mark(RETAGGED, portion)
            portion = []
    ledger.mark(RETAGGED, portion)


def _portions(numbers: Iterable[int]) -> Iterator[Sequence[int]]:
    return in_portions(sorted(numbers))
