"""Who asks. Every read takes a Viewer; it holds facts only and never asks the database."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What an account is trusted with."""

    MEMBER = "member"
    WRANGLER = "wrangler"
    MODERATOR = "moderator"
    ARCHIVIST = "archivist"


STAFF = frozenset({Role.WRANGLER, Role.MODERATOR, Role.ARCHIVIST})
"""Who may change what is not her own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Preferences:
    """How a member wants to read. `adult`: she need not be asked before adult works; `whole_work`: all chapters of a
    work on one page; what she `hides` stands on no page of hers; `time_zone` is where her days begin, empty for UTC.
    `no_invitations`: nobody may ask her to write together; `no_gifts`: nobody may give her a work.
    """

    adult: bool = False
    whole_work: bool = False
    hides_warnings: bool = False
    hides_tags: bool = False
    hides_counts: bool = False
    no_invitations: bool = False
    no_gifts: bool = False
    time_zone: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Viewer:
    """The one who asks. `adult`: she has said that she is willing to see adult works; `opened` are the numbers of works
    whose links she came by; `shut_out` are accounts that do not want her to see their works.
    """

    user_id: int | None = None
    name: str = ""
    role: Role | None = None
    adult: bool = False
    is_operator: bool = False
    preferences: Preferences = Preferences()
    opened: frozenset[int] = frozenset()
    shut_out: frozenset[int] = frozenset()

    @classmethod
    def anyone(cls) -> Viewer:
        """A guest: the viewer of feeds, exports and cached pages."""
        return cls()

    @classmethod
    def any_member(cls) -> Viewer:
        """A member, and none in particular: she sees what every member may, and nothing that is hers."""
        return cls(role=Role.MEMBER)

    @classmethod
    def operator(cls) -> Viewer:
        """Whoever has the machine: the command line."""
        return cls(name="operator", is_operator=True, adult=True)

    @property
    def is_member(self) -> bool:
        """Signed in, a member's feed, or the operator."""
        return self.is_operator or self.user_id is not None or self.role is not None

    @property
    def sees_all(self) -> bool:
        """The archivist and the operator: drafts, hidden works and all."""
        return self.is_operator or self.role is Role.ARCHIVIST

    @property
    def moderates(self) -> bool:
        """Sees what was hidden by a moderator."""
        return self.sees_all or self.role is Role.MODERATOR
