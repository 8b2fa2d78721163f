"""A page of an eFiction story, whatever its skin: what it tells of the story, and the chapters that it shows.

Addresses are the firmest ground, for no skin changes them; then the words of labels; then the names that eFiction's own
markup gives its boxes; where all of these are missing, the block that holds most of the text.
"""

from __future__ import annotations

import copy
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from undying.formats.crawl.page import has_class, is_label, label_words, labelled, text_block
from undying.formats.crawl.views import Kind
from undying.formats.crawl.words import Word, words_of
from undying.formats.download_markup import classes_of, drop, elements, inside, prose_of, text_of
from undying.manuscript import NO_PROSE

if TYPE_CHECKING:
    from collections.abc import Collection

    from undying.formats.crawl.page import Page
    from undying.formats.crawl.selectors import Selectors
    from undying.formats.safety import Element
    from undying.manuscript import Prose

_NOTES = {Word.STORY_NOTES, Word.CHAPTER_NOTES, Word.END_NOTES}
TELLING = {Word.SUMMARY, Word.RATED, Word.CATEGORIES, Word.CHARACTERS, Word.CHAPTERS, Word.COMPLETED, Word.WORDS,
            Word.PUBLISHED, Word.UPDATED, Word.SERIES, Word.CHALLENGES, Word.WARNINGS, Word.READ}  # fmt: skip
_LEAST_LABELS = 3
_CHROME = re.compile(
    r"(?:^|[\s_-])(?:menu|nav\w*|side\w*|foot\w*|header|copyright|disclaimer|jump\w*|sort|prev|next|respond|"
    r"review\w*|comment\w*|login|block\w*|banner|pagelinks|rating\w*|tail|textsize\w*|printicon)(?:$|[\s_-])",
    re.IGNORECASE,
)
_NUMBERED = re.compile(r"\s*(?:[^\W\d_]+\s+)?(\d{1,5})\s*[.:)–-]\s*(.*)", re.DOTALL)
_SHORT = 150
_LONGEST_LABEL = 64


@dataclass(slots=True)
class Part:
    """One chapter as a page shows it."""

    number: int
    title: str = ""
    creators: tuple[tuple[str, str], ...] = ()
    notes: Prose = NO_PROSE
    body: Prose = NO_PROSE
    endnotes: Prose = NO_PROSE
    key: str = ""


@dataclass(slots=True)
class StoryPage:
    """What one page tells. `chapters` are those that it lists, by number; `parts` those whose text it shows.

    `links` counts the chapters that it names as links: an index does, a chapter has a list to jump by.
    """

    title: str = ""
    creators: tuple[tuple[str, str], ...] = ()
    info: list[tuple[str, list[Element | str]]] = field(default_factory=list)
    story_notes: Prose = NO_PROSE
    chapters: dict[int, str] = field(default_factory=dict)
    keys: dict[int, str] = field(default_factory=dict)
    parts: list[Part] = field(default_factory=list)
    links: int = 0
    gate: str = ""


class StoryReader:
    """Reads pages of one site."""

    def __init__(self, selectors: Selectors) -> None:
        self._selectors = selectors

    def read(self, page: Page, known: Collection[int] = ()) -> StoryPage:
        """Everything on a page of `viewstory.php`, but for the texts of chapters that are known already."""
        view = page.capture.view
        found = StoryPage()
        found.title, found.creators = title_and_creators(page, view.key)
        found.title = text_of(self._selectors.first(page.root, "title")) or found.title
        info = info_block(page)
        if info is not None:
            found.info = list(labelled(info))
        _list_chapters(page, view.key, found)
        notes = _notes(page)
        found.story_notes = notes.prose(Word.STORY_NOTES)
        if view.kind is Kind.PRINT and (parts := self._printed(page)):
            found.parts = parts
        elif view.part != "index":
            number = int(page.capture.view.part) if page.capture.view.part.isdecimal() else _selected(page) or 1
            if named := text_of(self._selectors.first(page.root, "chapter")):
                found.chapters[number] = named
            if page.capture.view.part and number in known:
                found.parts = [_part(page, found, number, notes, NO_PROSE)]
            else:
                self._shown(page, found, number, info, notes)
        found.gate = _gate(page, view.key) if not found.parts else ""
        return found

    def _printed(self, page: Page) -> list[Part]:
        """The chapters of a printable page: each behind an anchor with its number."""
        anchors = [
            anchor
            for anchor in page.root.iter("a")
            if re.fullmatch(r"\d{1,5}", anchor.get("name") or anchor.get("id") or "")
        ]
        bodies = page.all(f"//*[{has_class('chapter')}]")
        if bodies and len(bodies) == max(len(anchors), 1):
            return [_boxed(page, body, number) for number, body in enumerate(bodies, start=1)]
        return _between(anchors) if anchors else []

    def _shown(self, page: Page, found: StoryPage, number: int, info: Element | None, notes: _Notes) -> None:
        box = self._selectors.first(page.root, "story")
        if box is None:
            box = page.first("//*[@id='story']", f"//div[{has_class('chapter')}]")
        is_certain = box is not None
        if box is None and not page.capture.view.part and found.links > 1:
            return
        if box is None:
            apart = {info, *notes.boxes, *notes.labels} - {None}
            box = text_block(page.root, lambda element: element in apart or _is_chrome(element))
        prose = _prose_without(
            box, [*notes.boxes, *notes.labels, *([] if info is None else [info])], is_certain=is_certain
        )
        if not is_certain and (_gate(page, page.capture.view.key) or _is_refusal(page)) and len(prose.split()) < _SHORT:
            return
        if not prose.has_words() and "<img" not in prose:
            return
        found.parts = [_part(page, found, number, notes, prose)]


def _part(page: Page, found: StoryPage, number: int, notes: _Notes, body: Prose) -> Part:
    return Part(
        number=number,
        title=found.chapters.get(number, ""),
        notes=notes.prose(Word.CHAPTER_NOTES),
        body=body,
        endnotes=notes.prose(Word.END_NOTES),
        key=_only_chapid(page),
    )


def title_and_creators(page: Page, sid: str, block: Element | None = None) -> tuple[str, tuple[tuple[str, str], ...]]:
    """The story's title, and who wrote it as (name, uid), by the links to it and to them that stand together."""
    root = block if block is not None else page.first("//*[@id='pagetitle']")
    for scope in (root, page.root):
        if scope is None:
            continue
        for link, view in page.links(scope):
            if view.kind is Kind.STORY and view.key == sid and view.part in {"", "1", "index"} and text_of(link):
                creators = _creators_near(page, link)
                if creators or scope is root:
                    return text_of(link), creators
        if scope is root and block is None and (creators := _creators_in(page, scope)):
            return _before_link(scope), creators
    return _of_head(page), _creators_in(page, page.root)[:1]


def _creators_near(page: Page, link: Element) -> tuple[tuple[str, str], ...]:
    """The members linked to in the smallest box around the title that names any; not farther than three boxes up."""
    box = link.getparent()
    for _ in range(3):
        if box is None:
            break
        if creators := _creators_in(page, box):
            return creators
        box = box.getparent()
    return ()


def _creators_in(page: Page, box: Element) -> tuple[tuple[str, str], ...]:
    found = {
        view.key: text_of(link)
        for link, view in reversed(list(page.links(box)))
        if view.kind is Kind.USER and text_of(link)
    }
    return tuple((name, key) for key, name in reversed(found.items()))


def _before_link(box: Element) -> str:
    """ "Title by <a>": what stands before the first link, without the word for "by"."""
    text = box.text or ""
    for child in elements(box):
        if child.tag == "a":
            break
        text += text_of(child) + (child.tail or "")
    return re.sub(r"\s+(?:by|von|par|por|di|de|door|od|автор|:)\s*$", "", " ".join(text.split()), flags=re.IGNORECASE)


def _of_head(page: Page) -> str:
    """The title in the window's frame: "Title by Name"."""
    text = text_of(page.first("//head/title"))
    return re.split(r"\s+(?:by|von|par|por)\s+|\s*(?:::|\||»)\s*", text)[0].strip()


def info_block(page: Page) -> Element | None:
    """The smallest box that holds the labels which tell of the story."""
    marks = [
        element for element in page.root.iter()
        if isinstance(element.tag, str) and is_label(element) and words_of(label_words(element)) & TELLING
    ]  # fmt: skip
    return around(marks) if len(marks) >= _LEAST_LABELS else None


def around(marks: list[Element]) -> Element | None:
    """The smallest element that holds them all."""
    lines = [[mark, *mark.iterancestors()][::-1] for mark in marks]
    common = None
    for level in zip(*lines, strict=False):
        if any(each is not level[0] for each in level):
            break
        common = level[0]
    return common


def _list_chapters(page: Page, sid: str, found: StoryPage) -> None:
    """The chapters that the page names: in the list to jump by, or as links; their ids stand in links to reviews."""
    for option in page.all("//select[@name='chapter']/option"):
        if match := _NUMBERED.fullmatch(text_of(option)):
            found.chapters.setdefault(int(match[1]), match[2].strip())
    number = 0
    for link, view in page.links():
        if (
            view.kind is Kind.STORY
            and view.key == sid
            and view.part.isdecimal()
            and "reviews" not in (link.get("href") or "")
        ):
            if not _is_chrome(link) and not re.fullmatch(
                r"[\W\d]*|.*(?:next|prev).*|.*[«»<>].*", text_of(link), re.IGNORECASE
            ):
                number = int(view.part)
                found.links += 1
                found.chapters.setdefault(number, text_of(link))
        elif view.kind is Kind.REVIEWS and view.key == f"ST{sid}" and number and (key := _chapid(view.part)):
            found.keys.setdefault(number, key)
    for anchor in page.all("//a[starts-with(@href, '#')]"):
        target = (anchor.get("href") or "#")[1:]
        if re.fullmatch(r"\d{1,5}", target) and text_of(anchor):
            found.chapters.setdefault(int(target), text_of(anchor))


def _chapid(part: str) -> str:
    match = re.search(r"chapid=(\d+)", part)
    return match[1] if match else ""


def _only_chapid(page: Page) -> str:
    keys = {_chapid(view.part) for _link, view in page.links() if view.kind is Kind.REVIEWS} - {""}
    return keys.pop() if len(keys) == 1 else ""


def _selected(page: Page) -> int:
    option = page.first("//select[@name='chapter']/option[@selected]")
    match = _NUMBERED.fullmatch(text_of(option))
    return int(match[1]) if match else 0


@dataclass(slots=True)
class _Notes:
    """The notes on a page, by what they are for, and the elements that they stand in."""

    found: dict[Word, list[Element | str]] = field(default_factory=dict)
    boxes: list[Element] = field(default_factory=list)
    labels: list[Element] = field(default_factory=list)

    def prose(self, word: Word) -> Prose:
        return prose_of(self.found.get(word, ()))


def _notes(page: Page, root: Element | None = None) -> _Notes:
    notes = _Notes()
    for element in list((page.root if root is None else root).iter()):
        if not isinstance(element.tag, str) or element.tag == "a" or len(text_of_short(element)) > _LONGEST_LABEL:
            continue
        word = next(iter(words_of(text_of_short(element)) & _NOTES), None)
        if word is None or word in notes.found or any(box in notes.labels for box in element.iterancestors()):
            continue
        content, boxes = _beside(element)
        if content:
            notes.found[word] = content
            notes.boxes += boxes
            notes.labels.append(element)
    return notes


def text_of_short(element: Element) -> str:
    """The text of an element that can be a label; "" for one that holds much."""
    return text_of(element) if len(element) < _LEAST_LABELS else ""


def _beside(label: Element) -> tuple[list[Element | str], list[Element]]:
    """What a label stands before: the rest of its box, or the next box."""
    rest: list[Element | str] = [label.tail or ""]
    boxes = []
    for sibling in label.itersiblings():
        if isinstance(sibling.tag, str):
            if (
                words_of(text_of_short(sibling)) & _NOTES
                or sibling.get("id") == "story"
                or "chapter" in classes_of(sibling)
            ):
                break
            rest.append(sibling)
            boxes.append(sibling)
            if sibling.tag in {"div", "td", "blockquote", "dd"} and text_of(sibling):
                return inside(sibling), [sibling]
        rest.append(sibling.tail or "")
    if any(part.strip(" :：") if isinstance(part, str) else text_of(part) for part in rest):
        return [re.sub(r"^\s*[:：]", "", rest[0]) if isinstance(rest[0], str) else rest[0], *rest[1:]], boxes
    parent = label.getparent()
    following = parent.getnext() if parent is not None else None
    if following is None or not isinstance(following.tag, str) or following.get("id") == "story":
        return [], []
    return inside(following), [following]


def _is_chrome(element: Element) -> bool:
    """Whether a box is a part of the site, not of the story, by its name."""
    return bool(_CHROME.search(f"{element.get('id') or ''} {element.get('class') or ''}"))


def _prose_without(box: Element, apart: list[Element], *, is_certain: bool) -> Prose:
    """The text in a box, without the notes and controls that stand in it."""
    doomed = {id(element) for element in apart if element is not box}
    marked = [path for element in box.iter() if id(element) in doomed and (path := _path(element, box)) is not None]
    twin = copy.deepcopy(box)
    found = [element for path in marked if (element := _at(twin, path)) is not None]
    if not is_certain:
        found += [element for element in twin.iter() if element is not twin and isinstance(element.tag, str)
                  and (_is_chrome(element) or element.tag in {"form", "select", "script", "style", "h1"})]  # fmt: skip
    found += list(twin.iter("form", "script", "style", "select"))
    for element in dict.fromkeys(found):
        drop(element)
    return prose_of(inside(twin))


def _path(element: Element, top: Element) -> list[int] | None:
    path: list[int] = []
    while element is not top:
        parent = element.getparent()
        if parent is None:
            return None
        path.append(parent.index(element))
        element = parent
    return path[::-1]


def _at(top: Element, path: list[int]) -> Element | None:
    for step in path:
        if step >= len(top):
            return None
        top = top[step]
    return top


def _boxed(page: Page, body: Element, number: int) -> Part:
    """A chapter of a printable page in eFiction's own boxes: heading, notes and text follow one another."""
    part = Part(number=number, body=prose_of(inside(body)))
    for sibling in body.itersiblings(preceding=True):
        if not isinstance(sibling.tag, str):
            continue
        names = classes_of(sibling)
        if "chapter" in names:
            break
        if "chaptertitle" in names:
            part.title, part.creators = _heading(page, sibling)
            break
        _take_notes(page, part, sibling)
    for sibling in body.itersiblings():
        if isinstance(sibling.tag, str):
            if {"chapter", "chaptertitle"} & set(classes_of(sibling)) or sibling.tag == "a":
                break
            _take_notes(page, part, sibling)
    return part


def _take_notes(page: Page, part: Part, box: Element) -> None:
    notes = _notes(page, box)
    part.notes = notes.prose(Word.CHAPTER_NOTES) or part.notes
    part.endnotes = notes.prose(Word.END_NOTES) or part.endnotes


def _heading(page: Page, heading: Element) -> tuple[str, tuple[tuple[str, str], ...]]:
    return _before_link(heading), _creators_in(page, heading)


def _between(anchors: list[Element]) -> list[Part]:
    """The chapters of a printable page in any markup: what stands between one anchor and the next."""
    top = around(anchors) if len(anchors) > 1 else anchors[0].getparent()
    if top is None:
        return []
    marks = {_child_of(top, anchor): int(anchor.get("name") or anchor.get("id") or 0) for anchor in anchors}
    parts, number, content = [], 0, []  # type: tuple[list[Part], int, list[Element | str]]
    for child in top:
        if child in marks:
            parts += _from_parts(number, content)
            number, content = marks[child], [] if child.tag == "a" else [child]
            content += [child.tail or ""]
        else:
            content += [child, child.tail or ""] if isinstance(child.tag, str) else [child.tail or ""]
    return parts + _from_parts(number, content)


def _child_of(top: Element, element: Element) -> Element:
    while (parent := element.getparent()) is not top and parent is not None:
        element = parent
    return element


def _from_parts(number: int, content: list[Element | str]) -> list[Part]:
    if not number:
        return []
    title = ""
    for at, part in enumerate(content):
        if not isinstance(part, str) and (part.tag in {"h1", "h2", "h3", "h4"} or "title" in (part.get("class") or "")):
            title = text_of(part)
            content = content[:at] + content[at + 1 :]
            break
    prose = prose_of(_without_rule(content))
    return [Part(number=number, title=title, body=prose)] if prose.has_words() or "<img" in prose else []


def _without_rule(content: list[Element | str]) -> list[Element | str]:
    """The content without the line that parts it from the next chapter."""
    while content and (not content[-1].strip() if isinstance(content[-1], str) else content[-1].tag in {"hr", "br"}):
        content = content[:-1]
    return content


def _gate(page: Page, sid: str) -> str:
    """The address behind the warning that stands in the story's place, "" where none does."""
    for link in page.root.iter("a"):
        href = link.get("href") or ""
        if re.search(r"ageconsent=|[?&;]warning=\d", href, re.IGNORECASE):
            view = page.view(href)
            if view is not None and view.key == sid and view.kind in {Kind.STORY, Kind.PRINT}:
                return page.address(href)
    return ""


def _is_refusal(page: Page) -> bool:
    """Whether the page says that it is for members only, or that there is no such story."""
    return (
        page.first(f"//*[{has_class('errortext')}]", f"//*[{has_class('errormsg')}]", "//input[@type='password']")
        is not None
    )
