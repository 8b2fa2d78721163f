"""Catalogues: records that tell of stories whose texts stand in files beside them."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from undying.formats import Contact, Count, Fate, Kept, Outcome, Request, Story, Unreadable
from undying.formats.automated_archive import READER as AUTOMATED
from undying.formats.automated_archive import _rows
from undying.formats.catalogue import READER as CATALOGUE
from undying.formats.registry import reader_for
from undying.manuscript import Audience, State, Status, TagKind

DATABASE = r"""#!/usr/bin/perl
%FILES = (
'12' => {
  Title => 'The Captain\'s Lamp',
  Author => 'Mina M.',
  EmailAuthor => 'mina@whitby.example',
  Summary => 'He said "never again" and 'meant' it,
   for a week. &amp; more',
  Category => 'Gen',
  Rating => "PG-13",
  Pairing => 'none',
  Characters => 'Jonathan Harker, Mina Harker',
  OptionalWarnings => 'Major Character Death',
  PrintTime => '946684800',
  Location => 'gothic/lamp', FileType => 'html',
  Mood => 'dark',
},
 13=>{Title=>'Far Away',Author=>'Lucy',LocationURL=>'http://lucy.example/far.html',Date=>'3/4/99'},
"14" => { Title => 'Lost Pages', Author => 'Renfield', Location => 'flies', Date => '13/13/99' },
);
1;
"""


def ask(reader, folder, name, scratch, **asked):
    path = folder / name
    files = tuple(sorted(each for each in folder.rglob("*") if each.is_file()))
    scratch.mkdir(exist_ok=True)
    events = list(reader.read(path, Request(scratch=scratch, root=folder, files=files, **asked)))
    fates = [each for each in events if isinstance(each, Fate)]
    fates += [fate for each in events if isinstance(each, Story | Kept) for fate in each.fates]
    counts = {each.container: each.total for each in events if isinstance(each, Count)}
    for container, total in counts.items():
        assert len({fate.key for fate in fates if fate.container == container}) == total
    return events, fates


@pytest.fixture
def archive(tmp_path):
    folder = tmp_path / "aa"
    (folder / "archive" / "gothic").mkdir(parents=True)
    (folder / "archive" / "gothic" / "lamp.html").write_text("<p>The lamp was <i>lit</i>.</p><p>It went out.</p>")
    (folder / "archive" / "lamp.html").write_text("<p>Another lamp.</p>")
    (folder / "ARCHIVE_DB.pl").write_text(DATABASE)
    return folder


def test_a_perl_database_is_read_as_data(archive, tmp_path):
    path = archive / "ARCHIVE_DB.pl"
    assert reader_for(path, path.read_bytes()) is AUTOMATED
    events, fates = ask(AUTOMATED, archive, "ARCHIVE_DB.pl", tmp_path / "s", site="aa.example")
    (story,) = [each.manuscript for each in events if isinstance(each, Story)]

    assert story.title == "The Captain's Lamp"
    assert story.credits[0].name == "Mina M."
    assert "never again" in story.summary
    assert "'meant' it" in story.summary
    assert story.tags(TagKind.CHARACTER) == ("Jonathan Harker", "Mina Harker")
    assert story.tags(TagKind.WARNING) == ("Major Character Death",)
    assert story.tags(TagKind.RATING) == ("Teen And Up Audiences",)
    assert story.tags(TagKind.CATEGORY) == ("Gen",)
    assert story.published.year == 2000
    assert ("Mood", "dark") in story.extras
    assert story.source.site == "aa.example"
    assert "<em>lit</em>" in story.chapters[0].body or "<i>lit</i>" in story.chapters[0].body
    assert "mina@" not in str(story)
    (contact,) = [each for each in events if isinstance(each, Contact)]
    assert contact.emails == ("mina@whitby.example",)
    ends = {fate.key: (fate.outcome, fate.detail) for fate in fates if fate.container.endswith("(records)")}
    assert ends["13"][0] == Outcome.KEPT_RAW
    assert "only a link" in ends["13"][1]
    assert ends["14"] == (Outcome.KEPT_RAW, "its text is not among the files")


def test_spans_are_the_records_own_bytes(archive, tmp_path):
    _events, fates = ask(AUTOMATED, archive, "ARCHIVE_DB.pl", tmp_path / "s")
    data = (archive / "ARCHIVE_DB.pl").read_bytes()
    for fate in fates:
        if fate.span:
            piece = data[fate.span[0] : sum(fate.span)]
            assert piece.startswith(fate.key.encode())
            assert piece.endswith(b"}")


def test_a_database_in_windows_1252_and_a_record_without_end(tmp_path):
    folder = tmp_path / "aa"
    folder.mkdir()
    (folder / "lamp.txt").write_text("It burned.\n\nIt went out.")
    record = "%FILES = ( '1' => { Title => 'Caf\u00e9 \u2013 Night', Author => 'L', Location => 'lamp' },\n"
    record += "'2' => { Title => 'Open"
    (folder / "ARCHIVE_DB.pl").write_bytes(record.encode("cp1252"))
    events, fates = ask(AUTOMATED, folder, "ARCHIVE_DB.pl", tmp_path / "s")
    (story,) = [each.manuscript for each in events if isinstance(each, Story)]
    assert story.title == "Caf\u00e9 \u2013 Night"
    end = next(fate for fate in fates if fate.key == "2 (line 2)")
    assert (end.outcome, "no end" in end.detail) == (Outcome.REFUSED, True)


def test_a_quote_that_is_missing_costs_its_own_record_alone(tmp_path):
    folder = tmp_path / "aa"
    folder.mkdir()
    (folder / "lamp.txt").write_text("It burned.\n\nIt went out.")
    (folder / "ARCHIVE_DB.pl").write_text(
        "%FILES = (\n'1' => { Title => 'Never closed, Location => 'lamp },\n"
        "'2' => { Title => 'The Lamp', Author => 'L', Location => 'lamp' },\n);"
    )
    events, fates = ask(AUTOMATED, folder, "ARCHIVE_DB.pl", tmp_path / "s")
    assert [each.manuscript.title for each in events if isinstance(each, Story)] == ["The Lamp"]
    assert {fate.key: fate.outcome for fate in fates if fate.container.endswith("(records)")} == {
        "1 (line 2)": Outcome.REFUSED,
        "2": Outcome.IMPORTED,
    }


def test_an_id_in_quotes_may_hold_anything():
    first, second = _rows("%FILES = (\n'gothic/../x y' => { Title => 'A' },\n12 => { Title => 'B' },\n);")
    assert (first.key, second.key) == ("gothic/../x y", "12")


@pytest.mark.parametrize("filling", ["\n", " \n", ",", "'"])
def test_what_is_no_record_takes_no_time(filling):
    begin = time.process_time()
    assert list(_rows("%FILES = (\n" + filling * (300_000 // len(filling)))) == []
    assert time.process_time() - begin < 10


def test_records_without_end_take_no_time():
    text = "%FILES = (\n" + "".join(f"'{number}' => {{ Title => '" + "' " * 500 + "\n" for number in range(1000))
    begin = time.process_time()
    assert len(list(_rows(text))) == 1000
    assert time.process_time() - begin < 10


@given(st.text(alphabet=" '\"=>{},\\%FILESab1\n", max_size=400))
def test_no_database_is_too_strange(text):
    for row in _rows("%FILES = (" + text):
        assert row is not None


STORIES = """key,title,creators,fandoms,characters,rating,summary,status,published,series,files,audience,state,mood
1,The Lamp,Mina; Lucy,Dracula,Mina Harker; Lucy Westenra,Mature,It <b>burned</b>.,done,2004-02-29,Nights #2,,members,,d
2,Alone,Renfield,Dracula - Bram Stoker,,,,,,,flies.txt,,draft,
3,Gone,Renfield,,,,,,,,nowhere.txt,,,
1,Twice,Nobody,,,,,,,,flies.txt,,,
"""
CHAPTERS = """story,position,title,file,text,notes
1,2,Second,,"The second night.

It was long.",
1,1,First,texts/one.html,,"A note."
9,1,Stray,,Words.,
"""
REVIEWS = """story,chapter,name,posted,body,score,response
1,2,Arthur,2004-03-01,Splendid!,9,Thank you.
8,,Nobody,,Lost.,,
"""
PEOPLE = (
    "name,key,email,bio,joined\nMina,7,mina@whitby.example; other@whitby.example,I type.,2003-01-01\n,8,x@y.example,,\n"
    "Wilhelmina,7,,,\n"
)


@pytest.fixture
def catalogue(tmp_path):
    folder = tmp_path / "csv"
    (folder / "texts").mkdir(parents=True)
    (folder / "texts" / "one.html").write_text("<p>The first night.</p>")
    (folder / "flies.txt").write_text("Flies.\n\nMore flies.")
    for name, text in (("stories", STORIES), ("chapters", CHAPTERS), ("reviews", REVIEWS), ("people", PEOPLE)):
        (folder / f"{name}.csv").write_text(text)
    return folder


def test_tables_and_files_become_stories(catalogue, tmp_path):
    path = catalogue / "stories.csv"
    assert reader_for(path, path.read_bytes()) is CATALOGUE
    events, fates = ask(CATALOGUE, catalogue, "stories.csv", tmp_path / "s", site="csv.example")
    lamp, alone = [each.manuscript for each in events if isinstance(each, Story)]

    assert [each.name for each in lamp.credits] == ["Mina", "Lucy"]
    assert [each.title for each in lamp.chapters] == ["First", "Second"]
    assert "A note." in lamp.chapters[0].notes_before
    assert "It was long." in lamp.chapters[1].body
    assert lamp.tags(TagKind.CHARACTER) == ("Mina Harker", "Lucy Westenra")
    assert (lamp.status, lamp.audience, lamp.series[0].position) == (Status.COMPLETE, Audience.MEMBERS, 2)
    assert ">burned</" in lamp.summary
    assert lamp.extras == (("mood", "d"),)
    (review,) = lamp.reviews
    assert (review.name, review.chapter, review.score) == ("Arthur", 2, 9)
    assert "Thank you." in review.response
    assert alone.state == State.DRAFT
    ends = {(fate.container, fate.key): (fate.outcome, fate.detail) for fate in fates}
    assert ends["stories.csv (lines)", "line 4"][0] == Outcome.KEPT_RAW
    assert ends["stories.csv (lines)", "line 5"] == (Outcome.REFUSED, "another line has the key “1”")
    assert ends["chapters.csv (lines)", "line 6"][0] == Outcome.KEPT_RAW
    assert ends["reviews.csv (lines)", "line 3"][0] == Outcome.KEPT_RAW
    assert ends["people.csv (lines)", "line 4"] == (Outcome.REFUSED, "another line has the key “7”")
    assert ends["./", "chapters.csv"] == (Outcome.IMPORTED, "read as CSV and files")
    (mina,) = [each.keepsake for each in events if isinstance(each, Kept)]
    assert (mina.member.name, mina.joined.year) == ("Mina", 2003)
    (contact,) = [each for each in events if isinstance(each, Contact)]
    assert contact.emails == ("mina@whitby.example", "other@whitby.example")


@pytest.mark.parametrize("name", ["chapters.csv", "reviews.csv", "people.csv"])
def test_the_tables_beside_the_stories_are_no_lists_of_stories(tmp_path, name):
    (tmp_path / name).write_text("story,title,file,text\n1,First,texts/one.html,\n")
    assert reader_for(tmp_path / name, (tmp_path / name).read_bytes()) is None


def test_each_line_of_a_table_knows_its_bytes(catalogue, tmp_path):
    _events, fates = ask(CATALOGUE, catalogue, "stories.csv", tmp_path / "s")
    data = (catalogue / "chapters.csv").read_bytes()
    second = next(fate for fate in fates if fate.container.startswith("chapters") and fate.key == "line 4")
    assert data[second.span[0] : sum(second.span)].decode().startswith("1,2,Second")
    assert data[second.span[0] : sum(second.span)].decode().endswith('It was long.",\n')


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "empty"),
        (b"name,files\na,b.txt\n", "title"),
        (b'title,files\n"The Lamp' + b"x" * 13_000_000, "no line of a table"),
        (b"\x89PNG\r\n\x1a\n\x00\x00" * 40, "picture"),
    ],
)
def test_what_is_no_table_is_refused_in_one_sentence(tmp_path, data, why):
    folder = tmp_path / "csv"
    folder.mkdir()
    (folder / "stories.csv").write_bytes(data)
    with pytest.raises(Unreadable, match=re.escape(why)):
        ask(CATALOGUE, folder, "stories.csv", tmp_path / "s")


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
def test_a_spreadsheets_own_habits_are_understood(tmp_path, encoding):
    folder = tmp_path / "csv"
    folder.mkdir()
    (folder / "one.txt").write_text("Words.\n\nMore words.")
    text = "Title;Creators;Files\r\n'=Caf\u00e9;'-Mina;one.txt\r\n"
    (folder / "stories.csv").write_bytes(text.encode(encoding))
    events, _ = ask(CATALOGUE, folder, "stories.csv", tmp_path / "s")
    (story,) = [each.manuscript for each in events if isinstance(each, Story)]
    assert (story.title, story.credits[0].name) == ("=Caf\u00e9", "-Mina")
