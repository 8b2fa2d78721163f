"""Preview: the reader's own page of what was typed, from rows that are taken back before anybody else sees them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from django.db import transaction

from undying.library import access
from undying.library.models import Chapter
from undying.web import works, written
from undying.web.fields import Act, Preview
from undying.web.page import show
from undying.web.sheets import EDIT, PREVIEW

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpResponse

    from undying.library.models import Work
    from undying.web.request import Request


SHOW = Act(value=PREVIEW, text="Preview", is_quiet=True)
GO_ON = Act(value=EDIT, text="Go on editing", is_quiet=True)


def show_preview(
    request: Request,
    write: Callable[[], Work | Chapter | None],
    action: str,
    acts: tuple[Act, ...],
    *,
    of: Work | Chapter | None = None,
) -> HttpResponse:
    """The page of the work or chapter that `write` makes, or of one that it changes; nothing of it stays.

    What `write` raises passes. The form is sent to `action` again, by one of `acts`.
    """
    told = Preview(
        action=action,
        hidden=tuple(written.again(request.POST)),
        acts=(GO_ON, *(each for each in acts if each is not SHOW)),
    )
    with transaction.atomic():
        made = write() or of
        assert made is not None
        work, chapter = (made.work, made) if isinstance(made, Chapter) else (made, None)
        page = works.page_of(request.viewer, access.work_for(request.viewer, work.pk), chapter)
        response = show(request, replace(page, title=f"Preview of {page.title}", preview=told))
        transaction.set_rollback(True)
    return response
