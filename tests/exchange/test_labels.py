"""Labels of an import: proposed, decided at the desk or in a spreadsheet, kept, and applied when it is read again."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.formats.efiction_archive import small
from undying.cli.importing import import_
from undying.exchange import labels_csv, meanings, undo
from undying.exchange.imports import BroughtInOtherwise, Wish, bring_in
from undying.exchange.labels_csv import choices, decisions, parsed_tags, proposed, shown_tags, written
from undying.exchange.models import Batch, BatchMeaning, BatchState
from undying.exchange.spreadsheet import Faulty
from undying.formats import Meaning
from undying.library.models import Tag
from undying.manuscript import Tagging, TagKind

if TYPE_CHECKING:
    from pathlib import Path

database = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("home")]
pytestmark = database
WHITBY = (Tagging(kind=TagKind.FANDOM, name="Dracula - Bram Stoker"), Tagging(kind=TagKind.ADDITIONAL, name="Whitby"))


@pytest.fixture
def dump(tmp_path: Path) -> Path:
    """Three stories: one in a fandom, one in a section, one with a label that a spreadsheet would run."""
    archive = small()
    archive.add("categories", catid=2, parentcatid=-1, category="Miscellaneous")
    archive.add("categories", catid=3, parentcatid=-1, category='=HYPERLINK("x")')
    for sid in (1, 2, 3):
        archive.story(sid, f"Night {sid}.", catid=str(sid))
    folder = tmp_path / "saved"
    folder.mkdir()
    return archive.write(folder)


def taken(dump: Path, **asked: object) -> Batch:
    return Batch.objects.get(pk=bring_in(Wish(paths=[dump], **asked)).batch)  # type: ignore[arg-type]  # the options of an import


def label(batch: Batch, name: str) -> BatchMeaning:
    return batch.meanings.get(name=name)


def table_of(batch: Batch) -> bytes:
    return "".join(written(batch.meanings.all())).encode()


def edited(data: bytes, name: str, **cells: str) -> bytes:
    rows = list(csv.DictReader(io.StringIO(data.decode(), newline="")))
    out = io.StringIO()
    writer = csv.DictWriter(out, rows[0].keys())
    writer.writeheader()
    writer.writerows(row | cells if row["name"] == name else row for row in rows)
    return out.getvalue().encode()


def test_a_batch_keeps_what_each_label_is_taken_for(dump: Path) -> None:
    row = label(taken(dump), "Miscellaneous")
    assert (row.table, row.key, row.uses, row.examples) == ("fanfiction_categories", "2", 1, ["Story 2"])
    assert (row.proposed, row.is_decided, row.is_certain) == ([], False, False)
    assert "part of the site" in row.why


def test_reading_the_same_batch_again_keeps_decisions_and_forgets_what_is_gone(dump: Path) -> None:
    batch = taken(dump)
    BatchMeaning.objects.create(batch=batch, table="fanfiction_categories", key="99", name="Gone")
    meanings.decide(batch, {label(batch, "Miscellaneous").pk: WHITBY})
    undo.undo(batch)
    assert set(batch.meanings.values_list("name", flat=True)) == {"Miscellaneous"}

    again = taken(dump)
    assert again.pk == batch.pk
    assert meanings.decided(again) == {("fanfiction_categories", "2"): WHITBY}
    assert Tag.objects.filter(name="Whitby").exists()
    assert not again.meanings.filter(name="Gone").exists()


def test_a_label_can_give_several_tags_or_none_and_go_back_to_what_was_proposed(dump: Path) -> None:
    batch = taken(dump)
    row = label(batch, "Dracula")
    assert meanings.decide(batch, {row.pk: WHITBY}) == 1
    assert meanings.decide(batch, {row.pk: WHITBY}) == 0
    assert meanings.effective(label(batch, "Dracula")) == WHITBY
    meanings.decide(batch, {row.pk: ()})
    assert meanings.effective(label(batch, "Dracula")) == ()
    meanings.decide(batch, {row.pk: None})
    assert meanings.effective(label(batch, "Dracula")) == (Tagging(kind=TagKind.FANDOM, name="Dracula"),)


def test_a_first_import_takes_its_labels_from_a_file_and_keeps_them_as_decided(dump: Path, tmp_path: Path) -> None:
    table = tmp_path / "labels.csv"
    rehearsal = CliRunner().invoke(import_, ["files", str(dump), "--dry-run", "--labels-csv", str(table)])
    assert rehearsal.exit_code == 0, rehearsal.output
    assert not Batch.objects.exists()
    table.write_bytes(
        edited(table.read_bytes().removeprefix(b"\xef\xbb\xbf"), "Miscellaneous", kind="fandom", tag="Carmilla")
    )
    done = CliRunner().invoke(import_, ["files", str(dump), "--labels", str(table)])
    assert done.exit_code == 0, done.output
    batch = Batch.objects.get()
    assert label(batch, "Miscellaneous").decided == [["fandom", "Carmilla"]]
    assert Tag.objects.filter(name="Carmilla", kind=TagKind.FANDOM).exists()


def test_an_import_with_labels_that_was_cut_off_goes_on_with_the_same_command(dump: Path) -> None:
    chosen = {("fanfiction_categories", "2"): WHITBY, ("fanfiction_categories", "77"): WHITBY}
    batch = taken(dump, meanings=chosen)
    for state in (BatchState.RUNNING, BatchState.STOPPED, BatchState.DONE):
        Batch.objects.filter(pk=batch.pk).update(state=state)
        again = taken(dump, meanings=chosen)
        assert (again.pk, again.state, meanings.decided(again)) == (batch.pk, BatchState.DONE, chosen)


def test_labels_that_the_archive_does_not_have_are_told(dump: Path) -> None:
    batch = taken(dump, meanings={("fanfiction_categories", "77"): WHITBY})
    assert batch.remarks.filter(text__contains="77 of fanfiction_categories").exists()


def test_the_same_files_with_other_labels_or_repairs_are_refused_until_they_are_taken_back(dump: Path) -> None:
    batch = taken(dump)
    with pytest.raises(BroughtInOtherwise, match=f"undo {batch.pk}"):
        taken(dump, repairs=frozenset({"efiction-entities"}))
    with pytest.raises(BroughtInOtherwise):
        taken(dump, meanings={("fanfiction_categories", "2"): WHITBY})
    undo.undo(batch)
    again = taken(dump, repairs=frozenset({"efiction-entities"}), meanings={("fanfiction_categories", "2"): WHITBY})
    assert (again.pk, again.state, again.wish["repairs"]) == (batch.pk, BatchState.DONE, ["efiction-entities"])
    assert taken(dump).pk == batch.pk


def test_the_table_has_the_same_columns_always_and_comes_back_as_it_went(dump: Path) -> None:
    batch = taken(dump)
    data = table_of(batch)
    assert data.decode().splitlines()[0] == "table,key,name,parent,uses,examples,kind,tag,decided,why"
    assert set(choices(data, batch.meanings.all()).values()) == {None}


def test_what_a_spreadsheet_would_run_is_written_with_an_apostrophe_and_read_without(dump: Path) -> None:
    batch = taken(dump)
    data = table_of(batch)
    assert b"'=HYPERLINK" in data
    assert b",=HYPERLINK" not in data
    chosen = choices(edited(data, "Miscellaneous", kind="additional", tag="'=1+1"), batch.meanings.all())
    assert chosen[label(batch, "Miscellaneous").pk] == (Tagging(kind=TagKind.ADDITIONAL, name="=1+1"),)
    assert chosen[label(batch, '=HYPERLINK("x")').pk] is None


@pytest.mark.parametrize("save", ["semicolons", "tabs", "windows", "marked", "utf-16", "shuffled"])
def test_what_spreadsheets_do_to_files_is_undone(dump: Path, save: str) -> None:
    batch = taken(dump)
    text = edited(table_of(batch), "Miscellaneous", kind="fandom", tag="Séance").decode()
    rows = list(csv.reader(io.StringIO(text, newline="")))
    if save == "shuffled":
        rows = [row[::-1] for row in [rows[0], *rows[:0:-1]]]
    out = io.StringIO()
    csv.writer(out, delimiter={"semicolons": ";", "tabs": "\t", "utf-16": "\t"}.get(save, ",")).writerows(rows)
    data = out.getvalue().encode({"windows": "cp1252", "marked": "utf-8-sig", "utf-16": "utf-16"}.get(save, "utf-8"))
    chosen = choices(data, batch.meanings.all())
    assert {number: tags for number, tags in chosen.items() if tags} == {
        label(batch, "Miscellaneous").pk: (Tagging(kind=TagKind.FANDOM, name="Séance"),)
    }


FAULTS = {
    "an unknown kind": ({"kind": "ship", "tag": "x"}, "'ship' is no kind"),
    "a tag without a name": ({"kind": "fandom", "tag": ""}, "lacks its name"),
    "a section with a tag": ({"kind": "section", "tag": "x"}, "gives no tag"),
    "more kinds than tags": ({"kind": "fandom | additional", "tag": "x"}, "2 kinds for 1 tags"),
    "a label that is not there": ({"key": "1234"}, "no label '1234'"),
    "no label": ({"key": ""}, "names no label"),
    "a strange decision": ({"decided": "perhaps"}, "write yes, no, or nothing"),
    "a tag that is too long": ({"kind": "fandom", "tag": "x" * 501}, "at most 500"),
    "too many tags": ({"kind": "fandom", "tag": "|".join("abcdefghijk")}, "at most 10"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_line_that_is_wrong_is_named_and_nothing_of_the_file_is_taken(dump: Path, tmp_path: Path, fault: str) -> None:
    cells, told = FAULTS[fault]
    batch = taken(dump)
    table = tmp_path / "edited.csv"
    data = edited(table_of(batch), "Dracula", kind="additional", tag="Castles")
    table.write_bytes(edited(data, "Miscellaneous", **cells))
    answer = CliRunner().invoke(import_, ["labels", str(batch.pk), "--from", str(table)])
    assert answer.exit_code != 0
    assert isinstance(answer.exception, Faulty)
    assert told in str(answer.exception)
    line = next(n for n, each in enumerate(data.decode().splitlines(), 1) if "Miscellaneous" in each)
    assert str(answer.exception).startswith(f"Line {line}: ")
    assert not meanings.decided(batch)


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "the heading lacks"),
        (b"name,kind,tag\nDracula,fandom,Dracula\n", "lacks key, table"),
        (b"table,key,kind,tag\n" + b'"' + b"x" * 200_000 + b'"\n', "no line of a table"),
        (b"\x00\x01\x02", "the heading lacks"),
        (b"table,key,kind,tag\na,1,fandom,x\na,1,fandom,y\n", "something else of the same label as line 2"),
    ],
)
def test_files_that_are_no_tables_are_refused_with_a_sentence(data: bytes, told: str, tmp_path: Path) -> None:
    file = tmp_path / "x.csv"
    file.write_bytes(data)
    with pytest.raises(Faulty, match=told):
        decisions(file)


def test_a_file_beyond_all_measure_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(labels_csv, "LARGEST", 100)
    file = tmp_path / "x.csv"
    file.write_bytes(b"table,key,kind,tag\n" * 50)
    with pytest.raises(Faulty, match="larger than 100 bytes"):
        decisions(file)


def test_the_command_writes_takes_and_lists_labels(dump: Path, tmp_path: Path) -> None:
    batch = taken(dump)
    table = tmp_path / "labels.csv"
    assert "4 labels" in CliRunner().invoke(import_, ["labels", str(batch.pk), "--csv", str(table)]).output
    text = table.read_bytes().removeprefix(b"\xef\xbb\xbf")
    table.write_bytes(edited(text, "Dracula", decided="yes"))
    taken_in = CliRunner().invoke(import_, ["labels", str(batch.pk), "--from", str(table)])
    assert "1 decisions changed" in taken_in.output
    listed = CliRunner().invoke(import_, ["labels", str(batch.pk)]).output
    assert "fanfiction_categories\t1\tDracula\t1\tfandom\tDracula\tdecided" in listed
    assert "Miscellaneous\t1\tsection\t\tnot sure" in listed
    table.write_bytes(edited(text, "Dracula", decided="no"))
    CliRunner().invoke(import_, ["labels", str(batch.pk), "--from", str(table)])
    assert not meanings.decided(batch)


def test_a_table_is_not_written_where_nothing_is_rehearsed(dump: Path, tmp_path: Path) -> None:
    answer = CliRunner().invoke(import_, ["files", str(dump), "--labels-csv", str(tmp_path / "x.csv")])
    assert answer.exit_code == 1
    assert "goes with --dry-run" in answer.output


_NAMES = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=20).map(
    lambda name: " ".join(name.split())
).filter(bool)  # fmt: skip
_TAGS = st.lists(st.builds(Tagging, kind=st.sampled_from(TagKind), name=_NAMES), max_size=4).map(tuple)


@given(tags=_TAGS)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_tags_come_back_from_a_cell_as_they_went(tags: tuple[Tagging, ...]) -> None:
    kinds = " | ".join(tagging.kind for tagging in tags) or "section"
    assert parsed_tags(kinds, shown_tags(tags)) == tags


@given(tags=_TAGS, name=_NAMES, key=st.text("=+-@'a1", min_size=1, max_size=6))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)
def test_every_label_comes_back_from_its_file(
    tmp_path_factory: pytest.TempPathFactory, tags: tuple[Tagging, ...], name: str, key: str
) -> None:
    file = tmp_path_factory.mktemp("csv") / "labels.csv"
    meaning = Meaning(table="t", key=key, name=name, taggings=tags, examples=(name,), parent=name, why=name)
    file.write_text("".join(proposed([meaning])), encoding="utf-8-sig", newline="")
    assert decisions(file) == {("t", key): tags}
