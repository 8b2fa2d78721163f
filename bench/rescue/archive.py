"""An eFiction archive that never was, in the sizes and with the faults that rescued ones have; the same for a seed.

It is written as it is made: what is held of it is a few numbers for each story, never a text.

    python -m bench.rescue.archive FOLDER [tiny|small|mid|large] [--seed N]
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import random
from array import array
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bench.rescue.schema import Dump
from bench.rescue.words import Voice

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bench.rescue.schema import Value

    Rows = Iterator[tuple[Value, ...]]


@dataclass(frozen=True)
class Size:
    """How much of everything; `words` is the mean of a chapter."""

    stories: int
    chapters: int
    members: int
    authors: int
    reviews: int
    series: int
    memberships: int
    favourites: int
    words: int = 2700
    longest_chapter: int = 60_000
    most_chapters: int = 220


SIZES = {
    "tiny": Size(60, 240, 90, 25, 500, 8, 30, 300, 150, 3000, 25),
    "small": Size(1000, 3500, 600, 250, 8000, 100, 450, 5000),
    "mid": Size(5000, 20_000, 6000, 1500, 60_000, 500, 2200, 50_000),
    "large": Size(30_000, 120_000, 20_000, 6000, 500_000, 3000, 14_000, 600_000),
}
MISSING, ORPHANS, LEGACY, ORPHAN_REVIEWS, SAME_NAMES, CROSSPOSTED = 0.005, 0.02, 0.10, 0.015, 0.01, 0.03
SHARED, DOUBLE_PLACES, HIDDEN, FILTERED, IN_DATABASE, UNSCORED = 0.05, 0.01, 0.02, 0.03, 0.01, 0.05
LONGEST_COPIED = 6
CATEGORIES = (
    "Dracula|Carmilla|Sherlock Holmes|Pride and Prejudice|The Odyssey|Slash Pairings|Round Robins|Winter Challenge"
).split("|")
CHARACTERS = (
    "Mina Harker|Jonathan Harker|Lucy Westenra|Carmilla Karnstein|Laura|Sherlock Holmes|John Watson|Irene Adler|"
    "Elizabeth Bennet|Fitzwilliam Darcy|Charlotte Lucas|Odysseus|Penelope|Circe|Holmes/Watson|Carmilla/Laura|"
    "Elizabeth/Charlotte|Mina/Lucy"
).split("|")
CLASSES = (
    (1, "Angst|Humour|Mystery|Romance|Gothic|Adventure"),
    (2, "Violence|Character Death|Strong Language|None"),
    (3, "Drabble|Novel|Epistolary"),
)
RATINGS = (("G", 0), ("PG", 0), ("PG-13", 0), ("R", 3), ("NC-17", 7))
RESPONSE = "<br><br><i>Author's Response: "
FILTER = (("’", "r17;"), ("“", "r0;"), ("”", "r1;"), ("—", "r12;"), ("…", "r30;"))


@dataclass
class Facts:
    """What was put in, to compare with what comes out."""

    text_bytes: int = 0
    files: int = 0
    words: int = 0
    missing: int = 0
    orphans: int = 0
    legacy: int = 0
    orphan_reviews: int = 0
    crossposted: int = 0
    same_names: int = 0
    filtered: int = 0
    double_places: int = 0
    dump_bytes: int = 0
    rows: dict[str, int] = dataclasses.field(default_factory=dict)


class Archive:
    """Writes `dump.sql`, `stories/` and `facts.json`."""

    def __init__(self, folder: Path, size: Size, seed: int) -> None:
        self.folder, self.size, self.seed = folder, size, seed
        self.voice = Voice(seed)
        self.facts = Facts()
        self._plan()

    def _chance(self, what: str, number: int = 0) -> random.Random:
        """Chance of its own for each thing, so that nothing hangs on the order of writing."""
        return random.Random(f"{self.seed} {what} {number}")

    def _plan(self) -> None:
        size, chance = self.size, self._chance("plan")
        self.chapters_of = _tail(chance, size.stories, size.chapters, size.most_chapters, 1.05, least=1)
        self.copy_of = array("l", [0] * size.stories)
        for place in range(1, size.stories):
            if chance.random() < CROSSPOSTED:
                self._plan_copy(chance, place)
        fixed = {place for place, original in enumerate(self.copy_of) if original}
        fixed |= {original - 1 for original in self.copy_of if original}
        _settle(chance, self.chapters_of, size.chapters, size.most_chapters, fixed)
        drawn = (int(size.authors * chance.random() ** 1.7) + 1 for _ in range(size.stories))
        self.owner_of = array("l", drawn)
        for author, place in enumerate(chance.sample(range(size.stories), min(size.authors, size.stories)), start=1):
            self.owner_of[place] = author
        for place, original in enumerate(self.copy_of):
            if original:
                self.owner_of[place] = self.owner_of[original - 1]
        self.first_of = array("l", [1])
        for count in self.chapters_of:
            self.first_of.append(self.first_of[-1] + count)
        self.reviews_of = _tail(chance, size.stories, size.reviews, self._most_reviews(), 0.9, least=0)

    def _most_reviews(self) -> int:
        return max(self.size.reviews // 60, 4 * self.size.reviews // self.size.stories + 8)

    def _plan_copy(self, chance: random.Random, place: int) -> None:
        """A story that its author posted again; both are short, and neither is the copy of a third."""
        original = chance.randrange(place)
        if max(self.chapters_of[original], self.chapters_of[place]) <= LONGEST_COPIED and not self.copy_of[original]:
            self.copy_of[place] = original + 1
            self.chapters_of[place] = self.chapters_of[original]

    def write(self) -> Facts:
        """All of it."""
        self.folder.mkdir(parents=True, exist_ok=True)
        path = self.folder / "dump.sql"
        with path.open("w", encoding="utf-8", newline="\n") as file:
            dump = Dump(file)
            for name in ("authors", "authorprefs", "authorfields", "authorinfo", "categories", "characters"):
                dump.table(name, getattr(self, f"_{name}")())
            for name in ("classtypes", "classes", "ratings", "stories", "chapters", "coauthors", "series", "inseries"):
                dump.table(name, getattr(self, f"_{name}")())
            for name in ("reviews", "favorites", "news", "comments", "challenges", "messages", "log", "settings"):
                dump.table(name, getattr(self, f"_{name}")())
            dump.table("stats", self._stats(dump.rows))
            dump.close()
        self._orphans()
        self.facts.rows, self.facts.dump_bytes = dump.rows, path.stat().st_size
        told = json.dumps(dataclasses.asdict(self.facts), indent=1)
        (self.folder.parent / f"{self.folder.name}-facts.json").write_text(told + "\n", encoding="utf-8")
        return self.facts

    # -- People --

    def _pen_name(self, uid: int) -> str:
        chance = self._chance("pen name", uid)
        if uid > 1 and chance.random() < SAME_NAMES:
            other = self._pen_name(uid - 1)
            return other.replace("_", " ") if uid % 2 else other.swapcase()
        return f"{self.voice.title(chance).removeprefix('The ').replace(' ', '_')}{uid}"[:60]

    def _authors(self) -> Rows:
        before = ""
        for uid in range(1, self.size.members + 1):
            chance, name = self._chance("member", uid), self._pen_name(uid)
            folded = name.replace("_", " ").casefold()
            self.facts.same_names += folded == before
            before = folded
            bio = self.voice.line(chance, 50) if chance.random() < 0.5 else ""
            yield (
                uid, name, "", f"member{uid}@example.com", "", bio, "", _date(chance), int(chance.random() < 0.01),
                f"{chance.getrandbits(128):032x}",
            )  # fmt: skip

    def _authorprefs(self) -> Rows:
        for uid in range(1, self.size.members + 1):
            chance = self._chance("prefs", uid)
            if chance.random() < 0.9:
                level = 1 if uid == 1 else -1 if chance.random() < 0.01 else 0
                yield uid, 1, 1, int(chance.random() < 0.6), 0, 0, 0, 1, int(chance.random() < 0.2), "", level, "", 1, 0

    def _authorfields(self) -> Rows:
        yield 1, 4, "lj", "LiveJournal", "http://{info}.livejournal.example/", "", "", 1
        yield 2, 3, "betareader", "Beta-reader", "", "", "", 1

    def _authorinfo(self) -> Rows:
        for uid in range(1, self.size.members + 1):
            chance = self._chance("info", uid)
            if chance.random() < 0.3:
                yield uid, 1, f"journal_{uid}"
            if chance.random() < 0.2:
                yield uid, 2, "Yes"

    # -- Labels --

    def _categories(self) -> Rows:
        for number, name in enumerate(CATEGORIES, start=1):
            yield (
                number,
                -1 if number != 8 else 7,
                name,
                self.voice.line(self._chance("cat", number), 12),
                "",
                0,
                0,
                number,
                0,
            )

    def _characters(self) -> Rows:
        yield from ((number, -1, name, "", "") for number, name in enumerate(CHARACTERS, start=1))

    def _classtypes(self) -> Rows:
        yield from ((1, "genres", "Genres"), (2, "warnings", "Warnings"), (3, "forms", "Forms"))

    def _classes(self) -> Rows:
        names = ((kind, name) for kind, listed in CLASSES for name in listed.split("|"))
        yield from ((number, kind, name) for number, (kind, name) in enumerate(names, start=1))

    def _ratings(self) -> Rows:
        yield from ((number, name, mask, "") for number, (name, mask) in enumerate(RATINGS, start=1))

    # -- Stories --

    def _stories(self) -> Rows:
        for sid in range(1, self.size.stories + 1):
            chance, place = self._chance("story", sid), sid - 1
            self.facts.crossposted += bool(self.copy_of[place])
            began = _date(chance)
            yield (
                sid, self.voice.title(chance), self.voice.line(chance, 45),
                f"Disclaimer: {self.voice.line(chance, 12)}" if chance.random() < 0.4 else "",
                _csv(chance, len(CATEGORIES), 2), _csv(chance, 13, 4), _csv(chance, len(CHARACTERS), 4),
                str(chance.randint(1, len(RATINGS))), began, began if chance.random() < 0.5 else _later(chance, began),
                self.owner_of[place], self._shared_flag(sid), chance.choice((0, 0, 0, 0, 0, 0, 1, 2)),
                0 if chance.random() < HIDDEN else chance.randint(1, 2), int(chance.random() < 0.6),
                int(chance.random() < 0.01), self.size.words * self.chapters_of[place], 0, self.reviews_of[place],
                chance.randint(5, 20_000), "1" if chance.random() < 0.02 else "",
            )  # fmt: skip

    def _partners(self, sid: int) -> list[int]:
        chance = self._chance("partners", sid)
        if chance.random() >= SHARED:
            return []
        found = {chance.randint(1, self.size.authors) for _ in range(chance.randint(1, 2))}
        return sorted(found - {self.owner_of[sid - 1]})

    def _shared_flag(self, sid: int) -> str:
        """The three ways in which eFiction has told of co-authors, in one column."""
        partners = self._partners(sid)
        if partners and sid % 3 == 0:
            return ",".join(str(uid) for uid in (*partners, self.owner_of[sid - 1]))
        return "1" if partners or self._chance("flag", sid).random() < 0.003 else "0"

    def _coauthors(self) -> Rows:
        for sid in range(1, self.size.stories + 1):
            if sid % 3:
                yield from ((sid, uid) for uid in self._partners(sid))

    def _chapters(self) -> Rows:
        for place, count in enumerate(self.chapters_of):
            sid, uid = place + 1, self.owner_of[place]
            again = count > 2 and self._chance("places", sid).random() < DOUBLE_PLACES
            self.facts.double_places += again
            for inorder in range(1, count + 1):
                chapid = self.first_of[place] + inorder - 1
                chance = self._chance("chapter", chapid)
                text = self._text(place, inorder, chapid)
                stored = chance.random() < IN_DATABASE
                if not stored:
                    self._file(uid, chapid, text)
                yield (
                    chapid, self.voice.title(chance), 1 if again and inorder == count else inorder,
                    self.voice.line(chance, 25) if chance.random() < 0.3 else "",
                    _cut(text) if stored else "", self.voice.line(chance, 20) if chance.random() < 0.1 else "",
                    0 if chance.random() < HIDDEN else 1, len(text) // 6, 0, 0, sid, uid, chance.randint(1, 5000),
                )  # fmt: skip

    def _text(self, place: int, inorder: int, chapid: int) -> str:
        """A chapter's markup. That of a story that was posted again differs in its first and last paragraph."""
        original = self.copy_of[place]
        source = self.first_of[original - 1] + inorder - 1 if original else chapid
        chance = self._chance("text", source)
        words = min(self.size.longest_chapter, max(20, int(chance.lognormvariate(0, 0.8) * self.size.words * 0.726)))
        if chapid == max(1, self.size.chapters // 2):
            words = self.size.longest_chapter
        paragraphs = self.voice.paragraphs(chance, words)
        if original:
            edit = self._chance("edit", chapid)
            paragraphs[0] = self.voice.line(edit, 30)
            paragraphs.append(self.voice.line(edit, 30))
        self.facts.words += words
        return self._marked_up(self._chance("markup", chapid), paragraphs)

    def _marked_up(self, chance: random.Random, paragraphs: list[str]) -> str:
        way = chance.random()
        if way < 0.45:
            text = "\n\n".join(paragraphs)
        elif way < 0.8:
            text = "".join(f"<p>{paragraph}</p>\n" for paragraph in paragraphs)
        elif way < 0.9:
            text = "<br />\n<br />\n".join(paragraphs)
        else:
            text = "<font size=2>" + "".join(f"<P align=justify>{paragraph}\n" for paragraph in paragraphs) + "</font>"
        if chance.random() < 0.1:
            text = f"<center><b>{self.voice.title(chance)}</b></center>\n<hr>\n{text}"
        if chance.random() < 0.005:
            text += '<script>alert("counter")</script><a href="javascript:void(0)" onclick="x()">more</a>'
        if chance.random() < FILTERED:
            self.facts.filtered += 1
            for typed, stored in FILTER:
                text = text.replace(typed, stored)
        return text

    def _file(self, uid: int, chapid: int, text: str) -> None:
        chance = self._chance("file", chapid)
        if chance.random() < MISSING:
            self.facts.missing += 1
            return
        data = text.encode()
        if chance.random() < LEGACY:
            self.facts.legacy += 1
            way = chance.random()
            if way < 0.85:
                data = text.encode("cp1252")
            elif way < 0.93:
                data = text.encode("mac_roman")
            else:
                data = data.decode("latin-1").encode()
        self._put(uid, chapid, data)

    def _put(self, uid: int, chapid: int, data: bytes) -> None:
        path = self.folder / "stories" / str(uid) / f"{chapid}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        self.facts.files += 1
        self.facts.text_bytes += len(data)

    def _orphans(self) -> None:
        """Texts of chapters that were deleted."""
        self.facts.orphans = round(self.size.chapters * ORPHANS)
        for number in range(1, self.facts.orphans + 1):
            chance = self._chance("orphan", number)
            text = self._marked_up(chance, self.voice.paragraphs(chance, self.size.words // 2))
            self._put(chance.randint(1, self.size.authors), self.size.chapters * 2 + number, text.encode())

    # -- Around stories --

    def _series(self) -> Rows:
        for number in range(1, self.size.series + 1):
            chance = self._chance("series", number)
            yield (
                number, self.voice.title(chance), self.voice.line(chance, 30), chance.randint(1, self.size.authors),
                chance.randint(0, 2), "1", 0, "", "", 0, 0,
            )  # fmt: skip

    def _inseries(self) -> Rows:
        chance, seen = self._chance("memberships"), set()
        nested = self.size.series // 50
        yield from ((number * 2 - 1, 0, number * 2, 1, 99) for number in range(1, nested + 1))
        for _ in range(self.size.memberships - nested):
            series, sid = int(self.size.series * chance.random() ** 1.5) + 1, chance.randint(1, self.size.stories)
            while (series, sid) in seen:
                series, sid = chance.randint(1, self.size.series), chance.randint(1, self.size.stories)
            seen.add((series, sid))
            yield series, sid, 0, int(chance.random() > 0.02), len(seen) % 30 + 1

    def _reviews(self) -> Rows:
        number = 0
        for place, count in enumerate(self.reviews_of):
            for _ in range(count):
                number += 1
                yield self._review(number, place)

    def _review(self, number: int, place: int) -> tuple[Value, ...]:
        chance, item = self._chance("review", number), place + 1
        chapid = self.first_of[place] + chance.randrange(self.chapters_of[place])
        if chance.random() < ORPHAN_REVIEWS:
            self.facts.orphan_reviews += 1
            item, chapid = (self.size.stories + 7, 0) if number % 2 else (item, self.size.chapters + number)
        uid = 0 if chance.random() < 0.25 else chance.randint(1, self.size.members)
        text = (
            "No Review" if chance.random() < UNSCORED else self.voice.line(chance, int(chance.lognormvariate(4.1, 0.7)))
        )
        answered = text != "No Review" and chance.random() < 0.3
        if answered:
            text += f"{RESPONSE}{self.voice.line(chance, 20)}</i>"
        name = self._pen_name(uid) if uid else self.voice.name(chance)
        return number, item, chapid, name, uid, text, _date(chance), chance.randint(-1, 10), int(answered), "ST"

    def _favorites(self) -> Rows:
        chance = self._chance("favourites")
        for _ in range(self.size.favourites):
            kind = chance.choice(("ST", "ST", "ST", "SE", "AU"))
            most = {"ST": self.size.stories, "SE": self.size.series, "AU": self.size.authors}[kind]
            comment = self.voice.line(chance, 8) if chance.random() < 0.1 else ""
            yield chance.randint(1, self.size.members), int(most * chance.random() ** 2) + 1, kind, comment

    def _news(self) -> Rows:
        for number in range(1, 31):
            chance = self._chance("news", number)
            yield number, self._pen_name(1), self.voice.title(chance), self.voice.line(chance, 80), _date(chance), 3

    def _comments(self) -> Rows:
        for number in range(1, 91):
            chance = self._chance("comment", number)
            yield (
                number,
                number % 30 + 1,
                chance.randint(1, self.size.members),
                self.voice.line(chance, 15),
                _date(chance),
            )

    def _challenges(self) -> Rows:
        for number in range(1, 11):
            chance = self._chance("challenge", number)
            yield number, self._pen_name(2), 2, self.voice.title(chance), "8", "1,2", self.voice.line(chance, 40), 4

    def _messages(self) -> Rows:
        for number, name in enumerate(("welcome", "copyright", "help", "rules", "tos", "thankyou"), start=1):
            yield number, name, name.capitalize(), self.voice.line(self._chance("message", number), 120)

    def _log(self) -> Rows:
        for number in range(1, self.size.members // 2 + 1):
            chance = self._chance("log", number)
            yield number, f"Member {number} registered.", number, chance.getrandbits(31), _date(chance), "RG"

    def _settings(self) -> Rows:
        yield (
            "rescue", "The Lamp in the Window", "An archive that never was", "http://lamp.example",
            "keeper@lamp.example", "", "en", "stories", "files", "<b><i><p><br>", 1, 1, 1, 1, 1, 1, 1, "3.5.3",
        )  # fmt: skip

    def _stats(self, rows: dict[str, int]) -> Rows:
        names = ("stories", "chapters", "series", "reviews")
        yield (
            "rescue", *(rows[name] for name in names), self.facts.words, self.size.authors, rows["authors"], 900,
            rows["authors"],
        )  # fmt: skip


def _tail(chance: random.Random, count: int, total: int, most: int, slope: float, *, least: int) -> array[int]:
    """So many numbers with a heavy tail that make up the total; the greatest is `most`."""
    drawn = array("l", (min(most - 1, int(chance.paretovariate(slope)) - 1 + least) for _ in range(count)))
    scale = total / max(1, sum(drawn))
    if least == 0:
        drawn = array("l", (min(most - 1, round(number * scale)) for number in drawn))
    drawn[count // 2] = most
    _settle(chance, drawn, total, most, set())
    return drawn


def _settle(chance: random.Random, numbers: array[int], total: int, most: int, fixed: set[int]) -> None:
    """Make them up to the total: in the tail, where it changes the shape least, then anywhere. The greatest stays."""
    free = [place for place, number in enumerate(numbers) if place not in fixed and number < most]
    for least in (2, 0):
        moved = True
        while moved and sum(numbers) != total:
            moved, off = False, total - sum(numbers)
            for place in chance.sample(free, len(free)):
                step = (off > 0) - (off < 0)
                if step and numbers[place] >= least and max(1, least) <= numbers[place] + step < most:
                    numbers[place] += step
                    off -= step
                    moved = True
    if sum(numbers) != total:
        raise ValueError(f"{len(numbers)} numbers below {most} cannot make up {total}")


def _date(chance: random.Random) -> str:
    if chance.random() < 0.002:
        return "0000-00-00 00:00:00"
    day = f"{chance.randint(2001, 2011)}-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}"
    return f"{day} {chance.randint(0, 23):02}:{chance.randint(0, 59):02}:{chance.randint(0, 59):02}"


def _later(chance: random.Random, moment: str) -> str:
    year = int(moment[:4]) or 2001
    return f"{year + chance.randint(1, 3)}{moment[4:]}" if moment[5:7] != "00" else moment


def _csv(chance: random.Random, highest: int, most: int) -> str:
    return ",".join(map(str, sorted(chance.sample(range(1, highest + 1), chance.randint(1, most)))))


def _cut(text: str) -> str:
    """What MySQL's TEXT keeps of it."""
    return text.encode()[:65_535].decode("utf-8", "ignore")


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("size", choices=SIZES, nargs="?", default="small")
    parser.add_argument("--seed", type=int, default=1897)
    asked = parser.parse_args()
    print(json.dumps(dataclasses.asdict(Archive(asked.folder, SIZES[asked.size], asked.seed).write()), indent=1))


if __name__ == "__main__":
    main()
