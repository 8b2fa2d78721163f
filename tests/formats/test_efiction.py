"""An eFiction archive read: stories as their authors meant them, and a fate for every row and file."""

from __future__ import annotations

import gzip
import io
import json
from datetime import UTC, datetime

import pytest

from tests.formats.efiction_archive import OLD, OLDEST, Archive, Heard, read, small
from tests.samples import SAMPLES, needs_samples
from undying.formats import Contact, Fate, Outcome, Request, Unreadable
from undying.formats.efiction import READER
from undying.manuscript import Audience, Favourite, Profile, SitePage, State, Status, TagKind

SAMPLE = SAMPLES / "efiction" / "efiction.sql"


@pytest.fixture
def hear(tmp_path, tmp_path_factory):
    """A function that writes an archive and reads it."""

    def hear(archive: Archive | bytes, name: str = "dump.sql", **asked: object) -> Heard:
        folder = tmp_path_factory.mktemp("archive")
        if isinstance(archive, bytes):
            path = folder / name
            path.write_bytes(archive)
        else:
            path = archive.write(folder)
        return read(path, tmp_path, **asked)

    return hear


# --- The sample: a real archive, anonymised by its publishers ---------------------------------------------------------


@pytest.fixture(scope="module")
def sample(tmp_path_factory) -> Heard:
    return read(SAMPLE, tmp_path_factory.mktemp("sample"))


@needs_samples
def test_the_sample_is_claimed():
    assert READER.claims(SAMPLE, SAMPLE.read_bytes()[:65536])


@needs_samples
def test_all_stories_of_the_sample_that_have_a_text_are_read_in_order(sample):
    assert " ".join(sample.stories) == "1 3 50 51 54 108 741 835 838 3519 3721 3745 3785 4035"
    assert sample.fate("fanfiction_stories", "4") == ("kept raw", "it has no chapters")
    assert sum(len(story.chapters) for story in sample.stories.values()) == 17


@needs_samples
def test_repeated_positions_are_ordered_by_number_and_told(sample):
    assert [chapter.key for chapter in sample.stories["51"].chapters] == ["51", "53", "52"]
    assert "several chapters claim one place (1, 1, 2)" in sample.remark("Story 51:").text


@needs_samples
def test_three_encodings_of_coauthors_are_united(sample):
    assert [credit.key for credit in sample.stories["1"].credits] == ["2", "5", "3"]
    assert [credit.key for credit in sample.stories["108"].credits] == ["3", "5"]
    for flagged in ("3519", "3721", "3745", "3785"):
        assert len(sample.stories[flagged].credits) == 1
        assert "written by several" in sample.remark(f"Story {flagged}:").text


@needs_samples
def test_every_encoding_of_the_sample_is_read(sample):
    assert "Eôs in ipsum ocûrrëret. Alïi vidissé" in sample.stories["835"].chapters[0].body
    assert "quâèstiœ" in sample.stories["835"].chapters[0].body
    assert "7甲ニ藤築セワケラ楽人最け" in sample.stories["3721"].chapters[0].body
    assert sample.stories["3745"].chapters[0].body.startswith("<p>Lořem ipsúm dolor")
    assert sample.remark("Windows-1252").text == "Not in UTF-8, and read as Windows-1252: 1 chapter file."


@needs_samples
def test_a_link_in_place_of_a_text_is_kept_as_that_link(sample):
    assert 'href="http://www.example.com/author/example.shtml"' in sample.stories["741"].chapters[0].body
    assert "hardly more than a link" in sample.remark("Story 741").text


@needs_samples
def test_a_link_that_was_never_closed_swallows_no_text(sample):
    body = sample.stories["3"].chapters[1].body
    assert "BobCharacter@CMAFB.USAF.MIL" in body
    assert body.count("From:") == body.count("To:")


@needs_samples
def test_the_sample_s_tags_series_and_figures_are_mapped(sample):
    story = sample.stories["3721"]
    assert story.tags(TagKind.RELATIONSHIP) == ("Bill/Bob",)
    assert story.tags(TagKind.WARNING) == ("Violence",)
    assert story.tags(TagKind.RATING) == ("Mature",)
    assert "Humor" in story.tags(TagKind.ADDITIONAL)
    assert "Václav" in story.tags(TagKind.CHARACTER)
    assert ("eFiction category", "Slash Pairings > Bill/Bob") in story.extras
    assert ("eFiction word count", "9") in story.extras
    assert [(place.title, place.position, place.key) for place in story.series] == [("Japanese series", 5, "224")]
    assert story.source.url == "http://www.example.com/viewstory.php?sid=3721"
    assert story.published == datetime(2008, 10, 8, 20, 58, 26, tzinfo=UTC)
    assert (story.status, story.language, story.state) == (Status.COMPLETE, "en", State.POSTED)


@needs_samples
def test_reviews_of_chapters_that_are_lost_stand_under_the_whole_work_and_say_so(sample):
    outcome, detail = sample.fate("fanfiction_reviews", "1")
    assert (outcome, detail) == ("imported", "review of story 54; its chapter 117 is lost, so it is for the whole work")
    assert [(each.name, each.chapter) for each in sample.stories["54"].reviews] == [
        ("Reviewer 3", 0),
        ("Reviewer 4", 0),
    ]
    assert sample.fate("fanfiction_reviews", "10") == ("kept raw", "story 4 was not imported: it has no chapters")


@needs_samples
def test_files_that_are_no_chapters_are_kept(sample):
    assert sample.fate("stories/5/images/", "imagelist.js") == ("kept raw", "not the text of a chapter")
    assert sample.fate("stories/2/", "51.txt")[0] == "imported"


@needs_samples
def test_nothing_private_leaves_the_sample(sample):
    told = repr([event for event in sample.events if not isinstance(event, Fate | Contact)])
    for secret in ("A1@example.com", "xfghtu", "!BillBob!", "agsender", "admin@example.com"):
        assert secret not in told


@needs_samples
def test_the_sample_cut_anywhere_tells_where_and_still_adds_up(sample, tmp_path, tmp_path_factory):
    data = SAMPLE.read_bytes()
    folder = tmp_path_factory.mktemp("cut")
    (folder / "stories").symlink_to(SAMPLE.parent / "stories")
    path = folder / "cut.sql"
    for cut in range(5000, len(data), 1511):
        path.write_bytes(data[:cut])
        heard = read(path, tmp_path, stories=SAMPLE.parent / "stories", root=SAMPLE.parent)
        last = data[:cut].rstrip().rpartition(b"\n")[2]
        if not last.endswith(b";") and not last.startswith(b"#"):
            assert any("cut.sql stops at line" in remark for remark in heard.grave), cut
        assert set(heard.stories) <= set(sample.stories)


# --- Fates and orphans ------------------------------------------------------------------------------------------------


def test_orphans_are_kept_with_the_reason_named(hear):
    archive = small().story(1)
    archive.chapter(99, 7, "whose?")
    archive.add("coauthors", sid=7, uid=2)
    archive.add("series", seriesid=1, title="Nights").add("series", seriesid=2, title="Days")
    archive.add("inseries", seriesid=1, sid=1, subseriesid=0, confirmed=1, inorder=1)
    archive.add("inseries", seriesid=9, sid=1, subseriesid=0, confirmed=1, inorder=1)
    archive.add("inseries", seriesid=1, sid=7, subseriesid=0, confirmed=1, inorder=2)
    archive.add("inseries", seriesid=2, sid=1, subseriesid=0, confirmed=0, inorder=1)
    archive.add("reviews", reviewid=1, item=1, chapid=5, type="ST").add("reviews", reviewid=2, item=7, type="ST")
    archive.add("reviews", reviewid=3, item=1, type="SE").add("favorites", uid=3, item=1, type="ST")
    heard = hear(archive)
    reasons = {(fate.container.removeprefix("fanfiction_"), fate.key): fate.detail for fate in heard.fates}
    assert reasons["chapters", "99"] == "story 7 is not in the dump"
    assert reasons["coauthors", "7/2"] == "story 7 is not in the dump"
    assert reasons["inseries", "9/1/0"] == "series 9 is not in the dump"
    assert reasons["inseries", "1/7/0"] == "series 1 goes on listing story 7, which is lost"
    assert reasons["inseries", "2/1/0"] == "the owner of the series had not let it in yet"
    assert reasons["reviews", "1"] == "review of story 1; its chapter 5 is lost, so it is for the whole work"
    assert reasons["reviews", "2"] == "story 7 is not in the dump"
    assert reasons["reviews", "3"] == "review of series 1"
    assert reasons["favorites", "3/1/ST"] == "favourite of member 3: story 1"
    assert [place.title for place in heard.story.series] == ["Nights"]
    assert heard.fate("fanfiction_authors", "2")[0] == "imported"
    assert heard.fate("fanfiction_authors", "3")[0] == "imported"
    assert heard.fate("fanfiction_categories", "1")[0] == "merged"


def test_rows_that_do_not_fit_are_refused_and_the_others_read(hear):
    dump = small().story(1).story(2).dump()
    dump += b"INSERT INTO fanfiction_stories VALUES (3,'short');\n"
    dump += dump[dump.rindex(b"INSERT INTO fanfiction_chapters") :].split(b"\n")[0].replace(b"(20,", b"('x',") + b"\n"
    dump += b"INSERT INTO fanfiction_authors (uid, penname) VALUES (2, 'Again'), ('', 'nobody');\n"
    dump += b"INSERT INTO wp_posts VALUES (1, 'x');\n"
    heard = hear(dump)
    assert set(heard.stories) == {"1", "2"}
    assert heard.fate("fanfiction_stories", "row 3") == ("refused", "it has 2 values for 21 columns")
    assert heard.fate("fanfiction_chapters", "row 3") == ("refused", "its chapid is not a number")
    assert heard.fate("fanfiction_authors", "row 4") == ("refused", "another row with the key 2 came before it")
    assert heard.fate("fanfiction_authors", "row 5") == ("refused", "its uid is not a number")
    assert heard.fate("wp_posts", "row 1") == ("kept raw", "it is no table of eFiction")


def test_a_lost_chapter_is_left_out_and_a_story_without_any_is_kept_raw(hear):
    archive = small().story(1).chapter(11, 1, "", inorder=2).story(2, "  ").story(3, None)
    archive.add("reviews", reviewid=5, item=1, chapid=11, review="Where is it?", type="ST")
    heard = hear(archive)
    assert [chapter.key for chapter in heard.story.chapters] == ["10"]
    assert heard.story.reviews[0].chapter == 0
    assert heard.fate("fanfiction_chapters", "11") == (
        "kept raw",
        "its text is missing, both in the dump and in the stories folder",
    )
    assert heard.fate("fanfiction_stories", "2") == ("kept raw", "none of its chapters has a text")
    assert heard.fate("fanfiction_chapters", "20")[1] == "story 2 was not imported: none of its chapters has a text"
    assert heard.fate("fanfiction_stories", "3") == ("kept raw", "it has no chapters")
    assert any("Story 1, chapter 2 (number 11): its text is missing" in text for text in heard.grave)


# --- Chapter files ----------------------------------------------------------------------------------------------------


def test_texts_come_from_files_wherever_they_lie_and_differences_are_told(hear):
    archive = small().story(1, "").story(2, "Old text.").story(3, "Same text.").story(4, "")
    archive.files = {
        "backup/sf/2/10.txt": b"From its own folder.",
        "backup/sf/3/10.txt": b"A stale copy.",
        "backup/sf/2/20.txt": b"New text.",
        "backup/sf/2/30.txt": b"Same  text.\n",
        "backup/sf/3/40.txt": b"From another's folder.",
        "backup/sf/2/77.txt": b"A deleted chapter.",
        "backup/sf/readme.html": b"hello",
    }
    heard = hear(archive)
    bodies = {key: story.chapters[0].body for key, story in heard.stories.items()}
    assert bodies == {
        "1": "<p>From its own folder.</p>",
        "2": "<p>New text.</p>",
        "3": "<p>Same text.</p>",
        "4": "<p>From another's folder.</p>",
    }
    assert "hold different texts; the file's was taken" in heard.remark("Story 2").text
    assert "not in its author's folder" in heard.remark("Story 4").text
    assert heard.fate("backup/sf/2/", "30.txt")[0] == "merged"
    assert heard.fate("backup/sf/3/", "10.txt") == (
        "kept raw",
        "another copy of chapter 10, which was taken from elsewhere",
    )
    assert "no chapter has the number 77" in heard.fate("backup/sf/2/", "77.txt")[1]
    assert "it begins “A deleted chapter.…”" in heard.fate("backup/sf/2/", "77.txt")[1]
    assert "1 text belongs to no chapter of the dump (backup/sf/2/77.txt)" in heard.remark("belongs to no chapter").text
    assert heard.fate("backup/sf/", "readme.html") == ("kept raw", "not the text of a chapter")
    assert all(fate.file and fate.file.is_file() for fate in heard.fates if fate.container.endswith("/"))


def test_a_site_that_kept_its_texts_in_the_database_has_them_from_there_and_its_old_files_are_kept(hear):
    archive = small().story(1, "The new text.").story(2, "").story(3, "Cut " + "x" * 65_531)
    archive.add("settings", sitekey=1, tableprefix="", store="mysql")
    archive.files = {
        "stories/2/10.txt": b"The old text.",
        "stories/2/20.txt": b"Only here.",
        "stories/2/30.txt": b"Cut " + b"x" * 70_000,
    }
    heard = hear(archive)
    assert heard.stories["1"].chapters[0].body == "<p>The new text.</p>"
    assert heard.fate("stories/2/", "10.txt") == (
        "kept raw", "another text than the dump has of chapter 10 of story 1"
    )  # fmt: skip
    assert "the dump's was taken, and both are kept" in heard.remark("hold different texts").text
    assert heard.stories["2"].chapters[0].body == "<p>Only here.</p>"
    assert len(heard.stories["3"].chapters[0].body) > 70_000
    assert "cut; the text of the file stories/2/30.txt was taken" in heard.remark("Story 3").text


def test_another_archive_s_folder_is_not_believed(hear):
    archive = small().story(1, "").story(2, "x")
    archive.files = {f"stories/{uid}/{chapid}.txt": b"Not ours." for uid, chapid in ((55, 10), (56, 20), (57, 21))}
    heard = hear(archive)
    assert set(heard.stories) == {"2"}
    assert any("name it with --stories" in text for text in heard.grave)


def test_links_in_the_folder_are_not_followed(hear, tmp_path_factory):
    secret = tmp_path_factory.mktemp("elsewhere") / "secret.txt"
    secret.write_text("Not part of the archive.")
    archive = small().story(1, "").story(2, "")
    archive.files = {"stories/2/20.txt": b"Ours."}
    folder = tmp_path_factory.mktemp("linked")
    path = archive.write(folder)
    (folder / "stories" / "2" / "10.txt").symlink_to(secret)
    heard = read(path, tmp_path_factory.mktemp("work"))
    assert set(heard.stories) == {"2"}
    assert heard.fate("stories/2/", "10.txt")[0] == "refused"


def test_a_text_that_fills_the_column_is_told_as_possibly_cut(hear):
    heard = hear(small().story(1, "x" * 65_535).story(2, "x" * 65_532))
    (told,) = (text for text in heard.remarks if "MySQL may have cut its end off" in text)
    assert told.startswith("Story 1, chapter 1 (number 10): its text fills the database's column")


# --- Values -----------------------------------------------------------------------------------------------------------


def test_drafts_stay_drafts_and_members_stories_stay_members(hear):
    archive = small().add("ratings", rid=2, rating="General", ratingwarning="6")
    archive.story(1, validated="0").story(2, validated=2, rid="2").chapter(21, 2, "Hidden.", validated="", inorder=2)
    stories = hear(archive).stories
    assert (stories["1"].state, stories["1"].audience) == (State.DRAFT, Audience.EVERYONE)
    assert (stories["2"].state, stories["2"].audience) == (State.POSTED, Audience.MEMBERS)
    assert [chapter.state for chapter in stories["2"].chapters] == [State.POSTED, State.DRAFT]
    assert stories["2"].tags(TagKind.RATING) == ("Not Rated",), "a rating that asks the age is no rating for everybody"
    assert ("eFiction rating", "General") in stories["2"].extras
    assert stories["1"].tags(TagKind.RATING) == ("Teen And Up Audiences",)
    assert ("eFiction rating", "PG-13") in stories["1"].extras


@pytest.mark.parametrize(
    ("written", "read_as"),
    [
        ("2004-05-03 10:11:12", datetime(2004, 5, 3, 10, 11, 12, tzinfo=UTC)),
        ("1083579072", datetime(2004, 5, 3, 10, 11, 12, tzinfo=UTC)),
        ("20040503101112", datetime(2004, 5, 3, 10, 11, 12, tzinfo=UTC)),
        ("2004-05-03", datetime(2004, 5, 3, tzinfo=UTC)),
        ("0000-00-00 00:00:00", None),
        ("2004-02-31 00:00:00", None),
        ("0", None),
        ("", None),
        (None, None),
        ("yesterday", None),
    ],
)
def test_dates_of_all_versions_are_read(hear, written, read_as):
    assert hear(small().story(1, date=written)).story.published == read_as


def test_titles_and_names_become_plain_text(hear):
    archive = small().story(1, title="<i>Carmilla</i> &amp; the &quot;Ca&ntilde;on&quot;&nbsp;<3", uid=4)
    archive.add("authors", uid=4, penname="laura@example.com")
    story = hear(archive).story
    assert story.title == 'Carmilla & the "Cañon" <3'
    assert story.credits[0].name == "laura"


def test_unknown_members_and_numbers_are_named_by_number(hear):
    heard = hear(small().story(1, uid=44, charid="8,9", classes="5"))
    assert [(credit.name, credit.key) for credit in heard.story.credits] == [("eFiction member 44", "44")]
    assert "(44)" in heard.remark("Creators without a row").text
    assert "characters 8, characters 9" in heard.remark("Story 1").text
    assert ("eFiction characters, unknown number", "8") in heard.story.extras


def test_a_round_robin_is_by_all_who_wrote_a_chapter(hear):
    archive = small().story(1, rr=1).chapter(11, 1, "Lucy's part.", uid=3, inorder=2)
    story = hear(archive).story
    assert [credit.name for credit in story.credits] == ["Mina", "Lucy"]
    assert [[credit.name for credit in chapter.credits] for chapter in story.chapters] == [[], ["Lucy"]]


def test_categories_are_fandoms_or_pairings_as_the_tree_shows(hear):
    pairs = small().add("categories", catid=2, parentcatid=-1, category="Het Pairings").story(1, catid="1,3")
    pairs.add("categories", catid=3, parentcatid=2, category="Mina/Jonathan")
    story = hear(pairs).story
    assert (story.tags(TagKind.FANDOM), story.tags(TagKind.RELATIONSHIP)) == ((), ("Mina/Jonathan",))
    plain = small().add("categories", catid=2, parentcatid=1, category="Stage plays").story(1, catid="1,2")
    story = hear(plain).story
    assert story.tags(TagKind.FANDOM) == ("Stage plays",)
    assert ("eFiction category", "Dracula > Stage plays") in story.extras


def test_characters_that_are_pairs_are_relationships_and_classes_go_by_their_type(hear):
    archive = small().story(1, charid="1,2", classes="1,2,3")
    archive.add("characters", charid=1, charname="Mina/Jonathan").add("characters", charid=2, charname="Renfield")
    archive.add("classtypes", classtype_id=4, classtype_name="warn", classtype_title="Content Warnings")
    archive.add("classtypes", classtype_id=5, classtype_name="era", classtype_title="Era")
    archive.add("classes", class_id=1, class_type=4, class_name="Blood")
    archive.add("classes", class_id=2, class_type=5, class_name="1890s").add(
        "classes", class_id=3, class_type=9, class_name="x"
    )
    story = hear(archive).story
    assert story.tags(TagKind.RELATIONSHIP) == ("Mina/Jonathan",)
    assert story.tags(TagKind.CHARACTER) == ("Renfield",)
    assert story.tags(TagKind.WARNING) == ("Blood",)
    assert story.tags(TagKind.ADDITIONAL) == ("1890s", "x")
    assert ("eFiction Era", "1890s") in story.extras


def test_series_stand_in_series_and_circles_end(hear):
    archive = small().story(1)
    for number, title in ((1, "Whitby"), (2, "England"), (3, "Europe")):
        archive.add("series", seriesid=number, title=title, summary=f"All of {title}")
    archive.add("inseries", seriesid=1, sid=1, subseriesid=0, confirmed=1, inorder=4)
    archive.add("inseries", seriesid=2, sid=0, subseriesid=1, confirmed=1, inorder=2)
    archive.add("inseries", seriesid=3, sid=0, subseriesid=2, confirmed=1, inorder=1)
    archive.add("inseries", seriesid=1, sid=0, subseriesid=3, confirmed=1, inorder=9)
    heard = hear(archive)
    (place,) = heard.story.series
    assert (place.title, place.position, place.summary) == ("Whitby", 4, "<p>All of Whitby</p>")
    assert place.within
    assert (place.within.title, place.within.position) == ("England", 2)
    assert place.within.within
    assert place.within.within.title == "Europe"
    assert place.within.within.within is None
    assert heard.fate("fanfiction_inseries", "2/0/1")[0] == "merged"


def test_reviews_keep_words_scores_and_answers_apart(hear):
    archive = small().story(1).chapter(11, 1, "Two.", inorder=2)
    archive.add("settings", sitekey="k", url="http://whitby.example/fic", language="en", ratings=1)
    answered = "Lovely<br><br><i>Author's Response: Thank you!</i>"
    archive.add(
        "reviews", reviewid=1, item=1, chapid=11, reviewer="Van", uid=3, review=answered, rating=9, respond=1, type="ST"
    )
    archive.add(
        "reviews", reviewid=2, item=1, chapid=10, reviewer="Quincey", uid=0, review="No Review", rating=10, type="ST"
    )
    german = "Schön<br /><br /><i>Antwort des Autors: Danke</i><br><br><i>Antwort des Autors: Nochmals</i>"
    archive.add(
        "reviews", reviewid=3, item=1, chapid=0, reviewer="a@b.example", review=german, rating=-1, respond=1, type="ST"
    )
    quoting = "You wrote:<br><br><i>He said: no</i><br>Why?"
    archive.add("reviews", reviewid=4, item=1, chapid=10, reviewer="", uid=2, review=quoting, rating=0, type="ST")
    one, two, three, four = hear(archive).story.reviews
    assert (one.name, one.body, one.response, one.score, one.scale, one.chapter, one.reviewer_key) == (
        ("Van", "<p>Lovely</p>", "<p>Thank you!</p>", 9, "1-10", 2, "3")
    )
    assert (two.body, two.score, two.reviewer_key, two.chapter) == ("", 10, "", 1)
    assert (three.name, three.body, three.score, three.scale, three.chapter) == ("a", "<p>Schön</p>", None, "", 0)
    assert "Danke" in three.response
    assert "Nochmals" in three.response
    assert (four.name, four.response, four.score) == ("Mina", "", None)
    assert "He said: no" in four.body


def test_no_address_hash_or_number_of_a_machine_leaves_the_dump(hear):
    archive = small().story(1)
    archive.add(
        "settings", sitekey="k", url="http://whitby.example", siteemail="owner@example.com", smtp_password="hunter2"
    )
    archive.add("reviews", reviewid=1, item=1, reviewer="10.1.2.3", review="Good.", type="ST")
    told = repr([event for event in hear(archive).events if not isinstance(event, Contact)])
    for secret in ("@example.com", "fedcba9876543210", "hunter2", "10.1.2.3"):
        assert secret not in told


# --- Encodings and damage ---------------------------------------------------------------------------------------------


def test_a_dump_in_windows_1252_with_files_in_utf_8_is_read(hear):
    archive = small().story(1, "", title="Café “Noir”".encode("cp1252"), summary="It’s a naïve tale…".encode("cp1252"))
    archive.files = {"stories/2/10.txt": "L’été à Whitby — “enfin”.".encode()}
    story = hear(archive).story
    assert (story.title, story.summary) == ("Café “Noir”", "<p>It’s a naïve tale…</p>")
    assert story.chapters[0].body == "<p>L’été à Whitby — “enfin”.</p>"


def test_what_the_old_site_broke_for_certain_is_mended_and_told(hear):
    broken = "“Don’t,” he said…".encode().decode("cp1252", "replace").replace("\ufffd", "\x9d")
    heard = hear(small().story(1, "It is late.", title=broken, summary=r"It\'s \"here\""))
    assert heard.story.title == "“Don’t,” he said…"
    assert heard.story.summary == '<p>It\'s "here"</p>'
    assert "mended in 4 places" in heard.remark("Text encoded twice").text
    assert "mended in 3 places" in heard.remark("Backslashes before quotes").text


def test_letters_lost_before_the_dump_are_counted(hear):
    heard = hear(small().story(1, "He couldn?t and wouldn?t. Why? See http://x.example/a.php?b=c"))
    assert "2 times, in story 1:" in heard.remark("Question marks").text


# --- Versions and dialects --------------------------------------------------------------------------------------------


def test_version_2_0_with_tags_by_name_is_read(hear):
    archive = small()
    archive.columns |= OLD
    archive.add("genres", gid=1, genre="Gothic").add("warnings", wid=1, warning="Blood")
    archive.add(
        "stories",
        sid=1,
        title="Old",
        uid=2,
        validated=1,
        rid="PG-13",
        gid="Gothic,Unlisted",
        wid="Blood",
        charid="Mina",
        catid="1",
    )
    archive.chapter(10, 1, "Text.")
    archive.add("reviews", reviewid=1, sid=1, chapid=10, reviewer="Van", member=3, review="Good.", rating=0)
    archive.add("reviews", reviewid=2, sid=0, chapid=0, reviewer="Van", member=3, review="Good.", seriesid=1)
    archive.add("series", seriesid=1, title="Nights", owner=2)
    archive.add("inseries", seriesid=1, sid=1, subseriesid=0, confirmed=0, inorder=1)
    heard = hear(archive)
    story = heard.story
    assert story.tags(TagKind.ADDITIONAL) == ("Gothic", "Unlisted")
    assert story.tags(TagKind.WARNING) == ("Blood",)
    assert story.tags(TagKind.CHARACTER) == ("Mina",)
    assert story.tags(TagKind.RATING) == ("Teen And Up Audiences",)
    assert [(review.reviewer_key, review.chapter) for review in story.reviews] == [("3", 1)]
    assert [place.title for place in story.series] == ["Nights"]
    assert heard.fate("fanfiction_reviews", "2")[1] == "review of series 1"
    assert heard.fate("fanfiction_genres", "1")[0] == "merged"


def test_version_1_1_with_chapters_among_the_stories_is_read(hear):
    archive = small()
    archive.columns |= OLDEST
    archive.add("settings", welcome="Hello")
    common = {
        "uid": 2,
        "validated": 1,
        "gid": "Gothic",
        "wid": "",
        "charid": "",
        "rid": "PG-13",
        "catid": "1",
        "storytext": "",
    }
    archive.add("stories", sid=5, psid=5, title="Carfax", chapter="Arrival", inorder=0, **common)
    archive.add("stories", sid=6, psid=5, title="Carfax", chapter="Night", inorder=1, **(common | {"uid": 3}))
    archive.add("stories", sid=8, psid=7, title="Lost", chapter="Head", inorder=1, **common)
    archive.add("reviews", reviewid=1, sid=6, psid=5, reviewer="Van", member=3, review="Good.")
    archive.files = {"stories/Mina/5.txt": b"One.", "stories/Lucy/6.txt": b"Two."}
    heard = hear(archive)
    story = heard.story
    assert [(chapter.title, chapter.body) for chapter in story.chapters] == [
        ("Arrival", "<p>One.</p>"),
        ("Night", "<p>Two.</p>"),
    ]
    assert [credit.name for credit in story.chapters[1].credits] == ["Lucy"]
    assert story.reviews[0].chapter == 2
    assert story.tags(TagKind.ADDITIONAL) == ("Gothic",)
    assert heard.fate("fanfiction_stories", "8") == ("kept raw", "story 7 is not in the dump")
    assert heard.kept(SitePage)["welcome"].body == "<p>Hello</p>"
    assert heard.fate("fanfiction_settings", "row 1") == (
        "imported",
        "the site's pages: welcome, rules, help, copyright, thankyou, nothankyou",
    )


@pytest.mark.parametrize("version", ["3.5", "3.0", "2.0", "1.1"])
def test_efiction_s_own_backup_without_columns_is_read_by_their_number(hear, version):
    archive = small()
    if version == "3.0":
        archive.columns["stories"] = archive.columns["stories"].removesuffix(" challenges")
    elif version == "2.0":
        archive.columns |= {name: OLD[name] for name in ("stories", "chapters")}
    elif version == "1.1":
        archive.columns |= OLDEST
    archive.story(1, 'It\'s "late";\r\n(no)' if version != "1.1" else None)
    if version == "1.1":
        archive.rows["stories"][0] |= {"psid": 1, "chapter": "One", "storytext": 'It\'s "late";\r\n(no)'}
    dump = archive.dump(create=False, quote='"').replace(b"\n", b"\r\n").replace(b"NULL", b'""')
    heard = hear(dump)
    assert heard.story.title == "Story 1"
    assert heard.story.chapters[0].body == '<p>It\'s "late";<br>(no)</p>'
    assert heard.story.published == datetime(2004, 5, 3, 10, 11, 12, tzinfo=UTC)


def test_columns_that_fit_no_known_version_are_refused_with_what_to_do(hear):
    heard = hear(
        b"INSERT INTO fanfiction_stories VALUES (1,'a','b');\nINSERT INTO fanfiction_authors VALUES (1,'Mina');\n"
    )
    assert heard.fate("fanfiction_stories", "row 1")[0] == "refused"
    assert "export it again with CREATE TABLE" in heard.fate("fanfiction_stories", "row 1")[1]
    assert heard.fate("fanfiction_authors", "1")[0] == "imported"


def test_columns_left_over_from_an_upgrade_do_no_harm(hear):
    archive = small()
    archive.columns["stories"] = "date_backup " + archive.columns["stories"] + " updated_backup"
    assert hear(archive.story(1, date="1083579072")).story.published == datetime(2004, 5, 3, 10, 11, 12, tzinfo=UTC)


@pytest.mark.parametrize("pack", ["gz", "utf-16", "bom", "crlf"])
def test_packed_and_re_encoded_dumps_are_read(hear, tmp_path, pack):
    dump = small().story(1, "The Count’s café.").dump()
    data = {
        "gz": gzip.compress(dump[:99]) + gzip.compress(dump[99:]) + b"\0" * 9,
        "utf-16": dump.decode().encode("utf-16"),
        "bom": b"\xef\xbb\xbf" + dump,
        "crlf": dump.replace(b"\n", b"\r\n"),
    }[pack]
    heard = hear(data, "dump.sql.gz" if pack == "gz" else "dump.sql")
    assert heard.story.chapters[0].body == "<p>The Count’s café.</p>"
    path = tmp_path / "x.sql"
    path.write_bytes(data)
    assert READER.claims(path, data[:65536])
    for container, key, begins in (("stories", "1", b"(1, 'Story 1', '0'"), ("authors", "2", b"(2, 'Mina'")):
        (span,) = (fate.span for fate in heard.fates if (fate.container, fate.key) == (f"fanfiction_{container}", key))
        row = excerpt(data, span)
        assert row.startswith(begins)
        assert row.endswith(b")")
        assert dump.count(row) == 1
    assert "café".encode() in excerpt(data, (0, 1 << 40))


def excerpt(data, span):
    return b"".join(READER.excerpt(io.BytesIO(data), span))


def test_a_row_s_bytes_are_found_again_far_into_a_packed_dump(hear):
    news = b"".join(b"INSERT INTO fanfiction_news VALUES (%d, 'caf\xe9\r\n');\n" % n for n in range(99_999))
    data = gzip.compress(small().story(1).dump() + news)
    heard = hear(data, "dump.sql.gz")
    spans = {fate.key: fate.span for fate in heard.fates if fate.container == "fanfiction_news"}
    for row in (1, 50_000, 99_999):
        assert excerpt(data, spans[f"row {row}"]) == b"(%d, 'caf\xe9\r\n')" % (row - 1)


def test_a_packed_dump_that_is_cut_off_gives_what_is_there(hear):
    dump = small().story(1).dump() + b"".join(b"INSERT INTO fanfiction_news VALUES (%d);\n" % n for n in range(9999))
    heard = hear(gzip.compress(dump)[:-2000], "dump.sql.gz")
    assert set(heard.stories) == {"1"}
    assert any("the packed file is cut off" in text for text in heard.grave)


def test_a_mysqldump_without_its_closing_line_is_told(hear):
    dump = b"-- MySQL dump 10.13\n" + small().story(1).dump()
    assert any("closing line" in text for text in hear(dump).grave)
    assert hear(dump + b"-- Dump completed on 2010-01-01\n").grave == []


# --- Members in another program's table -------------------------------------------------------------------------------

FORUMS = {
    "smf_members": "`ID_MEMBER`, `memberName`, `dateRegistered`, `realName`, `emailAddress`",
    "smf2_members": "id_member, member_name, date_registered, real_name, email_address",
    "phpbb_users": "user_id, user_type, username, user_password, user_email",
    "fusion_users": "user_id, user_name, user_level, user_password, user_email",
    "e107_user": "user_id, user_loginname, user_admin, user_name, user_email",
    "user": "userid, usergroupid, username, password, email",
    "ibf_members": "member_id, name, mgroup, members_display_name, email",
    "wp_users": "ID, user_login, user_pass, display_name, user_email",
}

SHOWN = ("realname", "real_name", "user_name", "members_display_name", "display_name", "username")


def forum(table: str, *members: tuple[int, str]) -> bytes:
    columns = FORUMS[table]
    names = [column.strip(" `").lower() for column in columns.split(",")]
    shown = next(name for name in SHOWN if name in names)
    rows = []
    for uid, member in members:
        values = {names[0]: str(uid), shown: member, names[-1]: f"m{uid}@example.com"}
        rows.append("(" + ",".join(f"'{values.get(name, 'x')}'" for name in names) + ")")
    return f"INSERT INTO {table} ({columns}) VALUES {','.join(rows)};\n".encode()


@pytest.mark.parametrize("table", FORUMS)
def test_authors_who_are_members_of_a_forum_are_named_by_its_table(hear, table):
    archive = Archive().story(1, uid=7).add("favorites", uid=8, item=1, type="ST")
    heard = hear(archive.story(2, uid=8).dump() + forum(table, (7, "Mina"), (8, "Lucy"), (9, "Arthur")))
    assert [profile.member.name for profile in heard.kept(Profile).values()] == ["Mina", "Lucy"]
    assert [favourite.member.name for favourite in heard.kept(Favourite).values()] == ["Lucy"]
    assert set(heard.contacts) == {"7", "8"}
    assert [story.credits[0].name for story in heard.stories.values()] == ["Mina", "Lucy"]
    assert heard.fate(table, "7")[0] == "imported"
    assert heard.fate(table, "row 3") == ("kept raw", "it is no table of eFiction")
    assert f"the names of 2 of them were read from {table} (" in heard.remark("in another table").text
    assert "Mina" not in str([fate.detail for fate in heard.fates])


def test_a_forum_s_members_name_nobody_where_the_archive_knows_its_own(hear):
    archive = small().story(1).story(2, uid=3).story(3, uid=99)
    heard = hear(archive.dump() + forum("phpbb_users", (2, "Wrong"), (99, "Wrong too")))
    assert [story.credits[0].name for story in heard.stories.values()] == ["Mina", "Lucy", "eFiction member 99"]
    assert heard.fate("phpbb_users", "row 2")[0] == "kept raw"


def test_of_several_tables_of_members_the_one_that_knows_most_is_believed(hear):
    archive = Archive().story(1, uid=7).story(2, uid=8).story(3, uid=9)
    forums = forum("wp_users", (7, "Wrong")) + forum("smf_members", (7, "Mina"), (8, "Lucy"), (9, "Arthur"))
    heard = hear(archive.dump() + forums)
    assert [story.credits[0].name for story in heard.stories.values()] == ["Mina", "Lucy", "Arthur"]


def test_a_table_that_knows_hardly_anyone_is_not_believed(hear):
    archive = Archive().story(1, uid=7).story(2, uid=8).story(3, uid=9)
    heard = hear(archive.dump() + forum("wp_users", (7, "Wrong")))
    assert heard.stories["1"].credits[0].name == "eFiction member 7"


def test_authors_may_be_kept_by_another_archive_in_the_dump(hear):
    first = Archive().story(1, uid=2)
    second = small()
    second.prefix = "main_"
    heard = hear(first.dump() + second.story(5).dump(), install="fanfiction_")
    assert heard.story.credits[0].name == "Mina"
    assert heard.fate("main_fanfiction_authors", "2")[0] == "imported"
    assert heard.fate("main_fanfiction_authors", "row 1")[0] == "kept raw"


# --- Several archives, and none ---------------------------------------------------------------------------------------


def two_archives() -> bytes:
    second = small()
    second.prefix = "hpff_"
    second.story(1, title="The other")
    return small().story(1).dump() + second.dump()


def test_two_archives_in_one_dump_must_be_chosen_from(hear):
    with pytest.raises(
        Unreadable, match=r"holds 2 archives \(fanfiction_, hpff_fanfiction_\): choose one with --install"
    ):
        hear(two_archives())
    with pytest.raises(Unreadable, match="holds no archive named x_"):
        hear(two_archives(), install="x_")
    heard = hear(two_archives(), install="hpff_")
    assert heard.story.title == "The other"
    assert heard.fate("fanfiction_stories", "row 1")[1].startswith("it belongs to another archive")
    assert hear(two_archives(), install="fanfiction_").story.title == "Story 1"


def test_two_databases_with_the_same_tables_are_told_apart(hear):
    dump = b"USE one;\n" + small().story(1).dump() + b"USE two;\n" + small().story(1, title="The other").dump()
    with pytest.raises(Unreadable, match=r"one\.fanfiction_, two\.fanfiction_"):
        hear(dump)
    heard = hear(dump, install="two.")
    assert heard.story.title == "The other"
    assert heard.fate("two.fanfiction_stories", "1")[0] == "imported"


def test_settings_under_another_prefix_are_found(hear):
    archive = small().story(1)
    settings = Archive(prefix="settings").add(
        "settings", sitekey="k", tableprefix="", url="https://whitby.example/", language="de"
    )
    heard = hear(archive.dump() + settings.dump())
    story = heard.story
    assert (story.source.site, story.language) == ("whitby.example", "de")
    assert "address, language and scale of scores were read" in heard.fate("settingsfanfiction_settings", "row 1")[1]
    assert story.credits[0].url == "https://whitby.example/viewuser.php?uid=2"


def test_the_site_s_name_is_the_archivist_s_where_she_gives_one(hear):
    assert hear(small().story(1)).story.source.site == "efiction"
    assert hear(small().story(1), site="whitby").story.source.site == "whitby"


def test_a_dump_of_something_else_is_not_claimed_and_not_readable(hear, tmp_path):
    path = tmp_path / "x.sql"
    for data in (
        b"-- MySQL dump\nCREATE TABLE wp_posts (a int);\n",
        b"A story about fanfiction_stories.",
        b"\x1f\x8bjunk",
        b"",
    ):
        path.write_bytes(data)
        assert not READER.claims(path, data)
    with pytest.raises(Unreadable, match=r"holds none of eFiction's tables"):
        hear(b"CREATE TABLE wp_posts (a int);\n")


def test_tables_far_into_a_dump_are_found(tmp_path):
    path = tmp_path / "big.sql"
    path.write_bytes(b"-- dump\n" + b"INSERT INTO wp_posts VALUES (1);\n" * 9000 + small().story(1).dump())
    assert READER.claims(path, path.read_bytes()[:65536])


def test_a_stories_folder_that_is_none_is_refused(hear, tmp_path):
    with pytest.raises(Unreadable, match="is no folder"):
        hear(small().story(1), stories=tmp_path / "nothing")


def test_every_fate_names_an_outcome_and_a_reason(hear):
    heard = hear(small().story(1))
    assert all(fate.detail for fate in heard.fates)
    assert {fate.outcome for fate in heard.fates} <= set(Outcome)
    assert json.dumps([fate.key for fate in heard.fates])


def test_request_root_decides_how_folders_are_shown(tmp_path):
    archive = small().story(1, "")
    archive.files = {"stories/2/10.txt": b"Text."}
    folder = tmp_path / "upload" / "site"
    folder.mkdir(parents=True)
    path = archive.write(folder)
    (tmp_path / "work").mkdir()
    events = list(READER.read(path, Request(scratch=tmp_path / "work", root=tmp_path / "upload")))
    assert Heard(events).fate("site/stories/2/", "10.txt")[0] == "imported"
