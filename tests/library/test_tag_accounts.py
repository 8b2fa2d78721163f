"""What is known of tags as values: told, made true as a whole or not at all."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from tests.library.test_tag_graph import reached, tag
from undying.library import tag_accounts, wrangling
from undying.library.models import Tag
from undying.library.tag_accounts import Fault, Faulty, keep, together
from undying.manuscript import Medium, TagAccount, Tagging, TagKind

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("home")]


def of(name: str, kind: TagKind = TagKind.FANDOM, **said: object) -> TagAccount:
    return TagAccount(tag=Tagging(kind=kind, name=name), **said)  # type: ignore[arg-type]  # its other fields


def all_told() -> list[TagAccount]:
    return list(tag_accounts.told(tag_accounts.spoken_of()))


def faults(*values: TagAccount) -> list[Fault]:
    with pytest.raises(Faulty) as refused:
        keep(values)
    return list(refused.value.faults)


SHELF = [
    of("Mina Harker", TagKind.CHARACTER, fandoms=("Carmilla", "Dracula")),
    of("Dracula", parents=("Gothic", "Novels"), medium=Medium.BOOKS),
    of("dracula", canonical="Dracula"),
    of("Gothic", parents=("Novels",)),
]


def test_what_is_kept_is_told_the_same_whatever_the_order():
    shuffled = list(SHELF)
    random.Random(4).shuffle(shuffled)
    kept = keep(shuffled)
    assert kept.changed == 4
    assert {each.name for each in kept.made} == {"Mina Harker", "Dracula", "dracula", "Gothic", "Novels", "Carmilla"}
    assert set(all_told()) == set(SHELF)
    assert reached("dracula") == {"Dracula", "Gothic", "Novels"}
    assert keep(all_told()) == tag_accounts.Kept(changed=0, made=())


def test_what_is_left_out_ends():
    keep(SHELF)
    keep(
        [of("Dracula", parents=("Novels",)), of("dracula"), of("Mina Harker", TagKind.CHARACTER, fandoms=("Dracula",))]
    )
    assert set(all_told()) == {
        of("Dracula", parents=("Novels",)),
        of("Gothic", parents=("Novels",)),
        of("Mina Harker", TagKind.CHARACTER, fandoms=("Dracula",)),
    }
    assert reached("dracula") == set()


def test_a_synonym_and_its_canonical_tag_may_change_places():
    keep(SHELF)
    keep([of("Dracula", canonical="dracula"), of("dracula", parents=("Gothic",), medium=Medium.BOOKS)])
    assert reached("Dracula") == {"dracula", "Gothic", "Novels"}
    assert of("Mina Harker", TagKind.CHARACTER, fandoms=("Carmilla", "dracula")) in all_told()


def test_all_that_cannot_be_is_told_and_nothing_of_it_is_taken():
    keep(SHELF)
    told = faults(
        of("Odyssey", medium=Medium.BOOKS),
        of("Ulysses", canonical="Odyssey", parents=("Novels",)),
        of("Circe", TagKind.CHARACTER, parents=("",)),
        of("o" * 501),
        of("Emma", canonical="Emma"),
    )
    assert [each.place for each in told] == [1, 2, 3, 4]
    assert "is to be a synonym" in told[0].text
    assert "has no name" in told[1].text
    assert "longer than 500 characters" in told[2].text
    [fault] = faults(of("Odyssey", medium=Medium.BOOKS), of("Ulysses", canonical="dracula"))
    assert fault == Fault(1, "“dracula” is a synonym of “Dracula”. Name that one, or free the synonym first.")
    assert set(all_told()) == set(SHELF)
    assert not Tag.objects.filter(name__in=["Odyssey", "Ulysses", "Emma", "Circe"]).exists()


def test_a_ring_is_told_at_a_line_that_makes_it():
    keep(SHELF)
    [fault] = faults(of("Odyssey", medium=Medium.BOOKS), of("Novels", parents=("Dracula",)))
    assert fault.place == 1
    assert "by way of" in fault.text
    assert set(all_told()) == set(SHELF)


def test_a_medium_is_no_characters_to_have():
    [fault] = faults(of("Mina", TagKind.CHARACTER, medium=Medium.BOOKS))
    assert "only fandoms have a medium" in fault.text


def test_of_two_archives_what_was_decided_here_stands():
    keep(SHELF)
    known, other = of("Dracula", parents=("Gothic", "Novels"), medium=Medium.BOOKS), of("Dracula", canonical="Vampires")
    assert together(known, other) == known
    assert together(known, of("Dracula", parents=("Stoker",), medium=Medium.MOVIES)) == replace(
        known, parents=("Gothic", "Novels", "Stoker")
    )
    assert together(of("Novels"), of("Novels", canonical="Books")) == of("Novels"), "others are parts of it here"
    assert together(of("Nosferatu"), of("Nosferatu", parents=("dracula",))) == of("Nosferatu", parents=("Dracula",))
    assert together(of("Nosferatu"), of("Nosferatu", canonical="dracula")) == of("Nosferatu", canonical="Dracula")


def test_ten_thousand_equal_lines_cost_few_queries(django_assert_max_num_queries: pytest.FixtureRequest):
    values = [of(f"Fandom {number}", medium=Medium.BOOKS) for number in range(200)]
    keep(values)
    with django_assert_max_num_queries(6):  # type: ignore[operator]  # pytest-django types the fixture loosely
        assert keep(values).changed == 0


def test_what_nobody_needs_any_more_goes():
    value = of("Dracula", parents=("Gothic",), medium=Medium.BOOKS)
    keep([value])
    keep([of("Dracula")])
    tag_accounts.drop_unneeded(value)
    assert not Tag.objects.exists()
    keep([value])
    wrangling.set_parent(tag("Gothic"), tag("Novels"))
    keep([of("Dracula")])
    tag_accounts.drop_unneeded(value)
    assert set(Tag.objects.values_list("name", flat=True)) == {"Gothic", "Novels"}
