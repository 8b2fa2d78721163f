"""Saved pages on the disk: which files are pages of a crawl, and at what address each one stood.

A browser writes the address into the page, HTTrack into a comment, wget into the file's name and folders; the page's
own canonical link says it too. What says nothing of the kind is no saved page.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import unquote, urljoin

from undying.formats.crawl.views import original, view_of

if TYPE_CHECKING:
    from pathlib import Path

HEAD = 64 * 1024
_SAVED_FROM = re.compile(rb"<!--\s*saved from url=\(\d{1,6}\)(\S{4,4096}?)\s*-->", re.IGNORECASE)
_MIRRORED = re.compile(rb"<!--\s*Mirrored from\s+(\S{4,4096}?)\s+by\s+HTTrack", re.IGNORECASE)
_CANONICAL = re.compile(
    rb"<(?:link[^>]{0,200}?rel=[\"']?canonical[\"']?[^>]{0,200}?href|link[^>]{0,200}?href)=[\"']([^\"'>]{8,2048})[\"']"
    rb"(?=[^>]{0,200}>)", re.IGNORECASE)  # fmt: skip
_REL_CANONICAL = re.compile(rb"rel=[\"']?canonical", re.IGNORECASE)
_OWN_URL = re.compile(
    rb"<meta[^>]{0,100}?property=[\"']og:url[\"'][^>]{0,100}?content=[\"'](https?://[^\"'>]{4,2048})", re.IGNORECASE
)
_PAGE_LINK = re.compile(rb"https?://[\w.-]{3,200}(?::\d{1,5})?/[^\s\"'<>?#]{0,200}?viewstory\.php\?", re.IGNORECASE)
_HOST = re.compile(r"(?=.{4,253}$)[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,}(?:[+_]\d{1,5})?", re.IGNORECASE)
_AO3_WORK = re.compile(rb"class=\"(?:work meta group|series meta group)\"|id=\"workskin\"")
_AO3_LINK = re.compile(
    rb"(https?://[\w.-]{4,200})?/works/(\d{1,18})(?:/chapters/\d{1,18})?(?:/(?:share|navigate|bookmarks|kudos)|[?#\"])"
)
_MARKUP = re.compile(rb"<\s*(?:!doctype\s+html|html|head|body|title|meta|link|table|div|!--)", re.IGNORECASE)


def is_markup(head: bytes) -> bool:
    """Whether bytes begin as a page does."""
    return bool(_MARKUP.search(head[:4096]))


def address_in(head: bytes) -> str:
    """The address that a saved page itself says it came from, "" when it says none."""
    for pattern in (_SAVED_FROM, _MIRRORED):
        if match := pattern.search(head[:8192]):
            address = match[1].decode("utf-8", "replace")
            return original(address if "://" in address else f"http://{address}")
    for tag in re.findall(rb"<link\b[^>]{0,2048}>", head, re.IGNORECASE):
        if _REL_CANONICAL.search(tag) and (match := re.search(rb"href=[\"']([^\"'>]{8,2048})", tag, re.IGNORECASE)):
            return original(match[1].decode("utf-8", "replace").replace("&amp;", "&"))
    match = _OWN_URL.search(head)
    return original(match[1].decode("utf-8", "replace").replace("&amp;", "&")) if match else ""


def address_by_name(path: Path, root: Path, head: bytes, site: str = "") -> str:
    """The address of a mirrored page by its name, "" for a file that no mirror names so.

    The folder that looks like a host name begins the address; without one, a link in the page, or the site's name.
    """
    names = path.relative_to(root).parts if path.is_relative_to(root) else (path.name,)
    found = re.match(r"([a-z]{3,20}\.php)(?:(?:[?@]|%3F)(.*))?$", path.name, re.IGNORECASE)
    if not found:
        return ""
    query = re.sub(r"\.html?$", "", unquote(found[2] or ""), flags=re.IGNORECASE)
    script = f"{found[1]}?{query}" if query else found[1]
    hosts = [at for at, name in enumerate(names[:-1]) if _HOST.fullmatch(name)]
    if hosts:
        folder = "/".join((re.sub(r"[+_](\d+)$", r":\1", names[hosts[0]]), *names[hosts[0] + 1 : -1]))
        return original(f"http://{folder}/{script}")
    if match := _PAGE_LINK.search(head):
        return original(urljoin(match[0].decode("ascii", "replace"), script))
    return f"http://{site or 'efiction'}/{script}"


def address_by_markup(head: bytes) -> str:
    """The address of a page of the Archive of Our Own by its own links, when nothing else says it."""
    if not _AO3_WORK.search(head):
        return ""
    counted: dict[bytes, int] = {}
    host = b"https://archiveofourown.org"
    for match in _AO3_LINK.finditer(head):
        counted[match[2]] = counted.get(match[2], 0) + 1
        host = match[1] or host
    if not counted:
        return ""
    work = max(counted, key=lambda key: counted[key])
    return f"{host.decode('ascii', 'replace')}/works/{work.decode()}"


def address_of(path: Path, root: Path, head: bytes, site: str = "") -> str:
    """Where a saved page stood, "" for what is no saved page of a kind that is read."""
    if not is_markup(head) or _is_download(head):
        return ""
    for address in (address_in(head), address_by_name(path, root, head, site), address_by_markup(head)):
        if address and view_of(address) is not None:
            return address
    return ""


def _is_download(head: bytes) -> bool:
    """A download that the Archive made is a story by itself, and read as that."""
    return b'id="preface"' in head and b'class="tags"' in head


def head_of(path: Path) -> bytes:
    """The first 64 KiB."""
    with path.open("rb") as file:
        return file.read(HEAD)
