// Keeps a form of writing while somebody types: on the archive, and in this browser where the archive cannot be reached.
// A text in this browser goes as soon as the archive says that it has it.
const PAUSE = 3000;
const RETRY = 15000;
const BESIDE = new Set(["csrfmiddlewaretoken", "token", "version", "base", "opened"]);

export function upgrade(forms) {
  for (const form of forms) new Keeper(form);
}

const clock = (moment) => new Date(moment).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });

class Keeper {
  constructor(form) {
    this.form = form;
    this.status = form.querySelector("[data-autosave-status]");
    this.others = form.querySelector("[data-autosave-others]");
    this.here = `undying-text:${form.dataset.autosaveKey}:`;
    this.last = this.typed();
    this.bind();
    this.offer();
  }

  bind() {
    const { form } = this;
    form.addEventListener("input", () => this.later());
    form.addEventListener("change", () => this.later());
    form.addEventListener("submit", () => this.stop());
    addEventListener("online", () => this.isWaiting() && this.now());
    // The last words before the page goes: on a phone nothing else tells of it.
    document.addEventListener("visibilitychange", () => document.hidden && this.isWaiting() && this.now());
    addEventListener("pageshow", (event) => event.persisted && (this.isStopped = false));
  }

  value(name) {
    return this.form.elements[name].value;
  }

  set(name, value) {
    this.form.elements[name].value = value;
  }

  typed() {
    return JSON.stringify([...new FormData(this.form)].filter(([name]) => !BESIDE.has(name)));
  }

  isWaiting() {
    return !this.isStopped && this.typed() !== this.last;
  }

  later(pause = PAUSE) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.now(), pause);
  }

  stop() {
    this.isStopped = true;
    clearTimeout(this.timer);
    this.aborting?.abort();
  }

  async now() {
    clearTimeout(this.timer);
    if (this.isSending || !this.isWaiting()) return;
    this.isSending = true;
    const typed = this.typed();
    try {
      this.told(await this.send(), typed);
    } catch (error) {
      if (this.isStopped) return;
      this.keepHere(typed, error.status);
      this.later(RETRY);
    } finally {
      this.isSending = false;
      if (this.isWaiting() && !this.isFailing) this.later();
    }
  }

  async send(isAgain = false) {
    this.aborting = new AbortController();
    const body = new FormData(this.form);
    const answer = await fetch(this.form.dataset.autosave, { method: "POST", body, signal: this.aborting.signal });
    if (answer.status === 403 && !isAgain) {
      await this.renew();
      return this.send(true);
    }
    if (!answer.ok) throw Object.assign(new Error("not kept"), { status: answer.status });
    return answer.json();
  }

  // Whoever signed in anew in another window has another token.
  async renew() {
    const { token } = await (await fetch(this.form.dataset.autosaveToken)).json();
    this.set("csrfmiddlewaretoken", token);
  }

  told(answer, typed) {
    if (answer.refused) return this.say(answer.refused);
    this.isFailing = false;
    this.set("token", answer.token);
    if (answer.gone) {
      this.set("version", "0");
      this.say("This text was saved or thrown away in another window. It is kept anew with your next change.");
      this.last = typed;
      return undefined;
    }
    this.set("version", answer.version);
    this.last = typed;
    this.forget();
    this.say(`Kept at ${clock(answer.saved)} on the archive, from ${answer.device}; not posted.`);
    return this.warn(answer);
  }

  say(words) {
    this.status.textContent = words;
  }

  warn({ others, behind, look }) {
    const [other] = others;
    if (!other && !behind) return;
    const words = other
      ? `Another window has changed this too (${clock(other.saved)}, ${other.device}). Both texts are kept.`
      : "This was saved from another window meanwhile. Both texts are kept.";
    const link = document.createElement("a");
    Object.assign(link, { href: look, target: "_blank", rel: "noopener", textContent: "See them side by side" });
    if (this.others.firstChild?.textContent === words) return;
    this.others.replaceChildren(document.createTextNode(words), " ", link);
    this.others.hidden = false;
  }

  keepHere(typed, status) {
    this.isFailing = true;
    const why = status === 404 || status === 403 ? "You are not signed in any more" : "The archive cannot be reached";
    try {
      localStorage.setItem(this.here + this.value("token"), JSON.stringify({ at: Date.now(), typed }));
      this.say(`${why}: kept in this browser at ${clock(Date.now())}, and sent as soon as it can be.`);
    } catch {
      this.say(`${why}, and this browser has no room to keep the text: copy it before you leave.`);
    }
  }

  forget() {
    localStorage.removeItem(this.here + this.value("token"));
  }

  // What this browser kept when the archive could not be reached.
  offer() {
    const keys = Object.keys(localStorage).filter((key) => key.startsWith(this.here));
    const found = keys.map((key) => [key, JSON.parse(localStorage.getItem(key))]).filter(([, { typed }]) => typed !== this.last);
    for (const [key, { at, typed }] of found) this.offerOne(key, at, typed);
  }

  offerOne(key, at, typed) {
    const line = document.createElement("p");
    const when = new Date(at).toLocaleString([], { dateStyle: "medium", timeStyle: "short" });
    line.className = "notice care unsaved";
    line.append(`This browser kept what you typed here on ${when}, when the archive could not be reached. `);
    for (const [words, act] of [["Take it", () => this.take(JSON.parse(typed))], ["Drop it", () => {}]]) {
      const button = Object.assign(document.createElement("button"), { type: "button", className: "quiet", textContent: words });
      button.addEventListener("click", () => {
        localStorage.removeItem(key);
        line.remove();
        act();
      });
      line.append(button, " ");
    }
    this.form.before(line);
  }

  /** Of fields that have one name, each takes its own value. */
  take(typed) {
    const had = new Map();
    for (const field of this.form.elements) {
      if (!field.name || field.type === "hidden" || field.type === "submit") continue;
      const values = typed.filter(([name]) => name === field.name).map(([, value]) => value);
      if (field.type === "checkbox") field.checked = values.includes(field.value);
      else if (values.length) {
        const place = had.get(field.name) || 0;
        had.set(field.name, place + 1);
        field.value = (values[place] ?? "").replaceAll("\r\n", "\n");
      }
      field.dispatchEvent(new Event("change", { bubbles: true }));
    }
    this.later(0);
  }
}
