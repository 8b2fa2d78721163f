"""Challenges that came with an archive, and what answered them."""

# ruff: noqa: RUF009 - told() is dataclasses.field with a help text

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from undying.community import access
from undying.community.models import Challenge
from undying.manuscript.clean import without_addresses
from undying.web import cards, links, own, wording
from undying.web.cards import Name
from undying.web.page import Page, show, told
from undying.web.paging import Paging, paging

if TYPE_CHECKING:
    from django.http import HttpResponse

    from undying.manuscript import Prose
    from undying.web.cards import WorkCard
    from undying.web.own import LeftOut
    from undying.web.request import Request


@dataclass(frozen=True, slots=True, kw_only=True)
class ChallengeLine:
    """A challenge in a list. `answers` counts those that this reader may see."""

    title: str
    url: str
    challenger: Name | None
    answers: int


@dataclass(frozen=True, kw_only=True)
class ChallengesPage(Page):
    """All challenges, by title."""

    template: ClassVar[str] = "challenges/all.html"
    part: ClassVar[str] = "challenges"
    kind: ClassVar[str] = "challenges-index"

    challenges: tuple[ChallengeLine, ...] = told("This page of the challenges")
    paging: Paging = told("Where in the list this page stands")


@dataclass(frozen=True, kw_only=True)
class ChallengePage(Page):
    """A challenge with the series and works that answered it."""

    template: ClassVar[str] = "challenges/challenge.html"
    part: ClassVar[str] = "works"
    kind: ClassVar[str] = "challenges-show"

    challenger: Name | None = told("Who called for stories, where the source said so")
    source: str = told("The site that it was a challenge of")
    summary: Prose = told("What was asked for")
    tags: tuple[tuple[str, str], ...] = told("What it was about, in the source's words: kinds with names")
    series: tuple[Name, ...] = told("The series that answered it, of those that this reader may see")
    works: tuple[WorkCard, ...] = told("This page of the works that answered it")
    left_out: LeftOut | None = told("What the reader's own exclusions keep from the works, if anything")
    paging: Paging = told("Where among the works this page stands")

    @property
    def cards(self) -> tuple[WorkCard, ...]:
        """The works on it."""
        return self.works


def show_all(request: Request) -> HttpResponse:
    """The list of challenges."""
    found = Challenge.objects.visible_to(request.viewer).by_title().select_related("challenger__user")
    place = paging(request, found.count())
    shown = list(found[place.start : place.stop])
    answers = access.answers_counted(request.viewer, shown)
    lines = tuple(
        ChallengeLine(
            title=each.title or "Without a title",
            url=links.of(each),
            challenger=cards.signed(each.challenger, each.archived_by),
            answers=answers.get(each.pk, 0),
        )
        for each in shown
    )
    return show(request, ChallengesPage(title="Challenges", challenges=lines, paging=place))


def show_one(request: Request, number: int) -> HttpResponse:
    """A challenge."""
    challenge = access.challenge_for(request.viewer, number)
    works, left_out = own.leave_out(request, access.answering(request.viewer, challenge))
    place = paging(request, works.count())
    page = ChallengePage(
        title=challenge.title or "A challenge",
        challenger=cards.signed(challenge.challenger, challenge.archived_by),
        source=challenge.site,
        summary=without_addresses(challenge.summary),
        tags=wording.tags(challenge.taggings),
        series=tuple(
            Name(text=each.title, url=links.of(each)) for each in access.series_answering(request.viewer, challenge)
        ),
        works=own.cards_for(request.viewer, works.with_card()[place.start : place.stop]),
        left_out=left_out,
        paging=place,
    )
    return show(request, page)
