"""Tokens: what is typed and what is written meet, whatever the case, accent, quotation mark, width or script."""

from __future__ import annotations

import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from undying.finding.tokens import STEMMERS, folded, sought, spans, stems_of, tokens

ODD = "aBß'’‘ʼ -_.“”é́ØŁœıİΣς吸夜がｶﾞが각각ㅋไม่नमस्तेйй½™①ﬁＡ１\u00ad\u200b\u200c\u200d\ufdfaأـّ\U00020001\x00\ud800…10"
texts = st.text(st.sampled_from(ODD), max_size=40) | st.text(max_size=40)


@pytest.mark.parametrize(
    ("written", "typed"),
    [
        ("The Moon", "the moon"),
        ("Café ÉCOLE", "cafe ecole"),
        ("cafe\u0301", "café"),
        ("don’t", "don't"),
        ("don’t", "dont"),
        ("‘quoted’ “twice”", "quoted twice"),
        ("Ｍｏｏｎ１２", "moon12"),
        ("ﬁre", "fire"),
        ("Straße", "STRASSE"),
        ("Bjørn Łódź Œuvre Æther", "bjorn lodz oeuvre aether"),
        ("İstanbul ısı", "istanbul isi"),
        ("ΟΔΟΣ", "οδός"),
        ("Ёж", "еж"),
        ("и\u0306ога", "йога"),
        ("l’amour", "l amour"),
        ("D'Artagnan", "d artagnan"),
        ("“ 'd'Artagnan'”", "d artagnan"),
        ("rock'n'roll", "rocknroll"),
        ("ghost\u00adly \u202aword\u202c", "ghostly word"),
        ("well-known_author…end—now", "well known author end now"),
        ("כָּתוּב", "כתוב"),
        ("كِتَـاب", "كتاب"),
        ("ｶﾞｷﾞ", "ガギ"),
        ("か\u3099", "が"),
        ("\u1112\u1161\u11ab\u1100\u116e\u11a8", "한국"),
        ("Foo™", "foo"),
        ("½", "1 2"),
    ],
)
def test_what_differs_only_in_writing_is_the_same(written, typed):
    assert tokens(written) == tokens(typed)
    assert tokens(written)


def test_a_letter_of_its_own_is_not_another_letter_with_a_mark():
    assert tokens("май її") != tokens("маи ii")
    assert tokens("नमस्ते") == ["नमस्ते"]


@pytest.mark.parametrize(
    ("written", "found", "not_found"),
    [
        ("私は吸血鬼です", ["吸血鬼", "血", "鬼", "は吸", "です"], ["吸鬼", "吸血鬼鬼", "血吸"]),
        ("東京都に住む", ["東京", "京都", "都", "む"], ["東都"]),
        ("ไม่เป็นไร", ["เป็น", "ไม่", "ไร"], ["ไป"]),
        ("고양이는 잔다", ["고양이", "이는", "잔"], ["고이", "는잔"]),
        ("Moon月3夜", ["月", "3夜", "moon月"], ["moon3", "月夜"]),
        ("\U00020001\U00020002猫", ["\U00020002猫", "猫"], ["\U00020001猫"]),
    ],
)
def test_any_passage_of_a_script_without_spaces_is_found(written, found, not_found):
    assert [each for each in found if not occurs(each, written)] == []
    assert [each for each in not_found if occurs(each, written)] == []


def occurs(passage: str, text: str) -> bool:
    """What a search engine makes of `sought`: the tokens together, and a token that begins so."""
    words, beginnings = sought(passage)
    there = tokens(text)
    together = any(there[at : at + len(words)] == words for at in range(len(there) - len(words) + 1))
    return together and all(any(each.startswith(one) for each in there) for one in beginnings)


@given(texts, texts)
def test_a_text_is_found_by_any_part_of_it_that_ends_where_words_end(before, text):
    assert not tokens(text) or occurs(text, f"{before} {text} {before}")


@given(st.text(st.sampled_from("吸血鬼の夜ไม่เป็นไร한국어"), min_size=1, max_size=12), st.data())
def test_every_passage_of_a_script_without_spaces_is_found_in_its_text(text, data):
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))

    assert occurs(text[start:end], text)


@given(texts)
@example("\ufdfa")
@example("ｶﾞ")
@settings(max_examples=300)
def test_tokens_are_folded_once_and_for_all(text):
    for token in tokens(text):
        assert token
        assert not any(each.isspace() for each in token)
        assert sought(token) in (([token], []), ([], [token]))


@given(texts, texts)
def test_no_text_changes_the_tokens_of_another(one, other):
    assert tokens(f"{one} {other}") == tokens(one) + tokens(other)


@given(st.text(st.characters(codec="utf-8"), max_size=40))
def test_many_different_characters_fold_like_few(text):
    many = "".join(map(chr, range(0xC0, 0x250)))

    assert tokens(f"{many} {text}") == tokens(many) + tokens(text)


@given(texts)
@settings(max_examples=300)
def test_each_token_is_known_by_its_place(text):
    found = list(spans(text))

    assert [token for _, _, token in found] == tokens(text)
    for begin, end, token in found:
        assert 0 <= begin < end <= len(text)
        assert set(token) <= set(folded(text[begin:end]))


@given(st.text(st.characters(categories=["L", "N", "P", "Zs"]), max_size=60))
def test_case_does_not_change_the_tokens_of_plain_text(text):
    plain = text.encode("ascii", "ignore").decode()

    assert tokens(plain.upper()) == tokens(plain.lower()) == tokens(plain)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "run runs running"),
        ("en-GB", "ghost ghosts ghostly"),
        ("fr", "étoile étoiles"),
        ("de", "Haus Häuser Häusern"),
        ("es", "canción canciones"),
        ("ru", "новый новая новые"),
        ("pl", "książka książki"),
    ],
)
def test_forms_of_a_word_have_one_stem_in_its_language(language, words):
    assert len(stems_of(tokens(words), language)) == 1


def test_stems_say_their_language_and_a_language_without_rules_has_none():
    assert stems_of(["nights"], "en") == {"en:night"}
    assert stems_of(["夜の"], "ja") == stems_of(["word"], "") == stems_of(["word"], "x-klingon") == frozenset()


@pytest.mark.parametrize("language", sorted(STEMMERS))
def test_every_stemmer_is_there(language):
    (stem,) = stems_of(["moon"], language)

    assert stem.startswith(f"{language}:")


@pytest.mark.parametrize(
    "hostile", ["'" * 100_000, "é'" * 50_000, "吸" * 100_000, "a\u0301" * 50_000, "\ud800" * 50_000]
)
def test_no_text_takes_long(hostile):
    started = time.process_time()
    tokens(hostile)

    assert time.process_time() - started < 10, "what goes wrong here takes minutes"
