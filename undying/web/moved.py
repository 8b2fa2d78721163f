"""Addresses of the sites that were rescued: each answers for ever with the place where its page is now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpResponsePermanentRedirect
from django.urls import Resolver404, resolve
from django.utils.cache import patch_vary_headers

from undying.community.addresses import kept_at
from undying.exchange import old_addresses
from undying.kernel.errors import NotVisible
from undying.library import addresses
from undying.web import links

if TYPE_CHECKING:
    from django.http import HttpResponse

    from undying.library.addresses import Answer
    from undying.people.viewer import Viewer
    from undying.web.request import Request

_PAGES = {
    "index.php": links.FRONT,
    "browse.php": links.WORKS,
    "categories.php": links.FANDOMS,
    "titles.php": links.WORKS,
    "recent.php": links.WORKS,
    "toplists.php": links.WORKS,
    "search.php": links.SEARCH,
    "login.php": links.SIGN_IN,
    "news.php": links.NEWS,
    "viewpage.php": links.PAGES,
    "challenges.php": links.CHALLENGES,
}
"""Pages of eFiction that there is one of, and what stands for them here."""

_GUESSED = {"search": links.SEARCH, "people": links.SEARCH_PEOPLE, "tags": links.FANDOMS}
"""Addresses that are typed from memory, and what they mean here."""


def show_moved(request: Request, path: str) -> HttpResponse:
    """Lead to the work, chapter, author, series or reviews that stood at this address; 404 where nothing did.

    What the viewer may not see was never anywhere: it answers as what never was.
    """
    host = request.get_host().partition(":")[0]
    target = (
        _target(request.viewer, request.get_full_path(), host)
        or _PAGES.get(path.rpartition("/")[2].lower(), "")
        or _as_typed(path, request.META["QUERY_STRING"])
    )
    if not target:
        raise NotVisible("page", path)
    response = HttpResponsePermanentRedirect(target)
    # Hers alone: somebody else may not be led there.
    response.headers["Cache-Control"] = "private, max-age=3600"
    patch_vary_headers(response, ["Cookie"])
    return response


def _as_typed(path: str, query: str) -> str:
    """The address that is meant by one with a slash too many or by a guess; empty when neither is. Nothing is looked
    up: whether there is anything, and for whom, is said there.
    """
    bare = path.strip("/")
    meant = _GUESSED.get(bare.lower(), f"/{bare}" if bare and path != bare and _is_ours(bare) else "")
    return f"{meant}?{query}" if meant and query else meant


def _is_ours(bare: str) -> bool:
    try:
        return resolve(f"/{bare}").url_name != "moved"
    except Resolver404:
        return False


def _target(viewer: Viewer, url: str, host: str) -> str:
    if found := addresses.answer(viewer, url, host=host):
        return place_of(found)
    if kept := kept_at(viewer, url, host=host):
        return links.of(kept)
    tag = old_addresses.tag_at(viewer, url, host=host)
    return links.tag_works(tag) if tag else ""


def place_of(found: Answer) -> str:
    """The address here of what an old one leads to."""
    if found.work is not None and found.wants_reviews:
        return links.reviews(found.work)
    return links.of(found.chapter or found.work or found.author or found.series)
