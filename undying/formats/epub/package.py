"""The package document, the navigation document and the NCX of an EPUB.

Sources: https://www.w3.org/TR/epub-33/ and https://www.w3.org/TR/epub-a11y-11/. Tags carry `authority`
`urn:undying:tag:<kind>`, so that a fandom can be told from a character.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC
from typing import TYPE_CHECKING

from undying.formats import colophon
from undying.formats.markup import escape, web_address
from undying.manuscript import RelationKind, TagKind
from undying.manuscript.measure import plain_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from undying.formats.epub.pages import Book, Page
    from undying.manuscript import SeriesPlace

TAG_AUTHORITY = "urn:undying:tag:"
_TDM_PREFIX = ' prefix="tdm: http://www.w3.org/ns/tdmrep#"'
"""That of TDMRep, by which the right to mine a text is reserved."""

_PACKAGE = """<?xml version="1.0" encoding="utf-8"?>
<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="identifier"{language}{prefix}>
<metadata xmlns:dc="http://purl.org/dc/elements/1.1/">
{metadata}
</metadata>
<manifest>
{manifest}
</manifest>
<spine toc="ncx"{direction}>
{spine}
</spine>
</package>
"""

_NAV = """<nav epub:type="toc" role="doc-toc" id="toc" aria-labelledby="toc-title">
<h1 id="toc-title">{heading}</h1>
<ol>
{lines}
</ol>
</nav>
<nav epub:type="landmarks" id="landmarks" hidden="hidden" aria-labelledby="landmarks-title">
<h2 id="landmarks-title">{landmarks_heading}</h2>
<ol>
{landmarks}
</ol>
</nav>"""

_NCX = """<?xml version="1.0" encoding="utf-8"?>
<ncx xmlns="http://www.daisy.org/z3986/2005/ncx/" version="2005-1"{language}>
<head>
<meta name="dtb:uid" content="{identifier}"/>
<meta name="dtb:depth" content="1"/>
<meta name="dtb:totalPageCount" content="0"/>
<meta name="dtb:maxPageNumber" content="0"/>
</head>
<docTitle><text>{title}</text></docTitle>
<navMap>
{points}
</navMap>
</ncx>
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One file of the manifest."""

    id: str
    href: str
    media_type: str
    properties: str = ""


def package_document(book: Book, pages: Sequence[Page], files: Sequence[Item]) -> str:
    """The package document; `files` are the manifest's entries beside the pages, the nav and the NCX."""
    items = [
        Item(id="nav", href="nav.xhtml", media_type=XHTML, properties="nav"),
        Item(id="ncx", href="toc.ncx", media_type="application/x-dtbncx+xml"),
        *(Item(id=page_id(page), href=page.name, media_type=XHTML) for page in pages),
        *files,
    ]
    order = [page_id(page) for page in pages]
    if len(book.manuscript.chapters) > 1:
        order.insert(1, "nav")
    return _PACKAGE.format(
        language="" if book.language == "und" else f' xml:lang="{book.language}"',
        prefix=_TDM_PREFIX if _is_reserved(book) else "",
        metadata="\n".join(_metadata(book)),
        manifest="\n".join(map(_item, items)),
        direction=' page-progression-direction="rtl"' if book.right_to_left else "",
        spine="\n".join(f'<itemref idref="{name}"/>' for name in order),
    )


XHTML = "application/xhtml+xml"


def page_id(page: Page) -> str:
    """The id of a page in the manifest."""
    return page.name.removesuffix(".xhtml")


def navigation(book: Book, pages: Sequence[Page]) -> str:
    """The body of nav.xhtml: the table of contents and the landmarks."""
    first_chapter = next((page for page in pages if page.kind == "chapter"), None)
    marks = [("titlepage", "Title Page", pages[0].name)]
    if len(book.manuscript.chapters) > 1:
        marks.append(("toc", "Contents", "nav.xhtml"))
    if first_chapter is not None:
        marks.append(("bodymatter", "Start Reading", first_chapter.name))
    return _NAV.format(
        heading=book.english("Contents"),
        lines="\n".join(f'<li><a href="{page.name}">{_label(book, page)}</a></li>' for page in pages),
        landmarks_heading=book.english("Landmarks"),
        landmarks="\n".join(
            f'<li><a epub:type="{kind}" href="{name}">{book.english(label)}</a></li>' for kind, label, name in marks
        ),
    )


def ncx(book: Book, pages: Sequence[Page]) -> str:
    """The table of contents for reading systems of the EPUB 2 age."""
    points = [
        f'<navPoint id="point-{number}" playOrder="{number}"><navLabel><text>{escape(page.label)}</text></navLabel>'
        f'<content src="{page.name}"/></navPoint>'
        for number, page in enumerate(pages, 1)
    ]
    return _NCX.format(
        language="" if book.language == "und" else f' xml:lang="{book.language}"',
        identifier=escape(colophon.identifier(book.manuscript, book.place)),
        title=escape(colophon.title(book.manuscript)),
        points="\n".join(points),
    )


def _label(book: Book, page: Page) -> str:
    return book.english(page.label) if page.english else escape(page.label)


def _item(item: Item) -> str:
    properties = f' properties="{item.properties}"' if item.properties else ""
    return f'<item id="{item.id}" href="{item.href}" media-type="{item.media_type}"{properties}/>'


# -- Metadata ---------------------------------------------------------------------------------------------------------


def _metadata(book: Book) -> Iterator[str]:
    manuscript, place = book.manuscript, book.place
    yield f'<dc:identifier id="identifier">{escape(colophon.identifier(manuscript, place))}</dc:identifier>'
    modified = colophon.changed(manuscript).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    yield _property("dcterms:modified", modified.rjust(len("2000-01-01T00:00:00Z"), "0"))
    yield from _titles(book)
    yield f"<dc:language>{book.language}</dc:language>"
    yield from _people(book)
    yield from _element("publisher", place.name)
    yield from _element("source", colophon.home(manuscript, place))
    if web_address(manuscript.source.url) != colophon.home(manuscript, place):
        yield from _element("source", web_address(manuscript.source.url))
    if manuscript.published:
        yield from _element("date", manuscript.published.astimezone(UTC).date().isoformat())
    yield from _element("description", plain_text(manuscript.summary))
    yield from _element("rights", plain_text(manuscript.rights))
    if _is_reserved(book):
        yield _property("tdm:reservation", "1")
    yield from _subjects(book)
    yield from _series(book)
    yield from _story_facts(book)
    yield from _accessibility(book)
    yield '<meta name="cover" content="cover"/>'


def _is_reserved(book: Book) -> bool:
    return colophon.is_reserved(book.manuscript, book.place)


def _property(name: str, text: str, refines: str = "", attributes: str = "") -> str:
    about = f' refines="#{refines}"' if refines else ""
    return f'<meta property="{name}"{about}{attributes}>{escape(text)}</meta>'


def _element(name: str, text: str) -> Iterator[str]:
    if escape(text).strip():
        yield f"<dc:{name}>{escape(text)}</dc:{name}>"


def _titles(book: Book) -> Iterator[str]:
    title = colophon.title(book.manuscript)
    yield f'<dc:title id="main-title"{_direction(book)}>{escape(title)}</dc:title>'
    yield _property("title-type", "main", "main-title")
    yield _property("file-as", _filed(title, book.language), "main-title")


def _direction(book: Book) -> str:
    return ' dir="rtl"' if book.right_to_left else ""


def _filed(title: str, language: str) -> str:
    """The title as a shelf sorts it."""
    article, _, rest = title.partition(" ")
    if language.partition("-")[0] == "en" and article.lower() in {"a", "an", "the"} and rest.strip():
        return f"{rest.strip()}, {article}"
    return title


def _people(book: Book) -> Iterator[str]:
    manuscript = book.manuscript
    creators = [credit.name for credit in manuscript.credits]
    archivists = [credit.archived_by for credit in manuscript.credits] + [manuscript.source.archivist]
    guests = [credit.name for chapter in manuscript.chapters for credit in chapter.credits]
    seen: set[tuple[str, str]] = set()
    groups = (
        ("creator", "aut", creators),
        ("contributor", "aut", [name for name in guests if name not in creators]),
        ("contributor", "cur", archivists),
        ("contributor", "dte", list(manuscript.gifts)),
    )
    for element, role, names in groups:
        for name in names:
            if escape(name).strip() and (role, name) not in seen:
                seen.add((role, name))
                yield from _person(element, role, name, f"person-{len(seen)}")


def _person(element: str, role: str, name: str, own_id: str) -> Iterator[str]:
    yield f'<dc:{element} id="{own_id}">{escape(name)}</dc:{element}>'
    yield _property("role", role, own_id, ' scheme="marc:relators"')
    yield _property("file-as", name, own_id)


def _subjects(book: Book) -> Iterator[str]:
    for number, tagging in enumerate(book.manuscript.taggings, 1):
        if escape(tagging.name).strip():
            yield f'<dc:subject id="tag-{number}">{escape(tagging.name)}</dc:subject>'
            yield _property("authority", f"{TAG_AUTHORITY}{tagging.kind}", f"tag-{number}")
            yield _property("term", tagging.name, f"tag-{number}")


def _series(book: Book) -> Iterator[str]:
    for number, place in enumerate(book.manuscript.series, 1):
        yield from _collection(place, f"series-{number}", "")
    if book.manuscript.series and escape(book.manuscript.series[0].title).strip():
        first = book.manuscript.series[0]
        yield f'<meta name="calibre:series" content="{escape(first.title)}"/>'
        if first.position > 0:
            yield f'<meta name="calibre:series_index" content="{first.position}"/>'


def _collection(place: SeriesPlace, own_id: str, within: str) -> Iterator[str]:
    inner: SeriesPlace | None = place
    refines = within
    while inner is not None:
        yield _property("belongs-to-collection", inner.title.strip() or "Untitled series", refines, f' id="{own_id}"')
        yield _property("collection-type", "series", own_id)
        if inner.position > 0:
            yield _property("group-position", str(inner.position), own_id)
        if web_address(inner.url):
            yield _property("dcterms:identifier", web_address(inner.url), own_id)
        refines, own_id, inner = own_id, f"{own_id}-within", inner.within


def _story_facts(book: Book) -> Iterator[str]:
    manuscript = book.manuscript
    yield _property("schema:wordCount", str(book.words))
    yield _property("schema:creativeWorkStatus", colophon.STATUS_WORDS[manuscript.status])
    for rating in manuscript.tags(TagKind.RATING):
        if escape(rating).strip():
            yield _property("schema:contentRating", rating)
    for work in manuscript.related:
        if work.kind is RelationKind.INSPIRED_BY and web_address(work.url):
            yield _property("schema:isBasedOn", web_address(work.url))
        elif work.kind is RelationKind.TRANSLATION_OF and web_address(work.url):
            yield _property("schema:translationOfWork", web_address(work.url))


def _accessibility(book: Book) -> Iterator[str]:
    """Only what is true of this very story."""
    has_pictures = bool(book.seen.pictures)
    described = not book.seen.lacks_alt
    yield _property("schema:accessMode", "textual")
    if has_pictures:
        yield _property("schema:accessMode", "visual")
        yield _property("schema:accessModeSufficient", "textual,visual")
    if described:
        yield _property("schema:accessModeSufficient", "textual")
    for feature in ("structuralNavigation", "tableOfContents", "readingOrder", "displayTransformability", "unlocked"):
        yield _property("schema:accessibilityFeature", feature)
    if has_pictures and described:
        yield _property("schema:accessibilityFeature", "alternativeText")
    if book.seen.ruby:
        yield _property("schema:accessibilityFeature", "rubyAnnotations")
    # An animation in a picture may flash: nobody has looked.
    yield _property("schema:accessibilityHazard", "unknown" if book.seen.animated else "none")
    summary = _summary(has_pictures=has_pictures, described=described)
    yield _property("schema:accessibilitySummary", summary, attributes=' xml:lang="en" dir="ltr"')
    if described and not book.seen.animated and book.language != "und":
        claim = "EPUB Accessibility 1.1 - WCAG 2.2 Level AA"
        yield _property("dcterms:conformsTo", claim, attributes=' id="conformance"')
        yield _property("a11y:certifiedBy", book.place.name.strip() or "Undying", "conformance")


def _summary(*, has_pictures: bool, described: bool) -> str:
    text = (
        "The story is text in its reading order, with headings and a table of contents, and takes any font and colour."
    )
    if not described:
        return f"{text} Some pictures have no description."
    return f"{text} Every picture has a description by the author." if has_pictures else text
