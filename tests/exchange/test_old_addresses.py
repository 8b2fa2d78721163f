"""The addresses of a rescued site: those that answer, and those that do not with the reason."""

from __future__ import annotations

import pytest

from tests.formats.efiction_archive import OLDEST, Archive, small
from undying.exchange import exports, old_addresses
from undying.exchange.imports import Wish, bring_in
from undying.exchange.models import Batch
from undying.library import addresses
from undying.library.models import Chapter
from undying.people.viewer import Viewer

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("home")]


def brought_in(archive: Archive, folder, **wish) -> Batch:
    folder.mkdir(exist_ok=True)
    return Batch.objects.get(pk=bring_in(Wish(paths=[archive.write(folder)], **wish)).batch)


def lighthouse() -> Archive:
    archive = small().add("settings", sitekey="a", sitename="Lighthouse", url="http://www.lighthouse.example/fic")
    archive.story(1).chapter(11, 1, "They rode back.", inorder=2).story(2, text=None)
    archive.add("series", seriesid=5, title="Nights", uid=2).add("inseries", seriesid=5, sid=1, confirmed=1, inorder=1)
    return archive


def test_every_address_of_an_efiction_site_answers_or_has_its_reason(tmp_path):
    batch = brought_in(lighthouse(), tmp_path / "dump")
    lines = {
        line.url.removeprefix("http://www.lighthouse.example/fic/"): line for line in old_addresses.of_batch(batch)
    }

    answered = {url: line.answer.words.partition(" ")[0] for url, line in lines.items() if line.answer}
    assert answered == {
        "viewstory.php?sid=1": "work",
        "viewstory.php?sid=1&chapter=1": "work",
        "viewstory.php?sid=1&chapter=2": "work",
        "viewseries.php?seriesid=5": "series",
        "viewuser.php?uid=2": "author",
    }
    assert "no chapters" in lines["viewstory.php?sid=2"].why


def test_a_list_of_addresses_is_answered_in_its_order(tmp_path):
    brought_in(lighthouse(), tmp_path / "dump")
    asked = [
        "https://lighthouse.example/fic/viewstory.php?sid=1&chapter=2\n",
        "\n",
        "http://lighthouse.example/rules.html",
    ]
    first, second = old_addresses.of_list(asked)
    assert first.answer.chapter == Chapter.objects.get(position=2)
    assert (second.answer, bool(second.why)) == (None, True)


def test_of_version_1_1_each_chapter_stood_at_a_story_of_its_own(tmp_path):
    archive = Archive(columns=OLDEST)
    for sid, place in ((4, 0), (6, 1)):
        archive.add(
            "stories", sid=sid, psid=4, title="Laura", chapter=f"Night {place}", uid=2, inorder=place, storytext="She."
        )
    brought_in(archive, tmp_path / "dump", site="laura.example")
    found = addresses.answer(Viewer.operator(), "/viewstory.php?sid=6", host="laura.example")
    assert found.chapter.position == 2


def test_addresses_go_through_a_dump_of_this_archive(tmp_path, settings):
    brought_in(lighthouse(), tmp_path / "dump")
    exports.dump(tmp_path / "all.jsonl")
    assert "viewstory.php?sid=1&chapter=2" in (tmp_path / "all.jsonl").read_text()
