// Fields for the names of tags: each name a chip, and an input that offers the archive's own tags. The textarea stays
// what the form sends and what saving watches; whoever sets its value from outside tells so by a `change` event.
import { Combobox, make } from "./combobox.js";
import { Pair } from "./pair.js";
import { sortable } from "./sorting.js";

const PARTED = /[,，、\n]/;
const NEAR = 0.8;
const BLURRED = 250;
const OF_A_FANDOM = new Set(["character", "relationship", "episode"]);
const forms = new Map();

export function upgrade(fields) {
  for (const field of fields) {
    if (!forms.has(field.form)) forms.set(field.form, new Map());
    if (field.hidden) continue;
    const names = new Names(field);
    if (!names.byLines) forms.get(field.form).set(names.kind, names);
  }
}

const told = (text) => text.trim().split(/\s+/).join(" ");

class Names {
  constructor(field) {
    Object.assign(this, { field, kind: field.dataset.names, most: Number(field.dataset.most), open: -1 });
    // Names of episodes hold commas: each is a line.
    this.byLines = "byLines" in field.dataset;
    this.parted = this.byLines ? /\n/ : PARTED;
    this.row = field.closest("[data-place-row]");
    this.whole = new Set((field.dataset.whole || "").split("\n").filter(Boolean));
    this.build();
    this.load();
    this.listen();
  }

  get beside() {
    return forms.get(this.field.form);
  }

  build() {
    const { field } = this;
    const [label] = field.labels;
    const id = `${field.id}-type`;
    this.label = told(label.firstChild.textContent);
    this.input = make("input", "", { id, type: "text" });
    this.near = make("p", "near", { id: `${id}-near`, role: "status" });
    this.status = make("span", "visually-hidden", { role: "status" });
    this.chips = make("ul", "named", { "aria-label": "Chosen so far" });
    const place = make("div", "typing");
    const described = [field.getAttribute("aria-describedby")?.trim(), this.near.id].filter(Boolean).join(" ");
    this.input.setAttribute("aria-describedby", described);
    if (field.hasAttribute("aria-invalid")) this.input.setAttribute("aria-invalid", "true");
    label.htmlFor = id;
    field.hidden = true;
    place.append(this.input);
    field.before(this.chips, place, this.near, this.status);
    this.box = new Combobox(this.input, {
      ask: (text) => this.ask(text),
      take: (offer) => this.take(offer),
      say: (words) => this.say(words),
    });
    if (this.kind === "relationship") this.pair = new Pair(this);
  }

  listen() {
    const { field, input } = this;
    input.addEventListener("input", (event) => event.isComposing || this.part());
    input.addEventListener("keydown", (event) => this.key(event));
    input.addEventListener("paste", (event) => this.paste(event));
    // Later: whatever is being clicked on must not move away under the pointer.
    input.addEventListener("blur", () => setTimeout(() => document.activeElement === input || this.commit(), BLURRED));
    this.chips.addEventListener("click", ({ target }) => this.press(target.closest("button")));
    this.chips.addEventListener("keydown", (event) => this.chipKey(event));
    sortable(this.chips, () => this.dropped());
    field.addEventListener("change", () => this.load());
    addEventListener("pageshow", () => this.text() === field.value || this.load());
  }

  // Between the chips and the textarea

  load() {
    this.names = this.read(this.field.value);
    this.open = -1;
    this.draw();
    this.tellLimits();
  }

  read(text) {
    const lines = text.split("\n").map(told);
    const names = lines.flatMap((line) => (this.whole.has(line) ? [line] : line.split(this.parted).map(told)));
    return [...new Set(names.filter(Boolean))];
  }

  text() {
    const pending = told(this.input.value);
    const names = pending && !this.names.includes(pending) ? [...this.names, pending] : this.names;
    return names.join(this.byLines || names.some((name) => PARTED.test(name)) ? "\n" : ", ");
  }

  write() {
    this.tellLimits();
    this.field.value = this.text();
    this.field.dispatchEvent(new Event("input", { bubbles: true }));
  }

  // What is offered

  async ask(text, kind = this.kind) {
    if (!text) return [];
    const fandoms = OF_A_FANDOM.has(kind) ? this.fandoms() : [];
    const query = new URLSearchParams([["of", kind], ["like", text], ...fandoms.map((name) => ["fandom", name])]);
    try {
      const { names } = await (await fetch(`${this.field.dataset.namesFrom}?${query}`)).json();
      return kind === this.kind ? names.filter(({ name }) => !this.names.includes(name)) : names;
    } catch {
      return []; // Without the archive names can be typed as ever.
    }
  }

  fandoms() {
    const own = told(this.row?.querySelector("[data-place-fandom]").value || "");
    if (own) return [own];
    return this.beside.get("fandom")?.names || (this.field.dataset.fandoms || "").split("\n").filter(Boolean);
  }

  // What comes in

  /** An episode brings its season, where none was typed. */
  take({ name, unit, part }) {
    this.add(name);
    const [where, which] = ["[data-place-unit]", "[data-place-part]"].map((each) => this.row?.querySelector(each));
    if (!part || !which || which.value) return;
    [where.value, which.value] = [unit === where.placeholder ? "" : unit, part];
    which.dispatchEvent(new Event("input", { bubbles: true }));
  }

  add(...names) {
    const fresh = [...new Set(names.map(told))].filter((name) => name && !this.names.includes(name));
    for (const name of fresh) if (this.parted.test(name)) this.whole.add(name);
    this.names.push(...fresh);
    this.input.value = "";
    this.draw();
    this.write();
    if (fresh.length) this.say(`${fresh.join(", ")}: added. ${this.count()}`);
    else if (names.some(told)) this.say(`${names.map(told).join(", ")}: there already.`);
  }

  /** Commas end a name. One that is too long stays in the input, to be shortened. */
  part() {
    const { value } = this.input;
    const parts = value.split(this.parted).map(told);
    const rest = parts.pop();
    if (!parts.length) return this.write();
    if (parts.some((name) => name.length > this.most)) {
      this.input.value = parts.concat(rest).filter(Boolean).join(" ");
      return this.write();
    }
    this.add(...parts);
    this.input.value = rest;
    return this.write();
  }

  paste(event) {
    const text = event.clipboardData.getData("text/plain");
    if (!/\n/.test(text)) return;
    event.preventDefault();
    if (this.byLines) {
      this.add(...text.split("\n").filter((name) => told(name).length <= this.most));
      return;
    }
    this.input.setRangeText(text.trim().replaceAll(/\s*\n\s*/g, ", "), this.input.selectionStart, this.input.selectionEnd, "end");
    this.part();
    this.box.later();
  }

  commit() {
    const name = told(this.input.value);
    if (name && name.length <= this.most) this.add(name);
  }

  key(event) {
    if (event.isComposing) return;
    if (event.key === "Enter") this.commit();
    else if (event.key === "Backspace" && !this.input.value && this.names.length) {
      event.preventDefault();
      this.change(this.names.length - 1);
    }
  }

  // The chips

  draw() {
    const had = this.drawn || new Map();
    this.drawn = new Map();
    for (const [place, name] of this.names.entries()) {
      const key = JSON.stringify([name, place, this.names.length > 1, place === this.open && this.names.length - place]);
      const chip = had.get(key) || this.chip(name, place);
      this.drawn.set(key, chip);
      if (this.chips.children[place] !== chip) this.chips.insertBefore(chip, this.chips.children[place] || null);
    }
    for (const chip of [...this.chips.children].slice(this.names.length)) chip.remove();
    this.chips.hidden = !this.names.length;
  }

  chip(name, place) {
    const chip = make("li", "name", { "data-place": place });
    const isOpen = place === this.open;
    if (this.names.length > 1) chip.append(make("span", "grip", { "data-grip": "", "aria-hidden": "true" }, "⠿"));
    const text = make("button", "name-text", { type: "button", "data-act": "open", "aria-expanded": isOpen });
    text.append(make("bdi", "", {}, name));
    chip.append(text);
    if (isOpen) for (const [act, words] of this.acts(place)) chip.append(act_(act, words, name));
    const drop = make("button", "name-drop", { type: "button", "data-act": "drop", "aria-label": `Remove ${name}` }, "×");
    chip.append(drop);
    return chip;
  }

  acts(place) {
    return [
      ...(place > 0 ? [["earlier", "Earlier"]] : []),
      ...(place < this.names.length - 1 ? [["later", "Later"]] : []),
      ["change", "Change"],
    ];
  }

  press(button) {
    if (!button) return;
    const place = Number(button.closest(".name").dataset.place);
    const { act } = button.dataset;
    if (act === "open") this.reveal(place);
    else if (act === "drop") this.drop(place);
    else if (act === "change") this.change(place);
    else this.shift(place, act === "later" ? 1 : -1, act);
  }

  chipKey(event) {
    const place = Number(event.target.closest(".name")?.dataset.place);
    if (event.target.dataset.act !== "open") return;
    if (event.key === "Delete" || event.key === "Backspace") {
      event.preventDefault();
      this.drop(place);
    } else if (event.key === "Escape" && this.open >= 0) {
      this.reveal(this.open);
    }
  }

  reveal(place) {
    this.open = this.open === place ? -1 : place;
    this.draw();
    this.focus(place, "open");
  }

  drop(place) {
    const [name] = this.names.splice(place, 1);
    this.open = -1;
    this.draw();
    this.write();
    this.say(`${name}: removed. ${this.count()}`);
    if (this.names.length) this.focus(Math.min(place, this.names.length - 1), "drop");
    else this.input.focus();
  }

  /** Back into the input, where it is text again; what stood there is a name first. */
  change(place) {
    const [name] = this.names.splice(place, 1);
    this.commit();
    this.open = -1;
    this.input.value = name;
    this.draw();
    this.write();
    this.input.focus();
  }

  shift(place, by, act) {
    const [name] = this.names.splice(place, 1);
    this.names.splice(place + by, 0, name);
    this.open = place + by;
    this.moved(name);
    this.focus(this.open, act) || this.focus(this.open, "open");
  }

  dropped() {
    const order = [...this.chips.children].map((chip) => Number(chip.dataset.place));
    const [was] = order.filter((place, at) => place !== at);
    this.names = order.map((place) => this.names[place]);
    this.open = -1;
    this.moved(this.names[order.indexOf(was)]);
  }

  moved(name) {
    this.draw();
    this.write();
    this.say(`${name}: now ${this.names.indexOf(name) + 1} of ${this.names.length}.`);
  }

  focus(place, act) {
    const button = this.chips.children[place]?.querySelector(`[data-act=${act}]`);
    button?.focus();
    return button;
  }

  // What is told

  say(words) {
    this.status.textContent = words;
  }

  count() {
    const count = this.names.length;
    return `${this.label}: ${count === 1 ? "one" : count || "none"}.`;
  }

  /** All tags of the form: the archive counts ratings, warnings and categories as well. */
  total() {
    const names = [...this.beside.values()].reduce((sum, { names: { length } }) => sum + length, 0);
    const { form } = this.field;
    return names + form.querySelectorAll(":is([name=warning], [name=category]):checked").length + (form.elements.rating?.value ? 1 : 0);
  }

  tellLimits() {
    const { length } = told(this.input.value);
    const [all, total] = [Number(this.field.dataset.namesAll), this.beside.size ? this.total() : 0];
    const words = [];
    if (length > this.most) words.push(`This ${this.byLines ? "name" : "tag"} has ${length} characters, of ${this.most} at most: shorten it by ${length - this.most}.`);
    else if (length > this.most * NEAR) words.push(`${length} of ${this.most} characters`);
    if (total > all) words.push(`The work has ${total} tags, of ${all} at most: take some away.`);
    else if (total > all * NEAR) words.push(`${total} of ${all} tags`);
    if (this.near.textContent !== words.join(" ")) this.near.textContent = words.join(" ");
    this.near.classList.toggle("stop", length > this.most || total > all);
  }
}

function act_(act, words, name) {
  return make("button", "name-act", { type: "button", "data-act": act, "aria-label": `${words}: ${name}` }, words);
}
