"""What an author is offered while she types tags."""

from __future__ import annotations

import pytest

from tests.cast import viewer
from tests.library.test_tag_graph import tag
from tests.makers import make_work
from undying.finding import renown
from undying.library import wrangling
from undying.library.suggesting import names_here, tags_to_write
from undying.manuscript import State, TagKind

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("home")]
FANDOM, CHARACTER, RELATIONSHIP = TagKind.FANDOM, TagKind.CHARACTER, TagKind.RELATIONSHIP


def carried(**kinds: list[str]) -> None:
    """A work for everybody with these tags."""
    make_work(tags={TagKind(kind): names for kind, names in kinds.items()})


def offered(who, text: str, kind: TagKind = CHARACTER, *fandoms: str) -> list[str]:
    found = tags_to_write(who, text, kind, fandoms)
    return [f"{each.by} → {each.tag.name}" if each.by else each.tag.name for each in found]


@pytest.fixture
def ada(cast):
    return viewer(cast.ada)


def test_characters_of_the_fandoms_come_first_and_those_of_others_not_at_all(ada):
    carried(fandom=["Dracula", "Emma"], character=["Mina Harker", "Mina Woodhouse", "Mina Who"])
    for _ in range(2):
        carried(character=["Mina Who", "Mina Woodhouse"])
    renown.refresh()
    wrangling.set_fandom(tag("Mina Harker", CHARACTER), tag("Dracula"))
    wrangling.set_fandom(tag("Mina Woodhouse", CHARACTER), tag("Emma"))

    assert offered(ada, "mina") == ["Mina Who", "Mina Woodhouse", "Mina Harker"]
    assert offered(ada, "mina", CHARACTER, "Dracula") == ["Mina Harker", "Mina Who"]
    assert offered(ada, "mina", CHARACTER, "Dracula", "Emma") == ["Mina Woodhouse", "Mina Harker", "Mina Who"]
    assert offered(ada, "mina", CHARACTER, "Nowhere") == offered(ada, "mina")


def test_fandoms_named_by_a_synonym_or_wider_or_narrower_are_meant_too(ada):
    carried(fandom=["Sherlock", "Sherlock (TV)", "Sherlock Holmes"], character=["Mary Morstan", "Mary Anning"])
    carried(fandom=["Fossils"], character=["Mary Anning"])
    wrangling.make_synonym(tag("Sherlock"), tag("Sherlock (TV)"))
    wrangling.set_parent(tag("Sherlock (TV)"), tag("Sherlock Holmes"))
    wrangling.set_fandom(tag("Mary Anning", CHARACTER), tag("Fossils"))

    for home in ("Sherlock Holmes", "Sherlock (TV)"):
        wrangling.set_fandom(tag("Mary Morstan", CHARACTER), tag(home))
        for named in ("Sherlock", "Sherlock (TV)", "Sherlock Holmes"):
            assert offered(ada, "mary", CHARACTER, named) == ["Mary Morstan"]


def test_a_synonym_says_what_it_means_and_where_it_is_at_home(ada):
    carried(fandom=["Dracula"], character=["Wilhelmina", "Mina Harker"], relationship=["Mina/Jon", "Mina/Jonathan"])
    wrangling.make_synonym(tag("Wilhelmina", CHARACTER), tag("Mina Harker", CHARACTER))
    wrangling.make_synonym(tag("Mina/Jon", RELATIONSHIP), tag("Mina/Jonathan", RELATIONSHIP))
    wrangling.set_fandom(tag("Mina Harker", CHARACTER), tag("Dracula"))

    assert offered(ada, "wilh", CHARACTER, "Dracula") == ["Wilhelmina → Mina Harker"]
    assert offered(ada, "jon", RELATIONSHIP, "Dracula") == ["Mina/Jonathan"]
    assert offered(ada, "mina", FANDOM) == []


def test_of_what_she_may_not_see_nothing_is_offered_and_nothing_depends_on_it(ada, cast):
    carried(fandom=["Dracula"], character=["Mina Harker", "Mina Murray"])
    secret = {FANDOM: ["Hidden"], CHARACTER: ["Mina Secret", "Mina Murray"]}
    make_work(tags=secret, owner=cast.rey, state=State.DRAFT)
    before = offered(ada, "mina", CHARACTER, "Dracula"), offered(ada, "mina", CHARACTER, "Hidden")
    wrangling.set_fandom(tag("Mina Murray", CHARACTER), tag("Hidden"))
    wrangling.set_parent(tag("Hidden"), tag("Dracula"))

    assert before == (offered(ada, "mina", CHARACTER, "Dracula"), offered(ada, "mina", CHARACTER, "Hidden"))
    assert "Mina Secret" not in before[0] + before[1]
    assert names_here(ada, CHARACTER, {"Mina Secret", "Mina Harker"}) == {"Mina Harker"}
    assert "Mina Secret" in offered(viewer(cast.rey), "mina")
