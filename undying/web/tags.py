"""Tags: what each means, and what is said of it."""

# ruff: noqa: RUF009 - told() is dataclasses.field with a help text

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, cast

from django.http import HttpResponseRedirect

from undying.community.excluding import exclusions_of
from undying.finding import sizes
from undying.kernel.errors import NotVisible
from undying.library import access
from undying.library.models import Tag
from undying.manuscript import TagKind
from undying.web import links, own
from undying.web.cards import Name
from undying.web.page import Page, show, told

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.http import HttpResponse

    from undying.community.excluding import Exclusions
    from undying.library.models.tags import TagQuerySet
    from undying.people.viewer import Viewer
    from undying.web.cards import WorkCard
    from undying.web.own import Choice, LeftOut
    from undying.web.request import Request

A_FEW = 5
MOST_SYNONYMS = 100
MOST_PARTS = 60
MOST_RESIDENTS = 12
KINDS = {
    TagKind.RATING: "rating",
    TagKind.WARNING: "archive warning",
    TagKind.CATEGORY: "category",
    TagKind.FANDOM: "fandom",
    TagKind.RELATIONSHIP: "relationship",
    TagKind.CHARACTER: "character",
    TagKind.ADDITIONAL: "additional tag",
}
RESIDENTS = {
    TagKind.CHARACTER: "Its characters",
    TagKind.RELATIONSHIP: "Its relationships",
    TagKind.ADDITIONAL: "Tags of its own",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """A tag with the number of works under it. `note` says by which other name it was found, if it was."""

    name: str
    url: str
    uses: int
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kin:
    """Tags that stand in one relation to a tag, the most used first."""

    heading: str
    shelves: tuple[Shelf, ...]


@dataclass(frozen=True, kw_only=True)
class TagPage(Page):
    """One canonical tag: what it means, what is a part of it, how often it is used, its newest works."""

    template: ClassVar[str] = "tags/tag.html"
    kind: ClassVar[str] = "tags-show"

    name: str = told("The tag as it is written")
    kind_words: str = told("What kind of tag it is, in words")
    crumbs: tuple[Name, ...] = told(
        "The shelves above it: the fandoms, and those of its medium; of other kinds nothing"
    )
    uses: int = told("How many works carry it, a synonym or a part of it, of those that this reader may read")
    works: str = told("The address of the list of its works")
    synonyms: tuple[str, ...] = told("What else it is called")
    wider: tuple[Name, ...] = told("The tags that it is a part of")
    homes: tuple[Name, ...] = told("The fandoms that it is at home in")
    kin: tuple[Kin, ...] = told("Its parts and, of a fandom, the tags that are at home in it")
    newest: tuple[WorkCard, ...] = told("The latest works under it")
    left_out: LeftOut | None = told("What the reader's own exclusions keep from its works, if anything")
    exclude: Choice | None = told("The button by which a member leaves out works with the tag; none for a guest")


def shelf(tag: Tag, note: str = "") -> Shelf:
    """A tag that was counted with `by_size()`, leading to its works."""
    return Shelf(name=tag.name, url=links.tag_works(tag), uses=cast("int", vars(tag)["uses"]), note=note)


def show_tag(request: Request, part: str) -> HttpResponse:
    """A canonical tag's own page; that of a synonym leads there. `?kind=` chooses among kinds that share a name."""
    kind, viewer = request.GET.get("kind", ""), request.viewer
    tag = access.tag_for(viewer, links.tag_name(part), TagKind(kind) if kind in set(TagKind) else None)
    if tag.canonical is not None:
        return HttpResponseRedirect(links.with_query(links.of(tag.canonical), kind_needed(viewer, tag.canonical)))
    exclusions = exclusions_of(viewer)
    works, left_out = own.leave_out(request, access.works_under(viewer, tag), exclusions=exclusions)
    page = TagPage(
        title=tag.name,
        name=tag.name,
        kind_words=KINDS[TagKind(tag.kind)],
        crumbs=tuple(_crumbs(tag)),
        uses=works.count(),
        works=links.tag_works(tag),
        synonyms=tuple(tag.synonyms.visible_to(viewer).order_by("name").values_list("name", flat=True)[:MOST_SYNONYMS]),
        wider=_names(viewer, Tag.objects.filter(child_links__child=tag)),
        homes=_names(viewer, Tag.objects.filter(resident_links__tag=tag)),
        kin=tuple(_kin(viewer, tag, exclusions)),
        newest=own.cards_for(viewer, works.newest().with_card()[:A_FEW]),
        left_out=left_out,
        exclude=own.choice(request, tag, "Leave out works with this tag", "Show works with this tag again"),
    )
    return show(request, page)


def _crumbs(tag: Tag) -> Iterator[Name]:
    if tag.kind == TagKind.FANDOM:
        yield Name(text="Fandoms", url=links.FANDOMS)
    if tag.medium:
        yield Name(text=tag.medium, url=links.medium(tag.medium))


def kind_needed(viewer: Viewer, tag: Tag) -> dict[str, str]:
    """What an address has to say of a tag's kind: nothing, but where another tag of the same name goes first."""
    try:
        is_first = access.tag_for(viewer, tag.name).pk == tag.pk
    except NotVisible:  # it was taken from sight between two questions
        is_first = True
    return {} if is_first else {"kind": tag.kind}


def _names(viewer: Viewer, tags: TagQuerySet) -> tuple[Name, ...]:
    return tuple(Name(text=each.name, url=links.of(each)) for each in tags.visible_to(viewer).order_by("name"))


def _kin(viewer: Viewer, tag: Tag, exclusions: Exclusions) -> Iterator[Kin]:
    """Of very many the best known, by the number of works under each."""
    kin = {"What is a part of it": _best_known(viewer, Tag.objects.filter(parent_links__parent=tag), MOST_PARTS)}
    if tag.kind == TagKind.FANDOM:
        residents = Tag.objects.filter(fandom_links__fandom=tag)
        for kind, heading in RESIDENTS.items():
            kin[heading] = _best_known(viewer, residents.filter(kind=kind), MOST_RESIDENTS)
    found = [each for tags in kin.values() for each in tags]
    shelves = [(each.pk, shelf(each)) for each in sizes.counted(found, viewer, exclusions)]
    for heading, tags in kin.items():
        numbers = {each.pk for each in tags}
        if shown := tuple(each for number, each in shelves if number in numbers):
            yield Kin(heading=heading, shelves=shown)


def _best_known(viewer: Viewer, tags: TagQuerySet, most: int) -> list[Tag]:
    return list(tags.visible_to(viewer).order_by("-renown", "name")[:most])
