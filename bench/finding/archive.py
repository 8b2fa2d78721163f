"""An archive of AO3's shape that never was, as the documents that search engines get: the same for a size and a seed.

    python -m bench.finding.archive [WORKS] [--seed N]      compare it with what is published

It is made block by block, each from chance of its own, and nothing of a block stays: memory does not grow with the
archive. What is known of AO3 and what is assumed stands in `figures`, how tags hang together in `catalogue`.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from bench.finding import figures
from bench.finding.catalogue import ADDITIONAL, CHARACTER, FANDOM, KINDS_OF_TAG, NO_TAG, RELATIONSHIP, Catalogue, pair
from bench.finding.chance import Chance, ids_of
from bench.finding.prose import Vocabulary
from undying.finding.document import Document
from undying.manuscript import Audience, State, TagKind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bench.finding.chance import Whole

BLOCK = 5000
SEED = 2009
WORK_SALT, PSEUD_SALT, SERIES_SALT = 11, 12, 13
_RATING_SHARES = [figures.PUBLISHED["ratings"][name] for name in figures.RATINGS]


@dataclass(frozen=True)
class Block:
    """Works next to each other, as columns. Tags and those above them: `starts[i]` to `starts[i + 1]` are of work i."""

    first: int
    tags: Whole
    tag_starts: Whole
    above: Whole
    above_starts: Whole
    words: Whole
    chapters: Whole
    kudos: Whole
    hits: Whole
    comments: Whole
    bookmarks: Whole
    published: Whole
    revised: Whole

    def __len__(self) -> int:
        return len(self.words)


class Archive:
    """So many works."""

    def __init__(self, works: int, seed: int = SEED) -> None:
        self.works, self.seed = works, seed
        self.catalogue = Catalogue(works)
        self.vocabulary = Vocabulary()
        self.pseuds = max(1, works * 2 // 7)

    def blocks(self) -> Iterator[Block]:
        """All works, a few at a time."""
        for first in range(0, self.works, BLOCK):
            yield self.block(first)

    def documents(self, *, text: bool = False, first: int = 0, last: int | None = None) -> Iterator[Document]:
        """All of it, or from one block's begin to another's, as search engines get it; with the stories on demand."""
        for begin in range(first, self.works if last is None else last, BLOCK):
            yield from self.documents_of(self.block(begin), text=text)

    def block(self, first: int) -> Block:
        """The works from this one."""
        count = min(BLOCK, self.works - first)
        chance = Chance(self.seed, first)
        tags, tag_starts = self._tags(chance, count)
        above, above_starts = self._above(tags, tag_starts)
        words = np.clip(chance.lognormal(count, figures.WORDS_MEDIAN, figures.WORDS_SIGMA), 1, figures.MOST_WORDS)
        many = chance.even(count) < figures.MANY_CHAPTERS
        chapters = np.where(many, 2 + chance.lognormal(count, 4.0, 1.0), 1).astype(np.int64)
        kudos = _kudos(chance, count)
        published = figures.OPENED + (figures.NEWEST - figures.OPENED) * chance.even(count) ** 0.55
        later = np.where(chapters > 1, chance.lognormal(count, 120 * 86_400.0, 1.2), 0.0)
        return Block(
            first, tags, tag_starts, above, above_starts, words.astype(np.int64), chapters, kudos,
            hits=((kudos + 2) * chance.lognormal(count, 18.0, 0.6)).astype(np.int64),
            comments=(kudos * chance.lognormal(count, 0.12, 1.0)).astype(np.int64),
            bookmarks=(kudos * chance.lognormal(count, 0.18, 0.5)).astype(np.int64),
            published=published.astype(np.int64),
            revised=np.minimum(published + later, figures.NEWEST).astype(np.int64),
        )  # fmt: skip

    # -- Tags --

    def _tags(self, chance: Chance, count: int) -> tuple[Whole, Whole]:
        """As many as the law says; what is there twice is made up for by rare ones."""
        catalogue = self.catalogue
        wanted = _how_many(chance, count)
        labels = np.concatenate([_labels(chance, count, catalogue)])
        fandoms = _fandom_counts(chance, count)
        ranks = chance.zipf(figures.FANDOM_ZIPF, catalogue.fandoms, int(fandoms.sum()))
        owners = np.repeat(np.arange(count), fandoms)
        keys = _keys(owners, catalogue.fandom(ranks))
        keys = np.concatenate((keys, labels, self._metatags_too(chance, owners, ranks)))
        room = np.maximum(wanted - np.bincount(keys >> 32, minlength=count), 0)
        keys = np.concatenate((keys, self._cast(chance, room, fandoms, ranks)))
        keys = np.unique(keys)
        room = np.maximum(wanted - np.bincount(keys >> 32, minlength=count), 0)
        keys = np.unique(np.concatenate((keys, self._additional(chance, room, figures.UNIQUE_ADDITIONAL))))
        room = np.maximum(wanted - np.bincount(keys >> 32, minlength=count), 0)
        keys = np.unique(np.concatenate((keys, self._additional(chance, room, 1.0))))
        return keys & 0xFFFFFFFF, np.searchsorted(keys, np.arange(count + 1) << 32)

    def _metatags_too(self, chance: Chance, owners: Whole, ranks: Whole) -> Whole:
        above = self.catalogue.above(self.catalogue.fandom(ranks))
        chosen = (chance.even(len(ranks)) < figures.METATAG_TOO) & (above != NO_TAG)
        return _keys(owners[chosen], above[chosen])

    def _cast(self, chance: Chance, room: Whole, fandoms: Whole, ranks: Whole) -> Whole:
        """Relationships of a work's fandoms, most of those who are in them, and some more characters."""
        catalogue = self.catalogue
        count, first_fandom = len(room), np.concatenate(([0], np.cumsum(fandoms)[:-1]))
        couples = (0.34 * room * chance.even(count) + chance.even(count)).astype(np.int64)
        others = (0.24 * room * chance.even(count) + chance.even(count)).astype(np.int64)
        owners = np.repeat(np.arange(count), couples)
        fandom = ranks[first_fandom[owners] + (chance.even(len(owners)) * fandoms[owners]).astype(np.int64)]
        places = chance.zipf(figures.RELATIONSHIP_ZIPF, catalogue.relationships_of[fandom], len(owners))
        keys = [_keys(owners, catalogue.starts[RELATIONSHIP] + catalogue.first_relationship[fandom] + places)]
        for each in pair(places):
            named = chance.even(len(owners)) < 0.8
            characters = catalogue.starts[CHARACTER] + catalogue.first_character[fandom] + each
            keys.append(_keys(owners[named], characters[named]))
        owners = np.repeat(np.arange(count), others)
        fandom = ranks[first_fandom[owners] + (chance.even(len(owners)) * fandoms[owners]).astype(np.int64)]
        places = chance.zipf(figures.CHARACTER_ZIPF, catalogue.characters_of[fandom], len(owners))
        keys.append(_keys(owners, catalogue.starts[CHARACTER] + catalogue.first_character[fandom] + places))
        return np.concatenate(keys)

    def _additional(self, chance: Chance, room: Whole, rare: float) -> Whole:
        catalogue, drawn = self.catalogue, int(room.sum())
        known = chance.zipf(figures.ADDITIONAL_ZIPF, catalogue.known, drawn)
        unique = catalogue.known + (chance.even(drawn) * catalogue.rare).astype(np.int64)
        places = np.where(chance.even(drawn) < rare, unique, known)
        return _keys(np.repeat(np.arange(len(room)), room), catalogue.starts[ADDITIONAL] + places)

    def _above(self, tags: Whole, starts: Whole) -> tuple[Whole, Whole]:
        """All that stand above a work's tags and are not among them."""
        owners = np.repeat(np.arange(len(starts) - 1), np.diff(starts))
        own, found, reached = _keys(owners, tags), np.array([], dtype=np.int64), tags
        while len(reached):
            reached = self.catalogue.above(reached)
            owners, reached = owners[reached != NO_TAG], reached[reached != NO_TAG]
            found = np.concatenate((found, _keys(owners, reached)))
        keys = np.setdiff1d(found, own)
        return keys & 0xFFFFFFFF, np.searchsorted(keys, np.arange(len(starts)) << 32)

    # -- Documents --

    def documents_of(self, block: Block, *, text: bool = False) -> Iterator[Document]:
        """These works as documents."""
        chance, count = Chance(self.seed, block.first, 1), len(block)
        catalogue, tag = self.catalogue, self.catalogue.tag
        language = chance.pick(count, [share for _, share in figures.LANGUAGES]).tolist()
        status = chance.pick(count, [share for _, share in figures.STATUSES]).tolist()
        secret = chance.even(count).tolist()
        titles = self.vocabulary.lines(chance, np.clip(chance.lognormal(count, 3.5, 0.5), 1, 20).astype(np.int64))
        summaries = self.vocabulary.lines(chance, np.clip(chance.lognormal(count, 38, 0.6), 3, 220).astype(np.int64))
        creators = (self.pseuds * chance.even(count) ** 1.7).astype(np.int64)
        series = np.where(chance.even(count) < 0.25, (self.works // 10 + 1) * chance.even(count), -1).astype(np.int64)
        pseud_ids, series_ids = ids_of(creators, PSEUD_SALT).tolist(), ids_of(np.abs(series), SERIES_SALT).tolist()
        numbers = ids_of(np.arange(count) + block.first, WORK_SALT).tolist()
        columns = {
            name: getattr(block, name).tolist()
            for name in ("words", "chapters", "kudos", "hits", "comments", "bookmarks", "published", "revised")
        }
        own = list(map(tag, block.tags.tolist(), catalogue.ids(block.tags).tolist()))
        starts = block.tag_starts.tolist()
        above, above_starts = catalogue.ids(block.above).tolist(), block.above_starts.tolist()
        above_kinds = [KINDS_OF_TAG[kind] for kind in catalogue.kind_numbers(block.above).tolist()]
        in_order = list(zip(above_kinds, above, strict=True))
        for place in range(count):
            name = self.vocabulary.pen_name(creators[place].item())
            yield Document(
                work_id=numbers[place],
                title=titles[place],
                creators=(name,),
                summary=f"{summaries[place]}.",
                text=self.vocabulary.story(Chance(self.seed, block.first, 2, place), columns["words"][place])
                if text
                else "",
                tags=tuple(own[starts[place] : starts[place + 1]]),
                ancestors=tuple(in_order[above_starts[place] : above_starts[place + 1]]),
                language=figures.LANGUAGES[language[place]][0],
                status=figures.STATUSES[status[place]][0],
                placements=(),
                audience=Audience.MEMBERS if secret[place] < figures.MEMBERS_ONLY else Audience.EVERYONE,
                state=State.DRAFT if secret[place] > 1 - figures.DRAFT else State.POSTED,
                is_hidden=1 - figures.DRAFT - figures.HIDDEN < secret[place] < 1 - figures.DRAFT,
                owners=(creators[place].item() + 1,),
                creator_ids=(pseud_ids[place],),
                series=(series_ids[place],) if series[place] >= 0 else (),
                **{name: column[place] for name, column in columns.items()},
            )


def _keys(owners: Whole, tags: Whole) -> Whole:
    """Work and tag in one number."""
    return (owners << 32) | tags


def _how_many(chance: Chance, count: int) -> Whole:
    """How many tags each work has, of all kinds."""
    usual = np.exp(figures.TAGS_MU + figures.TAGS_SIGMA * chance.bell(count))
    ratio = figures.ENDLESS_MOST / figures.ENDLESS_LEAST
    endless = figures.ENDLESS_LEAST * ratio ** (chance.even(count) ** 3)
    return np.maximum(np.where(chance.even(count) < figures.ENDLESS, endless, usual + 0.5), 3).astype(np.int64)


def _labels(chance: Chance, count: int, catalogue: Catalogue) -> Whole:
    """Ratings, warnings and categories."""
    rating, warning, category = catalogue.starts[:3]
    owners = np.arange(count)
    keys = [_keys(owners, rating + chance.pick(count, _RATING_SHARES))]
    shares = [share for _, share in figures.WARNINGS]
    keys.append(_keys(owners, warning + chance.pick(count, shares)))
    second = owners[chance.even(count) < figures.SECOND_WARNING]
    keys.append(_keys(second, warning + 2 + chance.pick(len(second), shares[2:])))
    owners = np.repeat(owners, chance.pick(count, figures.CATEGORY_COUNTS))
    drawn = chance.pick(len(owners), [share for _, share in figures.CATEGORIES])
    return np.unique(np.concatenate((*keys, _keys(owners, category + drawn))))


def _fandom_counts(chance: Chance, count: int) -> Whole:
    more = np.log1p(-chance.even(count)) / np.log(figures.MORE_FANDOMS)
    return np.minimum(1 + more.astype(np.int64), figures.MOST_FANDOMS)


def _kudos(chance: Chance, count: int) -> Whole:
    """Between the published quantiles, evenly by logarithm."""
    places, numbers = zip(*figures.KUDOS, strict=True)
    return np.rint(np.expm1(np.interp(chance.even(count), places, np.log1p(numbers)))).astype(np.int64)


# -- Beside what is published --


def likeness(archive: Archive) -> list[str]:
    """Lines that tell how near the archive comes to what is published, from its first 200,000 works."""
    blocks = [archive.block(first) for first in range(0, min(archive.works, 200_000), BLOCK)]
    sizes = np.concatenate([np.diff(block.tag_starts) for block in blocks])
    kudos = np.concatenate([block.kudos for block in blocks])
    tags = np.concatenate([block.tags for block in blocks])
    reach = np.concatenate((tags, *(block.above for block in blocks)))
    rating = np.bincount(tags[tags < len(figures.RATINGS)], minlength=len(figures.RATINGS)) / len(sizes)
    kinds = np.bincount(archive.catalogue.kind_numbers(tags), minlength=len(TagKind)) / len(sizes)
    start, end = archive.catalogue.starts[FANDOM : FANDOM + 2]
    fandoms = np.bincount(reach[(reach >= start) & (reach < end)] - start) / len(sizes)
    told = figures.PUBLISHED
    ratings = [
        f"{share:.0%} ({told['ratings'][name]:.0%})" for name, share in zip(figures.RATINGS, rating, strict=True)
    ]
    quantiles = [f"{np.percentile(kudos, at):.0f} ({wanted})" for at, wanted in told["kudos"].items()]
    per_kind = ", ".join(f"{kind.value} {count:.1f}" for kind, count in zip(TagKind, kinds, strict=True))
    return [
        (
            f"tags of a work         mean {sizes.mean():.1f} ({told['tags_mean']:.0f}), mode "
            f"{np.bincount(sizes).argmax()} ({told['tags_mode']:.0f}), over 75 "
            f"{np.mean(sizes > 75):.2%} (under {told['tags_over_75_at_most']:.1%}), "
            f"most {sizes.max()}"
        ),
        f"of each kind           {per_kind}; with those above {len(reach) / len(sizes):.1f}",
        f"ratings NR G T M E     {', '.join(ratings)}",
        f"kudos, quantiles       {', '.join(quantiles)} at {', '.join(map(str, told['kudos']))} %",
        (
            f"fandoms                {archive.catalogue.fandoms:,} for {archive.works:,} works ({told['fandoms']:,} "
            f"for {told['works']:,}); the greatest with all below it {fandoms.max():.1%}"
        ),
        f"tags there could be    {len(archive.catalogue):,}",
    ]


def main() -> None:
    """Compare."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("works", type=int, nargs="?", default=100_000)
    parser.add_argument("--seed", type=int, default=SEED)
    asked = parser.parse_args()
    print("\n".join(likeness(Archive(asked.works, asked.seed))))


if __name__ == "__main__":
    main()
