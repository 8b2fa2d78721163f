"""Repairs of an import: kept with the batch, allowed or withdrawn by the archivist, bounded, gone when it is undone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from tests.formats.efiction_archive import small
from undying.cli.importing import import_
from undying.exchange import repairs, undo
from undying.exchange.imports import Wish, bring_in
from undying.exchange.models import Batch, BatchRepair
from undying.formats.repairs import EXAMPLES, RULES
from undying.library.models import Chapter

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("home")]


@pytest.fixture
def dump(tmp_path: Path) -> Path:
    """Twenty stories that eFiction's filter garbled, and one that was encoded twice."""
    archive = small()
    for sid in range(1, 21):
        archive.story(sid, f"Night {sid}: itr17;s late.")
    archive.story(21, "SoufflÃ© at seven.")
    folder = tmp_path / "saved"
    folder.mkdir()
    return archive.write(folder)


def taken(dump: Path, *rules: str) -> Batch:
    return Batch.objects.get(pk=bring_in(Wish(paths=[dump], repairs=frozenset(rules))).batch)


def test_a_batch_keeps_how_often_each_rule_found_something_and_a_few_passages(dump: Path) -> None:
    batch = taken(dump)
    offered, usual = repairs.of_batch(batch)
    assert (offered.rule.name, offered.applied, offered.wanted, offered.times) == (
        "efiction-entities", False, False, 20
    )  # fmt: skip
    assert len(offered.examples) == EXAMPLES
    assert offered.examples[0] == {
        "where": "story 1, chapter 1", "before": "Night 1: itr17;s late.", "after": "Night 1: it’s late."
    }  # fmt: skip
    assert (usual.rule.name, usual.applied, usual.times) == ("double-encoding", True, 1)


def test_a_plain_import_applies_the_repairs_that_it_names_and_remembers_them(dump: Path) -> None:
    batch = taken(dump, "efiction-entities")
    assert batch.wish["repairs"] == ["efiction-entities"]
    assert repairs.of_batch(batch)[0].applied
    assert Chapter.objects.filter(body__contains="it’s late").count() == 20


def test_a_decision_is_kept_with_the_batch_and_can_be_taken_back(dump: Path) -> None:
    batch = taken(dump)
    repairs.decide(batch, RULES["efiction-entities"], allow=True)
    repairs.decide(batch, RULES["double-encoding"], allow=False)
    batch.refresh_from_db()
    assert batch.wish["repairs"] == ["efiction-entities", "no-double-encoding"]
    assert [(each.applied, each.wanted) for each in repairs.of_batch(batch)] == [(False, True), (True, False)]

    repairs.decide(batch, RULES["efiction-entities"], allow=False)
    repairs.decide(batch, RULES["double-encoding"], allow=True)
    assert repairs.wished(batch) == frozenset()


def test_what_was_found_goes_with_the_batch(dump: Path) -> None:
    batch = taken(dump)
    undo.undo(batch)
    assert not BatchRepair.objects.exists()


def test_the_command_takes_repairs_by_name_and_refuses_names_that_no_rule_bears(dump: Path) -> None:
    wrong = CliRunner().invoke(import_, ["files", str(dump), "--repair", "everything"])
    assert wrong.exit_code != 0
    assert "efiction-entities" in wrong.output
    right = CliRunner().invoke(import_, ["files", str(dump), "--repair", "efiction-entities"])
    assert right.exit_code == 0, right.output
    assert Chapter.objects.filter(body__contains="it’s late").count() == 20
