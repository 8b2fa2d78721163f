"""Any other tag of a list's result, found by typing: among the filters where scripts run, else on its own page."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar
from urllib.parse import parse_qsl, urlencode

from undying.finding import engine
from undying.finding.criteria import TAG_FIELDS, from_query
from undying.kernel.errors import NotVisible
from undying.manuscript import TagKind
from undying.web import filters, links
from undying.web.lists import scope_of
from undying.web.page import Page, show, told

if TYPE_CHECKING:
    from django.http import HttpResponse

    from undying.web.filters import Row
    from undying.web.request import Request

LONGEST = 200


@dataclass(frozen=True, kw_only=True)
class MoreTagsPage(Page):
    """The tags of one kind in the result of a list, by what was typed of their names."""

    template: ClassVar[str] = "works/tags.html"
    part: ClassVar[str] = "tags"
    kind: ClassVar[str] = "works-tags"

    label: str = told("The kind of tag, as its group is called")
    of: str = told("The kind of tag")
    field: str = told("The kind of tag, as AO3's form calls it")
    action: str = told("Where other tags of the kind are found")
    listing: str = told("The list's own address, without its filters")
    kept: tuple[tuple[str, str], ...] = told("The filters of the list, as fields and values")
    like: str = told("What was typed of the name")
    rows: tuple[Row, ...] = told("The tags, the commonest first")


def show_more_tags(request: Request) -> HttpResponse:
    """The tags of the kind `of` with words that begin as `like`, in the list that the rest of the query asks for; none
    before anything was typed, since the list shows the commonest.
    """
    kind = request.GET.get("of", "")
    if kind not in filters.LABELS:
        raise NotVisible("kind of tag", kind)
    named = scope_of(request)
    scope = named.meant if named else None
    asked_for = from_query(filters.arranged(dict(request.GET.lists())), scope=scope.pk if scope else None)
    like = request.GET.get("like", "").replace("\0", "").strip()[:LONGEST]
    of_scope = {"tag_id": scope.name, "kind": scope.kind} if scope else {}
    query = replace(asked_for, page=1).to_query()
    path = links.SEARCH if asked_for.query else links.WORKS
    page = MoreTagsPage(
        title=f"{filters.LABELS[TagKind(kind)]} in this list",
        label=filters.LABELS[TagKind(kind)],
        of=kind,
        field=TAG_FIELDS[TagKind(kind)],
        action=links.works(f"{links.MORE_TAGS}?{urlencode({'of': kind, **of_scope})}", query),
        listing=links.tag_works(scope) if scope else path,
        kept=(*of_scope.items(), *parse_qsl(query)),
        like=like,
        rows=tuple(map(filters.row, engine.more_tags(asked_for, request.viewer, TagKind(kind), like) if like else ())),
    )
    return show(request, page)
