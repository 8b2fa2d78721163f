"""A story that comes as a file is a draft with its chapters, whatever its kind; and what is no story is told."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from lxml import html

from tests.manuscripts import make_chapter, make_manuscript, make_picture, prose
from tests.web.lists.pages import read, texts
from undying.exchange import uploads
from undying.formats.epub import EpubWriter
from undying.formats.html_write import HtmlWriter
from undying.formats.markdown_write import MarkdownWriter
from undying.formats.registry import readers
from undying.library.models import Work
from undying.manuscript import Credit
from undying.web import links

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("home")]

STORY = make_manuscript(
    title="The Lamp",
    credits=(Credit(name="Somebody Else"),),
    chapters=(
        make_chapter(title="The Harbour", body=prose("<p>Rain <em>came</em> in.</p>")),
        make_chapter(title="The Abbey", body=prose("<p>And went.</p>")),
    ),
)


@pytest.fixture
def ada(browser, cast):
    return browser(cast.ada)


def sent(client, name: str, data: bytes, **fields: str):
    return client.post(links.UPLOAD, {"file": SimpleUploadedFile(name, data), **fields}, follow=True)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("lamp.md", MarkdownWriter().write(STORY)),
        ("lamp.epub", EpubWriter().write(STORY)),
        ("C:\\stories\\lamp.HTML", HtmlWriter().write(STORY)),
        ("lamp.md", b"# The Harbour\n\nRain *came* in.\n\n# The Abbey\n\nAnd went.\n"),
    ],
)
def test_a_file_becomes_a_draft_of_hers_with_its_chapters(ada, guest, name, data):
    answer = sent(ada, name, data)
    work = Work.objects.get()

    assert answer.redirect_chain[0][0] == links.chapters(work)
    assert "with 2 chapters" in answer.content.decode()
    assert [(each.title, each.words) for each in work.chapters.in_order()] == [("The Harbour", 3), ("The Abbey", 2)]
    assert "<em>came</em>" in work.chapters.in_order()[0].body
    assert [each.pseud.name for each in work.creatorships.all()] == ["ada"]
    assert (work.state, work.site, work.revisions.count()) == ("draft", "", 1)
    assert guest.get(links.of(work)).status_code == 404


def test_a_file_without_a_title_gives_its_name(ada):
    sent(ada, "../The Lamp\x01 (last).txt", b"Rain came in from the sea.\n\nIt stayed.")
    assert Work.objects.get().title == "The Lamp (last)"


def test_its_pictures_come_along(ada):
    picture = make_picture()
    body = prose(f'<p>Look: <img src="picture:{picture.sha256}" alt="A ship"></p>')
    sent(
        ada, "lamp.epub", EpubWriter().write(make_manuscript(chapters=(make_chapter(body=body),), pictures=(picture,)))
    )
    shown = Work.objects.get().pictures.get()
    assert ada.get(links.picture(shown.work_id, shown.sha256)).headers["Content-Type"] == "image/png"


@pytest.mark.parametrize(
    ("name", "data", "why"),
    [
        ("lamp.pdf", b"%PDF-1.7", "lamp.pdf is none of the files that can be read here: .docx"),
        ("lamp.docx", b"No zip at all.", "lamp.docx"),
        ("lamp.txt", b"", "lamp.txt: the file is empty"),
        ("lamp.md", b"+++\ntitle = 7 7\n+++\n", "lamp.md: the front matter is no TOML"),
        ("lamp.txt", b"\x89PNG\r\n\x1a\n" + bytes(300), "lamp.txt: this is a PNG picture"),
        ("empty.fb2", b"<?xml version='1.0'?><FictionBook/>", "empty.fb2 holds no text"),
        ("dump.html", b'{"format": "undying-manuscript", "version": 1}', "dump.html is not what its name says"),
    ],
)
def test_what_is_no_story_is_told_and_leaves_nothing(ada, name, data, why):
    answer = sent(ada, name, data)

    assert why in texts(read_of(answer), "[role=alert]")[0]
    assert not Work.objects.exists()


def read_of(answer):
    return html.fromstring(answer.content)


def test_a_form_without_a_file_says_so(ada):
    assert "Choose a file first." in ada.post(links.UPLOAD).content.decode()


def test_sent_twice_it_is_one_draft(ada):
    for _ in range(2):
        sent(ada, "lamp.md", MarkdownWriter().write(STORY), token="77")
    assert Work.objects.count() == 1


def test_a_title_that_is_too_long_is_told(ada):
    story = MarkdownWriter().write(make_manuscript(title="x" * 300))
    assert "of 255 at most" in texts(read_of(sent(ada, "lamp.md", story)), "[role=alert]")[0]


def test_the_form_of_a_new_work_leads_there_and_guests_have_no_such_page(ada, guest):
    assert links.UPLOAD in [each.get("href") for each in read(ada, links.NEW_WORK).cssselect("main a")]
    assert guest.get(links.UPLOAD).status_code == 404
    assert sent(guest, "lamp.md", b"Hello").status_code == 404


def test_every_reader_that_is_named_is_there():
    assert {each.name for each in readers()} >= uploads.READERS
