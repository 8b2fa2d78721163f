// The tools above the text: one stop for Tab, arrow keys within, and a shortcut beside each name.
import { redo, redoDepth, undo, undoDepth } from "../../built/prosemirror.js";
import * as commands from "./commands.js";
import { schema } from "./schema.js";

const { nodes } = schema;
const isMac = /Mac|iPhone|iPad/.test(navigator.platform);
const SVG = "http://www.w3.org/2000/svg";

// Lines on a grid of 20 by 20.
const DRAWN = {
  undo: "M7 4 3 8l4 4M3 8h9a4 4 0 0 1 0 8H9",
  redo: "m13 4 4 4-4 4m4-4H8a4 4 0 0 0 0 8h3",
  ul: "M8 5h9M8 10h9M8 15h9M3.5 5h.5M3.5 10h.5M3.5 15h.5",
  ol: "M9 5h8M9 10h8M9 15h8M3 4l1-1v4M3 10h2l-2 3h2",
  quote: "M8 6H4v4h3v1c0 2-1 3-3 3M16 6h-4v4h3v1c0 2-1 3-3 3",
  left: "M3 5h14M3 10h9M3 15h12",
  center: "M3 5h14M6 10h8M4 15h12",
  right: "M3 5h14M8 10h9M5 15h12",
  justify: "M3 5h14M3 10h14M3 15h14",
  link: "M8 12l4-4M9 6l2-2a3 3 0 0 1 5 5l-2 2M11 14l-2 2a3 3 0 0 1-5-5l2-2",
  image: "M3 4h14v12H3zM3 14l4-5 4 4 2-2 4 4M12.5 7.5h.5",
  find: "M9 3a6 6 0 1 1 0 12A6 6 0 0 1 9 3zM13.5 13.5 17 17",
  full: "M3 7V3h4M13 3h4v4M17 13v4h-4M7 17H3v-4",
};

// [name, label, shown, shortcut, run, isOn]. What `run` gets first is a ProseMirror command or the editor's own doing.
function tools(act) {
  const mark = (name, label, shown, key, wanted) =>
    [name, label, shown, key, commands.mark(wanted), (state) => commands.hasMark(state, wanted)];
  const side = (name, label, key) =>
    [name, label, null, key, commands.align(name), (state) => commands.sideOf(state) === name];
  const list = (name, label, key) =>
    [name, label, null, key, commands.list(nodes[name]), (state) => commands.isIn(state, nodes[name]) > 0];
  const box = (name, label, shown, type, className, key = "") =>
    [name, label, shown, key, commands.wrap(type, className), (state) => commands.isIn(state, type, className) > 0];
  return [
    [
      ["undo", "Undo", null, "Mod-z", undo, null, undoDepth],
      ["redo", "Redo", null, "Mod-y", redo, null, redoDepth],
    ],
    [
      mark("bold", "Bold", "B", "Mod-b", commands.BOLD),
      mark("italic", "Italic", "I", "Mod-i", commands.ITALIC),
      mark("underline", "Underline", "U", "Mod-u", commands.UNDERLINE),
      mark("strike", "Struck through", "S", "Mod-Shift-x", commands.STRIKE),
      mark("sub", "Lowered", "x₂", "Mod-,", commands.SUB),
      mark("sup", "Raised", "x²", "Mod-.", commands.SUP),
    ],
    [
      list("ul", "List", "Mod-Shift-8"),
      list("ol", "Numbered list", "Mod-Shift-7"),
      box("quote", "Quotation", null, nodes.blockquote, "", "Mod-Shift-9"),
    ],
    [
      side("left", "Align left", "Mod-Shift-l"),
      side("center", "Centre", "Mod-Shift-e"),
      side("right", "Align right", "Mod-Shift-r"),
      side("justify", "Justify", "Mod-Shift-j"),
    ],
    [
      ["link", "Link", null, "Mod-k", act.link, (state) => Boolean(commands.linkAt(state))],
      ["image", "Picture", null, "", act.image, (state) => Boolean(commands.imageAt(state))],
      ["scene", "Scene break", "* * *", "Mod-Shift-Enter", commands.sceneBreak],
      ["footnote", "Footnote", "Note", "Mod-Alt-f", commands.footnote],
      ["ruby", "Reading above the text", "Ruby", "", act.ruby],
      mark("spoiler", "Hidden until it is touched", "Spoiler", "", commands.SPOILER),
      ["fold", "A part that folds away", "Fold", "", commands.fold, (state) => commands.isIn(state, nodes.details) > 0],
      box("letter", "Letter", "Letter", nodes.div, "letter"),
      box("message", "Text message", "Message", nodes.div, "message"),
    ],
    [
      ["find", "Find and replace", null, "Mod-f", act.find],
      ["full", "Whole screen", null, "Mod-Shift-f", act.full, act.isFull],
    ],
  ];
}

/** Shortcut -> command, for the keymap. */
export const shortcuts = (act) =>
  Object.fromEntries(tools(act).flat().filter(([, , , key]) => key).map(([, , , key, run]) => [key, run]));

const spoken = (key) => key.replace("Mod", isMac ? "⌘" : "Ctrl").replace("Shift", "⇧").replaceAll("-", " ").replace("Alt", isMac ? "⌥" : "Alt");
const formal = (key) => key.replace("Mod", isMac ? "Meta" : "Control").replaceAll("-", "+");

export function toolbar(view, act, { controls }) {
  const bar = document.createElement("div");
  bar.className = "editor-tools";
  bar.setAttribute("role", "toolbar");
  bar.setAttribute("aria-label", "Formatting");
  bar.setAttribute("aria-controls", controls);
  const kinds = chooser(view);
  const made = [];
  for (const group of tools(act)) {
    const part = document.createElement("div");
    part.className = "editor-group";
    for (const tool of group) {
      made.push([button(view, tool), tool]);
      part.append(made.at(-1)[0]);
    }
    bar.append(part);
    if (bar.children.length === 1) bar.append(kinds);
  }
  rove(bar, view);
  return { bar, refresh: () => refresh(view.state, made, kinds) };
}

function button(view, [name, label, words, key, run]) {
  const made = document.createElement("button");
  made.type = "button";
  made.dataset.tool = name;
  made.title = key ? `${label} (${spoken(key)})` : label;
  // Who speaks to her browser says what she sees, so that is part of the name.
  const isSeen = /\p{L}{2}|x/u.test(words || "") && !label.toLowerCase().split(" ").includes(words.toLowerCase());
  made.setAttribute("aria-label", isSeen ? `${words}: ${label}` : label);
  if (key) made.setAttribute("aria-keyshortcuts", formal(key));
  made.append(words || drawing(DRAWN[name]));
  made.addEventListener("pointerdown", (event) => event.preventDefault()); // the text keeps its selection and a phone its keyboard
  made.addEventListener("click", (event) => {
    if (made.getAttribute("aria-disabled") === "true") return;
    run(view.state, view.dispatch, view);
    const isByKey = event.detail === 0;
    if (!isByKey && !document.activeElement.closest(".editor-find, dialog")) view.focus();
  });
  return made;
}

function drawing(path) {
  const svg = document.createElementNS(SVG, "svg");
  const line = document.createElementNS(SVG, "path");
  svg.setAttribute("viewBox", "0 0 20 20");
  svg.setAttribute("aria-hidden", "true");
  line.setAttribute("d", path);
  svg.append(line);
  return svg;
}

function chooser(view) {
  const made = document.createElement("select");
  made.className = "editor-kind";
  made.setAttribute("aria-label", "Kind of paragraph");
  for (const [value, words] of [["", "…"], ...commands.KINDS]) made.append(new Option(words, value));
  made.options[0].hidden = true;
  made.addEventListener("change", (event) => {
    event.stopPropagation();
    if (made.value) commands.kind(made.value)(view.state, view.dispatch);
  });
  made.addEventListener("input", (event) => event.stopPropagation());
  return made;
}

function refresh(state, made, kinds) {
  const now = commands.kindOf(state);
  if (kinds.value !== now) kinds.value = now;
  for (const [each, [, , , , , isOn, depth]] of made) {
    if (isOn) set(each, "aria-pressed", String(isOn(state)));
    if (depth) set(each, "aria-disabled", String(depth(state) === 0));
  }
}

function set(element, name, value) {
  if (element.getAttribute(name) !== value) element.setAttribute(name, value);
}

// One of the tools can be reached by Tab: the one that was used last.
function rove(bar, view) {
  const stops = () => [...bar.querySelectorAll("button, select")];
  const make = (chosen) => stops().forEach((each) => (each.tabIndex = each === chosen ? 0 : -1));
  make(stops()[0]);
  bar.addEventListener("focusin", ({ target }) => make(target));
  bar.addEventListener("keydown", (event) => {
    const all = stops();
    const at = all.indexOf(event.target);
    const turn = getComputedStyle(bar).direction === "rtl" ? -1 : 1;
    const to = { ArrowRight: at + turn, ArrowLeft: at - turn, Home: 0, End: all.length - 1 }[event.key];
    if (event.key === "Escape") view.focus();
    if (to === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    all[(to + all.length) % all.length].focus();
  });
}
