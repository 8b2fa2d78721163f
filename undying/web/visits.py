"""Which requests are visits: somebody who reads a work, and no program, nobody who made it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from undying.community import visits
from undying.manuscript import State
from undying.web.by_letter import network_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from undying.library.models import Chapter, Work
    from undying.web.request import Request

_PROGRAM = re.compile(
    r"bot\b|crawl|spider|slurp|archiver|fetch|scan|monitor|preview|validator|headless|facebookexternalhit"
    r"|^(curl|wget|python|java|go-http|okhttp|axios|node|ruby|perl|libwww|fanficfare|$)",
    re.IGNORECASE,
)
"""What programs call themselves that read for nobody, or for many. One that lies is counted."""


def note(request: Request, work: Work, chapters: Sequence[Chapter] | None) -> None:
    """That the reader was shown these chapters, or all of them (None): once a day it counts. Needs `with_card`."""
    viewer = request.viewer
    is_hers = any(each.pseud.user_id == viewer.user_id for each in work.byline if each.pseud.user_id is not None)
    if is_hers or work.state != State.POSTED or work.is_hidden or _reads_for_nobody(request):
        return
    who = f"{network_of(request)}\n{_agent(request)}" if viewer.user_id is None else f"member {viewer.user_id}"
    visits.note(work.pk, None if chapters is None else [each.pk for each in chapters], who)


def _reads_for_nobody(request: Request) -> bool:
    is_ahead = "prefetch" in request.headers.get("Sec-Purpose", request.headers.get("Purpose", ""))
    return request.method != "GET" or is_ahead or _PROGRAM.search(_agent(request)) is not None


def _agent(request: Request) -> str:
    return request.headers.get("User-Agent", "").strip()
