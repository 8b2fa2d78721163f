"""Stories for tests: small makers, samples of each shape, and a Hypothesis strategy. All in public-domain canons."""

from __future__ import annotations

import hashlib
import struct
import zlib
from datetime import UTC, datetime
from typing import Any

from hypothesis import strategies as st

from undying.manuscript import (
    Answer,
    Audience,
    Chapter,
    Credit,
    Divergence,
    Leave,
    Manuscript,
    Picture,
    Placement,
    PlacementRelation,
    Prose,
    RawHtml,
    RelatedWork,
    RelationKind,
    Review,
    SeriesPlace,
    Source,
    State,
    Status,
    Tagging,
    TagKind,
    Wishes,
)
from undying.manuscript.clean import clean
from undying.manuscript.wishes import FOR_MACHINES, FOR_PEOPLE

DAY = datetime(2004, 3, 9, tzinfo=UTC)
LATER = datetime(2005, 11, 1, 17, 45, 30, tzinfo=UTC)


def prose(markup: str) -> Prose:
    """Markup as the cleaner leaves it."""
    return clean(RawHtml(markup))


def make_chapter(body: str = "<p>The castle was quiet.</p>", **changes: Any) -> Chapter:
    """One chapter; `changes` are fields of Chapter."""
    return Chapter(body=prose(body), **changes)


def make_manuscript(**changes: Any) -> Manuscript:
    """A one-chapter story with nothing but what `changes` (fields of Manuscript) say."""
    fields: dict[str, Any] = {
        "title": "The Guest of the Castle",
        "chapters": (make_chapter(),),
        "credits": (Credit(name="Mina M."),),
        "language": "en",
        **changes,
    }
    return Manuscript(**fields)


def sample_one_chapter() -> Manuscript:
    """A finished one-shot that uses nearly every field."""
    return make_manuscript(
        title="What the Typewriter Kept",
        summary=prose("<p>Mina copies the diaries & leaves <em>one</em> page out.</p>"),
        notes_before=prose("<p>For everybody who cried at the train timetable.</p>"),
        notes_after=prose("<p>Thank you for reading.</p>"),
        rights=prose("<p>Dracula is Bram Stoker's and everyone's.</p>"),
        credits=(
            Credit(name="Quincey's Hat", account="texan", key="17", url="https://castle.example/users/texan"),
            Credit(name="Dr. Seward", archived_by="The Archivist"),
        ),
        taggings=(
            Tagging(kind=TagKind.RATING, name="General Audiences"),
            Tagging(kind=TagKind.WARNING, name="No Archive Warnings Apply"),
            Tagging(kind=TagKind.CATEGORY, name="F/M"),
            Tagging(kind=TagKind.FANDOM, name="Dracula - Bram Stoker"),
            Tagging(kind=TagKind.RELATIONSHIP, name="Jonathan Harker/Mina Harker"),
            Tagging(kind=TagKind.RELATIONSHIP, name="Mina Harker & Lucy Westenra"),
            Tagging(kind=TagKind.CHARACTER, name="Mina Harker"),
            Tagging(kind=TagKind.ADDITIONAL, name="Epistolary, mostly"),
        ),
        series=(
            SeriesPlace(
                title="Shorthand",
                position=2,
                key="4",
                url="https://castle.example/series/4",
                within=SeriesPlace(title="The Whole Machine", position=1),
            ),
            SeriesPlace(title="Trains, Late", position=7),
        ),
        status=Status.COMPLETE,
        planned_chapters=1,
        published=DAY,
        updated=LATER,
        placements=(
            Placement(
                fandom="Dracula - Bram Stoker",
                relation=PlacementRelation.AFTER,
                unit="chapter",
                part="21",
                episodes=("Dr. Seward's Diary",),
                divergence=Divergence.DIVERGENT,
                words="set after chapter 21, but the page is missing",
            ),
        ),
        gifts=("Lucy",),
        related=(
            RelatedWork(
                kind=RelationKind.INSPIRED_BY,
                title="Phonograph",
                author="Jack",
                url="https://castle.example/works/9",
                language="en",
            ),
        ),
        reviews=(
            Review(
                name="Van Helsing",
                body=prose("<p>Madam, I weep.</p>"),
                posted=LATER,
                chapter=1,
                score=10,
                scale="1-10",
                response=prose("<p>Thank you, professor.</p>"),
                key="88",
                reviewer_key="3",
            ),
        ),
        source=Source(site="castle.example", key="334", url="https://castle.example/works/334", archivist="Renfield"),
        chapters=(
            make_chapter(
                "<p>3 May. Bistritz.</p><p><i>Left</i> Munich at <b>8:35</b> P.M.</p><hr><p>The train was late.</p>",
                title="The Page",
                published=DAY,
                key="334-1",
            ),
        ),
        extras=(("Challenge", "Autumn Trains 2004"),),
    )


def sample_long(chapters: int = 300, paragraphs: int = 4) -> Manuscript:
    """A story still being written with very many chapters."""
    sentence = "He walked to the window and looked down at the court, where the wolves were waiting for the morning. "
    return make_manuscript(
        title="A Thousand and One Nights at the Castle",
        status=Status.IN_PROGRESS,
        taggings=(Tagging(kind=TagKind.FANDOM, name="Dracula - Bram Stoker"),),
        published=DAY,
        updated=LATER,
        chapters=tuple(
            make_chapter(
                "".join(f"<p>{number}.{line} {sentence * 3}</p>" for line in range(paragraphs)),
                title=f"Night {number}" if number % 3 else "",
                notes_after=prose("<p>More tomorrow.</p>") if number % 10 == 0 else Prose(""),
                key=str(number),
            )
            for number in range(1, chapters + 1)
        ),
    )


def sample_rtl() -> Manuscript:
    """A story in Hebrew with one phrase in English."""
    return make_manuscript(
        title="המסע של יונה",
        language="he",
        summary=prose("<p>יונה בורח, והים זוכר.</p>"),
        credits=(Credit(name="בת הדייג"),),
        taggings=(
            Tagging(kind=TagKind.FANDOM, name="ספר יונה"),
            Tagging(kind=TagKind.CHARACTER, name="יונה"),
        ),
        chapters=(
            make_chapter("<p>הרוח באה מן המערב.</p><p>המלח אמר: <i>hold fast</i>, ושתק.</p>", title="הספינה"),
            make_chapter("<p>שלושה ימים בחושך.</p><blockquote><p>מן המצר קראתי.</p></blockquote>", title="הדג"),
        ),
    )


def sample_cjk() -> Manuscript:
    """A story in Japanese with ruby."""
    return make_manuscript(
        title="銀河鉄道のあと",
        language="ja",
        summary=prose("<p>ジョバンニは、もう一度切符を見る。</p>"),
        credits=(Credit(name="活版所の少年"),),
        taggings=(Tagging(kind=TagKind.FANDOM, name="銀河鉄道の夜 - 宮沢賢治"),),
        chapters=(
            make_chapter(
                "<p><ruby>銀河<rp>(</rp><rt>ぎんが</rt><rp>)</rp></ruby>の水は、ガラスよりも透き通っていた。</p><p>「カムパネルラ。」</p>",
                title="一、午后の切符",
            ),
        ),
    )


def tiny_png(shade: int = 123) -> bytes:
    """A picture of one grey pixel."""

    def part(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    pixel = zlib.compress(bytes((0, shade)), 9)
    header = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + part(b"IHDR", header) + part(b"IDAT", pixel) + part(b"IEND", b"")


def make_picture(shade: int = 123) -> Picture:
    """A Picture that holds `tiny_png(shade)` under its true hash."""
    data = tiny_png(shade)
    return Picture(sha256=hashlib.sha256(data).hexdigest(), media_type="image/png", data=data)


def sample_pictures() -> Manuscript:
    """A story with two pictures of its own, one of them without alt text, and one that lies elsewhere."""
    map_of_england, unnamed = make_picture(40), make_picture(200)
    return make_manuscript(
        title="The Dancing Men, Drawn",
        taggings=(Tagging(kind=TagKind.FANDOM, name="Sherlock Holmes - Arthur Conan Doyle"),),
        pictures=(map_of_england, unnamed),
        chapters=(
            make_chapter(
                f'<p>He drew it:</p><p><img src="picture:{map_of_england.sha256}" alt="A row of stick figures"></p>'
                f'<p><img src="picture:{unnamed.sha256}"></p>'
                '<p><img src="https://pictures.example/elsie.png?a=1&amp;b=2" alt="Elsie at the window"></p>',
                title="The First Message",
            ),
        ),
    )


def sample_footnotes() -> Manuscript:
    """A story whose two chapters both have a first footnote, each linked there and back."""
    page = (
        '<p>Odysseus{n} wept.<a href="#user-fn1" id="user-ref1">[1]</a></p><hr>'
        '<p id="user-fn1">Again. <a href="#user-ref1">↩</a></p>'
    )
    return make_manuscript(
        title="Weaving, Annotated",
        credits=(Credit(name="Eurycleia"),),
        taggings=(Tagging(kind=TagKind.FANDOM, name="Odyssey - Homer"),),
        chapters=(
            make_chapter(page.replace("{n}", ""), title="Book V", notes_after=prose("<p>See the scholia.</p>")),
            make_chapter(page.replace("{n}", " himself"), title="Book VIII"),
        ),
    )


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
_words = st.text(
    st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from("<>&\"']]>-\u00a0\u2028é🦇שلの"), max_size=16
)
_patterns = st.sampled_from(
    (
        "<p>{}</p>",
        "<p><em>{}</em> said the Count.</p>",
        "<blockquote><p>{}</p></blockquote>",
        "<hr>",
        "<ul><li>{}</li></ul>",
        '<p><a href="https://castle.example/?a=1&amp;b=2">{}</a></p>',
        "<h3>{}</h3>",
        "<p>{}<br>and on</p>",
        '<p><img src="https://pictures.example/bat.png" alt="{}"></p>',
        "{}",
        "<p>{}",
        "<table><tr><td>{}</td></tr></table>",
    )
)
_fragments = st.builds(lambda pattern, words: pattern.replace("{}", words), _patterns, _words)
proses = st.builds(prose, st.lists(_fragments, max_size=3).map("".join))
times = st.none() | st.datetimes(
    min_value=DAY.replace(year=1990, tzinfo=None),
    max_value=LATER.replace(year=2090, tzinfo=None),
    timezones=st.just(UTC),
)
_credits = st.builds(Credit, name=texts, account=texts, key=texts, url=texts, archived_by=texts)
_placements = st.builds(
    Placement,
    fandom=texts,
    relation=st.sampled_from(PlacementRelation),
    unit=st.sampled_from(("season", "volume", "book")),
    part=texts,
    part_to=texts,
    episodes=st.lists(texts, max_size=2).map(tuple),
    divergence=st.sampled_from(Divergence),
    words=texts,
)
_series = st.recursive(
    st.builds(SeriesPlace, title=texts, position=st.integers(0, 99), summary=proses, within=st.none()),
    lambda outer: st.builds(SeriesPlace, title=texts, position=st.integers(0, 99), key=texts, url=texts, within=outer),
    max_leaves=2,
)
_reviews = st.builds(
    Review,
    name=texts,
    body=proses,
    posted=times,
    chapter=st.integers(0, 9),
    score=st.none() | st.integers(-5, 100),
    scale=texts,
    response=proses,
    key=texts,
    reviewer_key=texts,
)
_chapters = st.builds(
    Chapter,
    body=proses,
    title=texts,
    summary=proses,
    notes_before=proses,
    notes_after=proses,
    credits=st.lists(_credits, max_size=1).map(tuple),
    published=times,
    updated=times,
    placements=st.lists(_placements, max_size=1).map(tuple),
    state=st.sampled_from(State),
    key=texts,
)


def few(strategy: st.SearchStrategy[Any], most: int = 2) -> st.SearchStrategy[tuple[Any, ...]]:
    """A short tuple of what the strategy draws."""
    return st.lists(strategy, max_size=most).map(tuple)


def wishes() -> st.SearchStrategy[Wishes]:
    """Anything that an author may let others do."""
    machines = dict.fromkeys(FOR_MACHINES, st.sampled_from(Leave))
    people = dict.fromkeys(FOR_PEOPLE, st.sampled_from(Answer))
    return st.builds(Wishes, **machines, **people, words=texts)


def manuscripts() -> st.SearchStrategy[Manuscript]:
    """Any manuscript at all, with prose as the cleaner leaves it and pictures under their true hashes."""
    return st.builds(
        Manuscript,
        title=texts,
        chapters=few(_chapters),
        credits=few(_credits),
        summary=proses,
        notes_before=proses,
        notes_after=proses,
        rights=proses,
        language=st.sampled_from(("", "en", "he", "ar-EG", "zh-Hant", "ja", "not a language!")),
        taggings=few(st.builds(Tagging, kind=st.sampled_from(TagKind), name=texts), 3),
        series=few(_series),
        status=st.sampled_from(Status),
        planned_chapters=st.none() | st.integers(0, 400),
        published=times,
        updated=times,
        placements=few(_placements, 1),
        gifts=few(texts),
        related=few(
            st.builds(
                RelatedWork, kind=st.sampled_from(RelationKind), title=texts, author=texts, url=texts, language=texts
            ),
            1,
        ),
        reviews=few(_reviews, 1),
        pictures=st.lists(st.builds(make_picture, st.integers(0, 255)), max_size=2, unique=True).map(tuple),
        source=st.builds(Source, site=texts, key=texts, url=texts, archivist=texts),
        audience=st.sampled_from(Audience),
        wishes=wishes(),
        state=st.sampled_from(State),
        extras=few(st.tuples(texts, texts)),
    )
