"""Profile rows, written and told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from undying import manuscript as story
from undying.people.actions import pen_name

if TYPE_CHECKING:
    from undying.people.models import Profile, Pseud


def keep_profile(row: Profile, value: story.Profile) -> None:
    """Write what a member told of herself."""
    fill_profile(row, value, pen_name(value.member, site=value.source.site))
    row.save()


def fill_profile(row: Profile, value: story.Profile, member: Pseud) -> None:
    """The same in a row that somebody else saves."""
    row.comes_from(value.source)
    row.pseud, row.archived_by = member, value.member.archived_by
    row.joined, row.bio, row.website, row.picture = value.joined, value.bio, value.website, value.picture
    row.fields = [list(each) for each in value.fields]


def profile_told(row: Profile) -> story.Profile:
    """The row as a value. Needs `pseud.user`."""
    return story.Profile(
        source=row.source,
        member=row.pseud.credit(row.archived_by),
        joined=row.joined,
        bio=row.bio,
        website=row.website,
        picture=row.picture,
        fields=tuple((label, text) for label, text in row.fields),
    )
