"""What an eFiction archive holds beside its stories, read: members, favourites, news, pages, challenges, series."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.formats.efiction_archive import OLD, OLDEST, Archive, Heard, read, small
from tests.formats.test_efiction import SAMPLE
from tests.samples import needs_samples
from undying.formats import Kept
from undying.manuscript import (
    Challenge,
    Favourite,
    FavouriteKind,
    NewsItem,
    Openness,
    Profile,
    SeriesAccount,
    SitePage,
    Tagging,
    TagKind,
)

MD5 = "5f4dcc3b5aa765d61d8327deb882cf99"
BCRYPT = "$2y$12$" + "abcdefghijklmnopqrstu" + "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"


@pytest.fixture
def hear(tmp_path, tmp_path_factory):
    """A function that writes an archive and reads it."""
    return lambda archive, **asked: read(archive.write(tmp_path_factory.mktemp("archive")), tmp_path, **asked)


@pytest.fixture(scope="module")
def sample(tmp_path_factory) -> Heard:
    return read(SAMPLE, tmp_path_factory.mktemp("sample"))


def archive(**settings: object) -> Archive:
    """`small()` with settings."""
    return small().add("settings", sitekey="k", sitename="Whitby", url="http://whitby.example/fic", **settings)


# --- Members ----------------------------------------------------------------------------------------------------------


def test_every_member_has_a_profile_whether_she_wrote_or_not(hear):
    told = archive().story(1)
    told.add(
        "authors",
        uid=9,
        penname="Renfield",
        realname="R. M. Renfield",
        website="www.asylum.example/renfield",
        bio="I keep <b>flies</b>.",
        image="stories/9/images/fly.jpg",
        date="2003-02-01 00:00:00",
    )
    heard = hear(told)
    assert set(heard.kept(Profile)) == {"1", "2", "3", "9"}
    profile = heard.kept(Profile)["9"]
    assert (profile.member.name, profile.member.key, profile.source.url) == (
        ("Renfield", "9", "http://whitby.example/fic/viewuser.php?uid=9")
    )
    assert profile.bio == "<p>I keep <b>flies</b>.</p>"
    assert profile.website == "http://www.asylum.example/renfield"
    assert profile.picture == "http://whitby.example/fic/stories/9/images/fly.jpg"
    assert profile.joined == datetime(2003, 2, 1, tzinfo=UTC)
    assert "R. M." not in repr(heard.events)


@pytest.mark.parametrize(
    ("question", "info", "shown"),
    [
        ((1, "page", ""), "http://whitby.example/x", "http://whitby.example/x"),
        ((2, "gender", "male|#|female|#|undisclosed"), "undisclosed", "undisclosed"),
        ((3, "betareader", ""), "1", "Yes"),
        ((3, "betareader", ""), "Ja", "Ja"),
        ((4, "lj", "http://{info}.livejournal.com"), "lucy_w", "http://lucy_w.livejournal.com"),
        ((4, "lj", "http://{info}.livejournal.com"), "http://lucy.example/", "http://lucy.example/"),
        ((5, "AOL", ""), "LucyW", "LucyW"),
        ((6, "town", ""), "Whitby &amp; Exeter", "Whitby & Exeter"),
    ],
)
def test_answers_to_the_site_s_own_questions_stand_under_their_titles(hear, question, info, shown):
    kind, name, options = question
    code = '$output .= system("id");'
    told = archive().add(
        "authorfields", field_id=4, field_type=kind, field_name=name, field_title="The question", field_options=options,
        field_code_in=code, field_code_out=code, field_on=1,
    )  # fmt: skip
    heard = hear(told.add("authorinfo", uid=3, field=4, info=info))
    assert heard.kept(Profile)["3"].fields == (("The question", shown),)
    assert heard.fate("fanfiction_authorinfo", "3/4") == ("merged", "profile of member 3")
    assert "never run" in heard.fate("fanfiction_authorfields", "4")[1]
    assert "system(" not in repr(heard.events)


def test_answers_that_no_page_may_show_are_kept_raw_with_the_reason(hear):
    told = archive()
    told.add("authorfields", field_id=1, field_type=6, field_name="msn", field_title="MSN", field_on=1)
    told.add("authorfields", field_id=2, field_type=6, field_name="age", field_title="Age", field_on=0)
    told.add("authorfields", field_id=3, field_type=1, field_name="website", field_title="Web Site", field_on=1)
    for uid, field, info in (
        (3, 1, "lucy@mail.example"), (3, 2, "19"), (3, 7, "?"), (3, 3, "javascript:alert(1)"), (0, 1, "x"),
        (2, 3, "http://mina.example"), (2, 1, ""),
    ):  # fmt: skip
        told.add("authorinfo", uid=uid, field=field, info=info)
    heard = hear(told)
    assert heard.kept(Profile)["3"].fields == ()
    assert heard.kept(Profile)["2"].website == "http://mina.example"
    reasons = {key: heard.fate("fanfiction_authorinfo", key) for key in ("3/1", "3/2", "3/7", "3/3", "0/1", "2/1")}
    assert {outcome for outcome, _why in reasons.values()} == {"kept raw"}
    assert reasons["3/1"][1] == "MSN is an address for mail, which no page shows"
    assert reasons["3/2"][1] == "the site had taken the question “Age” off its pages"
    assert reasons["3/7"][1] == "what the site asked under the number 7 is not in the dump"
    assert reasons["3/3"][1] == "it is no address of a web page"
    assert reasons["0/1"][1] == "member 0 is not in the dump"
    assert reasons["2/1"][1] == "it is empty"
    shown = repr([event for event in heard.events if isinstance(event, Kept)])
    assert "lucy@mail.example" not in shown
    assert "javascript" not in shown


def test_version_2_keeps_answers_with_the_member(hear):
    told = small()
    told.columns |= OLD
    told.add(
        "authors", uid=4, penname="Arthur", AOL="ArthurH", ICQ="12345", MSN="art@h.example", Yahoo="", betareader=1
    )
    heard = hear(told)
    assert heard.kept(Profile)["4"].fields == (("AIM", "ArthurH"), ("ICQ", "12345"), ("Beta-reader", "Yes"))
    assert "MSN IM is an address for mail" in heard.fate("fanfiction_authors", "4")[1]


def test_how_members_can_be_reached_is_told_before_any_story_and_beside_no_real_name(hear):
    told = archive().story(1)
    told.add(
        "authors", uid=5, penname="Seward", realname="John Seward", email="jack@asylum.example / J.Seward@a.example"
    )
    told.add("authors", uid=6, penname="Holmwood", email="none of your business")
    told.add("authors", uid=7, penname="Twice", email="Twin@a.example;twin@A.example")
    heard = hear(told)
    assert heard.contacts["5"].emails == ("jack@asylum.example", "J.Seward@a.example")
    assert heard.contacts["5"].credit.name == "Seward"
    assert heard.contacts["7"].emails == ("Twin@a.example",)
    assert "6" not in heard.contacts
    kinds = [type(event).__name__ for event in heard.events]
    assert max(i for i, kind in enumerate(kinds) if kind == "Contact") < kinds.index("Story")
    assert "John Seward" not in repr(heard.events)
    assert all(contact.password == "" for contact in heard.contacts.values())


def with_passwords(**levels: int) -> Archive:
    told = archive()
    for uid, (password, level) in enumerate(
        ((MD5, 0), (MD5.upper(), 4), (BCRYPT, -1), ("xfghtu", 0), (MD5, 1), (MD5, 2), (MD5, 3)), start=20
    ):
        told.add("authors", uid=uid, penname=f"Member {uid}", email=f"m{uid}@a.example", password=password)
        told.add("authorprefs", uid=uid, level=levels.get(f"m{uid}", level))
    return told.add("authors", uid=30, penname="No preferences", email="", password=MD5)


def test_passwords_are_told_only_when_asked_for_and_never_staff_s_nor_what_is_no_hash(hear):
    assert all(not each.password for each in hear(with_passwords()).contacts.values())
    told = {key: each.password for key, each in hear(with_passwords(), with_passwords=True).contacts.items()}
    assert told["20"] == MD5
    assert told["21"] == MD5.upper()
    assert told["22"] == BCRYPT
    assert told["30"] == MD5
    assert [told[staff] for staff in ("23", "24", "25", "26")] == [""] * 4


def test_no_password_is_told_where_staff_cannot_be_known(hear):
    told = archive().add("authors", uid=20, penname="Perhaps staff", email="p@a.example", password=MD5)
    heard = hear(told, with_passwords=True)
    assert MD5 not in repr(heard.events)
    assert "does not say who was staff" in heard.remark("No password").text


@pytest.mark.parametrize("columns", [OLD, OLDEST], ids=["2.0", "1.1"])
def test_staff_of_the_old_versions_is_known_by_a_column_of_the_members(hear, columns):
    told = small()
    told.columns |= {"authors": columns["authors"]}
    told.add("authors", uid=20, penname="Staff", email="s@a.example", password=MD5, level=1)
    told.add("authors", uid=21, penname="Member", email="m@a.example", password=MD5, level=0)
    heard = hear(told, with_passwords=True)
    assert (heard.contacts["20"].password, heard.contacts["21"].password) == ("", MD5)


def test_standing_and_preferences_are_kept_raw_and_told_nowhere(hear):
    told = archive().add("authorprefs", uid=3, level=-1, validated=1, userskin="Gothic").add("authorprefs", uid=77)
    told.rows["authors"][2] |= {"admincreated": 1}
    heard = hear(told)
    outcome, detail = heard.fate("fanfiction_authorprefs", "3")
    assert (outcome, "her standing there" in detail) == ("kept raw", True)
    assert heard.fate("fanfiction_authorprefs", "77") == ("kept raw", "member 77 is not in the dump")
    assert "made by the old site's staff" in heard.fate("fanfiction_authors", "3")[1]
    assert "Gothic" not in repr(heard.events)


# --- Favourites -------------------------------------------------------------------------------------------------------


def test_favourites_of_three_kinds_are_told_with_their_notes(hear):
    told = archive().story(1, title="Whitby Nights").add("series", seriesid=8, title="Castle")
    told.add("favorites", uid=3, item=1, type="ST", comments="Read it <i>twice</i>.")
    told.add("favorites", uid=3, item=8, type="SE").add("favorites", uid=2, item=3, type="AU")
    heard = hear(told)
    found = heard.kept(Favourite)
    assert [(each.kind, each.target, each.target_title, each.member.name) for each in found.values()] == [
        (FavouriteKind.WORK, "1", "Whitby Nights", "Lucy"),
        (FavouriteKind.SERIES, "8", "Castle", "Lucy"),
        (FavouriteKind.CREATOR, "3", "Lucy", "Mina"),
    ]
    assert found["3-ST-1"].note == "<p>Read it <i>twice</i>.</p>"


def test_favourites_that_lead_nowhere_are_told_and_say_so(hear):
    told = archive().add("favorites", uid=0, item=99, type="ST").add("favorites", uid=3, item=1, type="RE")
    heard = hear(told)
    assert heard.kept(Favourite)["0-ST-99"].member.key == ""
    assert heard.fate("fanfiction_favorites", "0/99/ST") == (
        "imported",
        "favourite of member 0: story 99; she is not in the dump; the story is not in the dump",
    )
    assert heard.fate("fanfiction_favorites", "3/1/RE") == (
        "kept raw",
        "favourites of the kind RE belong to an extension of the old site",
    )


def test_version_2_has_a_table_for_each_kind(hear):
    told = small().add("series", seriesid=8, title="Castle")
    told.columns |= OLD
    told.columns["authors"] = "uid penname email password"
    told.add("favstor", uid=3, sid=1).add("favauth", uid=3, favuid=2).add("favseries", uid=3, seriesid=8)
    heard = hear(told)
    assert [(each.kind, each.target) for each in heard.kept(Favourite).values()] == [
        (FavouriteKind.WORK, "1"),
        (FavouriteKind.CREATOR, "2"),
        (FavouriteKind.SERIES, "8"),
    ]
    assert heard.fate("fanfiction_favseries", "3/8/SE")[0] == "imported"


@needs_samples
def test_the_sample_s_favourites_are_all_told(sample):
    found = sample.kept(Favourite)
    assert len(found) == 50
    assert sum(each.member.key == "" for each in found.values()) == 11
    assert found["1-ST-1"].target_title == "Bacon ipsum"
    assert "the story is not in the dump" in sample.fate("fanfiction_favorites", "2/2694/ST")[1]


# --- News and pages ---------------------------------------------------------------------------------------------------


def test_news_come_with_what_members_said_of_them(hear):
    told = archive().add("news", nid=1, author="Admin", title="We are <i>open</i>", story="At last.", comments=3)
    told.add("comments", cid=4, nid=1, uid=3, comment="Hooray!", time="2004-06-01 00:00:00")
    told.add("comments", cid=5, nid=1, uid=305, comment="Nice.").add("comments", cid=6, nid=1, uid=0, comment="Hm.")
    told.add("comments", cid=7, nid=2, uid=3, comment="On what?")
    heard = hear(told)
    item = heard.kept(NewsItem)["1"]
    assert (item.title, item.body, item.author.key) == ("We are open", "<p>At last.</p>", "1")
    assert [(each.name, each.reviewer_key, each.key) for each in item.comments] == [
        ("Lucy", "3", "4"),
        ("eFiction member 305", "305", "5"),
        ("Anonymous", "", "6"),
    ]
    assert item.comments[0].posted == datetime(2004, 6, 1, tzinfo=UTC)
    assert heard.fate("fanfiction_comments", "7") == (
        "kept raw",
        "it was left on news 2, which is not in the dump",
    )


def test_comments_of_old_versions_name_their_writers_and_later_ones_count_seconds(hear):
    old = small()
    old.columns |= {"comments": OLD["comments"], "news": OLD["news"]}
    old.add("news", nid=1, author="Nobody here", title="News", story="x")
    old.add("comments", cid=1, nid=1, uname="Lucy", comment="y").add(
        "comments", cid=2, nid=1, uname="Gone", comment="z"
    )
    item = hear(old).kept(NewsItem)["1"]
    assert (item.author.name, item.author.key) == ("Nobody here", "")
    assert [(each.name, each.reviewer_key) for each in item.comments] == [("Lucy", "3"), ("Gone", "")]
    new = archive().add("news", nid=1, author="Lucy", title="News", story="x", time="1083579072")
    new.columns["comments"] += " time_backup"
    new.add("comments", cid=1, nid=1, uid=3, comment="y", time="0", time_backup="2004-05-03 10:11:12")
    item = hear(new).kept(NewsItem)["1"]
    assert item.posted == item.comments[0].posted == datetime(2004, 5, 3, 10, 11, 12, tzinfo=UTC)


def test_the_site_s_own_texts_become_pages(hear):
    told = archive()
    told.add("messages", message_id=1, message_name="rules", message_title="Rules", message_text="No <b>garlic</b>.")
    told.add("messages", message_id=2, message_name="tos", message_title="", message_text="Obey.")
    told.add("messages", message_id=3, message_name="help", message_title="Help", message_text="")
    told.add("messages", message_id=4, message_name="rules", message_title="Old rules", message_text="None.")
    heard = hear(told)
    pages = heard.kept(SitePage)
    assert set(pages) == {"rules", "tos", "rules-4"}
    assert pages["rules"].body == "<p>No <b>garlic</b>.</p>"
    assert pages["rules"].source.url == "http://whitby.example/fic/viewpage.php?page=rules"
    assert pages["tos"].title == "Terms of service"
    assert heard.fate("fanfiction_messages", "3") == ("kept raw", "the page “help” is empty")


def test_version_1_1_keeps_six_texts_in_its_settings(hear):
    told = small()
    told.columns |= {"settings": OLDEST["settings"]}
    told.add("settings", welcome="Come freely.", rules="Go safely.", help="", copyright="", thankyou="", nothankyou="")
    heard = hear(told)
    assert {key: page.body for key, page in heard.kept(SitePage).items()} == {
        "welcome": "<p>Come freely.</p>",
        "rules": "<p>Go safely.</p>",
    }
    assert heard.fate("fanfiction_settings", "row 1") == ("imported", "the site's pages: welcome, rules")


# --- Challenges -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("named", [False, True], ids=["ids", "names"])
@pytest.mark.parametrize("columns", [7, 8])
def test_challenges_are_told_with_what_answered_them(hear, named, columns):
    told = archive().add("characters", charid=6, catid=1, charname="Van Helsing")
    told.columns["challenges"] = " ".join(told.columns["challenges"].split()[:columns])
    told.columns["series"] += " challenges"
    told.add(
        "challenges", chalid=2, challenger="Admin", uid=1, title="Garlic", catid="1",
        characters="Van Helsing" if named else "6", summary="Ten words.",
    )  # fmt: skip
    told.add("challenges", chalid=3, challenger="Gone", uid=868, title="Bats", catid="-1", characters="", summary="x")
    answer = "Garlic" if named else "2,3"
    told.story(1, challenges=answer).story(2, challenges="0").add("series", seriesid=8, title="S", challenges=answer)
    heard = hear(told)
    garlic, bats = heard.kept(Challenge).values()
    assert (garlic.title, garlic.summary, garlic.challenger.key) == ("Garlic", "<p>Ten words.</p>", "1")
    assert garlic.taggings == (
        Tagging(kind=TagKind.FANDOM, name="Dracula"),
        Tagging(kind=TagKind.CHARACTER, name="Van Helsing"),
    )
    assert (garlic.works, garlic.series) == (("1",), ("8",))
    assert (bats.challenger.name, bats.taggings, bats.works) == ("Gone", (), () if named else ("1",))
    assert heard.fate("fanfiction_challenges", "2") == ("imported", "challenge 2")
    assert ("eFiction challenge", "Garlic") in heard.stories["1"].extras


# --- Series -----------------------------------------------------------------------------------------------------------


def test_a_series_is_told_with_owner_openness_tags_reviews_and_works_in_order(hear):
    told = archive(ratings=1).story(1).story(2).story(3)
    told.add("classtypes", classtype_id=1, classtype_name="genres", classtype_title="Genres")
    told.add("classes", class_id=1, class_type=1, class_name="Gothic")
    told.add("series", seriesid=8, title="Castle", summary="Cold.", uid=3, isopen=2, catid="1", classes="1",
             genres="Gothic,Lost in the upgrade", numstories=2, reviews=1)  # fmt: skip
    told.add("series", seriesid=9, title="Tower", uid=3, isopen=1).add("series", seriesid=10, title="Cell", isopen=0)
    for seriesid, sid, inorder, confirmed, part in (
        (8, 2, 1, 1, 0), (8, 1, 2, 1, 0), (8, 77, 3, 1, 0), (8, 3, 4, 0, 0), (8, 0, 5, 1, 9), (10, 78, 1, 1, 0),
    ):  # fmt: skip
        told.add("inseries", seriesid=seriesid, sid=sid, inorder=inorder, confirmed=confirmed, subseriesid=part)
    told.add("reviews", reviewid=5, item=8, uid=2, reviewer="Mina", review="All of it!", rating=9, type="SE")
    told.add("reviews", reviewid=6, item=44, uid=2, reviewer="Mina", review="What?", type="SE")
    heard = hear(told)
    castle, tower, cell = (heard.kept(SeriesAccount)[key] for key in ("8", "9", "10"))
    assert (castle.title, castle.summary, castle.credits[0].name) == ("Castle", "<p>Cold.</p>", "Lucy")
    assert [each.openness for each in (castle, tower, cell)] == [Openness.OPEN, Openness.MODERATED, Openness.CLOSED]
    assert castle.taggings == (
        Tagging(kind=TagKind.ADDITIONAL, name="Gothic"),
        Tagging(kind=TagKind.ADDITIONAL, name="Lost in the upgrade"),
        Tagging(kind=TagKind.FANDOM, name="Dracula"),
    )
    assert castle.works == ("2", "1", "77")
    assert (tower.within, castle.within) == ("8", "")
    assert [(each.body, each.score, each.scale) for each in castle.reviews] == [("<p>All of it!</p>", 9, "1-10")]
    assert ("eFiction stories waiting to be let in", "3") in castle.extras
    assert ("eFiction stories", "2") in castle.extras
    assert cell.works == ("78",)
    assert heard.fate("fanfiction_inseries", "8/77/0")[0] == "merged"
    assert heard.fate("fanfiction_inseries", "8/0/9") == ("merged", "series 9 is a part of series 8")
    assert heard.fate("fanfiction_inseries", "8/3/0") == ("kept raw", "the owner of the series had not let it in yet")
    assert heard.fate("fanfiction_reviews", "6") == ("kept raw", "series 44 is not in the dump")


def test_series_that_go_in_circles_are_within_nothing(hear):
    told = small()
    for seriesid, part in ((1, 2), (2, 3), (3, 1)):
        told.add("series", seriesid=seriesid, title=f"S{seriesid}")
        told.add("inseries", seriesid=seriesid, sid=0, subseriesid=part, confirmed=1)
    assert {each.within for each in hear(told).kept(SeriesAccount).values()} == {""}


# --- Figures ----------------------------------------------------------------------------------------------------------


def test_the_old_site_s_totals_are_held_against_the_dump(hear):
    told = archive().story(1, wordcount=4).story(2, validated=0, wordcount=9)
    told.add("reviews", reviewid=1, item=1, uid=3, review="Yes", type="ST", rating=-1)
    told.add("reviews", reviewid=2, item=1, uid=0, review="No Review", type="ST", rating=9)
    figures = {"stories": 1, "chapters": 2, "series": 0, "reviews": 1, "wordcount": 4, "authors": 1, "members": 3}
    told.add("stats", sitekey="other", stories=99).add("stats", sitekey="k", reviewers=1, **figures)
    assert not hear(told).remark("agree with what the dump holds").grave
    told.rows["stats"][1] |= {"stories": 7, "members": 2}
    remark = hear(told).remark("own totals differ")
    assert remark.grave
    assert "stories: 7 there, 1 in the dump; members: 2 there, 3 in the dump" in remark.text


def test_counters_that_had_drifted_are_told_once_for_each_kind_with_examples(hear):
    told = archive(ratings=1)
    for sid in range(1, 7):
        told.story(sid, "They rode on. " * 30, wordcount=500, reviews=3, rating=9)
        told.add("reviews", reviewid=sid, item=sid, uid=3, review="Yes", type="ST", rating=2)
    told.add("series", seriesid=1, title="S", numstories=4).add("authorprefs", uid=2, stories=6)
    told.rows["categories"][0] |= {"numitems": 9}
    heard = hear(told)
    assert heard.remark("Words of stories").text == (
        "Words of stories: the old site's counter was wrong in 6 of 6 (story 1: 500 there, 90 here; "
        "story 2: 500 there, 90 here; story 3: 500 there, 90 here). They are counted anew here."
    )
    assert "6 of 6 (story 1: 3 there, 1 here" in heard.remark("Reviews of stories").text
    assert "6 of 6 (story 1: 9 there, 2 here" in heard.remark("Average scores of stories").text
    assert "1 of 1 (series 1: 4 there, 0 here)" in heard.remark("Stories in series").text
    assert "1 of 1 (category 1: 9 there, 6 here)" in heard.remark("Stories in categories").text
    assert not [text for text in heard.remarks if text.startswith("Stories of members")]
    assert {("eFiction word count", "500"), ("eFiction reviews", "3"), ("eFiction average score", "9")} <= set(
        heard.stories["1"].extras
    )


def test_counters_at_the_end_of_their_column_are_told_and_kept(hear):
    heard = hear(archive().story(1, count=-12).story(2, reviews=32767).story(3, count=5))
    assert "below zero or at the end of their column in 2 stories (1, 2)" in heard.remark("counters are below").text
    assert ("eFiction reads", "-12") in heard.stories["1"].extras


@pytest.mark.parametrize(("places", "is_told"), [((1, 2), False), ((1, 3), True), ((0, 1), True), ((2, 3), True)])
def test_places_that_skip_or_begin_at_0_are_told(hear, places, is_told):
    told = archive().story(1, None)
    for chapid, place in enumerate(places, start=10):
        told.chapter(chapid, 1, "Text.", inorder=place)
    assert bool([text for text in hear(told).remarks if text.startswith("Chapters' places")]) is is_told


def test_the_log_and_the_settings_stay_raw_and_what_matters_of_them_is_said(hear):
    told = archive(slogan="Come freely", smtp_password="hunter2")
    for number, kind in enumerate(("RG", "DL", "DL"), start=1):
        told.add(
            "log", log_id=number, log_action="Mina from 10.1.2.3", log_uid=2, log_ip=b"\xff\xe9\x80\x81", log_type=kind
        )
    heard = hear(told)
    assert "log tells of: 2. " in heard.remark("log tells").text
    assert heard.remark("called itself").text == (
        "The old site called itself: Whitby · Come freely · http://whitby.example/fic."
    )
    assert heard.remark("smtp_password").grave
    assert heard.fate("fanfiction_log", "2")[0] == "kept raw"
    for secret in ("10.1.2.3", "hunter2"):
        assert secret not in repr(heard.events)


@needs_samples
def test_the_sample_tells_of_what_it_lost(sample):
    assert "stories: 3,835 there, 15 in the dump" in sample.remark("own totals differ").text
    assert [key for key, profile in sample.kept(Profile).items() if profile.website] == ["3", "5"]
    assert sample.kept(Challenge)["2"].challenger.key == "868"
    assert sample.kept(SeriesAccount)["118"].works == ("835", "838")
    assert len(sample.kept(NewsItem)["1"].comments) == 3
