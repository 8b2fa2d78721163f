"""What is typed and not saved is kept, is hers alone, and no window writes over another."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.cast import Cast, viewer
from tests.makers import make_work
from undying.kernel.clock import now
from undying.kernel.errors import NotVisible
from undying.library import drafting
from undying.library.drafting import Sheet, Target, TooManyDrafts
from undying.library.models import Draft, DraftKind, Posted, Revision

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("home")]
NEW_WORK = Target(kind=DraftKind.NEW_WORK)


def kept(cast: Cast, target: Target, text: str, **sheet) -> Draft:
    found = drafting.keep(viewer(cast.ada), target, Sheet(**sheet), {"body": [text]}, "Firefox on Linux")
    assert found is not None
    return found


def test_a_form_has_one_row_however_often_it_is_kept(cast: Cast) -> None:
    first = kept(cast, NEW_WORK, "R", token=7)
    kept(cast, NEW_WORK, "Rain", token=7, version=first.version)

    row = Draft.objects.get()
    assert (row.pk, row.version, row.fields, row.device) == (7, 2, {"body": ["Rain"]}, "Firefox on Linux")
    assert not Revision.objects.exists()


def test_two_windows_with_one_form_keep_both_texts(cast: Cast) -> None:
    kept(cast, NEW_WORK, "Rain", token=7)
    kept(cast, NEW_WORK, "Rain and wind", token=7, version=1)
    other = kept(cast, NEW_WORK, "Snow", token=7, version=1)

    assert other.pk != 7
    assert other.conflicts_with_id == 7
    assert sorted(each.fields["body"][0] for each in Draft.objects.all()) == ["Rain and wind", "Snow"]
    again = kept(cast, NEW_WORK, "Snowfall", token=other.pk, version=other.version)
    assert again.pk == other.pk
    assert drafting.meanwhile(viewer(cast.ada), NEW_WORK, again, Sheet(token=again.pk)) == [Draft.objects.get(pk=7)]


def test_what_another_window_keeps_of_a_work_is_told(cast: Cast) -> None:
    target = Target(kind=DraftKind.WORK, work=make_work(owner=cast.ada))
    opened = now()
    before = kept(cast, target, "Rain", token=1)
    Draft.objects.filter(pk=before.pk).update(saved=opened - timedelta(hours=1))
    mine = kept(cast, target, "Snow", token=2)
    assert drafting.meanwhile(viewer(cast.ada), target, mine, Sheet(token=2, opened=opened)) == []
    assert [each.pk for each in drafting.unsaved(viewer(cast.ada), target, but=2)] == [1]
    kept(cast, target, "Rain again", token=1, version=1)
    assert [each.pk for each in drafting.meanwhile(viewer(cast.ada), target, mine, Sheet(token=2, opened=opened))] == [
        1
    ]


def test_what_was_saved_or_dropped_does_not_come_back(cast: Cast) -> None:
    ada = viewer(cast.ada)
    kept(cast, NEW_WORK, "Rain", token=7)
    drafting.drop(ada, 7)
    assert drafting.keep(ada, NEW_WORK, Sheet(token=7, version=1), {}, "") is None
    Posted.objects.create(token=8, work=make_work())
    assert drafting.keep(ada, NEW_WORK, Sheet(token=8), {}, "") is None
    assert not Draft.objects.exists()


def test_nobody_else_reads_drops_or_writes_over_them(cast: Cast) -> None:
    kept(cast, NEW_WORK, "Rain", token=7)
    for each in (viewer(cast.rey), viewer(cast.mo), viewer(cast.ari)):
        with pytest.raises(NotVisible):
            drafting.draft_for(each, 7)
        drafting.drop(each, 7)
        assert list(drafting.unsaved(each, NEW_WORK)) == []
        other = drafting.keep(each, NEW_WORK, Sheet(token=7), {"body": ["Mine"]}, "")
        assert other is not None
        assert other.pk != 7
        assert other.conflicts_with is None
    assert drafting.draft_for(viewer(cast.ada), 7).fields == {"body": ["Rain"]}


def test_there_is_an_end_to_them(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drafting, "MOST", 2)
    for number in (1, 2):
        kept(cast, NEW_WORK, "Rain", token=number)
    with pytest.raises(TooManyDrafts):
        kept(cast, NEW_WORK, "Rain", token=3)
    kept(cast, NEW_WORK, "More rain", token=2, version=1)
