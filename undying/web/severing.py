"""The archivist's page for severing an old name: first every place where it stands, then what is to change.

The name travels in forms only, never in an address. For everybody else the page does not exist.
"""
# ruff: noqa: RUF009 - told() is dataclasses.field with a help text

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from django.contrib import messages
from django.http import HttpResponseRedirect

from undying.exchange import severing
from undying.kernel.errors import Refused
from undying.web import links
from undying.web.desk import archivists_only
from undying.web.page import Page, show, told

if TYPE_CHECKING:
    from django.http import HttpResponse

    from undying.exchange.severing import Found
    from undying.web.request import Request


@dataclass(frozen=True, kw_only=True)
class SeverPage(Page):
    """Asks which name, shows where it stands, and asks what is to change."""

    template: ClassVar[str] = "authors/sever.html"
    kind: ClassVar[str] = "authors-sever"

    name: str = told("The old name that was typed")
    site: str = told("The site that was typed; empty for any")
    new: str = told("What shall stand there instead")
    found: Found | None = told("Where it stands; None before it was looked for")
    beyond: tuple[str, ...] = told("What severing cannot reach")
    trouble: str = told("What stands in the way; empty when nothing")


@archivists_only
def show_sever(request: Request) -> HttpResponse:
    """The form on GET; on POST where the name stands, or the severing itself."""
    name, site, new = (request.POST.get(each, "").replace("\0", "").strip() for each in ("name", "site", "new"))
    found, trouble = None, ""
    if request.method == "POST":
        try:
            if request.POST.get("act") == "sever":
                chosen = request.POST.getlist("mention")
                severing.sever(name, site, new, mentions=chosen, by=request.viewer.name)
                messages.success(request, "Severed. Tell her what is beyond reach, and delete your old backups.")
                return HttpResponseRedirect(links.AUTHORS)
        except Refused as refused:
            trouble = str(refused)
        found = severing.look(name, site) if name else None
    page = SeverPage(
        title="Sever an old name",
        name=name,
        site=site,
        new=new,
        found=found,
        beyond=severing.BEYOND_REACH,
        trouble=trouble,
    )
    response = show(request, page)
    response.headers["Cache-Control"] = "no-store"
    return response
