"""Words that are likely meant: of works that everybody may read, quick to find, and no secret shows."""

from __future__ import annotations

import time

import pytest

from tests.cast import viewer
from tests.makers import make_work, prose
from undying.finding import indexer, spelling, vocabulary
from undying.finding.criteria import Criteria
from undying.kernel import ledger
from undying.library.actions import WORK
from undying.library.models import Chapter, Creatorship, Work
from undying.manuscript import Audience, State, TagKind
from undying.people.viewer import Viewer

GUEST = Viewer.anyone()


@pytest.mark.usefixtures("home")
def test_a_slip_is_put_right_by_the_commonest_word_that_is_near():
    vocabulary.make([("vampire", 9), ("vampires", 20), ("castle", 4), ("cattle", 2), ("lamp", 1), ("champion", 1)])

    assert vocabulary.like("vampier") == ["vampire", "vampires"]
    assert vocabulary.like("castel") == ["castle", "cattle"]
    assert vocabulary.like("vampire") == ["vampires"]
    assert vocabulary.like("lanp") == ["lamp"]


@pytest.mark.usefixtures("home")
@pytest.mark.parametrize("word", ["", "lam", "x" * 500, "吸血鬼"])
def test_what_is_like_everything_or_like_nothing_has_no_other(word):
    assert vocabulary.like(word) == []
    vocabulary.make([("lamp", 1)])
    assert vocabulary.like(word) == []


@pytest.mark.usefixtures("home")
def test_a_new_vocabulary_takes_the_place_of_the_old_one():
    vocabulary.make([("lantern", 1)])
    assert vocabulary.like("lanterm") == ["lantern"]
    for _ in range(3):
        vocabulary.make([("harbour", 1)])

    assert vocabulary.like("lanterm") == []
    assert vocabulary.like("harbuor") == ["harbour"]
    assert len(vocabulary._folders()) == 2


@pytest.mark.usefixtures("home", "db")
def test_only_words_that_everybody_may_see_are_in_it():
    make_work("The Lantern", tags={TagKind.FANDOM: ["Dracula"]}, author="Nell")
    make_work("The Harbour", tags={TagKind.FANDOM: ["Carmilla"]}, author="Wilhelmina", audience=Audience.MEMBERS)

    assert dict(vocabulary._words()) == {"lantern": 1, "dracula": 1, "nell": 1}


@pytest.mark.usefixtures("home", "db")
def test_it_is_made_anew_when_it_is_old(monkeypatch):
    make_work("The Lantern")
    assert vocabulary.refresh()
    assert not vocabulary.refresh()
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + vocabulary.YOUNGEST + 60)
    assert vocabulary.refresh()


@pytest.fixture
def works(home, db):
    make_work("The Lantern", text="A vampire came to the castle.", language="en")
    make_work("Harbour Lights", text="A vampire by the harbour.", language="en")
    vocabulary.refresh()


def offered(query: str, who: Viewer = GUEST) -> tuple[str, int] | None:
    found = spelling.respelt(Criteria(query=query), who)
    return found and (found.criteria.query, found.total)


@pytest.mark.usefixtures("works")
def test_a_word_that_nobody_wrote_is_put_right_where_it_stands():
    assert offered("lantren") == ("lantern", 1)
    assert offered("vampire  (title:lantren OR harbuor) -moon") == ("vampire  (title:lantern OR harbour) -moon", 2)
    found = spelling.respelt(Criteria(query="vampire lantren"), GUEST)
    assert [text for text, is_new in found.pieces if is_new] == ["lantern"]


@pytest.mark.usefixtures("works")
@pytest.mark.parametrize(
    "query", ["lantern", "vampire castle", '"lantren"', "-lantren", "", "fandom:lantren", "zzzzzzz"]
)
def test_what_is_found_or_quoted_or_like_nothing_is_left_alone(query):
    assert offered(query) is None


@pytest.mark.usefixtures("works")
def test_what_would_find_nothing_together_is_not_offered():
    assert offered("lantren harbour") is None


@pytest.mark.usefixtures("works")
def test_a_word_of_works_that_she_may_not_see_is_not_offered(cast):
    Work.objects.filter(title="The Lantern").update(audience=Audience.MEMBERS)

    ledger.mark(WORK, list(Work.objects.values_list("pk", flat=True)))
    indexer.drain_if_free()

    assert offered("lantren") is None
    assert offered("lantren", viewer(cast.rey)) == ("lantern", 1)


@pytest.mark.usefixtures("home", "db")
def test_without_a_vocabulary_nothing_is_offered():
    make_work("The Lantern")

    assert offered("lantren") is None


@pytest.mark.usefixtures("home", "db")
def test_who_made_a_draft_of_a_chapter_is_not_in_it():
    work = make_work("The Lantern", author="Nell")
    draft = Chapter.objects.create(work=work, position=2, title="", body=prose("Rain."), state=State.DRAFT)
    pseud = make_work("The Harbour", author="Wilhelmina", state=State.DRAFT).byline[0].pseud
    Creatorship.objects.create(work=work, chapter=draft, pseud=pseud, position=1)

    assert dict(vocabulary._words()) == {"lantern": 1, "nell": 1}
