// The editor over a textarea. The textarea stays what the form sends and what saving watches: its value is clean markup
// after every change (a moment later), and each such change is an `input` event. Whoever sets the value from outside tells
// so by a `change` event. Without this script the textarea takes HTML or Markdown as ever.
import {
  baseKeymap, chainCommands, EditorState, EditorView, gapCursor, history, Fragment, keymap, redo, Selection,
  Slice, splitListItem, TextSelection,
} from "../../built/prosemirror.js";
import { askImage, askLink, askRuby } from "./ask.js";
import * as commands from "./commands.js";
import { bar as findBar, finding } from "./find.js";
import { isBlank, isMarkup, paragraphs, read, write } from "./markup.js";
import { plainer } from "./paste.js";
import { schema } from "./schema.js";
import { shortcuts, toolbar } from "./toolbar.js";
import { count } from "./words.js";

const PAUSE = 300;
const NOT_TAKEN = {
  403: "This page is too old: save your text, and bring the picture again.",
  404: "You are not signed in any more.",
  413: "The file is too large.",
  507: "The archive has no room for it just now.",
};
const { nodes } = schema;
let number = 0;

export function upgrade(fields) {
  for (const field of fields) if (!field.closest(".editor")) new Editor(field);
}

function make(tag, className, attributes = {}) {
  const made = document.createElement(tag);
  made.className = className;
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  return made;
}

class Editor {
  constructor(field) {
    this.field = field;
    this.form = field.form;
    this.isSource = true;
    this.timer = 0;
    this.build();
    this.listen();
    // Words without a single tag may be Markdown: they stay in the source until she says otherwise.
    this.setSource(Boolean(field.value.trim()) && !isMarkup(field.value), { isFirst: true });
  }

  build() {
    const { field } = this;
    const label = field.labels[0];
    if (label) label.id ||= `editor-label-${++number}`;
    const id = `editor-${++number}`;
    this.whole = make("div", "editor");
    this.paper = make("div", "editor-paper");
    field.before(this.whole);
    const named = label ? { "aria-labelledby": label.id } : { "aria-label": field.getAttribute("aria-label") || "Text" };
    this.view = new EditorView(this.paper, {
      state: this.stateOf(schema.node("doc", null, [schema.node("p")])),
      attributes: { ...this.attributes(), ...named, id },
      dispatchTransaction: (tr) => this.dispatch(tr),
      clipboardTextParser: (text) => new Slice(Fragment.from(paragraphs(text)), 1, 1),
      transformPastedHTML: (html) => this.pasted(html),
      handlePaste: (_, event, slice) => this.pastedFiles(event) || this.pastedBlocks(slice),
      nodeViews: { details: boxed("editor-fold"), summary: boxed("editor-summary"), img: picture(this.form?.dataset.pictures) },
    });
    this.tools = toolbar(this.view, this.acts, { controls: id });
    this.find = findBar(this.view, { announce: (words) => this.announce(words) });
    this.counted = make("span", "editor-count");
    this.status = make("span", "visually-hidden", { role: "status" });
    this.swap = make("button", "plain", { type: "button" });
    const foot = make("div", "editor-foot");
    foot.append(this.counted, this.status, this.swap);
    this.whole.append(this.tools.bar, this.find.place, this.paper, field, foot);
    this.label = label;
  }

  attributes() {
    const { field } = this;
    const kept = ["lang", "dir", "aria-describedby"].filter((name) => field.hasAttribute(name));
    return {
      class: "userstuff",
      role: "textbox",
      "aria-multiline": "true",
      ...(field.required && { "aria-required": "true" }),
      ...Object.fromEntries(kept.map((name) => [name, field.getAttribute(name)])),
    };
  }

  get acts() {
    this.acting ??= {
      link: (state) => this.askLink(state),
      image: (state) => this.askImage(state),
      ruby: (state) => this.askRuby(state),
      find: () => (this.find.open(), true),
      full: () => (this.setFull(!this.isFull), true),
      isFull: () => Boolean(this.isFull),
    };
    return this.acting;
  }

  stateOf(doc) {
    const keys = {
      ...shortcuts(this.acts),
      "Mod-Shift-z": redo,
      "Mod-]": commands.indent,
      "Mod-[": commands.outdent,
      "Shift-Enter": lineBreak,
      "Alt-F10": () => (this.tools.bar.querySelector("[tabindex='0']").focus(), true),
      Escape: () => this.isFull && (this.setFull(false), true),
      Enter: chainCommands(splitListItem(nodes.li)),
      "Mod-a": selectAll,
    };
    return EditorState.create({ doc, plugins: [history(), keymap(keys), keymap(baseKeymap), gapCursor(), finding()] });
  }

  listen() {
    const { field, form } = this;
    this.swap.addEventListener("click", () => this.setSource(!this.isSource));
    this.label?.addEventListener("click", () => this.isSource || this.view.focus());
    // The browser tells of every key in the text; the form is told once the field has it.
    this.paper.addEventListener("input", (event) => event.stopPropagation());
    field.addEventListener("change", () => this.isTelling || this.isSource || this.load());
    field.addEventListener("input", () => this.isSource && this.later());
    this.view.dom.addEventListener("blur", () => this.flush());
    form?.addEventListener("submit", () => this.flush(), true);
    form?.addEventListener("formdata", ({ formData }) => {
      this.flush();
      if (field.name && formData.has(field.name)) formData.set(field.name, field.value);
    });
    form?.addEventListener("reset", () => setTimeout(() => this.load()));
    addEventListener("pagehide", () => this.flush());
    document.addEventListener("visibilitychange", () => this.flush());
  }

  // Between the document and the textarea

  dispatch(tr) {
    const { view } = this;
    view.updateState(view.state.apply(tr));
    this.tools?.refresh();
    if (tr.docChanged && !tr.getMeta("loaded")) this.later();
  }

  later() {
    clearTimeout(this.timer);
    this.isDue = true;
    this.timer = setTimeout(() => this.flush(), PAUSE);
  }

  flush() {
    if (!this.isDue) return;
    clearTimeout(this.timer);
    this.isDue = false;
    if (!this.isSource) {
      const text = write(this.view.state.doc);
      if (text !== this.field.value) {
        this.field.value = text;
        this.isTelling = true;
        this.field.dispatchEvent(new Event("input", { bubbles: true }));
        this.isTelling = false;
      }
    }
    this.recount();
  }

  /** Take the textarea's text as the document. Undoing goes back beyond it. */
  load() {
    const doc = read(this.field.value);
    const { state } = this.view;
    if (isBlank(state.doc) && !this.hasLoaded) this.view.updateState(this.stateOf(doc));
    else this.view.dispatch(state.tr.replaceWith(0, state.doc.content.size, doc.content).setMeta("loaded", true));
    this.hasLoaded = true;
    this.loaded = this.field.value;
    this.tools.refresh();
    this.recount();
  }

  recount() {
    const total = this.isSource ? count(read(this.field.value)) : count(this.view.state.doc);
    this.counted.textContent = `${total.toLocaleString("en")} ${total === 1 ? "word" : "words"}`;
  }

  announce(words) {
    this.status.textContent = words;
  }

  // Ways to work

  setSource(isSource, { isFirst = false } = {}) {
    this.flush();
    if (!isSource && (isFirst || this.field.value !== this.lastSeen)) this.load();
    this.isSource = isSource;
    this.lastSeen = this.field.value;
    for (const part of [this.tools.bar, this.paper]) part.hidden = isSource;
    if (isSource) this.find.place.hidden = true;
    this.field.hidden = !isSource;
    this.field.required = isSource && this.view.dom.hasAttribute("aria-required");
    this.swap.textContent = isSource ? "Write with the editor" : "Show the source";
    this.recount();
    if (!isFirst) (isSource ? this.field : this.view).focus();
  }

  setFull(isFull) {
    this.isFull = isFull;
    this.whole.classList.toggle("is-full", isFull);
    document.documentElement.classList.toggle("editor-full", isFull);
    for (let part = this.whole; part !== document.body; part = part.parentElement) {
      for (const other of part.parentElement.children) if (other !== part && other.localName !== "dialog") other.inert = isFull;
    }
    this.tools.refresh();
    this.view.focus();
  }

  // What needs an answer first

  async answer(question, command) {
    const { view } = this;
    const answer = await question;
    view.focus();
    if (answer) command(answer)(view.state, view.dispatch);
  }

  askLink(state) {
    const here = commands.linkAt(state);
    const { empty } = state.selection;
    const question = askLink({ href: here?.link.attrs.href || "", words: "", isThere: Boolean(here), hasText: Boolean(here) || !empty });
    this.answer(question, (answer) => (answer === "remove" ? commands.unlink : commands.link(answer)));
    return true;
  }

  askImage(state, file) {
    const bring = this.form?.dataset.pictures && ((chosen) => this.bring(chosen));
    this.answer(askImage(commands.imageAt(state)?.attrs || {}, { bring, file }), commands.image);
    return true;
  }

  // The archive makes a picture anew and says under which name texts show it.
  async bring(file) {
    const body = new FormData();
    body.set("picture", file);
    body.set("csrfmiddlewaretoken", this.form.elements.csrfmiddlewaretoken.value);
    let told;
    try {
      const answer = await fetch(this.form.dataset.pictures, { method: "POST", body, headers: { Accept: "application/json" } });
      told = answer.ok ? await answer.json() : { refused: NOT_TAKEN[answer.status] || "The archive could not take it just now." };
    } catch {
      told = { refused: "The archive cannot be reached just now." };
    }
    if (told.refused) throw Object.assign(new Error(told.refused), { field: "file" });
    return told.src;
  }

  askRuby({ doc, selection: { from, to } }) {
    this.answer(askRuby(doc.textBetween(from, to, " ")), commands.ruby);
    return true;
  }

  // What comes in

  pasted(html) {
    if (html.includes("data-pm-slice")) return html;
    return plainer(html, (pictures) => this.leftOut(pictures));
  }

  pastedFiles({ clipboardData }) {
    const isFiles = clipboardData?.files.length && !clipboardData.types.includes("text/html") && !clipboardData.types.includes("text/plain");
    if (isFiles && this.form?.dataset.pictures) this.askImage(this.view.state, oneOf(clipboardData.files));
    else if (isFiles) this.leftOut(clipboardData.files.length);
    return Boolean(isFiles);
  }

  // In an empty line whole paragraphs take its place: poured into it, the first would lose its alignment.
  pastedBlocks({ content }) {
    const { state } = this.view;
    const { $from, empty } = state.selection;
    if (!empty || $from.parent.type !== nodes.p || $from.parent.content.size || !content.firstChild?.isBlock) return false;
    const [from, at] = [$from.before(), $from.index(-1)];
    if (!$from.node(-1).canReplace(at, at + 1, content) || !content.content.every(isWhole)) return false;
    const tr = state.tr.replaceWith(from, $from.after(), content);
    const end = Selection.near(tr.doc.resolve(from + content.size), -1);
    this.view.dispatch(tr.setSelection(end).scrollIntoView());
    return true;
  }

  leftOut(pictures) {
    const words = pictures === 1 ? "A picture was left out" : `${pictures} pictures were left out`;
    this.say(`${words}: put pictures in with the picture tool.`);
  }

  say(words) {
    this.announce(words);
    this.whole.querySelector(".editor-said")?.remove();
    const said = make("p", "editor-said help");
    said.textContent = words;
    this.paper.after(said);
    setTimeout(() => said.remove(), 12_000);
  }
}

function isWhole(node) {
  try {
    node.check();
    return true;
  } catch {
    return false;
  }
}

// All of the text, from its first letter: then the tools know what stands there.
function selectAll(state, dispatch) {
  const [from, to] = [Selection.atStart(state.doc).from, Selection.atEnd(state.doc).to];
  dispatch?.(state.tr.setSelection(TextSelection.create(state.doc, from, to)));
  return true;
}

function lineBreak(state, dispatch) {
  const { parent } = state.selection.$from;
  if (!parent.inlineContent || parent.type.spec.code) return false;
  if (dispatch) dispatch(state.tr.replaceSelectionWith(nodes.br.create()).scrollIntoView());
  return true;
}

// A fold stays open while it is written.
const boxed = (className) => () => {
  const dom = make("div", className);
  return { dom, contentDOM: dom };
};

// The first of them, as a field for files takes it.
function oneOf(files) {
  const taken = new DataTransfer();
  taken.items.add(files[0]);
  return taken.files;
}

// Pictures that travel with a story are shown to who writes with them. Where there is none, their words stand for them.
const picture = (pictures) => (node) => {
  const { src, alt, title } = node.attrs;
  const travels = src?.startsWith("picture:");
  if (travels && !pictures) {
    const dom = make("span", "editor-picture");
    dom.textContent = alt || "Picture";
    return { dom };
  }
  const dom = document.createElement("img");
  const shown = travels ? `${pictures}/${src.slice("picture:".length)}` : src;
  Object.assign(dom, { src: shown, alt: alt || "", title: title || "", loading: "lazy" });
  return { dom };
};
