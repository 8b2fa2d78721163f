"""The lines that divide a story: "Chapter 3", "Kapitel IV", "Глава первая", "第十二章" – and "The End"."""

from __future__ import annotations

import re

LONGEST_HEADING = 100
_CHAPTER = re.compile(
    r"[\W_]*(?:(?:chapter|chap\.?|ch\.?|part|act|kapitel|teil|chapitre|partie|cap[ií]tulo|capitolo|"
    r"parte|hoofdstuk|deel|"
    r"rozdział|część|глава|часть|kapittel|luku)\s*(?P<number>\d{1,4}|[ivxlc]+|[^\W\d_]+(?:[- ](?:one|"
    r"two|three|four|five|"
    r"six|seven|eight|nine))?)|第\s*(?P<cjk>[0-9０-９一二三四五六七八九十百零]+)\s*[章话話回節节部]|"
    r"(?P<ordinal>\d{1,3}|erstes|zweites|drittes)\.? kapitel)"
    r"(?:\s*(?:of|/)\s*\d+)?(?:\s*[-–—:：.,]\s*|\s+|$)(?P<title>.*)",
    re.IGNORECASE | re.DOTALL,
)
_THE_END = re.compile(
    r"[\W_]*(?:the end|end|fin|finis|ende|fine|einde|koniec|конец|owari|完|终|終|おわり)[\W_]*", re.IGNORECASE
)
_NUMBER_WORDS = (
    *("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen"),
    *("fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty"),
)
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_FOREIGN_NUMBERS = {
    word: number
    for words in (
        "eins zwei drei vier fünf sechs sieben acht neun zehn",
        "un deux trois quatre cinq six sept huit neuf dix",
        "uno dos tres cuatro cinco seis siete ocho nueve diez",
        "первая вторая третья четвертая пятая шестая седьмая восьмая девятая десятая",
        "uno due tre quattro cinque sei sette otto nove dieci",
    )
    for number, word in enumerate(words.split(), 1)
}
_ROMAN = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}


def chapter_number(text: str, *, is_heading: bool) -> int:
    """N where a line is no more than "Chapter N" and perhaps a title, else 0."""
    found = _CHAPTER.fullmatch(text) if len(text) <= LONGEST_HEADING else None
    if not found:
        return 0
    if not is_heading and re.search(r"[a-z,;]\s*$|[.!?]\s+\S", found["title"]) and re.search("[.,;!?]", found["title"]):
        return 0
    return _value((found["number"] or found["cjk"] or found["ordinal"]).lower())


def _value(word: str) -> int:
    if word.isdecimal():
        return int(word)
    if word in _NUMBER_WORDS:
        return _NUMBER_WORDS.index(word) + 1
    if word in _FOREIGN_NUMBERS:
        return _FOREIGN_NUMBERS[word]
    if re.fullmatch("[ivxlc]+", word):
        digits = [_ROMAN[letter] for letter in word]
        return sum(-digit if digit < max(digits[place:]) else digit for place, digit in enumerate(digits))
    tens = re.fullmatch(rf"({'|'.join(_TENS)})(?:[- ](\w+))?", word)
    if tens:
        ten = 20 + 10 * _TENS.index(tens[1])
        return ten + (_NUMBER_WORDS.index(tens[2]) + 1 if tens[2] in _NUMBER_WORDS else 0)
    return _cjk_value(word)


def _cjk_value(word: str) -> int:
    digits = "零一二三四五六七八九"
    if not word or any(character not in digits + "十百" for character in word):
        return 0
    total, current = 0, 0
    for character in word:
        if character in "十百":
            total, current = total + (current or 1) * (10 if character == "十" else 100), 0
        else:
            current = digits.index(character)
    return total + current


def title_behind_number(text: str) -> str:
    """The title in "Chapter 3: The Door", "" when there is none."""
    found = _CHAPTER.fullmatch(text)
    return found["title"].replace("\n", " ").strip(" *_~–-") if found else text


def is_the_end(text: str) -> bool:
    """Whether a line says, in some language, no more than that the story is over."""
    return _THE_END.fullmatch(text) is not None
