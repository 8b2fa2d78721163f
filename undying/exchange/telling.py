"""Which rows of kept dumps tell of a thing that stands here: those that have to be blanked when it goes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

from undying.community.models import Challenge, NewsItem, Review
from undying.exchange.models import BatchKeepsake, Entry
from undying.exchange.private import Contact
from undying.library.models import SeriesAccount

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import QuerySet

    from undying.people.kept import FromSource

_REVIEWS, _COMMENTS = r"reviews$", r"comments$"
_TABLES: dict[type[FromSource], str] = {NewsItem: r"news$", Challenge: r"challenges$", SeriesAccount: r"series$"}


def on_site(site: str) -> Q:
    """Reviews of what came from that site: of works, series and news."""
    return Q(work__site=site) | Q(series__site=site) | Q(news__site=site)


def batches_of(site: str) -> set[int]:
    """The imports that anything of that site came with."""
    batches = set(Entry.objects.filter(work__site=site).values_list("batch", flat=True).distinct())
    batches |= set(BatchKeepsake.objects.filter(site=site).values_list("batch", flat=True).distinct())
    return batches | (set(Contact.objects.filter(site=site).values_list("batches", flat=True)) - {None})


def rows_of_reviews(reviews: QuerySet[Review]) -> QuerySet[Entry]:
    """The rows of these reviews of works and series, and of comments on news."""
    told = reviews.exclude(key="")
    of_works = list(told.exclude(work=None).values_list("work_id", "key"))
    works, keys = {work for work, _ in of_works}, {key for _, key in of_works}
    wanted = Q(work__in=works, key__in=keys, container__regex=_REVIEWS)
    series = told.exclude(series=None).values_list("series__site", "key")
    comments = told.exclude(news=None).values_list("news__site", "key")
    return Entry.objects.filter(wanted | _beside(series, _REVIEWS) | _beside(comments, _COMMENTS))


def rows_of_keepsakes(rows: Iterable[FromSource]) -> QuerySet[Entry]:
    """The rows of these pieces of news, challenges and series themselves."""
    wanted = Q(pk__in=[])
    here = [(_TABLES[type(each)], each.site, each.key) for each in rows if type(each) in _TABLES]
    for table in {table for table, _, _ in here}:
        wanted |= _beside(((site, key) for each, site, key in here if each == table), table)
    return Entry.objects.filter(wanted)


def _beside(named: Iterable[tuple[str, str]], table: str) -> Q:
    """Rows that belong to no work, by the site and their key in tables of that name."""
    keys: dict[str, set[str]] = {}
    for site, key in named:
        keys.setdefault(site, set()).add(key)
    wanted = Q(pk__in=[])
    for site, some in keys.items():
        wanted |= Q(work=None, batch__in=batches_of(site), key__in=some, container__regex=table)
    return wanted
