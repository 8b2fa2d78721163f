"""What the pages of the archivist's desk share: who may see them, which import they are of, and how it names them.

A page beside an import's report is a module of its own; its `desk` is named in `undying.web.imports.DESKS`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import wraps
from typing import TYPE_CHECKING

from django.http import HttpResponseRedirect

from undying.exchange import undo
from undying.kernel.errors import NotVisible
from undying.people import second_factor
from undying.web import links, refusals

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http.response import HttpResponseBase

    from undying.exchange.models import Batch
    from undying.web.request import Request


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """A page beside an import's report: its name, what it is for or how it stands, in a few words, and its address."""

    name: str
    note: str
    url: str


def archivists_only(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """For everybody else there is no such page. An archivist who owes a second factor sets it up first."""

    @wraps(view)
    def guarded(request: Request, *args: object, **kwargs: object) -> HttpResponseBase:
        if not request.viewer.sees_all:
            raise NotVisible("page", request.path)
        if second_factor.is_owed(request.viewer):
            return HttpResponseRedirect(links.own_factor(request.viewer.name))
        return view(request, *args, **kwargs)

    return guarded


def by_form_only(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """405 with a sentence for one who opens the address of a button, as histories of browsers offer."""

    @wraps(view)
    def guarded(request: Request, *args: object, **kwargs: object) -> HttpResponseBase:
        if request.method != "POST":
            return refusals.wrong_method(request, ("POST",))
        return view(request, *args, **kwargs)

    return guarded


def batch_numbered(number: int) -> Batch:
    """The import. Raises NotVisible."""
    try:
        return undo.batch_numbered(number)
    except (undo.NoSuchBatch, OverflowError) as error:
        raise NotVisible("page", number) from error
