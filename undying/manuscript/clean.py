"""The one sanitiser: RawHtml -> Prose."""

from __future__ import annotations

import nh3

from undying.manuscript.model import Prose, RawHtml

__all__ = ["Prose", "RawHtml", "clean"]


def clean(raw: RawHtml) -> Prose:
    """Markup that is safe to show, with every visible character kept."""
    return Prose(nh3.clean(raw))
