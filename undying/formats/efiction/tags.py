"""Ratings, classes, categories, characters -> tags: by what the archivist said that they are, else as proposed."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from undying.formats import Meaning
from undying.formats.efiction.assistant import Assistant, Node
from undying.formats.efiction.kinds import Guess, guess
from undying.formats.efiction.tables import integer
from undying.manuscript import Audience, Tagging, TagKind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from sqlite3 import Row

    from undying.formats.efiction.spool import Spool
    from undying.formats.efiction.text import Texts

SITE = ("site", "fandom")
"""The label that stands for the whole site, where its categories name no fandom."""
_MEMBERS_ONLY = 4
_ASKS_AGE = 2
_RATINGS = {
    "General Audiences": ("g", "k", "general", "general audiences", "general audience", "all ages", "everyone"),
    "Teen And Up Audiences": ("t", "teen", "teens", "pg-13", "pg13", "13+", "teen and up", "teen and up audiences"),
    "Mature": ("m", "mature", "r"),
    "Explicit": ("nc-17", "nc17", "explicit"),
    "Not Rated": ("not rated", "unrated", "nr"),
}
_BY_NAME = {name: rating for rating, names in _RATINGS.items() for name in names}
_ADULT_RATINGS = frozenset(("Mature", "Explicit"))
_NOTHING = frozenset(("", "0", "-1"))
_EXAMPLES = 3
_MOST_NAMES = 5000
"""Names without a row of their own that are told: free text in a column of names could be anything."""


@dataclass
class _Lookup:
    """One table of names. `column` is the stories' column that lists them, `used` the row numbers that some story used.

    `by_word` are the names that stories list and the table does not have.
    """

    entity: str
    column: str
    by_id: dict[int, Row] = field(default_factory=dict)
    by_name: dict[str, Row] = field(default_factory=dict)
    used: set[int] = field(default_factory=set)
    guesses: dict[int, Guess] = field(default_factory=dict)
    by_word: dict[str, Guess] = field(default_factory=dict)


@dataclass
class _Uses:
    """How many stories bear each label, and the titles of a few of them."""

    times: Counter[tuple[str, int | str]] = field(default_factory=Counter)
    titles: dict[tuple[str, int | str], list[bytes]] = field(default_factory=dict)

    def note(self, label: tuple[str, int | str], title: bytes) -> None:
        """One more story."""
        self.times[label] += 1
        if self.times[label] <= _EXAMPLES:
            self.titles.setdefault(label, []).append(title)


@dataclass
class StoryTags:
    """The tags of one story, the labels kept beside them, and what led nowhere."""

    taggings: tuple[Tagging, ...]
    extras: tuple[tuple[str, str], ...]
    audience: Audience
    unknown: tuple[str, ...]


class Tags:
    """The archive's vocabulary. Columns hold ids since 3.0 and names before; both are understood everywhere.

    `decided` says by (table, key) what the archivist took labels for; `container` names the table of a row.
    """

    def __init__(
        self,
        spool: Spool,
        texts: Texts,
        decided: Mapping[tuple[str, str], tuple[Tagging, ...]],
        container: Callable[[str], str],
        sitename: bytes = b"",
    ) -> None:
        self._spool = spool
        self._texts = texts
        self._decided = decided
        self._container = container
        self._unknown: list[str] = []
        self._extras: list[tuple[str, str]] = []
        self._audience = Audience.EVERYONE
        self._names: dict[tuple[str, int], str] = {}
        self._ratings = self._load("ratings", "rid", "rating", "rid")
        self._classes = self._load("classes", "class_id", "class_name", "classes")
        self._types = self._load("classtypes", "classtype_id", "classtype_name", "")
        self._categories = self._load("categories", "catid", "category", "catid")
        self._characters = self._load("characters", "charid", "charname", "charid")
        self._challenges = self._load("challenges", "chalid", "title", "challenges")
        self._genres = self._load("genres", "gid", "genre", "gid")
        self._warnings = self._load("warnings", "wid", "warning", "wid")
        self._labels = (
            self._categories, self._characters, self._classes, self._genres, self._warnings, self._ratings,
            self._challenges,
        )  # fmt: skip
        self._uses = self._counted()
        self._stories = self._container_of_stories()
        self._site = texts.glimpse(sitename)
        self._propose()

    # --- What the labels are ------------------------------------------------------------------------------------------

    def _load(self, entity: str, number: str, name: str, column: str) -> _Lookup:
        lookup = _Lookup(entity, column)
        for row in self._spool.stream(f"SELECT * FROM {entity} ORDER BY n"):  # noqa: S608 - our own names
            lookup.by_id[row[number]] = row
            shown = self._texts.plain(row[name])
            self._names[entity, row["n"]] = shown
            lookup.by_name.setdefault(shown.casefold(), row)
        return lookup

    def _counted(self) -> _Uses:
        uses = _Uses()
        columns = ", ".join(lookup.column for lookup in self._labels)
        for story in self._spool.stream(f"SELECT title, {columns} FROM stories ORDER BY sid"):  # noqa: S608 - our own names
            for lookup in self._labels:
                for label, row in self._listed(lookup, self._texts.glimpse(story[lookup.column])):
                    if row is not None:
                        uses.note((lookup.entity, row["n"]), story["title"] or b"")
                    elif integer(label.encode()) is None and len(lookup.by_word) < _MOST_NAMES:
                        lookup.by_word.setdefault(label, guess(TagKind.ADDITIONAL, label, ""))
                        uses.note((lookup.entity, label), story["title"] or b"")
        return uses

    def _container_of_stories(self) -> str:
        row = self._spool.row("SELECT container FROM stories WHERE container <> '' LIMIT 1")
        return self._container(row["container"]) if row else "stories"

    def _propose(self) -> None:
        names = (self._names["characters", row["n"]] for row in self._characters.by_id.values())
        self._assistant = assistant = Assistant(names, has_ratings=bool(self._ratings.by_id))
        self._nodes = self._tree()
        assistant.plant(self._nodes.values())
        judges: dict[str, Callable[[str], Guess]] = {
            "categories": lambda name: assistant.category(Node(name)),
            "characters": assistant.character,
            "classes": lambda name: assistant.of_class(name, "", ""),
            "genres": assistant.genre,
            "warnings": assistant.warned,
            "ratings": _rating,
            "challenges": assistant.challenge,
        }
        for lookup in self._labels:
            judge = judges[lookup.entity]
            for row in lookup.by_id.values():
                lookup.guesses[row["n"]] = self._proposed(lookup, row, judge)
            lookup.by_word = {name: judge(name) for name in lookup.by_word}

    def _tree(self) -> dict[int, Node]:
        """The categories' nodes, by row number."""
        rows = self._categories.by_id
        nodes = {row["n"]: Node(self._names["categories", row["n"]]) for row in rows.values()}
        for row in rows.values():
            above = rows.get(row["parentcatid"])
            if above is not None and above["n"] != row["n"]:
                nodes[row["n"]].above = nodes[above["n"]]
                nodes[above["n"]].below.append(nodes[row["n"]])
        return nodes

    def _proposed(self, lookup: _Lookup, row: Row, judge: Callable[[str], Guess]) -> Guess:
        name = self._names[lookup.entity, row["n"]]
        if lookup is self._categories:
            return self._assistant.category(self._nodes[row["n"]])
        if lookup is self._classes:
            return self._assistant.of_class(name, *self._type_names(row))
        return judge(name)

    def _type_names(self, row: Row) -> tuple[str, str]:
        """(name, title) of a class's type. Without its table type 2 is warnings: so every upgrade numbered them."""
        kind = self._types.by_id.get(row["class_type"])
        if kind is not None:
            return self._names["classtypes", kind["n"]], self._texts.glimpse(kind["classtype_title"])
        is_warning = row["class_type"] == 2 and not self._types.by_id  # noqa: PLR2004 - explained above
        return ("warnings", "Warnings") if is_warning else ("", "")

    def meanings(self) -> Iterator[Meaning]:
        """What every label is taken for, table by table, trees in order."""
        if self._asks_for_fandom():
            yield _told(
                SITE, self._site or "The whole site", self._assistant.site(self._site), self._spool.count("stories")
            )
        for lookup in self._labels:
            for row in self._in_order(lookup):
                yield self._meaning(lookup, row)
            for name, proposal in lookup.by_word.items():
                yield self._told(self._place(lookup, name), name, proposal, (lookup.entity, name))

    def _asks_for_fandom(self) -> bool:
        guesses = (guess for lookup in self._labels for guess in lookup.guesses.values())
        return self._spool.count("stories") > 0 and not any(each.is_fandom for each in guesses)

    def _in_order(self, lookup: _Lookup) -> Iterable[Row]:
        if lookup is self._categories:
            return sorted(
                lookup.by_id.values(), key=lambda row: [*self._path(row), self._names["categories", row["n"]]]
            )
        if lookup is self._classes:
            return sorted(lookup.by_id.values(), key=lambda row: (row["class_type"], row["n"]))
        return lookup.by_id.values()

    def _meaning(self, lookup: _Lookup, row: Row) -> Meaning:
        parent = ""
        if lookup is self._categories:
            parent = " > ".join(self._path(row))
        elif lookup is self._classes:
            parent = self._type_names(row)[1] or self._type_names(row)[0]
        elif lookup is self._characters and (category := self._categories.by_id.get(row["catid"])) is not None:
            parent = self._names["categories", category["n"]]
        name = self._names[lookup.entity, row["n"]]
        label = (self._container(row["container"]), row["key"])
        return self._told(label, name, lookup.guesses[row["n"]], (lookup.entity, row["n"]), parent)

    def _told(
        self, label: tuple[str, str], name: str, guess: Guess, uses: tuple[str, int | str], parent: str = ""
    ) -> Meaning:
        titles = tuple(filter(None, map(self._texts.glimpse, self._uses.titles.get(uses, ()))))
        return _told(label, name, guess, self._uses.times[uses], examples=titles, parent=parent)

    def _place(self, lookup: _Lookup, name: str) -> tuple[str, str]:
        """(table, key) of a name that stands in the stories' rows alone."""
        return f"{self._stories}.{lookup.column}", name

    def used(self) -> Iterator[tuple[str, set[int]]]:
        """(table, row numbers) of every name that became a tag. Challenges stay raw: only titles were borrowed."""
        for lookup in (*self._labels[:-1], self._types):
            yield lookup.entity, lookup.used

    # --- The tags of one story ----------------------------------------------------------------------------------------

    def of(self, story: Row) -> StoryTags:
        """All tags of one story, each once, in the archive's own order."""
        self._unknown, self._extras, self._audience = [], [], Audience.EVERYONE
        taggings = [*self._rating(story), *self._of_classes(story), *self._of_categories(story)]
        taggings += self._of_characters(story)
        taggings += self._decided.get(SITE, ())
        for name, row in self._named(self._challenges, story["challenges"]):
            taggings += self._tags(self._challenges, name, row)
            self._extras.append(("eFiction challenge", name))
        return StoryTags(
            tuple(dict.fromkeys(taggings)), tuple(self._extras), self._audience, tuple(dict.fromkeys(self._unknown))
        )

    def _tags(self, lookup: _Lookup, name: str, row: Row | None) -> tuple[Tagging, ...]:
        """What a label gives its works: what was decided, else what is proposed."""
        if row is None:
            proposed = lookup.by_word.get(name)
            decided = self._decided.get(self._place(lookup, name))
            usual = proposed or guess(TagKind.ADDITIONAL, name, "")
            return usual.taggings if decided is None else decided
        decided = self._decided.get((self._container(row["container"]), row["key"]))
        return lookup.guesses[row["n"]].taggings if decided is None else decided

    def _listed(self, lookup: _Lookup, value: str) -> Iterator[tuple[str, Row | None]]:
        """What a column lists, by id or by name, with the rows."""
        for listed in value.split(","):
            part = listed.strip()
            if part not in _NOTHING:
                number = integer(part.encode())
                row = lookup.by_id.get(number) if number is not None else None
                yield part, row or lookup.by_name.get(part.casefold())

    def _named(self, lookup: _Lookup, value: bytes | None) -> list[tuple[str, Row | None]]:
        """The names that a column lists, with their rows; numbers that lead nowhere are noted."""
        found: list[tuple[str, Row | None]] = []
        for part, row in self._listed(lookup, self._texts.plain(value)):
            number = integer(part.encode())
            if row is not None:
                lookup.used.add(row["n"])
                if name := self._names[lookup.entity, row["n"]]:
                    found.append((name, row))
            elif number is not None:
                self._unknown.append(f"{lookup.entity} {number}")
                self._extras.append((f"eFiction {lookup.entity}, unknown number", str(number)))
            else:
                found.append((part, None))
        return found

    def _rating(self, story: Row) -> Iterator[Tagging]:
        """A rating that asked the reader's age goes on asking, whatever its name: its own word stays in the extras."""
        for name, row in self._named(self._ratings, story["rid"])[:1]:
            bits = (integer(row["ratingwarning"]) or 0) if row is not None else 0
            if bits & _MEMBERS_ONLY:
                self._audience = Audience.MEMBERS
            tags = self._tags(self._ratings, name, row)
            if not any(tagging.kind is TagKind.RATING for tagging in tags):
                tags = (Tagging(kind=TagKind.RATING, name="Not Rated"), *tags)
            for tagging in tags:
                is_gated = tagging.kind is TagKind.RATING and bits & (_ASKS_AGE | _MEMBERS_ONLY)
                known = "Not Rated" if is_gated and tagging.name not in _ADULT_RATINGS else tagging.name
                yield Tagging(kind=tagging.kind, name=known)
                if tagging.kind is TagKind.RATING and known != name:
                    self._extras.append(("eFiction rating", name))

    def _of_classes(self, story: Row) -> Iterator[Tagging]:
        listed: dict[str, list[str]] = {}
        for name, row in self._named(self._classes, story["classes"]):
            listed.setdefault(self._class_label(row), []).append(name)
            yield from self._tags(self._classes, name, row)
        for column, lookup in (("wid", self._warnings), ("gid", self._genres)):
            for name, row in self._named(lookup, story[column]):
                listed.setdefault(lookup.entity.capitalize(), []).append(name)
                yield from self._tags(lookup, name, row)
        self._extras += [(f"eFiction {label}", ", ".join(names)) for label, names in listed.items()]

    def _class_label(self, row: Row | None) -> str:
        """The title that the archive gave to a class's type."""
        if row is None:
            return "Classes"
        if (kind := self._types.by_id.get(row["class_type"])) is not None:
            self._types.used.add(kind["n"])
        name, title = self._type_names(row)
        return title or name or "Classes"

    def _of_categories(self, story: Row) -> Iterator[Tagging]:
        """A category's tags and those of the categories above it, but of fandoms only the nearest."""
        listed = self._named(self._categories, story["catid"])
        above = {row["n"] for _name, child in listed for row in self._ancestors(child)}
        for name, row in listed:
            ancestors = self._ancestors(row)
            self._categories.used.update(each["n"] for each in ancestors)
            self._extras.append(("eFiction category", " > ".join([*self._path(row), name])))
            if row is None or row["n"] not in above:
                own = self._tags(self._categories, name, row)
                yield from own
                yield from self._inherited(ancestors, own)

    def _inherited(self, ancestors: list[Row], own: tuple[Tagging, ...]) -> Iterator[Tagging]:
        has_fandom = any(tagging.kind is TagKind.FANDOM for tagging in own)
        for row in ancestors:
            tags = self._tags(self._categories, self._names["categories", row["n"]], row)
            yield from (each for each in tags if not (has_fandom and each.kind is TagKind.FANDOM))
            has_fandom |= any(tagging.kind is TagKind.FANDOM for tagging in tags)

    def _path(self, row: Row | None) -> list[str]:
        """The names of the categories above, from the root."""
        return [self._names["categories", parent["n"]] for parent in reversed(self._ancestors(row))]

    def _ancestors(self, row: Row | None) -> list[Row]:
        """The categories above, nearest first."""
        found: list[Row] = []
        start = row
        while row is not None and (row := self._categories.by_id.get(row["parentcatid"])) is not None:
            if row in found or row is start:
                break
            found.append(row)
        return found

    def _of_characters(self, story: Row) -> Iterator[Tagging]:
        for name, row in self._named(self._characters, story["charid"]):
            tags = self._tags(self._characters, name, row)
            if name not in {tagging.name for tagging in tags}:
                self._extras.append(("eFiction character", name))
            yield from tags


def _rating(name: str) -> Guess:
    known = _BY_NAME.get(name.casefold())
    why = "the word can mean nothing else" if known else "the site's own word is kept"
    return guess(TagKind.RATING, known or name, f"it stands among the ratings; {why}", sure=bool(known))


def _told(label: tuple[str, str], name: str, guess: Guess, uses: int, **more: Any) -> Meaning:
    table, key = label
    return Meaning(
        table=table,
        key=key,
        name=name,
        taggings=guess.taggings,
        why=guess.why,
        is_certain=guess.is_certain,
        uses=uses,
        **more,
    )
