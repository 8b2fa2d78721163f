"""Addresses for machines: robots.txt, the health check, the archive's own colours."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import connection
from django.http import HttpResponse
from django.views.decorators.cache import never_cache

from undying.web.page import conditional

if TYPE_CHECKING:
    from undying.web.request import Request

ROBOTS = """\
User-agent: *
Disallow: /*view_adult=
Disallow: /*view_full_work=
Disallow: /works?
Disallow: /works/search
Disallow: /tags/*/works?
Disallow: /*feed.atom?
Disallow: /feeds/
Allow: /works?page=
Allow: /tags/*/works?page=
Disallow: /downloads/
Disallow: /claims/
Disallow: /forgotten
Disallow: /join/
Disallow: /new-address/
Disallow: /users/login
Disallow: /users/logout
"""
_DARKEST_FOR_WHITE = 0.1833
"""Above this luminance black is the better read on a colour: the point where both contrasts are the same."""


def robots(request: Request) -> HttpResponse:
    """What crawlers should leave alone: nobody consents to adult works on their behalf, and lists have no end."""
    return conditional(request, HttpResponse(ROBOTS, content_type="text/plain; charset=utf-8"))


@never_cache
def health(_request: Request) -> HttpResponse:
    """Answers "ok" once the database answers."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok\n", content_type="text/plain; charset=utf-8")


def theme(request: Request) -> HttpResponse:
    """The archive's accent colours as a skin."""
    conf = settings.UNDYING
    rules = "".join(
        _accent(colour, scheme)
        for colour, scheme in ((conf.text("accent"), "light"), (conf.text("accent_dark"), "dark"))
        if colour
    )
    response = HttpResponse(f"@layer skin {{\n{rules}}}\n", content_type="text/css; charset=utf-8")
    return conditional(request, response)


def _accent(colour: str, scheme: str) -> str:
    on_accent = "#ffffff" if _luminance(colour) < _DARKEST_FOR_WHITE else "#1b0f10"
    return f"  :root {{ --accent-{scheme}: {colour}; --on-accent-{scheme}: {on_accent}; }}\n"


def _luminance(colour: str) -> float:
    """Relative luminance of "#rrggbb", as WCAG 2 defines it."""
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]  # noqa: PLR2004 - sRGB's
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
