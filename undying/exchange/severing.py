"""Severing an old name: on request it is replaced wherever it stands, for some are in danger where it is found.

What bears the name as a name (pen names, bylines, reviews she wrote, gifts, links, bookkeeping) changes by itself. A
text that only mentions it may mean a character or a word: each such place is shown, and changed only where it is said.

Refused
├── NotSaid         it has to be said which name, and what shall stand there
└── NothingFound    the name stands nowhere
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Q

from undying.community.models import Challenge, Favourite, NewsItem, Review, SitePage
from undying.exchange import blanking, contacts, optouts
from undying.exchange.desk import at_the_desk
from undying.exchange.keeping import Promises
from undying.exchange.models import BatchKeepsake, BatchWork, Entry
from undying.exchange.optouts import Person
from undying.exchange.private import Asked, Contact, Done, Record
from undying.exchange.telling import batches_of, on_site, rows_of_keepsakes, rows_of_reviews
from undying.kernel import ledger, store
from undying.kernel.errors import Refused
from undying.kernel.portions import portions
from undying.library.access import CHAPTER_PROSE, WORK_PROSE
from undying.library.actions import WORK
from undying.library.creators import SEVERED
from undying.library.models import Chapter, RelatedWork, Series, SeriesAccount, Work
from undying.manuscript import Prose, RawHtml
from undying.manuscript.clean import clean
from undying.people.models import Profile, Pseud

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from pathlib import Path

    from django.db.models import Model, QuerySet

AROUND = 50
_TEXTS: tuple[tuple[str, type[Model], tuple[str, ...]], ...] = (
    ("work", Work, ("title", *WORK_PROSE, "extras")),
    ("chapter", Chapter, ("title", *CHAPTER_PROSE)),
    ("review", Review, ("body", "response")),
    ("profile", Profile, ("bio", "fields")),
    ("news", NewsItem, ("title", "body")),
    ("page", SitePage, ("title", "body")),
    ("challenge", Challenge, ("title", "summary")),
    ("series", Series, ("title", "summary")),
    ("account", SeriesAccount, ("title", "summary", "extras")),
    ("favourite", Favourite, ("note",)),
)
BEYOND_REACH = (
    "backups of the data folder and of the database",
    "dumps and downloads that were taken away before",
    "original files of stories that mention the name in their text",
    "copies that search engines and other sites made",
)
"""What severing cannot change, for the one who asked for it."""


class NotSaid(Refused):
    """Something is missing."""


class NothingFound(Refused):
    """The name stands nowhere."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """A text that mentions the name, with the words around it. `key` names it for the choice."""

    key: str
    where: str
    before: str
    name: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Where a name stands: how many pen names, works, reviews and contacts bear it, and the texts that mention it."""

    pen_names: int
    works: int
    reviews: int
    contacts: int
    mentions: tuple[Mention, ...]


def look(name: str, site: str = "") -> Found:
    """Where it stands; nothing is changed. Reads every text once."""
    pseuds = _pseuds(name, site)
    return Found(
        pen_names=len(pseuds),
        works=Work.objects.filter(creatorships__pseud__in=pseuds).distinct().count(),
        reviews=len(_reviews(name, site, pseuds)),
        contacts=len(_contacts(name, site)),
        mentions=tuple(_mentions(name)),
    )


def _pseuds(name: str, site: str) -> list[Pseud]:
    rows = Pseud.objects.filter(site=site) if site else Pseud.objects.all()
    wanted = contacts.folded(name)
    return [each for each in rows if wanted in {contacts.folded(each.name), contacts.folded(each.account)}]


def _reviews(name: str, site: str, pseuds: Collection[Pseud]) -> set[int]:
    """Reviews signed with the name, or by her id on that site."""
    rows = Review.objects.filter(on_site(site)) if site else Review.objects.all()
    wanted = contacts.folded(name)
    found = {
        number for number, signed in rows.values_list("pk", "name").iterator() if contacts.folded(signed) == wanted
    }
    for each in pseuds:
        if each.key:
            hers = Review.objects.filter(on_site(each.site), reviewer_key=each.key)
            found |= set(hers.values_list("pk", flat=True))
    return found


def _contacts(name: str, site: str) -> list[Contact]:
    rows = Contact.objects.filter(site=site) if site else Contact.objects.all()
    return [each for each in rows if contacts.folded(each.name) == contacts.folded(name)]


def _pattern(name: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){re.escape(name.strip())}(?!\w)", re.IGNORECASE)


def _with(model: type[Model], part: str, name: str) -> QuerySet[Any]:
    """The rows whose part may hold the name: all, where a database writes or folds its letters in ways of its own."""
    rows: QuerySet[Any] = model._default_manager.all()
    is_plain = json.dumps(name.strip()) == f'"{name.strip()}"'
    return rows.filter(**{f"{part}__icontains": name.strip()}) if is_plain else rows


def _mentions(name: str) -> Iterator[Mention]:
    pattern = _pattern(name)
    for kind, model, parts in _TEXTS:
        for part in parts:
            for row in _with(model, part, name).iterator(chunk_size=50):
                text = _plain(getattr(row, part))
                if found := pattern.search(text):
                    yield Mention(
                        key=f"{kind}-{row.pk}-{part}",
                        where=f"{kind} “{row}”, {part.replace('_', ' ')}",
                        before=text[max(0, found.start() - AROUND) : found.start()],
                        name=found[0],
                        after=text[found.end() : found.end() + AROUND],
                    )


def _plain(value: Any) -> str:
    """A part as words. Labels with their texts stand one after the other."""
    if isinstance(value, list):
        return "; ".join(": ".join(map(str, each)) for each in value)
    return re.sub(r"<[^>]*>", " ", str(value))


def sever(name: str, site: str, new: str, *, mentions: Collection[str], by: str) -> Found:
    """Put the new name wherever the old one stands as a name, and into the texts whose keys are given.

    One transaction for each thing; called again it goes on with what is left. Raises NotSaid, NothingFound, and Busy
    while an import is under way.
    """
    if not contacts.folded(name) or not new.strip() or contacts.folded(new) == contacts.folded(name):
        raise NotSaid("Say which name, and what shall stand there instead.")
    with at_the_desk() as scratch:
        found = look(name, site)
        if found == Found(pen_names=0, works=0, reviews=0, contacts=0, mentions=()):
            raise NothingFound("That name stands nowhere here.")
        _sever_rows(name, site, new.strip(), scratch)
        for each in found.mentions:
            if each.key in mentions:
                _sever_text(each.key, name, new.strip())
        Record.objects.create(done=Done.SEVERED, by=by, reason=f"{found.works} works, {found.reviews} reviews")
        return found


def _sever_rows(name: str, site: str, new: str, scratch: Path) -> None:
    pseuds = _pseuds(name, site)
    reviews = _reviews(name, site, pseuds)
    blanking.blank(_rows_about(pseuds, reviews), scratch)
    works = set(Work.objects.filter(creatorships__pseud__in=pseuds).values_list("pk", flat=True))
    for number in works:
        _sever_work(number, name, new)
    promises = Promises()
    for kept in _replaced_by_imports(site):
        _sever_before(kept, name, new, promises)
    promises.settle()
    for each in pseuds:
        _sever_pseud(each, new)
    with transaction.atomic():
        hers = Review.objects.filter(pk__in=reviews)
        works |= set(hers.exclude(work=None).values_list("work_id", flat=True))
        hers.update(name=new, reviewer_key="")
        _sever_bookkeeping(name, site, new)
        optouts.note(Person(name=name, site=site), Asked.NOT_HERE)
        contacts.forget([each.pk for each in _contacts(name, site)])
        ledger.mark(WORK, works)


def _rows_about(pseuds: Collection[Pseud], reviews: Collection[int]) -> list[Entry]:
    """Rows of kept dumps that name her: her own, her reviews and comments, her news and her challenges."""
    wanted = Q(pk__in=[])
    for each in pseuds:
        if each.key:
            mine = Q(key=each.key) | Q(key__startswith=f"{each.key}/")
            wanted |= mine & Q(batch__in=batches_of(each.site), container__regex=r"(authors|authorinfo|authorprefs)$")
    return [
        *Entry.objects.filter(wanted),
        *rows_of_reviews(Review.objects.filter(pk__in=reviews)),
        *rows_of_keepsakes(NewsItem.objects.filter(author__in=pseuds)),
        *rows_of_keepsakes(Challenge.objects.filter(challenger__in=pseuds)),
    ]


@transaction.atomic
def _sever_pseud(pseud: Pseud, new: str) -> None:
    """The name, and all by which its site knew her. An account's own pen name only changes its name."""
    pseud.name, pseud.account, pseud.url = new, "", ""
    if pseud.user_id is None:
        pseud.key, pseud.identity = "", f"{SEVERED}{pseud.pk}"
    elif Pseud.objects.filter(user=pseud.user_id, name=new).exclude(pk=pseud.pk).exists():
        raise NotSaid("The account has a pen name of that name already: choose another.")
    pseud.save()


@transaction.atomic
def _sever_work(number: int, name: str, new: str) -> None:
    work = Work.objects.get(pk=number)
    pattern = _pattern(name)
    if pattern.search(work.url):
        work.url = ""
    work.save(update_fields=["url"])
    for each in Series.objects.filter(entries__work=work):
        each.identity = pattern.sub(lambda _: new, each.identity)
        each.save(update_fields=["identity"])


def _replaced_by_imports(site: str) -> Iterator[BatchWork | BatchKeepsake]:
    """What bears the digest of an earlier state, of that site or of all."""
    works, keepsakes = BatchWork.objects.exclude(before=""), BatchKeepsake.objects.exclude(before="")
    if site:
        works = works.filter(work_number__in=Work.objects.filter(site=site).values("pk"))
        keepsakes = keepsakes.filter(site=site)
    for some in portions(works):
        yield from some
    for others in portions(keepsakes):
        yield from others


def _sever_before(kept: BatchWork | BatchKeepsake, name: str, new: str, promises: Promises) -> None:
    """An earlier state bears the new name as well, so that taking the import back does not bring the old one."""
    old = kept.before
    told = store.fetch(old).decode()
    if (severed := _in_json(told, name, new)) != told:
        kept.before = promises.keep(severed.encode())
        promises.add([old])
        kept.save(update_fields=["before"])


def _in_json(text: str, name: str, new: str) -> str:
    old, then = (json.dumps(each, ensure_ascii=False) for each in (name.strip(), new))
    return re.sub(re.escape(old), lambda _: then, text, flags=re.IGNORECASE)


def _sever_bookkeeping(name: str, site: str, new: str) -> None:
    """Gifts, links to her works, favourites of her, and sentences of the ledger."""
    pattern = _pattern(name)
    for work in _with(Work, "gifts", name).exclude(gifts=[]):
        work.gifts = [new if contacts.folded(each) == contacts.folded(name) else each for each in work.gifts]
        work.save(update_fields=["gifts"])
        ledger.mark(WORK, [work.pk])
    RelatedWork.objects.filter(author__iexact=name.strip()).update(author=new)
    Favourite.objects.filter(target_title__iexact=name.strip(), **({"site": site} if site else {})).update(
        target_title=new
    )
    for entry in Entry.objects.filter(detail__icontains=name.strip()):
        entry.detail = pattern.sub(lambda _: new, entry.detail)
        entry.save(update_fields=["detail"])


@transaction.atomic
def _sever_text(key: str, name: str, new: str) -> None:
    kind, number, part = key.split("-", 2)
    model = next(model for each, model, _ in _TEXTS if each == kind)
    row: Any = model._default_manager.filter(pk=int(number)).first()
    if row is None:
        return
    old = getattr(row, part)
    model._default_manager.filter(pk=row.pk).update(**{part: _renamed(old, _pattern(name), new)})
    work = row.pk if kind == "work" else getattr(row, "work_id", None)
    if work:
        ledger.mark(WORK, [work])


def _renamed(value: Any, pattern: re.Pattern[str], new: str) -> Any:
    if isinstance(value, list):
        return [_renamed(each, pattern, new) for each in value]
    text = pattern.sub(lambda _: new, str(value))
    return clean(RawHtml(text)) if isinstance(value, Prose) else text
