"""A picture that an author brings is hers alone until a work of hers shows it."""

from __future__ import annotations

import io
import json
import re
import zipfile
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from tests.web.own.test_icons import bomb, picture
from tests.web.writing.forms import WHOLE, said, written
from undying.exchange import leaving
from undying.exchange.tasks import upkeep
from undying.formats import Unreadable
from undying.formats.shown import LONGEST_SIDE, picture_of
from undying.kernel import store
from undying.kernel.clock import now
from undying.library import bringing
from undying.library.models import BroughtPicture, Draft, DraftKind, Work, WorkPicture
from undying.web import links

pytestmark = pytest.mark.django_db
WHERE = "/works/pictures"
JSON = {"Accept": "application/json"}


@pytest.fixture
def ada(cast, browser):
    return browser(cast.ada)


def send(client, data=None, **headers):
    file = SimpleUploadedFile("x.png", picture() if data is None else data, "image/png")
    return client.post(WHERE, {"picture": file}, headers=headers)


def brought(client, data=None) -> str:
    """The name of a picture that she has brought."""
    told = json.loads(send(client, data, **JSON).content)
    return str(told["src"]).removeprefix("picture:")


def shows(sha256: str) -> str:
    return f'<p>Rain <img src="picture:{sha256}" alt="A map"></p>'


@pytest.mark.parametrize(
    ("kind", "mode", "becomes"),
    [("PNG", "RGBA", "PNG"), ("GIF", "P", "PNG"), ("JPEG", "CMYK", "PNG"), ("WEBP", "RGB", "PNG"), ("PNG", "L", "PNG")],
)
def test_every_kind_of_picture_becomes_what_every_reader_shows(kind, mode, becomes):
    made = picture_of(picture(kind, mode=mode))
    with Image.open(io.BytesIO(made.data)) as image:
        assert (image.format, image.size) == (becomes, (640, 480))
    assert made.media_type == f"image/{becomes.lower()}"


def test_a_photograph_becomes_a_jpeg_no_larger_than_a_page_needs_and_tells_no_place():
    many = Image.merge("RGB", [Image.effect_noise((3000, 1000), 90) for _ in "RGB"])
    exif = Image.Exif()
    exif[0x010F] = "A Camera"
    out = io.BytesIO()
    many.save(out, "JPEG", exif=exif.tobytes(), comment=b"at home")
    made = picture_of(out.getvalue())
    with Image.open(io.BytesIO(made.data)) as image:
        assert (image.format, image.size) == ("JPEG", (LONGEST_SIDE, 667))
    assert not [word for word in (b"Camera", b"at home", b"Exif") if word in made.data]


@pytest.mark.parametrize(
    "data", [b"", b"No picture.", b"<svg xmlns='http://www.w3.org/2000/svg'/>", picture()[:200], bomb()]
)
def test_what_is_no_picture_is_refused_in_words(ada, data):
    with pytest.raises(Unreadable):
        picture_of(data)
    told = json.loads(send(ada, data, **JSON).content)["refused"]
    assert "picture" in told
    assert told in said(send(ada, data))
    assert not BroughtPicture.objects.exists()


def test_nobody_sees_it_before_a_work_shows_it_and_then_who_may_read_the_work(ada, guest, browser, cast):
    sha256 = brought(ada)
    alone = links.own_picture(sha256)
    others = (guest, browser(cast.rey), browser(cast.mo), browser(cast.ari))
    answer = ada.get(alone)
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/png")
    assert "sandbox" in answer["Content-Security-Policy"]
    assert [each.get(alone).status_code for each in others] == [404] * 4

    draft = written(ada, body=shows(sha256), act="draft")
    there = links.picture(draft.pk, sha256)
    assert [each.get(there).status_code for each in others] == [404, 404, 404, 200]
    ada.post(links.edit(draft), {**WHOLE, "body": shows(sha256)})
    assert guest.get(there).content == answer.content
    assert there in said(guest.get(links.of(draft)))
    assert guest.get(alone).status_code == 404
    with zipfile.ZipFile(io.BytesIO(guest.get(links.download(draft, "epub")).content)) as book:
        assert [name for name in book.namelist() if sha256[:12] in name]


def test_who_names_anothers_picture_does_not_get_it(ada, guest, browser, cast):
    sha256 = brought(ada)
    hidden = written(ada, body=shows(sha256), act="draft")
    rey = browser(cast.rey)
    work = written(rey, body=shows(sha256))
    assert not work.pictures.exists()
    assert [guest.get(links.picture(each.pk, sha256)).status_code for each in (work, hidden)] == [404, 404]


def test_a_text_that_goes_into_another_work_of_hers_takes_its_picture_along(ada, guest):
    sha256 = brought(ada)
    written(ada, body=shows(sha256), act="draft")
    BroughtPicture.objects.all().delete()
    second = written(ada, title="A second", body=shows(sha256))
    assert guest.get(links.picture(second.pk, sha256)).status_code == 200
    ada.post(links.new_chapter(second), {"body": shows(sha256), "act": "post"})
    assert second.pictures.count() == 1


def test_without_scripts_a_page_says_what_to_write(ada):
    answer = ada.post(WHERE, {"picture": SimpleUploadedFile("x.png", picture(), "image/png")}, follow=True)
    sha256 = BroughtPicture.objects.get().sha256
    assert f'value="<img src="picture:{sha256}" alt="What it shows">"' in said(answer)
    assert links.own_picture(sha256) in said(answer)
    assert "Choose a picture first." in said(ada.post(WHERE, {}))


def test_too_many_and_too_large_are_refused_in_words(ada, monkeypatch):
    monkeypatch.setattr(bringing, "MOST", 1)
    sha256 = brought(ada)
    assert "1 pictures" in json.loads(send(ada, picture(size=(9, 9)), **JSON).content)["refused"]
    assert BroughtPicture.objects.get().sha256 == sha256
    assert "more than 12 MB" in json.loads(send(ada, b"x" * (12 * 1024 * 1024 + 1), **JSON).content)["refused"]


def test_what_no_text_shows_goes_after_thirty_days_with_its_bytes(ada, cast):
    lost, typed, used = (brought(ada, picture(size=(number, 9))) for number in (10, 11, 12))
    Draft.objects.create(owner=cast.ada, kind=DraftKind.NEW_WORK, fields={"body": [shows(typed)]})
    written(ada, body=shows(used))
    upkeep()
    assert BroughtPicture.objects.count() == 3
    BroughtPicture.objects.update(at=now() - timedelta(days=31))
    upkeep()
    assert [row.sha256 for row in BroughtPicture.objects.all()] == [typed]
    assert [store.path_of(each).exists() for each in (lost, typed, used)] == [False, True, True]


def test_she_takes_them_home_and_they_go_with_her(ada, cast, django_capture_on_commit_callbacks):
    sha256 = brought(ada)
    home = b"".join(ada.get(links.everything("ada")).streaming_content)
    with zipfile.ZipFile(io.BytesIO(home)) as files:
        assert f"pictures/{sha256}.png" in files.namelist()
    with django_capture_on_commit_callbacks(execute=True):
        leaving.leave(cast.ada, leaving.Fate.NO_NAME)
    assert not store.path_of(sha256).exists()


def test_there_is_nothing_for_guests(guest):
    assert [guest.get(WHERE).status_code, send(guest).status_code] == [404, 404]
    assert not BroughtPicture.objects.exists()
    assert not WorkPicture.objects.exists()
    assert not Work.objects.exists()
    assert not re.search("picture", said(guest.get("/")))
