"""What an eFiction site's categories, classes and characters are: proposed with reasons, decided by the archivist."""

from __future__ import annotations

import pytest

from tests.formats.efiction_archive import OLD, Archive, Heard, read, small
from undying.formats import Meaning
from undying.formats.efiction.kinds import TypeOf, Word, pair, type_of, word
from undying.manuscript import Tagging, TagKind


@pytest.fixture
def hear(tmp_path, tmp_path_factory):
    def hear(archive, **asked: object) -> Heard:
        return read(archive.write(tmp_path_factory.mktemp("archive")), tmp_path, **asked)

    return hear


def meanings(heard: Heard) -> dict[str, Meaning]:
    return {event.name: event for event in heard.events if isinstance(event, Meaning)}


def taken_for(heard: Heard) -> dict[str, str]:
    """Name -> "kind: tag", "section" where there is none; with a question mark where it is not sure."""
    return {
        name: ("; ".join(f"{t.kind}: {t.name}" for t in each.taggings) or "section") + ("" if each.is_certain else "?")
        for name, each in meanings(heard).items()
    }


def archive_of(*tree: str, characters: tuple[str, ...] = ()) -> Archive:
    """An archive whose categories are these paths ("Books > Dracula"), a story in each."""
    archive = Archive()
    archive.add("authors", uid=2, penname="Mina").add("ratings", rid=1, rating="PG-13", ratingwarning="0")
    for charid, name in enumerate(characters, start=1):
        archive.add("characters", charid=charid, catid=-1, charname=name)
    numbers: dict[str, int] = {}
    for path in tree:
        above, _mark, name = path.rpartition(" > ")
        numbers[path] = len(numbers) + 1
        archive.add("categories", catid=numbers[path], parentcatid=numbers.get(above, -1), category=name)
        archive.story(numbers[path], "They rode on.", catid=str(numbers[path]))
    return archive


def test_roots_that_stand_beside_each_other_are_fandoms(hear):
    told = taken_for(hear(archive_of("Dracula", "Carmilla", "Supernatural", "Will & Grace")))
    assert told["Dracula"] == "fandom: Dracula"
    assert told["Supernatural"] == "fandom: Supernatural"
    assert told["Will & Grace"] == "fandom: Will & Grace?"


def test_a_root_with_pairings_and_characters_in_it_is_a_fandom(hear):
    heard = hear(
        archive_of(
            "Dracula", "Dracula > Mina/Jonathan", "Dracula > Lucy", "Dracula > Odds and ends",
            characters=("Mina Harker", "Jonathan Harker", "Lucy"),
        )
    )  # fmt: skip
    told = taken_for(heard)
    assert told["Dracula"] == "fandom: Dracula"
    assert told["Mina/Jonathan"] == "relationship: Mina/Jonathan"
    assert told["Odds and ends"] == "additional: Odds and ends?"
    assert heard.stories["2"].tags(TagKind.FANDOM) == ("Dracula",)
    assert heard.stories["2"].tags(TagKind.RELATIONSHIP) == ("Mina/Jonathan",)
    assert heard.stories["3"].tags(TagKind.CHARACTER) == ("Lucy",)


def test_shelves_group_fandoms_and_give_no_tag(hear):
    heard = hear(archive_of("Books & Comics", "Books & Comics > Dracula", "TV Shows", "TV Shows > Sherlock Holmes"))
    told = taken_for(heard)
    assert told["Books & Comics"] == told["TV Shows"] == "section"
    assert told["Dracula"] == "fandom: Dracula"
    assert heard.stories["2"].tags(TagKind.FANDOM) == ("Dracula",)
    assert heard.stories["1"].taggings == (Tagging(kind=TagKind.RATING, name="Teen And Up Audiences"),)
    assert ("eFiction category", "Books & Comics") in heard.stories["1"].extras


def test_pairings_under_their_shelf_are_relationships(hear):
    told = taken_for(hear(archive_of("Slash Pairings", "Slash Pairings > Bill/Bob", "Slash Pairings > General", "Gen")))
    assert told["Slash Pairings"] == "section"
    assert told["Bill/Bob"] == "relationship: Bill/Bob"
    assert told["General"] == "additional: General"
    assert told["Gen"] == "category: Gen"


def test_parts_of_a_site_are_sections_and_forms_are_tags(hear):
    told = taken_for(
        hear(
            archive_of(
                "Dracula", "Carmilla", "Halloween Challenge 2004", "Archive", "Miscellaneous", "Poetry",
                "Original Fiction", "Challenges", "Challenges > Snow",
            )
        )
    )  # fmt: skip
    assert told["Halloween Challenge 2004"] == told["Archive"] == told["Miscellaneous"] == "section?"
    assert told["Challenges"] == "section"
    assert told["Snow"] == "additional: Snow?"
    assert told["Poetry"] == "additional: Poetry"
    assert told["Original Fiction"] == "fandom: Original Work"


def test_of_fandoms_in_fandoms_the_nearest_counts(hear):
    heard = hear(archive_of("Sherlock Holmes", "Sherlock Holmes > The Granada series", "Carmilla"))
    assert heard.stories["2"].tags(TagKind.FANDOM) == ("The Granada series",)
    assert taken_for(heard)["The Granada series"] == "fandom: The Granada series?"


def test_a_site_without_a_fandom_is_asked_which_one_it_is_about(hear):
    archive = archive_of("Mina/Jonathan", "Lucy/Arthur", "Gen").add(
        "settings", sitekey=1, sitename="The Dracula Fan Fiction Archive", tableprefix=""
    )
    heard = hear(archive)
    question = meanings(heard)["The Dracula Fan Fiction Archive"]
    assert (question.table, question.key, question.taggings, question.uses) == ("site", "fandom", (), 3)
    assert "perhaps “Dracula”" in question.why
    assert not heard.stories["1"].tags(TagKind.FANDOM)

    dracula = (Tagging(kind=TagKind.FANDOM, name="Dracula"),)
    decided = hear(archive, meanings={("site", "fandom"): dracula})
    assert all(story.tags(TagKind.FANDOM) == ("Dracula",) for story in decided.stories.values())
    assert "site" not in {each.table for each in meanings(hear(archive_of("Dracula"))).values()}


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("Mina", "character: Mina"),
        ("Mina/Jonathan", "relationship: Mina/Jonathan"),
        ("Mina x Jonathan", "relationship: Mina/Jonathan"),
        ("Mina & Quincey", "relationship: Mina & Quincey?"),
        ("None", "section?"),
        ("Other", "character: Other?"),
        ("A/U", "character: A/U"),
    ],
)
def test_characters_may_be_pairs_or_nobody(hear, name, told):
    archive = archive_of("Dracula", characters=("Mina Harker", "Jonathan", name))
    archive.rows["stories"][0]["charid"] = "3"
    heard = hear(archive)
    assert taken_for(heard)[name] == told
    for tagging in meanings(heard)[name].taggings:
        assert tagging in heard.story.taggings
    kept = ("eFiction character", name) in heard.story.extras
    assert kept == (name not in {tagging.name for tagging in heard.story.taggings})


TYPES = {
    "Genre": ("Angst", "additional: Angst"),
    "Genere": ("Drammatico", "additional: Drammatico"),
    "Warnungen": ("Gewalt", "warning: Gewalt"),
    "Avertissements": ("Major Character Death", "warning: Major Character Death"),
    "Предупреждения": ("Non-Con", "warning: Rape/Non-Con"),
    "Warnings": ("Character Death", "warning: Character Death"),
    "Content warnings": ("None", "warning: None?"),
    "Pairing": ("Het", "category: F/M"),
    "Pairings": ("Mina/Lucy", "relationship: Mina/Lucy?"),
    "Kink": ("Biting", "additional: Biting"),
    "POV": ("Second person", "additional: Second person"),
    "Length": ("Drabble", "additional: Drabble"),
    "Era": ("Victorian", "additional: Victorian"),
    "Fandom": ("Carmilla", "fandom: Carmilla"),
    "Rating": ("Explicit", "additional: Explicit?"),
    "Zzz": ("Whatever", "additional: Whatever?"),
    "Yyy": ("Humor", "additional: Humor"),
}


@pytest.mark.parametrize("title", TYPES)
def test_classes_are_what_their_type_is_called_in_any_language(hear, title):
    name, told = TYPES[title]
    archive = archive_of("Dracula").add("classtypes", classtype_id=7, classtype_name="seven", classtype_title=title)
    archive.add("classes", class_id=4, class_type=7, class_name=name)
    archive.rows["stories"][0]["classes"] = "4"
    heard = hear(archive)
    assert taken_for(heard)[name] == told
    assert (f"eFiction {title}", name) in heard.story.extras
    assert meanings(heard)[name].parent == title


def test_names_without_a_row_are_told_too(hear):
    archive = small()
    archive.columns |= OLD
    archive.add("genres", gid=1, genre="Gothic").add("warnings", wid=1, warning="Blood")
    story = {"sid": 1, "title": "Old", "uid": 2, "validated": 1, "rid": "PG-13", "catid": "1"}
    archive.add("stories", **story, gid="Gothic,Unlisted", wid="Blood", charid="Mina/Lucy")
    archive.chapter(10, 1, "Text.")
    archive.rows["chapters"] = [
        {k: v for k, v in row.items() if k in OLD["chapters"].split()} for row in archive.rows["chapters"]
    ]
    heard = hear(archive)
    told = meanings(heard)
    assert (told["Unlisted"].table, told["Unlisted"].key) == ("fanfiction_stories.gid", "Unlisted")
    assert taken_for(heard)["Mina/Lucy"] == "relationship: Mina/Lucy?"
    assert {"Gothic", "Blood", "PG-13", "Dracula"} <= set(told)
    renamed = {("fanfiction_stories.gid", "Unlisted"): (Tagging(kind=TagKind.ADDITIONAL, name="Listed now"),)}
    assert "Listed now" in hear(archive, meanings=renamed).story.tags(TagKind.ADDITIONAL)


def test_uses_are_counted_and_a_few_titles_given(hear):
    archive = small()
    for sid in range(1, 8):
        archive.story(sid, title=f"Night {sid}")
    told = meanings(hear(archive))["Dracula"]
    assert (told.uses, told.examples) == (7, ("Night 1", "Night 2", "Night 3"))
    assert (told.table, told.key) == ("fanfiction_categories", "1")


def test_what_the_archivist_decides_is_what_works_get(hear):
    archive = archive_of("Dracula", "Dracula > Whitby", "Carmilla", characters=("Mina",))
    archive.rows["stories"][1]["charid"] = "1"
    decided = {
        ("fanfiction_categories", "2"): (
            Tagging(kind=TagKind.ADDITIONAL, name="Whitby"), Tagging(kind=TagKind.ADDITIONAL, name="The sea")
        ),
        ("fanfiction_characters", "1"): (),
    }  # fmt: skip
    story = hear(archive, meanings=decided).stories["2"]
    assert story.tags(TagKind.ADDITIONAL) == ("Whitby", "The sea")
    assert story.tags(TagKind.FANDOM) == ("Dracula",)
    assert story.tags(TagKind.CHARACTER) == ()
    assert ("eFiction character", "Mina") in story.extras


def test_no_decision_loosens_a_rating_that_asked_the_reader_s_age(hear):
    archive = archive_of("Dracula")
    archive.rows["ratings"][0] |= {"rating": "Warm", "ratingwarning": "2"}
    general = {("fanfiction_ratings", "1"): (Tagging(kind=TagKind.RATING, name="General Audiences"),)}
    assert hear(archive, meanings=general).story.tags(TagKind.RATING) == ("Not Rated",)
    nothing: dict[tuple[str, str], tuple[Tagging, ...]] = {("fanfiction_ratings", "1"): ()}
    assert hear(archive, meanings=nothing).story.tags(TagKind.RATING) == ("Not Rated",)


def test_categories_that_stand_in_each_other_do_no_harm(hear):
    archive = archive_of("Dracula", "Dracula > Whitby")
    archive.rows["categories"][0]["parentcatid"] = 2
    heard = hear(archive)
    assert set(heard.stories) == {"1", "2"}


@pytest.mark.parametrize(
    "name",
    ["Hurt/Comfort", "H/C", "F/M", "Action/Adventure", "Books/Movies", "PG/PG-13", "Mina", "A/B", "Mina/?", "/", "x"],
)
def test_not_every_slash_is_a_pair(name):
    assert pair(name) is None


@pytest.mark.parametrize("name", ["Mina/Lucy", "Mina Harker & Van Helsing", "Mina × Lucy", "Mina+Lucy", "Дракула/Мина"])
def test_pairs_are_known_in_their_notations(name):
    assert (pair(name) is None) == (name == "Mina+Lucy")


def test_words_are_known_by_themselves():
    assert word("Romance/Humor") is Word.GENRE
    assert word("Anime/Manga") is Word.MEDIA
    assert word("Halloween Contest") is Word.CALLS
    assert word("Bill/Bob") is Word.PAIR
    assert type_of("kinks", "Kinks & Squicks") is TypeOf.WARNINGS
    assert type_of("", "") is TypeOf.UNKNOWN
