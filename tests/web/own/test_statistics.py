"""Readers are counted once a day and forgotten; their authors, and nobody else, see how the numbers grew."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings as conf
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.makers import make_work
from undying.community import statistics, visits
from undying.community.models import ChapterDay, Visit, WorkDay
from undying.kernel import clock
from undying.library import counters
from undying.library.counters import Counter
from undying.library.models import Chapter, Counters, Work
from undying.manuscript import State, TagKind
from undying.web import links

FIREFOX = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"}
PHONE = {"User-Agent": "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Safari/605.1.15"}


@pytest.fixture
def today(monkeypatch):
    """A function that sets the day; the first is the 10th of May 2026."""

    def set_to(day: int, hour: int = 12) -> datetime:
        moment = datetime(2026, 5, 10, hour, tzinfo=UTC) + timedelta(days=day)
        monkeypatch.setattr(clock, "datetime", type("Stopped", (datetime,), {"now": classmethod(lambda *_: moment)}))
        return moment

    set_to(0)
    return set_to


@pytest.fixture
def work(cast, home, today) -> Work:
    """A work of Ada's with three chapters that began here."""
    made = make_work(chapters=3, owner=cast.ada)
    Work.objects.filter(pk=made.pk).update(site="")
    return Work.objects.get(pk=made.pk)


def count() -> None:
    """What the worker does every few seconds."""
    visits.count_if_free()
    statistics.keep_if_free()


def hits(work: Work) -> int:
    count()
    row = Counters.objects.filter(pk=work.pk).first()
    return row.hits if row else 0


def of_chapters(work: Work) -> list[int]:
    rows = dict(ChapterDay.objects.values_list("chapter", "hits"))
    return [rows.get(pk, 0) for pk in work.chapters.order_by("position").values_list("pk", flat=True)]


def text(answer) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())


def test_one_reader_counts_once_a_day_for_a_work_and_each_chapter(browser, guest, cast, work, today):
    first, second, _ = work.chapters.order_by("position")
    for address in (links.of(work), links.of(first), links.of(second), links.of(second)):
        assert guest.get(address, headers=FIREFOX).status_code == 200
    assert (hits(work), of_chapters(work)) == (1, [1, 1, 0])
    guest.get(links.of(work), headers=FIREFOX)
    assert (hits(work), of_chapters(work)) == (1, [1, 1, 0])

    guest.get(links.work(work, whole=True), headers=PHONE)
    browser(cast.rey).get(links.of(second), headers=FIREFOX)
    browser(cast.rey).get(links.of(second), headers=PHONE)
    assert (hits(work), of_chapters(work)) == (3, [2, 3, 1])

    today(1)
    guest.get(links.of(work), headers=FIREFOX)
    assert hits(work) == 4


def test_readers_see_the_number_on_the_work_itself(guest, work):
    guest.get(links.of(work), headers=FIREFOX)
    count()
    assert '<dt class="hits">Hits:</dt> <dd class="hits"> 1 </dd>' in text(guest.get(links.of(work)))


def test_what_does_not_count(browser, guest, cast, work):
    draft = make_work("A draft", owner=cast.ada, state=State.DRAFT)
    hidden = make_work("Hidden", owner=cast.rey, hidden=True)
    adult = make_work("Adult", tags={TagKind.RATING: ["Explicit"]})
    browser(cast.ada).get(links.of(work), headers=FIREFOX)
    browser(cast.ada).get(links.of(draft), headers=FIREFOX)
    browser(cast.ari).get(links.of(draft), headers=FIREFOX)
    browser(cast.mo).get(links.of(hidden), headers=FIREFOX)
    guest.get(links.of(hidden), headers=FIREFOX)
    guest.head(links.of(work), headers=FIREFOX)
    guest.get(links.of(work), headers={**FIREFOX, "Sec-Purpose": "prefetch"})
    for program in ("", "Googlebot/2.1", "curl/8.5", "python-requests/2.32", "Mozilla/5.0 (compatible; bingbot/2.0)"):
        guest.get(links.of(work), headers={"User-Agent": program})
    assert "consent" in text(guest.get(links.of(adult), headers=FIREFOX)).lower()
    guest.get(links.download(work, "epub"), headers=FIREFOX)
    assert [hits(each) for each in (work, draft, hidden, adult)] == [0, 0, 0, 0]

    guest.get(links.of(work), headers=FIREFOX)
    Work.objects.filter(pk=work.pk).update(state=State.DRAFT)
    assert hits(work) == 0


def test_a_draft_chapter_is_not_counted_with_the_whole_work(guest, cast, work):
    last = work.chapters.order_by("position").last()
    Chapter.objects.filter(pk=last.pk).update(state=State.DRAFT)
    guest.get(links.work(work, whole=True), headers=FIREFOX)
    assert (hits(work), of_chapters(work)) == (1, [1, 1, 0])


def test_a_visit_writes_nothing_to_the_database_while_the_reader_waits(guest, work, django_assert_max_num_queries):
    guest.get(links.of(work), headers=FIREFOX)
    with django_assert_max_num_queries(20) as asked:
        guest.get(links.of(work), headers=FIREFOX)
    assert not [each["sql"] for each in asked if not each["sql"].startswith(("SELECT", "SAVEPOINT", "RELEASE"))]


def test_nothing_tells_the_day_after_who_came(browser, guest, cast, work, today):
    folder = conf.UNDYING.home / "visits"
    guest.get(links.of(work), headers=FIREFOX)
    browser(cast.rey).get(links.of(work), headers=FIREFOX)
    told = "".join(each.read_text() for each in folder.glob("*.log"))
    assert len(told.splitlines()) == 2
    assert not any(each in told for each in ("127.0.0.1", "Firefox", "rey", "member"))
    assert hits(work) == 2
    assert Visit.objects.count() == 4
    assert sorted(each.suffix for each in folder.iterdir()) == ["", ".key"]

    today(1)
    count()
    assert not Visit.objects.exists()
    assert [each.name for each in folder.iterdir()] == ["lock"]


def test_a_worker_that_was_killed_counts_nothing_twice(guest, work, settings):
    guest.get(links.of(work), headers=FIREFOX)
    folder = settings.UNDYING.home / "visits"
    (log,) = folder.glob("*.log")
    lines = log.read_text()
    assert hits(work) == 1
    log.with_suffix(".taken").write_text(lines + lines[:20])  # it had counted, and not yet let go; and half a line
    guest.get(links.of(work), headers=PHONE)
    assert hits(work) == 1
    assert hits(work) == 2
    assert of_chapters(work) == [2, 0, 0]


def test_a_disk_that_takes_no_visit_costs_nobody_the_page(guest, work, monkeypatch):
    def full(*_args):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(visits, "_key", full)
    assert guest.get(links.of(work), headers=FIREFOX).status_code == 200


def test_a_work_that_goes_takes_its_days_with_it(guest, work):
    guest.get(links.of(work), headers=FIREFOX)
    count()
    work.delete()
    assert not WorkDay.objects.exists()
    assert not ChapterDay.objects.exists()


def grow(work: Work, today, *days: dict[Counter, int]) -> None:
    """What was added on the first day, and on each that follows."""
    for number, added in enumerate(days):
        today(number)
        for counter, by in added.items():
            counters.bump(counter, {work.pk: by})
        statistics.keep_if_free()


def test_she_sees_how_her_works_grew(browser, cast, work, today):
    grow(work, today, {Counter.HITS: 3, Counter.KUDOS: 1}, {}, {Counter.HITS: 5})
    ada = browser(cast.ada)

    told = text(ada.get("/users/ada/stats"))
    assert '<span class="number">8</span> <span class="quiet">8 new</span>' in told
    assert "from 13 April 2026 to 12 May 2026: 8 in all, 5 at most" in told
    assert "<title>10 May 2026: 3</title>" in told
    assert "<title>11 May 2026: 0</title>" in told
    assert "<title>12 May 2026: 5</title>" in told
    assert f'href="/users/ada/stats/{work.pk}"' in told
    assert "<title>10 May 2026: 1</title>" in text(ada.get("/users/ada/stats?of=kudos"))
    assert "<title>May 2026: 8</title>" in text(ada.get("/users/ada/stats?period=year"))
    assert ">Your statistics</a>" in text(ada.get("/users/ada"))

    today(40)
    told = text(ada.get("/users/ada/stats"))
    assert '<span class="number">8</span>' in told
    assert "Nothing was added in this time." in told


def test_one_work_tells_of_its_chapters(browser, guest, cast, work):
    second = work.chapters.get(position=2)
    guest.get(links.of(second), headers=FIREFOX)
    count()
    told = text(browser(cast.ada).get(links.statistics("ada", work)))
    row = told[told.index(f'href="{links.of(second)}"') :]
    assert '<td class="figure" data-label="Hits">1</td>' in row[:300]


def test_what_a_work_brought_along_was_not_added_here(browser, cast, today):
    work = make_work(owner=cast.ada, extras=(("Hits", "5,000"), ("Kudos", "70")))
    statistics.keep_if_free()
    counters.bump(Counter.HITS, {work.pk: 2})
    statistics.keep_if_free()
    told = text(browser(cast.ada).get("/users/ada/stats"))
    assert '<span class="number">5,002</span> <span class="quiet">2 new</span>' in told
    assert '<span class="number">70</span> </dd>' in told


def test_all_days_go_into_a_spreadsheet(browser, cast, work, today):
    Work.objects.filter(pk=work.pk).update(title="=cmd|lamp")
    grow(work, today, {Counter.HITS: 3}, {}, {Counter.HITS: 5, Counter.KUDOS: 2})
    answer = browser(cast.ada).get("/users/ada/stats.csv")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="statistics.csv"'
    assert answer.content.decode().splitlines() == [
        "day,work,title,hits,kudos,comments,bookmarks",
        f"2026-05-10,{work.pk},'=cmd|lamp,3,0,0,0",
        f"2026-05-12,{work.pk},'=cmd|lamp,5,2,0,0",
    ]
    assert browser(cast.ada).get(links.statistics("ada", work, suffix=".csv")).content == answer.content


def test_they_are_there_for_whoever_made_the_work_alone(browser, cast, work):
    addresses = [links.statistics("ada", each, suffix=suffix) for each in (None, work) for suffix in ("", ".csv")]
    for address in addresses:
        assert browser(cast.ada).get(address).status_code == 200, address
        for other in (None, cast.rey, cast.mo, cast.ari):
            assert browser(other).get(address).status_code == 404, address
    mine = [links.statistics("rey", work, suffix=suffix) for suffix in ("", ".csv")]
    assert [browser(cast.rey).get(each).status_code for each in mine] == [404, 404]


def test_who_prefers_to_see_no_counters_sees_none_here_until_she_asks(browser, cast, work, today):
    grow(work, today, {Counter.HITS: 3})
    ada = browser(cast.ada)
    ada.post("/users/ada/preferences", {"hides_counts": "yes"})
    told = text(ada.get("/users/ada/stats"))
    assert "You prefer to see no counters." in told
    assert "<rect" not in told
    assert "<rect" in text(ada.get("/users/ada/stats?counters=shown"))


def test_the_page_costs_no_more_for_more_works(browser, cast, work, django_assert_num_queries):
    ada = browser(cast.ada)
    ada.get("/users/ada/stats")
    with CaptureQueriesContext(connection) as before:
        ada.get("/users/ada/stats")
    for number in range(5):
        other = make_work(f"Another {number}", owner=cast.ada)
        counters.bump(Counter.HITS, {other.pk: 1})
    statistics.keep_if_free()
    with django_assert_num_queries(len(before)):
        ada.get("/users/ada/stats")
