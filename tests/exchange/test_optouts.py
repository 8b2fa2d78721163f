"""Who asked not to be here is not brought in, and is gone when she was; nothing that is kept tells who she is."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.formats.efiction_archive import Archive, small
from tests.manuscripts import make_manuscript, prose
from undying.community.models import Favourite, NewsItem
from undying.community.models import Review as ReviewRow
from undying.exchange import blanking, claims, contacts, departures, exports, optouts, undo
from undying.exchange.claims import Choice, Decision
from undying.exchange.declining import DECLINED, Declining
from undying.exchange.imports import Wish, bring_in
from undying.exchange.models import Batch, BatchKeepsake, ContainerCount, Entry
from undying.exchange.optouts import Askers, Person
from undying.exchange.private import Address, Asked, Contact, Departure, OptOut, Record
from undying.exchange.takers import Library
from undying.formats import Contact as ContactTold
from undying.formats import Fate, Outcome, Story
from undying.kernel import store
from undying.library.models import SeriesAccount, Work
from undying.manuscript import Credit, Review, Source
from undying.people.models import Profile, Pseud

if TYPE_CHECKING:
    from pathlib import Path

    from undying.exchange.report import Report

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("home")]

MINA = Credit(name="Mina", account="Mina", key="2")
LUCY = Credit(name="Lucy", account="Lucy", key="3")
SITE = "whitby.example"


def archive() -> Archive:
    """Mina wrote 1 and, with Lucy, 2; Lucy wrote 3 and reviewed 1, and Mina reviewed 3."""
    told = small()
    told.story(1, title="The Zoophagous Patient")
    told.story(2, title="Two Friends").add("coauthors", sid=2, uid=3)
    told.story(3, None, title="The Churchyard", uid=3).chapter(30, 3, "Night.", uid=3)
    told.add("reviews", reviewid=71, item=1, chapid=10, reviewer="Lucy", uid=3, review="Dear me.", type="ST", rating=-1)
    told.add("reviews", reviewid=72, item=3, chapid=30, reviewer="Mina", uid=2, review="Go home.", type="ST", rating=-1)
    return told


def taken_in(tmp_path: Path, told: Archive | None = None) -> Report:
    folder = tmp_path / "backup"
    folder.mkdir(exist_ok=True)
    (told or archive()).write(folder)
    return bring_in(Wish(paths=[folder], site=SITE))


def titles() -> set[str]:
    return set(Work.objects.filter(is_hidden=False).values_list("title", flat=True))


def bylines() -> dict[str, list[str]]:
    return {
        work.title: [each.pseud.name for each in work.creatorships.filter(chapter=None)] for work in Work.objects.all()
    }


def test_one_who_asked_by_pen_name_is_not_brought_in_and_the_ledger_adds_up(tmp_path):
    optouts.note(Person(name="  MINA "), Asked.NOT_HERE)
    report = taken_in(tmp_path)

    assert bylines() == {"Two Friends": ["Lucy"], "The Churchyard": ["Lucy"]}
    assert [review.name for work in Work.objects.all() for review in work.reviews.all()] == []
    assert report.adds_up
    declined = {f"{each.container} {each.key}" for each in Entry.objects.filter(outcome=Outcome.REFUSED)}
    assert declined >= {"fanfiction_stories 1", "fanfiction_chapters 10", "fanfiction_reviews 72"}
    assert {each.detail for each in Entry.objects.filter(outcome=Outcome.REFUSED)} == {DECLINED}


def test_a_rehearsal_tells_the_same(tmp_path):
    optouts.note(Person(name="mina", site=SITE), Asked.NOT_HERE)
    folder = tmp_path / "backup"
    folder.mkdir()
    archive().write(folder)
    rehearsed = bring_in(Wish(paths=[folder], site=SITE, dry_run=True))

    done = bring_in(Wish(paths=[folder], site=SITE))
    assert rehearsed.created == done.created == 2
    assert rehearsed.sum(Outcome.REFUSED) == done.sum(Outcome.REFUSED) > 0


def test_a_pen_name_of_another_site_is_another_person(tmp_path):
    optouts.note(Person(name="mina", site="elsewhere.example"), Asked.NOT_HERE)
    taken_in(tmp_path)

    assert titles() == {"The Zoophagous Patient", "Two Friends", "The Churchyard"}


def test_one_who_asks_afterwards_is_out_of_sight_at_once_and_then_gone(tmp_path):
    taken_in(tmp_path)
    taken = departures.opt_out(Person(name="Mina", site=SITE), Asked.NOT_HERE, by="ari")

    assert (taken.works, taken.struck, taken.reviews) == (1, 1, 1)
    assert titles() == {"Two Friends", "The Churchyard"}
    assert departures.carry_out() == 1
    assert bylines() == {"Two Friends": ["Lucy"], "The Churchyard": ["Lucy"]}
    assert not Pseud.objects.filter(name="Mina").exists()
    assert not Departure.objects.exists()
    exports.dump(tmp_path / "dump.jsonl")
    assert "Mina" not in (tmp_path / "dump.jsonl").read_text()


def test_what_she_told_of_herself_goes_with_her(tmp_path):
    told = archive().add("favorites", uid=2, item=3, type="ST").add("favorites", uid=3, item=1, type="ST")
    taken_in(tmp_path, told.add("series", seriesid=4, title="Whitby Nights", uid=2))
    departures.opt_out(Person(name="Mina", site=SITE), Asked.NOT_HERE, by="ari")
    departures.carry_out()

    assert {each.pseud.name for each in Profile.objects.all()} == {"Admin", "Lucy"}
    assert [each.member.name for each in Favourite.objects.all()] == ["Lucy"]
    assert not SeriesAccount.objects.exists()


def test_doing_it_again_brings_nothing_back(tmp_path):
    taken_in(tmp_path)
    departures.opt_out(Person(name="Mina", site=SITE), Asked.NOT_HERE, by="ari")
    departures.carry_out()
    taken_in(tmp_path, archive().story(9, title="One More", uid=3))

    assert titles() == {"Two Friends", "The Churchyard", "One More"}
    assert bylines()["Two Friends"] == ["Lucy"]


def test_what_an_account_claimed_stays(tmp_path, cast):
    taken_in(tmp_path)
    Pseud.objects.filter(name="Mina").update(user=cast.ada)
    departures.opt_out(Person(name="Mina"), Asked.NOT_HERE, by="ari")
    departures.carry_out()

    assert titles() == {"The Zoophagous Patient", "Two Friends", "The Churchyard"}
    undo.undo(Batch.objects.get())
    assert titles() == {"The Zoophagous Patient", "Two Friends"}


def fed(batch: Batch, *events: Story | ContactTold) -> Library:
    library = Library(batch)
    declining = Declining(library)
    for event in events:
        if isinstance(event, Story):
            declining.story(event, as_told=False)
        else:
            declining.contact(event)
    library.flush()
    return library


@pytest.fixture
def batch() -> Batch:
    return Batch.objects.create(digest="d" * 64, label="Whitby")


def story(credit: Credit, key: str, **changes: object) -> Story:
    manuscript = make_manuscript(title=f"Story {key}", credits=(credit,), source=Source(site=SITE, key=key), **changes)
    return Story(manuscript=manuscript, fates=(Fate(container="stories", key=key, outcome=Outcome.IMPORTED),))


def test_an_address_gives_away_whose_works_those_are(batch):
    optouts.note(Person(email=" Mina@Example.COM"), Asked.NOT_HERE)
    told = ContactTold(site=SITE, credit=MINA, emails=("old@example.com", "mina@example.com"))
    review = Review(name="M.", body=prose("<p>No.</p>"), key="5", reviewer_key="2")
    fed(batch, told, story(MINA, "1"), story(LUCY, "2", reviews=(review,)))

    assert titles() == {"Story 2"}
    assert not Work.objects.get().reviews.exists()
    assert not Contact.objects.exists()


def test_the_order_in_which_a_source_tells_makes_no_difference(batch, tmp_path):
    optouts.note(Person(email="mina@example.com"), Asked.NOT_HERE)
    declining = Declining(Library(batch))
    declining.story(story(MINA, "1"), as_told=False)
    declining.contact(ContactTold(site=SITE, credit=MINA, emails=("mina@example.com",)))
    departures.take_out_declined(batch, declining, tmp_path)

    assert not Work.objects.exists()


def test_what_is_kept_of_an_opt_out_tells_nobody_who_asked(tmp_path):
    departures.opt_out(Person(email="mina@example.com", name="Mina", site=SITE), Asked.NOT_HERE, by="ari")
    kept = [list(each.values()) for model in (OptOut, Record, Departure) for each in model.objects.values()]

    assert OptOut.objects.count() == 2
    assert not [row for row in kept for value in row if "mina" in str(value).lower() or SITE in str(value)]


@given(st.text(max_size=30))
def test_a_name_is_known_again_whatever_its_letters_width_and_spaces(name):
    folded = contacts.folded(name)
    assert contacts.folded(f"  {folded.upper().lower()} ") == contacts.folded(folded.upper().lower())
    assert contacts.folded(f" {folded}\t") == contacts.folded(folded)


def test_the_same_digest_for_the_same_person_only():
    assert optouts.digest("name", "", "Ｍina  Harker") == optouts.digest("name", "", "mina harker ")
    assert optouts.digest("name", "", "mina") != optouts.digest("name", SITE, "mina")
    assert optouts.digest("email", "mina") != optouts.digest("name", "mina")


def test_it_can_be_looked_up_and_taken_back():
    [kept] = optouts.note(Person(name="Mina"), Asked.NOT_HERE)
    assert optouts.holds(Person(name="mina", site="any.example")) == [kept]
    assert not Askers(Asked.NO_MAIL)
    optouts.remove(kept.pk)
    assert optouts.holds(Person(name="mina")) == []
    with pytest.raises(optouts.NoSuchOptOut):
        optouts.remove(kept.pk)
    with pytest.raises(optouts.NobodyNamed):
        optouts.note(Person(email="no address"), Asked.NOT_HERE)


def test_contacts_are_those_who_have_something_to_claim_and_each_once(batch):
    two = ContactTold(site=SITE, credit=MINA, emails=("mina@example.com", "MINA@example.com ", "m@example.org", "x"))
    fed(batch, two, two, ContactTold(site=SITE, credit=LUCY, emails=("lucy@example.com",)), story(MINA, "1"))

    assert [each.name for each in Contact.objects.all()] == ["Mina"]
    assert [each.email for each in Address.objects.all()] == ["MINA@example.com", "m@example.org"]
    undo.undo(batch)
    assert not Contact.objects.exists()
    assert not Address.objects.exists()


def test_one_who_asks_not_to_be_written_to_keeps_her_works_and_loses_her_address(batch):
    fed(batch, ContactTold(site=SITE, credit=MINA, emails=("mina@example.com",)), story(MINA, "1"))
    departures.opt_out(Person(email="mina@example.com"), Asked.NO_MAIL, by="ari")

    assert titles() == {"Story 1"}
    assert not Address.objects.exists()


@pytest.mark.parametrize(
    ("row", "left"),
    [
        (b"(1,'It''s \\'mine\\'',NULL,0x4d696e61)", b"(1,'              ',NULL,0x20202020)"),
        (b'(2,"a ""b""", -1)', b'(2,"       ", -1)'),
        (b'<row><field name="n">Mina</field></row>', b'<row><field name="n">    </field></row>'),
        (b'{"a": 1}\n', b"        \n"),
    ],
)
def test_a_blanked_row_keeps_its_shape_and_length(row, left):
    assert blanking.blanked(row) == left
    assert len(left) == len(row)
    assert blanking.is_blanked(left)
    assert not blanking.is_blanked(row)


@pytest.mark.parametrize("is_packed", [False, True])
def test_blanking_leaves_every_other_row_where_it_was(batch, tmp_path, is_packed):
    dump = b"INSERT INTO fanfiction_authors VALUES (1,'Lucy'),(2,'Mina'),(3,'Jack');\n"
    name = store.keep(gzip.compress(dump) if is_packed else dump)
    ContainerCount.objects.create(batch=batch, container="authors", total=3, original=name, reader="efiction")
    file = Entry.objects.create(batch=batch, container="./", key="dump.sql", outcome=Outcome.IMPORTED, original=name)
    row = dump.index(b"(2,")
    mina = Entry.objects.create(
        batch=batch, container="authors", key="2", outcome=Outcome.IMPORTED, at=row, size=len("(2,'Mina')")
    )
    for _ in range(2):
        blanking.blank([mina], tmp_path)
        file.refresh_from_db()
        kept = store.fetch(file.original)
        assert kept == dump.replace(b"Mina", b"    ")  # unpacked: there the places are those that the rows have
        assert file.original != name
        assert ContainerCount.objects.get().original == file.original
    assert not store.path_of(name).exists()


def test_a_file_of_hers_is_not_kept_in_the_store(tmp_path):
    page = "# Night\n\nby Mina\n\nThe schooner came in.\n"
    place = tmp_path / "one"
    place.mkdir()
    (place / "night.md").write_text(
        '+++\ntitle = "Night"\ncreators = ["Mina"]\nsource = {site = "whitby.example", key = "1"}\n+++\n' + page
    )
    optouts.note(Person(name="mina"), Asked.NOT_HERE)
    report = bring_in(Wish(paths=[place]))

    assert report.adds_up
    assert [(each.key, each.outcome, each.original) for each in Entry.objects.all()] == [
        ("night.md", Outcome.REFUSED, "")
    ]


def test_a_file_of_hers_leaves_the_store_with_her_work(tmp_path, home):
    place = tmp_path / "one"
    place.mkdir()
    (place / "night.md").write_text(
        '+++\ntitle = "Night"\ncreators = ["Mina"]\nsource = {site = "whitby.example", key = "1"}\n+++\nA ship.\n'
    )
    bring_in(Wish(paths=[place]))
    [name] = Entry.objects.values_list("original", flat=True)
    assert store.path_of(name).exists()
    departures.opt_out(Person(name="mina"), Asked.NOT_HERE, by="ari")
    departures.carry_out()

    assert not store.path_of(name).exists()
    assert not list((home / "promises").glob("*"))


def test_what_she_said_of_series_and_news_goes_as_well(tmp_path):
    told = archive()
    told.columns |= {"news": "nid author title story time comments", "comments": "cid nid uid comment time"}
    told.add("series", seriesid=5, title="Nights", uid=3).add("inseries", seriesid=5, sid=3, confirmed=1, inorder=1)
    told.add("reviews", reviewid=73, item=5, reviewer="Mina", uid=2, review="All of it!", type="SE", rating=-1)
    told.add("news", nid=1, author="Lucy", title="Open", story="Come in.", time="2004-05-03 10:11:12")
    told.add("comments", cid=1, nid=1, uid=2, comment="At last.", time="2004-05-03 10:11:12")
    taken_in(tmp_path, told)
    assert ReviewRow.objects.filter(name="Mina").count() == 3
    departures.opt_out(Person(name="Mina", site=SITE), Asked.NOT_HERE, by="ari")
    assert ReviewRow.objects.filter(name="Mina").count() == 0


def with_all_kinds() -> Archive:
    """Mina's own news (7), challenge and series (6), and what she said of Lucy's; Lucy's have the same numbers."""
    told = archive()
    told.columns |= {
        "news": "nid author title story time comments",
        "comments": "cid nid uid comment time",
        "challenges": "chalid challenger uid title catid characters summary responses",
    }
    for number, name, uid in ((5, "Lucy", 3), (6, "Mina", 2)):
        told.add("series", seriesid=number, title=f"Nights of {name}", uid=uid)
        told.add("news", nid=number, author=name, title="Open", story=f"I am {name}.", time="2004-05-03 10:11:12")
        told.add("challenges", chalid=number, challenger=name, uid=uid, title="Ships", summary=f"{name} asks.")
    told.add("comments", cid=73, nid=5, uid=3, comment="Welcome.", time="2004-05-03 10:11:12")
    told.add("comments", cid=6, nid=5, uid=2, comment="At last.", time="2004-05-03 10:11:12")
    told.add("comments", cid=75, nid=6, uid=3, comment="Good.", time="2004-05-03 10:11:12")
    told.add("reviews", reviewid=73, item=5, reviewer="Mina", uid=2, review="All of it!", type="SE", rating=-1)
    told.add("reviews", reviewid=74, item=5, reviewer="Lucy", uid=3, review="My own.", type="SE", rating=-1)
    return told


def test_the_ledger_and_the_kept_dump_no_longer_tell_what_she_said_and_owned(tmp_path):
    taken_in(tmp_path, with_all_kinds())
    departures.opt_out(Person(name="Mina", site=SITE), Asked.NOT_HERE, by="ari")
    departures.carry_out()

    declined = {
        f"{each.container.removeprefix('fanfiction_')} {each.key}" for each in Entry.objects.filter(detail=DECLINED)
    }
    assert declined >= {"reviews 73", "comments 6", "comments 75", "news 6", "series 6", "challenges 6"}
    assert not declined & {"reviews 74", "comments 73", "news 5", "series 5", "challenges 5"}
    kept = store.fetch(Entry.objects.get(key="dump.sql").original)
    for words in (b"Nights of Mina", b"I am Mina", b"Mina asks", b"At last.", b"All of it!"):
        assert words not in kept
    for words in (b"Nights of Lucy", b"I am Lucy", b"Lucy asks", b"Welcome.", b"My own."):
        assert words in kept


def test_what_her_news_was_before_an_import_revised_it_goes_as_well(tmp_path):
    taken_in(tmp_path, with_all_kinds())
    told = with_all_kinds()
    told.rows["news"][1]["story"] = "I am Mina Harker."
    taken_in(tmp_path, told)
    [before] = BatchKeepsake.objects.exclude(before="").values_list("before", flat=True)
    assert b"I am Mina." in store.fetch(before)
    departures.opt_out(Person(name="Mina", site=SITE), Asked.NOT_HERE, by="ari")
    departures.carry_out()

    assert not store.path_of(before).exists()
    for each in Batch.objects.order_by("-pk"):
        undo.undo(each)
    assert not NewsItem.objects.exists()


def test_who_deletes_her_works_by_her_letter_leaves_no_news_in_the_kept_dump_either(tmp_path):
    taken_in(tmp_path, with_all_kinds())
    hers = Work.objects.filter(creatorships__pseud__name="Mina")
    choices = dict.fromkeys(hers.values_list("pk", flat=True), Choice.DELETE)
    claims.decide(Contact.objects.filter(name="Mina"), Decision(choices=choices), by="ari")
    departures.carry_out()

    kept = store.fetch(Entry.objects.get(key="dump.sql").original)
    for words in (b"Nights of Mina", b"I am Mina", b"Mina asks"):
        assert words not in kept
    assert b"I am Lucy" in kept
