"""Encodings told apart by evidence, and eFiction's own damage undone: nothing more than that."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from undying.formats.efiction.damage import (
    lost_letters,
    plain,
    unfiltered,
    with_closed_links,
    with_cyrillic,
    without_magic_quotes,
)
from undying.formats.efiction.doubled import undoubled
from undying.formats.efiction.encodings import Decoder

CODES = [40, 41, 58, *range(65, 91), *range(97, 123)]
LETTERS = dict(zip(CODES, ["(", ")", ":", *"abcdefghijklmnopqrstuvwxyz" * 2], strict=True))


def filtered(text: str) -> str:
    """What eFiction stored for a text whose characters beyond ASCII were typed as entities (from its description)."""
    typed = "".join(char if char.isascii() else f"&#{ord(char)};" for char in text)
    for code, letter in LETTERS.items():
        typed = re.sub(f"&#0*{code}{str(code)[-1]}*;*", letter, typed)
    return typed


MEASURED = {
    "’": "r17;", "‘": "r16;", "“": "r0;", "”": "r1;", "—": "r12;", "–": "r11;", "…": "r30;",
    "™": "t82;", "п": "l7;", "а": "k2;", "♥": "b29;", "→": "u94;", "é": "&#233;",
}  # fmt: skip


@pytest.mark.parametrize(("typed", "stored"), MEASURED.items())
def test_the_model_of_the_filter_gives_what_was_measured(typed, stored):
    assert filtered(typed) == stored


@pytest.mark.parametrize(
    "text",
    [
        "It’s late.",
        "“Don’t,” said Mina… “The Count” – no – well — ‘listen’ ♥ or → or so™",
        "(“Quoted”), and “quoted”: “yes!”",
        "Он сказал: привет, дорогая Рита. Как дела и где ты была вчера вечером?",
        "<p>“Open<br />“twice” closed”</p>",
    ],
)
def test_damage_is_undone_exactly(text):
    assert unfiltered(with_cyrillic(filtered(text))[0])[0] == text


@given(st.text("abr016 7;“”’—…\n.,", max_size=60))
@example("r1;")
def test_texts_without_damage_to_dashes_and_apostrophes_keep_their_letters(text):
    fixed, places = unfiltered(text)
    assert places == 0 or any(mark in text for mark in ("r16;", "r17;", "r11;", "r12;", "r30;", "r0;", "r1;"))
    if not places:
        assert fixed == text


@pytest.mark.parametrize(
    "text",
    [
        "pick r0; or r1; now",
        "track t82; on",
        "see m1; and n2;",
        "for r=r1;r<9;r++",
        "a &r17x; b",
        "l7; k2; is Cyrillic",
    ],
)
def test_what_may_be_meant_so_is_left_alone(text):
    if "r0; or r1;" in text:
        # Two artefacts that pair are the rule's own evidence: this one is taken for quotes.
        assert unfiltered(text)[1] == 2
    else:
        assert unfiltered(text) == (text, 0)
    assert with_cyrillic(text) == (text, 0)


def test_magic_quotes_go_and_other_backslashes_stay():
    assert without_magic_quotes(r"it\'s \"here\" \\o/ and c:\dir") == (r"""it's "here" \o/ and c:\dir""", 4)
    assert without_magic_quotes(r"c:\\dir") == (r"c:\\dir", 0)


def test_open_links_are_closed_and_closed_ones_left():
    assert with_closed_links('<a href="x>y</a> z') == ('<a href="x">y</a> z', 1)
    assert with_closed_links('<a href="x">y</a>') == ('<a href="x">y</a>', 0)


def test_lost_letters_are_counted_and_questions_are_not():
    assert lost_letters("couldn?t go. Why?No. See http://x/a.php?b and page?id=3 — really?") == 1


def test_plain_text_has_no_markup():
    assert plain("<b>A &amp; B</b>&nbsp; <3 &#9829;") == "A & B <3 ♥"
    assert plain("A<!-- <b> -->B<!-- C --> <i>D</i> <!-- E") == "AB D <!-- E"


TEXTS = {
    "cp1252": "“It’s late,” said Holmes — “very late…” naïve café",
    "mac_roman": "“It’s late,” said Holmes — “very late…” naïve café",
    "cp1250": "Žluťoučký kůň úpěl ďábelské ódy, příliš žádný les",
    "cp1251": "Граф Дракула вышел из замка и пошёл к морю.",
    "cp1253": "Η γρήγορη αλεπού πήδηξε πάνω από τον σκύλο",
    "cp932": "彼は静かに部屋に入った。そして言った。「こんにちは、世界」と。それから長い沈黙が続いた。",
    "euc_jp": "彼は静かに部屋に入った。そして言った。「こんにちは、世界」と。それから長い沈黙が続いた。",
    "euc_kr": "그는 조용히 방으로 들어갔다. 그리고 말했다. 안녕하세요 세계.",
    "gbk": "他静静地走进了房间。然后他说：“你好，世界”。接着是长久的沉默。",
    "utf-8": "“Ça va?” — 彼は Žluť",
    "utf-8-sig": "“Ça va?” — 彼は Žluť",
    "utf-16": "Ça va — 彼は",
}


@pytest.mark.parametrize(("encoding", "text"), TEXTS.items(), ids=TEXTS.keys())
def test_each_encoding_is_told_from_the_others(encoding, text):
    assert Decoder().decode(text.encode(encoding)) == text


def test_the_archive_decides_where_a_text_says_too_little():
    mac = Decoder()
    for _ in range(5):
        mac.vote("“It’s late,” said Holmes — “very late…” naïve café".encode("mac_roman"))
    assert mac.archive_encoding == "mac_roman"
    assert mac.decode("déjà vu £5".encode("mac_roman")) == "déjà vu £5"
    assert (
        mac.decode("“Don’t,” she said. “It’s naïve, isn’t it?”".encode("cp1252"))
        == "“Don’t,” she said. “It’s naïve, isn’t it?”"
    )


def test_lines_of_two_encodings_in_one_text_are_read_each_in_its_own():
    data = "L’été à Whitby\n".encode() + "L’été à Carfax\n".encode("cp1252")
    assert Decoder().decode(data) == "L’été à Whitby\nL’été à Carfax\n"


def test_pieces_of_two_encodings_in_one_line_are_read_each_in_its_own():
    data = "“L’été,” said Mina. ".encode() + "“Déjà vu,” said Lucy, naïve as ever".encode("cp1252")
    assert Decoder().decode(data) == "“L’été,” said Mina. “Déjà vu,” said Lucy, naïve as ever"


SAMPLES = {
    "cp1252": (
        "“It’s late,” said Holmes. “Très tard, naïve friend…”",
        "She didn’t answer — the café’s lamps were dim.",
        "‘Façade’ was the word; Señor Márquez’s façade.",
        "Über allen Gipfeln ist Ruh’, größer als früher.",
    ),
    "cp1250": (
        "Žluťoučký kůň úpěl ďábelské ódy, příliš žádný les.",
        "Mína přišla domů a zavřela dveře za sebou.",
        "Hrabě řekl, že měsíc svítí na zříceninu.",
        "Věděla, že už nikdy neuslyší jeho hlas.",
    ),
    "cp1251": (
        "Граф Дракула вышел из замка и пошёл к морю.",
        "Мина долго не отвечала — было уже поздно.",
        "«Поздно», сказал Холмс и закрыл дверь.",
        "Луна светила на развалины старого аббатства.",
    ),
    "cp1253": (
        "Η γρήγορη αλεπού πήδηξε πάνω από τον σκύλο.",
        "Ο Οδυσσέας γύρισε στην Ιθάκη ύστερα από χρόνια.",
        "Η Πηνελόπη περίμενε και ύφαινε το πανί της.",
        "Το φεγγάρι φώτιζε τα ερείπια του παλιού κάστρου.",
    ),
    "cp1254": (
        "Kont şatosundan çıktı ve denize doğru yürüdü, ışığı söndürdü.",
        "Mina uzun süre cevap vermedi; vakit çok geçti, değil mi?",
        "Ay ışığı eski manastırın yıkıntılarını aydınlatıyordu.",
        "Sessizce odaya girdi, kapıyı kapattı ve ağladı, çünkü yalnızdı.",
    ),
    "cp932": (
        "彼は静かに部屋に入った。そして言った。",
        "「こんにちは、世界」と彼女は答えた。",
        "月が古い修道院の廃墟を照らしていた。",
        "それから長い沈黙が続いた。",
    ),
    "gbk": (
        "他静静地走进了房间。然后他说话了。",
        "你好，世界，她这样回答他说。",
        "月光照在古老的修道院的废墟上。",
        "接着是长久的沉默，谁也没有说话。",
    ),
    "big5": (
        "他靜靜地走進了房間。然後他說話了。",
        "你好，世界，她這樣回答他說。",
        "月光照在古老的修道院的廢墟上。",
        "接著是長久的沉默，誰也沒有說話。",
    ),
    "euc_kr": (
        "그는 조용히 방으로 들어갔다. 그리고 말했다.",
        "안녕하세요, 그녀가 대답했다. 달이 밝았다.",
        "오래된 수도원의 폐허에 달빛이 비치고 있었다.",
        "그리고 긴 침묵이 이어졌다. 아무도 말하지 않았다.",
    ),
}
SAMPLES["mac_roman"] = SAMPLES["cp1252"]
LANGUAGES = {
    "cp1250": "cs", "cp1251": "ru", "cp1253": "el", "cp1254": "tr", "cp932": "ja", "gbk": "zh", "big5": "zh-TW",
    "euc_kr": "ko",
}  # fmt: skip


@given(st.data())
def test_a_text_in_any_encoding_comes_back_from_an_archive_of_enough_evidence(data):
    encoding = data.draw(st.sampled_from(sorted(SAMPLES)))
    decoder = Decoder(language=LANGUAGES.get(encoding, "en"))
    for sentence in SAMPLES[encoding] * 6:
        decoder.vote(sentence.encode(encoding))
    words = sorted({word for sentence in SAMPLES[encoding] for word in sentence.split()})
    text = " ".join(data.draw(st.lists(st.sampled_from(words), min_size=1, max_size=12)))
    assert decoder.decode(text.encode(encoding)) == unicodedata.normalize("NFC", text)


@given(st.text(st.characters(exclude_categories=("Cs",))), st.sampled_from(sorted(SAMPLES)))
def test_strict_utf_8_is_read_as_such_whatever_the_archive_is_in(text, encoding):
    decoder = Decoder(language=LANGUAGES.get(encoding, "en"))
    for sentence in SAMPLES[encoding]:
        decoder.vote(sentence.encode(encoding))
    assert decoder.decode(text.encode()) == unicodedata.normalize("NFC", text.removeprefix("\ufeff"))


def test_the_whole_archive_votes_and_not_only_its_beginning():
    decoder = Decoder()
    for _ in range(450):
        decoder.vote("naïve café".encode("cp1252"))
    for _ in range(20_000):
        decoder.vote("“It’s late,” said Holmes — “très tard…” naïve café".encode("mac_roman"))
    assert decoder.archive_encoding == "mac_roman"


def test_punctuation_of_windows_and_of_the_mac_are_told_apart_by_what_words_hold():
    text = "“Don’t,” she said — “it’s late…”"
    for encoding in ("cp1252", "mac_roman"):
        assert Decoder().decode(text.encode(encoding)) == text


def test_a_character_cut_in_half_by_the_database_is_shown_and_the_rest_kept():
    assert Decoder().decode("café é".encode()[:-1]) == "café \ufffd"


@given(st.binary(max_size=200))
def test_any_bytes_give_a_text_of_some_kind(data):
    assert Decoder().decode(data).isascii() == data.isascii() or data


@pytest.mark.parametrize("text", ["Ã la carte", "NAÏVETÉ", "“São Paulo”", "crème brûlée…", "Ñandú – ¿qué?"])
def test_good_text_is_not_repaired(text):
    assert Decoder().decode(text.encode()) == text
    assert undoubled(text) == (text, 0)


def doubled(text: str, read_as: str = "sloppy-windows-1252") -> str:
    return text.encode().decode(read_as)


@pytest.mark.parametrize("read_as", ["sloppy-windows-1252", "latin-1", "mac_roman"])
@pytest.mark.parametrize(
    "text", ["Soufflé", "“It’s late,” said Mina — “very late…”", "L’été à Carfax\nand no more", "Ça va ? Déjà vu"]
)
def test_text_that_was_encoded_twice_is_undone(text, read_as):
    fixed, places = undoubled(doubled(text, read_as))
    assert fixed == text
    assert places == sum(not char.isascii() for char in text)


def test_cyrillic_that_was_encoded_twice_is_undone():
    text = "Привет, дорогая Рита. Как дела?"
    assert undoubled(doubled(text, "sloppy-windows-1251"))[0] == text


@pytest.mark.parametrize(
    "text",
    [
        "Ã la carte, as the old menus have it",
        "Her diary shows “Ã©” where she wrote é.",
        "L’été à Whitby.\nThe page said Ã© all night.",
        "Ã and Â are letters too; so is Â",
    ],
)
def test_what_looks_doubled_beside_what_is_right_was_typed_so(text):
    assert undoubled(text) == (text, 0)


def test_a_doubled_chapter_behind_a_right_heading_is_undone():
    text = "L’été à Whitby.\n" + doubled("“Déjà vu,” said Mina. “Ça va…”")
    assert undoubled(text)[0] == "L’été à Whitby.\n“Déjà vu,” said Mina. “Ça va…”"
