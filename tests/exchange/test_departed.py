"""What was taken out, or severed, because somebody asked stays so: for who verifies, and for who reads again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.exchange.test_imports import dumped
from tests.exchange.test_verify import imported, verified
from tests.formats.efiction_archive import small
from undying.exchange import again, claims, departures, severing
from undying.exchange.optouts import Person
from undying.exchange.private import Asked
from undying.library.models import Work
from undying.people.models import Pseud

if TYPE_CHECKING:
    from pathlib import Path

    from undying.exchange.models import Batch

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("home")]
RULE = "efiction-entities"
SITE = "whitby.example"


@pytest.fixture
def batch(tmp_path: Path) -> Batch:
    """A story of Mina's and one of Lucy's, which Mina reviewed; both have what a rule would mend."""
    archive = small().story(1, "It wasnr17;t late.", uid=2).story(2, "It couldnr17;t be.", uid=3)
    archive.add("reviews", reviewid=5, item=2, chapid=20, reviewer="Mina", uid=2, review="Brr.", type="ST")
    (tmp_path / "backup").mkdir()
    archive.write(tmp_path / "backup")
    return imported(tmp_path / "backup", site=SITE)


def test_who_opted_out_does_not_come_back(batch: Batch, tmp_path: Path) -> None:
    departures.opt_out(Person(name="Mina", site=SITE), Asked.NOT_HERE, by="ari")
    departures.carry_out()
    before = dumped(tmp_path)
    assert "Mina" not in before
    assert verified(batch)[1] == []
    reread = again.read_again(batch, repairs=[RULE], accept=True)
    assert (reread.changed, reread.created) == (0, 0)
    assert dumped(tmp_path) == before


def test_a_severed_name_does_not_come_back(batch: Batch, tmp_path: Path) -> None:
    severing.sever("Mina", SITE, "Somebody", mentions=[], by="ari")
    before = dumped(tmp_path)
    assert '"Mina"' not in before
    assert verified(batch)[1] == []
    reread = again.read_again(batch, repairs=[RULE], accept=True)
    assert (reread.changed, reread.created) == (0, 0)
    assert dumped(tmp_path) == before


def test_what_its_author_left_without_her_name_stays_without_it(batch: Batch, tmp_path: Path) -> None:
    mina = Pseud.objects.get(name="Mina")
    work = Work.objects.get(title="Story 1")
    claims.settle(work, {mina.pk}, claims.Choice.ORPHAN, by="ari")
    before = Work.objects.with_card().get(pk=work.pk).byline[0].pseud.name
    assert before != "Mina"
    reread = again.read_again(batch, repairs=[RULE], accept=True)
    assert [each["work"] for each in reread.left] == [work.pk]
    assert Work.objects.with_card().get(pk=work.pk).byline[0].pseud.name == before
