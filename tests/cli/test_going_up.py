"""The worker posts the drafts whose time has come, and says so in its log."""

from __future__ import annotations

from datetime import timedelta

from tests.cast import Cast, viewer
from tests.makers import make_work
from undying.cli import serving
from undying.kernel.clock import now
from undying.library.models import Scheduled, Work
from undying.manuscript import State, Tagging, TagKind

KINDS = ((TagKind.RATING, "Not Rated"), (TagKind.WARNING, "None"), (TagKind.FANDOM, "Dracula"))


def test_what_fell_due_while_no_worker_ran_is_posted_by_the_next_and_told(home, transactional_db, capsys):
    ada = Cast().ada
    work = make_work(
        owner=ada, state=State.DRAFT, taggings=tuple(Tagging(kind=kind, name=name) for kind, name in KINDS)
    )
    Scheduled.objects.create(work=work, at=now() - timedelta(hours=2), zone="UTC", by_id=viewer(ada).user_id)

    serving._Chores().turn()

    work.refresh_from_db()
    assert work.state == State.POSTED
    assert f"undying: work {work.pk} was posted, 120 min after its time" in capsys.readouterr().err
    assert not Scheduled.objects.exists()
    assert Work.objects.count() == 1
