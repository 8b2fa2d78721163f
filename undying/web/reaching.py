"""What an answer tells machines of the works that it shows: robots' directives, and TDMRep's reservation.

TDMRep is the W3C community group's protocol by which rights in text and data mining are reserved:
https://www.w3.org/community/reports/tdmrep/CG-FINAL-tdmrep-20240510/
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from undying.library.reach import reach_of, strictest

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.http import HttpResponse

    from undying.library.models import Work
    from undying.library.reach import Reach


def robots(reach: Reach) -> str:
    """What crawlers are told; empty where nothing stands in their way."""
    return ", ".join(
        (*(() if reach.is_listed else ("noindex",)), *(("noai", "noimageai") if reach.is_reserved else ()))
    )


def tell_machines(response: HttpResponse, reach: Reach) -> HttpResponse:
    """The answer, with the headers for crawlers."""
    if told := robots(reach):
        response.headers["X-Robots-Tag"] = told
    if reach.is_reserved:
        response.headers["TDM-Reservation"] = "1"
    return response


def tell_of(response: HttpResponse, works: Iterable[Work]) -> HttpResponse:
    """The same for an answer made of these works."""
    return tell_machines(response, strictest(map(reach_of, works)))
