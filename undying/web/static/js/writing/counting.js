// While somebody writes: how much fits, and what posting still needs. The archive's own rules stay the truth: nothing here
// keeps a form from being sent.
import { make } from "../naming/combobox.js";

const NEAR = 0.9;
const PAUSE = 400;
const figures = (number) => number.toLocaleString("en");

export function upgrade(forms) {
  for (const form of forms) new Counting(form);
}

class Counting {
  constructor(form) {
    this.form = form;
    this.needs = form.querySelector("[data-needs]");
    this.status = make("span", "visually-hidden", { role: "status" });
    form.append(this.status);
    this.needed = [...form.querySelectorAll("[data-needed]")];
    this.counted = [...form.querySelectorAll("[data-counted]")].map((field) => this.counter(field));
    this.look();
    for (const kind of ["input", "change"]) form.addEventListener(kind, () => this.later());
    form.addEventListener("focusout", (event) => this.left(event));
  }

  later() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.look(), PAUSE);
  }

  look() {
    for (const each of this.counted) this.count(each);
    this.tellNeeds();
  }

  // How much fits

  counter(field) {
    const near = make("p", "near");
    field.querySelector(".field").append(near);
    return { control: control(field), near, most: Number(field.dataset.counted), label: labelOf(field), was: 0 };
  }

  /** Characters as the archive counts them, with the markup; what is near the end is also said. */
  count(counter) {
    const { control: { value }, near, most, label } = counter;
    const length = value.length > most / 2 ? [...value].length : value.length;
    const left = most - length;
    near.textContent = length ? `${figures(length)} of ${figures(most)} characters` : "";
    if (left < 0) near.textContent += `: shorten it by ${figures(-left)}.`;
    near.classList.toggle("stop", left < 0);
    const how = left < 0 ? 2 : length > most * NEAR ? 1 : 0;
    if (how > counter.was) this.say(`${label}: ${near.textContent}`);
    counter.was = how;
  }

  // What is missing

  tellNeeds() {
    const missing = this.needed.filter(isEmpty);
    for (const field of this.needed) if (!missing.includes(field)) field.querySelector("[data-missing]")?.remove();
    const links = missing.map((field) => Object.assign(make("a", "", { href: `#${field.id}` }), { textContent: field.dataset.needed }));
    const words = links.map(({ textContent }) => textContent).join(", ");
    if (this.told === words) return;
    this.needs.replaceChildren(...(links.length ? ["Still needed to post: ", ...links.flatMap((link) => [link, ", "]).slice(0, -1)] : []));
    if (this.told !== undefined) this.say(words ? `Still needed to post: ${words}` : "Nothing is missing to post it.");
    this.told = words;
  }

  /** Who leaves a field empty that posting needs is told so beside it. */
  left({ target, relatedTarget }) {
    const field = target.closest("[data-needed]");
    if (!field || field.contains(relatedTarget) || !isEmpty(field) || field.querySelector("[data-missing]")) return;
    field.querySelector(".field").append(make("p", "near care", { "data-missing": "" }, "Still empty: posting needs it."));
    this.say(`${field.dataset.needed}: still empty. Posting needs it.`);
  }

  say(words) {
    this.status.textContent = words;
  }
}

const control = (field) => field.querySelector("[name]");
const labelOf = (field) => field.querySelector("label").firstChild.textContent.trim();

function isEmpty(field) {
  const one = control(field);
  if (one.type === "checkbox") return !field.querySelector(":checked");
  if (one.dataset.editor === undefined) return !one.value.trim();
  return !/[\p{L}\p{N}]|<img/u.test(one.value.replaceAll(/<(?!img)[^>]*>/g, " "));
}
