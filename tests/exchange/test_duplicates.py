"""Stories that stand here twice: found by their words, and made one only by a person, who can take it back."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.makers import make_work, prose
from undying.exchange import duplicates, exports, likeness
from undying.exchange.imports import Wish, bring_in
from undying.exchange.models import Batch
from undying.exchange.pairs import Decision, Duplicate, Kind
from undying.exchange.undo import Overtaken, undo
from undying.library import counters
from undying.library.addresses import answer
from undying.library.counters import Counter
from undying.library.models import Counters, Creatorship, Work
from undying.manuscript import Chapter, Review, SeriesPlace, Source
from undying.people.viewer import Viewer

OPERATOR = Viewer.operator()
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("home")]

WORDS = ["lamp", "abbey", "sand", "night", "ship", "dog", "rain", "bell", "stair", "letter", "moth", "glass"]


def text(seed: int, length: int = 300) -> str:
    """Words in an order that the seed decides."""
    state, out = seed * 7919 + 1, []
    for _ in range(length):
        state = (state * 1103515245 + 12345) % 2**31
        out.append(WORDS[(state >> 16) % len(WORDS)])
    return " ".join(out)


def work(key: str, words: str, site: str = "a.example", title: str = "The Lamp", **changes) -> Work:
    source = Source(site=site, key=key, url=f"http://{site}/viewstory.php?sid={key}")
    return make_work(title, chapters=(Chapter(body=prose(words), key=f"{site}{key}"),), source=source, **changes)


def pair() -> Duplicate:
    return Duplicate.objects.get()


def test_the_same_text_from_two_sites_is_one_pair():
    one, other = work("1", text(1)), work("9", text(1).upper() + "!", site="b.example")
    work("2", text(2), title="Another")
    assert duplicates.look() == 1
    assert (pair().kind, pair().likeness, {pair().one, pair().other}) == (Kind.SAME, 100, {one.pk, other.pk})
    assert duplicates.look() == 0


def test_an_edited_copy_is_near_and_an_unfinished_one_is_part():
    edited = text(1).split()
    edited[20], edited[150] = "hawk", "owl"
    work("1", text(1))
    work("2", " ".join(edited), title="The Lamp, Revised")
    work("3", text(3, 900), title="Long")
    work("4", text(3, 200), title="long ")
    duplicates.look()
    assert {each.kind for each in Duplicate.objects.all()} == {Kind.NEAR, Kind.PART}
    part = Duplicate.objects.get(kind=Kind.PART)
    assert part.overlap == 100
    assert part.likeness < 50


def test_short_texts_and_different_ones_are_no_pairs():
    for number in range(4):
        work(str(number), "See my site.")
        work(str(number + 10), text(number + 10))
    assert duplicates.look() == 0


def test_a_revised_text_is_compared_again_and_a_lost_work_is_forgotten():
    one, other = work("1", text(1)), work("2", text(2))
    assert duplicates.look() == 0
    work("2", text(1))
    assert duplicates.look() == 1
    other.delete()
    duplicates.look()
    assert list(Duplicate.objects.all()) == []
    assert Work.objects.get() == one


def merged(tmp_path) -> tuple[Duplicate, Work, Work, bytes]:
    """Two copies, made one; and the dump from before."""
    kept = work("1", text(1), reviews=(Review(name="Rey", body=prose("Yes.")),))
    gone = work(
        "2",
        text(1),
        site="b.example",
        reviews=(Review(name="Rey", body=prose("Yes.")), Review(name="Mo", body=prose("More!"), chapter=1)),
        series=(SeriesPlace(title="Nights", key="4", position=1),),
    )
    exports.dump(tmp_path / "before.jsonl")
    duplicates.look()
    found = pair()
    duplicates.merge(found, keep=kept.pk, by="ari")
    return pair(), kept, gone, (tmp_path / "before.jsonl").read_bytes()


def test_a_merge_keeps_one_text_and_all_that_readers_left(tmp_path):
    found, kept, gone, _before = merged(tmp_path)
    assert list(Work.objects.all()) == [kept]
    assert sorted(review.name for review in kept.reviews.all()) == ["Mo", "Rey"]
    assert [entry.series.title for entry in kept.series_entries.all()] == ["Nights"]
    assert answer(OPERATOR, "http://b.example/viewstory.php?sid=2", host="").work == kept
    assert (found.decision, found.decided_by, found.gone, found.kept) == (Decision.MERGED, "ari", gone.pk, kept.pk)


def test_a_merge_that_is_taken_back_leaves_no_trace(tmp_path):
    found, _kept, gone, before = merged(tmp_path)
    duplicates.take_back(found)
    exports.dump(tmp_path / "after.jsonl")
    assert (tmp_path / "after.jsonl").read_bytes() == before
    assert Work.objects.get(site="b.example").pk == gone.pk
    assert list(Work.objects.get(pk=gone.pk).chapters.values_list("pk", flat=True)) == found.chapters
    assert answer(OPERATOR, "http://b.example/viewstory.php?sid=2", host="").work.pk == gone.pk
    assert pair().decision == Decision.OPEN


def numbers(number: int) -> tuple[int, int]:
    counted = Counters.objects.filter(pk=number).first() or Counters()
    return counted.hits, counted.kudos


def test_a_merge_adds_up_hits_and_kudos_and_taking_it_back_parts_them_again():
    kept, gone = work("1", text(1)), work("2", text(1), site="b.example", extras=(("Hits", "100"),))
    counters.bump(Counter.HITS, {kept.pk: 5, gone.pk: 7})
    counters.bump(Counter.KUDOS, {gone.pk: 3})
    duplicates.look()
    duplicates.merge(pair(), keep=kept.pk, by="ari")
    assert numbers(kept.pk) == (112, 3)
    counters.bump(Counter.HITS, {kept.pk: 2})
    duplicates.take_back(pair())
    assert (numbers(kept.pk), numbers(gone.pk)) == ((7, 0), (107, 3))
    duplicates.merge(pair(), keep=gone.pk, by="ari")
    assert numbers(gone.pk) == (114, 3)


STORY = '+++\ntitle = "The Lamp"\ncreators = ["{name}"]\nsource = {{site = "{site}", key = "1"}}\n+++\n{text}\n'


def test_what_was_merged_does_not_come_in_again_and_its_batch_waits_for_the_merge(tmp_path):
    batches = []
    for site in ("a.example", "b.example"):
        file = tmp_path / f"{site}.md"
        file.write_text(STORY.format(name=site, site=site, text=text(1)))
        batches.append(Batch.objects.get(pk=bring_in(Wish(paths=[file])).batch))
    duplicates.look()
    kept, gone = (Work.objects.get(site=site) for site in ("a.example", "b.example"))
    duplicates.merge(pair(), keep=kept.pk, by="ari")
    again = tmp_path / "again.md"
    again.write_text(STORY.format(name="b.example", site="b.example", text=text(1) + " And more, far more of it."))

    assert bring_in(Wish(paths=[again])).created == 0
    assert list(Work.objects.all()) == [kept]
    with pytest.raises(Overtaken, match="merged"):
        undo(batches[1])
    duplicates.take_back(pair())
    undo(batches[1])
    assert not Work.objects.filter(pk=gone.pk).exists()


def test_a_merge_goes_through_a_dump(tmp_path):
    merged(tmp_path)
    exports.dump(tmp_path / "merged.jsonl")
    Work.objects.all().delete()
    bring_in(Wish(paths=[tmp_path / "merged.jsonl"]))
    exports.dump(tmp_path / "back.jsonl")
    assert (tmp_path / "back.jsonl").read_bytes() == (tmp_path / "merged.jsonl").read_bytes()
    assert answer(OPERATOR, "http://b.example/viewstory.php?sid=2", host="").work == Work.objects.get()


def test_versions_name_each_other_and_a_hidden_one_is_not_named(client, cast):
    one, other = work("1", text(1)), work("2", text(1), title="The Other Lamp")
    duplicates.look()
    duplicates.link(pair(), by="ari")
    address = f"/works/{one.pk}"
    assert "The Other Lamp" in client.get(address).content.decode()
    assert "The Other Lamp" not in client.get(f"/downloads/{one.pk}/x.html").content.decode()
    Work.objects.filter(pk=other.pk).update(is_hidden=True)
    assert "The Other Lamp" not in client.get(address).content.decode()
    duplicates.reopen(pair())
    assert one.related.count() + other.related.count() == 0


def test_a_link_between_versions_outlives_a_revision(tmp_path):
    one = work("1", text(1))
    work("2", text(1), title="The Other Lamp")
    duplicates.look()
    duplicates.link(pair(), by="ari")
    work("1", text(1) + " The end.")
    assert one.related.count() == 1


def test_a_pair_is_decided_once_and_a_claimed_work_is_its_authors(cast):
    one, other = work("1", text(1)), work("2", text(1), title="The Other Lamp")
    duplicates.look()
    Creatorship.objects.filter(work=other).update(pseud=cast.ada.pseuds.get())
    with pytest.raises(Overtaken, match="account"):
        duplicates.merge(pair(), keep=one.pk, by="ari")
    assert Work.objects.count() == 2
    first, second = pair(), pair()
    duplicates.keep_both(first, by="ari")
    with pytest.raises(Overtaken, match="already"):
        duplicates.link(second, by="mo")


@settings(max_examples=30)
@given(st.lists(st.sampled_from(WORDS), min_size=60, max_size=120), st.integers(0, 59))
def test_a_text_is_all_like_itself_and_mostly_like_itself_with_a_word_changed(words, at):
    changed = [*words[:at], "changed", *words[at + 1 :]]
    mine, other = likeness.shingles([" ".join(words)]), likeness.shingles([" ".join(changed)])
    assert likeness.compared(mine, mine) == (100, 100)
    assert likeness.compared(mine, other) == likeness.compared(other, mine)[:2]
    assert likeness.sketch([" ".join(words)]) == likeness.sketch([" ".join(words).title()])
