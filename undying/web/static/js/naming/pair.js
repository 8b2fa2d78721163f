// A relationship made of two characters, in the archive's form of names: A/B where they are lovers, A & B where not.
import { Combobox, make } from "./combobox.js";

const JOINTS = [["/", "/ lovers"], [" & ", "& friends, family, anything else"]];

export class Pair {
  constructor(names) {
    this.names = names;
    const id = `${names.field.id}-pair`;
    this.opener = make("button", "quiet pair-opener", { type: "button", "aria-expanded": "false", "aria-controls": id }, "Make one of two characters");
    this.place = make("div", "pair", { id, role: "group", "aria-label": "A relationship of two characters" });
    this.place.hidden = true;
    this.one = this.character(`${id}-one`, "One character");
    this.joint = make("select", "", { id: `${id}-joint` });
    for (const [value, words] of JOINTS) this.joint.append(make("option", "", { value }, words));
    this.labelled(this.joint, "And they are");
    this.two = this.character(`${id}-two`, "The other");
    this.done = make("button", "quiet", { type: "button" }, "Add this relationship");
    this.place.append(this.done);
    names.field.closest(".field").append(this.opener, this.place);
    this.opener.addEventListener("click", () => this.setOpen(this.place.hidden));
    this.done.addEventListener("click", () => this.add());
  }

  labelled(control, words) {
    const whole = make("div", "typing");
    whole.append(make("label", "", { for: control.id }, words), control);
    this.place.append(whole);
  }

  character(id, words) {
    const input = make("input", "", { id, type: "text" });
    this.labelled(input, words);
    const box = new Combobox(input, {
      ask: (text) => this.ask(text),
      take: ({ name }) => (input.value = name),
      say: (told) => this.names.say(told),
    });
    input.addEventListener("focus", () => input.value || box.open());
    return input;
  }

  setOpen(isOpen) {
    this.place.hidden = !isOpen;
    this.opener.setAttribute("aria-expanded", String(isOpen));
    if (isOpen) this.one.focus();
  }

  /** First the characters that the work has already. */
  async ask(text) {
    const typed = text.toLocaleLowerCase();
    const here = (this.names.beside.get("character")?.names || []).filter((name) => name.toLocaleLowerCase().includes(typed));
    const found = await this.names.ask(text, "character");
    return [...here.map((name) => ({ name })), ...found.filter(({ name }) => !here.includes(name))];
  }

  async add() {
    const [one, two] = [this.one, this.two].map(({ value }) => value.trim().split(/\s+/).join(" "));
    const empty = one ? two ? null : this.two : this.one;
    if (empty) {
      this.names.say("Name both characters first.");
      empty.focus();
      return;
    }
    const joint = this.joint.value;
    this.names.add(await this.known(one, two, joint));
    this.one.value = this.two.value = "";
    this.one.focus();
  }

  /** The archive may have the two in the other order, or by another name. */
  async known(one, two, joint) {
    const both = [one + joint + two, two + joint + one];
    const offers = await this.names.ask(`${one} ${two}`);
    return offers.find(({ name, by }) => both.includes(name) || both.includes(by))?.name || both[0];
  }
}
