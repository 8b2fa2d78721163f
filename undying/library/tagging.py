"""Tags that works carry: made when they are first named, dropped when nobody needs them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from undying.kernel.portions import in_portions
from undying.library.models import Tag, TagWord
from undying.library.names import beginnings
from undying.manuscript import TagKind

if TYPE_CHECKING:
    from collections.abc import Collection

AT_A_TIME = 500
Named = tuple[TagKind, str]


def tags_named(wanted: Collection[Named]) -> dict[Named, int]:
    """The numbers of the tags with these kinds and names; those that are not here yet are made."""
    numbers = here_of(wanted)
    missing = [each for each in dict.fromkeys(wanted) if each not in numbers]
    if missing:
        made = [Tag(kind=kind, name=name) for kind, name in missing]
        Tag.objects.bulk_create(made, batch_size=AT_A_TIME, ignore_conflicts=True)
        numbers |= here_of(missing)
        # Of a tag that another process has made in the same moment, the words are the other's to write.
        note_words([tag for tag in made if numbers[TagKind(tag.kind), tag.name] == tag.pk])
    return numbers


def here_of(wanted: Collection[Named]) -> dict[Named, int]:
    """The numbers of those of these tags that are here, and perhaps of others with their names."""
    names = sorted({name for _, name in wanted})
    found: dict[Named, int] = {}
    for some in in_portions(names):
        tags = Tag.objects.filter(name__in=some).only("kind", "name")
        found.update({(TagKind(tag.kind), tag.name): tag.pk for tag in tags})
    return found


def note_words(tags: Collection[Tag]) -> None:
    """The words by which new tags are found when somebody types."""
    rows = [TagWord(tag_id=tag.pk, word=word) for tag in tags for word in beginnings(tag.name)]
    TagWord.objects.bulk_create(rows, batch_size=AT_A_TIME)


def drop_unused_tags(tags: Collection[int]) -> None:
    """Delete these tags where no work carries them and no wrangler has said anything of them."""
    alone = {"canonical": None, "synonyms": None, "medium": "", "worktags": None}
    unlinked = {"parent_links": None, "child_links": None, "fandom_links": None, "resident_links": None}
    Tag.objects.filter(pk__in=tags, **alone, **unlinked).delete()
