"""What versions of eFiction wrote in their own ways, read as meant; and the orders of columns that each had."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.formats.efiction_archive import MODERN, OLD, OLDEST, Archive, read, small
from undying.formats.efiction.reviews import Reviews
from undying.formats.efiction.tables import columns_by_count
from undying.manuscript import Challenge, Favourite, NewsItem, Profile, SeriesAccount, SitePage, State, Status

UPGRADED_SERIES = (
    "seriesid title summary uid isopen catid classes rating warnings genres characters reviews challenges numstories"
)


@pytest.fixture
def hear(tmp_path, tmp_path_factory):
    """A function that writes an archive and reads it."""

    def hear(archive: Archive, **options: object):
        return read(archive.write(tmp_path_factory.mktemp("archive"), **options), tmp_path)

    return hear


@pytest.mark.parametrize(
    ("table", "order"),
    [
        ("authors", MODERN["authors"]),
        ("authors", OLDEST["authors"]),
        ("authorprefs", MODERN["authorprefs"]),
        ("authorprefs", MODERN["authorprefs"].removesuffix(" stories")),
        ("authorfields", MODERN["authorfields"]),
        ("authorinfo", MODERN["authorinfo"]),
        ("favorites", MODERN["favorites"]),
        ("favorites", "uid item type"),
        ("favstor", OLD["favstor"]),
        ("favauth", OLD["favauth"]),
        ("favseries", OLD["favseries"]),
        ("news", "nid author title story time"),
        ("comments", MODERN["comments"]),
        ("comments", OLD["comments"]),
        ("messages", MODERN["messages"]),
        ("challenges", "chalid challenger uid title catid characters summary"),
        ("stats", MODERN["stats"]),
        ("log", MODERN["log"]),
        ("series", "seriesid title summary uid isopen catid classes rating reviews warnings genres characters"),
        (
            "series",
            "seriesid title summary uid isopen catid classes rating warnings genres characters reviews numstories",
        ),
        ("series", UPGRADED_SERIES),
        ("series", f"{UPGRADED_SERIES[:39]} rating classes characters reviews numstories warnings challenges genres"),
    ],
)
def test_the_orders_of_columns_are_known_where_a_dump_names_none(table, order):
    texts = {
        "date": b"2004-05-03 10:11:12", "time": b"2004-05-03 10:11:12", "type": b"ST", "classes": b"3,4",
        "characters": b"7,8", "warnings": b"Blood,Garlic", "genres": b"Gothic,Epistolary", "catid": b"1,2",
        "challenges": b"5,6", "uname": b"Lucy", "bio": b"Flies", "title": b"Nights", "password": b"f" * 32,
    }  # fmt: skip
    names = order.lower().split()
    assert columns_by_count(table, tuple(texts.get(name, b"1") for name in names)) == tuple(names)


@pytest.mark.parametrize("extra", [0, 2])
def test_settings_without_names_of_columns_are_known_with_and_without_series(extra):
    order = (
        "sitekey sitename slogan url siteemail tableprefix skin hiddenskins language submissionsoff storiespath store "
        "autovalidate coauthallowed maxwords minwords imageupload imageheight imagewidth roundrobins {}tinyMCE "
        "allowed_tags favorites multiplecats newscomments logging maintenance debug captcha dateformat timeformat "
        "recentdays displaycolumns itemsperpage extendcats displayindex defaultsort displayprofile linkstyle linkrange "
        "reviewsallowed ratings anonreviews revdelete rateonly pwdsetting alertson disablepopups agestatement words "
        "version smtp_host smtp_username smtp_password"
    )
    for between in ("allowseries ", ""):
        names = tuple(order.format(between).split())
        values = tuple(b"3.5.3" if name == "version" else b"x" for name in names) + (b"0",) * extra
        found = columns_by_count("settings", values)
        assert found is not None
        assert found[: len(names)] == names
    assert columns_by_count("settings", (b"a", b"b", b"c", b"d", b"e", b"f"))[0] == "welcome"


def test_a_whole_archive_in_its_own_backup_is_read_without_names_of_columns(hear):
    told = small().story(1, challenges="2")
    told.columns["series"] = UPGRADED_SERIES
    told.add("series", seriesid=8, title="Castle", uid=3, isopen=2, classes="", warnings="", genres="", characters="")
    told.add("challenges", chalid=2, challenger="Mina", uid=2, title="Garlic", characters="", summary="x")
    told.add("favorites", uid=3, item=1, type="ST").add(
        "messages", message_id=1, message_name="rules", message_text="No."
    )
    told.add("news", nid=1, author="Mina", title="Open", story="x").add("comments", cid=1, nid=1, uid=3, comment="y")
    told.add("authorprefs", uid=3, level=0).add(
        "authorfields", field_id=1, field_type=6, field_title="Town", field_on=1
    )
    told.add("authorinfo", uid=3, field=1, info="Whitby")
    heard = hear(told, create=False, quote='"')
    assert heard.kept(Profile)["3"].fields == (("Town", "Whitby"),)
    assert heard.kept(SeriesAccount)["8"].openness == "open"
    assert heard.kept(Challenge)["2"].works == ("1",)
    assert set(heard.kept(Favourite)) == {"3-ST-1"}
    assert heard.kept(SitePage)["rules"].body == "<p>No.</p>"
    assert [each.name for each in heard.kept(NewsItem)["1"].comments] == ["Lucy"]
    assert {fate.outcome.value for fate in heard.fates} <= {"imported", "merged", "kept raw"}


def test_a_date_that_an_upgrade_lost_is_taken_from_what_it_left_beside(hear):
    told = small()
    told.columns["stories"] += " date_backup updated_backup"
    told.columns["reviews"] += " date_backup"
    told.story(1, date="0", updated="1083579072", date_backup="2003-01-02 03:04:05", updated_backup="")
    told.add("reviews", reviewid=1, item=1, review="Yes", type="ST", date="", date_backup="2003-02-02 00:00:00")
    story = hear(told).story
    assert story.published == datetime(2003, 1, 2, 3, 4, 5, tzinfo=UTC)
    assert story.updated == datetime(2004, 5, 3, 10, 11, 12, tzinfo=UTC)
    assert story.reviews[0].posted == datetime(2003, 2, 2, tzinfo=UTC)


@pytest.mark.parametrize(
    ("validated", "state"),
    [("0", State.DRAFT), ("1", State.POSTED), ("2", State.POSTED), ("", State.DRAFT), ("-1", State.DRAFT)],
)
def test_only_what_was_to_be_seen_is_posted(hear, validated, state):
    story = hear(small().story(1, validated=validated)).story
    assert story.state is state


def test_what_was_featured_once_and_who_could_join_in_is_kept(hear):
    told = small().story(1, featured="2", rr="1").story(2, featured="1", rr="").story(3, featured="", completed="")
    stories = hear(told).stories
    assert {("eFiction featured", "in the past"), ("eFiction round robin", "yes")} <= set(stories["1"].extras)
    assert ("eFiction featured", "yes") in stories["2"].extras
    assert "featured" not in str(stories["3"].extras)
    assert stories["3"].status is Status.IN_PROGRESS


@pytest.mark.parametrize(
    ("column", "table_there", "names"),
    [
        ("1", True, ["Mina"]),
        ("1", False, ["Mina", "Admin"]),
        ("3", True, ["Mina", "Lucy"]),
        ("1,3", True, ["Mina", "Admin", "Lucy"]),
        ("44", True, ["Mina"]),
        ("44,45", True, ["Mina", "eFiction member 44", "eFiction member 45"]),
        ("0", True, ["Mina"]),
        ("", True, ["Mina"]),
        (None, True, ["Mina"]),
    ],
)
def test_co_authors_are_listed_or_flagged(hear, column, table_there, names):
    told = small().story(1, coauthors=column)
    if table_there:
        told.story(2).add("coauthors", sid=2, uid=3)
    assert [credit.name for credit in hear(told).stories["1"].credits] == names


def test_a_flag_is_known_without_the_table_where_several_stories_bear_it(hear):
    told = small().story(1, coauthors="1").story(2, coauthors="1").story(3, coauthors="0")
    heard = hear(told)
    assert [len(story.credits) for story in heard.stories.values()] == [1, 1, 1]
    assert "marked as written by several" in heard.remark("Story 1:").text


@pytest.mark.parametrize(
    "label",
    [
        "Author's Response", "Author&#39;s Reply", "Antwort des Autors", "Réponse de l'auteur ", "Respuesta del autor",
        "Risposta dell'autrice", "Resposta da autora", "Antwoord van de auteur", "Odpowiedź autora", "Odpověď autorky",
        "Ответ автора", "Відповідь автора", "Författarens svar", "Kirjoittajan vastaus", "A szerző válasza", "返信",
        "作者回复", "작가의 답변", "Răspunsul autorului", "Yazarın yanıtı", "Απάντηση", "Odgovor autora",
    ],
)  # fmt: skip
def test_answers_of_authors_are_known_in_many_languages_even_where_no_flag_says_so(label):
    reviews = Reviews(None, None, 0, zero_is_none=True)  # type: ignore[arg-type]  # nothing else is asked of them
    text = f"Lovely!<br><br><i>{label}: Thank you, <i>really</i>!<br>Mina</i>"
    for answered in (True, False):
        assert reviews._split(text, answered=answered) == ("Lovely!", "Thank you, <i>really</i>!<br>Mina")


@pytest.mark.parametrize(
    ("scale", "none", "rating", "score"),
    [
        (1, "-1", "0", None), (1, "-1", "7", 7), (2, "-1", "0", 0), (2, "-1", "1", 1), (2, "0", "0", None),
        (3, "-1", "1", 1), (0, "-1", "0", None), (0, "-1", "8", 8), (2, "-1", "-1", None),
    ],
)  # fmt: skip
def test_scores_of_three_scales_and_none_are_told_apart(hear, scale, none, rating, score):
    told = small().story(1).add("settings", sitekey="k", ratings=scale)
    told.add("reviews", reviewid=1, item=1, review="No Review", type="ST", rating=none)
    told.add("reviews", reviewid=2, item=1, review="Yes", type="ST", rating=rating)
    first, second = hear(told).story.reviews
    assert (first.body, first.score) == ("", None)
    assert (second.score, second.scale) == (score, "" if score is None else ["", "1-10", "like", "likes"][scale])
