"""The backup of a small site that never was, for the rehearsal of a rescue: its dump, its stories folder, its faults.

What is wrong with it: eFiction's garbled quotes, text encoded twice, categories that are pairings or no subject at all,
a story posted twice, a chapter whose file is gone, a file that belongs to nothing, an address and a wish in notes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.formats.efiction_archive import MODERN, Archive

if TYPE_CHECKING:
    from pathlib import Path

SITE = "lighthouse.example"
_BESIDE = {
    "authorprefs": "uid newreviews newrespond ageconsent alertson tinyMCE sortby storyindex validated userskin level "
    "categories contact stories",
    "news": "nid author title story time comments",
    "comments": "cid nid uid comment time",
    "messages": "message_id message_name message_title message_text",
}
_EMPTY = {"stories": "summary storynotes", "chapters": "notes endnotes", "authors": "realname website bio image"}
_LETTERS = (
    "It was late when Minar17;s lamp went out. r0;Are you there?r1; she asked the dark, and got rain for an answer.",
    "The second letter never arrived. Jonathan sealed it with candle fat; it lay at Klausenburg until the spring thaw.",
    "r0;I shall keep them all,r1; she said. r0;One day somebodyr17;s going to want to know how we were brave.r1;",
)
_REVISED = _LETTERS[2].replace("One day", "Some day")


def backup(folder: Path) -> Path:
    """Write it into the folder: `old-site.sql` with `stories/` beside it. Returns the folder."""
    archive = Archive(columns=MODERN | _BESIDE)
    for fill in (_site, _members, _labels, _letters, _others, _beside, _responses):
        fill(archive)
    for table, empty in _EMPTY.items():
        archive.rows[table] = [dict.fromkeys(empty.split(), "") | row for row in archive.rows[table]]
    folder.mkdir(parents=True, exist_ok=True)
    archive.write(folder).rename(folder / "old-site.sql")
    return folder


def _site(archive: Archive) -> None:
    archive.add(
        "settings", sitekey="log", sitename="The Lighthouse Log", slogan="Stories kept through the night",
        url=f"http://www.{SITE}", siteemail=f"keeper@{SITE}", storiespath="stories", store="files", ratings=1,
        version="3.5.3", smtp_password="not for you", language="en",
    )  # fmt: skip


def _members(archive: Archive) -> None:
    names = ("Keeper", "Typewriter Ribbon", "Westenra", "Irregular", "Laura of Styria")
    for uid, name in enumerate(names, start=1):
        email = f"{name.split()[0].lower()}@mail.example"
        bio = "I write by gaslight. Beta readers are welcome." if uid == 2 else ""
        archive.add("authors", uid=uid, penname=name, email=email, bio=bio, website="", password="0" * 32)
        archive.add("authorprefs", uid=uid, level=int(uid == 1), validated=1)


def _labels(archive: Archive) -> None:
    for catid, parent, name in (
        (1, -1, "Dracula"), (2, -1, "Sherlock Holmes"), (3, -1, "Carmilla"),
        (4, 1, "Jonathan/Mina"), (5, 2, "Holmes/Watson"), (6, -1, "Winter Challenge"),
    ):  # fmt: skip
        archive.add("categories", catid=catid, parentcatid=parent, category=name, numitems=1)
    people = ("Mina Harker", "Jonathan Harker", "Lucy Westenra", "Sherlock Holmes", "John Watson", "Carmilla", "Laura")
    for charid, name in enumerate(people, start=1):
        archive.add("characters", charid=charid, catid=1 if charid < 4 else 2 if charid < 6 else 3, charname=name)
    archive.add("classtypes", classtype_id=1, classtype_name="genres", classtype_title="Genres")
    archive.add("classtypes", classtype_id=2, classtype_name="warnings", classtype_title="Warnings")
    for class_id, kind, name in ((1, 1, "Epistolary"), (2, 1, "Mystery"), (3, 2, "Character Death"), (4, 1, "Gothic")):
        archive.add("classes", class_id=class_id, class_type=kind, class_name=name)
    for rid, rating, bits in ((1, "G", 0), (2, "PG-13", 0), (3, "R", 2)):
        archive.add("ratings", rid=rid, rating=rating, ratingwarning=bits, warningtext="For grown readers.")


def _text(archive: Archive, author: int, chapid: int, text: str) -> None:
    archive.files[f"stories/{author}/{chapid}.txt"] = f"<p>{text}</p>\n".encode()


def _letters(archive: Archive) -> None:
    """A story in three chapters, and the same story posted once more with two words changed."""
    for sid, title, last in ((1, "The Whitby Letters", _LETTERS[2]), (2, "The Whitby Letters, revised", _REVISED)):
        archive.story(
            sid, None, title=title, uid=2, catid="1,4", charid="1,2", classes="1", rid="2", completed=1, wordcount=90,
            summary="What Mina did with the letters that came, and with those that did not.",
            date=f"2006-0{sid}-04 21:10:00", updated=f"2006-0{sid}-28 22:00:00",
        )  # fmt: skip
        for number, text in enumerate((*_LETTERS[:2], last), start=1):
            heading = ("By Lamplight", "Klausenburg", "The Bundle")[number - 1]
            archive.chapter(sid * 10 + number, sid, "", title=heading, inorder=number)
            _text(archive, 2, sid * 10 + number, text)


def _others(archive: Archive) -> None:
    archive.story(
        3, None, title="A Study in Fog", uid=4, catid="2,5,6", charid="4,5", classes="2", rid="1", completed=1,
        summary="A cab, a cafÃ©, and no face at the window.", storynotes="Comments to irregular@mail.example, please.",
    )  # fmt: skip
    archive.chapter(31, 3, "", title="The Cab", uid=4)
    _text(archive, 4, 31, "Holmes put the cafÃ© bill under the lens. It was the third that month, and unpaid.")
    archive.story(
        4, None, title="The Schloss in Snow", uid=5, catid="3", charid="6,7", classes="3,4", rid="3", completed=0,
        coauthors="1", summary="Laura counts the footprints. There is one set too few.",
        storynotes="Please do not post this story on any other site.",
    )  # fmt: skip
    archive.add("coauthors", sid=4, uid=3)
    archive.chapter(41, 4, "", title="Footprints", uid=5)
    archive.chapter(42, 4, "", title="The Thaw", uid=5, inorder=2)
    _text(archive, 5, 41, "Snow keeps what is written on it for exactly one night, said the governess.")
    _text(archive, 3, 77, "A page that no story of the site knows any more.")
    archive.story(5, None, title="Bees in Sussex", uid=4, catid="2", charid="4", rid="1", validated=0)
    archive.chapter(51, 5, "", title="Smoke", uid=4, validated=0)
    _text(archive, 4, 51, "He had retired, he told the bees, and they went about their work as if they believed it.")


def _beside(archive: Archive) -> None:
    archive.add("series", seriesid=1, title="Kept Letters", summary="Letters and what became of them.", uid=2, isopen=1)
    archive.add("inseries", seriesid=1, sid=1, confirmed=1, inorder=1)
    archive.add("favorites", uid=4, item=1, type="ST", comments="Read it twice in one night.")
    archive.add("favorites", uid=2, item=5, type="AU")
    archive.add(
        "news", nid=1, author="Keeper", title="The lamp is lit", story="We are open. Mind the stairs.", comments=1
    )
    archive.add("comments", cid=1, nid=1, uid=3, comment="The stairs are lovely.", time="2005-11-02 08:00:00")
    archive.add(
        "challenges", chalid=1, challenger="Keeper", uid=1, title="Winter Challenge", summary="Snow, and a letter."
    )
    archive.add("messages", message_id=1, message_name="rules", message_title="House rules", message_text="Be kind.")


def _responses(archive: Archive) -> None:
    answered = "I read this on the night train.<br><br><i>Author's Response: Then I hope that it was late.</i>"
    archive.add(
        "reviews",
        reviewid=1,
        item=1,
        chapid=11,
        uid=4,
        reviewer="Irregular",
        review=answered,
        respond=1,
        rating=9,
        type="ST",
    )
    archive.add(
        "reviews",
        reviewid=2,
        item=2,
        chapid=21,
        uid=0,
        reviewer="a passer-by",
        review="More, please!",
        rating=-1,
        type="ST",
    )
    archive.add(
        "reviews",
        reviewid=3,
        item=3,
        chapid=31,
        uid=5,
        reviewer="Laura of Styria",
        review="No Review",
        rating=8,
        type="ST",
    )
