// How many words: the rule of undying/manuscript/measure.py, kept equal by tests/e2e/test_editor.py. Each block is counted
// once and remembered, so a key costs no more than its own paragraph.
const BY_CHARACTER = new RegExp(
  "[\\u2e80-\\u2fdf\\u3005\\u3007\\u3021-\\u3029\\u3038-\\u303b\\u3041-\\u309f\\u30a1-\\u30fa\\u30fc-\\u30ff\\u31f0-\\u31ff" +
    "\\u3400-\\u4dbf\\u4e00-\\u9fff\\uf900-\\ufaff\\uff66-\\uff9f\\u0e01-\\u0e3a\\u0e40-\\u0e5b\\u{1b000}-\\u{1b16f}" +
    "\\u{20000}-\\u{3134f}]",
  "gu",
);
const JOINERS = /[-'’‘ʼ‐‑\u00ad\u200b\u2060_]/g;
const MARKS = /\p{M}+/gu;
const WORD = /[\p{L}\p{N}]+/gu;
const counted = new WeakMap();

const found = (text, pattern) => text.match(pattern)?.length || 0;

export function words(text) {
  const joined = text.replaceAll("--", "—").replace(JOINERS, "");
  const characters = found(joined, BY_CHARACTER);
  const rest = characters ? joined.replace(BY_CHARACTER, " ") : joined;
  return characters + found(rest.replace(MARKS, ""), WORD);
}

const isReading = ({ type }) => type.name === "rt" || type.name === "rp";

function inLine(node) {
  let text = "";
  node.forEach((child) => {
    if (child.isText && !child.marks.some(isReading)) text += child.text;
    else if (child.type.name === "br") text += "\n";
  });
  return words(text);
}

/** The words of a node: of its line, or of all blocks in it. */
export function count(node) {
  let total = counted.get(node);
  if (total === undefined) {
    total = 0;
    if (node.inlineContent) total = inLine(node);
    else node.forEach((child) => (total += count(child)));
    counted.set(node, total);
  }
  return total;
}
