"""What a member takes home holds all that is hers, and another archive makes equal works of it."""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import replace

import pytest

from tests.cast import Cast, viewer
from tests.makers import make_work, prose
from tests.manuscripts import make_picture
from undying.community import excluding, saving
from undying.community.actions import receive_reviews
from undying.exchange import taking_home
from undying.exchange.imports import Wish, bring_in
from undying.formats.colophon import NOWHERE
from undying.library import writing
from undying.library.models import Draft, Work
from undying.library.writing import ChapterFields, WorkFields
from undying.manuscript import Answer, Chapter, Leave, Review, State, Wishes
from undying.manuscript.codec import fingerprint, from_json

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("home")]


def packed(cast: Cast, who: str = "ada") -> zipfile.ZipFile:
    file = io.BytesIO()
    taking_home.pack(viewer(getattr(cast, who)), file, name="The Archive", day="2026-11-26", place=lambda _: NOWHERE)
    return zipfile.ZipFile(file)


@pytest.fixture
def works(cast: Cast) -> list[Work]:
    """One posted with a review and a picture, one draft; and one of somebody else."""
    picture = make_picture(1)
    body = prose(f'Look: <img src="picture:{picture.sha256}" alt="A ship">')
    lamp = make_work("The Lamp: a tale?", owner=cast.ada, chapters=(Chapter(body=body),), pictures=(picture,))
    receive_reviews(lamp, [Review(name="Rey", body=prose("Lovely."))])
    mine = WorkFields(title="Begun", wishes=Wishes(search=Leave.NO, podfic=Answer.ASK, words="Ask me first."))
    draft = writing.start(viewer(cast.ada), mine, ChapterFields(body=prose("Once.")), state=State.DRAFT)
    writing.save_work(viewer(cast.ada), draft, replace(mine, title="Begun again"))
    make_work("Not hers", owner=cast.rey)
    return [lamp, draft]


def test_each_work_is_there_in_every_form(cast: Cast, works: list[Work]) -> None:
    home = packed(cast)
    names = home.namelist()

    for work in works:
        for suffix in ("epub", "html", "md"):
            assert f"works/{taking_home.file_name(work)}.{suffix}" in names
    assert f"works/The Lamp a tale ({works[0].pk}).md" in names
    (picture,) = [each for each in names if each.startswith("pictures/")]
    assert f"](../{picture})" in home.read(f"works/The Lamp a tale ({works[0].pk}).md").decode()
    assert not [each for each in names if "Not hers" in each]
    assert "Not hers" not in home.read("archive.jsonl").decode()


def test_another_archive_makes_equal_works_of_it(cast: Cast, works: list[Work], tmp_path) -> None:
    home = packed(cast)
    before = sorted(fingerprint(from_json(each)) for each in home.read("archive.jsonl").decode().splitlines())
    Work.objects.all().delete()
    (tmp_path / "archive.jsonl").write_bytes(home.read("archive.jsonl"))
    bring_in(Wish(paths=[tmp_path / "archive.jsonl"]))

    assert sorted(Work.objects.values_list("fingerprint", flat=True)) == before
    assert sorted(Work.objects.values_list("title", flat=True)) == ["Begun again", "The Lamp: a tale?"]


def test_earlier_states_what_was_typed_and_her_lists_come_along(cast: Cast, works: list[Work]) -> None:
    ada = viewer(cast.ada)
    Draft.objects.create(owner=cast.ada, kind="new work", fields={"title": "Half a thought"})
    Draft.objects.create(owner=cast.rey, kind="new work", fields={"title": "Another's"})
    excluding.exclude_language(ada, "en")
    saving.keep(ada, "Lamps", "q=lamp")
    home = packed(cast)

    states = home.read(f"revisions/{taking_home.file_name(Work.objects.get(title='Begun again'))}.jsonl").decode()
    assert [json.loads(each)["work"]["title"] for each in states.splitlines()] == ["Begun", "Begun again"]
    assert [each["fields"] for each in json.loads(home.read("drafts.json"))] == [{"title": "Half a thought"}]
    account = json.loads(home.read("account.json"))
    assert account["left_out_of_lists"] == ["en"]
    assert account["searches"] == [{"name": "Lamps", "query": "q=lamp"}]
    assert account["pen_names"] == [{"name": "ada", "is_linked": True, "description": "", "icon": ""}]


def test_one_who_has_nothing_takes_home_her_account(cast: Cast) -> None:
    plain = {"README.txt", "archive.jsonl", "drafts.json", "account.json", "statistics.csv"}
    assert set(packed(cast, "rey").namelist()) == plain
