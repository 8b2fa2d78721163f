"""A picture for a story, made anew: upright, no larger than a page needs, with nothing in it but what is to be seen.

Where it was taken, with which camera, and what else a file may carry does not come along; of one that moves, the first
moment does. It becomes a JPEG, or a PNG where something can be seen through it or it has few colours: what every
e-reader shows.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
from typing import TYPE_CHECKING

from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

from undying.formats import Unreadable
from undying.formats.icon import KINDS, MOST_PIXELS
from undying.manuscript import Picture

if TYPE_CHECKING:
    from PIL.Image import Image as Opened

LONGEST_SIDE = 2000
FEW_COLOURS = 256


def picture_of(data: bytes) -> Picture:
    """The picture made anew. Raises Unreadable."""
    try:
        with Image.open(io.BytesIO(data), formats=KINDS) as image:
            if image.width * image.height > MOST_PIXELS:
                raise Unreadable(
                    f"The picture has {image.width:,} by {image.height:,} pixels; {MOST_PIXELS:,} in all are the most."
                )
            return _made(_upright(image))
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError, Image.DecompressionBombError) as error:
        raise Unreadable("That is no picture: send a JPEG, PNG, GIF or WebP file.") from error


def _upright(image: Opened) -> Opened:
    """In sRGB, with what can be seen through."""
    turned = ImageOps.exif_transpose(image)
    profile = image.info.get("icc_profile")
    if profile and turned.mode in {"RGB", "CMYK", "L"}:
        with contextlib.suppress(ImageCms.PyCMSError):  # a broken one: the colours as they are
            srgb = ImageCms.createProfile("sRGB")
            turned = ImageCms.profileToProfile(turned, io.BytesIO(profile), srgb, outputMode="RGB") or turned
    return turned.convert("RGBA")


def _made(image: Opened) -> Picture:
    is_solid = image.getchannel("A").getextrema()[0] == 255  # noqa: PLR2004 - nothing shows through
    few = image.getcolors(FEW_COLOURS) is not None
    image.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
    image.info.clear()  # or its comment would be written again
    out = io.BytesIO()
    if is_solid and not few:
        image.convert("RGB").save(out, "JPEG", quality=86, progressive=True, optimize=True)
        return _picture(out.getvalue(), "image/jpeg")
    (image.convert("RGB") if is_solid else image).save(out, "PNG", optimize=True)
    return _picture(out.getvalue(), "image/png")


def _picture(data: bytes, media_type: str) -> Picture:
    return Picture(sha256=hashlib.sha256(data).hexdigest(), media_type=media_type, data=data)
