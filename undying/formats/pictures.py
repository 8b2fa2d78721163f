"""What kind of picture some bytes are, by what they are and not by what they are called."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of picture that browsers show; `in_books` if every reading system for EPUB shows it too."""

    media_type: str
    suffix: str
    in_books: bool = True


_JPEG = Kind(media_type="image/jpeg", suffix="jpg")
_PNG = Kind(media_type="image/png", suffix="png")
_GIF = Kind(media_type="image/gif", suffix="gif")
_WEBP = Kind(media_type="image/webp", suffix="webp")
_AVIF = Kind(media_type="image/avif", suffix="avif", in_books=False)


def kind_of(data: bytes) -> Kind | None:
    """The kind of the picture, None for what is none of JPEG, PNG, GIF, WebP and AVIF."""
    if data.startswith(b"\xff\xd8\xff"):
        return _JPEG
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return _PNG
    if data.startswith((b"GIF87a", b"GIF89a")):
        return _GIF
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return _WEBP
    if data[4:12] in {b"ftypavif", b"ftypavis"}:
        return _AVIF
    return None
