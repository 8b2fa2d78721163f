"""A folder of chapter files whose database is lost: the lines that authors put on top are all that is left."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from undying.exchange.imports import Wish, bring_in
from undying.library.models import Work
from undying.manuscript import TagKind

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("home")]

MARKUP = """<p><b>Title:</b> Landfall<br />
<b>Author:</b> Mina<br />
<b>Rating:</b> PG-13<br />
<b>Pairing:</b> Mina/Jonathan<br />
<b>Summary:</b> A ship comes in.</p>
<p>The ship came in at dawn. It was empty.</p>
<p>But a dog leapt ashore.</p>
"""
PLAIN = """Title: Afterwards
Author: Lucy

Later that night the wind fell, and \x93everybody\x94 slept.
"""


def test_its_texts_come_in_as_stories_with_what_stands_on_top_of_them(tmp_path: Path) -> None:
    for name, data in {"2/10.txt": MARKUP.encode(), "3/11.txt": PLAIN.encode("latin-1")}.items():
        file = tmp_path / "stories" / name
        file.parent.mkdir(parents=True)
        file.write_bytes(data)
    (tmp_path / "secret.txt").write_text("Not part of the archive.")
    (tmp_path / "stories" / "3" / "12.txt").symlink_to(tmp_path / "secret.txt")
    report = bring_in(Wish(paths=[tmp_path / "stories"]))
    assert report.adds_up
    landfall, afterwards = Work.objects.get(title="Landfall"), Work.objects.get(title="Afterwards")
    assert landfall.byline[0].pseud.name == "Mina"
    assert [tag.name for tag in landfall.tags(TagKind.RELATIONSHIP)] == ["Mina/Jonathan"]
    assert landfall.summary == "<p>A ship comes in.</p>"
    assert "<p>But a dog leapt ashore.</p>" in landfall.chapters.get().body
    assert "“everybody”" in afterwards.chapters.get().body
    assert any("a link" in reason.detail for reason in report.reasons)
    assert Work.objects.count() == 2
