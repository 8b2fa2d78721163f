"""What an author's note says about the place of a story in canon: text -> Placements.

A grammar, not a guess. No list of episodes is at hand, so a title is taken only where a cue says that one follows
("post-ep for", "right after the episode") and where quotes or capitals show its end. A sentence about broadcasts,
spoilers or sources gives nothing. What was read always carries the passage that it was read from.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from undying.manuscript.model import Divergence, Placement, PlacementRelation

if TYPE_CHECKING:
    from collections.abc import Iterator

_WITHIN, _BEFORE, _AFTER, _DURING, _BETWEEN = (
    PlacementRelation.WITHIN,
    PlacementRelation.BEFORE,
    PlacementRelation.AFTER,
    PlacementRelation.DURING,
    PlacementRelation.BETWEEN,
)
_ORDINALS = (
    *(
        "first|1st|one|erste[rn]?|première|primera|prima|перв\\w+",
        "second|2nd|two|zweite[rn]?|deuxième|segunda|seconda",
    ),
    *("third|3rd|three|dritte[rn]?|troisième|tercera|terza", "fourth|4th|four|vierte[rn]?|quatrième|cuarta|quarta"),
    *("fifth|5th|five|fünfte[rn]?|cinquième|quinta", "sixth|6th|six|sechste[rn]?|sixième|sexta|sesta"),
    *("seventh|7th|seven|siebte[rn]?|septième", "eighth|8th|eight|achte[rn]?|huitième", "ninth|9th|nine"),
    *("tenth|10th|ten", "eleventh|11th|eleven", "twelfth|12th|twelve", "thirteenth|13th|thirteen"),
    *("fourteenth|14th|fourteen", "fifteenth|15th|fifteen"),
)
_ANY_ORDINAL = "|".join(_ORDINALS)
_UNITS = {
    "season": "seasons?|staffeln?|saisons?|temporadas?|stagion[ei]|sezon\\w*|сезон\\w*|series(?= \\d)",
    "volume": "volumes?|vols?\\.?|tomes?",
    "book": "books?",
    "year": "years?",
    "chapter": "chapters?",
    "episode": "episodes?|eps?\\.?",
}
_ANY_UNIT = "|".join(_UNITS.values())
_NUMBER = rf"\d{{1,3}}[ab]?|(?:{_ANY_ORDINAL})"
_TO = r"\s*(?:-|–|—|to|through|thru|and|&|und|et|y|e|и)\s*"
_PART = re.compile(
    rf"\b(?:(?P<unit>{_ANY_UNIT})[\s:-]+#?(?P<from>{_NUMBER})\b"
    rf"(?:{_TO}(?:(?:{_ANY_UNIT})\s+|S)?(?P<to>{_NUMBER})\b)?"
    rf"|S(?P<short>\d{{1,2}}[ab]?)\b(?:{_TO}(?:S|season )?(?P<short_to>\d{{1,2}}[ab]?)\b)?(?!E\d)"
    rf"|(?P<ordinal>{_ANY_ORDINAL})(?:{_TO}(?P<ordinal_to>{_ANY_ORDINAL}))?[\s-]+"
    r"(?P<after>season|series|year|book|volume)s?\b(?!\s+of\b.{{0,12}}\b(?:war|marriage)))",
    re.IGNORECASE,
)
_CODE = re.compile(r"(?<![\w.])(?:S(\d{1,2})\s?[.:]?\s?E(?:p\.?\s?)?(\d{1,3})|(\d{1,2})x(\d{2}))(?!\w)", re.IGNORECASE)
_JOINED_CODE = re.compile(_TO, re.IGNORECASE)
_COUNT = rf"(?:\d{{1,3}}|{_ANY_ORDINAL})"
_SPOKEN = re.compile(
    rf"\b(?:(?:{_UNITS['season']})\s+#?(?P<season>{_COUNT})\b[\s,:–—-]*"
    rf"ep(?:isode)?(?P<many>s)?\.?\s*#?(?P<first>{_COUNT})\b(?(many)(?:{_TO}(?P<last>\d{{1,3}})\b)?)"
    rf"|ep(?:isode)?(?P<many_of>s)?\.?\s*#?(?P<first_of>{_COUNT})\b(?(many_of)(?:{_TO}(?P<last_of>\d{{1,3}})\b)?)"
    rf"(?:,| of| in| from)\s*(?:the )?(?:{_UNITS['season']})\s+#?(?P<of>{_COUNT})\b)",
    re.IGNORECASE,
)
_WHOLE = re.compile(
    r"\b(?P<where>pre|post|before|after|prior to|following)[- ](?:the )?(?P<what>series|canon|show|finale|"
    r"series finale)\b(?! \d)",
    re.IGNORECASE,
)

_RELATIONS = (
    (_BETWEEN, "between|zwischen|entre|между"),
    (_AFTER, "post|after|following|follows|immediately after|nach|après|después de|dopo|после"),
    (_BEFORE, "pre|before|prior to|preceding|vor|avant|antes de|prima di|перед|до"),
    (_DURING, "during|throughout|in the middle of|while|während|pendant|durante|во время"),
    (_WITHIN, "in|mid|early|late|within|beginning of|start of|end of|into|from|of|around"),
)
_RELATION = re.compile(
    r"\b(?:" + "|".join(f"(?P<r{n}>{words})" for n, (_, words) in enumerate(_RELATIONS)) + r")\b", re.IGNORECASE
)
_SET = r"(?:set|takes? place|taking place|happens|occurs|picks? up|begins|starts|opens|spielt|se déroule|se passe)"
_STORY = r"(?:story|fic|fanfic|chapter|one-?shot|part|this|it|action|events?|vignette|drabble|scene|time is now)"
_EXPLICIT = re.compile(
    rf"(?:^|[(\[;,:–—-]\s*|\bbut )(?:(?:probably|mostly|roughly|at the beginning) )*"
    rf"(?:(?:the|my|this|following)? ?(?:following )?{_STORY}(?: is| are| was)? )?(?:(?:mostly|loosely|"
    rf"directly) )?{_SET}\b"
    rf"|\b{_STORY} (?:is |are |was )?(?:\w+ )?{_SET}\b|\bends up in\b|\bset in (?:the )?(?:\w+ )?(?:season|"
    rf"series|year|book|s\d)|\bset (?:\w+ )?(?:post|pre|during|between)\b",
    re.IGNORECASE,
)
_EXPLICIT_WHERE = re.compile(
    rf"{_SET}\s+(?:\w+\s+){{0,4}}?(?P<where>after|before|during|between|prior to|following|post|pre)\b", re.IGNORECASE
)
_NOT_A_PLACE = re.compile(
    r"\b(?:aired|airs|airing|premiered?|watch(?:ed|ing)?|rewatch\w*|spoil\w*|written|wrote|posted|quot\w*|"
    r"lifted|dialogue"
    r"|inspired by|based on|haven't seen|seen|dvd|favou?rite|rewrite|novelization|up to|as of)\b",
    re.IGNORECASE,
)
_FRAGMENT_WORDS = 9
_PLACED_BEFORE = re.compile(
    r"(?:\b(?:post|pre|mid|early|late|during|sometime (?:in|during|after|before)|after|between|before|"
    r"in between|"
    r"beginning of|end of)[\s-]*(?:the )?(?:(?:beginning|end|middle|start) of )?(?:the )?|summer (?:after|"
    r"before|between) )$",
    re.IGNORECASE,
)

_QUOTED = r"[\"“”'‘](?P<quoted>[A-Z0-9][^\"“”]{0,58}?[\w!?.…])[,.]?[\"”'’](?!\w)"
_SMALL = r"of|the|and|to|in|a|an|for|is|at|on|with|my|from|by|or"
_CAPITALS = rf"(?P<capitals>(?:The |A )?[A-Z][\w'’-]*(?:\s+(?:(?:{_SMALL})\s+){{0,3}}[A-Z][\w'’-]*){{0,7}})"
_EPISODE_CUE = (
    r"(?P<cue>post[- ]ep(?:isode|s)?\b(?: (?:for|to))?|tag (?:for|to)|coda (?:for|to)|missing scenes? (?:for|"
    r"from|to|in)"
    r"|mid[- ]?ep(?:isode)? (?:for|to)|epilogue (?:for|to)|episode (?:tag|related)(?: (?:for|to))?|post|pre|"
    r"after|before"
    r"|prior to|following|follows|during|between|set in|the episode)"
)
_FILLER = (
    r"[\s:-]*(?:(?-i:the) )?(?:(?:events?|end|finale|beginning) (?:of|"
    r"in) )?(?:(?-i:the) )?(?:season \w+ )?(?:episodes?|ep\.?|finale)?"
    r"[\s,:]*"
)
_TITLE_OF_CODE = re.compile(rf"\s*[,:(–—-]?\s*{_QUOTED}")
_TITLE = re.compile(rf"\b(?i:{_EPISODE_CUE}\b{_FILLER})(?:{_QUOTED}|{_CAPITALS})")
_SECOND_TITLE = re.compile(rf"\s*,?\s*(?:and|&)\s*(?:{_QUOTED}|{_CAPITALS})")
_AFTERWARDS = re.compile(r"\b(?:post|tag|coda|epilogue)\b", re.IGNORECASE)
_TIMES = re.compile(r"during|set in|in\b", re.IGNORECASE)
_SURE_CUES = re.compile(r"post[- ]ep|tag|coda|missing|mid|epilogue|episode|the episode", re.IGNORECASE)
_CLAUSE_END = re.compile(
    r"\s*(?:$|[.,;:)\]/!?–—]|\band (?:before|prior|then|right)\b|\(|but\b|in (?:season|s\d)|\.{3})"
)
_NO_TITLE = re.compile(
    r"(?:(?:the )?(?:season|series|christmas|halloween|easter|thanksgiving|new year|valentine|january|february|march|"
    r"april|may|june|july|august|september|october|november|december|monday|tuesday|wednesday|thursday|friday|"
    r"saturday|"
    r"sunday|au|canon|war|wwi+|world war|second world|first world|battle|fall|i|he|she|they|it|this|that|all|"
    r"book|chapter|"
    r"year|volume|part|part|s\d+|ep|we|you|everything|some|my|his|her|their|years?|graduation|college|school|"
    r"hogwarts|"
    r"summer|winter|spring|autumn|earth|london|england|america|paris|rome)\b.*)",
    re.IGNORECASE,
)
_ALTERNATE = re.compile(
    r"\b(?:AU|A\.U\.|[Aa]lternate [Uu]niverse|[Aa]lternative [Uu]niverse|[Aa]lternate [Rr]eality)\b"
)
_DIVERGENT = re.compile(
    r"\b(?:canon[- ]?diverg\w+|fix[- ]it|AU (?:from|after|as of)|goes AU|diverges from canon)\b", re.IGNORECASE
)

_LABEL = re.compile(
    r"(?:^|(?<=[.;!?)] )|(?<=\.\.\. ))\s*(?P<label>[A-Z][A-Za-z/& '’.-]{1,28}?)\s*(?::(?!\w)|\s[-–—]\s|"
    r"(?<=[Ss])-\s)\s*"
)
_PLACE_LABEL = re.compile(
    r"time ?line|time ?frame|time ?period|setting|set|seasons?|era|takes place|episodes?|when|canon|"
    r"(?:[\w ]+/)*(?:time ?line|setting|seasons?|era)(?:/[\w ]+)*|zeit\w*|époque|chronologie",
    re.IGNORECASE,
)
_SPOILER_LABEL = re.compile(r".*\bspoil.*|warnings?|disclaimers?", re.IGNORECASE)
_SENTENCE = re.compile(r"(?<=[.!?…])\s+(?=[\"“‘'(A-Z\d])|(?<=[.!?…][\"”'’)])\s+(?=[\"“‘'(A-Z\d])|\s+(?:\.\.\.|…)\s+")
_NOT_AN_END = re.compile(r"(?:\b(?:Mr|Mrs|Ms|Dr|St|vs|ep|eps|vol|no|ca|approx|P\.S|i\.e|e\.g)\.)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Passage:
    """One sentence of a note; `label` is the label that it stands under."""

    text: str
    label: str

    @property
    def is_labelled(self) -> bool:
        return _PLACE_LABEL.fullmatch(self.label) is not None

    @property
    def is_spoiler(self) -> bool:
        return _SPOILER_LABEL.fullmatch(self.label) is not None


def placements_in(text: str, names: frozenset[str] = frozenset()) -> tuple[Placement, ...]:
    """What this plain text says, in its order. `names` are words that are people of the story and so no titles."""
    found: list[Placement] = []
    for line in text.split("\n"):
        read = [placement for passage in _passages(line) if (placement := _read(passage, names))]
        found += _together(read, line)
    return tuple(dict.fromkeys(found))


def _passages(line: str) -> Iterator[_Passage]:
    """The sentences of a line, each with the last label before it."""
    starts = [(found.start(), found.end(), found["label"]) for found in _LABEL.finditer(line)]
    if not starts or starts[0][0] > 0:
        starts = [(0, 0, ""), *starts]
    for (begin, _value, label), (end, *_rest) in zip(starts, [*starts[1:], (len(line), 0, "")], strict=True):
        is_first = True
        for sentence in _sentences(line[begin:end]):
            yield _Passage(sentence.strip(), label)
            is_first = False
        assert not is_first or not line[begin:end].strip()


def _sentences(text: str) -> list[str]:
    sentences: list[str] = []
    for piece in _SENTENCE.split(text):
        if sentences and _NOT_AN_END.search(sentences[-1]):
            sentences[-1] += f" {piece}"
        else:
            sentences.append(piece)
    return [sentence for sentence in sentences if sentence.strip()]


def _read(passage: _Passage, names: frozenset[str]) -> Placement | None:
    """What one sentence says, None when it says nothing for certain."""
    text = passage.text
    is_explicit = _EXPLICIT.search(_value(passage)) is not None
    if passage.is_spoiler and not is_explicit:
        return None
    if _NOT_A_PLACE.search(_value(passage)) and not passage.is_labelled:
        return None
    episodes, relation, rest = _episodes(passage, names, is_explicit=is_explicit)
    part = _part(passage, rest, is_explicit=is_explicit)
    if part and relation and {relation, part.relation} == {_AFTER, _BEFORE}:
        episodes, relation = (), None  # "after Book 9, before …": a gap that no field holds; the words say it
    placement = Placement(words=text, episodes=episodes, relation=relation or _WITHIN)
    if part:
        placement = replace(
            placement, unit=part.unit, part=part.part, part_to=part.part_to, relation=relation or part.relation
        )
    elif not episodes and (where := _EXPLICIT_WHERE.search(text)) and (is_explicit or passage.is_labelled):
        placement = replace(placement, relation=_relation(where["where"]))
    divergence = _divergence(passage, has_place=bool(part or episodes))
    placement = replace(placement, divergence=divergence)
    return placement if placement != Placement(words=text) else None


def _value(passage: _Passage) -> str:
    """The sentence without its label."""
    text = passage.text
    return text[len(passage.label) :].lstrip(" :–—-") if passage.label and text.startswith(passage.label) else text


def _divergence(passage: _Passage, *, has_place: bool) -> Divergence:
    text = passage.text
    is_short = len(_value(passage).split()) <= _FRAGMENT_WORDS
    if not (has_place or passage.is_labelled or is_short):
        return Divergence.UNSAID
    if re.search(r"\b(?:not|no|isn't|never)\b", text, re.IGNORECASE) and not has_place:
        return Divergence.UNSAID
    if _DIVERGENT.search(text):
        return Divergence.DIVERGENT
    return Divergence.ALTERNATE if _ALTERNATE.search(text) else Divergence.UNSAID


def _relation(words: str) -> PlacementRelation:
    found = _RELATION.fullmatch(words.strip().lower())
    if not found:
        return _WITHIN
    return next(relation for n, (relation, _) in enumerate(_RELATIONS) if found[f"r{n}"])


@dataclass(frozen=True, slots=True)
class _Part:
    unit: str = "season"
    part: str = ""
    part_to: str = ""
    relation: PlacementRelation = _WITHIN


def _part(passage: _Passage, text: str, *, is_explicit: bool) -> _Part | None:
    """The season, book or year that a sentence names as the place, if it does."""
    numbers = _numbers(passage, is_explicit=is_explicit)
    found = _PART.search(text)
    if numbers and not found:
        first, last = numbers.seasons
        return _Part(part=str(first), part_to=str(last) if last != first else "")
    whole = _WHOLE.search(text)
    if whole and not found:
        is_meant = is_explicit or passage.is_labelled or "-" in whole[0] or _is_fragment(passage)
        return _Part(unit="series", relation=_relation(whole["where"])) if is_meant else None
    if not found or not (is_explicit or passage.is_labelled or _is_placed(text, found, passage)):
        return None
    return _named(found, _nearest_relation(text[: found.start()]))


def _named(found: re.Match[str], relation: PlacementRelation) -> _Part:
    unit = found["unit"] or found["after"] or "season"
    name = next((name for name, words in _UNITS.items() if re.fullmatch(words, unit, re.IGNORECASE)), "season")
    name = "season" if unit.lower() == "series" else name
    first = found["from"] or found["short"] or found["ordinal"]
    last = found["to"] or found["short_to"] or found["ordinal_to"] or ""
    return _Part(name, _digits(first), _digits(last) if last else "", relation)


def _digits(words: str) -> str:
    for number, spelling in enumerate(_ORDINALS, 1):
        if re.fullmatch(spelling, words, re.IGNORECASE):
            return str(number)
    return words.upper().lstrip("0") or "0"


def _is_fragment(passage: _Passage) -> bool:
    """A few words without a verb: a line in a header that has lost its label."""
    value = _value(passage)
    return len(value.split()) <= _FRAGMENT_WORDS and not re.search(
        r"\b(?:I|you|we|he|she|they|is|was|are|were|has|have|had|will|would)\b", value
    )


def _is_placed(text: str, found: re.Match[str], passage: _Passage) -> bool:
    before = text[: found.start()]
    unit = (found["unit"] or found["after"] or "").lower()
    if unit.startswith(("chapter", "ep")) or (unit.startswith(("year", "book", "vol")) and not _is_fragment(passage)):
        return False  # "I liked chapter 3": only an explicit sentence or a label makes these a place in canon
    if _is_fragment(passage) and (not before.strip() or len(passage.text.split()) <= 4):  # noqa: PLR2004  "AtS Season 3."
        return True
    return _PLACED_BEFORE.search(before) is not None


def _nearest_relation(before: str) -> PlacementRelation:
    """The relation word closest in front of a part, within the same clause."""
    clause = re.split(r"[.;]", before)[-1]
    found = list(_RELATION.finditer(clause))
    strong = [match for match in found if _relation(match[0]) is not _WITHIN]
    near = [match for match in strong if len(clause[match.end() :].split()) <= 4]  # noqa: PLR2004  "after the end of the"
    return _relation(near[-1][0]) if near else _WITHIN


@dataclass(frozen=True, slots=True)
class _Numbers:
    """Episodes named by (season, episode), and where in the sentence they stand."""

    pairs: tuple[tuple[int, int], ...]
    start: int
    end: int

    @property
    def seasons(self) -> tuple[int, int]:
        return self.pairs[0][0], self.pairs[-1][0]

    @property
    def written(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(f"{season}x{episode:02d}" for season, episode in self.pairs))


def _numbers(passage: _Passage, *, is_explicit: bool) -> _Numbers | None:
    """The episodes that a sentence gives by number: "2x05 and 2x06", "season 2, episode 3"."""
    text = passage.text
    code = _CODE.search(text)
    if not code:
        return _spoken(passage, is_explicit=is_explicit)
    pairs, start, end = [_pair(code)], code.start(), code.end()
    while (joint := _JOINED_CODE.match(text, end)) and (code := _CODE.match(text, joint.end())):
        pairs.append(_pair(code))
        end = code.end()
    return _Numbers(tuple(pairs), start, end)


def _pair(code: re.Match[str]) -> tuple[int, int]:
    return int(code[1] or code[3]), int(code[2] or code[4])


def _spoken(passage: _Passage, *, is_explicit: bool) -> _Numbers | None:
    found = _SPOKEN.search(passage.text)
    if not found:
        return None
    before = passage.text[: found.start()]
    is_alone = _is_fragment(passage) and not before.strip()
    is_meant = is_explicit or passage.is_labelled or is_alone or _DIVERGENT.search(before)
    if not (is_meant or _PLACED_BEFORE.search(before)):
        return None
    season = int(_digits(found["season"] or found["of"]))
    episodes = filter(None, (found["first"] or found["first_of"], found["last"] or found["last_of"]))
    return _Numbers(tuple((season, int(_digits(episode))) for episode in episodes), found.start(), found.end())


def _episodes(
    passage: _Passage, names: frozenset[str], *, is_explicit: bool
) -> tuple[tuple[str, ...], PlacementRelation | None, str]:
    """Episodes, how the story stands to them, and the sentence without them."""
    text = passage.text
    numbers = _numbers(passage, is_explicit=is_explicit)
    if numbers:
        return _numbered(numbers, text)
    titles: list[str] = []
    relations: list[PlacementRelation] = []
    rest = text
    for found in _TITLE.finditer(text):
        title = _title(found, text, passage, names, is_explicit=is_explicit)
        if not title:
            continue
        titles.append(title)
        relations.append(_cue_relation(found["cue"], text, found.start()))
        rest = rest.replace(title, " ")
        second = _SECOND_TITLE.match(text, found.end())
        if second and relations[-1] is _BETWEEN:
            titles.append(_stripped(second["quoted"] or second["capitals"]))
    if len(titles) > 1 and (set(relations) == {_AFTER, _BEFORE} or relations[0] is _BETWEEN):
        return tuple(titles[:2]), _BETWEEN, rest
    if not titles or (relations[0] is _BETWEEN):
        return (), None, text
    return tuple(dict.fromkeys(titles)), relations[0], rest


def _numbered(numbers: _Numbers, text: str) -> tuple[tuple[str, ...], PlacementRelation, str]:
    """Numbered episodes and the quoted title behind a single one, as `_episodes` gives them."""
    before, after = text[: numbers.start], text[numbers.end :]
    relation = _AFTER if _AFTERWARDS.search(text) else _nearest_relation(before)
    titled = _TITLE_OF_CODE.match(after) if len(numbers.pairs) == 1 else None
    titles = (_stripped(titled["quoted"]),) if titled else ()
    return (*numbers.written, *titles), relation, f"{before} {after}"


def _cue_relation(cue: str, text: str, start: int) -> PlacementRelation:
    cue = cue.lower()
    if cue.startswith(("post", "tag", "coda", "epilogue", "episode")):
        return _AFTER
    if cue.startswith(("missing", "mid", "set in")):
        return _DURING
    if cue == "the episode":
        return _nearest_relation(text[:start]) or _DURING
    return _relation(cue)


def _stripped(title: str) -> str:
    return title.strip(" .,;:'’\"").removesuffix(".")


def _title(found: re.Match[str], text: str, passage: _Passage, names: frozenset[str], *, is_explicit: bool) -> str:
    """The title behind a cue, "" when it is none for certain."""
    title = _stripped(found["quoted"] or found["capitals"])
    follows = text[found.end() :]
    if _NO_TITLE.fullmatch(title) or re.match(r",?\s*season", follows, re.IGNORECASE):
        return ""
    if re.search(r"\bpre or $", text[: found.start()], re.IGNORECASE):
        return ""
    if found["quoted"]:
        return title
    if set(title.lower().split()) & names:
        return ""
    if _TIMES.match(found["cue"]) and "episode" not in found[0].lower():
        return ""  # "set in Whitby", "during Lent"
    is_cued = is_explicit or passage.is_labelled or _SURE_CUES.match(found["cue"])
    begins = found.start() <= len(passage.text) - len(_value(passage)) + 1 and found["cue"][:4].lower() == "post"
    return title if (is_cued or begins) and _CLAUSE_END.match(follows) else ""


def _together(read: list[Placement], line: str) -> list[Placement]:
    """A season in one sentence and an episode or "AU" in the next of the same line are one statement."""
    merged: list[Placement] = []
    for placement in read:
        last = merged[-1] if merged else None
        if last and _complete_each_other(last, placement):
            words = _span(line, last.words, placement.words)
            merged[-1] = _both(last, placement, words)
        else:
            merged.append(placement)
    return merged


def _complete_each_other(one: Placement, other: Placement) -> bool:
    only_divergence = not (other.part or other.episodes or other.relation is not _WITHIN or other.unit == "series")
    return only_divergence or (bool(one.part) and not one.episodes and bool(other.episodes) and not other.part)


def _both(one: Placement, other: Placement, words: str) -> Placement:
    return replace(
        one,
        episodes=one.episodes or other.episodes,
        relation=other.relation if other.episodes else one.relation,
        divergence=one.divergence or other.divergence,
        words=words,
    )


def _span(line: str, first: str, last: str) -> str:
    begin = line.find(first)
    end = line.find(last, begin)
    return line[begin : end + len(last)] if 0 <= begin <= end else f"{first} {last}"
