"""The fandoms: by medium, from A to Z, and by their names as somebody types them."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, ClassVar

from django.http import HttpResponsePermanentRedirect

from undying.community.excluding import exclusions_of
from undying.finding import sizes
from undying.kernel.errors import NotVisible
from undying.library import access
from undying.library.models import Tag
from undying.library.names import folded
from undying.manuscript import Medium, TagKind
from undying.web import links
from undying.web.page import Page, show, told
from undying.web.tags import Shelf, shelf

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from django.http import HttpResponse

    from undying.people.viewer import Viewer
    from undying.web.request import Request

UNSORTED = "Uncategorized Fandoms"
A_FEW = 10
MOST_ON_ONE_PAGE = 300
"""Fandoms up to which the index shows all of every medium."""
MOST_BY_LETTER = 1_500
"""Fandoms of a medium up to which its page shows all letters, else one at a time."""
FEW_ENOUGH = 40
"""Fandoms of a medium that need no letters between them."""
MOST_FOUND = 60
LONGEST_NAME = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """Fandoms that begin alike; without shelves where their page is another, at `url`, and without a letter where all
    fandoms are few.
    """

    letter: str
    url: str
    shelves: tuple[Shelf, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """The fandoms of one medium: all from A to Z, or the largest."""

    name: str
    url: str
    total: int
    shelves: tuple[Shelf, ...]

    @property
    def is_whole(self) -> bool:
        """Whether all of them are shown."""
        return self.total == len(self.shelves)


@dataclass(frozen=True, kw_only=True)
class FandomsPage(Page):
    """The fandoms by medium, or those of one medium by letter, or those that a reader may mean who types a name."""

    template: ClassVar[str] = "tags/fandoms.html"
    part: ClassVar[str] = "shelves"
    kind: ClassVar[str] = "media-show"

    medium: str = told("The medium whose page it is; empty for the index of all")
    here: str = told("The address of this page, where the box for names sends what is typed")
    total: int = told("How many fandoms there are, in the medium or in all")
    named: str = told("What was typed to find a fandom")
    found: tuple[Shelf, ...] = told("The fandoms that may be meant by it, the largest first")
    groups: tuple[Group, ...] = told("The media with their fandoms")
    letters: tuple[Letter, ...] = told("The fandoms by letter, where they are not shown by medium")


def show_fandoms(request: Request) -> HttpResponse:
    """All fandoms with a work that this reader may read: by medium, once anybody has said of any what it is one of."""
    fandoms = _fandoms(request)
    by_medium: dict[str, list[Tag]] = {}
    for each in fandoms:
        by_medium.setdefault(each.medium or UNSORTED, []).append(each)
    is_small = len(fandoms) <= MOST_ON_ONE_PAGE
    is_grouped = not is_small or any(name != UNSORTED for name in by_medium)
    groups = tuple(_groups(by_medium, request.viewer, is_whole=is_small)) if is_grouped else ()
    letters = () if is_grouped else _letters(fandoms, request.viewer)
    return _show(request, "", links.FANDOMS, len(fandoms), groups=groups, letters=letters)


def show_media(_request: Request) -> HttpResponse:
    """AO3's address of the same."""
    return HttpResponsePermanentRedirect(links.FANDOMS)


def show_medium(request: Request, part: str) -> HttpResponse:
    """The fandoms of one medium from A to Z; of very many, those with one letter."""
    name = links.tag_name(part)
    fandoms = _fandoms(request, name)
    if not fandoms:
        raise NotVisible("medium", name)
    if len(fandoms) <= FEW_ENOUGH:
        shelves = _shelves([sorted(fandoms, key=_alphabetical)], request.viewer)
        letters = tuple(Letter(letter="", url="", shelves=each) for each in shelves)
    elif len(fandoms) <= MOST_BY_LETTER:
        letters = _letters(fandoms, request.viewer)
    else:
        letters = _one_open(fandoms, request.viewer, request.GET.get("letter", ""), links.medium(name))
    return _show(request, name, links.medium(name), len(fandoms), letters=letters)


def _show(
    request: Request,
    medium: str,
    here: str,
    total: int,
    *,
    groups: tuple[Group, ...] = (),
    letters: tuple[Letter, ...] = (),
) -> HttpResponse:
    named = " ".join(request.GET.get("named", "").replace("\0", "").split())[:LONGEST_NAME]
    page = FandomsPage(
        title=medium or "Fandoms",
        medium=medium,
        here=here,
        total=total,
        named=named,
        found=_found(request, named, medium),
        groups=() if named else groups,
        letters=() if named else letters,
    )
    return show(request, page)


def _fandoms(request: Request, medium: str | None = None) -> list[Tag]:
    """The canonical fandoms that this reader may see, the largest first. Two queries beside her exclusions."""
    found = Tag.objects.filter(kind=TagKind.FANDOM).canonical()
    if medium not in {None, UNSORTED, *Medium}:
        return []
    if medium is not None:
        found = found.filter(medium="" if medium == UNSORTED else medium)
    return sizes.sized(found, TagKind.FANDOM, request.viewer, exclusions_of(request.viewer))


def _found(request: Request, named: str, medium: str) -> tuple[Shelf, ...]:
    if not named:
        return ()
    viewer = request.viewer
    by = {each.tag.pk: each.by for each in access.tags_like(viewer, named, TagKind.FANDOM, most=MOST_FOUND)}
    meant = sizes.sized(Tag.objects.filter(pk__in=by), TagKind.FANDOM, viewer, exclusions_of(viewer))
    return tuple(shelf(tag, by[tag.pk]) for tag in meant if medium in {"", tag.medium or UNSORTED})


def _groups(by_medium: Mapping[str, Sequence[Tag]], viewer: Viewer, *, is_whole: bool) -> Iterator[Group]:
    """The media in their order, those of which nobody has said what they are last."""
    media = [name for name in (*Medium, UNSORTED) if name in by_medium]
    shown = [_shown(by_medium[name], is_whole=is_whole) for name in media]
    for name, shelves in zip(media, _shelves(shown, viewer), strict=True):
        yield Group(name=name, url=links.medium(name), total=len(by_medium[name]), shelves=shelves)


def _shown(fandoms: Sequence[Tag], *, is_whole: bool) -> Sequence[Tag]:
    return sorted(fandoms, key=_alphabetical) if is_whole or len(fandoms) <= A_FEW else fandoms[:A_FEW]


def _shelves(rows: Sequence[Sequence[Tag]], viewer: Viewer) -> list[tuple[Shelf, ...]]:
    visible = sizes.seen([tag for row in rows for tag in row], viewer)
    return [tuple(shelf(tag) for tag in row if tag.pk in visible) for row in rows]


def _letters(fandoms: Iterable[Tag], viewer: Viewer) -> tuple[Letter, ...]:
    rows = _by_letter(fandoms)
    shelves = _shelves(list(rows.values()), viewer)
    return tuple(
        Letter(letter=letter, url=f"#letter-{place}", shelves=each)
        for place, (letter, each) in enumerate(zip(rows, shelves, strict=True), start=1)
    )


def _one_open(fandoms: Iterable[Tag], viewer: Viewer, asked: str, path: str) -> tuple[Letter, ...]:
    """Only the shelves of one letter, the first where another is asked for."""
    rows = _by_letter(fandoms)
    chosen = asked if asked in rows else next(iter(rows))
    (shelves,) = _shelves([rows[chosen]], viewer)
    return tuple(
        Letter(
            letter=letter,
            url=links.with_query(path, {"letter": letter}),
            shelves=shelves if letter == chosen else (),
        )
        for letter in rows
    )


def _by_letter(fandoms: Iterable[Tag]) -> dict[str, list[Tag]]:
    grouped = groupby(sorted(fandoms, key=_alphabetical), key=lambda each: _letter(each.name))
    return {letter: list(tags) for letter, tags in grouped}


def _alphabetical(tag: Tag) -> tuple[str, str]:
    return (_letter(tag.name).replace("#", "\0"), _bare(tag.name))


def _bare(name: str) -> str:
    """The name as it is sorted: without case, accents and an English article."""
    plain = folded(name)
    for article in ("the ", "a ", "an "):
        if plain.startswith(article) and len(plain) > len(article):
            return plain.removeprefix(article)
    return plain


def _letter(name: str) -> str:
    first = _bare(name.lstrip("\"'“‘«¿¡.([ ") or name)[:1].upper()
    return first if first.isalpha() else "#"
