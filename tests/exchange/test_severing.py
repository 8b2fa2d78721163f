"""An old name is replaced wherever it stands as a name, and in texts only where that was said."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING

import pytest

from tests.formats.efiction_archive import small
from tests.makers import make_work, prose
from undying.community.models import Favourite
from undying.community.models import Review as ReviewRow
from undying.exchange import contacts, exports, severing, undo
from undying.exchange.imports import Wish, bring_in
from undying.exchange.models import Batch, BatchKeepsake, Entry
from undying.exchange.private import Contact, Record
from undying.finding import indexer
from undying.formats import Contact as Told
from undying.kernel import store
from undying.library.models import SeriesAccount, Work
from undying.manuscript import Credit, RelatedWork, RelationKind, Review, SeriesPlace, Source
from undying.manuscript.codec import keepsake_from_json
from undying.people.models import Profile, Pseud

if TYPE_CHECKING:
    from pathlib import Path

    from tests.formats.efiction_archive import Archive

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("home")]
OLD = "Wilhelmina Murray"
SITE = "whitby.example"
HER = Credit(name=OLD, account=OLD, key="2", url=f"https://{SITE}/user/2")


@pytest.fixture
def archive() -> list[Work]:
    """A work of hers, one that she reviewed, one that mentions a character of that name, and how she can be reached."""
    batch = Batch.objects.create(digest="d" * 64, label="Whitby")
    contacts.receive([Told(site=SITE, credit=HER, emails=("w@mail.example",))], batch)
    return [
        make_work(
            "Hers",
            credits=(HER,),
            series=(SeriesPlace(title="Nights"),),
            notes_before=prose(f"Yours, {OLD}."),
            source=Source(site=SITE, key="1", url=f"https://{SITE}/{OLD}/1"),
        ),
        make_work(
            "Another's",
            credits=(Credit(name="Lucy", key="3"),),
            reviews=(Review(name=OLD.upper(), body=prose("Yes."), key="7", reviewer_key="2"),),
            gifts=(OLD, "Jack"),
            related=(RelatedWork(kind=RelationKind.INSPIRED_BY, title="Hers", author=OLD),),
            source=Source(site=SITE, key="2"),
        ),
        make_work(
            "A Character", text=f"Miss {OLD} wrote in her journal. She is {OLD}s", source=Source(site=SITE, key="3")
        ),
    ]


def dumped(tmp_path) -> str:
    exports.dump(tmp_path / "dump.jsonl")
    return (tmp_path / "dump.jsonl").read_text(encoding="utf-8")


def test_looking_changes_nothing_and_tells_each_place(archive, tmp_path):
    before = dumped(tmp_path)
    found = severing.look(OLD.lower(), SITE)

    assert (found.pen_names, found.works, found.reviews, found.contacts) == (1, 1, 1, 1)
    assert [each.where for each in found.mentions] == ["work “Hers”, notes before", "chapter “Chapter the 1”, body"]
    assert found.mentions[1].before.endswith("Miss ")
    assert dumped(tmp_path) == before


def test_the_name_goes_from_everything_that_bears_it(archive, tmp_path):
    [notes] = [each.key for each in severing.look(OLD, SITE).mentions if "notes" in each.where]
    severing.sever(OLD, SITE, "M.", mentions=[notes], by="ari")
    indexer.drain_if_free()

    told = dumped(tmp_path)
    assert told.casefold().count(OLD.casefold()) == 2  # the character, who was not to be touched
    assert '"M."' in told
    assert [each.pseud.name for each in archive[0].creatorships.all()] == ["M."]
    assert not Pseud.objects.filter(name=OLD).exists()
    assert not Contact.objects.exists()
    assert OLD not in str(list(Record.objects.values()))
    assert severing.look(OLD, SITE).works == 0


def test_rows_of_kept_dumps_that_name_her_are_blanked(tmp_path):
    folder = tmp_path / "backup"
    folder.mkdir()
    told = small().story(1, title="Hers").story(2, None, title="Lucy's", uid=3).chapter(20, 2, "Night.", uid=3)
    told.add(
        "reviews", reviewid=7, item=2, chapid=20, reviewer="Mina", uid=2, review="I am Mina.", type="ST", rating=-1
    )
    told.write(folder)
    bring_in(Wish(paths=[folder], site=SITE))
    severing.sever("Mina", SITE, "M.", mentions=[], by="ari")

    kept = b"".join(gzip.decompress(path.read_bytes()) for path in store.path_of("0" * 64).parent.parent.rglob("*.gz"))
    assert b"mina@example.com" not in kept
    assert b"I am Mina." not in kept
    assert b"'Lucy'" in kept
    told.story(3, title="New").write(folder)
    bring_in(Wish(paths=[folder], site=SITE))
    assert not Pseud.objects.filter(name="Mina").exists()


@pytest.mark.parametrize(("name", "new"), [("", "M."), (OLD, " "), (OLD, OLD.lower())])
def test_it_has_to_be_said_what_for_what(archive, name, new):
    with pytest.raises(severing.NotSaid):
        severing.sever(name, SITE, new, mentions=[], by="ari")


def test_a_name_that_stands_nowhere_is_said_to():
    with pytest.raises(severing.NothingFound):
        severing.sever("Nobody", "", "M.", mentions=[], by="ari")


@pytest.fixture
def spoken(tmp_path, home) -> Archive:
    """Taken in: Mina speaks of Lucy's news and series, and has a series, a challenge and news of her own."""
    told = small().story(1, title="Hers")
    told.columns |= {
        "news": "nid author title story time comments",
        "comments": "cid nid uid comment time",
        "challenges": "chalid challenger uid title catid characters summary responses",
    }
    told.add("series", seriesid=5, title="Nights", uid=3).add("series", seriesid=6, title="Nights of Mina", uid=2)
    told.rows["series"][1]["summary"] = "For Mina"
    told.add("reviews", reviewid=73, item=5, reviewer="Mina", uid=2, review="All of it!", type="SE", rating=-1)
    told.add("news", nid=1, author="Lucy", title="Open", story="Come in.", time="2004-05-03 10:11:12")
    told.add("news", nid=2, author="Mina", title="A ship", story="I saw it.", time="2004-05-03 10:11:12")
    told.add("challenges", chalid=4, challenger="Mina", uid=2, title="Ships", summary="Who steers?")
    told.add("comments", cid=1, nid=1, uid=2, comment="At last.", time="2004-05-03 10:11:12")
    taken_again(tmp_path, told)
    return told


def taken_again(tmp_path: Path, told: Archive) -> None:
    folder = tmp_path / "backup"
    folder.mkdir(exist_ok=True)
    told.write(folder)
    bring_in(Wish(paths=[folder], site=SITE))


def everything_meant(name: str) -> list[str]:
    return [each.key for each in severing.look(name, SITE).mentions]


@pytest.mark.usefixtures("spoken")
def test_what_she_said_of_news_and_series_bears_the_new_name_when_the_site_is_named(tmp_path):
    severing.sever("Mina", SITE, "Wilhelm", mentions=everything_meant("Mina"), by="ari")

    told = {(each.name, each.reviewer_key) for each in ReviewRow.objects.filter(work=None)}
    assert told == {("Wilhelm", "")}
    account = SeriesAccount.objects.get(key="6")
    assert (account.title, str(account.summary)) == ("Nights of Wilhelm", "<p>For Wilhelm</p>")
    assert "Mina" not in dumped(tmp_path)
    kept = store.fetch(Entry.objects.get(key="dump.sql").original)
    for words in (b"At last.", b"All of it!", b"I saw it.", b"Who steers?"):
        assert words not in kept
    assert b"Come in." in kept


@pytest.mark.usefixtures("spoken")
def test_labels_and_notes_that_mention_it_are_shown_and_changed(tmp_path):
    Work.objects.update(extras=[["Beta", "Mina and Jack"]])
    SeriesAccount.objects.filter(key="5").update(extras=[["For", "Mina"]])
    Profile.objects.filter(pseud__name="Lucy").update(fields=[["Friend", "Mina"]])
    lucy = Pseud.objects.get(name="Lucy")
    Favourite.objects.create(site=SITE, key="f", audience="everyone", member=lucy, kind="work", note=prose("By Mina."))
    severing.sever("Mina", SITE, "Wilhelm", mentions=everything_meant("Mina"), by="ari")

    assert Work.objects.get().extras == [["Beta", "Wilhelm and Jack"]]
    assert SeriesAccount.objects.get(key="5").extras == [["For", "Wilhelm"]]
    assert Profile.objects.get(pseud=lucy).fields == [["Friend", "Wilhelm"]]
    assert str(Favourite.objects.get(key="f").note) == "<p>By Wilhelm.</p>"


def test_a_name_beyond_ascii_is_found_in_labels_and_gifts_as_well():
    work = make_work("A Gift", gifts=("Zoë",), extras=(("Beta", "zoë"),), source=Source(site=SITE, key="1"))
    [found] = everything_meant("ZOË")
    severing.sever("ZOË", SITE, 'W "M"', mentions=[found], by="ari")

    work.refresh_from_db()
    assert (work.gifts, work.extras) == (['W "M"'], [["Beta", 'W "M"']])


def test_what_news_was_before_an_import_revised_it_bears_the_new_name(tmp_path, spoken):
    spoken.rows["news"][0]["story"] = "Come in, all of you."
    taken_again(tmp_path, spoken)
    severing.sever("Mina", SITE, 'W "M"', mentions=[], by="ari")

    [before] = BatchKeepsake.objects.exclude(before="").values_list("before", flat=True)
    assert [each.name for each in keepsake_from_json(store.fetch(before).decode()).comments] == ['W "M"']
    undo.undo(Batch.objects.latest("pk"))
    assert [each.name for each in ReviewRow.objects.exclude(news=None)] == ['W "M"']
