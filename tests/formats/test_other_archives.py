"""mini_fiction, Fimfarchive, OurChive and Open Doors: each in a small archive of its own shape."""
# ruff: noqa: E501 - rows of other programs are long

from __future__ import annotations

import csv
import gzip
import json

import pytest

from tests.formats.test_catalogues import ask
from tests.manuscripts import make_manuscript
from undying.formats import Contact, Fate, Kept, Outcome, Remark, Request, Story, Unreadable
from undying.formats.epub import EpubWriter
from undying.formats.registry import reader_for
from undying.manuscript import NewsItem, Profile, SitePage, State, Status, TagKind


def read(folder, name, scratch, reader_name, **asked):
    path = folder / name
    reader = reader_for(path, path.read_bytes()[:65536])
    assert reader is not None
    assert reader.name == reader_name
    events, fates = ask(reader, folder, name, scratch, **asked)
    stories = {event.manuscript.source.key: event.manuscript for event in events if isinstance(event, Story)}
    ends = {(fate.container, fate.key): (fate.outcome, fate.detail) for fate in fates}
    return events, stories, ends


# -- mini_fiction -----------------------------------------------------------------------------------------------------


def lines(folder, entity, *rows, packed=False):
    text = "".join(json.dumps({"_entity": entity, **row}, ensure_ascii=False) + "\n" for row in rows)
    path = folder / f"{entity}_dump.jsonl{'.gz' if packed else ''}"
    path.write_bytes(gzip.compress(text.encode()) if packed else text.encode())


@pytest.fixture
def mini(tmp_path):
    folder = tmp_path / "mini"
    folder.mkdir()
    lines(
        folder, "author",
        {"id": 1, "username": "Mina", "email": "mina@whitby.example", "password": "$scrypt$x", "bio": "I type.",
         "date_joined": "2015-01-02T03:04:05"},
        {"id": 2, "username": "Lucy", "email": ""},
    )  # fmt: skip
    lines(folder, "character", {"id": 7, "name": "Jonathan Harker"})
    lines(folder, "rating", {"id": 3, "name": "NC-17"})
    lines(folder, "tag", {"id": 5, "name": "Ужасы"})
    lines(folder, "series", {"id": 4, "title": "Nights", "summary": ""})
    lines(
        folder, "story",
        {"id": 10, "title": "Лампа", "summary": "Горит.", "characters": [7], "rating": 3, "tags": [5], "approved": True,
         "draft": False, "finished": True, "date": "2016-01-01T00:00:00", "updated": "2016-02-01T00:00:00", "words": 12},
        {"id": 11, "title": "Черновик", "approved": False, "draft": True, "rating": [3]},
        {"id": 12, "title": "Empty", "rating": 3},
    )  # fmt: skip
    lines(
        folder, "chapter",
        {"id": 21, "story": 10, "order": 2, "title": "Две", "text": "Вторая ночь."},
        {"id": 20, "story": 10, "order": 1, "title": "Одна", "text": "<p>Первая <em>ночь</em>.</p>"},
        {"id": 22, "story": 11, "order": 1, "title": "", "text": "Начало."},
        packed=True,
    )  # fmt: skip
    lines(
        folder,
        "storycontributor",
        {"id": 1, "story": 10, "user": 1, "is_author": True},
        {"id": 2, "story": 10, "user": 2, "is_author": False},
    )
    lines(folder, "inseriespermissions", {"id": 1, "story": 10, "series": 4, "order": 3})
    lines(
        folder, "storycomment",
        {"id": 30, "story": 10, "author": 2, "text": "Да!", "date": "2016-03-01T00:00:00", "ip": "10.0.0.1"},
        {"id": 31, "story": 10, "author": None, "author_username": "Гость", "parent": 30, "text": "Нет."},
        {"id": 32, "story": 10, "author": 1, "text": "Gone.", "deleted": True},
    )  # fmt: skip
    lines(
        folder,
        "newsitem",
        {"id": 1, "title": "Open", "content": "Come in.", "author": 1, "date": "2016-01-01T00:00:00"},
    )
    lines(folder, "staticpage", {"name": "help", "lang": "none", "title": "Help", "content": "Ask."})
    lines(folder, "favorites", {"id": 1, "author": 2, "story": 10})
    lines(folder, "vote", {"id": 1, "story": 10, "author": 2, "vote_value": 5, "ip": "10.0.0.1"})
    with (folder / "tag_dump.jsonl").open("a") as file:
        file.write("{broken\n")
    return folder


def test_a_dump_of_mini_fiction_is_read_whole(mini, tmp_path):
    events, stories, ends = read(mini, "author_dump.jsonl", tmp_path / "s", "mini_fiction", site="mini.example")
    lamp, draft = stories["10"], stories["11"]

    assert [each.title for each in lamp.chapters] == ["Одна", "Две"]
    assert [each.name for each in lamp.credits] == ["Mina"]
    assert lamp.tags(TagKind.CHARACTER) == ("Jonathan Harker",)
    assert lamp.tags(TagKind.RATING) == ("Explicit",)
    assert lamp.tags(TagKind.ADDITIONAL) == ("Ужасы",)
    assert (lamp.status, lamp.series[0].position, lamp.source.url) == (
        Status.COMPLETE,
        3,
        "https://mini.example/story/10/",
    )
    assert [(each.name, each.answers) for each in lamp.reviews] == [("Lucy", ""), ("Гость", "30")]
    assert draft.state == State.DRAFT
    kept = [each.keepsake for each in events if isinstance(each, Kept)]
    assert {type(each) for each in kept} >= {Profile, NewsItem, SitePage}
    assert [each.emails for each in events if isinstance(each, Contact)] == [("mina@whitby.example",)]
    assert "scrypt" not in str(events)
    assert "10.0.0.1" not in str(events)
    assert ends["story_dump.jsonl (lines)", "12"][0] == Outcome.KEPT_RAW
    assert ends["tag_dump.jsonl (lines)", "line 2"][0] == Outcome.KEPT_RAW
    assert "deleted" in ends["storycomment_dump.jsonl (lines)", "32"][1]
    assert ends["vote_dump.jsonl (lines)", "1"][0] == Outcome.KEPT_RAW


def test_a_packed_dump_that_is_cut_off_says_so(mini, tmp_path):
    path = mini / "chapter_dump.jsonl.gz"
    path.write_bytes(path.read_bytes()[:-30])
    events, _stories, _ends = read(mini, "author_dump.jsonl", tmp_path / "s", "mini_fiction")
    assert any("breaks off" in each.text for each in events if isinstance(each, Remark))


def test_half_a_character_costs_nothing_else_and_is_said(mini, tmp_path):
    with (mini / "author_dump.jsonl").open("a") as file:
        file.write('{"_entity": "author", "id": "\\ud800", "username": "\\ud83d\\ude00 Half\\udc00"}\n')
    events, stories, ends = read(mini, "author_dump.jsonl", tmp_path / "s", "mini_fiction")
    assert "10" in stories
    assert ends["author_dump.jsonl (lines)", "\ufffd"][0] == Outcome.IMPORTED
    assert "\U0001f600 Half\ufffd" in {
        each.keepsake.member.name for each in events if isinstance(each, Kept) and isinstance(each.keepsake, Profile)
    }
    assert any("half a character" in each.text for each in events if isinstance(each, Remark))


def test_files_that_hold_nothing_are_not_told_as_read(tmp_path):
    (tmp_path / "x").mkdir()
    (tmp_path / "x" / "author_dump.jsonl.gz").write_bytes(gzip.compress(b"\n"))
    path, told = tmp_path / "x" / "author_dump.jsonl.gz", []
    with pytest.raises(Unreadable, match="no line of it"):
        told.extend(
            reader_for(path, path.read_bytes()).read(path, Request(scratch=tmp_path, root=path.parent, files=(path,)))
        )
    assert [each for each in told if isinstance(each, Fate)] == []


# -- Fimfarchive ------------------------------------------------------------------------------------------------------


@pytest.fixture
def fim(tmp_path):
    folder = tmp_path / "fim"
    (folder / "epub" / "m").mkdir(parents=True)
    book = EpubWriter().write(make_manuscript(title="From the book"))
    (folder / "epub" / "m" / "the_lamp-9.epub").write_bytes(book)
    meta = {
        "id": 9, "title": "The Lamp", "author": {"id": 3, "name": "Mina", "url": "https://x.example/3"},
        "content_rating": "mature", "completion_status": "hiatus", "date_published": "2012-01-02T03:04:05+00:00",
        "description_html": "<p>It <b>burned</b>.</p>", "num_likes": 12, "num_views": 0,
        "tags": [{"name": "Dracula", "type": "series"}, {"name": "Mina H.", "type": "character"}, {"name": "Dark", "type": "genre"}],
        "archive": {"path": "epub/m/the_lamp-9.epub"},
    }  # fmt: skip
    lost = {**meta, "id": 10, "archive": {"path": "epub/m/gone-10.epub"}}
    text = "{\n" + f'"9": {json.dumps(meta)},\n"10": {json.dumps(lost)},\n"9": {json.dumps(meta)},\n"11": {{"cut' + "\n"
    (folder / "index.json").write_text(text)
    return folder


def test_an_index_and_its_books_become_stories(fim, tmp_path):
    _events, stories, ends = read(fim, "index.json", tmp_path / "s", "Fimfarchive")
    story = stories["9"]
    assert (story.title, story.credits[0].name, story.status) == ("The Lamp", "Mina", Status.HIATUS)
    assert story.tags(TagKind.RATING) == ("Mature",)
    assert story.tags(TagKind.FANDOM) == ("Dracula",)
    assert story.tags(TagKind.CHARACTER) == ("Mina H.",)
    assert ("Fimfiction num likes", "12") in story.extras
    assert story.published.year == 2012
    assert story.chapters[0].body.has_words()
    assert ends["index.json (lines)", "10"] == (Outcome.KEPT_RAW, "its book is not among the files")
    assert ends["index.json (lines)", "9 (line 3)"][0] == Outcome.REFUSED
    assert ends["index.json (lines)", "line 4"][0] == Outcome.REFUSED


# -- OurChive ---------------------------------------------------------------------------------------------------------


def table(path, columns, *rows):
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, columns.split(), quoting=csv.QUOTE_ALL, restval="")
        writer.writeheader()
        writer.writerows(rows)


def test_a_members_export_of_ourchive_is_read(tmp_path):
    folder = tmp_path / "chive"
    table(
        folder / "works.csv", "id title summary notes is_complete word_count created_on updated_on user draft work_type tags languages",
        {"id": 3, "title": "The Lamp: A Night", "user": "mina", "is_complete": "True", "tags": "['Slow Burn', \"Harker's Luck\"]",
         "created_on": "2023-01-02 03:04:05+00:00", "languages": "['English']", "draft": "False"},
        {"id": 4, "title": "Gone", "user": "mina"},
    )  # fmt: skip
    table(
        folder / "work_chapters" / "The Lamp A Night" / "chapters.csv", "id title number text notes end_notes",
        {"id": 8, "number": 2, "text": "<p>Second.</p>"},
        {"id": 7, "number": 1, "title": "One", "text": "<p>First.</p>", "end_notes": "Bye."},
        {"id": 9, "number": 3, "title": "Sound"},
    )  # fmt: skip
    table(folder / "bookmarks.csv", "id title", {"id": 1, "title": "Private"})
    _events, stories, ends = read(folder, "works.csv", tmp_path / "s", "OurChive")
    story = stories["3"]
    assert story.tags(TagKind.ADDITIONAL) == ("Slow Burn", "Harker's Luck")
    assert [(each.key, each.title) for each in story.chapters] == [("7", "One"), ("8", "")]
    assert (story.language, story.status, story.published.year) == ("en", Status.COMPLETE, 2023)
    assert "Bye." in story.chapters[0].notes_after
    assert ends["works.csv (lines)", "line 3"][0] == Outcome.KEPT_RAW
    assert ends["work_chapters/The Lamp A Night/chapters.csv (lines)", "line 4"][0] == Outcome.KEPT_RAW
    assert ends["./", "bookmarks.csv"][0] == Outcome.KEPT_RAW


@pytest.mark.parametrize("data", [b"", b"\x89PNG\r\n\x1a\n\0\0" * 40])
def test_a_table_of_chapters_that_cannot_be_read_costs_its_work_alone(tmp_path, data):
    folder = tmp_path / "chive"
    table(folder / "works.csv", "id title is_complete user", {"id": 1, "title": "Broken"}, {"id": 2, "title": "Whole"})
    table(
        folder / "work_chapters" / "Whole" / "chapters.csv", "id number text", {"id": 7, "number": 1, "text": "Words."}
    )
    (folder / "work_chapters" / "Broken").mkdir()
    (folder / "work_chapters" / "Broken" / "chapters.csv").write_bytes(data)
    _events, stories, ends = read(folder, "works.csv", tmp_path / "s", "OurChive")
    assert list(stories) == ["2"]
    assert ends["works.csv (lines)", "line 2"] == (Outcome.KEPT_RAW, "the table of its chapters cannot be read")
    assert ends["work_chapters/Broken/", "chapters.csv"][0] == Outcome.REFUSED


# -- Open Doors -------------------------------------------------------------------------------------------------------

DUMP = """-- MySQL dump
CREATE TABLE `authors` (`id` int, `name` varchar(255), `email` varchar(255), `do_not_import` tinyint);
INSERT INTO `authors` VALUES (1,'Mina','mina@whitby.example; m@x.example',0),(2,'Renfield','r@x.example',1);
CREATE TABLE `stories` (`id` int, `title` text, `summary` text, `notes` text, `date` datetime, `updated` datetime,
  `rating` varchar(20), `fandoms` text, `url` text, `do_not_import` tinyint, `language_code` varchar(5));
INSERT INTO `stories` VALUES (5,'The Lamp','It burned.','','2004-02-29 00:00:00','0000-00-00 00:00:00','PG-13','Dracula',
 'http://old.example/lamp.html',0,'en'),(6,'Flies','','','2004-02-29','2004-02-29','','','',1,'en'),(7,'Bare','','',NULL,NULL,'','','',0,'');
CREATE TABLE `chapters` (`id` int, `position` int, `title` text, `text` mediumtext, `date` datetime, `story_id` int, `notes` text, `url` text);
INSERT INTO `chapters` VALUES (12,2,'Two','Second night.',NULL,5,'',''),(11,1,'One','<p>First night.</p>',NULL,5,'Hello.',''),(13,1,'','Buzz.',NULL,6,'','');
CREATE TABLE `item_authors` (`id` int, `author_id` int, `item_id` int, `item_type` varchar(20));
INSERT INTO `item_authors` VALUES (1,1,5,'story'),(2,2,6,'story');
CREATE TABLE `tags` (`id` int, `original_tagid` int, `original_tag` text, `original_type` text, `ao3_tag` text, `ao3_tag_type` text);
INSERT INTO `tags` VALUES (1,9,'Mina/Jon','pairing','Jonathan Harker/Mina Harker','relationship'),(2,8,'angst','genre','','');
CREATE TABLE `item_tags` (`id` int, `tag_id` int, `item_id` int, `item_type` varchar(20));
INSERT INTO `item_tags` VALUES (1,1,5,'story'),(2,2,5,'story'),(3,1,99,'story_link');
CREATE TABLE `story_links` (`id` int, `title` text, `url` text, `broken_link` tinyint);
INSERT INTO `story_links` VALUES (1,'Elsewhere','http://x.example',0);
CREATE TABLE `other` (`id` int);
INSERT INTO `other` VALUES (1);
"""


def test_open_doors_tables_are_read_with_what_tags_were_mapped_to(tmp_path):
    folder = tmp_path / "od"
    folder.mkdir()
    (folder / "tables.sql").write_text(DUMP)
    events, stories, ends = read(folder, "tables.sql", tmp_path / "s", "Open Doors tables", site="od.example")
    story = stories["5"]
    assert list(stories) == ["5"]
    assert story.tags(TagKind.RELATIONSHIP) == ("Jonathan Harker/Mina Harker",)
    assert story.tags(TagKind.ADDITIONAL) == ("angst",)
    assert story.extras == (("Original pairing", "Mina/Jon"),)
    assert [each.title for each in story.chapters] == ["One", "Two"]
    assert (story.source.url, story.updated, story.published.year) == ("http://old.example/lamp.html", None, 2004)
    assert [each.emails for each in events if isinstance(each, Contact)] == [("mina@whitby.example", "m@x.example")]
    assert ends["stories", "6"] == (Outcome.REFUSED, "it is marked “do not import”")
    assert ends["chapters", "13"][0] == Outcome.REFUSED
    assert ends["stories", "7"][0] == Outcome.KEPT_RAW
    assert ends["story_links", "1"] == (Outcome.KEPT_RAW, "a link to a story elsewhere")
    assert ends["other", "row 1"][0] == Outcome.KEPT_RAW


def test_each_row_of_the_tables_knows_its_bytes(tmp_path):
    folder = tmp_path / "od"
    folder.mkdir()
    (folder / "tables.sql").write_text(DUMP)
    path = folder / "tables.sql"
    reader = reader_for(path, path.read_bytes())
    _events, fates = ask(reader, folder, "tables.sql", tmp_path / "s")
    span = next(fate.span for fate in fates if (fate.container, fate.key) == ("chapters", "12"))
    with path.open("rb") as file:
        assert b"".join(reader.excerpt(file, span)) == b"(12,2,'Two','Second night.',NULL,5,'','')"


def test_rows_that_cannot_be_read_are_refused_and_counted(tmp_path):
    folder = tmp_path / "od"
    folder.mkdir()
    damaged = "INSERT INTO `chapters` VALUES (20,oops '),(21,3,'Three','Third night.',NULL,5,'','');\n"
    short = "INSERT INTO `chapters` VALUES (22,4);\n"
    (folder / "tables.sql").write_text(DUMP + damaged + short)
    _events, stories, ends = read(folder, "tables.sql", tmp_path / "s", "Open Doors tables")
    assert [each.title for each in stories["5"].chapters] == ["One", "Two", "Three"]
    refused = {
        key: why
        for (table, key), (end, why) in ends.items()
        if table == "chapters" and end == Outcome.REFUSED and key != "13"
    }
    assert refused == {
        "lost row 1 (line 20)": "it is not written as a row of values",
        "row 1": "its values are not as many as its table's columns",
    }


def test_packed_tables_are_read_also_where_they_are_cut_off(tmp_path):
    folder = tmp_path / "od"
    folder.mkdir()
    packed = gzip.compress(DUMP.encode())
    (folder / "whole.sql.gz").write_bytes(packed)
    (folder / "cut.sql.gz").write_bytes(packed[:-12])
    _events, stories, _ends = read(folder, "whole.sql.gz", tmp_path / "s", "Open Doors tables")
    assert list(stories) == ["5"]
    events, _stories, _ends = read(folder, "cut.sql.gz", tmp_path / "s2", "Open Doors tables")
    assert any("cut off" in each.text for each in events if isinstance(each, Remark))


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("author_dump.jsonl", b"{}\n"),
        ("tables.sql", b"INSERT INTO item_authors VALUES (1);"),
        ("index.json", b'{\n"x": {"author": 1}\n'),
    ],
)
def test_what_holds_nothing_is_one_sentence_or_only_refused_lines(tmp_path, name, data):
    folder = tmp_path / "x"
    folder.mkdir()
    (folder / name).write_bytes(data)
    reader = reader_for(folder / name, data)
    try:
        _events, fates = ask(reader, folder, name, tmp_path / "s")
    except Unreadable as refusal:
        told = str(refusal)
    else:
        told = ""
        assert {fate.outcome for fate in fates if "(lines)" in fate.container} <= {Outcome.REFUSED, Outcome.KEPT_RAW}
    assert "\n" not in told
