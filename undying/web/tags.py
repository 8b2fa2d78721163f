"""Tags and fandoms."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, ClassVar, cast

from undying.library import access
from undying.library.models import Tag, Work
from undying.manuscript import TagKind
from undying.web import cards, links
from undying.web.page import Page, show, told

if TYPE_CHECKING:
    from django.http import HttpResponse

    from undying.web.cards import WorkCard
    from undying.web.request import Request

A_FEW = 5
KINDS = {
    TagKind.RATING: "rating",
    TagKind.WARNING: "archive warning",
    TagKind.CATEGORY: "category",
    TagKind.FANDOM: "fandom",
    TagKind.RELATIONSHIP: "relationship",
    TagKind.CHARACTER: "character",
    TagKind.ADDITIONAL: "additional tag",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """A tag with the number of works under it."""

    name: str
    url: str
    uses: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """Fandoms that begin alike."""

    letter: str
    shelves: tuple[Shelf, ...]


@dataclass(frozen=True, kw_only=True)
class TagPage(Page):
    """One tag: what kind it is, how often it is used, its newest works."""

    template: ClassVar[str] = "tags/tag.html"
    kind: ClassVar[str] = "tags-show"

    name: str = told("The tag as it is written")
    kind_words: str = told("What kind of tag it is, in words")
    uses: int = told("How many works carry it, of those that this reader may read")
    works: str = told("The address of the list of its works")
    newest: tuple[WorkCard, ...] = told("Its latest works")


@dataclass(frozen=True, kw_only=True)
class FandomsPage(Page):
    """Every fandom, the largest first and then by letter."""

    template: ClassVar[str] = "tags/fandoms.html"
    kind: ClassVar[str] = "media-show"

    largest: tuple[Shelf, ...] = told("The largest fandoms")
    letters: tuple[Letter, ...] = told("All fandoms by letter")
    total: int = told("How many fandoms there are")


def shelf(tag: Tag) -> Shelf:
    """A tag that was counted with `by_size()`."""
    return Shelf(name=tag.name, url=links.tag_works(tag), uses=cast("int", vars(tag)["uses"]))


def show_tag(request: Request, part: str) -> HttpResponse:
    """A tag's own page. `?kind=` chooses among kinds that share a name; else a fandom goes first."""
    name, kind = links.tag_name(part), request.GET.get("kind", "")
    tag = access.tag_for(request.viewer, name, TagKind(kind) if kind in set(TagKind) else None)
    works = Work.objects.visible_to(request.viewer).filter(worktags__tag=tag)
    page = TagPage(
        title=tag.name,
        name=tag.name,
        kind_words=KINDS[TagKind(tag.kind)],
        uses=works.count(),
        works=links.tag_works(tag),
        newest=cards.of_all(works.newest().with_card()[:A_FEW]),
    )
    return show(request, page)


def show_fandoms(request: Request) -> HttpResponse:
    """All fandoms with a work that this reader may read."""
    found = [shelf(tag) for tag in Tag.objects.filter(kind=TagKind.FANDOM).by_size(request.viewer)]
    letters = groupby(sorted(found, key=_alphabetical), key=lambda each: _letter(each.name))
    page = FandomsPage(
        title="Fandoms",
        largest=tuple(found[:A_FEW]),
        letters=tuple(Letter(letter=letter, shelves=tuple(shelves)) for letter, shelves in letters),
        total=len(found),
    )
    return show(request, page)


def _alphabetical(shelf: Shelf) -> tuple[str, str]:
    return (_letter(shelf.name).replace("#", "\0"), _bare(shelf.name))


def _bare(name: str) -> str:
    """The name as it is sorted: without case, accents and an English article."""
    folded = "".join(c for c in unicodedata.normalize("NFKD", name.casefold()) if not unicodedata.combining(c))
    for article in ("the ", "a ", "an "):
        if folded.startswith(article) and len(folded) > len(article):
            return folded.removeprefix(article)
    return folded


def _letter(name: str) -> str:
    first = _bare(name.lstrip("\"'“‘«¿¡.([ ") or name)[:1].upper()
    return first if first.isalpha() else "#"
