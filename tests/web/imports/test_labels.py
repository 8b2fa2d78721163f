"""The desk pages for labels and repairs: what is proposed and why, and forms that work without scripts."""

from __future__ import annotations

import lxml.html
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.formats.efiction_archive import small
from undying.exchange import meanings, repairs
from undying.exchange.imports import Wish, bring_in
from undying.exchange.labels_csv import written
from undying.exchange.models import Batch, BatchMeaning

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def desk(browser, cast):
    return browser(cast.ari)


@pytest.fixture
def batch(tmp_path):
    archive = small()
    archive.add("categories", catid=2, parentcatid=-1, category="Miscellaneous")
    archive.add("categories", catid=3, parentcatid=1, category="Mina/Jonathan")
    archive.add("characters", charid=1, catid=1, charname="<b>Mina</b> & Lucy")
    archive.story(1, "Itr17;s late, <b>said</b> she.", catid="1,2").story(2, "SoufflÃ©.", catid="3", charid="1")
    archive.write(tmp_path)
    return Batch.objects.get(pk=bring_in(Wish(paths=[tmp_path / "dump.sql"])).batch)


def page_of(answer, status=200):
    assert answer.status_code == status
    return lxml.html.fromstring(answer.content.decode())


def words(element):
    return " ".join(element.text_content().split())


def row(batch, name):
    return batch.meanings.get(name=name)


def fields(page):
    form = page.cssselect("form.labels")[0]
    return {name: value for name, value in form.form_values() if name != "kind"}


def test_the_labels_stand_with_their_tree_uses_examples_and_reasons(desk, batch):
    page = page_of(desk.get(f"/imports/{batch.pk}/labels"))
    text = words(page.get_element_by_id("main"))
    assert "Mina/Jonathan 1 work Such as Story 2" in text
    assert "fanfiction_categories Dracula" in [words(each) for each in page.cssselect(".labels h3")]
    assert "Not sure: By its name a part of the site" in text
    chosen = page.cssselect(f"select[name=kind-{row(batch, 'Mina/Jonathan').pk}-0] option[selected]")[0]
    assert chosen.get("value") == "relationship"


def test_only_unsure_ones_and_one_table_can_be_shown(desk, batch):
    unsure = page_of(desk.get(f"/imports/{batch.pk}/labels?only=unsure"))
    shown = [words(each) for each in unsure.cssselect(".labels-list strong:not(.unsound)")]
    assert "Miscellaneous" in shown
    assert "PG-13" not in shown
    ratings = page_of(desk.get(f"/imports/{batch.pk}/labels?table=fanfiction_ratings"))
    assert [words(each) for each in ratings.cssselect(".labels-list strong:not(.unsound)")] == ["PG-13"]


def test_saving_the_form_as_it_stands_decides_nothing(desk, batch):
    address = f"/imports/{batch.pk}/labels"
    values = fields(page_of(desk.get(address)))
    assert desk.post(address, values | {"do": "save"}).status_code == 302
    assert not meanings.decided(batch)


def test_a_changed_kind_and_name_and_another_tag_are_kept(desk, batch):
    address = f"/imports/{batch.pk}/labels?only=unsure"
    number = row(batch, "Miscellaneous").pk
    values = fields(page_of(desk.get(address)))
    values |= {f"kind-{number}-0": "fandom", f"tag-{number}-0": "Carmilla"}
    values |= {f"kind-{number}-1": "additional", f"tag-{number}-1": "Vampires", "do": "save"}
    answer = desk.post(address, values)
    assert answer.headers["Location"].endswith("labels?only=unsure")
    assert row(batch, "Miscellaneous").decided == [["fandom", "Carmilla"], ["additional", "Vampires"]]
    assert BatchMeaning.objects.filter(is_decided=True).count() == 1


def test_many_are_decided_at_once(desk, batch):
    address = f"/imports/{batch.pk}/labels"
    numbers = [row(batch, "Miscellaneous").pk, row(batch, "Mina/Jonathan").pk]
    desk.post(address, {"label": numbers, "do": "kind", "kind": "additional"})
    assert row(batch, "Miscellaneous").decided == [["additional", "Miscellaneous"]]
    assert row(batch, "Mina/Jonathan").decided == [["additional", "Mina/Jonathan"]]
    desk.post(address, {"label": numbers, "do": "accept"})
    assert row(batch, "Mina/Jonathan").decided == [["relationship", "Mina/Jonathan"]]
    desk.post(address, {"label": numbers, "do": "withdraw"})
    assert not meanings.decided(batch)


def test_a_tag_without_a_name_is_refused_with_its_label_and_nothing_is_changed(desk, batch):
    address = f"/imports/{batch.pk}/labels"
    number = row(batch, "Miscellaneous").pk
    values = fields(page_of(desk.get(address))) | {f"kind-{number}-0": "fandom", f"tag-{number}-0": " "}
    page = page_of(desk.post(address, values | {"do": "save"}))
    assert "“Miscellaneous”: a tag lacks its name" in words(page.cssselect("[role=alert]")[0])
    assert not meanings.decided(batch)


def test_the_table_can_be_taken_away_and_an_edited_one_sent(desk, batch):
    answer = desk.get(f"/imports/{batch.pk}/labels.csv")
    data = b"".join(answer.streaming_content)
    assert data.startswith(b"\xef\xbb\xbftable,key,name")
    assert "attachment" in answer.headers["Content-Disposition"]
    sent = data.replace(b"section,,", b"fandom,Carmilla,", 1)
    assert desk.post(f"/imports/{batch.pk}/labels.csv", {"file": SimpleUploadedFile("x.csv", sent)}).status_code == 302
    assert row(batch, "Miscellaneous").decided == [["fandom", "Carmilla"]]


def test_a_file_with_faults_is_refused_whole_with_its_lines(desk, batch):
    lines = list(written(batch.meanings.all()))
    sent = (lines[0] + lines[1].replace("fandom", "additional") + "x,9,,,,,ship,y,,\r\n").encode()
    page = page_of(desk.post(f"/imports/{batch.pk}/labels.csv", {"file": SimpleUploadedFile("x.csv", sent)}))
    assert "Line 3: 'ship' is no kind" in words(page.cssselect("[role=alert]")[0])
    assert not meanings.decided(batch)
    nothing = page_of(desk.post(f"/imports/{batch.pk}/labels.csv", {}))
    assert "No file was sent" in words(nothing.cssselect("[role=alert]")[0])


def test_other_imports_labels_cannot_be_reached_through_a_form(desk, batch):
    other = Batch.objects.create(digest="other", label="other")
    strange = BatchMeaning.objects.create(batch=other, table="t", key="1", name="n")
    desk.post(f"/imports/{batch.pk}/labels", {"label": [strange.pk, "x", "9" * 30], "do": "kind", "kind": "fandom"})
    strange.refresh_from_db()
    assert not strange.is_decided


def test_each_rule_stands_with_what_it_does_and_passages_before_and_after(desk, batch):
    page = page_of(desk.get(f"/imports/{batch.pk}/repairs"))
    part = page.get_element_by_id("efiction-entities")
    assert "Not mended: found in 1 place." in words(part)
    assert [words(each) for each in part.cssselect("tbody tr")] == [
        "Story 1, chapter 1 Itr17;s late, <b>said</b> she. It’s late, <b>said</b> she."
    ]
    assert [words(each) for each in part.cssselect("del, ins")] == ["Itr17;s", "It’s"]
    assert "Mended in 1 place." in words(page.get_element_by_id("double-encoding"))


def test_a_rule_is_allowed_and_withdrawn_by_a_form(desk, batch):
    address = f"/imports/{batch.pk}/repairs"
    form = page_of(desk.get(address)).get_element_by_id("efiction-entities").cssselect("form")[0]
    desk.post(address, dict(form.form_values()))
    batch.refresh_from_db()
    assert repairs.wished(batch) == {"efiction-entities"}
    page = page_of(desk.get(address))
    assert "read again" in words(page.cssselect(".notice.care")[0])
    form = page.get_element_by_id("efiction-entities").cssselect("form")[0]
    desk.post(address, dict(form.form_values()))
    batch.refresh_from_db()
    assert repairs.wished(batch) == set()
    assert desk.post(address, {"rule": "everything", "allow": "yes"}).status_code == 404


def test_the_report_names_both_pages(desk, batch):
    named = {words(each) for each in page_of(desk.get(f"/imports/{batch.pk}")).cssselect(".desks a")}
    assert {"Labels", "Repairs"} <= named


@pytest.mark.parametrize("page", ["labels", "labels.csv", "repairs"])
def test_for_everybody_else_there_is_no_such_page(browser, cast, batch, page):
    for person in (None, cast.rey, cast.ada):
        client = browser(person)
        assert client.get(f"/imports/{batch.pk}/{page}").status_code == 404
        assert client.post(f"/imports/{batch.pk}/{page}", {"rule": "efiction-entities"}).status_code == 404


def test_the_labels_cost_the_same_queries_however_many_they_are(desk, batch):
    def queries():
        with CaptureQueriesContext(
            connection,
        ) as caught:
            desk.get(f"/imports/{batch.pk}/labels")
        return len(caught)

    few = queries()
    for number in range(40):
        BatchMeaning.objects.create(batch=batch, table="t", key=str(number), name=f"n{number}")
    assert queries() == few
