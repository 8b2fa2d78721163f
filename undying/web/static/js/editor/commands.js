// What the tools do to the text.
import {
  chainCommands, lift, liftListItem, NodeSelection, setBlockType, sinkListItem, TextSelection, toggleMark, wrapIn, wrapInList,
} from "../../built/prosemirror.js";
import { newRuby, schema } from "./schema.js";

const { nodes, marks } = schema;

// Marks. Several elements may mean one thing: <b> is as bold as <strong>.

const inline = (tags, attrs = null) => ({ types: tags.split(" ").map((tag) => marks[tag]), attrs });
export const BOLD = inline("strong b");
export const ITALIC = inline("em i");
export const UNDERLINE = inline("u");
export const STRIKE = inline("s del");
export const SUB = inline("sub");
export const SUP = inline("sup");
export const SPOILER = inline("span", { class: "spoiler" });

const isMeant = ({ types, attrs }) => (mark) => types.includes(mark.type) && (!attrs || mark.attrs.class === attrs.class);

export function hasMark(state, wanted) {
  const { from, to, empty, $from } = state.selection;
  if (empty) return (state.storedMarks || $from.marks()).some(isMeant(wanted));
  let isThere = false;
  state.doc.nodesBetween(from, to, (node) => {
    if (node.isText) isThere ||= node.marks.some(isMeant(wanted));
    return !isThere;
  });
  return isThere;
}

export const mark = (wanted) => (state, dispatch) => {
  if (!hasMark(state, wanted)) return toggleMark(wanted.types[0], wanted.attrs)(state, dispatch);
  const { from, to, empty, $from } = state.selection;
  if (!dispatch) return true;
  const tr = state.tr;
  if (empty) {
    const kept = (state.storedMarks || $from.marks()).filter((each) => !isMeant(wanted)(each));
    dispatch(tr.setStoredMarks(kept));
    return true;
  }
  state.doc.nodesBetween(from, to, (node, at) => {
    for (const found of node.isText ? node.marks.filter(isMeant(wanted)) : []) {
      tr.removeMark(Math.max(from, at), Math.min(to, at + node.nodeSize), found);
    }
  });
  dispatch(tr.scrollIntoView());
  return true;
};

// Blocks.

const classes = (node) => new Set((node.attrs.class || "").split(" ").filter(Boolean));

function eachLine({ doc, selection }, visit) {
  for (const { $from, $to } of selection.ranges) {
    doc.nodesBetween($from.pos, $to.pos, (node, at) => {
      if (node.isTextblock) visit(node, at);
    });
  }
}

export function sideOf(state) {
  const { $from } = state.selection;
  for (let depth = $from.depth; depth > 0; depth -= 1) {
    const side = [...classes($from.node(depth))].find((each) => each.startsWith("align-"));
    if (side) return side.slice("align-".length);
  }
  return "left";
}

export const align = (side) => (state, dispatch) => {
  const tr = state.tr;
  eachLine(state, (node, at) => {
    const kept = [...classes(node)].filter((each) => !each.startsWith("align-"));
    // On the left is where text stands anyway, unless what it stands in says otherwise.
    const $at = state.doc.resolve(at);
    let isMoved = false;
    for (let depth = $at.depth; depth > 0; depth -= 1) isMoved ||= /align-/.test($at.node(depth).attrs.class || "");
    if (side !== "left" || isMoved) kept.push(`align-${side}`);
    tr.setNodeAttribute(at, "class", kept.join(" ") || null);
  });
  if (dispatch && tr.docChanged) dispatch(tr);
  return tr.docChanged;
};

/** What the lines of the selection are: a name of KINDS, or "" where they differ. */
export function kindOf(state) {
  const found = new Set();
  eachLine(state, (node) => found.add(kindOfLine(node)));
  return found.size === 1 ? [...found][0] : "";
}

function kindOfLine(node) {
  if (node.type === nodes.heading) return `h${node.attrs.level}`;
  if (node.type === nodes.p && classes(node).has("verse")) return "verse";
  return [nodes.p, nodes.pre].includes(node.type) ? node.type.name : "";
}

export const KINDS = [
  ["p", "Paragraph"],
  ...[1, 2, 3, 4, 5, 6].map((level) => [`h${level}`, `Heading ${level}`]),
  ["verse", "Verse"],
  ["pre", "As typed"],
];

export const kind = (name) => {
  if (name === "pre") return setBlockType(nodes.pre);
  if (name === "verse") return setBlockType(nodes.p, { class: "verse", bare: false });
  if (name === "p") return setBlockType(nodes.p, { bare: false });
  return setBlockType(nodes.heading, { level: Number(name[1]) });
};

export function isIn(state, type, name = "") {
  const { $from } = state.selection;
  for (let depth = $from.depth; depth > 0; depth -= 1) {
    const node = $from.node(depth);
    if (node.type === type && (!name || classes(node).has(name))) return depth;
  }
  return 0;
}

/** In a quotation, a letter, a message: out of it; anywhere else, into one. */
export const wrap = (type, name = "") => (state, dispatch) => {
  const depth = isIn(state, type, name);
  if (!depth) return wrapIn(type, name ? { class: name } : null)(state, dispatch);
  const { $from } = state.selection;
  const start = $from.before(depth);
  const node = $from.node(depth);
  if (!$from.node(depth - 1).canReplace($from.index(depth - 1), $from.index(depth - 1) + 1, node.content)) return false;
  if (dispatch) {
    const tr = state.tr.replaceWith(start, start + node.nodeSize, node.content);
    // One edge less before it: what was selected still is.
    const [from, to] = [state.selection.from, state.selection.to].map((each) => tr.doc.resolve(Math.min(each - 1, tr.doc.content.size)));
    dispatch(tr.setSelection(TextSelection.between(from, to)).scrollIntoView());
  }
  return true;
};

export const list = (type) => (state, dispatch) => {
  const other = type === nodes.ul ? nodes.ol : nodes.ul;
  const { $from } = state.selection;
  const [here, there] = [isIn(state, type), isIn(state, other)];
  if (here > there) return liftListItem(nodes.li)(state, dispatch);
  if (there) {
    if (dispatch) dispatch(state.tr.setNodeMarkup($from.before(there), type));
    return true;
  }
  return wrapInList(type)(state, dispatch);
};

export const indent = sinkListItem(nodes.li);
export const outdent = chainCommands(liftListItem(nodes.li), lift);

// Things that are put in.

/** Put blocks after the line with the cursor, or in its place when it is empty, and go to where text may follow. */
function put(state, dispatch, blocks, cursor) {
  const { $from } = state.selection;
  let depth = $from.depth;
  while (depth > 0 && !$from.node(depth - 1).type.contentMatch.matchType(blocks[0].type) && depth > 1) depth -= 1;
  const isEmpty = depth === $from.depth && !$from.parent.content.size && $from.parent.type === nodes.p;
  const from = isEmpty ? $from.before(depth) : $from.after(depth);
  const to = isEmpty ? $from.after(depth) : from;
  if (dispatch) {
    const tr = state.tr.replaceWith(from, to, blocks);
    const place = tr.doc.resolve(Math.min(from + cursor, tr.doc.content.size));
    dispatch(tr.setSelection(TextSelection.near(place)).scrollIntoView());
  }
  return true;
}

export function sceneBreak(state, dispatch) {
  const ornament = nodes.p.create({ class: "scene-break", bare: false }, schema.text("* * *"));
  return put(state, dispatch, [ornament, nodes.p.create()], ornament.nodeSize + 1);
}

export function fold(state, dispatch) {
  const details = nodes.details.create(null, [nodes.summary.create(null, schema.text("Spoiler")), nodes.p.create()]);
  return put(state, dispatch, [details, nodes.p.create()], 2);
}

/** A footnote as readers know it from AO3: a raised number, and at the end of the text the note with the way back. */
export function footnote(state, dispatch) {
  const taken = idsOf(state.doc);
  let number = 1;
  while (taken.has(`user-fn${number}`) || taken.has(`user-ref${number}`)) number += 1;
  if (!state.selection.$to.parent.inlineContent || state.selection.$to.parent.type === nodes.pre) return false;
  if (dispatch) {
    const link = (id, href) => marks.a.create({ id, href });
    const raised = schema.text(`${number}`, [marks.sup.create(), link(`user-ref${number}`, `#user-fn${number}`)]);
    const back = schema.text("back", [link(null, `#user-ref${number}`)]);
    const note = nodes.p.create({ id: `user-fn${number}`, bare: false }, [schema.text(`${number}. `), schema.text(" "), back]);
    const tr = state.tr.insert(state.selection.to, raised);
    const end = tr.doc.content.size;
    tr.insert(end, note);
    dispatch(tr.setSelection(TextSelection.create(tr.doc, end + 1 + `${number}. `.length)).scrollIntoView());
  }
  return true;
}

function idsOf(doc) {
  const found = new Set();
  doc.descendants((node) => {
    for (const { attrs } of [node, ...node.marks]) if (attrs.id) found.add(attrs.id);
  });
  return found;
}

/** The link around the cursor, with where it begins and ends. */
export function linkAt({ selection: { $from, from, to }, doc }) {
  let found = null;
  doc.nodesBetween(Math.max(0, from - (from === to ? 1 : 0)), Math.min(doc.content.size, to + (from === to ? 1 : 0)), (node, at) => {
    const link = node.isText && node.marks.find((each) => each.type === marks.a);
    if (link && !found && at <= from && at + node.nodeSize >= from) found = { link, from: at, to: at + node.nodeSize };
  });
  if (!found) return null;
  // The link may go on over text with other marks.
  $from.parent.forEach((node, offset) => {
    const at = $from.start() + offset;
    if (at === found.to && found.link.isInSet(node.marks)) found.to = at + node.nodeSize;
  });
  return found;
}

export const link = ({ href, words }) => (state, dispatch) => {
  const here = linkAt(state);
  const { from, to } = here || state.selection;
  const tr = state.tr;
  const made = marks.a.create({ href });
  if (here) tr.removeMark(from, to, here.link);
  if (from === to) tr.insert(from, schema.text(words || href, [...state.selection.$from.marks(), made]));
  else tr.addMark(from, to, made);
  if (dispatch) dispatch(tr.scrollIntoView());
  return true;
};

export function unlink(state, dispatch) {
  const here = linkAt(state);
  if (here && dispatch) dispatch(state.tr.removeMark(here.from, here.to, here.link));
  return Boolean(here);
}

export const imageAt = ({ selection }) =>
  selection instanceof NodeSelection && selection.node.type === nodes.img ? selection.node : null;

export const image = ({ src, alt }) => (state, dispatch) => {
  const there = imageAt(state);
  if (dispatch) dispatch(state.tr.replaceSelectionWith(nodes.img.create({ ...there?.attrs, src, alt }), true).scrollIntoView());
  return true;
};

/** The selected characters with their reading above them; "(" and ")" for whatever cannot draw it. */
export const ruby = ({ base, reading }) => (state, dispatch) => {
  const around = newRuby();
  const piece = (text, name) => schema.text(text, name ? [around, marks[name].create()] : [around]);
  const made = [piece(base), piece("(", "rp"), piece(reading, "rt"), piece(")", "rp")];
  const { from, to } = state.selection;
  if (dispatch) {
    const tr = state.tr.replaceWith(from, to, made);
    dispatch(tr.setStoredMarks([]).scrollIntoView());
  }
  return true;
};
