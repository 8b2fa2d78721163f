"""A picture that somebody chose for herself, made anew: small, square, and with nothing in it but what is to be seen.

Where it was taken, with which camera, and what else a file may carry does not come along.
"""

from __future__ import annotations

import io

from PIL import Image, ImageOps, UnidentifiedImageError

from undying.formats import Unreadable

SIDE = 200
MOST_PIXELS = 40_000_000
"""What a large camera makes; a few kilobytes can claim a thousand times as many."""
KINDS = ("JPEG", "PNG", "GIF", "WEBP")
MEDIA_TYPE = "image/jpeg"
_PAPER = (251, 248, 242)


def icon_of(data: bytes) -> bytes:
    """The middle of the picture as a JPEG of SIDE by SIDE. Raises Unreadable."""
    try:
        with Image.open(io.BytesIO(data), formats=KINDS) as image:
            if image.width * image.height > MOST_PIXELS:
                raise Unreadable(
                    f"The picture has {image.width:,} by {image.height:,} pixels; {MOST_PIXELS:,} in all are the most."
                )
            image.draft("RGB", (2 * SIDE, 2 * SIDE))
            return _encoded(_flat(ImageOps.exif_transpose(image)))
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError, Image.DecompressionBombError) as error:
        raise Unreadable("That is no picture: send a JPEG, PNG, GIF or WebP file.") from error


def _flat(image: Image.Image) -> Image.Image:
    """Its middle, without what can be seen through."""
    small = ImageOps.fit(image.convert("RGBA"), (SIDE, SIDE), Image.Resampling.LANCZOS)
    paper = Image.new("RGB", small.size, _PAPER)
    paper.paste(small, mask=small.getchannel("A"))
    return paper


def _encoded(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "JPEG", quality=86, optimize=True)
    return out.getvalue()
