// Between markup and the document. Blocks that nobody touched are written as they were read, to the letter: nodes are
// never changed in place, so a map from a block to its source is right for as long as the block lives. The same map
// makes writing cheap: after a key only the block under the cursor is written anew.
import { Fragment, Reader } from "../../built/prosemirror.js";
import { names, schema, tagOf } from "./schema.js";
import { tamed } from "./paste.js";

const reader = Reader.fromSchema(schema);
const sources = new WeakMap();
const VOID = new Set(["br", "hr", "img", "wbr"]);
const CELLS = new Set(["li", "dd", "td", "th", "figcaption"]);
const INLINE = new Set([...Object.keys(schema.marks), "br", "img", "wbr", "font", "big", "strike", "tt", "acronym"]);

export const isMarkup = (text) => /<\/?[a-z][^>]*>/i.test(text);

/** The document that a text is: markup, or plain text with blank lines between its paragraphs. */
export function read(text) {
  const blocks = isMarkup(text) ? readMarkup(text) : paragraphs(text);
  return schema.node("doc", null, blocks.length ? blocks : [schema.node("p")]);
}

export function paragraphs(text) {
  const parts = text.replace(/\r\n?/g, "\n").split(/\n[ \t]*\n\s*/);
  const isByLine = parts.length === 1; // no blank line anywhere: then every line is a paragraph
  return (isByLine ? text.split(/[\r\n]+/) : parts).filter((part) => part.trim()).map((part) => {
    const lines = part.split("\n").flatMap((each, at) => {
      const said = each.trim() ? [schema.text(each.trim())] : [];
      return at ? [schema.node("br"), ...said] : said;
    });
    return schema.node("p", null, lines);
  });
}

function readMarkup(text) {
  const blocks = [];
  for (const holder of holders(tamed(text))) {
    const source = holder.innerHTML;
    const { content } = reader.parse(holder);
    const isEmpty = content.size === 2 && content.firstChild.type === schema.nodes.p;
    if (isEmpty && !source.includes("<p")) continue;
    if (content.childCount === 1) sources.set(content.firstChild, source);
    blocks.push(...content.content);
  }
  return blocks;
}

// Each block of the text in a box of its own; text and inline markup between two blocks go together.
function* holders(body) {
  let loose = null;
  for (const child of [...body.childNodes]) {
    const isLoose = child.nodeType === Node.TEXT_NODE || INLINE.has(child.localName);
    if (isLoose && (loose || child.nodeType !== Node.TEXT_NODE || child.data.trim())) {
      loose ??= body.ownerDocument.createElement("div");
      loose.append(child);
    } else if (!isLoose && child.nodeType === Node.ELEMENT_NODE) {
      if (loose) yield loose;
      loose = null;
      const holder = body.ownerDocument.createElement("div");
      holder.append(child);
      yield holder;
    }
  }
  if (loose) yield loose;
}

/** The document as markup, one block a line. */
export function write(doc) {
  const written = [];
  if (!isBlank(doc)) doc.forEach((block) => written.push(sourceOf(block)));
  return written.filter(Boolean).join("\n");
}

/** The markup of a document, nothing of it taken from what was read. */
export function writeAnew(doc) {
  const written = [];
  doc.forEach((block) => written.push(element(block, doc)));
  return written.join("\n");
}

export const isBlank = (doc) => doc.childCount === 1 && doc.firstChild.isTextblock && !doc.firstChild.content.size;

function sourceOf(block) {
  let source = sources.get(block);
  if (source === undefined) {
    source = element(block, null);
    sources.set(block, source);
  }
  return source;
}

function element(node, parent) {
  if (node.isText) return escaped(node.text);
  const tag = tagOf(node);
  const inside = node.inlineContent ? line(node.content) : blocks(node);
  if (isUnwritten(node, parent)) return inside;
  // An empty paragraph is a pause to its author; the cleaner drops `<p></p>` and reads this one.
  const held = node.type === schema.nodes.p && !inside ? "<br>" : inside;
  const opening = `<${tag}${attributes(tag, node.attrs)}>`;
  return VOID.has(tag) ? opening : `${opening}${held}</${tag}>`;
}

function blocks(node) {
  const written = [];
  node.forEach((child) => written.push(element(child, node)));
  return written.join("");
}

// Text alone in a cell needs no paragraph, nor does the picture of a figure.
function isUnwritten(node, parent) {
  if (!parent || !node.attrs.bare || Object.entries(node.attrs).some(([name, value]) => name !== "bare" && value)) {
    return false;
  }
  if (CELLS.has(parent.type.name)) return parent.childCount === 1;
  return parent.type.name === "figure" && parent.content.content.filter((each) => each.attrs.bare).length === 1;
}

// Inline markup: close and open until exactly the marks of the next piece are open.
function line(content) {
  const written = [];
  let open = [];
  const sync = (marks) => {
    let same = 0;
    while (same < open.length && same < marks.length && open[same].eq(marks[same])) same += 1;
    for (const mark of open.slice(same).reverse()) written.push(`</${mark.type.name}>`);
    for (const mark of marks.slice(same)) written.push(`<${mark.type.name}${attributes(mark.type.name, mark.attrs)}>`);
    open = marks;
  };
  Fragment.from(content).forEach((node) => {
    sync(node.marks);
    written.push(element(node, null));
  });
  sync([]);
  return written.join("");
}

function attributes(tag, attrs) {
  const own = names(tag).filter((name) => attrs[name] !== null && attrs[name] !== undefined);
  const written = own.map((name) => ` ${name}="${escaped(attrs[name]).replaceAll('"', "&quot;")}"`);
  if (tag === "a" && attrs.href !== null) written.splice(1, 0, ' rel="nofollow noopener"');
  return written.join("");
}

const ESCAPES = { "&": "&amp;", "<": "&lt;", ">": "&gt;", "\u00a0": "&nbsp;" };
const escaped = (text) => String(text).replace(/[&<>\u00a0]/g, (sign) => ESCAPES[sign]);
