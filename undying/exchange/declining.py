"""Standing before whoever takes an import in: what belongs to those who asked not to be here does not get past."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from undying.exchange.contacts import folded, identity_of
from undying.exchange.optouts import Askers
from undying.exchange.private import Asked
from undying.formats import Outcome
from undying.manuscript import Challenge, Favourite, NewsItem, Profile, SeriesAccount

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from undying.exchange.takers import Taker
    from undying.formats import Contact, Count, Fate, Kept, Meaning, Remark, Repair, Story
    from undying.manuscript import Chapter, Credit, Keepsake, Manuscript, Review

DECLINED = "its author asked not to be brought in"


@dataclass
class Sieve:
    """Who opted out, and what is left of a story without them.

    `out` are they whom their addresses gave away, `names` are folded pen names that are not to stand there any more.
    """

    askers: Askers = field(default_factory=lambda: Askers(Asked.NOT_HERE))
    out: set[tuple[str, str]] = field(default_factory=set)
    names: set[str] = field(default_factory=set)

    def without_them(self, manuscript: Manuscript) -> tuple[Manuscript | None, set[str]]:
        """The story without their names and reviews, and the keys of those reviews; None when all of it is theirs."""
        site = manuscript.source.site
        left = self.others(manuscript.credits, site)
        if self.askers.include_work(manuscript.source) or (manuscript.credits and not left):
            return None, set()
        reviews, refused = self.reviews(manuscript.reviews, site)
        chapters = tuple(self._chapter(each, site) for each in manuscript.chapters)
        if left == manuscript.credits and reviews == manuscript.reviews and chapters == manuscript.chapters:
            return manuscript, set()
        return replace(manuscript, credits=left, reviews=reviews, chapters=chapters), refused

    def others(self, credits_: Sequence[Credit], site: str) -> tuple[Credit, ...]:
        """Those of these creators who did not opt out."""
        return tuple(each for each in credits_ if not self.is_out(each, site))

    def is_out(self, credit: Credit, site: str) -> bool:
        """Whether this creator opted out."""
        is_known = (site, identity_of(credit)) in self.out or folded(credit.name) in self.names
        return is_known or self.askers.include_credit(credit, site)

    def reviews(self, reviews: tuple[Review, ...], site: str) -> tuple[tuple[Review, ...], set[str]]:
        """These reviews but theirs, and the keys of theirs."""
        refused = {each for each in reviews if self._wrote(each, site)}
        return tuple(each for each in reviews if each not in refused), {each.key for each in refused if each.key}

    def _chapter(self, chapter: Chapter, site: str) -> Chapter:
        return replace(chapter, credits=self.others(chapter.credits, site)) if chapter.credits else chapter

    def _wrote(self, review: Review, site: str) -> bool:
        by_key = (site, f"key:{review.reviewer_key}") in self.out if review.reviewer_key else False
        return by_key or self.askers.include(site=site, names=[review.name])


@dataclass
class Declining:
    """Passes on to `taker` all but what those who opted out made.

    A work that others made as well is passed on without her name; what she reviewed, without her review.
    """

    taker: Taker
    sieve: Sieve = field(default_factory=Sieve)

    def story(self, story: Story, *, as_told: bool) -> None:
        """Refuse it, pass it on without some names, or pass it on as it is."""
        if not self.sieve.askers:
            self.taker.story(story, as_told=as_told)
            return
        passed, refused = self.sieve.without_them(story.manuscript)
        if passed is None:
            self._decline(story.fates)
            return
        self.taker.story(
            replace(story, manuscript=passed, fates=_refused_reviews(story.fates, refused)), as_told=as_told
        )

    def kept(self, kept: Kept) -> None:
        """Refuse what a member who opted out told or chose, and take her name and comments out of the rest."""
        if not self.sieve.askers:
            self.taker.kept(kept)
            return
        person = _whose(kept.keepsake)
        if person is not None and self.sieve.is_out(person, kept.keepsake.source.site):
            self._decline(kept.fates)
            return
        keepsake, refused = self._keepsake(kept.keepsake)
        self.taker.kept(replace(kept, keepsake=keepsake, fates=_refused_reviews(kept.fates, refused)))

    def _keepsake(self, keepsake: Keepsake) -> tuple[Keepsake, set[str]]:
        match keepsake:
            case NewsItem():
                comments, refused = self.sieve.reviews(keepsake.comments, keepsake.source.site)
                return replace(keepsake, comments=comments), refused
            case SeriesAccount():
                reviews, refused = self.sieve.reviews(keepsake.reviews, keepsake.source.site)
                left = self.sieve.others(keepsake.credits, keepsake.source.site)
                return replace(keepsake, reviews=reviews, credits=left), refused
        return keepsake, set()

    def contact(self, contact: Contact) -> None:
        """Pass it on, but of her who opted out; then her works are known by who she is."""
        if self.sieve.askers:
            credit = contact.credit
            if self.sieve.askers.include(site=contact.site, names={credit.name, credit.account}, emails=contact.emails):
                self.sieve.out.add((contact.site, identity_of(credit)))
                return
        self.taker.contact(contact)

    def _decline(self, fates: Iterable[Fate]) -> None:
        for fate in fates:
            self.taker.fate(_declined(fate))

    def repair(self, repair: Repair) -> None:
        """Pass it on."""
        self.taker.repair(repair)

    def meaning(self, meaning: Meaning) -> None:
        """Pass it on."""
        self.taker.meaning(meaning)

    def fate(self, fate: Fate) -> None:
        """Pass it on."""
        self.taker.fate(fate)

    def begin(self, container: str, file: Path, reader: str) -> None:
        """Pass it on."""
        self.taker.begin(container, file, reader)

    def count(self, count: Count) -> None:
        """Pass it on."""
        self.taker.count(count)

    def remark(self, remark: Remark) -> None:
        """Pass it on."""
        self.taker.remark(remark)


def _whose(keepsake: Keepsake) -> Credit | None:
    """Whose thing it is; None for what is the site's own or may be several people's."""
    match keepsake:
        case Profile() | Favourite():
            return keepsake.member
        case Challenge():
            return keepsake.challenger
        case NewsItem():
            return keepsake.author
        case SeriesAccount() if len(keepsake.credits) == 1:
            return keepsake.credits[0]
    return None


def _refused_reviews(fates: tuple[Fate, ...], keys: set[str]) -> tuple[Fate, ...]:
    """The fates with those of these reviews refused: their rows' keys are the reviews' own."""
    if not keys:
        return fates
    tables = ("reviews", "comments")
    return tuple(_declined(each) if each.key in keys and each.container.endswith(tables) else each for each in fates)


def _declined(fate: Fate) -> Fate:
    """Refused, and not even its bytes are kept."""
    return replace(fate, outcome=Outcome.REFUSED, detail=DECLINED, file=None)
