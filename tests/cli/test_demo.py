"""The demo archive: a newcomer finds in it all that an archive does."""

from __future__ import annotations

import pytest

from undying.cli import importing
from undying.exchange import tags_csv
from undying.finding import engine
from undying.finding.criteria import Criteria
from undying.library import access
from undying.library.models import Tag
from undying.manuscript import TagKind
from undying.people.viewer import Viewer

GUEST = Viewer.anyone()
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("home")]


def test_the_demo_archive_shows_what_tags_can_mean():
    assert importing.fill_with_demo()
    gothic = access.tag_for(GUEST, "Gothic Fiction", TagKind.FANDOM)
    titles = {work.title for work in engine.find(Criteria(include=(gothic.pk,)), GUEST, size=50).works}
    assert {"Mrs. Harker's Carbon Copy", "My Dear Robert"} <= titles
    assert access.tag_for(GUEST, "Humour").meant.name == "Humor"
    lucy = access.tag_for(GUEST, "Lucy Westenra")
    assert [each.fandom.name for each in lucy.fandom_links.all()] == ["Dracula - Bram Stoker"]
    assert not Tag.objects.filter(kind=TagKind.FANDOM, canonical=None, medium="").exists()
    assert not importing.fill_with_demo()


def test_the_table_of_demo_tags_names_only_tags_of_the_demo_stories_and_wider_ones():
    importing.fill_with_demo()
    unused = set(Tag.objects.filter(worktags=None).values_list("name", flat=True))
    assert unused == {
        "Classic Vampire Fiction",
        "Gothic Fiction",
        "The Homeric Poems",
        "Works of Jane Austen",
        "Plays of William Shakespeare",
        "Point of View",
        "Alternate Universe",
    }
    assert tags_csv.apply(importing.DEMO_TAGS.read_bytes()).changed == 0
