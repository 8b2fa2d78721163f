"""What a story says about itself in running text, made into fields: its disclaimer and its place in canon.

Read, not guessed (docs/decisions/0008): only statements are taken, each with its words; nothing leaves the text.
"""

from __future__ import annotations

import html
import re
from dataclasses import replace
from typing import TYPE_CHECKING

from undying.manuscript.clean import clean
from undying.manuscript.measure import plain_text
from undying.manuscript.model import NO_PROSE, Manuscript, Placement, Prose, RawHtml, TagKind
from undying.manuscript.placing import placements_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from undying.manuscript.model import Chapter

_LONGEST_NOTE = 20_000
_TYPEWRITER = str.maketrans({"’": "'", "ʼ": "'", "\u00a0": " "})
_LABELLED = re.compile(
    r"(?:standard |usual )?(?:disclaimers?|copyright|rights|haftungsausschluss|descargo|renuncia(?: de derechos)?|"
    r"дисклеймер|отказ(?: от прав)?|声明|聲明)\s*[:：–—-]\s*(?P<value>.*)",
    re.IGNORECASE,
)
_NEXT_LABEL = re.compile(r"(?<=[.!?)] )(?=[A-Z][A-Za-z/' ]{1,24}:\s)")
_THINGS = (
    r"(?:characters?|everything|all|rights?|universe|world|story|stories|books?|show|series|canon|recogni[sz]able|"
    r"they|he|she|it|credit|figuren|rechte|personnages|personajes|personaggi|personagens|персонажи|права)"
)
_STATEMENTS = re.compile(
    r"\bI (?:do not|don't|do n't|still don't|certainly don't) own\b|\bI own (?:nothing|none|no )|\bown nothing\b|"
    rf"\b{_THINGS}\b[^.!?]{{0,80}}\bbelongs? (?:to|solely|entirely)\b|\b(?:are|is|"
    rf"remain) (?:the )?(?:sole )?property of\b|"
    r"\b(?:am|are|is|were|was) (?:so |sadly |still )?not mine\b|\baren't mine\b|\bisn't mine\b|"
    r"\bnot my (?:characters|own)\b|"
    r"\bno (?:copyright )?infringement\b|\b(?:no|any) (?:money|profit) (?:is|was|from|has)\b|\bmak(?:e|"
    r"ing) no (?:money|profit)\b|"
    r"\bnot making (?:any )?(?:money|profit)\b|\b(?:are|is) owned by\b|\bborrowing them\b|"
    r"\bgehör(?:t|en) nicht mir\b|\bgehör(?:t|en) (?:mir nicht|alle[sin]? )|\bverdiene (?:hiermit |"
    r"damit )?kein Geld\b|"
    r"\bne m'appartien(?:t|nent)\b|\bappartien(?:t|nent) (?:à|a) |\bje ne possède\b|"
    r"\bno me pertenecen?\b|\b(?:son|es) propiedad de\b|\bno son m[íi]os\b|\bpertenecen a\b|"
    r"\bnon mi appart(?:iene|engono)\b|\bappartengono a\b|\bnão me pertencem?\b|\bpertencem? a\b|"
    r"\bniet van mij\b|\bnie należą do mnie\b|"
    r"не принадлежат мне|мне не принадлеж|принадлежат (?:их|своим|не мне)|не претендую|"
    r"不属于我|不屬於我|都不是我的|所有权归",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"(?<=[.!?。！？…])[\"”’)]*\s+|(?<=[。！？])")


def recognise(manuscript: Manuscript) -> Manuscript:
    """The same story with `rights` and `placements` filled from its notes and summaries, where they were empty.

    Pure; the text stays as it is. Statements in the notes of a later chapter become that chapter's placements.
    """
    if not manuscript.rights.has_words():
        manuscript = replace(manuscript, rights=_rights(manuscript))
    if not manuscript.placements:
        manuscript = replace(manuscript, placements=_placements(manuscript))
    return replace(manuscript, chapters=tuple(_placed(chapter, manuscript) for chapter in manuscript.chapters))


def _texts(manuscript: Manuscript) -> Iterator[str]:
    """Where authors speak about the whole work: its notes and summary, then the notes of its first chapter."""
    proses = [manuscript.notes_before, manuscript.summary, manuscript.notes_after]
    if manuscript.chapters:
        first = manuscript.chapters[0]
        proses += [first.notes_before, first.notes_after]
    yield from (_plain(prose) for prose in proses if prose)


def _plain(prose: Prose) -> str:
    return plain_text(prose[:_LONGEST_NOTE])


def _straight(text: str) -> str:
    """The text with typewriter's apostrophes and spaces, letter for letter as long."""
    return text.translate(_TYPEWRITER)


def _verbatim(words: str, text: str) -> str:
    """The passage of `text` that `words` were before they were straightened."""
    place = _straight(text).find(words)
    return text[place : place + len(words)] if place >= 0 else words


def _placements_in(text: str, manuscript: Manuscript) -> list[Placement]:
    read = placements_in(_straight(text), _names(manuscript))
    return [replace(_with_fandom(item, manuscript), words=_verbatim(item.words, text)) for item in read]


def _rights(manuscript: Manuscript) -> Prose:
    summary = _plain(manuscript.summary)
    for text in _texts(manuscript):
        straight = _straight(text)
        found = _labelled_statement(straight) or ("" if text == summary else _statement(straight))
        if found:
            return clean(RawHtml(f"<p>{html.escape(_verbatim(found, text), quote=False)}</p>"))
    return NO_PROSE


def _labelled_statement(text: str) -> str:
    lines = text.split("\n")
    for number, line in enumerate(lines):
        for piece in _NEXT_LABEL.split(line):
            found = _LABELLED.match(piece.strip(" *_-"))
            if found and len(found["value"]) > 1:
                return found["value"].strip()
            if found and number + 1 < len(lines):
                return lines[number + 1].strip()
    return ""


def _statement(text: str) -> str:
    """The sentences of a disclaimer without a label: the first that is one, and what follows it of the same kind."""
    for line in text.split("\n"):
        sentences = [sentence for sentence in _SENTENCE_END.split(line) if sentence and sentence.strip()]
        stated = [number for number, sentence in enumerate(sentences) if _STATEMENTS.search(sentence)]
        if stated:
            return " ".join(sentence.strip() for sentence in sentences[stated[0] : stated[-1] + 1])
    return ""


def _names(manuscript: Manuscript) -> frozenset[str]:
    """Single words of the characters' names, which no note means as an episode."""
    tags = (*manuscript.tags(TagKind.CHARACTER), *manuscript.tags(TagKind.RELATIONSHIP))
    return frozenset(word for tag in tags for word in re.findall(r"[^\W\d_]{3,}", tag.lower()))


def _placements(manuscript: Manuscript) -> tuple[Placement, ...]:
    return tuple(dict.fromkeys(found for text in _texts(manuscript) for found in _placements_in(text, manuscript)))


def _placed(chapter: Chapter, manuscript: Manuscript) -> Chapter:
    """The chapter with its own placements; the first chapter's notes already spoke for the work."""
    if chapter.placements:
        return chapter
    found = [item for item in _placements_in(chapter.title, manuscript) if item.episodes]
    if chapter is not manuscript.chapters[0]:
        for prose in (chapter.summary, chapter.notes_before, chapter.notes_after):
            found += _placements_in(_plain(prose), manuscript)
    known = {placement.words for placement in manuscript.placements}
    own = tuple(item for item in dict.fromkeys(found) if item.words not in known)
    return replace(chapter, placements=own) if own else chapter


def _with_fandom(placement: Placement, manuscript: Manuscript) -> Placement:
    """The only fandom, or the only one that the words name."""
    fandoms = manuscript.tags(TagKind.FANDOM)
    named = [fandom for fandom in fandoms if re.split(r"\s*[-(|:–]", fandom)[0].lower() in placement.words.lower()]
    only = fandoms if len(fandoms) == 1 else named
    return replace(placement, fandom=only[0]) if len(only) == 1 else placement
