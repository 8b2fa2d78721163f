"""Addresses that a rescued site's news, own texts and challenges had, as eFiction named them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlsplit

from undying.community.models import Challenge, NewsItem, SitePage

if TYPE_CHECKING:
    from undying.people.viewer import Viewer

LONGEST_KEY = 255
_MOST = 50


def kept_at(viewer: Viewer, url: str, *, host: str) -> NewsItem | SitePage | Challenge | None:
    """What stood at an old address, if this viewer may see it; None otherwise, whatever the reason. One query.

    `host` is the one that was asked. What several sites had is followed for its own host alone.
    """
    script, query = _asked(url)
    found: list[NewsItem | SitePage | Challenge] = []
    if script == "news.php" and (key := query.get("nid", "")):
        found += NewsItem.objects.visible_to(viewer).filter(key=key[:LONGEST_KEY])[:_MOST]
    elif script == "viewpage.php" and (key := query.get("page", "")):
        found += SitePage.objects.visible_to(viewer).filter(key=key[:LONGEST_KEY])[:_MOST]
    elif key := query.get("chalid", ""):
        found += Challenge.objects.visible_to(viewer).filter(key=key[:LONGEST_KEY])[:_MOST]
    plain = host.lower().removeprefix("www.")
    found = [each for each in found if each.site.partition("/")[0] == plain] or found
    return found[0] if len(found) == 1 else None


def _asked(url: str) -> tuple[str, dict[str, str]]:
    """(the script's name, its parameters) of an address; ("", {}) where it is none."""
    try:
        parts = urlsplit(url[:4000])
    except ValueError:
        return "", {}
    pairs = parse_qsl(parts.query.replace("&amp;", "&"), encoding="utf-8", errors="replace")
    return parts.path.rpartition("/")[2].lower(), {name.lower(): re.sub("\0", "", value) for name, value in pairs}
