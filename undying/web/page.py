"""A page is a value, and `show()` turns it into an answer: the whole page, or the part that htmx asked for.

A page is a frozen dataclass; its template has it in scope as `page`, and beside it only `site` (the archive's own
name and texts) and `viewer`. Fields are declared with `told("...")`: docs/theming.md lists them from there.
"""

from __future__ import annotations

import dataclasses
import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.http import HttpResponse
from django.template.loader import get_template
from django.utils.cache import get_conditional_response, patch_vary_headers

from undying.kernel import chosen
from undying.library.reach import strictest
from undying.people.viewer import Viewer
from undying.web.reaching import robots, tell_machines

if TYPE_CHECKING:
    from collections.abc import Iterable

    from _typeshed import DataclassInstance
    from django.http import HttpRequest

    from undying.library.reach import Reach
    from undying.web.cards import WorkCard

PARTS = "page parts"
"""Under this key of the render context the `part` tag leaves what it rendered, by name."""


def told(help_: str, **options: Any) -> Any:
    """A field of a page with one sentence on what it holds, for whoever writes a template."""
    return field(metadata={"help": help_}, **options)


def told_fields(page: type[DataclassInstance]) -> dict[str, str]:
    """Name -> help, for every field of a page."""
    return {each.name: each.metadata.get("help", "") for each in dataclasses.fields(page)}


@dataclass(frozen=True, kw_only=True)
class Page:
    """What every page has."""

    template: ClassVar[str]
    part: ClassVar[str] = ""
    status: ClassVar[int] = 200
    kind: ClassVar[str] = ""

    title: str = told("What stands in the browser's tab, before the archive's name")

    @property
    def cards(self) -> Iterable[WorkCard]:
        """The works that it is about: how far they reach, the page does."""
        return ()

    @property
    def reach(self) -> Reach:
        """Whether search engines may list it, and machines mine it."""
        return strictest(each.reach for each in self.cards)

    @property
    def robots(self) -> str:
        """What crawlers are told."""
        return robots(self.reach)


@dataclass(frozen=True, kw_only=True)
class Site:
    """The archive's own words and colours, as `site` in every template."""

    name: str = told("The archive's name")
    sentence: str = told("What this archive is, in one sentence")
    banner: str = told("What stands at the head of every page; empty when nothing does")
    archivist: str = told("Who imported works are archived by")
    has_terms: bool = told("Whether there are terms, at /terms")
    has_accent: bool = told("Whether the archive has its own accent colour, in /theme.css")


def site() -> Site:
    """The archive as its archivist and its settings describe it."""
    conf = settings.UNDYING
    return Site(
        name=chosen.text("site_name"),
        sentence=chosen.text("site_sentence"),
        banner=chosen.text("banner"),
        archivist=conf.text("archivist_name"),
        has_terms=bool(chosen.text("terms")),
        has_accent=bool(conf.text("accent") or conf.text("accent_dark")),
    )


def show(request: HttpRequest, page: Page) -> HttpResponse:
    """The page, or its named part when htmx asks for it at the same address; 304 where the reader has it already.

    The part is cut from the whole, so it cannot differ from it. The tag is made from the bytes that were rendered: it
    saves the way, not the work, and cannot be wrong about what changed.
    """
    template = get_template(page.template)
    parts: dict[str, str] = {}
    context = {"page": page, "site": site(), "viewer": _viewer(request), PARTS: parts}
    body = template.render(context, request)
    response = HttpResponse(parts[page.part] if _wants_part(request, page) else body, status=page.status)
    return conditional(request, tell_machines(response, page.reach))


def conditional(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """The same answer with a tag of its bytes, or 304 to one who holds them. Never for a shared cache to reuse."""
    patch_vary_headers(response, ["Cookie", "HX-Request"])
    response.headers.setdefault("Cache-Control", "private, no-cache")
    if response.status_code != 200 or request.method not in {"GET", "HEAD"}:  # noqa: PLR2004 - plain HTTP
        return response
    etag = f'"{hashlib.sha256(response.content).hexdigest()[:32]}"'
    response.headers["ETag"] = etag
    answer = get_conditional_response(request, etag=etag, response=response)
    assert isinstance(answer, HttpResponse)
    return answer


def _wants_part(request: HttpRequest, page: Page) -> bool:
    asks = request.headers.get("HX-Request") == "true"
    whole = "HX-Boosted" in request.headers or "HX-History-Restore-Request" in request.headers
    return bool(page.part) and asks and not whole


def _viewer(request: HttpRequest) -> Viewer:
    """Who asks; a guest where the request failed before anybody could tell."""
    viewer = getattr(request, "viewer", None)
    return viewer if isinstance(viewer, Viewer) else Viewer.anyone()
