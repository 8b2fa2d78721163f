"""The request as the archive's views see it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpRequest

if TYPE_CHECKING:
    from undying.people.viewer import Viewer


class Request(HttpRequest):
    """A request with the one who asks on it. For annotations: the middleware puts `viewer` on Django's own."""

    viewer: Viewer
