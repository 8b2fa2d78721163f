// An input with offers under it: WAI-ARIA's combobox, whose list never takes the focus. Arrows go through the offers,
// Enter takes one, Escape closes the list.
const PAUSE = 120;
let number = 0;

export function make(tag, className, attributes = {}, words = "") {
  const made = document.createElement(tag);
  if (className) made.className = className;
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  if (words) made.textContent = words;
  return made;
}

export class Combobox {
  /** `ask(text)` promises offers, each with `name`, `by` and `works`; `take(offer)` is told of the one that was taken. */
  constructor(input, { ask, take, say }) {
    Object.assign(this, { input, ask, take, say, offers: [], at: -1, asked: 0 });
    this.list = make("ul", "suggestions", { id: `suggestions-${++number}`, role: "listbox", "aria-label": "Known to this archive" });
    this.list.hidden = true;
    for (const [name, value] of Object.entries({
      role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": this.list.id,
      autocomplete: "off", autocapitalize: "none", spellcheck: "false",
    })) input.setAttribute(name, value);
    input.after(this.list);
    input.addEventListener("input", () => this.later());
    input.addEventListener("keydown", (event) => this.key(event));
    input.addEventListener("blur", () => this.close());
    // The input keeps the focus, or its text would be taken as typed before the offer is.
    this.list.addEventListener("pointerdown", (event) => event.preventDefault());
    this.list.addEventListener("mousedown", (event) => event.preventDefault());
    this.list.addEventListener("click", ({ target }) => {
      const row = target.closest("[role=option]");
      if (row) this.choose([...this.list.children].indexOf(row));
    });
  }

  /** The offers that are shown are to what stood there before, until the new ones come. */
  later() {
    clearTimeout(this.timer);
    this.point(-1);
    this.isStale = true;
    this.timer = setTimeout(() => this.open(), PAUSE);
  }

  async open(by = 0) {
    clearTimeout(this.timer);
    const asked = ++this.asked;
    const offers = await this.ask(this.input.value.trim());
    if (asked !== this.asked || document.activeElement !== this.input) return;
    this.show(offers);
    if (by) this.point(by > 0 ? 0 : offers.length - 1);
  }

  show(offers) {
    this.offers = offers;
    this.isStale = false;
    this.list.replaceChildren(...offers.map((offer, place) => this.row(offer, place)));
    this.setOpen(offers.length > 0);
    this.point(-1);
    if (offers.length) this.say(offers.length === 1 ? "One to choose" : `${offers.length} to choose from`);
  }

  row({ name, by, works }, place) {
    const row = make("li", "suggestion", { role: "option", id: `${this.list.id}-${place}`, "aria-selected": "false" });
    const words = make("bdi");
    if (by) words.append(make("span", "quiet", {}, `${by} → `));
    words.append(name);
    row.append(words);
    if (works) row.append(" ", make("span", "quiet", {}, works));
    return row;
  }

  setOpen(isOpen) {
    this.list.hidden = !isOpen;
    this.input.setAttribute("aria-expanded", String(isOpen));
  }

  get isOpen() {
    return !this.list.hidden;
  }

  close() {
    clearTimeout(this.timer);
    this.asked += 1;
    this.setOpen(false);
    this.point(-1);
  }

  point(at) {
    this.at = at;
    for (const [place, row] of [...this.list.children].entries()) row.setAttribute("aria-selected", String(place === at));
    const row = this.list.children[at];
    if (row) {
      this.input.setAttribute("aria-activedescendant", row.id);
      row.scrollIntoView({ block: "nearest" });
    } else this.input.removeAttribute("aria-activedescendant");
  }

  choose(at) {
    const offer = this.offers[at];
    this.close();
    if (offer) this.take(offer);
  }

  key(event) {
    if (event.isComposing) return;
    const count = this.offers.length;
    if (event.key === "Escape" && this.isOpen) {
      event.stopPropagation();
      event.preventDefault();
      this.close();
    } else if (event.key === "Enter") {
      event.preventDefault();
      if (this.isOpen && this.at >= 0) {
        event.stopImmediatePropagation();
        this.choose(this.at);
      } else this.close();
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      const by = event.key === "ArrowDown" ? 1 : -1;
      if (!this.isOpen || this.isStale) this.open(by);
      else if (this.at < 0) this.point(by > 0 ? 0 : count - 1);
      else this.point((this.at + by + count) % count);
    }
  }
}
