"""Feeds: what is new in a list of works, in Atom.

A list's feed is the same for everybody, so it is a guest's view. The feed of a saved search is asked for by a program
that cannot sign in: its address is the key. It shows works that any member may read, without what its member excluded,
and nothing that is hers alone or her office's: not her drafts, and nothing that a moderator hid.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from http import HTTPStatus
from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.utils.feedgenerator import Atom1Feed

from undying.community import saving
from undying.community.excluding import exclusions_of_member
from undying.finding import engine
from undying.finding.criteria import from_query
from undying.finding.question import Sort
from undying.library import access
from undying.manuscript import TagKind
from undying.manuscript.clean import without_images
from undying.people.viewer import Viewer
from undying.web import asked, canon, links
from undying.web.page import conditional, site
from undying.web.reaching import tell_of
from undying.web.searches import criteria_of

if TYPE_CHECKING:
    from undying.finding.criteria import Criteria
    from undying.finding.engine import Listing
    from undying.library.models import Tag, Work
    from undying.web.request import Request

ENTRIES = 30
RETRY = 15 * 60
"""Seconds after which a reader of feeds may ask again."""
_UNFIT = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML cannot hold."""
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)


class _Feed(Atom1Feed):
    """An empty feed never changed; Django would say that it just did."""

    def latest_post_date(self) -> datetime:
        """When its newest entry changed."""
        return max((each["updateddate"] for each in self.items), default=_NEVER)


def send_works(request: Request) -> HttpResponse:
    """What is new in the whole archive, or among what the query asks for."""
    return _listed(request, links.WORKS, None)


def send_tag(request: Request, part: str) -> HttpResponse:
    """What is new with a tag, or with the one that it means. `?kind=` chooses among kinds that share a name."""
    kind = request.GET.get("kind", "")
    kind_asked = TagKind(kind) if kind in set(TagKind) else None
    tag = access.tag_for(Viewer.anyone(), links.tag_name(part), kind_asked).meant
    return _listed(request, links.tag_works(tag), tag)


def send_saved(request: Request, token: str) -> HttpResponse:
    """What is new in a saved search."""
    search = saving.saved_at(token)
    standing = exclusions_of_member(search.member_id) or None
    listing = _found(replace(criteria_of(search), standing=standing), Viewer.any_member())
    response = _sent(
        request, listing, search.name, links.works(links.WORKS, listing.criteria.to_query(listing.spelling))
    )
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _listed(request: Request, path: str, scope: Tag | None) -> HttpResponse:
    asked_for = from_query(dict(request.GET.lists()), scope=scope.pk if scope else None)
    listing = _found(asked_for, Viewer.anyone())
    title = canon.plain(asked.sentence(listing.total, listing.in_force, scope, listing))
    return _sent(request, listing, title, links.works(path, listing.criteria.to_query(listing.spelling)))


def _found(criteria: Criteria, viewer: Viewer) -> Listing:
    newest = replace(criteria, sort=Sort.REVISED, reverse=False, page=1, anyway=False)
    return engine.find(newest, viewer, size=ENTRIES)


def _sent(request: Request, listing: Listing, title: str, path: str) -> HttpResponse:
    """The feed; none while no index knows what was asked: readers of feeds keep for ever what they got."""
    if listing.in_force != listing.criteria:
        return HttpResponse(status=HTTPStatus.SERVICE_UNAVAILABLE, headers={"Retry-After": str(RETRY)})
    feed = _Feed(
        title=_fit(f"{title} | {site().name}"),
        link=request.build_absolute_uri(path),
        description="",
        feed_url=request.build_absolute_uri(request.get_full_path()),
    )
    for work in listing.works:
        _add(feed, work, request)
    response = HttpResponse(feed.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8")
    return conditional(request, tell_of(response, listing.works))


def _add(feed: _Feed, work: Work, request: Request) -> None:
    url = request.build_absolute_uri(links.of(work))
    kinds = (TagKind.FANDOM, TagKind.RATING, TagKind.WARNING, TagKind.RELATIONSHIP, TagKind.CHARACTER)
    feed.add_item(
        title=_fit(work.title),
        link=url,
        description=_fit(str(without_images(work.summary))),
        unique_id=url,
        updateddate=work.revised,
        pubdate=work.published or work.revised,
        author_name=_fit(", ".join(each.pseud.name for each in work.byline)),
        categories=[_fit(tag.name) for kind in (*kinds, TagKind.ADDITIONAL) for tag in work.tags(kind)],
    )


def _fit(text: str) -> str:
    return _UNFIT.sub("", text)
