// What a text may hold: the elements, attributes and classes of undying/manuscript/_schema.py, and no others.
// tests/e2e/test_editor.py compares the two. Inline elements are marks; blocks and what has no contents are nodes.
import { Schema } from "../../built/prosemirror.js";

const words = (text) => text.split(" ");

export const COMMON = words("class lang dir title id");
export const OWN = {
  a: ["href"],
  img: words("src alt width height"),
  ol: words("start type reversed"),
  li: ["value"],
  td: words("colspan rowspan"),
  th: words("colspan rowspan scope"),
  blockquote: ["cite"],
  q: ["cite"],
  ins: ["cite"],
  del: ["cite"],
  details: ["open"],
};
export const CLASSES = new Set([
  ...words("align-center align-right align-left align-justify big small-caps typewriter scene-break gap letter message"),
  ...words("verse spoiler ink-red ink-orange ink-gold ink-green ink-teal ink-blue ink-purple ink-pink ink-brown ink-grey"),
]);
const INNER = ["bare", "level", "apart"]; // what the editor knows of a node and no markup says

// The outermost first: this is the order in which marks are written around one text.
const MARKS = words(
  "ruby rb rt rp bdo bdi ins del span sup sub a q cite dfn abbr small mark strong b em i u s code kbd samp var",
);
const LEADS_OUT = new Set(words("a ruby rb rt rp"));

export const names = (tag) => [...(OWN[tag] || []), ...COMMON];

const attributes = (tag, more = {}) => ({
  ...Object.fromEntries(names(tag).map((name) => [name, { default: null }])),
  ...more,
});

function read(tag, more) {
  return (element) => {
    const found = { ...more };
    for (const name of names(tag)) if (element.hasAttribute(name)) found[name] = element.getAttribute(name);
    if (found.class) found.class = found.class.split(/\s+/).filter((each) => CLASSES.has(each)).join(" ") || null;
    return found;
  };
}

export const shown = (attrs) =>
  Object.fromEntries(Object.entries(attrs).filter(([name, value]) => value !== null && !INNER.includes(name)));

// One element, one node. `own` may name what the parser and the page must know besides.
function node(tag, own = {}) {
  const { more, rule, tagOf, ...rest } = own;
  return {
    attrs: attributes(tag, more),
    parseDOM: [{ tag, getAttrs: read(tag, rule), ...(rest.code && { preserveWhitespace: "full" }) }],
    toDOM: ({ attrs, isLeaf }) => (isLeaf ? [tag, shown(attrs)] : [tag, shown(attrs), 0]),
    ...rest,
  };
}

const cell = { content: "block+", defining: true };
const line = { content: "inline*", defining: true };
const inline = { inline: true, group: "inline" };
const block = { group: "block" };

const HEADING = {
  ...node("h1", { ...block, content: "inline*", defining: true, more: { level: { default: 2 } } }),
  parseDOM: [1, 2, 3, 4, 5, 6].map((level) => ({ tag: `h${level}`, getAttrs: read("h1", { level }) })),
  toDOM: ({ attrs }) => [`h${attrs.level}`, shown(attrs), 0],
};

const nodes = {
  doc: { content: "block+" },
  // `bare`: text that stood in a cell or a point of a list without being called a paragraph.
  p: node("p", { ...block, content: "inline*", more: { bare: { default: true } }, rule: { bare: false } }),
  text: { group: "inline" },
  heading: HEADING,
  pre: node("pre", { ...block, content: "inline*", code: true, defining: true }),
  blockquote: node("blockquote", { ...block, content: "block+", defining: true }),
  div: node("div", { ...block, content: "block+", defining: true }),
  ul: node("ul", { ...block, content: "li+" }),
  ol: node("ol", { ...block, content: "li+" }),
  li: node("li", cell),
  dl: node("dl", { ...block, content: "(dt | dd)+" }),
  dt: node("dt", line),
  dd: node("dd", cell),
  table: node("table", { ...block, content: "caption? (thead | tbody | tfoot | tr)+", isolating: true }),
  caption: node("caption", line),
  thead: node("thead", { content: "tr+" }),
  tbody: node("tbody", { content: "tr+" }),
  tfoot: node("tfoot", { content: "tr+" }),
  tr: node("tr", { content: "(td | th)+" }),
  td: node("td", { content: "block+", isolating: true }),
  th: node("th", { content: "block+", isolating: true }),
  figure: node("figure", { ...block, content: "(block | figcaption)+" }),
  figcaption: node("figcaption", cell),
  details: node("details", { ...block, content: "summary block*" }),
  summary: node("summary", line),
  hr: node("hr", block),
  br: node("br", { ...inline, selectable: false, linebreakReplacement: true, leafText: () => "\n" }),
  wbr: node("wbr", { ...inline, selectable: false }),
  img: node("img", { ...inline, draggable: true }),
  // A place that links lead to, with nothing in it.
  place: {
    ...inline,
    attrs: attributes("span"),
    parseDOM: [{ tag: "span[id]", priority: 60, getAttrs: (span) => !span.firstChild && read("span")(span) }],
    toDOM: ({ attrs }) => ["span", shown(attrs)],
  },
};

let rubies = 0;

function mark(tag) {
  // Two rubies side by side are two: a number that is written nowhere keeps them apart.
  const apart = () => (tag === "ruby" ? { apart: ++rubies } : {});
  return {
    attrs: attributes(tag, tag === "ruby" ? { apart: { default: 0 } } : {}),
    excludes: "",
    inclusive: !LEADS_OUT.has(tag),
    parseDOM: [{ tag, getAttrs: (element) => read(tag, apart())(element) }],
    toDOM: ({ attrs }) => [tag, shown(attrs), 0],
  };
}

export const schema = new Schema({ nodes, marks: Object.fromEntries(MARKS.map((tag) => [tag, mark(tag)])) });
export const newRuby = () => schema.marks.ruby.create({ apart: ++rubies });

export const tagOf = ({ type, attrs }) => ({ heading: `h${attrs.level}`, place: "span" })[type.name] || type.name;

/** Every element that the schema holds, with its attributes: for the test that compares it with the cleaner's. */
export function allowed() {
  const found = {};
  const add = (tag, type) => {
    const own = Object.keys(type.spec.attrs || {}).filter((name) => !INNER.includes(name));
    found[tag] = [...new Set([...(found[tag] || []), ...own])].sort();
  };
  for (const type of Object.values(schema.nodes)) {
    if (["doc", "text"].includes(type.name)) continue;
    if (type.name === "heading") for (const level of [1, 2, 3, 4, 5, 6]) add(`h${level}`, type);
    else add(tagOf({ type, attrs: {} }), type);
  }
  for (const type of Object.values(schema.marks)) add(type.name, type);
  return { elements: found, classes: [...CLASSES].sort() };
}
