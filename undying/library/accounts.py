"""Accounts of series, written and told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from undying import manuscript as story
from undying.kernel.ids import identity
from undying.library.models import Series, SeriesListing, SeriesOwner
from undying.manuscript import Openness, Tagging, TagKind
from undying.people.actions import pen_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from undying.library.models import SeriesAccount


def keep_account(row: SeriesAccount, value: story.SeriesAccount) -> None:
    """Write what a series is, its reviews left out. Makes the series where no work has named it yet."""
    row.comes_from(value.source)
    row.title, row.summary, row.openness, row.within = value.title, value.summary, value.openness, value.within
    row.taggings, row.extras = taggings_as_rows(value.taggings), [list(each) for each in value.extras]
    row.series, _ = Series.objects.get_or_create(
        site=row.site,
        identity=identity(f"key:{row.key}"),
        defaults={"title": row.title, "key": row.key, "url": row.url, "summary": row.summary},
    )
    row.save()
    _write_owners(row, value)
    row.listings.all().delete()
    SeriesListing.objects.bulk_create(
        SeriesListing(account=row, position=position, key=key) for position, key in enumerate(value.works, start=1)
    )


def _write_owners(row: SeriesAccount, value: story.SeriesAccount) -> None:
    row.owners.all().delete()
    SeriesOwner.objects.bulk_create(
        SeriesOwner(
            account=row, pseud=pen_name(credit, site=row.site), position=position, archived_by=credit.archived_by
        )
        for position, credit in enumerate(value.credits)
    )


def account_told(row: SeriesAccount, reviews: tuple[story.Review, ...]) -> story.SeriesAccount:
    """The row as a value, with these reviews. Needs `owners.pseud.user` and `listings`."""
    return story.SeriesAccount(
        source=row.source,
        title=row.title,
        summary=row.summary,
        credits=tuple(each.pseud.credit(each.archived_by) for each in row.owners.all()),
        openness=Openness(row.openness),
        taggings=taggings_told(row.taggings),
        works=tuple(each.key for each in row.listings.all()),
        within=row.within,
        reviews=reviews,
        extras=tuple((label, text) for label, text in row.extras),
    )


def taggings_as_rows(taggings: Sequence[Tagging]) -> list[list[str]]:
    """Tags of a keepsake for a column: they are its words, and make no tag of the archive."""
    return [[each.kind, each.name] for each in taggings]


def taggings_told(rows: Iterable[Sequence[str]]) -> tuple[Tagging, ...]:
    """The same as values again."""
    return tuple(Tagging(kind=TagKind(kind), name=name) for kind, name in rows)
