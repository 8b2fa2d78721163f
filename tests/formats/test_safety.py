"""What strangers made is opened with every resource bounded, and refused in one sentence."""

from __future__ import annotations

import stat
import struct
import zipfile
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.formats.downloads import zipped
from undying.formats import Unreadable, safety
from undying.formats.safety import decode, open_zip, parse_html, parse_page, parse_xml


def refusal(call, *arguments) -> str:
    with pytest.raises(Unreadable) as caught:
        call(*arguments)
    text = str(caught.value)
    assert text.endswith(".")
    assert "\n" not in text
    return text


def test_a_zip_gives_its_files(tmp_path):
    with open_zip(zipped(tmp_path / "a.zip", {"one.txt": "1", "sub/two.txt": b"2"})) as archive:
        assert archive.names == ("one.txt", "sub/two.txt")
        assert archive.read("sub/two.txt") == b"2"
        assert "one.txt" in archive
        assert "no file “three.txt”" in refusal(archive.read, "three.txt")


@pytest.mark.parametrize("name", ["../x", "a/../../x", "/etc/x", "C:/x", "C:\\x", "a\\..\\..\\x"])
def test_names_that_would_escape_are_refused(tmp_path, name):
    path = zipped(tmp_path / "a.zip", {"good.txt": "1", name: "x"})
    assert "escape its folder" in refusal(open_zip, path)


def test_a_symbolic_link_is_refused(tmp_path):
    info = zipfile.ZipInfo("link")
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr(info, "/etc/passwd")
    assert "symbolic link" in refusal(open_zip, tmp_path / "a.zip")


def test_two_files_of_one_name_are_refused(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("x", "1")
        with pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr("x", "2")
    assert "two files named “x”" in refusal(open_zip, tmp_path / "a.zip")


def test_too_many_files_are_refused(tmp_path, monkeypatch):
    path = zipped(tmp_path / "a.zip", {str(number): "" for number in range(4)})
    assert "holds 4 files" in refusal(open_zip, path, "", replace(safety.BOOK, members=3))
    crowd = zipped(tmp_path / "b.zip", {str(number): "" for number in range(40)})
    monkeypatch.setattr("zipfile.ZipFile", None)  # its directory alone would fill the memory: it must not be read
    assert "far more than 3 files" in refusal(open_zip, crowd, "", replace(safety.BOOK, members=3))


def test_a_bomb_is_stopped_while_it_unpacks(tmp_path):
    path = zipped(tmp_path / "a.zip", {"bomb": b"\0" * 20_000_000})
    with open_zip(path) as archive:
        assert "as traps do" in refusal(archive.read, "bomb")


def test_many_pages_that_are_too_much_together_are_stopped(tmp_path):
    path = zipped(tmp_path / "a.zip", {"a": "x" * 600, "b": "x" * 600})
    with open_zip(path, bounds=replace(safety.BOOK, total=1000)) as archive:
        archive.read("a")
        assert "more than 1,000 bytes" in refusal(archive.read, "b")


def test_a_limit_for_one_file_holds(tmp_path):
    with open_zip(zipped(tmp_path / "a.zip", {"a": "x" * 600})) as archive:
        assert "larger than 500 bytes" in refusal(archive.read, "a", 500)


def test_files_that_share_bytes_are_refused(tmp_path):
    path = zipped(tmp_path / "a.zip", {"first": "one", "second": "two"})
    data = bytearray(path.read_bytes())
    second = data.rfind(b"PK\x01\x02")
    struct.pack_into("<L", data, second + 42, 0)  # both entries of the directory now name the first file's bytes
    path.write_bytes(data)
    assert "overlap" in refusal(open_zip, path)


def test_a_password_is_named_as_the_reason(tmp_path):
    path = zipped(tmp_path / "a.zip", {"a": "secret"})
    data = bytearray(path.read_bytes())
    data[data.find(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(data)
    assert "password" in refusal(open_zip, path)


def test_a_file_that_was_changed_on_the_way_is_called_damaged(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("a", "the castle")
    path = tmp_path / "a.zip"
    path.write_bytes(path.read_bytes().replace(b"the castle", b"the cattle"))
    with open_zip(path) as archive:
        assert "damaged" in refusal(archive.read, "a")


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "is empty"),
        (b"\x89PNG\r\n\x1a\n....", "but a PNG picture"),
        (b"%PDF-1.4", "but a PDF"),
        (b"  <html>", "but an HTML or XML page"),
        (b"once upon a time", "is no zip file"),
    ],
)
def test_what_is_no_zip_is_told_for_what_it_is(tmp_path, data, words):
    path = tmp_path / "story.epub"
    path.write_bytes(data)
    assert words in refusal(open_zip, path)


@given(cut=st.integers(min_value=4, max_value=160))
def test_a_zip_that_was_cut_off_is_refused(tmp_path_factory, cut):
    path = zipped(tmp_path_factory.mktemp("cut") / "a.zip", {"letters.txt": "Dear Mina, " * 40})
    whole = path.read_bytes()
    assert "download or copy" in refusal(open_zip, whole[: min(cut, len(whole) - 1)], "a.zip")


def test_a_missing_file_is_told_without_its_folder(tmp_path):
    text = refusal(open_zip, tmp_path / "gone.zip")
    assert "gone.zip cannot be opened" in text
    assert str(tmp_path) not in text


BOMB = b"""<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]><a x="&b;">&b;</a>"""
OUTSIDE = b"""<?xml version="1.0"?><!DOCTYPE a [<!ENTITY f SYSTEM "file:///etc/hostname">]><a>&f;</a>"""


@pytest.mark.parametrize("data", [BOMB, OUTSIDE, BOMB.decode().encode("utf-16")])
def test_entities_are_refused(data):
    assert "entities of its own" in refusal(parse_xml, data, "the package")


def test_a_document_type_alone_is_harmless_and_names_of_html_are_read():
    data = (
        b'<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.1//EN" "http://no.invalid/x.dtd"><p>a&nbsp;b &amp; c&hellip;</p>'
    )
    assert parse_xml(data).text == "a\xa0b & c…"


def test_what_is_not_well_formed_is_refused_with_its_line():
    text = refusal(parse_xml, b"<a>\n<b>\n</a>", "the package")
    assert text.startswith("the package is not well-formed XML")
    assert "(line 3)" in text


def test_a_declared_encoding_that_does_not_fit_is_refused():
    assert "not well-formed" in refusal(parse_xml, '<?xml version="1.0" encoding="utf-8"?><a>é</a>'.encode("latin-1"))
    assert "not well-formed" in refusal(parse_xml, b'<?xml version="1.0" encoding="klingon"?><a/>')


def test_deep_nesting_neither_crashes_nor_loses_text():
    page = parse_html("<center>" * 400 + "still here")
    assert "still here" in "".join(page.itertext())
    assert "too deeply" in refusal(parse_html, "<div>" * 100_000 + "x", "the page")


@pytest.mark.parametrize(
    ("data", "text", "wrong"),
    [
        ("Mina’s".encode(), "Mina’s", ""),
        ("\ufeffMina’s".encode(), "Mina’s", ""),
        ("Mina’s".encode("utf-16"), "Mina’s", ""),
        ("Mina’s".encode("windows-1252"), "Mina’s", "read as Windows-1252"),
        (b"\x81Mina\x92s", "\x81Mina’s", "read as Windows-1252"),
        ('<meta charset="iso-8859-1">Mina’s'.encode("windows-1252"), '<meta charset="iso-8859-1">Mina’s', ""),
        ('<meta charset="iso-8859-1">Mina’s'.encode(), '<meta charset="iso-8859-1">Mina’s', "but is UTF-8"),
        ('<meta charset="windows-1251">Мина'.encode("windows-1251"), '<meta charset="windows-1251">Мина', ""),
        ('<meta charset="klingon">é'.encode("latin-1"), '<meta charset="klingon">é', "(“klingon”)"),
    ],
)
def test_text_is_decoded_as_what_it_is(data, text, wrong):
    found, said = decode(data)
    assert found == text
    assert wrong in said
    assert bool(wrong) == bool(said)


@given(st.binary(max_size=400))
def test_any_bytes_decode(data):
    decode(data)


@given(st.binary(max_size=400))
def test_any_bytes_are_a_page_or_a_refusal(data):
    try:
        parse_page(data)
    except Unreadable as error:
        assert str(error).endswith(".")  # noqa: PT017  either way is right


def test_an_unsound_xhtml_page_is_read_as_browsers_do():
    root, wrong = parse_page(b"<html><body><p>One<p>Two<br>three &unknown;</body></html>")
    assert [" ".join(each.itertext()) for each in root.iter("p")] == ["One", "Two three &unknown;"]
    assert wrong == ""
