"""What leaves as a file: downloads, pictures, covers. Text and pictures of adult works never without consent."""

from __future__ import annotations

import hashlib
import io
import re
import uuid
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import quote

from django.conf import settings
from django.core.cache import cache
from django.http import HttpResponse
from django.utils.cache import get_conditional_response
from PIL import Image

from undying.community import access as community
from undying.formats.colophon import Archive
from undying.formats.cover import draw_cover
from undying.formats.epub import EpubWriter
from undying.formats.html_write import HtmlWriter
from undying.formats.icon import MEDIA_TYPE
from undying.kernel import store
from undying.kernel.errors import NotVisible
from undying.library import access, bringing, manuscripts, pen_names
from undying.library.reach import reach_of
from undying.manuscript import TagKind
from undying.web import links
from undying.web.page import conditional, site
from undying.web.reaching import tell_of
from undying.web.works import ask_first, asks_first

if TYPE_CHECKING:
    from undying.library.models import Work
    from undying.web.request import Request

WRITERS = {writer.suffix: writer for writer in (EpubWriter(), HtmlWriter())}
A_DAY = 24 * 3600
SMALL = (400, 600)
_SHOWN_IN_PAGES = frozenset({"image/jpeg", "image/png", "image/gif", "image/webp", "image/avif"})
_NAMESPACE = uuid.UUID("6ba7b812-9dad-11d1-80b4-00c04fd430c8")  # RFC 9562's name space for object identifiers
_LOCKED = "sandbox; default-src 'none'; img-src data:; style-src 'unsafe-inline'"


def download(request: Request, work_id: str, title: str, suffix: str) -> HttpResponse:
    """The work as a file, with what this reader may see and no more. The title in the address is not checked."""
    del title
    writer = WRITERS.get(suffix)
    if writer is None:
        raise NotVisible("download", suffix)
    work = access.work_for(request.viewer, int(work_id))
    if asks_first(request.viewer, work):
        return ask_first(request, work)
    chapters = access.whole_text_for(request.viewer, work)
    story = manuscripts.of(work, chapters)
    reviews = community.as_told(community.reviews_for(request.viewer, work), chapters)
    data = writer.write(replace(story, reviews=reviews), place=place_of(request, work))
    charset = "; charset=utf-8" if writer.media_type.startswith("text/") else ""
    response = HttpResponse(data, content_type=writer.media_type + charset)
    response.headers["Content-Disposition"] = attachment(work.title, suffix)
    response.headers["Content-Security-Policy"] = _LOCKED
    return conditional(request, tell_of(response, [work]))


def picture(request: Request, work_id: str, sha256: str) -> HttpResponse:
    """A picture that travels with a work, to whom the work is open."""
    work = access.work_for(request.viewer, int(work_id))
    found = access.picture_for(request.viewer, work, sha256)
    if found.media_type not in _SHOWN_IN_PAGES:
        raise NotVisible("picture", sha256)
    if asks_first(request.viewer, work):
        return ask_first(request, work)
    return tell_of(_lasting(request, store.fetch(sha256), found.media_type), [work])


def own_picture(request: Request, sha256: str) -> HttpResponse:
    """A picture to whoever writes with it, before any work shows it."""
    media_type = bringing.media_type_of(request.viewer, sha256)
    if media_type not in _SHOWN_IN_PAGES:
        raise NotVisible("picture", sha256)
    return _lasting(request, store.fetch(sha256), media_type)


def cover(request: Request, work_id: int, *, small: bool = False) -> HttpResponse:
    """The work's cover, drawn from its title, authors and fandom: all of it metadata, so it asks no consent."""
    work = access.work_for(request.viewer, work_id)
    authors = tuple(each.pseud.name for each in work.byline)
    fandom = next((tag.name for tag in work.tags(TagKind.FANDOM)), "")
    key = f"cover:{small}:" + hashlib.sha256(repr((work.title, authors, fandom)).encode()).hexdigest()
    data = cache.get(key)
    if data is None:
        data = draw_cover(work.title, authors, fandom)
        if small:
            data = _smaller(data)
        cache.set(key, data, A_DAY)
    return tell_of(_lasting(request, data, "image/jpeg"), [work])


def icon(request: Request, handle: str, name: str) -> HttpResponse:
    """The picture of a pen name."""
    pseud = community.pseud_for(request.viewer, links.tag_name(handle), links.tag_name(name))
    found = pen_names.icon_at(pseud)
    if found is None:
        raise NotVisible("picture", name)
    return _lasting(request, bytes(found.data), MEDIA_TYPE)


def _smaller(data: bytes) -> bytes:
    out = io.BytesIO()
    with Image.open(io.BytesIO(data)) as image:
        image.resize(SMALL, Image.Resampling.LANCZOS).save(out, "JPEG", quality=84, progressive=True, optimize=True)
    return out.getvalue()


def _lasting(request: Request, data: bytes, media_type: str) -> HttpResponse:
    """Bytes that hardly ever change: kept for a day by the reader's browser, and by nobody between."""
    response = HttpResponse(data, content_type=media_type)
    response.headers["Cache-Control"] = f"private, max-age={A_DAY}"
    response.headers["Content-Security-Policy"] = _LOCKED
    etag = f'"{hashlib.sha256(data).hexdigest()[:32]}"'
    response.headers["ETag"] = etag
    answer = get_conditional_response(request, etag=etag, response=response)
    assert isinstance(answer, HttpResponse)
    return answer


def place_of(request: Request, work: Work) -> Archive:
    """What a file says of where it comes from."""
    base = settings.UNDYING.text("base_url") or f"{request.scheme}://{request.get_host()}"
    identifier = uuid.uuid5(_NAMESPACE, f"undying/work/{work.pk}").urn
    is_reserved = reach_of(work).is_reserved
    return Archive(
        name=site().name, work_url=base + links.in_files(work), identifier=identifier, is_reserved=is_reserved
    )


def attachment(title: str, suffix: str) -> str:
    """The file's name twice, as RFC 6266 has it: in ASCII for old clients, and in full."""
    name = " ".join(re.sub(r'[\x00-\x1f\x7f<>:"/\\|?*]+', " ", title).split()).strip(" .")[:120] or "work"
    plain = re.sub(r"[^ -~]", "_", name)
    return f"attachment; filename=\"{plain}.{suffix}\"; filename*=UTF-8''{quote(name, safe='')}.{suffix}"
