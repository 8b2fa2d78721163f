"""Catalogues through the importer: the files that they name are no stories of their own."""

from __future__ import annotations

import pytest

from tests.formats.test_catalogues import archive, catalogue
from tests.formats.test_other_archives import fim, mini
from undying.exchange import exports
from undying.exchange.imports import Wish, bring_in
from undying.exchange.models import Batch
from undying.exchange.verify import verify
from undying.library.models import Work

__all__ = ["archive", "catalogue", "fim", "mini"]
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("home")]


def test_a_perl_archive_comes_in_with_every_record_and_file_accounted_for(archive):
    report = bring_in(Wish(paths=[archive], site="aa.example"))
    assert (report.adds_up, report.created) == (True, 2)  # the other lamp is in no record: a story of its own
    assert set(Work.objects.values_list("site", flat=True)) == {"aa.example"}


def test_the_ledger_of_tables_is_what_was_rehearsed_and_what_the_originals_say(catalogue):
    dry = bring_in(Wish(paths=[catalogue], dry_run=True))
    real = bring_in(Wish(paths=[catalogue]))
    assert (real.containers, real.reasons) == (dry.containers, dry.reasons)
    assert verify(Batch.objects.get(), tell=print).mismatches == 0


def test_tables_come_in_and_go_through_a_dump(catalogue, tmp_path):
    report = bring_in(Wish(paths=[catalogue], site="csv.example"))
    assert (report.adds_up, report.created) == (True, 2)
    exports.dump(tmp_path / "one.jsonl")
    assert bring_in(Wish(paths=[catalogue], site="csv.example")).batch == report.batch
    Work.objects.all().delete()
    bring_in(Wish(paths=[tmp_path / "one.jsonl"]))
    exports.dump(tmp_path / "two.jsonl")
    assert (tmp_path / "two.jsonl").read_bytes() == (tmp_path / "one.jsonl").read_bytes()


@pytest.mark.parametrize(("made", "site"), [("mini", "mini.example"), ("fim", "")])
def test_other_programs_dumps_come_in_with_everything_accounted_for(request, made, site):
    folder = request.getfixturevalue(made)
    report = bring_in(Wish(paths=[folder], site=site))
    assert [each for each in report.containers if not each.adds_up] == []
    assert report.created >= 1
