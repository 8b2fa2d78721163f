// Find and replace. What a line holds is searched once and remembered while the question stays the same.
import { Decoration, DecorationSet, Plugin, PluginKey, TextSelection } from "../../built/prosemirror.js";

const key = new PluginKey("find");
const MOST_SHOWN = 2000; // marking more of them would slow every key; all are counted and replaced
const NONE = { pattern: null, found: [], at: -1, shown: DecorationSet.empty };

const escaped = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

function patternOf({ text, isExact, isWhole }) {
  if (!text) return null;
  const edge = isWhole ? ["(?<![\\p{L}\\p{N}\\p{M}])", "(?![\\p{L}\\p{N}\\p{M}])"] : ["", ""];
  return new RegExp(edge[0] + escaped(text) + edge[1], isExact ? "gu" : "giu");
}

// In a line every thing that is no letter counts as one place, so that a match's index is its position.
const textOf = (line) => line.textBetween(0, line.content.size, "\n", "\ufffc");

function search(doc, pattern, remembered) {
  const found = [];
  doc.descendants((node, at) => {
    if (!node.isTextblock) return true;
    let hits = remembered.get(node);
    if (!hits) {
      hits = [...textOf(node).matchAll(pattern)].map((each) => [each.index, each.index + each[0].length]);
      remembered.set(node, hits);
    }
    for (const [from, to] of hits) found.push([at + 1 + from, at + 1 + to]);
    return false;
  });
  return found;
}

function decorated(doc, found, at) {
  const near = found.length > MOST_SHOWN ? found.slice(Math.max(0, at), at + 1) : found;
  const chosen = found[at];
  return DecorationSet.create(
    doc,
    near.map((each) => Decoration.inline(each[0], each[1], { class: each === chosen ? "editor-hit is-here" : "editor-hit" })),
  );
}

export const finding = () =>
  new Plugin({
    key,
    state: {
      init: () => NONE,
      apply(tr, before) {
        const asked = tr.getMeta(key);
        if (asked && !asked.pattern) return NONE;
        const now = asked || before;
        if (!now.pattern || !(tr.docChanged || asked)) return before;
        const remembered = asked?.isNew ? new WeakMap() : before.remembered;
        const found = asked && !asked.isNew && !tr.docChanged ? before.found : search(tr.doc, now.pattern, remembered);
        const at = Math.min(asked ? asked.at : before.at, found.length - 1);
        return { pattern: now.pattern, remembered, found, at, shown: decorated(tr.doc, found, at) };
      },
    },
    props: { decorations: (state) => key.getState(state).shown },
  });

/** Look for something anew, from the cursor on. */
export function look(view, question) {
  const pattern = patternOf(question);
  if (!pattern) {
    view.dispatch(view.state.tr.setMeta(key, { pattern: null }));
    return;
  }
  view.dispatch(view.state.tr.setMeta(key, { pattern, isNew: true, at: 0 }));
  const { found } = key.getState(view.state);
  const from = view.state.selection.from;
  const next = found.findIndex((each) => each[0] >= from);
  if (found.length) go(view, Math.max(0, next));
}

function go(view, at) {
  const { pattern, found } = key.getState(view.state);
  const [from, to] = found[at];
  const tr = view.state.tr.setSelection(TextSelection.create(view.state.doc, from, to));
  view.dispatch(tr.setMeta(key, { pattern, at }).scrollIntoView());
  view.dom.querySelector(".editor-hit.is-here")?.scrollIntoView({ block: "center" });
}

export function step(view, by) {
  const { found, at } = key.getState(view.state);
  if (found.length) go(view, (at + by + found.length) % found.length);
}

/** Put other words in the place of the one that is marked, with its emphasis, and go to the next. */
export function replaceOne(view, words) {
  const { found, at } = key.getState(view.state);
  if (!found[at]) return;
  const [from, to] = found[at];
  view.dispatch(replaced(view.state.tr, from, to, words));
  const after = key.getState(view.state).found;
  const next = after.findIndex((each) => each[0] >= from + words.length);
  if (after.length) go(view, Math.max(0, next));
}

export function replaceAll(view, words) {
  const { found } = key.getState(view.state);
  const tr = view.state.tr;
  for (const [from, to] of [...found].reverse()) replaced(tr, from, to, words);
  if (tr.docChanged) view.dispatch(tr);
  return found.length;
}

const replaced = (tr, from, to, words) => (words ? tr.insertText(words, from, to) : tr.delete(from, to));

export const standing = (state) => {
  const { pattern, found, at } = key.getState(state);
  if (!pattern) return "";
  return found.length ? `${at + 1} of ${found.length.toLocaleString("en")}` : "Nothing found";
};

/** The bar with its fields. `close()` gives the text back to the writer. */
export function bar(view, { announce }) {
  const place = document.createElement("div");
  place.className = "editor-find";
  place.setAttribute("role", "search");
  place.setAttribute("aria-label", "Find and replace");
  place.hidden = true;
  const [what, other] = [field("Find"), field("Replace with")];
  const [exact, whole] = [tick("Match case"), tick("Whole words")];
  const told = document.createElement("span");
  told.className = "editor-found";
  const tell = () => {
    told.textContent = standing(view.state);
    announce(told.textContent);
  };
  const again = () => {
    look(view, { text: what.input.value, isExact: exact.input.checked, isWhole: whole.input.checked });
    tell();
  };
  const doing = (action) => () => {
    action();
    tell();
  };
  const close = () => {
    place.hidden = true;
    look(view, { text: "" });
    view.focus();
  };
  const all = () => {
    const count = replaceAll(view, other.input.value);
    told.textContent = `${count.toLocaleString("en")} replaced`;
    announce(told.textContent);
  };
  const one = doing(() => replaceOne(view, other.input.value));
  place.append(
    what.whole, told, push("Previous", doing(() => step(view, -1))), push("Next", doing(() => step(view, 1))),
    other.whole, push("Replace", one), push("Replace all", all), exact.whole, whole.whole, push("Close", close),
  );
  let timer = 0;
  place.addEventListener("input", (event) => {
    event.stopPropagation();
    clearTimeout(timer);
    if (event.target !== other.input) timer = setTimeout(again, 150);
  });
  place.addEventListener("change", (event) => event.stopPropagation());
  place.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      event.stopPropagation();
      close();
    }
    if (event.key !== "Enter" || event.target.localName !== "input") return;
    event.preventDefault(); // or the page's form would be sent
    if (event.target === other.input) one();
    else doing(() => step(view, event.shiftKey ? -1 : 1))();
  });
  const open = () => {
    place.hidden = false;
    const { from, to } = view.state.selection;
    const chosen = view.state.doc.textBetween(from, to, "\n");
    if (chosen && !chosen.includes("\n")) what.input.value = chosen;
    what.input.focus();
    what.input.select();
    again();
  };
  return { place, open, close };
}

function labelled(words, type) {
  const whole = document.createElement("label");
  const input = document.createElement("input");
  input.type = type;
  input.autocomplete = "off";
  const said = document.createElement("span");
  said.textContent = words;
  return { whole, input, said };
}

function field(words) {
  const { whole, input, said } = labelled(words, "text");
  whole.append(said, input);
  return { whole, input };
}

function tick(words) {
  const { whole, input, said } = labelled(words, "checkbox");
  whole.className = "editor-tick";
  whole.append(input, said);
  return { whole, input };
}

function push(words, action) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "quiet";
  made.textContent = words;
  made.addEventListener("click", action);
  return made;
}
