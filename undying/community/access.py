"""Reading what stands around works, on behalf of a viewer."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from django.db.models import Count, Exists, F, OuterRef, Q, Subquery

from undying import manuscript as story
from undying.community.kept import creators_for
from undying.community.models import Challenge, ChallengeAnswer, Favourite, NewsItem, Review, SitePage
from undying.kernel.errors import NotVisible
from undying.library import access as library
from undying.library.models import AlsoKnown, Chapter, Series, Work
from undying.manuscript import FavouriteKind
from undying.people.models import Pseud

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from django.db.models import QuerySet

    from undying.library.models.works import WorkQuerySet
    from undying.people.viewer import Viewer

_Row = TypeVar("_Row", NewsItem, SitePage, Challenge)


def reviews_for(viewer: Viewer, work: Work) -> list[Review]:
    """The reviews of a work that the viewer may read, oldest first, each with its chapter. One query.

    What was said in answer to a review that she may not read is kept from her as well.
    """
    readable = Chapter.objects.visible_to(viewer).filter(pk=OuterRef("chapter"))
    found = Review.objects.filter(work=work).select_related("chapter")
    reviews = list(found.annotate(is_open=Q(chapter=None) | Exists(readable)))
    withheld = {each.pk for each in reviews if not each.is_open}
    unseen = withheld | answers_to(withheld, reviews)
    return [each for each in reviews if each.pk not in unseen]


def answers_to(withheld: set[int], reviews: Sequence[Review]) -> set[int]:
    """The numbers of the reviews that answer these, and of those that answer them."""
    below: dict[str, list[Review]] = {}
    for each in reviews:
        below.setdefault(each.answers, []).append(each)
    waiting = [each for each in reviews if each.pk in withheld]
    found: set[int] = set()
    while waiting:
        key = waiting.pop().key
        answers = [each for each in below.get(key, ()) if key and each.pk not in found]
        found.update(each.pk for each in answers)
        waiting += answers
    return found


def threads(reviews: Sequence[Review]) -> list[tuple[int, Review]]:
    """These reviews with how deep each stands in its thread: answers follow what they answer, else the order stays.

    An answer to what is not among them begins a thread, and so does the first of a ring.
    """
    keys = {each.key for each in reviews if each.key}
    below: dict[str, list[Review]] = {}
    for each in reviews:
        if each.answers in keys and each.answers != each.key:
            below.setdefault(each.answers, []).append(each)
    answers = {each.pk for group in below.values() for each in group}
    seen: set[int] = set()
    found: list[tuple[int, Review]] = []
    for first in [*(each for each in reviews if each.pk not in answers), *reviews]:
        found += _thread(first, below, seen)
    return found


def _thread(first: Review, below: Mapping[str, Sequence[Review]], seen: set[int]) -> Iterable[tuple[int, Review]]:
    waiting = [(0, first)]
    while waiting:
        depth, each = waiting.pop()
        if each.pk in seen:
            continue
        seen.add(each.pk)
        yield depth, each
        waiting += [(depth + 1, answer) for answer in reversed(below.get(each.key, ()) if each.key else ())]


def as_told(reviews: Sequence[Review], chapters: Sequence[Chapter] = ()) -> tuple[story.Review, ...]:
    """The same as values that travel with a manuscript of these chapters, whose places they name."""
    places = {chapter.pk: place for place, chapter in enumerate(chapters, start=1)}
    return tuple(
        story.Review(
            name=each.name,
            body=each.body,
            posted=each.posted,
            chapter=places.get(each.chapter_id, 0) if each.chapter_id else 0,
            score=each.score,
            scale=each.scale,
            response=each.response,
            key=each.key,
            reviewer_key=each.reviewer_key,
            answers=each.answers,
        )
        for each in reviews
    )


def pseuds_for(viewer: Viewer) -> QuerySet[Pseud]:
    """The pen names that this viewer may know of: with a work, a profile, a series, favourites, news or a challenge
    that she may see.
    """
    hers = Favourite.objects.visible_to(viewer).filter(member=OuterRef("pk"))
    known = creators_for(viewer).filter(pk=OuterRef("pk"))
    return library.pseuds_for(viewer, Exists(hers), Exists(known))


def pseud_for(viewer: Viewer, handle: str, name: str | None = None) -> Pseud:
    """A pen name by the two parts of its address. Raises NotVisible."""
    return library.pseud_for(viewer, handle, name, known=pseuds_for(viewer))


def news_for(viewer: Viewer, number: int) -> NewsItem:
    """A piece of news with who told it. Raises NotVisible."""
    return _kept(NewsItem.objects.visible_to(viewer).select_related("author__user"), number, "news")


def site_page_for(viewer: Viewer, number: int) -> SitePage:
    """One of the site's own texts. Raises NotVisible."""
    return _kept(SitePage.objects.visible_to(viewer), number, "page")


def challenge_for(viewer: Viewer, number: int) -> Challenge:
    """A challenge with who called for it. Raises NotVisible."""
    return _kept(Challenge.objects.visible_to(viewer).select_related("challenger__user"), number, "challenge")


def _kept(rows: QuerySet[_Row], number: int, kind: str) -> _Row:
    row = rows.filter(pk=number).first() if number <= library.BIGGEST_ID else None
    if row is None:
        raise NotVisible(kind, number)
    return row


def works_named(viewer: Viewer, favourites: Sequence[Favourite]) -> dict[tuple[str, str], Work]:
    """The works that these favourites name and this viewer may read, as their cards want them, by (site, key)."""
    sites, keys = {each.site for each in favourites}, {each.target for each in favourites}
    other = AlsoKnown.objects.filter(site__in=sites, key__in=keys)
    named = Q(~Q(site=""), site__in=sites, key__in=keys) | Q(pk__in=other.values("work"))
    found: dict[tuple[str, str], Work] = {}
    if not favourites:
        return found
    for work in Work.objects.visible_to(viewer).filter(named).with_card().prefetch_related("also"):
        found.update({(each.site, each.key): work for each in work.also.all()})
        found[work.site, work.key] = work
    return found


def doings(viewer: Viewer, works: Sequence[Work]) -> dict[int, frozenset[str]]:
    """What this member did with these works, by their numbers: "favourite", "reviewed". One query.

    A review is hers when it was written under the key of one of her pen names, at the site that the work came from.
    """
    kept = Favourite.objects.filter(member__user=viewer.user_id, kind=FavouriteKind.WORK)
    named = kept.filter(site=OuterRef("site"), target=OuterRef("key"))
    other = AlsoKnown.objects.filter(
        Exists(kept.filter(site=OuterRef("site"), target=OuterRef("key"))), work=OuterRef("pk")
    )
    keys = Pseud.objects.filter(user=viewer.user_id, site=OuterRef(OuterRef("site"))).exclude(key="")
    said = Review.objects.filter(work=OuterRef("pk"), reviewer_key__in=keys.values("key"))
    found = Work.objects.filter(pk__in=[each.pk for each in works]).values_list(
        "pk", Exists(named.exclude(target="")), Exists(other), Exists(said)
    )
    names = ("favourite", "favourite", "reviewed")
    return {
        number: frozenset(name for name, is_so in zip(names, told, strict=True) if is_so) for number, *told in found
    }


def series_named(viewer: Viewer, favourites: Sequence[Favourite]) -> list[Series]:
    """The series that these favourites name and this viewer may see. One query."""
    return list(Series.objects.visible_to(viewer).filter(_named(favourites)).order_by("-pk")) if favourites else []


def creators_named(viewer: Viewer, favourites: Sequence[Favourite]) -> list[Pseud]:
    """The pen names that these favourites name and this viewer may know of. One query."""
    known = creators_for(viewer).select_related("user")
    return list(known.filter(_named(favourites)).order_by("-pk")) if favourites else []


def _named(favourites: Sequence[Favourite]) -> Q:
    return Q(site__in={each.site for each in favourites}, key__in={each.target for each in favourites})


def answering(viewer: Viewer, challenge: Challenge) -> WorkQuerySet:
    """The works that answered a challenge and that this viewer may read, in its order."""
    asked = challenge.answers.filter(kind=FavouriteKind.WORK)
    return library.named_in(asked, "target", site=challenge.site).visible_to(viewer).order_by(F("place"), "pk")


def series_answering(viewer: Viewer, challenge: Challenge) -> list[Series]:
    """The series that answered it, likewise. One query."""
    asked = challenge.answers.filter(kind=FavouriteKind.SERIES)
    place = asked.filter(target=OuterRef("key")).values("position")[:1]
    found = Series.objects.visible_to(viewer).filter(site=challenge.site, key__in=asked.values("target"))
    return list(found.annotate(place=Subquery(place)).order_by("place", "pk"))


def answers_counted(viewer: Viewer, challenges: Sequence[Challenge]) -> dict[int, int]:
    """How many of the answers to each of these challenges this viewer may see. One query."""
    seen = ChallengeAnswer.objects.visible_to(viewer).filter(challenge__in=challenges).order_by("challenge")
    return dict(seen.values_list("challenge").annotate(times=Count("pk")))
