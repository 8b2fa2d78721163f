"""From html5ever's regular markup to Undying's: sound nesting, old markup mapped, one canonical spelling.

Block structure is a stack of frames with at most one run of text being written in the innermost. Inline markup is a
tuple of marks that is laid on text wherever text goes, so a block inside an inline element cuts it instead of nesting
wrongly. The builder decides what a story looks like; whether the result is safe is for the judge to say.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from undying.manuscript import _attributes
from undying.manuscript._frames import EMPTY, FLOW, RULE, SCENE_BREAK, Frame, Item, finish, may_stand_in
from undying.manuscript._marks import SHARED, Mark, effects, span
from undying.manuscript._run import NBSP, Marks, Run, is_scene_break
from undying.manuscript._schema import (
    BLOCKS,
    HEADINGS,
    KEPT,
    LISTS,
    RENAMED_BLOCKS,
    RENAMED_INLINE,
    REPORTED,
    TABLE_PARTS,
    VOID,
)

if TYPE_CHECKING:
    from undying.manuscript._attributes import Attributes
    from undying.manuscript._tally import Tally

_TOKEN = re.compile(r"<(/?)([^\s>/]+)([^>]*)>([^<]*)")
_PARAGRAPH_OR_TOKEN = re.compile(
    r"<p>(?P<whole>[^<\n\t]++(?:<(em|i|strong|b|u|s)>[^<\n\t]++</\2>[^<\n\t]*+)*+)</p>(?P<after>[^<]*)|<(/?)([^\s>/]+)([^>]*)>([^<]*)"
)
_NOT_CANONICAL = re.compile(r"  | <[^>]*> |><|&nbsp;|^<[^>]*> | </[^>]*>$|^$")
_SPACES = re.compile(r"[ \t\n]+")
_PARAGRAPHS = re.compile(r"<(?:p|br|div|li|dd|td|th|pre|listing)[ >]")
_ANY_BLOCK = re.compile(rf"<(?:{'|'.join(sorted((BLOCKS | {'hr'} | set(RENAMED_BLOCKS)) - {'audio', 'video'}))})[ >]")
_RUN_TAGS = HEADINGS | {"p", "pre", "dt", "summary", "caption"}
_STYLED = frozenset({"style", "color", "face", "size", "align", "bgcolor", "background"})
_EMPTY_IN_HTML = VOID | {"input", "embed", "frame"}
_NOTHING: dict[str, str] = {}
_NESTING_MEANS_MORE = frozenset({"span", "q", "sub", "sup", "small", "bdi", "bdo"})

DEEPEST = 100
MOST_MARKS = 24
_SHORT = 200
_PARAGRAPH = 2  # line breaks that part paragraphs; more are a pause


@dataclass(slots=True, eq=False)
class _Source:
    """One open element of the input and what it opened here, if anything."""

    name: str
    marks: Marks
    frame: Frame | None = None
    runs: bool = False
    breaks: bool = False


class Builder:
    """Reads one text. `build()` may be called once."""

    def __init__(self, tally: Tally) -> None:
        self.tally = tally
        self.root = Frame("root")
        self.frames = [self.root]
        self.sources: list[_Source] = []
        self.marks: Marks = ()
        self.run: Run | None = None
        self.anchors: list[str] = []
        self.ids: set[str] = set()
        self.plain = False
        self.budget = 0

    def build(self, markup: str) -> str:
        """The story's markup; linear in the length of the input."""
        self.plain = _is_plain(markup)
        self.budget = 2 * len(markup) + 50_000
        for found in _PARAGRAPH_OR_TOKEN.finditer("<wbr>" + markup):
            if (whole := found["whole"]) is None:
                self._token(found[4], found[5], found[6], found[7])
            elif self._takes_as_it_is(whole):
                if (after := found["after"]) and after != "\n":
                    self._text(after)
            else:
                for token in _TOKEN.findall(found[0]):
                    self._token(*token)
        self._end_run()
        self._close_down_to(self.root)
        if self.anchors:
            run = Run("p")
            run.place(self.anchors)
            self.root.items.append(Item("p", "", run.finished()))
        whole = finish(self.root)
        return whole.inside if whole else ""

    # What comes in

    def _takes_as_it_is(self, whole: str) -> bool:
        """The short way for what most texts are made of: a plain paragraph that has its canonical spelling already."""
        if self.run or self.marks or self.anchors or self.frames[-1].tag not in FLOW:
            return False
        whole = whole.strip(" ")
        if _NOT_CANONICAL.search(whole) or (len(whole) < _SHORT and is_scene_break(whole)):
            return False
        self._append(Item("p", "", whole))
        return True

    def _token(self, slash: str, name: str, attributes: str, text: str) -> None:
        if slash:
            self._end(name)
        else:
            self._start(name, attributes)
        if text:
            self._text(text)

    def _start(self, name: str, written: str) -> None:
        attributes = _attributes.read(written) if written else _NOTHING
        if name in REPORTED:
            self.tally.note(REPORTED[name])
        if name in _EMPTY_IN_HTML:
            self._void(name, attributes)
            return
        source = _Source(name, self.marks)
        self.sources.append(source)
        if name in SHARED and not attributes:
            self._lay(SHARED[name])
        elif name in RENAMED_BLOCKS or name in BLOCKS:
            self._start_block(source, RENAMED_BLOCKS.get(name, name), attributes)
        else:
            self._start_inline(name, attributes)

    def _end(self, name: str) -> None:
        if not self.sources or self.sources[-1].name != name:
            return  # the end of what was never begun: html5ever's output has none
        source = self.sources.pop()
        for mark in self.marks[len(source.marks) :]:
            self._keep_anchor(mark)
        self.marks = source.marks if self.budget >= 0 else ()
        if source.frame:
            if source.frame in self.frames:
                self._close_down_to(source.frame)
                self._close_frame()
        elif source.runs:
            if self.run and self.run.owner is source:
                self._end_run()
        elif source.breaks:
            self._break_line()

    def _text(self, text: str) -> None:
        if self.run and self.run.tag == "pre":
            self.run.add_preformatted(text, self.marks, self.anchors)
        elif self.plain and "\n" in text:
            self._plain_text(text)
        else:
            self._flow_text(text)

    def _plain_text(self, text: str) -> None:
        """Blank lines part paragraphs and every line break counts, as in the archives that stored text like this."""
        for line_number, line in enumerate(text.split("\n")):
            if line_number and self.run:
                self._line_break(1)
            if line.strip(" \t"):
                self._flow_text(line)

    def _flow_text(self, text: str) -> None:
        if "\n" in text or "  " in text or "\t" in text:
            text = _SPACES.sub(" ", text)
        run = self.run
        if text == " ":
            if run:
                run.add_space(self.marks)
            return
        if run is None or (run.breaks > 1 and run.splits and text.replace(NBSP, "").strip()):
            run = self._next_run()
        self._spend(run.add_text(text, self.marks, self.anchors))

    def _void(self, name: str, attributes: Attributes) -> None:
        if name == "br":
            self._line_break(1)
        elif name == "hr":
            self._rule()
        elif name == "img":
            self._image(attributes)
        elif name == "wbr" and self.run:
            self.run.add_optional_break()

    # Lines and paragraphs

    def _line_break(self, times: int) -> None:
        if self.run is None:
            self._append(EMPTY)
            return
        for _ in range(times):
            self.run.add_break()
        if self.run.breaks > _PARAGRAPH and not self.run.splits:
            self.run.breaks = _PARAGRAPH

    def _break_line(self) -> None:
        """The edge of a block that leaves no block here."""
        if self.run is None:
            return
        if self.run.auto:
            self._end_run()
        elif not self.run.breaks:
            self.run.add_break()

    def _next_run(self) -> Run:
        """The run that text may go to: a new one where none is open, or where two line breaks stand."""
        before = self.run
        if before is None:
            self._make_room("")
            self.run = Run("p")
        else:
            gap = before.breaks > _PARAGRAPH
            self._end_run()
            if gap:
                self._append(EMPTY)
            self.run = Run("p", before.attributes, "", before.owner)
            self.run.indent = before.indent
        return self.run

    def _end_run(self) -> None:
        run, self.run = self.run, None
        if run is None:
            return
        inside = run.finished()
        if run.blank and run.tag != "dt":
            self._drop_empty(run)
            return
        attributes = run.attributes + (f' id="{run.ident}"' if run.ident else "")
        if run.tag == "p" and len(inside) < _SHORT and (ornament := is_scene_break(inside)):
            attributes = SCENE_BREAK + (f' id="{run.ident}"' if run.ident else "")
            self._append(Item("p", attributes, ornament))
            return
        self._append(Item(run.tag, attributes, inside, auto=run.auto))

    def _drop_empty(self, run: Run) -> None:
        if run.ident:
            self.anchors.append(run.ident)
        if run.tag == "p":
            self._append(EMPTY)

    def _append(self, item: Item) -> None:
        self.frames[-1].items.append(item)

    def _rule(self) -> None:
        if self._inside_a_line():
            self._break_line()
            return
        self._end_run()
        self._make_room("hr")
        self._append(RULE)

    def _image(self, attributes: Attributes) -> None:
        address = _attributes.image_address(attributes.get("src", ""))
        alt = attributes.get("alt", "")
        if not address:
            self.tally.note("image")
            _attributes.common(attributes, self.tally)
            if alt.strip():
                self._text(_attributes.escape(alt))
            return
        pairs = {"src": address, "alt": alt, **_attributes.own("img", attributes)}
        pairs |= _attributes.common(attributes, self.tally)
        if ident := self._new_id(attributes):
            pairs["id"] = ident
        run = self.run
        if run is None or (run.breaks > 1 and run.splits):
            run = self._next_run()
        self._spend(run.add_object(f"<img{_attributes.written(pairs)}>", self.marks))

    # Blocks

    def _start_block(self, source: _Source, name: str, attributes: Attributes) -> None:
        if source.name == "center":
            attributes = {**attributes, "align": "center"}
        kept, ident = self._block_attributes(name, attributes)
        if name == "div" and not kept and not ident:
            source.breaks = True
            self._break_line()
            return
        if self._inside_a_line():
            self._give_up_block(source, ident)
            return
        self._end_run()
        self._make_room(name)
        name = self._fitting(name)
        parent = self.frames[-1].tag
        if name in _RUN_TAGS:
            self.run = Run(name, kept, ident, source)
            source.runs = True
        elif may_stand_in(name, parent) and len(self.frames) < DEEPEST:
            source.frame = Frame(name, kept, ident)
            self.frames.append(source.frame)
        else:
            if len(self.frames) >= DEEPEST:
                self.tally.note("flattened")
            self._give_up_block(source, ident)

    def _block_attributes(self, name: str, attributes: Attributes) -> tuple[str, str]:
        """What the block carries as written, and its id; its inline styling is laid on what follows."""
        if not attributes:
            return "", ""
        align = ""
        if not _STYLED.isdisjoint(attributes):
            found = effects(attributes, self.tally)
            align = found.align
            if found.direction:
                attributes = {**attributes, "dir": found.direction}
            self._restyle(found.marks, found.undone, heading=name in HEADINGS)
        pairs = _attributes.own(name, attributes)
        pairs |= _attributes.common(attributes, self.tally, align)
        return _attributes.written(pairs), self._new_id(attributes)

    def _give_up_block(self, source: _Source, ident: str) -> None:
        source.breaks = True
        if ident:
            self.anchors.append(ident)
        self._break_line()

    def _inside_a_line(self) -> bool:
        """Whether the run is a heading, a summary, a `pre`: blocks inside it can only be lines of it."""
        return self.run is not None and self.run.tag != "p"

    def _fitting(self, name: str) -> str:
        """A caption, summary or term away from its parent is an ordinary paragraph."""
        parent = self.frames[-1].tag
        if (name == "caption" and parent != "table") or (name == "summary" and parent != "details"):
            return "p"
        return name

    def _make_room(self, name: str) -> None:
        """Close or open the containers that nobody wrote until the innermost takes `name` ("" for text)."""
        while self.frames[-1].auto and not self.frames[-1].takes(name):
            self._close_frame()
        parent = self.frames[-1].tag
        if name == "li":
            if parent not in LISTS:
                self._open_unwritten("ul")
        elif name in {"dt", "dd"}:
            if parent != "dl":
                self._open_unwritten("dl")
        elif parent in LISTS:
            self._reopen_point()
        elif parent == "dl":
            self._open_unwritten("dd")
        elif parent in TABLE_PARTS and name not in {"caption", "td", "th", *TABLE_PARTS}:
            self._leave_table()

    def _open_unwritten(self, tag: str) -> None:
        self.frames.append(Frame(tag, auto=True))

    def _reopen_point(self) -> None:
        """What stands between the points of a list belongs to the point before it."""
        items = self.frames[-1].items
        while items and items[-1] is EMPTY:
            items.pop()
        point = items.pop() if items else None
        self._open_unwritten("li")
        if point:
            self.frames[-1].attributes = point.attributes
            self.frames[-1].items.append(Item("", "", point.inside))
            self.frames[-1].auto = True

    def _leave_table(self) -> None:
        while self.frames[-1].tag in TABLE_PARTS:
            self._close_frame()

    def _close_down_to(self, frame: Frame) -> None:
        self._end_run()
        while self.frames[-1] is not frame:
            self._close_frame()

    def _close_frame(self) -> None:
        self._end_run()
        frame = self.frames.pop()
        item = finish(frame)
        if item:
            self._append(item)
        elif frame.ident:
            self.anchors.append(frame.ident)

    # Inline markup

    def _start_inline(self, name: str, attributes: Attributes) -> None:
        tag = RENAMED_INLINE.get(name, name)
        if name == "big":
            self._lay(span("big"))
        kept = attributes
        if not _STYLED.isdisjoint(attributes):
            found = effects(attributes, self.tally)
            if found.direction:
                kept = {**attributes, "dir": found.direction}
            if found.undone & {name}:
                tag = "span"
            heading = self.run is not None and self.run.tag in HEADINGS
            self._restyle(found.marks, found.undone, heading=heading)
        if name == "a":
            self._start_link(kept)
            return
        pairs = _attributes.own(tag, kept)
        pairs |= _attributes.common(kept, self.tally)
        ident = self._new_id(kept)
        if tag not in KEPT or (tag == "bdo" and "dir" not in pairs):
            tag = "span"
        if tag != "span" or pairs or ident:
            self._lay(self._mark(tag, pairs, ident))

    def _start_link(self, attributes: Attributes) -> None:
        written = attributes.get("href")
        address = _attributes.link_address(written) if written is not None else ""
        if written is not None and not address:
            self.tally.note("relative link" if _attributes.is_relative(written) else "link")
        pairs = {"href": address, "rel": "nofollow noopener"} if address else {}
        inside_a_link = any(mark.tag == "a" for mark in self.marks)
        pairs |= _attributes.common(attributes, self.tally)
        ident = self._new_id(attributes)
        if address and not inside_a_link:
            self._lay(self._mark("a", pairs, ident))
        else:
            pairs.pop("href", None)
            pairs.pop("rel", None)
            if pairs or ident:
                self._lay(self._mark("span", pairs, ident))

    def _mark(self, tag: str, pairs: Attributes, ident: str) -> Mark:
        if tag in SHARED and not pairs and not ident:
            return SHARED[tag]
        return Mark(tag, _attributes.written(pairs), ident)

    def _lay(self, mark: Mark) -> None:
        """Put a mark on what follows, unless it is there already or would stand where it may not."""
        is_there = mark.tag not in _NESTING_MEANS_MORE and any(mark.tag == other.tag for other in self.marks)
        if is_there or (mark.tag in {"rb", "rt", "rp"} and not self._enter_ruby()):
            self._keep_anchor(mark)
        elif len(self.marks) < MOST_MARKS and self.budget > 0:
            self.marks = (*self.marks, mark)
        else:
            self._keep_anchor(mark)
            self.tally.note("flattened")

    def _keep_anchor(self, mark: Mark) -> None:
        """A place that links lead to outlives the markup that carried it."""
        if mark.ident:
            self.anchors.append(mark.ident)
            mark.ident = ""

    def _enter_ruby(self) -> bool:
        """A reading stands directly in its ruby: what lies between gives way. False outside one."""
        for place in range(len(self.marks) - 1, -1, -1):
            tag = self.marks[place].tag
            if tag == "ruby":
                self.marks = self.marks[: place + 1]
                return True
            if tag in {"rt", "rp"}:
                return False
        return False

    def _restyle(self, marks: list[Mark], undone: set[str], *, heading: bool) -> None:
        """Lay the marks that a style amounts to. Headings have their own size and weight."""
        if undone:
            self.marks = tuple([mark for mark in self.marks if mark.tag not in undone or mark.attributes])
        for mark in marks:
            if not (heading and mark in {SHARED["strong"], SHARED["small"], span("big")}):
                self._lay(mark)

    def _new_id(self, attributes: Attributes) -> str:
        """The author's id in the authors' namespace; "" where there is none or the text has it already."""
        written = attributes.get("id") or attributes.get("name")
        if not written:
            return ""
        ident = _attributes.user_id(written)
        if written.startswith("docs-internal-guid"):
            return ""  # Google Docs' wrapper: nothing links to it
        if not ident or ident in self.ids:
            self.tally.note("id")
            return ""
        self.ids.add(ident)
        return ident

    def _spend(self, length: int) -> None:
        """Marks that are cut by paragraphs are written again and again: a hostile text must not grow by it."""
        self.budget -= length
        if self.budget < 0 and self.marks:
            self.marks = ()
            self.tally.note("flattened")


def _is_plain(markup: str) -> bool:
    """Whether line breaks in the source are the author's own: nothing else parts paragraphs.

    A few headings, rules or centred lines between blank lines do not count: eFiction stored texts like that.
    """
    if "\n" not in markup or _PARAGRAPHS.search(markup):
        return False
    return not _ANY_BLOCK.search(markup) or re.search(r"\S[ \t]*\n[ \t]*\n\s*[^\s<]", markup) is not None
