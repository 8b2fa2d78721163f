"""Taking works out of sight."""

from __future__ import annotations

import pytest

from tests.cast import Cast, viewer
from tests.makers import make_work
from undying.finding import engine, indexer
from undying.finding.criteria import Criteria
from undying.kernel.errors import NotVisible
from undying.library.access import work_for
from undying.moderation.actions import NoReason, NotAModerator, decide
from undying.moderation.models import Decision, Verdict
from undying.people.viewer import Viewer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("home")]


def test_a_hidden_work_is_gone_for_readers_at_once_and_comes_back(cast: Cast) -> None:
    work = make_work(owner=cast.ada)
    decide(work, Verdict.HIDE, by=viewer(cast.mo), reason="A complaint is being looked at.")
    for each in (Viewer.anyone(), viewer(cast.rey)):
        with pytest.raises(NotVisible):
            work_for(each, work.pk)
        assert engine.find(Criteria(), each).total == 0
    work_for(viewer(cast.ada), work.pk)
    decide(work, Verdict.SHOW, by=viewer(cast.mo), reason="It was unfounded.")
    indexer.drain_if_free()
    assert engine.find(Criteria(), Viewer.anyone()).total == 1
    assert [each.by for each in Decision.objects.all()] == ["moderator_mo"] * 2


def test_only_moderators_decide_and_only_with_a_reason(cast: Cast) -> None:
    work = make_work(owner=cast.ada)
    for each in (Viewer.anyone(), viewer(cast.rey), viewer(cast.ada)):
        with pytest.raises(NotAModerator):
            decide(work, Verdict.HIDE, by=each, reason="because")
    with pytest.raises(NoReason):
        decide(work, Verdict.HIDE, by=viewer(cast.mo), reason=" ")
    work_for(Viewer.anyone(), work.pk)
    assert not Decision.objects.exists()
