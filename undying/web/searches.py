"""Searches that a member keeps: the page of them, and the way from one of them to what it finds. For others they are
not there.
"""

# ruff: noqa: RUF009 - told() is dataclasses.field with a help text

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

from django.contrib import messages
from django.http import HttpResponseRedirect, QueryDict

from undying.community import saving
from undying.community.excluding import exclusions_of
from undying.finding import engine
from undying.finding.criteria import Criteria, from_query
from undying.kernel.errors import NotVisible
from undying.library.access import BIGGEST_ID
from undying.web import asked, canon, links
from undying.web.own import only_hers
from undying.web.page import Page, show, told

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.http import HttpResponse

    from undying.community.excluding import Exclusions
    from undying.community.models import SavedSearch
    from undying.people.viewer import Viewer
    from undying.web.request import Request


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedLine:
    """A search that a member keeps. `url` leads to what it finds, and is where its forms are sent; `new` is how many
    works came or changed since she last looked. `sentence` says what it finds; `feed` is empty when it has none.
    """

    id: int
    name: str
    url: str
    new: int
    sentence: canon.Phrase = ()
    feed: str = ""


@dataclass(frozen=True, kw_only=True)
class SearchesPage(Page):
    """The searches that a member keeps, in her order."""

    template: ClassVar[str] = "own/searches.html"
    kind: ClassVar[str] = "saved-searches"

    searches: tuple[SavedLine, ...] = told("Her searches")
    search: str = told("Where she may search for something to keep")


@dataclass(frozen=True, kw_only=True)
class NewSearchPage(Page):
    """Asks under what name a search is kept."""

    template: ClassVar[str] = "own/new_search.html"
    kind: ClassVar[str] = "saved-searches-new"

    sentence: canon.Phrase = told("What the search finds")
    query: str = told("The search, as the form sends it on")
    name: str = told("What was typed as its name")
    longest: int = told("How many letters a name may have")
    trouble: str = told("What stands in the way; empty when nothing")
    action: str = told("Where the form is sent")


@only_hers
def show_searches(request: Request) -> HttpResponse:
    """The page of them; on POST another is kept."""
    viewer = request.viewer
    if request.method == "POST":
        return _kept(request)
    lines = lines_for(request, exclusions_of(viewer), with_sentences=True)
    return show(request, SearchesPage(title="Your searches", searches=lines, search=links.SEARCH))


@only_hers
def show_new(request: Request) -> HttpResponse:
    """The form that keeps the search whose query stands in the address."""
    return _asks(request, request.GET, "", "")


def _asks(request: Request, query: QueryDict, name: str, trouble: str) -> HttpResponse:
    listing = engine.find(from_query(dict(query.lists())), request.viewer, size=1)
    page = NewSearchPage(
        title="Keep this search",
        sentence=asked.sentence(listing.total, listing.in_force, None, listing),
        query=to_keep(listing.criteria),
        name=name,
        longest=saving.LONGEST_NAME,
        trouble=trouble,
        action=links.searches(request.viewer.name),
    )
    return show(request, page)


def _kept(request: Request) -> HttpResponse:
    name, query = request.POST.get("name", ""), request.POST.get("query", "")
    try:
        search = saving.keep(request.viewer, name, query)
    except (saving.NoName, saving.TooMany) as refused:
        return _asks(request, QueryDict(query), name, str(refused))
    messages.success(request, f"“{search.name}” is among your searches, and on your front page.")
    return HttpResponseRedirect(links.searches(request.viewer.name))


def to_keep(criteria: Criteria) -> str:
    """The query that is kept: tags by their numbers, so that nothing has to be looked up when it is counted."""
    scope = () if criteria.scope is None else (criteria.scope,)
    include = tuple(dict.fromkeys((*scope, *criteria.include)))
    return replace(criteria, include=include, scope=None, page=1, anyway=False, troubles=()).to_query()


def criteria_of(search: SavedSearch) -> Criteria:
    """What was kept, as it can be asked."""
    return from_query(dict(QueryDict(search.query).lists()))


@only_hers
def show_one(request: Request, number: int) -> HttpResponse:
    """On to what it finds, of which nothing is new to her any more; on POST it is changed."""
    search = saving.saved_for(request.viewer, min(number, BIGGEST_ID))
    if request.method == "POST":
        return _changed(request, search)
    if request.method == "GET" and "prefetch" not in request.headers.get("Sec-Purpose", ""):
        saving.look(search)
    criteria = criteria_of(search)
    spelling = engine.told([criteria], request.viewer)[0].spelling
    return HttpResponseRedirect(
        links.works(links.SEARCH if criteria.query else links.WORKS, criteria.to_query(spelling))
    )


def _changed(request: Request, search: SavedSearch) -> HttpResponse:
    acts = {
        "up": lambda: saving.move(search, -1),
        "down": lambda: saving.move(search, 1),
        "rename": lambda: saving.rename(search, request.POST.get("name", "")),
        "remove": lambda: saving.remove(search),
        "feed": lambda: saving.open_feed(search),
        "no-feed": lambda: saving.close_feed(search),
    }
    act = acts.get(request.POST.get("act", ""))
    if act is None:
        raise NotVisible("page", "act")
    try:
        act()
    except saving.NoName as refused:
        messages.error(request, str(refused))
    return HttpResponseRedirect(links.searches(request.viewer.name))


def lines_for(request: Request, exclusions: Exclusions, *, with_sentences: bool = False) -> tuple[SavedLine, ...]:
    """The searches that the reader keeps, with how much is new in each. All are counted at once."""
    viewer = request.viewer
    kept = saving.saved_by(viewer)
    if not kept:
        return ()
    criteria = [replace(criteria_of(each), standing=exclusions or None) for each in kept]
    since = [int(each.seen.timestamp()) + 1 for each in kept]
    counts = engine.counts([*criteria, *(criteria if with_sentences else ())], viewer, since=since)
    sentences = _sentences(viewer, criteria, counts[len(kept) :]) if with_sentences else [()] * len(kept)
    return tuple(
        SavedLine(
            id=each.pk,
            name=each.name,
            url=links.saved_search(viewer.name, each.pk),
            new=new,
            sentence=sentence,
            feed=request.build_absolute_uri(links.own_feed(each.token)) if each.token else "",
        )
        for each, new, sentence in zip(kept, counts, sentences, strict=False)
    )


def _sentences(viewer: Viewer, criteria: Sequence[Criteria], counts: Sequence[int]) -> list[canon.Phrase]:
    listings = engine.told(criteria, viewer)
    return [asked.sentence(total, each.criteria, None, each) for total, each in zip(counts, listings, strict=True)]
