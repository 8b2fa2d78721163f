// What comes from elsewhere, made quiet: text, its structure, emphasis, breaks and alignment. Fonts, sizes, colours, classes
// and the rest of what word processors write are left behind, so that a text looks like the others in this archive.
import { CLASSES } from "./schema.js";

const DROPPED = "script, style, title, meta, link, template, iframe, object, embed, svg, math, xml, noframes";
const RENAMED = { strike: "s", tt: "code", acronym: "abbr", dir: "ul", menu: "ul", listing: "pre", image: "img" };
const EMPHASIS = new Set(["b", "strong", "i", "em", "u", "s", "strike", "del", "ins", "sub", "sup"]);
const KEPT = new Set(
  ("p h1 h2 h3 h4 h5 h6 pre blockquote ul ol li dl dt dd table caption thead tbody tfoot tr td th br hr wbr figure " +
    "figcaption details summary ruby rb rt rp q cite code kbd samp var abbr dfn a div span img strong em u s sub sup").split(" "),
);
const KEPT_ATTRIBUTES = { a: ["href"], ol: ["start", "type"], td: ["colspan", "rowspan"], th: ["colspan", "rowspan"] };
const TEXT_BLOCKS = "p, h1, h2, h3, h4, h5, h6, div, td, th, blockquote, li";
const BLOCKS = new Set("p h1 h2 h3 h4 h5 h6 pre blockquote ul ol li dl dt dd table tr td th div figure details hr".split(" "));
const EMPTY = new Set(["br", "wbr"]);
const BOLD = /^(bold|bolder|[6-9]00)$/;
const SIDES = { center: "center", middle: "center", right: "right", end: "right", justify: "justify" };

/** The body of a text in which nothing runs, loads or has a style of its own: those are not even parsed. */
export function inert(markup) {
  const still = markup
    .replace(/<!--[\s\S]*?-->|<!\[(?:if|endif)[^\]]*\]>/gi, "")
    .replace(/<(style|script|xml)\b[\s\S]*?<\/\1\s*>/gi, "")
    // The page's policy forbids styles; under another name they can still be read.
    .replace(/<[a-z][^>]*>/gi, (tag) => tag.replace(/(["'\s])style(\s*=)/gi, "$1data-style$2"));
  return new DOMParser().parseFromString(still, "text/html").body;
}

/** A text of one's own, as typed into the source: everything stays but old ways to centre and to strike through. */
export function tamed(markup) {
  const body = inert(markup);
  for (const dropped of body.querySelectorAll("script, style, iframe, object, embed, template")) dropped.remove();
  for (const old of body.querySelectorAll("center, strike, tt, acronym")) rename(old, RENAMED[old.localName] || "div", "center");
  for (const aligned of body.querySelectorAll("[align], [data-style]")) {
    align(aligned);
    for (const name of ["align", "data-style"]) aligned.removeAttribute(name);
  }
  return body;
}

/** What was pasted, as markup. `left` is told how many pictures did not come along. */
export function plainer(markup, left = () => {}) {
  const fragment = markup.match(/<!--StartFragment-->([\s\S]*?)<!--EndFragment-->/i);
  const body = inert(fragment ? fragment[1] : markup);
  for (const dropped of body.querySelectorAll(DROPPED)) dropped.remove();
  unwrapGoogle(body);
  body.querySelectorAll("br.Apple-interchange-newline").forEach((each) => each.remove());
  const pictures = [...body.querySelectorAll("img, image")];
  for (const picture of pictures) picture.replaceWith(picture.getAttribute("alt") || "");
  if (pictures.length) left(pictures.length);
  for (const each of [...body.querySelectorAll("*")]) quiet(each);
  joinLines(body);
  return body.innerHTML;
}

// Google Docs wraps all it copies in a bold that is not bold, and parts paragraphs with breaks of no meaning.
function unwrapGoogle(body) {
  const wrapper = body.querySelector("[id^=docs-internal-guid]");
  if (!wrapper) return;
  for (const line of [...body.querySelectorAll("br")]) {
    const stands = line.parentElement === body || line.parentElement === wrapper;
    if (stands) line.remove();
  }
  if (wrapper.localName === "b") wrapper.replaceWith(...wrapper.childNodes);
}

function quiet(element) {
  const said = styles(element);
  const tag = RENAMED[element.localName] || element.localName;
  if (element.localName === "center" || BLOCKS.has(tag)) {
    settle(element, said);
    return;
  }
  const isKept = KEPT.has(tag) && !EMPHASIS.has(tag) && tag !== "span" && !(tag === "a" && !linkOf(element));
  const wanted = emphasis(element, said).filter((name) => name !== "u" || !element.closest("a"));
  strip(element, tag);
  if (EMPTY.has(tag)) return;
  lay(isKept ? rename(element, tag) : element, wanted, !isKept);
}

function settle(element, said) {
  const side = SIDES[said["text-align"]] || SIDES[element.getAttribute("align")?.toLowerCase()];
  const isCentred = element.localName === "center";
  const own = (element.getAttribute("class") || "").split(/\s+/).filter((each) => CLASSES.has(each));
  const kept = rename(element, isCentred ? "div" : RENAMED[element.localName] || element.localName);
  strip(kept, kept.localName);
  const classes = own.filter((each) => !each.startsWith("ink-"));
  if (side || isCentred) classes.push(`align-${side || "center"}`);
  if (classes.length) kept.setAttribute("class", [...new Set(classes)].join(" "));
  const wanted = emphasis({ localName: "" }, said);
  if (wanted.length && kept.matches(TEXT_BLOCKS) && !/^h\d$/.test(kept.localName)) lay(kept, wanted, false);
}

function emphasis({ localName }, said) {
  const wanted = new Set();
  const weight = said["font-weight"];
  const slant = said["font-style"];
  if (weight ? BOLD.test(weight) : ["b", "strong"].includes(localName)) wanted.add("strong");
  if (slant ? /italic|oblique/.test(slant) : ["i", "em"].includes(localName)) wanted.add("em");
  const lines = `${said["text-decoration"] || ""} ${said["text-decoration-line"] || ""}`;
  const isPlain = /\bnone\b/.test(lines);
  if (/underline/.test(lines) || (["u", "ins"].includes(localName) && !isPlain)) wanted.add("u");
  if (/line-through/.test(lines) || (["s", "strike", "del"].includes(localName) && !isPlain)) wanted.add("s");
  const raised = said["vertical-align"];
  if (raised === "super" || localName === "sup") wanted.add("sup");
  if (raised === "sub" || localName === "sub") wanted.add("sub");
  return [...wanted];
}

// Put marks around what an element holds; with `instead`, in the element's own place.
function lay(element, marks, instead) {
  if (!element.textContent.trim() && instead) {
    element.replaceWith(...element.childNodes);
    return;
  }
  if ([...element.children].some((each) => BLOCKS.has(each.localName))) {
    for (const block of [...element.children]) lay(block, marks, false);
    if (instead) element.replaceWith(...element.childNodes);
    return;
  }
  let holder = element;
  for (const name of marks) {
    const mark = element.ownerDocument.createElement(name);
    mark.append(...holder.childNodes);
    holder.append(mark);
    holder = mark;
  }
  if (instead) element.replaceWith(...element.childNodes);
}

function styles(element) {
  const pairs = (element.getAttribute("data-style") || "").toLowerCase().split(";").map((part) => part.split(":"));
  return Object.fromEntries(pairs.filter(([, value]) => value).map(([name, value]) => [name.trim(), value.replace("!important", "").trim()]));
}

function align(element) {
  const side = SIDES[styles(element)["text-align"]] || SIDES[element.getAttribute("align")?.toLowerCase()];
  if (side && element.matches(TEXT_BLOCKS)) element.classList.add(`align-${side}`);
}

function strip(element, tag) {
  const kept = KEPT_ATTRIBUTES[tag] || [];
  for (const { name } of [...element.attributes]) if (!kept.includes(name)) element.removeAttribute(name);
}

const linkOf = (element) => /^(https?:|mailto:|#)/i.test(element.getAttribute("href") || "");

function rename(element, tag, centred) {
  if (element.localName === tag) return element;
  const made = element.ownerDocument.createElement(tag);
  for (const { name, value } of [...element.attributes]) made.setAttribute(name, value);
  if (centred && element.localName === "center") made.classList.add("align-center");
  made.append(...element.childNodes);
  element.replaceWith(made);
  return made;
}

// Word breaks its lines in the middle of sentences; those ends of lines are spaces.
function joinLines(body) {
  const walker = body.ownerDocument.createTreeWalker(body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const text = walker.currentNode;
    if (!text.parentElement.closest("pre")) text.data = text.data.replace(/[ \t]*[\r\n]+[ \t]*/g, " ");
  }
}
