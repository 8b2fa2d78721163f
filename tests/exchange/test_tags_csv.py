"""Tags as a table that people edit: what was written reads back, and what is wrong is told by its line."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.library.test_tag_accounts import SHELF, all_told, of
from tests.makers import make_work
from undying.cli.tags import tags
from undying.exchange import tags_csv
from undying.exchange.spreadsheet import Faulty
from undying.library.models import Tag
from undying.library.tag_accounts import keep, spoken_of
from undying.manuscript import Medium, TagKind

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("home")]


def table(*lines: str) -> bytes:
    return "\r\n".join(("kind,name,canonical,parents,fandoms,medium", *lines)).encode()


def written() -> bytes:
    return "".join(tags_csv.written(spoken_of())).encode()


def test_what_was_written_reads_back_and_changes_nothing():
    keep(SHELF)
    assert tags_csv.apply(written()).changed == 0
    before = written()
    keep([of(each.tag.name, each.tag.kind) for each in SHELF])
    assert not all_told()
    tags_csv.apply(before)
    assert set(all_told()) == set(SHELF)
    assert written() == before


NAMES = st.text(st.characters(exclude_categories=("Cs", "Cc", "Zs", "Zl", "Zp")), min_size=1, max_size=12)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=NAMES, parents=st.frozensets(NAMES, min_size=1, max_size=3))
def test_any_name_survives_the_spreadsheet(name: str, parents: frozenset[str], home: Path):
    said = of(name, parents=tuple(sorted(parents - {name})), medium=Medium.BOOKS)
    keep([said])
    table_ = "".join(tags_csv.written(Tag.objects.filter(name=name, kind=TagKind.FANDOM))).encode()
    keep([of(name)])
    tags_csv.apply(table_)
    assert said in all_told()
    keep([of(name)])


def test_works_are_counted_and_a_column_that_is_missing_leaves_what_is_known():
    make_work(tags={TagKind.FANDOM: ["dracula"]})
    keep(SHELF)
    rows = {row["name"]: row for row in csv.DictReader(io.StringIO(written().decode()))}
    assert (rows["dracula"]["works"], rows["Dracula"]["works"]) == ("1", "0")
    tags_csv.apply(b"kind;name;medium\nfandom;Dracula;movies\n")
    assert of("Dracula", parents=("Gothic", "Novels"), medium=Medium.MOVIES) in all_told()


def test_all_that_is_wrong_is_told_by_line_and_nothing_is_taken():
    keep(SHELF)
    with pytest.raises(Faulty) as refused:
        tags_csv.apply(
            table(
                "fandom,Odyssey,,,,Books & Literature",
                "fandm,Iliad,,,,",
                "fandom,,,,,",
                "fandom,Aeneid,,,,Papyrus",
                "fandom,Ulysses,dracula,,,",
                "fandom,Emma,Odyssey,Novels,,",
                "character,Circe,,,,Movies",
                "fandom,Odyssey,,,,Movies",
            )
        )
    assert [fault.line for fault in refused.value.faults if "canonical" not in fault.text] == [3, 4, 5, 7, 9]
    told = str(refused.value)
    assert "Line 3: “fandm” is no kind; the kinds are rating, warning" in told
    assert "Line 5: “Papyrus” is no medium; the media are Anime & Manga" in told
    assert "Line 7: “Emma” is to be a synonym" in told
    assert "Line 9: it says something else of the same tag as line 2." in told
    with pytest.raises(Faulty) as refused:
        tags_csv.apply(table("fandom,Odyssey,,,,", "fandom,Ulysses,dracula,,,", "character,Circe,,,,Movies"))
    assert [fault.line for fault in refused.value.faults] == [3, 4]
    assert set(all_told()) == set(SHELF)
    assert not Tag.objects.filter(name__in=["Odyssey", "Ulysses", "Circe"]).exists()


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "Line 1: the heading lacks kind, name"),
        (b"kind,canonical\nfandom,x\n", "lacks name; it must name kind, name, canonical"),
        (b'kind,name\nfandom,"x' + b"y" * 200_000, "it is no line of a table"),
        (table("fandom,Gothic,,Gothic,,"), "Line 2: “Gothic” cannot be a part of itself."),
        (table("fandom,A,,B,,", "fandom,B,,A,,"), "“A” would be a part of itself, by way of “B”."),
        (table("fandom,A,B,,,", "fandom,B,C,,,"), "Line 2: “A” is to mean “B”, which is to mean “C” itself"),
    ],
)
def test_what_cannot_be_read_or_be_is_refused_in_a_sentence(data: bytes, sentence: str):
    with pytest.raises(Faulty, match=sentence):
        tags_csv.apply(data)
    assert not Tag.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_the_commands_list_write_and_apply(tmp_path: Path):
    make_work(tags={TagKind.FANDOM: ["dracula", "Odyssey"]})
    file = tmp_path / "tags.csv"
    file.write_bytes(table("fandom,dracula,Dracula,,,", "fandom,Dracula,,Gothic,,Books & Literature"))
    applied = CliRunner().invoke(tags, ["apply", str(file)])
    assert applied.output == "2 tags changed.\nNo work carried these yet, so they were made: “Dracula”, “Gothic”.\n"
    listed = CliRunner().invoke(tags, ["list", "--known"])
    assert listed.output == (
        "fandom\tDracula\t0\tpart of “Gothic”; Books & Literature\nfandom\tdracula\t1\tmeans “Dracula”\n"
    )
    assert "fandom\tOdyssey\t1\n" in CliRunner().invoke(tags, ["list", "--kind", "fandom"]).output
    told = CliRunner().invoke(tags, ["write", str(tmp_path / "out.csv"), "--kind", "fandom"])
    assert told.output == f"4 tags are in {tmp_path / 'out.csv'}.\n"
    assert tags_csv.apply((tmp_path / "out.csv").read_bytes()).changed == 0
    file.write_bytes(table("fandom,Dracula,,Dracula,,"))
    refused = CliRunner().invoke(tags, ["apply", str(file)])
    assert isinstance(refused.exception, Faulty)
