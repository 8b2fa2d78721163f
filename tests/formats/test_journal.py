"""Journals: entries that are stories, in parts or whole, with the comments that were to be seen; locks stay."""

from __future__ import annotations

import pytest

from tests.formats.test_catalogues import ask
from undying.formats import Outcome, Story, Unreadable
from undying.formats.journal import READER, _titled
from undying.formats.registry import reader_for
from undying.manuscript import Audience, State, TagKind

HEAD = "Title: The Lamp\nAuthor: quiet_tide\nPairing: Mina/Lucy\nRating: PG-13\n\n"


def entry(number, subject, event, security="public", when="2004-02-29 21:00:00", **props):
    told = "".join(f"<{name}>{value}</{name}>" for name, value in props.items())
    event = event.replace("&", "&amp;").replace("<", "&lt;")
    return (
        f"<entry><itemid>{number}</itemid><eventtime>{when}</eventtime><subject>{subject}</subject>"
        f"<event>{event}</event><security>{security}</security><props>{told}</props></entry>"
    )


COMMENTS = """<?xml version="1.0"?><livejournal><comments>
<comment id="1" posterid="5" state="A"/><comment id="2" posterid="6" state="S"/><comment id="4" posterid="" state="A"/>
<comment id="1" jitemid="3" posterid="5"><subject>Oh</subject><body>Splendid!</body>
<date>2004-03-01T10:00:00Z</date></comment>
<comment id="2" jitemid="3" posterid="6"><body>A secret.</body></comment>
<comment id="4" jitemid="3" parentid="1"><body>Yes,
twice.</body></comment>
<comment id="7" jitemid="9" posterid="5"><body>On the cat.</body></comment>
</comments><usermaps><usermap id="5" user="rey"/><usermap id="6" user="sam"/></usermaps></livejournal>"""


@pytest.fixture
def export(tmp_path):
    folder = tmp_path / "journal"
    folder.mkdir()
    first = entry(
        3 * 256 + 17,
        "The Lamp (1/2)",
        HEAD + "It <i>burned</i>, said <lj user=lucy>.\n<lj-cut text='x'>All night.</lj-cut>",
    )
    second = entry(4 * 256 + 1, "The Lamp (2/2)", "It went out.\n\nThe end.", when="2004-03-05 21:00:00")
    cat = entry(9 * 256, "My cat", "She sleeps.")
    locked = entry(10 * 256, "Vial", HEAD.replace("The Lamp", "Vial") + "Locked words.", security="usemask")
    private = entry(11 * 256, "Draft", HEAD.replace("The Lamp", "Draft") + "Mine.", security="private")
    (folder / "2004-02.xml").write_text(
        f"<?xml version='1.0' encoding='utf-8'?><livejournal>{first}{cat}{locked}</livejournal>"
    )
    (folder / "2004-03.xml").write_text(f"<?xml version='1.0'?><livejournal>{second}{private}</livejournal>")
    (folder / "comments.xml").write_text(COMMENTS)
    return folder


def test_parts_become_chapters_with_the_comments_that_were_to_be_seen(export, tmp_path):
    path = export / "2004-02.xml"
    assert reader_for(path, path.read_bytes()) is READER
    events, fates = ask(READER, export, "2004-02.xml", tmp_path / "s", site="quiet-tide.livejournal.example")
    lamp, vial, draft = sorted(
        (e.manuscript for e in events if isinstance(e, Story)),
        key=lambda m: "TLVD".index(m.title[0]) if m.title[0] in "TLVD" else 9,
    )[:3]

    assert lamp.title == "The Lamp"
    assert [chapter.published.day for chapter in lamp.chapters] == [29, 5]
    assert "said lucy" in lamp.chapters[0].body
    assert "All night." in lamp.chapters[0].body
    assert lamp.tags(TagKind.RELATIONSHIP) == ("Mina/Lucy",)
    assert [(each.name, each.answers, each.chapter) for each in lamp.reviews] == [("rey", "", 1), ("Anonymous", "1", 1)]
    assert "secret" not in str(lamp)
    assert lamp.source.url == "https://quiet-tide.livejournal.example/785.html"
    assert (lamp.audience, vial.audience, draft.state) == (Audience.EVERYONE, Audience.MEMBERS, State.DRAFT)
    ends = {(fate.container, fate.key): (fate.outcome, fate.detail) for fate in fates}
    assert ends["2004-02.xml (entries)", "2304"][0] == Outcome.KEPT_RAW
    assert "screened" in ends["comments.xml (comments)", "2"][1]
    assert ends["comments.xml (comments)", "7"][0] == Outcome.KEPT_RAW
    assert ends["./", "comments.xml"][0] == Outcome.IMPORTED


def test_a_folder_of_ljdump_is_read(tmp_path):
    folder = tmp_path / "dump"
    folder.mkdir()
    (folder / "L-3").write_text(
        "<?xml version='1.0'?><event><itemid>3</itemid><anum>17</anum><subject>The Lamp</subject>"
        f"<event>{HEAD}It burned."
        "</event><eventtime>2004-02-29 21:00:00</eventtime><props><taglist>fic, night</taglist></props></event>"
    )
    (folder / "L-4").write_text("<?xml version='1.0'?><event><itemid>4</itemid><event>The cat again.</event></event>")
    (folder / "C-3").write_text(
        "<?xml version='1.0'?><comments><comment><id>1</id><parentid/><state>A</state><date>2004-03-01T10:00:00Z</date>"
        "<subject/><body>Splendid!</body><user>rey</user></comment></comments>"
    )
    events, fates = ask(READER, folder, "L-3", tmp_path / "s")
    (story,) = [each.manuscript for each in events if isinstance(each, Story)]
    assert (story.title, story.source.key, story.reviews[0].name) == ("The Lamp", "785", "rey")
    assert ("Journal tags", "fic, night") in story.extras
    ends = {(fate.container, fate.key): fate for fate in fates}
    assert ends["./", "L-3"].file == folder / "L-3"
    assert ends["./", "L-4"].outcome == Outcome.KEPT_RAW
    assert ends["./", "C-3"].file == folder / "C-3"
    assert ends["C-… (comments)", "C-3/1"].outcome == Outcome.IMPORTED


@pytest.mark.parametrize(
    ("subject", "told"),
    [
        ("The Lamp (2/5)", ("The Lamp", 2)),
        ("The Lamp, Part 3", ("The Lamp", 3)),
        ("The Lamp: chapter 12 of ?", ("The Lamp", 12)),
        ("Лампа - Глава 2", ("Лампа", 2)),
        ("1984", ("1984", 0)),
        ("Five Things 5", ("Five Things 5", 0)),
        ("(1/2)", ("(1/2)", 0)),
        ("", ("", 0)),
    ],
)
def test_parts_are_known_by_their_numbers(subject, told):
    assert _titled(subject) == told


def test_broken_exports_are_read_as_far_as_they_go_and_hostile_ones_resolve_nothing(tmp_path):
    folder = tmp_path / "journal"
    folder.mkdir()
    secret = tmp_path / "secret"
    secret.write_text("under the mat")
    whole = entry(3 * 256, "The Lamp", HEAD + "It burned.\x08")
    (folder / "a.xml").write_text(
        f'<!DOCTYPE x [<!ENTITY x SYSTEM "{secret.as_uri()}">]><livejournal>{whole}'
        "<entry><itemid>2</itemid><event>&x; &eacute;"
    )
    events, _ = ask(READER, folder, "a.xml", tmp_path / "s")
    assert [each.manuscript.title for each in events if isinstance(each, Story)] == ["The Lamp"]
    assert "under the mat" not in str(events)


def test_nothing_to_read_is_one_sentence(tmp_path):
    folder = tmp_path / "journal"
    folder.mkdir()
    (folder / "a.xml").write_text("<livejournal></livejournal>")
    with pytest.raises(Unreadable, match="no entry"):
        ask(READER, folder, "a.xml", tmp_path / "s")
