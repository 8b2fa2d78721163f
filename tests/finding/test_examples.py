"""The examples of the help page: each is understood, finds what it says, and stands in the docs."""

from __future__ import annotations

import pytest

from tests.finding.contract import document
from tests.meta.source import ROOT
from undying.finding import asking
from undying.finding.backends.memory import MemoryBackend
from undying.finding.criteria import Criteria
from undying.finding.document import Sight
from undying.finding.examples import CHAPTERS
from undying.finding.fields import READERS, SORTS
from undying.finding.language import conjuncts, parse
from undying.finding.question import Either, HasTag, HasTerm, Term, Words
from undying.finding.unparse import unparse
from undying.finding.unresolved import By, InSeries, Named
from undying.manuscript import Divergence, Placement, PlacementRelation, TagKind
from undying.people.viewer import Viewer

EXAMPLES = [example for chapter in CHAPTERS for example in chapter.examples]
NOW = 1_709_208_000
DAY = 86_400
YEAR = 365 * DAY
IN_2020 = 1_583_020_800
"""The first of March."""
TAGS = {
    "Dracula": (TagKind.FANDOM, 1),
    "Carmilla": (TagKind.FANDOM, 2),
    "Jonathan Harker/Mina Murray": (TagKind.RELATIONSHIP, 3),
    "Mina Murray": (TagKind.CHARACTER, 4),
    "Slow Burn": (TagKind.ADDITIONAL, 5),
    "Teen And Up Audiences": (TagKind.RATING, 6),
    "Major Character Death": (TagKind.WARNING, 7),
    "F/F": (TagKind.CATEGORY, 8),
}


def tags(*names: str) -> tuple[tuple[TagKind, int, str], ...]:
    return tuple((*TAGS[name], name) for name in names)


def placed(**changes: object) -> tuple[Placement, ...]:
    return (Placement(words="", **changes),)


WORKS = {
    "tower": document(
        1,
        title="The Lantern in the Tower",
        creators=("Old Nell",),
        summary="A house by the sea.",
        text="The vampire haunted a castle by the sea. Moonlight lay over the harbour.",
        tags=tags("Dracula", "Jonathan Harker/Mina Murray", "Mina Murray", "Slow Burn", "Teen And Up Audiences"),
        language="en",
        words=12_000,
        revised=NOW - 90 * DAY,
        published=IN_2020,
        kudos=100,
        hits=400,
        comments=4,
        bookmarks=3,
        series=(9,),
        placements=placed(unit="season", part="4"),
    ),
    "lamp": document(
        2,
        title="A Lamp for Carmilla",
        text="The vampire kept a lighthouse. It haunts me.",
        tags=tags("Carmilla", "F/F", "Major Character Death"),
        language="en-GB",
        status="in-progress",
        words=4_000,
        chapters=3,
        revised=NOW - 6 * YEAR,
        published=NOW - 7 * YEAR,
        placements=placed(relation=PlacementRelation.AFTER, episodes=("The Final Problem",)),
    ),
    "nuit": document(
        3,
        title="La nuit",
        text="Une nuit.",
        tags=tags("Dracula", "Carmilla"),
        language="fr",
        status="hiatus",
        words=900,
        revised=IN_2020,
        published=IN_2020,
        placements=placed(relation=PlacementRelation.BEFORE, unit="season", part="3"),
    ),
    "nacht": document(
        4,
        title="吸血鬼の夜",
        text="吸血鬼は来た。",
        tags=tags("Dracula"),
        language="de",
        words=50,
        revised=NOW - 2 * YEAR,
        published=NOW - 2 * YEAR,
        placements=placed(divergence=Divergence.DIVERGENT),
    ),
}
FINDS = {
    "vampire castle": "tower",
    "haunt": "tower lamp",
    '"by the sea"': "tower",
    "vamp*": "tower lamp",
    "vampire -castle": "lamp",
    "lighthouse OR castle": "tower lamp",
    "vampire (lighthouse OR castle)": "tower lamp",
    'vampire -"by the sea"': "lamp",
    "title:lantern": "tower",
    'summary:"by the sea"': "tower",
    "text:moonlight": "tower",
    "moonlight harbour in:text": "tower",
    "title:(lantern OR lamp)": "tower lamp",
    'by:"Old Nell"': "tower",
    "fandom:Dracula": "tower nuit nacht",
    "fandom:Dracula,Carmilla": "tower lamp nuit nacht",
    'ship:"Jonathan Harker/Mina Murray"': "tower",
    'character:"Mina Murray"': "tower",
    'tag:"Slow Burn"': "tower",
    '-tag:"Slow Burn"': "lamp nuit nacht",
    "rating:teen": "tower",
    'warning:"Major Character Death"': "lamp",
    "category:F/F": "lamp",
    'fandom:="Dracula"': "tower nuit nacht",
    'series:"The Borrowed Lantern"': "tower",
    "crossover:yes": "nuit",
    "words:>10k": "tower",
    "words:1k-5k": "lamp",
    "chapters:1": "tower nuit nacht",
    "kudos:>=100": "tower",
    "comments:0 hits:<50": "lamp nuit nacht",
    "bookmarks:3+": "tower",
    "updated:<1y": "tower",
    "updated:>5y complete:no": "lamp",
    "posted:2020": "tower nuit",
    "updated:2019-01..2020-06": "nuit",
    "posted:>2020-02-29": "tower nuit nacht",
    "complete:yes": "tower nacht",
    "status:wip,hiatus": "lamp nuit",
    "lang:fr": "nuit",
    "lang:german": "nacht",
    "season:4": "tower",
    'after:"The Final Problem"': "lamp",
    'before:"season 3"': "nuit",
    "canon:divergent": "nacht",
    "vampire sort:kudos": "tower lamp",
    "complete:yes sort:words-reversed": "nacht tower",
    "吸血鬼": "nacht",
    "fandom:Dracula 吸血鬼": "nacht",
}


def known(name):
    match name:
        case Named(_, text, direct):
            ids = tuple(number for called, (_, number) in TAGS.items() if called.lower().startswith(text.lower()))
            return HasTag(ids, direct)
        case By(text):
            return Words(tuple(text.lower().split()), "author")
        case InSeries(_):
            return HasTerm(Term.SERIES, ("9",))
    return Either(())


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.query)
def test_an_example_is_understood_and_finds_what_it_says(example):
    backend = MemoryBackend()
    backend.put(WORKS.values())
    parsed = parse(example.query, now=NOW)
    criteria = Criteria(query=example.query, sort=parsed.sort, reverse=parsed.reverse)
    hits = backend.find(asking.question(criteria, now=NOW, names=known), Sight.of(Viewer.anyone()), leave_out=())
    found = [name for number in hits.ids for name, work in WORKS.items() if work.work_id == number]

    assert not parsed.troubles
    assert parse(unparse(parsed.node), now=NOW).node == parsed.node
    assert (found if parsed.sort else sorted(found)) == (
        FINDS[example.query].split() if parsed.sort else sorted(FINDS[example.query].split())
    )
    assert example.finds


def test_every_field_has_an_example_or_a_word_in_the_docs():
    text = (ROOT / "docs" / "searching.md").read_text(encoding="utf-8")

    assert {name for name in READERS if f"{name}:" not in text} == set()
    assert {name for name in SORTS if name not in text} == set()
    assert all(f"`{example.query}`" in text for example in EXAMPLES)


def test_what_a_form_can_show_goes_to_the_form():
    left = {example.query: conjuncts(example.query, now=NOW).rest for example in EXAMPLES}

    assert left["updated:>5y complete:no"] == ""
    assert left["fandom:Dracula 吸血鬼"] == "吸血鬼"
    assert left["vampire sort:kudos"] == "vampire"
