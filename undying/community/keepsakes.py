"""Favourites, news, pages and challenges: rows, written and told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from undying import manuscript as story
from undying.community.access import as_told
from undying.community.actions import review_rows
from undying.community.models import ChallengeAnswer, Review
from undying.library.accounts import account_told, keep_account, taggings_as_rows, taggings_told
from undying.manuscript import FavouriteKind
from undying.people.actions import pen_name, pen_name_in

if TYPE_CHECKING:
    from undying.community.models import Challenge, Favourite, NewsItem, SitePage
    from undying.library.models import SeriesAccount
    from undying.people.models import Pseud


def keep_favourite(row: Favourite, value: story.Favourite) -> None:
    """Write that somebody keeps something as a favourite."""
    fill_favourite(row, value, pen_name(value.member, site=value.source.site))
    row.save()


def fill_favourite(row: Favourite, value: story.Favourite, member: Pseud) -> None:
    """The same in a row that somebody else saves."""
    row.comes_from(value.source)
    row.member, row.archived_by = member, value.member.archived_by
    row.kind, row.target, row.target_title, row.note = value.kind, value.target, value.target_title, value.note


def favourite_told(row: Favourite) -> story.Favourite:
    """The row as a value. Needs `member.user`."""
    return story.Favourite(
        source=row.source,
        member=row.member.credit(row.archived_by),
        kind=FavouriteKind(row.kind),
        target=row.target,
        target_title=row.target_title,
        note=row.note,
    )


def keep_news(row: NewsItem, value: story.NewsItem) -> None:
    """Write a piece of news with its comments."""
    row.comes_from(value.source)
    row.title, row.body, row.posted = value.title, value.body, value.posted
    row.author, row.archived_by = pen_name_in(value.author, row.site), value.author.archived_by
    row.save()
    row.comments.all().delete()
    comments = review_rows(value.comments)
    for comment in comments:
        comment.news = row
    Review.objects.bulk_create(comments)


def news_told(row: NewsItem) -> story.NewsItem:
    """The row as a value. Needs `author.user` and `comments`."""
    return story.NewsItem(
        source=row.source,
        title=row.title,
        body=row.body,
        author=_credit(row.author, row.archived_by),
        posted=row.posted,
        comments=as_told(list(row.comments.all())),
    )


def keep_page(row: SitePage, value: story.SitePage) -> None:
    """Write one of the site's own texts."""
    row.comes_from(value.source)
    row.title, row.body = value.title, value.body
    row.save()


def page_told(row: SitePage) -> story.SitePage:
    """The row as a value."""
    return story.SitePage(source=row.source, title=row.title, body=row.body)


def keep_challenge(row: Challenge, value: story.Challenge) -> None:
    """Write a challenge with the names of what answered it."""
    row.comes_from(value.source)
    row.title, row.summary, row.taggings = value.title, value.summary, taggings_as_rows(value.taggings)
    row.challenger = pen_name_in(value.challenger, row.site)
    row.archived_by = value.challenger.archived_by
    row.save()
    row.answers.all().delete()
    ChallengeAnswer.objects.bulk_create(
        ChallengeAnswer(challenge=row, kind=kind, position=position, target=key)
        for kind, keys in ((FavouriteKind.WORK, value.works), (FavouriteKind.SERIES, value.series))
        for position, key in enumerate(keys)
    )


def challenge_told(row: Challenge) -> story.Challenge:
    """The row as a value. Needs `challenger.user` and `answers`."""
    return story.Challenge(
        source=row.source,
        title=row.title,
        challenger=_credit(row.challenger, row.archived_by),
        summary=row.summary,
        taggings=taggings_told(row.taggings),
        works=tuple(each.target for each in row.answers.all() if each.kind == FavouriteKind.WORK),
        series=tuple(each.target for each in row.answers.all() if each.kind == FavouriteKind.SERIES),
    )


def keep_series(row: SeriesAccount, value: story.SeriesAccount) -> None:
    """Write what is known of a series, with what readers said of it."""
    keep_account(row, value)
    row.reviews.all().delete()
    reviews = review_rows(value.reviews)
    for review in reviews:
        review.series = row
    Review.objects.bulk_create(reviews)


def series_told(row: SeriesAccount) -> story.SeriesAccount:
    """The row as a value. Needs `owners.pseud.user`, `listings` and `reviews`."""
    return account_told(row, as_told(list(row.reviews.all())))


def _credit(pseud: Pseud | None, archived_by: str) -> story.Credit:
    return story.Credit(name="", archived_by=archived_by) if pseud is None else pseud.credit(archived_by)
