"""Pictures of pen names: made anew, small and square, without what the file told beside the picture."""

from __future__ import annotations

import io
import struct
import zlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from undying.formats import Unreadable
from undying.formats.icon import SIDE, icon_of
from undying.people.models import Icon, Pseud
from undying.web import links


def picture(kind: str = "PNG", size: tuple[int, int] = (640, 480), mode: str = "RGB", **more: object) -> bytes:
    out = io.BytesIO()
    colour = {"RGB": (200, 30, 40), "RGBA": (0, 0, 0, 0), "P": 3, "L": 9, "CMYK": (1, 2, 3, 4)}[mode]
    Image.new(mode, size, colour).save(out, kind, **more)  # type: ignore[arg-type]  # Pillow's own options
    return out.getvalue()


@pytest.mark.parametrize(
    ("kind", "mode"), [("PNG", "RGB"), ("PNG", "RGBA"), ("PNG", "P"), ("GIF", "P"), ("JPEG", "CMYK"), ("WEBP", "RGB")]
)
def test_every_kind_of_picture_becomes_a_small_square_jpeg(kind, mode):
    with Image.open(io.BytesIO(icon_of(picture(kind, mode=mode)))) as made:
        assert (made.format, made.size, made.mode) == ("JPEG", (SIDE, SIDE), "RGB")


def test_what_the_file_tells_beside_the_picture_is_gone():
    exif = Image.Exif()
    exif[0x010F], exif[0x9286] = "A Camera", "51.4886 N, 0.6132 W"
    told = picture("JPEG", exif=exif.tobytes(), comment=b"at home")
    assert b"51.4886" in told
    made = icon_of(told)
    assert not [word for word in (b"Camera", b"51.4886", b"at home", b"Exif") if word in made]


def test_a_picture_that_lies_on_its_side_is_set_up():
    exif = Image.Exif()
    exif[0x0112] = 6
    lying = Image.new("RGB", (400, 400), (255, 255, 255))
    lying.paste((0, 0, 0), (0, 0, 200, 400))
    out = io.BytesIO()
    lying.save(out, "JPEG", exif=exif.tobytes())
    with Image.open(io.BytesIO(icon_of(out.getvalue()))) as made:
        assert sum(made.getpixel((100, 20))) < 60
        assert sum(made.getpixel((100, 180))) > 600


def bomb() -> bytes:
    """A PNG that says it is huge."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", 30_000, 30_000, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 100)) + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"I am a story, and no picture.",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"\x89PNG\r\n\x1a\n" + b"\0" * 64,
        picture()[:200],
        bomb(),
    ],
    ids=["nothing", "text", "svg", "broken", "cut off", "bomb"],
)
def test_what_is_no_picture_or_too_large_a_one_is_refused_in_a_sentence(data):
    with pytest.raises(Unreadable, match=r"That is no picture: send a JPEG|pixels"):
        icon_of(data)


@pytest.fixture
def ada(cast, browser):
    return browser(cast.ada)


def send(client, pseud: Pseud, data: bytes, alt: str = "A lamp"):
    file = SimpleUploadedFile("lamp.png", data, "image/png") if data else ""
    return client.post(links.pen_name("ada", pseud), {"act": "icon", "icon": file, "alt": alt})


def test_she_shows_a_picture_says_what_it_shows_and_takes_it_away(ada, cast, guest):
    hers = cast.ada.pseuds.get()
    assert guest.get("/users/ada/pseuds/ada/icon.jpg").status_code == 404
    assert send(ada, hers, picture()).status_code == 302
    page = guest.get(links.of(hers)).content.decode()
    assert 'alt="A lamp"' in page
    assert links.icon(hers, Icon.objects.get()) in page
    answer = guest.get("/users/ada/pseuds/ada/icon.jpg")
    assert answer.headers["Content-Type"] == "image/jpeg"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert answer.content == bytes(Icon.objects.get().data)

    send(ada, hers, b"", alt="A lamp in an abbey")
    assert Icon.objects.get().alt == "A lamp in an abbey"
    ada.post(links.pen_name("ada", hers), {"act": "no-icon"})
    assert not Icon.objects.exists()


def test_what_will_not_do_is_said_and_what_was_typed_stays(ada, cast):
    hers = cast.ada.pseuds.get()
    told = send(ada, hers, b"no picture", alt="A lamp & a moth").content.decode()
    assert "That is no picture: send a JPEG, PNG, GIF or WebP file." in told
    assert "A lamp &amp; a moth" in told
    assert "Choose a file first." in send(ada, hers, b"").content.decode()
    assert "of 250 at most" in send(ada, hers, picture(), alt="x" * 251).content.decode()
    assert not Icon.objects.exists()


def test_the_picture_of_a_name_that_stands_alone_tells_no_account(ada, cast, guest):
    moth = Pseud.objects.create(user=cast.ada, name="Moth")
    send(ada, moth, picture())
    assert guest.get("/users/ada/pseuds/Moth/icon.jpg").status_code == 404
    assert guest.get(f"/users/pen-{moth.pk}/pseuds/Moth/icon.jpg").status_code == 200
    assert "ada" not in guest.get(links.of(moth)).content.decode()


def test_nobody_else_sets_it(cast, browser):
    hers = cast.ada.pseuds.get()
    for client in (browser(None), browser(cast.rey), browser(cast.ari)):
        assert send(client, hers, picture()).status_code == 404
    assert not Icon.objects.exists()
