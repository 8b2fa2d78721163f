"""The search box: whatever is typed is understood as far as it goes, and told where it is not."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.finding.trees import shown
from undying.finding.backends.memory import MemoryBackend
from undying.finding.document import Sight
from undying.finding.fields import NAMES, READERS
from undying.finding.language import DEEPEST, LONGEST, MOST, conjuncts, parse
from undying.finding.question import (
    All,
    Either,
    HasTag,
    HasTerm,
    IsWork,
    Measure,
    Not,
    Prefix,
    Question,
    Term,
    Within,
    Words,
    wanted,
)
from undying.finding.tokens import sought, stems_asked
from undying.finding.unparse import unparse
from undying.finding.unresolved import By, InSeries, Mine, Named, names_in, resolved
from undying.manuscript import TagKind
from undying.people.viewer import Viewer

NOW = 1_709_208_000
"""Noon of 29 February 2024."""
FOLDERS = sorted((Path(__file__).parent.parent / "golden" / "search").iterdir())


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_the_grammar_is_as_it_was_read_by_a_person(folder, golden):
    typed = (folder / "in.txt").read_text(encoding="utf-8").removesuffix("\n")
    parsed = parse(typed, now=NOW)
    lifted = conjuncts(typed, now=NOW)
    told = {
        "tree": shown(parsed.node),
        "pieces": [[typed[piece.start : piece.end], shown(piece.node)] for piece in parsed.pieces],
        "troubles": [[each.position, each.sentence] for each in parsed.troubles],
        "sort": [parsed.sort, parsed.reverse] if parsed.sort else None,
        "rest": lifted.rest,
        "again": unparse(parsed.node),
    }

    golden(folder / "out.json", json.dumps(told, ensure_ascii=False, indent=2) + "\n")
    assert (folder / "why.md").read_text(encoding="utf-8").strip()
    assert parse(unparse(parsed.node), now=NOW).node == parsed.node


@pytest.mark.parametrize("name", NAMES)
def test_every_field_is_read_and_tells_what_it_would_have_read(name):
    texts = {"title", "summary", "text", "episode", "tag", "by", "author", "creator", "series", "ship", "fandom"}
    parsed = parse(f'{name}:"|||"', now=NOW)

    takes_anything = name in texts or (name in READERS and list(names_in(parse(f"{name}:x").node)))
    assert parsed.troubles or takes_anything or not parsed.node
    assert shown(parse(f"{name}:moon").node) != shown(parse("moon").node) or parse(f"{name}:moon").troubles


pieces = st.sampled_from(
    [*"\"()-*:#=<>.,|\\ 09k吸\0é'", "moon", "OR", "NOT", "AND", " ", " ", "\ufdfa", "x" * 99, "\ud800", "”", "＊", "（"]
    + [f"{name}:" for name in NAMES]
)
typing = st.text() | st.lists(pieces, max_size=60).map("".join)
MESSES = ("-tag:" * 300, "(" * 900, "-(" * 400 + "moon", '"' * 999, "\\" * 999 + '"', "in:" * 300, "sort:" * 300)


@given(typing)
@example("-tag:" * 300)
@example("(" * 900)
@example("-(" * 400 + "moon")
@example('"' * 999)
@example("in:title")
@example("sort:")
@example("in: OR")
def test_no_text_makes_the_parser_fail_and_places_lie_within_it(typed):
    parsed = parse(typed, now=NOW)
    end = min(len(typed), LONGEST)

    assert all(0 <= trouble.position <= end and trouble.sentence for trouble in parsed.troubles)
    assert all(0 <= piece.start < piece.end <= end for piece in parsed.pieces)
    assert all(one.end <= other.start for one, other in zip(parsed.pieces, parsed.pieces[1:], strict=False))
    assert all(all(each.tokens) if isinstance(each, Words) else each.token for each in wanted(parsed.node))


@given(st.lists(pieces, max_size=60).map("".join))
@example("-tag:" * 199 + "x")
def test_whatever_was_parsed_can_be_searched_for(typed):
    backend = MemoryBackend()

    assert backend.find(Question(node=parse(typed).node), Sight.of(Viewer.anyone()), leave_out=()).total == 0


@given(typing)
@example("moon in:title")
@example("before:0ၐ")
def test_what_was_parsed_can_be_written_and_parsed_again(typed):
    node = parse(typed, now=NOW).node
    text = unparse(node)

    assert len(text) > LONGEST or parse(text, now=NOW).node == node


@given(typing)
def test_lifting_filters_out_of_the_box_changes_nothing(typed):
    lifted = conjuncts(typed, now=NOW)
    rest = parse(lifted.rest, now=NOW)

    nodes = [each for piece in (*lifted.filters, *rest.pieces) if piece.node for each in _flat(piece.node)]
    assert sorted(map(repr, nodes)) == sorted(map(repr, _flat(parse(typed, now=NOW).node)))
    assert not conjuncts(lifted.rest, now=NOW).filters


def _flat(node):
    return node.nodes if type(node) is All else () if node is None else (node,)


names = (
    st.text(min_size=1, max_size=12)
    .map(lambda text: " ".join(text.replace("\0", "").split()))
    .filter(lambda text: text and text[0] != "=")
)
ids = st.lists(st.integers(0, 10**12), min_size=1, max_size=3, unique=True).map(tuple)
numbers = (
    st.tuples(*[st.none() | st.integers(0, 10**9)] * 2)
    .filter(lambda pair: pair != (None, None))
    .map(lambda pair: pair if None in pair else tuple(sorted(pair)))
)
days = numbers.map(lambda pair: (pair[0] and pair[0] // 86400 * 86400, pair[1] and pair[1] // 86400 * 86400 + 86399))
fields = st.sampled_from(["", "title", "summary", "text", "tag"])
words = st.sampled_from(["moon", "rain", "cafe", "новый", "3rd"])
PLACES = ["season=4||", "book=2||", "|after|", "||canon-divergent", "season=4|after|alternate-universe", "|within|"]


def some(term, values):
    return st.lists(st.sampled_from(values), min_size=1, max_size=3, unique=True).map(
        lambda chosen: HasTerm(term, tuple(chosen))
    )


leaves = st.one_of(
    st.builds(lambda word, field: Words((word,), field, stems_asked(word)), words, fields),
    st.sampled_from(["the moon", "吸血鬼", "42", "moon", "月夜 moon", "ab 月夜"]).map(
        lambda text: Words(tuple(sought(text)[0]))
    ),
    st.builds(Words, st.just(("ada", "l")), st.sampled_from(["author", "episode", "tag", "title"])),
    st.builds(Prefix, st.sampled_from(["mo", "moon", "猫"]), fields | st.just("author")),
    st.builds(Named, st.none() | st.sampled_from(list(TagKind)), names, st.booleans()),
    names.map(By),
    names.map(InSeries),
    st.just(Mine("read")),
    st.builds(HasTag, ids, st.booleans()),
    ids.map(IsWork),
    st.builds(
        lambda term, given: HasTerm(term, tuple(map(str, given))), st.sampled_from([Term.CREATOR, Term.SERIES]), ids
    ),
    some(Term.STATUS, ["complete", "in-progress", "hiatus", "abandoned"]),
    some(Term.LANGUAGE, ["fr", "en-GB", "zh-Hans"]),
    some(Term.PLACEMENT, PLACES),
    st.sampled_from([HasTerm(Term.CROSSOVER, (value,)) for value in "TF"]),
    st.builds(lambda measure, pair: Within(measure, *pair), st.sampled_from(list(Measure)), numbers),
    st.builds(
        lambda measure, pair: Within(measure, *pair), st.sampled_from([Measure.REVISED, Measure.PUBLISHED]), days
    ),
)


def joined(kind, children):
    return st.lists(children.filter(lambda node: type(node) is not kind), min_size=2, max_size=4).map(
        lambda nodes: kind(tuple(nodes))
    )


trees = st.recursive(
    leaves,
    lambda children: (
        children.filter(lambda node: not isinstance(node, Not)).map(Not)
        | joined(All, children)
        | joined(Either, children)
    ),
    max_leaves=8,
)


@given(trees)
@example(Named(None, 'Sheriff "Noah" \\ “Stilinski”'))
@example(Within(Measure.REVISED, -(10**14), None))
def test_every_tree_that_the_box_can_say_comes_back(tree):
    text = unparse(tree)

    assert len(text) > LONGEST or parse(text, now=NOW).node == tree, text


def test_a_long_search_is_cut_and_told():
    parsed = parse("moon " * 500)

    assert [each.position for each in parsed.troubles] == [LONGEST]
    assert len(tuple(wanted(parsed.node))) == LONGEST // 5


def test_of_too_many_words_the_first_are_read():
    parsed = parse("a " * (MOST + 5))

    assert [(each.position, str(MOST) in each.sentence) for each in parsed.troubles] == [(2 * MOST, True)]
    assert len(tuple(wanted(parsed.node))) == MOST


def test_brackets_beyond_all_sense_are_told_and_not_followed():
    assert "Brackets are nested too deep." in {each.sentence for each in parse("(" * (DEEPEST + 1) + "a").troubles}
    assert not parse("(" * DEEPEST + "a" + ")" * DEEPEST).troubles


@pytest.mark.parametrize(
    "mess", [*MESSES, "(" * 10_000 + "x" + ")" * 10_000, "moon " * 20_000, "\0" * 1000, "a:" * 500]
)
def test_no_search_takes_long(mess):
    parse(mess)
    started = time.process_time()
    parse(mess)

    assert time.process_time() - started < 5, "what goes wrong here takes minutes"


def test_what_must_not_occur_is_not_wanted():
    assert [each.tokens for each in wanted(parse("moon -rain (sea OR -salt)").node)] == [("moon",), ("sea",)]


def test_an_age_is_known_as_one():
    (piece,) = conjuncts("updated:<30d moon", now=NOW).filters

    assert piece.last_days == 30
    assert piece.node == Within(Measure.REVISED, NOW // 86400 * 86400 - 30 * 86400)


def test_names_are_looked_up_wherever_they_stand():
    node = parse("moon -(fandom:Dracula OR by:Ada) series:x").node
    answers = {"Dracula": HasTag((1,)), "Ada": None, "x": HasTag((2,))}

    assert [name.text for name in names_in(node)] == ["Dracula", "Ada", "x"]
    moon = Words(("moon",), "", stems_asked("moon"))
    assert resolved(node, lambda name: answers[name.text]) == All((moon, Not(Either((HasTag((1,)),))), HasTag((2,))))
    assert resolved(parse("by:Ada").node, {By("Ada"): None}.__getitem__) is None
