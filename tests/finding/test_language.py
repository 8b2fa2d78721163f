"""The search box: whatever is typed is understood as far as it goes, and told where it is not."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from undying.finding.backends.memory import MemoryBackend
from undying.finding.criteria import Criteria
from undying.finding.document import Sight
from undying.finding.language import DEEPEST, LONGEST, All, Either, Not, Parsed, Words, fold, parse, tokens, wanted
from undying.people.viewer import Viewer


def words(text: str, field: str = "") -> Words:
    return Words(tuple(text.split()), field)


@pytest.mark.parametrize(
    ("typed", "node"),
    [
        ("", None),
        ("  ", None),
        ("Moon", words("moon")),
        ("moon rain", All((words("moon"), words("rain")))),
        ('"the moon"', words("the moon")),
        ('""', None),
        ("-moon", Not(words("moon"))),
        ('-"the moon"', Not(words("the moon"))),
        ("a OR b", Either((words("a"), words("b")))),
        ("a b OR c d", All((words("a"), Either((words("b"), words("c"))), words("d")))),
        ("a OR b OR c", Either((words("a"), words("b"), words("c")))),
        ("(a b) OR c", Either((All((words("a"), words("b"))), words("c")))),
        ("title:moon", words("moon", "title")),
        ('author:"Ada L."', words("ada l", "author")),
        ("-tag:fluff", Not(words("fluff", "tag"))),
        ("or", words("or")),
        ("ORacle", words("oracle")),
        ("well-known", words("well known")),
        ("don't", words("dont")),
        ("don’t", words("dont")),
        ("Café", words("cafe")),
        ("吸血鬼", words("吸 血 鬼")),
        ("unknown:moon", words("unknown moon")),
        ("- moon", words("moon")),
        ("!!! moon ???", words("moon")),
    ],
)
def test_what_is_typed_becomes_a_tree(typed, node):
    assert parse(typed) == Parsed(node)


@pytest.mark.parametrize(
    ("typed", "position", "sentence", "node"),
    [
        ('rain "moon', 5, "A quotation mark has no second one.", All((words("rain"), words("moon")))),
        ("rain) moon", 4, "A closing bracket has no opening one.", All((words("rain"), words("moon")))),
        ("rain (moon", 5, "A bracket was never closed.", All((words("rain"), words("moon")))),
        ("OR moon", 0, "OR stands between two words.", words("moon")),
        ("moon OR", 5, "OR stands between two words.", words("moon")),
        ("moon OR OR rain", 5, "OR stands between two words.", All((words("moon"), words("rain")))),
    ],
)
def test_what_cannot_be_understood_is_told_with_its_place_and_read_as_words(typed, position, sentence, node):
    parsed = parse(typed)

    assert (parsed.troubles[0].position, parsed.troubles[0].sentence) == (position, sentence)
    assert tuple(wanted(parsed.node)) == tuple(wanted(node))


pieces = st.sampled_from(
    ["moon", "-", '"', "(", ")", "OR", " ", "title:", "-tag:", "é", "吸", "\0", "\ufdfa", "'", "x" * 99]
)


@given(st.text() | st.lists(pieces, max_size=60).map("".join))
@example("-tag:" * 300)
@example("(" * 900)
@example("-(" * 400 + "moon")
@example('"' * 999)
def test_no_text_makes_the_parser_fail_and_positions_point_at_the_culprit(typed):
    parsed = parse(typed)

    for trouble in parsed.troubles:
        if trouble.position == LONGEST:
            assert len(typed) > LONGEST
            continue
        culprit = {"A": typed[trouble.position], "B": typed[trouble.position], "O": typed[trouble.position :][:2]}
        assert culprit[trouble.sentence[0]] in {'"', "(", ")", "OR"}, trouble
    assert all(each.tokens and all(each.tokens) for each in wanted(parsed.node))


@given(st.lists(pieces, max_size=60).map("".join))
@example("-tag:" * 199 + "x")
def test_whatever_was_parsed_can_be_searched_for(typed):
    backend = MemoryBackend()

    assert backend.find(Criteria(query=typed), Sight.of(Viewer.anyone()), leave_out=(), size=1).total == 0


def test_a_long_search_is_cut_and_told():
    parsed = parse("moon " * 500)

    assert [each.position for each in parsed.troubles] == [LONGEST]
    assert len(tuple(wanted(parsed.node))) == LONGEST // 5


def test_brackets_beyond_all_sense_are_told_and_not_followed():
    assert "Brackets are nested too deep." in {each.sentence for each in parse("(" * (DEEPEST + 1) + "a").troubles}
    assert not parse("(" * DEEPEST + "a" + ")" * DEEPEST).troubles


@given(st.text())
def test_tokens_are_folded_once_and_for_all(text):
    assert all(fold(token) == token for token in tokens(text))
    assert all(token and not any(c.isspace() for c in token) for token in tokens(text))


@given(st.text(st.characters(categories=["L", "N", "P", "Zs"]), max_size=60))
def test_case_does_not_change_the_tokens_of_plain_text(text):
    plain = text.encode("ascii", "ignore").decode()

    assert tokens(plain.upper()) == tokens(plain.lower()) == tokens(plain)


def test_what_must_not_occur_is_not_wanted():
    assert list(wanted(parse("moon -rain (sea OR -salt)").node)) == [words("moon"), words("sea")]
