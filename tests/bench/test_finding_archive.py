"""The archive that finding is measured with: the same each time, of the claimed shape, and asked 310 questions."""

from __future__ import annotations

import hashlib
from itertools import islice
from typing import TYPE_CHECKING

import numpy as np
import pytest

from bench.finding import figures
from bench.finding.archive import BLOCK, Archive, likeness
from bench.finding.catalogue import NO_TAG, Catalogue
from bench.finding.chance import zipf, zipf_share
from bench.finding.mix import CLASSES, GUEST, Mix, sample
from bench.finding.yardsticks import Sqlite
from undying.finding.backends.memory import MemoryBackend
from undying.manuscript import TagKind

if TYPE_CHECKING:
    from undying.finding.document import Document

SMALL = 3000


@pytest.fixture(scope="module")
def archive() -> Archive:
    return Archive(SMALL)


@pytest.fixture(scope="module")
def documents(archive) -> list[Document]:
    return list(archive.documents())


def test_the_same_seed_makes_the_same_archive_and_another_seed_another(archive, documents):
    again, other = Archive(SMALL), Archive(SMALL, seed=7)
    assert list(again.documents()) == documents
    assert next(other.documents()) != documents[0]
    # It has to be the same on another machine and another day as well.
    told = "\n".join(f"{each.work_id} {each.title} {each.kudos} {each.tags}" for each in documents)
    assert hashlib.sha256(told.encode()).hexdigest()[:16] == "306d68f705bcb788"


def test_a_part_of_it_is_the_same_as_in_the_whole():
    archive = Archive(BLOCK * 2)
    assert next(archive.documents(first=BLOCK)) == list(islice(archive.documents(), BLOCK + 1))[BLOCK]


def test_it_has_the_shape_that_is_published():
    archive, told = Archive(100_000), figures.PUBLISHED
    blocks = [archive.block(first) for first in range(0, 50_000, BLOCK)]
    sizes = np.concatenate([np.diff(block.tag_starts) for block in blocks])
    kudos = np.concatenate([block.kudos for block in blocks])
    assert sizes.mean() == pytest.approx(told["tags_mean"], rel=0.05)
    assert abs(np.bincount(sizes).argmax() - told["tags_mode"]) <= 1
    assert 0.001 < np.mean(sizes > 75) < told["tags_over_75_at_most"]
    for at, wanted in told["kudos"].items():
        assert np.percentile(kudos, at) == pytest.approx(wanted, rel=0.1)
    tags = np.concatenate([block.tags for block in blocks])
    for place, name in enumerate(figures.RATINGS):
        assert np.mean(tags[tags < len(figures.RATINGS)] == place) == pytest.approx(told["ratings"][name], abs=0.01)
    assert Catalogue(told["works"]).fandoms == told["fandoms"]
    assert len(likeness(Archive(SMALL))) == 6


def test_tags_have_one_id_and_one_name_each(archive):
    catalogue = archive.catalogue
    everything = np.arange(len(catalogue))
    ids = catalogue.ids(everything).tolist()
    tags = [catalogue.tag(index, number) for index, number in enumerate(ids)]
    assert len(set(ids)) == len({(kind, name) for kind, _, name in tags}) == len(catalogue)
    assert all(2**40 <= number < 2**53 for number in ids)
    assert {kind for kind, _, _ in tags} == set(TagKind)


def test_what_stands_above_a_tag_is_of_its_kind_and_above_nothing_twice(archive):
    catalogue = archive.catalogue
    tags = np.arange(len(catalogue))
    above = catalogue.above(tags)
    below, above = tags[above != NO_TAG], above[above != NO_TAG]
    assert (catalogue.kind_numbers(below) == catalogue.kind_numbers(above)).all()
    assert (above != below).all()
    steps = 0
    while len(above):
        above = catalogue.above(above)
        above, steps = above[above != NO_TAG], steps + 1
    assert 2 <= steps < 20


def test_a_work_has_a_tag_once_and_what_stands_above_it(documents):
    for document in documents:
        own = [number for _, number, _ in document.tags]
        above = [number for _, number in document.ancestors]
        assert len(set(own + above)) == len(own + above)
        kinds = [kind for kind, _, _ in document.tags]
        assert kinds == sorted(kinds, key=list(TagKind).index)
        assert kinds.count(TagKind.RATING) == 1
        assert TagKind.FANDOM in kinds
    assert any(document.ancestors for document in documents)
    assert len({document.work_id for document in documents}) == SMALL


def test_stories_are_written_on_demand_and_as_long_as_they_say(archive):
    written = list(islice(archive.documents_of(archive.block(0), text=True), 20))
    assert [len(each.text.split()) for each in written] == [each.words for each in written]
    assert not next(archive.documents()).text


def test_the_law_of_zipf_and_mandelbrot_is_kept():
    law, size = (1.2, 8.0), 500
    drawn = zipf((np.arange(100_000) + 0.5) / 100_000, law, size)
    assert np.bincount(drawn, minlength=size) / 100_000 == pytest.approx(zipf_share(law, size), abs=1e-4)


def test_310_questions_in_nine_classes(archive):
    asked = Mix(archive).asked()
    assert len({each.question for each in asked}) == len(asked) == 310
    assert [sum(each.name == name for each in asked) for name in CLASSES] == list(CLASSES.values())
    assert asked == Mix(Archive(SMALL)).asked()
    assert all(each.question.size == 20 and each.question.kinds == tuple(TagKind) for each in asked)


def test_the_database_that_is_the_yardstick_finds_what_the_oracle_finds(archive, documents, tmp_path):
    backend, sqlite = MemoryBackend(), Sqlite(tmp_path)
    backend.put(documents)
    sqlite.build(documents)
    few, totals = sample(Mix(archive).asked(), 2), []
    for each in few:
        ours, theirs = backend.find(each.question, GUEST, leave_out=()), sqlite.ask(each.question, 60)
        assert theirs.total == ours.total
        assert each.name == "keyword" or tuple(theirs.ids) == ours.ids
        counted = {kind.value: list(found) for kind, found in ours.facets.items() if found}
        assert theirs.facets == counted
        totals.append(theirs.total)
    assert len(few) == 18
    assert sum(total > 0 for total in totals) >= 15
