"""What an archive holds beside its stories, for tests: samples of every kind, and a Hypothesis strategy."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from hypothesis import strategies as st

from tests.manuscripts import DAY, LATER, few, prose, proses, texts, times
from undying.manuscript import (
    Challenge,
    Credit,
    Favourite,
    FavouriteKind,
    Keepsake,
    NewsItem,
    Openness,
    Profile,
    Review,
    SeriesAccount,
    SitePage,
    Source,
    Tagging,
    TagKind,
)

if TYPE_CHECKING:
    from pathlib import Path

SITE = "castle.example"
LUCY = Credit(name="Lucy W.", key="7", url="https://castle.example/viewuser?uid=7")
MINA = Credit(name="Mina M.", key="1")


def source(key: str) -> Source:
    """The castle's own, under this key."""
    return Source(site=SITE, key=key)


PROFILE = Profile(
    source=Source(site=SITE, key="7", url="https://castle.example/viewuser?uid=7"),
    member=LUCY,
    joined=DAY,
    bio=prose("<p>I walk in my sleep.</p>"),
    website="https://whitby.example/lucy",
    picture="https://castle.example/lucy.png",
    fields=(("Beta-reader", "Yes"), ("LiveJournal", "lucy_w")),
)
FAVOURITES = (
    Favourite(
        source=source("7/ST/334"),
        member=LUCY,
        kind=FavouriteKind.WORK,
        target="334",
        target_title="The Page",
        note=prose("<p>Read it twice.</p>"),
    ),
    Favourite(source=source("7/SE/4"), member=LUCY, kind=FavouriteKind.SERIES, target="4", target_title="Shorthand"),
    Favourite(source=source("7/AU/1"), member=LUCY, kind=FavouriteKind.CREATOR, target="1", target_title="Mina M."),
)
NEWS = NewsItem(
    source=source("3"),
    title="The castle moves",
    body=prose("<p>To a better hill.</p>"),
    author=Credit(name="Renfield"),
    posted=LATER,
    comments=(
        Review(name="Lucy W.", body=prose("<p>When?</p>"), posted=LATER, key="c1", reviewer_key="7"),
        Review(name="Renfield", body=prose("<p>Soon, mistress.</p>"), key="c2", answers="c1"),
    ),
)
PAGE = SitePage(source=source("rules"), title="Rules", body=prose("<p>Invite before you enter.</p>"))
CHALLENGE = Challenge(
    source=source("9"),
    title="Autumn Trains",
    challenger=MINA,
    summary=prose("<p>A story that begins on a platform.</p>"),
    taggings=(Tagging(kind=TagKind.CHARACTER, name="Jonathan Harker"),),
    works=("334", "335"),
    series=("4",),
)
SERIES = SeriesAccount(
    source=Source(site=SITE, key="4", url="https://castle.example/series/4"),
    title="Shorthand",
    summary=prose("<p>What the typewriter heard.</p>"),
    credits=(MINA, LUCY),
    openness=Openness.MODERATED,
    taggings=(Tagging(kind=TagKind.ADDITIONAL, name="Epistolary"),),
    works=("335", "334"),
    within="2",
    reviews=(
        Review(name="Jack", body=prose("<p>All of it!</p>"), score=9, scale="1-10", key="r1"),
        Review(name="Mina M.", body=prose("<p>Thank you.</p>"), key="r2", answers="r1"),
    ),
    extras=(("Challenges", "Autumn Trains"),),
)
ALL: tuple[Keepsake, ...] = (PROFILE, SERIES, CHALLENGE, *FAVOURITES, NEWS, PAGE)
"""One of each kind and more."""

FULLER: tuple[tuple[Keepsake, Keepsake], ...] = (
    (PROFILE, replace(PROFILE, bio=prose("<p>I slept well.</p>"))),
    (FAVOURITES[0], replace(FAVOURITES[0], note=prose("<p>Read it thrice.</p>"))),
    (NEWS, replace(NEWS, comments=(*NEWS.comments, Review(name="Jack", body=prose("<p>Hm.</p>"))))),
    (PAGE, replace(PAGE, body=prose("<p>Knock.</p>"))),
    (CHALLENGE, replace(CHALLENGE, works=("334", "335", "336"))),
    (SERIES, replace(SERIES, credits=(LUCY, MINA), works=("334", "335"), openness=Openness.OPEN)),
)
"""Each with another telling of itself that says more, or something else."""


_credits = st.builds(Credit, name=texts, account=texts, key=texts, url=texts, archived_by=texts)
_somebody = st.builds(Credit, name=texts.filter(bool), key=texts)
_sources = st.builds(Source, site=texts.filter(bool), key=texts.filter(bool), url=texts, archivist=texts)
_taggings = few(st.builds(Tagging, kind=st.sampled_from(TagKind), name=texts))
_pairs = few(st.tuples(texts, texts))
_reviews = few(
    st.builds(
        Review,
        name=texts,
        body=proses,
        posted=times,
        score=st.none() | st.integers(-5, 100),
        scale=texts,
        response=proses,
        key=texts,
        reviewer_key=texts,
        answers=texts,
    )
)


def keepsakes(credit: st.SearchStrategy[Credit] = _credits) -> st.SearchStrategy[Keepsake]:
    """Any keepsake at all; `credit` draws those whom it names."""
    return st.one_of(
        st.builds(
            Profile,
            source=_sources,
            member=credit,
            joined=times,
            bio=proses,
            website=texts,
            picture=texts,
            fields=_pairs,
        ),
        st.builds(
            Favourite,
            source=_sources,
            member=credit,
            kind=st.sampled_from(FavouriteKind),
            target=texts,
            target_title=texts,
            note=proses,
        ),
        st.builds(NewsItem, source=_sources, title=texts, body=proses, author=credit, posted=times, comments=_reviews),
        st.builds(SitePage, source=_sources, title=texts, body=proses),
        st.builds(
            Challenge,
            source=_sources,
            title=texts,
            challenger=credit,
            summary=proses,
            taggings=_taggings,
            works=few(texts),
            series=few(texts),
        ),
        st.builds(
            SeriesAccount,
            source=_sources,
            title=texts,
            summary=proses,
            credits=few(credit),
            openness=st.sampled_from(Openness),
            taggings=_taggings,
            works=few(texts),
            within=texts,
            reviews=_reviews,
            extras=_pairs,
        ),
    )


def takable() -> st.SearchStrategy[Keepsake]:
    """Any keepsake that the archive takes as it is."""
    return keepsakes(_somebody)


def write_dump(path: Path, lines: list[str]) -> Path:
    """A dump of these lines."""
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return path
