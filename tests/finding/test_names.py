"""What somebody who typed a name means, of what she may see."""

from __future__ import annotations

import pytest

from tests.makers import make_work
from undying.finding import engine, indexer, names
from undying.finding.criteria import Criteria, Misread
from undying.finding.models import PersonWord, SeriesWord
from undying.kernel import ledger
from undying.library.actions import WORK
from undying.library.models import Creatorship, Series, Tag
from undying.library.wrangling import make_synonym
from undying.manuscript import Audience, Credit, SeriesPlace, State, TagKind
from undying.people.models import Pseud
from undying.people.viewer import Viewer

pytestmark = pytest.mark.usefixtures("home", "db")
GUEST = Viewer.anyone()
MEMBER = Viewer(user_id=7)


def number(name: str) -> int:
    return Tag.objects.get(name=name).pk


def find(who: Viewer = GUEST, **wanted) -> engine.Listing:
    return engine.find(Criteria(**wanted), who)


def place(title: str) -> SeriesPlace:
    return SeriesPlace(title=title, position=1, key=title)


def engine_is_up_to_date(*works: int) -> None:
    ledger.mark(WORK, works)
    indexer.drain_if_free()


def titles(listing: engine.Listing) -> set[str]:
    return {work.title for work in listing.works}


def test_a_tag_is_known_by_its_name_whatever_the_case_and_the_accents():
    make_work("One", tags={TagKind.ADDITIONAL: ["Café Après-Ski"]})

    for typed in ("Café Après-Ski", "cafe apres-ski", "CAFÉ  APRÈS-SKI", "tag:cafe apres-ski"):
        listing = find(other_include=(typed,))
        assert (titles(listing), listing.criteria.include) == ({"One"}, (number("Café Après-Ski"),)), typed
        assert listing.troubles == ()


def test_a_kind_tells_tags_of_one_name_apart_and_a_colon_may_be_the_names_own():
    make_work("Book", tags={TagKind.FANDOM: ["Dracula"]})
    make_work("Count", tags={TagKind.CHARACTER: ["Dracula"], TagKind.ADDITIONAL: ["Character: Mina"]})

    assert titles(find(other_include=("Dracula",))) == titles(find(other_include=("fandom:Dracula",))) == {"Book"}
    assert titles(find(other_include=("character:dracula",))) == {"Count"}
    assert titles(find(other_exclude=("character:dracula",))) == {"Book"}
    assert titles(find(other_include=("Character: Mina",))) == {"Count"}


def test_of_names_that_differ_in_case_alone_the_one_that_was_written_is_meant():
    make_work("Great", tags={TagKind.ADDITIONAL: ["Slow Burn"]})
    make_work("Small", tags={TagKind.ADDITIONAL: ["slow burn"]})

    assert titles(find(other_include=("slow burn",))) == {"Small"}
    assert titles(find(other_include=("Slow Burn",))) == {"Great"}
    assert titles(find(other_exclude=("slow burn",))) == {"Great"}
    assert titles(find(other_exclude=("SLOW BURN",))) == set()


def test_a_synonym_means_its_canonical_tag_by_name_and_by_number():
    make_work("One", tags={TagKind.FANDOM: ["Dracula - Bram Stoker"]})
    make_work("Two", tags={TagKind.FANDOM: ["Drac"]})
    synonym, canonical = Tag.objects.get(name="Drac"), Tag.objects.get(name="Dracula - Bram Stoker")
    make_synonym(synonym, of=canonical)
    engine_is_up_to_date()

    for wanted in ({"other_include": ("drac",)}, {"include": (synonym.pk,)}, {"any_of": ((synonym.pk,),)}):
        listing = find(**wanted)
        assert titles(listing) == {"One", "Two"}
        assert listing.tags[canonical.pk] == canonical
    assert titles(find(exclude=(synonym.pk,))) == set()


def test_ao3s_changed_names_are_known_by_either():
    make_work("Old", tags={TagKind.WARNING: ["Underage", "Creator Chose Not To Use Archive Warnings"]})

    for typed in ("warning:Underage Sex", "Underage", "warning:Choose Not To Use Archive Warnings"):
        assert titles(find(other_include=(typed,))) == {"Old"}, typed


def test_one_of_a_group_is_enough_and_what_is_unknown_in_it_is_told():
    make_work("One", tags={TagKind.FANDOM: ["Dracula"]})
    make_work("Two", tags={TagKind.FANDOM: ["Carmilla"]})
    make_work("Three", tags={TagKind.FANDOM: ["Emma"]})

    listing = find(other_any=(("fandom:dracula", "Carmilla"),))
    assert titles(listing) == {"One", "Two"}
    assert listing.criteria.any_of == ((number("Dracula"), number("Carmilla")),)
    assert titles(find(other_any=(("Emma", str(number("Dracula"))),))) == {"One", "Three"}
    assert titles(find(other_any=(("Emma", "Nonsense"),))) == {"Three"}
    nothing = find(other_any=(("Nonsense", "Rubbish"),))
    assert titles(nothing) == set()
    assert nothing.troubles[0] == Misread("", "No work here carries the tag “Nonsense”.")


def test_what_is_unknown_is_told_by_its_kind():
    make_work("One", tags={TagKind.FANDOM: ["Dracula"]})

    listing = find(other_include=("ship:Nobody/Noone",), other_exclude=("Nonsense",))
    assert [each.sentence for each in listing.troubles] == [
        "No work here carries the relationship “Nobody/Noone”.",
        "No work here carries the tag “Nonsense”.",
    ]


def test_a_name_that_is_misspelt_offers_those_that_are_like_it():
    make_work("One", tags={TagKind.FANDOM: ["Dracula - Bram Stoker", "Carmilla"], TagKind.CHARACTER: ["Mina Harker"]})
    make_work("Two", tags={TagKind.FANDOM: ["Sherlock Holmes"], TagKind.ADDITIONAL: ["Slow Burn"]})

    def offered(text: str, who: Viewer = GUEST) -> list[str]:
        return [tag.name for tags in find(who, other_include=(text,)).instead.values() for tag in tags]

    assert offered("Drakula") == ["Dracula - Bram Stoker"]
    assert offered("carmila") == ["Carmilla"]
    assert offered("slow brun") == ["Slow Burn"]
    assert offered("fandom:Sherlok Homes") == ["Sherlock Holmes"]
    assert offered("fandom:Slow Burn") == ["Slow Burn"]
    assert offered("character:Carmila") == []
    assert offered("Something Else") == offered("♥") == []


def test_no_name_is_offered_that_only_secret_works_carry():
    make_work("Closed", tags={TagKind.FANDOM: ["Dracula"]}, audience=Audience.MEMBERS)
    make_work("Draft", tags={TagKind.FANDOM: ["Carmilla"]}, state=State.DRAFT)

    for text in ("Drakula", "Carmila"):
        assert find(other_include=(text,)).instead == {}
    assert [tag.name for tag in find(MEMBER, other_include=("Drakula",)).instead["Drakula"]] == ["Dracula"]
    assert names.tags_meant(["DRACULA", "Nonsense"], GUEST) == {"DRACULA": [], "Nonsense": []}


def test_a_secret_tag_does_not_hide_one_that_differs_in_case():
    make_work("Closed", tags={TagKind.ADDITIONAL: ["Slow Burn"]}, audience=Audience.MEMBERS)
    make_work("Open", tags={TagKind.ADDITIONAL: ["slow burn"]})

    assert titles(find(other_include=("Slow Burn",))) == {"Open"}


def test_people_are_known_by_their_names_and_one_of_a_name_by_her_account(cast):
    make_work("Hers", owner=cast.ada)
    make_work("Other", credits=(Credit(name="Ada"),))
    make_work("Third", credits=(Credit(name="Béla"),))
    one = cast.ada.pseuds.get()

    both = find(other_creators=(one.name.upper(),))
    assert titles(find(other_creators=("bela",))) == {"Third"}
    assert titles(find(other_not_creators=("bela",))) == {"Hers", "Other"}
    assert titles(find(other_creators=(f"{one.name} ({cast.ada.username})",))) == {"Hers"}
    assert set(both.criteria.creators) >= {one.pk}
    assert both.spelling.person(one.pk) == f"{one.name} ({cast.ada.username})"
    assert both.people[one.pk] == one


def test_whom_nobody_is_called_is_looked_for_by_the_words_of_the_name():
    make_work("One", credits=(Credit(name="Mary Ann Evans"),))
    listing = find(other_creators=("Evans",))

    assert titles(listing) == {"One"}
    assert (listing.criteria.creators, listing.criteria.other_creators) == ((), ("Evans",))
    assert titles(find(other_creators=("Nobody",))) == set()


def test_a_pen_name_that_only_secret_works_bear_is_nobodys():
    make_work("Closed", credits=(Credit(name="Ann"),), audience=Audience.MEMBERS)
    make_work("Open", credits=(Credit(name="Bea"),))

    assert find(other_creators=("Ann",)).criteria.creators == ()
    assert find(other_creators=("Ann",)).total == 0
    assert titles(find(MEMBER, other_creators=("Ann",))) == {"Closed"}


def test_a_series_is_known_by_its_title():
    make_work("One", series=(place("Nights in the Abbey"),))
    make_work("Two", series=(place("Other Nights"),))
    make_work("Closed", series=(place("Secret Nights"),), audience=Audience.MEMBERS)

    listing = find(other_series="nights in the abbey")
    assert titles(listing) == {"One"}
    assert listing.series == Series.objects.get(title="Nights in the Abbey")
    assert [each.sentence for each in find(other_series="Secret Nights").troubles] == [
        "No series here is called “Secret Nights”."
    ]
    assert find(other_series="Secret Nights").total == 0
    assert titles(find(MEMBER, other_series="Secret Nights")) == {"Closed"}


def test_words_of_names_follow_the_names_and_go_with_them():
    work = make_work("One", credits=(Credit(name="Old Name"),), series=(place("Nights"),))
    Pseud.objects.filter(name="Old Name").update(name="New Name")
    engine_is_up_to_date(work.pk)

    assert set(PersonWord.objects.values_list("word", flat=True)) == {"new", "name"}
    assert set(SeriesWord.objects.values_list("word", flat=True)) == {"nights"}
    Creatorship.objects.all().delete()
    Pseud.objects.all().delete()
    assert not PersonWord.objects.exists()


@pytest.mark.parametrize("count", [1, 20])
def test_names_that_are_known_cost_the_same_for_any_number(count, django_assert_max_num_queries):
    wanted = [f"Tag {each}" for each in range(count)]
    make_work("One", tags={TagKind.ADDITIONAL: wanted}, credits=(Credit(name="Ann"),), series=(place("Nights"),))

    with django_assert_max_num_queries(18):
        listing = find(
            other_include=tuple(name.lower() for name in wanted), other_creators=("ann",), other_series="nights"
        )
    assert titles(listing) == {"One"}


def test_thousands_of_odd_names_are_answered_soon():
    make_work("One", tags={TagKind.ADDITIONAL: ["Fluff"]})
    odd = (
        "\ud800".encode("utf-8", "replace").decode(),
        "(" * 2000,
        "a " * 900,
        "%",
        "_",
        "♥" * 500,
        "x" * 2000,
        ":",
        "tag:",
    )

    listing = find(other_include=odd, other_exclude=odd, other_any=(odd,), other_creators=odd, other_series="%" * 500)
    assert titles(listing) == set()


def test_secret_tags_keep_no_other_from_being_offered():
    make_work("Open", tags={TagKind.ADDITIONAL: ["Lanternz"]})
    secret = [f"Lantern{each:03}" for each in range(names.MOST_TRIED)]
    make_work("Closed", tags={TagKind.ADDITIONAL: secret}, state=State.DRAFT)

    assert [each.name for each in names.nearest_tags("Lanterns", GUEST)] == ["Lanternz"]
