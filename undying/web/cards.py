"""A work as a card shows it and as the head of its page does: facts in words, links, and the hooks of readers' tools.

The class names are AO3's (`work blurb group`, `rating-teen`, `warnings` …): tools and readers' own styles bind to
them. Which of them matter to whom is written down in docs/decisions/0009.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from undying.library.reach import reach_of
from undying.manuscript import Audience, Prose, State, TagKind
from undying.manuscript.clean import without_images
from undying.web import canon, links, wording

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from datetime import datetime

    from undying.library.models import Creatorship, SeriesOwner, Tag, Work
    from undying.library.reach import Reach
    from undying.people.models import Pseud

NO_WARNINGS = frozenset({"No Archive Warnings Apply"})
UNSAID_WARNINGS = frozenset({"Choose Not To Use Archive Warnings", "Creator Chose Not To Use Archive Warnings"})
_RATING_CLASSES = {
    "General Audiences": "rating-general-audience",
    "Teen And Up Audiences": "rating-teen",
    "Mature": "rating-mature",
    "Explicit": "rating-explicit",
}
RATINGS = {name: place for place, name in enumerate(_RATING_CLASSES)}
"""The order in which ratings are offered, the mildest first."""
_CATEGORY_CLASSES = {
    "Gen": "category-gen",
    "F/M": "category-het",
    "M/M": "category-slash",
    "F/F": "category-femslash",
    "Multi": "category-multi",
    "Other": "category-other",
}
CATEGORIES = tuple(_CATEGORY_CLASSES)
"""The categories that every archive knows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
    """Words that lead somewhere. `note` stands in brackets behind them."""

    text: str
    url: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TagGroup:
    """The tags of one kind. `hook` is the kind's class on a card, `hook_head` the one on the work's page."""

    kind: TagKind
    label: str
    hook: str
    hook_head: str
    tags: tuple[Name, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesLine:
    """The place in a series. `position` 0 where nobody said."""

    title: str
    url: str
    position: int
    previous: str = ""
    next: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """How often readers did something with a work: never 0. `hook` is AO3's class for it."""

    hook: str
    number: int
    noun: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkCard:
    """All that a list shows of a work. `yours` is what the one who looks did with it: "you read it", "bookmarked";
    `hide` leads to where she leaves it out of her lists. `unseen` names the tags that she wants to see nowhere and the
    work has; `shown` is where they are shown all the same.
    """

    id: int
    url: str
    title: str
    authors: tuple[Name, ...]
    gifts: tuple[str, ...]
    language: str
    language_code: str
    direction: str
    summary: Prose
    rating: str
    rating_class: str
    warning_class: str
    warned: bool
    category_class: str
    groups: tuple[TagGroup, ...]
    is_complete: bool
    status: str
    chapters: str
    words: int
    changed: datetime | None
    stamp: int
    placements: tuple[canon.Phrase, ...]
    series: tuple[SeriesLine, ...]
    is_adult: bool
    is_restricted: bool
    is_by_link: bool
    is_draft: bool
    is_hidden: bool
    reach: Reach
    cover: str
    cover_small: str
    counts: tuple[Count, ...]
    yours: tuple[Name, ...] = ()
    hide: str = ""
    unseen: tuple[str, ...] = ()
    shown: str = ""

    def group(self, kind: TagKind) -> TagGroup | None:
        """The tags of one kind, or None if there are none."""
        return next((group for group in self.groups if group.kind is kind), None)

    @property
    def fandoms(self) -> tuple[Name, ...]:
        """The fandoms, which stand on a line of their own."""
        group = self.group(TagKind.FANDOM)
        return group.tags if group else ()

    @property
    def warnings(self) -> TagGroup | None:
        """The warnings, if they say more than that there are none."""
        group = self.group(TagKind.WARNING)
        return group if group and any(tag.text not in NO_WARNINGS for tag in group.tags) else None

    @property
    def warning_words(self) -> str:
        """The warnings as words, for the hooks of tools."""
        if _LABELS[TagKind.WARNING] in self.unseen:
            return "Warnings not shown"
        group = self.group(TagKind.WARNING)
        return ", ".join(tag.text for tag in group.tags) if group else "No warning given"

    @property
    def category_words(self) -> str:
        """The categories as words, for the same."""
        group = self.group(TagKind.CATEGORY)
        return ", ".join(tag.text for tag in group.tags) if group else "No category"

    @property
    def running(self) -> tuple[TagGroup, ...]:
        """The tags that run on as text: relationships, characters, additional."""
        kinds = (TagKind.RELATIONSHIP, TagKind.CHARACTER, TagKind.ADDITIONAL)
        return tuple(group for group in self.groups if group.kind in kinds)


_GROUPS = (
    (TagKind.RATING, ("Rating", "Ratings"), "ratings", "rating"),
    (TagKind.WARNING, ("Warning", "Warnings"), "warnings", "warning"),
    (TagKind.CATEGORY, ("Category", "Categories"), "categories", "category"),
    (TagKind.FANDOM, ("Fandom", "Fandoms"), "fandoms", "fandom"),
    (TagKind.RELATIONSHIP, ("Relationship", "Relationships"), "relationships", "relationship"),
    (TagKind.CHARACTER, ("Character", "Characters"), "characters", "character"),
    (TagKind.ADDITIONAL, ("Additional tag", "Additional tags"), "freeforms", "freeform"),
)


def of(work: Work) -> WorkCard:
    """The card of a work that was loaded `with_card()`. No query."""
    groups = _groups(work)
    names = {group.kind: [tag.text for tag in group.tags] for group in groups}
    rating = ", ".join(names.get(TagKind.RATING, ()))
    return WorkCard(
        id=work.pk,
        url=links.of(work),
        title=work.title,
        authors=authors(work.byline),
        gifts=tuple(work.gifts),
        language=wording.language(work.language),
        language_code=work.language,
        direction=wording.direction(work.language),
        summary=without_images(work.summary),
        rating=rating,
        rating_class=_RATING_CLASSES.get(rating, "rating-notrated"),
        warning_class=_warning_class(names.get(TagKind.WARNING, ())),
        warned=not set(names.get(TagKind.WARNING, ())) <= (NO_WARNINGS | UNSAID_WARNINGS),
        category_class=_category_class(names.get(TagKind.CATEGORY, ())),
        groups=groups,
        is_complete=work.is_complete,
        status=wording.status(work.status),
        chapters=chapters_of(work),
        words=work.words,
        changed=work.changed,
        stamp=int(work.revised.timestamp()),
        placements=placements(work),
        series=_series(work),
        is_adult=work.is_adult,
        is_restricted=work.audience == Audience.MEMBERS,
        is_by_link=work.audience == Audience.LINK,
        is_draft=work.state == State.DRAFT,
        is_hidden=work.is_hidden,
        reach=reach_of(work),
        cover=links.cover(work),
        cover_small=links.cover(work, small=True),
        counts=tuple(_counts(work)),
    )


def without(card: WorkCard, kinds: Collection[TagKind]) -> WorkCard:
    """The card without the tags of these kinds; it says that there are such."""
    unseen = tuple(_LABELS[kind] for kind in kinds if card.group(kind) is not None)
    if not unseen:
        return card
    hides_warnings = TagKind.WARNING in kinds and card.group(TagKind.WARNING) is not None
    return replace(
        card,
        groups=tuple(group for group in card.groups if group.kind not in kinds),
        warned=card.warned and not hides_warnings,
        warning_class="warning-unseen" if hides_warnings else card.warning_class,
        unseen=unseen,
        shown=f"{card.url}?tags=shown",
    )


_LABELS = {TagKind.WARNING: "warnings", TagKind.ADDITIONAL: "additional tags"}


def of_all(works: Iterable[Work]) -> tuple[WorkCard, ...]:
    """The cards of these works, in order."""
    return tuple(of(work) for work in works)


def authors(creatorships: Iterable[Creatorship | SeriesOwner]) -> tuple[Name, ...]:
    """A byline; who archived several in a row stands once, behind the last of them. Needs `pseud__user`."""
    made = list(creatorships)
    following = [*(each.archived_by for each in made[1:]), ""][: len(made)]
    return tuple(
        Name(
            text=each.pseud.name,
            url=links.of(each.pseud),
            note=f"archived by {each.archived_by}" if each.archived_by and each.archived_by != then else "",
        )
        for each, then in zip(made, following, strict=True)
    )


def signed(pseud: Pseud | None, archived_by: str) -> Name | None:
    """One whom something names, if it names anybody. Needs `pseud.user`."""
    if pseud is None or not pseud.name:
        return None
    return Name(text=pseud.name, url=links.of(pseud), note=f"archived by {archived_by}" if archived_by else "")


def chapters_of(work: Work) -> str:
    """Chapters there are, of those there will be: "3/?", "12/12"."""
    planned = work.planned_chapters or (work.chapter_count if work.is_complete else None)
    return f"{work.chapter_count}/{'?' if planned is None else max(planned, work.chapter_count)}"


def is_one_shot(work: Work) -> bool:
    """Whether one chapter is all that there is and will be."""
    return chapters_of(work) == "1/1"


def placements(work: Work) -> tuple[canon.Phrase, ...]:
    """Where in canon the whole work stands, a phrase for each fandom or place. Needs `with_card`."""
    rows = [row for row in work.placements.all() if row.chapter_id is None]
    named = len(work.tags(TagKind.FANDOM)) > 1
    return tuple(filter(None, (canon.in_words(row, fandom=named) for row in rows)))


def _groups(work: Work) -> tuple[TagGroup, ...]:
    made = []
    for kind, labels, hook, hook_head in _GROUPS:
        tags = work.tags(kind)
        if tags:
            made.append(
                TagGroup(
                    kind=kind, label=labels[len(tags) > 1], hook=hook, hook_head=hook_head, tags=tuple(_names(tags))
                )
            )
    return tuple(made)


def _names(tags: Sequence[Tag]) -> Iterable[Name]:
    return (Name(text=tag.name, url=links.tag_works(tag)) for tag in tags)


def _series(work: Work) -> tuple[SeriesLine, ...]:
    return tuple(
        SeriesLine(title=entry.series.title, url=links.of(entry.series), position=entry.position)
        for entry in work.series_entries.all()
    )


def _counts(work: Work) -> Iterable[Count]:
    for hook, noun in (("kudos", "kudos"), ("comments", "comment"), ("bookmarks", "bookmark"), ("hits", "hit")):
        if number := getattr(getattr(work, "counters", None), hook, 0):
            yield Count(hook=hook, number=number, noun=noun if number == 1 or noun == hook else f"{noun}s")


def _warning_class(names: Sequence[str]) -> str:
    given = set(names)
    if given - NO_WARNINGS - UNSAID_WARNINGS:
        return "warning-yes"
    return "warning-no" if given & NO_WARNINGS else "warning-choosenotto"


def _category_class(names: Sequence[str]) -> str:
    if not names:
        return "category-none"
    return "category-multi" if len(names) > 1 else _CATEGORY_CLASSES.get(names[0], "category-other")
