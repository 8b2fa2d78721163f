"""Names and what they mean: which tags, people and series somebody who typed a name means, of those that she may see.

A name that only secret works carry is as unknown as nonsense. Names are compared folded: without case and accents.
"""

from __future__ import annotations

from collections import defaultdict
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q

from undying.finding.given import kind_and_name
from undying.finding.models import PersonWord, SeriesWord
from undying.library.access import pseuds_for
from undying.library.models import Series, Tag, TagWord
from undying.library.names import beginnings, folded, words_of
from undying.manuscript import TagKind
from undying.people.models import Pseud

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from django.db.models import Model, QuerySet

    from undying.finding.document import Document
    from undying.people.viewer import Viewer

MOST_NAMESAKES = 1000
"""Things whose names have the words of one that was typed, of which some may have its very name."""
MOST_TRIED = 200
"""Names that are compared at a time with one that nothing has."""
NEAREST = 3
ALIKE = 0.72
"""How alike two names must be for the one to be offered instead of the other."""
_MOST_WORDS = 8
_ALSO = (
    (TagKind.WARNING, "Underage Sex", "Underage"),
    (TagKind.WARNING, "Choose Not To Use Archive Warnings", "Creator Chose Not To Use Archive Warnings"),
)
"""Names that AO3 has changed, or writes in two ways."""


def tags_meant(texts: Collection[str], viewer: Viewer) -> dict[str, list[Tag]]:
    """For each text ("Fluff", "ship:Mina/Lucy") the tags that it means, the likeliest first; synonyms lead to their
    canonical tags. Three queries at most.
    """
    typed = {text: list(_readings(text)) for text in texts}
    names = {name for readings in typed.values() for _, name in readings}
    if not names:
        return {}
    visible = Tag.objects.visible_to(viewer).select_related("canonical")
    by_name = _by_name(visible.filter(kind__in=list(TagKind), name__in=names))
    missing = {name for readings in typed.values() if not _best(readings[:1], by_name) for _, name in readings}
    if missing:
        for name, tags in _by_name(visible.filter(pk__in=_with_words(TagWord, "tag_id", missing))).items():
            by_name[name] = list({tag.pk: tag for tag in (*by_name[name], *tags)}.values())
    return {text: _best(readings, by_name) for text, readings in typed.items()}


def _by_name(tags: Iterable[Tag]) -> dict[str, list[Tag]]:
    found: dict[str, list[Tag]] = defaultdict(list)
    for tag in tags:
        found[folded(tag.name)].append(tag)
    return found


def _readings(text: str) -> Iterator[tuple[TagKind | None, str]]:
    """What a text may say: a kind and a name; else a name that has a colon in it, or one that is written otherwise."""
    kind, name = kind_and_name(text)
    yield kind, name
    for other, *spellings in _ALSO:
        if kind in {None, other} and folded(name) in map(folded, spellings):
            yield from ((other, each) for each in spellings if folded(each) != folded(name))
    if kind is TagKind.ADDITIONAL:
        yield None, name  # "tag:" is any kind's word in the search box
    if kind is not None:
        yield None, text


def _best(readings: Iterable[tuple[TagKind | None, str]], by_name: Mapping[str, Sequence[Tag]]) -> list[Tag]:
    for kind, name in readings:
        tags = [tag for tag in by_name.get(folded(name), ()) if kind in {None, tag.kind}]
        if tags:
            tags.sort(key=lambda tag: (tag.precedence, tag.name != name, tag.canonical_id is not None, tag.name))
            return list({tag.meant.pk: tag.meant for tag in tags}.values())
    return []


def people_meant(texts: Collection[str], viewer: Viewer) -> dict[str, list[Pseud]]:
    """For each text the pen names that it means: all of that name, of whatever account, or "pen name (account)" alone.
    Two queries at most.
    """
    if not texts:
        return {}
    accounts = {text: _pen_name_of_account(text) for text in texts}
    match = Q(pk__in=_with_words(PersonWord, "pseud_id", texts))
    for name, account in filter(None, accounts.values()):
        match |= Q(name=name, is_linked=True, user__username__iexact=account)
    people = list(pseuds_for(viewer).filter(match).select_related("user"))
    found: dict[str, list[Pseud]] = {}
    for text, whole in accounts.items():
        one = [each for each in people if each.user and each.is_linked and whole == (each.name, each.user.username)]
        found[text] = one or [each for each in people if folded(each.name) == folded(text)]
    return found


def _pen_name_of_account(text: str) -> tuple[str, str] | None:
    name, bracket, account = text.removesuffix(")").rpartition(" (")
    return (name, account) if bracket and text.endswith(")") else None


def spelled_person(pseud: Pseud) -> str:
    """How an address names a pen name, if there is a name that means no other. Needs `user`."""
    return f"{pseud.name} ({pseud.user.username})" if pseud.user and pseud.is_linked else ""


def series_meant(text: str, viewer: Viewer) -> list[Series]:
    """The series of that title. Two queries at most."""
    numbers = _with_words(SeriesWord, "series_id", [text])
    found = Series.objects.visible_to(viewer).filter(pk__in=numbers).order_by("title", "pk")
    return [each for each in found if folded(each.title) == folded(text)]


def _with_words(table: type[Model], owner: str, names: Iterable[str]) -> list[int]:
    """What has all words of one of these names. One query."""
    parts: list[QuerySet[Any]] = []
    for name in names:
        words = sorted(set(words_of(name)[:_MOST_WORDS]), key=len, reverse=True)
        rows = [table._default_manager.filter(word=word) for word in words]
        for other in rows[1:]:
            rows[0] = rows[0].filter(Exists(other.filter(**{owner: OuterRef(owner)})))
        parts += [rows[0].values_list(owner, flat=True)] if rows else []
    if not parts:
        return []
    found = parts[0].union(*parts[1:]) if len(parts) > 1 else parts[0]
    return list(found[:MOST_NAMESAKES])


def tags_beginning(text: str, kind: TagKind, viewer: Viewer) -> list[int]:
    """Canonical tags of a kind with a word that begins so for each word of what was typed, the best known and plainest
    first; by a synonym only where this viewer may see that somebody used it. For the engine to count. Four queries at
    most.
    """
    words = sorted(set(words_of(text)[:_MOST_WORDS]), key=len, reverse=True)
    if not words:
        return []
    rows = TagWord.objects.filter(begins(words[0]), tag__kind=kind)
    for word in words[1:]:
        rows = rows.filter(Exists(TagWord.objects.filter(begins(word), tag_id=OuterRef("tag_id"))))
    columns = _seen(rows, viewer).values_list("tag_id", "tag__name", "tag__renown")[:MOST_NAMESAKES]
    found = {number: (folded(name), renown) for number, name, renown in columns}
    if len(found) == MOST_NAMESAKES:
        known = Tag.objects.well_known(text, kind).visible_to(viewer).values_list("pk", "name", "renown")
        found |= {number: (folded(name), renown) for number, name, renown in known}
    synonyms = Tag.objects.filter(pk__in=found, canonical__isnull=False)
    leads = {tag.pk: tag.canonical_id or tag.pk for tag in synonyms.only("canonical")}
    wanted = folded(text)

    def likely(number: int) -> tuple[bool, int, bool, int]:
        name, renown = found[number]
        return (name != wanted, -renown, not name.startswith(wanted), len(name))

    return list(dict.fromkeys(leads.get(number, number) for number in sorted(found, key=likely)))


def _seen(rows: QuerySet[TagWord], viewer: Viewer) -> QuerySet[TagWord]:
    """Words of tags that she may see, asked before so many are taken: else secret ones took the places of others."""
    return rows.filter(Exists(Tag.objects.visible_to(viewer).filter(pk=OuterRef("tag_id"))))


def nearest_tags(text: str, viewer: Viewer) -> list[Tag]:
    """Tags whose names are like one that nothing has: what she may have meant. A dozen queries at most."""
    kind, name = kind_and_name(text)
    same_name = tags_meant([name], viewer)[name] if kind else []
    if same_name:
        return same_name[:NEAREST]
    wanted = folded(name)
    best: dict[int, tuple[float, Tag]] = {}
    for numbers in _alike(words_of(name), viewer):
        tags = Tag.objects.filter(pk__in=numbers).select_related("canonical")
        for tag in tags.filter(kind=kind) if kind else tags:
            how = likeness(wanted, folded(tag.name))
            if how >= ALIKE and how > best.get(tag.meant.pk, (0.0, tag))[0]:
                best[tag.meant.pk] = (how, tag.meant)
        if len(best) >= NEAREST:
            break
    return [tag for _, tag in sorted(best.values(), key=lambda each: (-each[0], each[1].name))][:NEAREST]


def _alike(words: Sequence[str], viewer: Viewer) -> Iterator[list[int]]:
    """Tags that she may see and that have a beginning of one of these words in common, the longer beginnings first."""
    for word in sorted(set(words), key=len, reverse=True)[:2]:
        for size in range(len(word) - 1, max(1, len(word) - 6), -1):
            rows = _seen(TagWord.objects.filter(begins(word[:size])), viewer)
            yield list(rows.values_list("tag_id", flat=True)[:MOST_TRIED])


def likeness(wanted: str, name: str) -> float:
    """How like a name is, from 0 to 1: the whole of it, or else, a little less, as many of its words."""
    size = len(wanted.split())
    words = name.split()
    runs = [" ".join(words[start : start + size]) for start in range(len(words) - size + 1)]
    return max(_ratio(wanted, name), *(0.95 * _ratio(wanted, run) for run in runs), 0.0)


def _ratio(one: str, other: str) -> float:
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    return matcher.ratio() if matcher.real_quick_ratio() >= ALIKE else 0.0


def begins(word: str) -> Q:
    """Words that begin so, as the index of each database answers it: SQLite's LIKE knows no case and so no index."""
    if connection.vendor == "sqlite":
        return Q(word__gte=word, word__lt=word + "\U0010ffff")
    return Q(word__startswith=word)


@transaction.atomic
def note(documents: Collection[Document]) -> None:
    """Keep the words by which the people and series of these works are found. Four queries where nothing changed."""
    people = {number for document in documents for number in document.creator_ids}
    _note(
        PersonWord,
        "pseud_id",
        {each.pk: person_words(each) for each in Pseud.objects.filter(pk__in=people).select_related("user")},
    )
    series = {number for document in documents for number in document.series}
    titles = Series.objects.filter(pk__in=series).values_list("pk", "title")
    _note(SeriesWord, "series_id", {number: beginnings(title) for number, title in titles})


def person_words(pseud: Pseud) -> list[str]:
    """By which words a pen name is found: its own, and its account's name where they are linked. Needs `user`."""
    account = beginnings(pseud.user.username) if pseud.user and pseud.is_linked else []
    return list(dict.fromkeys((*beginnings(pseud.name), *account)))


def _note(table: type[Model], owner: str, wanted: Mapping[int, Sequence[str]]) -> None:
    rows = table._default_manager.filter(**{f"{owner}__in": wanted})
    here: dict[int, set[str]] = defaultdict(set)
    for number, word in rows.values_list(owner, "word"):
        here[number].add(word)
    changed = {number: words for number, words in wanted.items() if here[number] != set(words)}
    if changed:
        rows.filter(**{f"{owner}__in": changed}).delete()
        made = [table(**{owner: number, "word": word}) for number, words in changed.items() for word in words]
        table._default_manager.bulk_create(made, batch_size=500)
