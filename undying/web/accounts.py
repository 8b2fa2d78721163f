"""How accounts meet the web."""

from __future__ import annotations

from typing import TYPE_CHECKING

from allauth.account.adapter import DefaultAccountAdapter

if TYPE_CHECKING:
    from django.http import HttpRequest


class ClosedDoors(DefaultAccountAdapter):  # type: ignore[misc]  # allauth ships no types
    """Nobody signs herself up yet: the archivist makes accounts."""

    def is_open_for_signup(self, _request: HttpRequest) -> bool:
        """Never."""
        return False
