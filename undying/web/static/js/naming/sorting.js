// Rows or chips that are brought into another order by dragging a grip, with a mouse, a pen or a finger.
const AWAY = 5;
const EDGE = 70;
const STEP = 14;

/** `dropped()` is called when something lies at another place than before. The buttons for the keyboard are the caller's. */
export function sortable(list, dropped) {
  list.addEventListener("pointerdown", (event) => {
    const grip = event.target.closest("[data-grip]");
    if (!grip || event.button !== 0 || !list.contains(grip)) return;
    event.preventDefault();
    new Drag(list, grip, event, dropped);
  });
}

class Drag {
  constructor(list, grip, { pointerId, clientX, clientY }, dropped) {
    Object.assign(this, { list, grip, dropped, from: { x: clientX, y: clientY }, isHeld: false });
    this.item = [...list.children].find((each) => each.contains(grip));
    this.before = [...list.children];
    this.ending = new AbortController();
    const { signal } = this.ending;
    grip.setPointerCapture(pointerId);
    grip.addEventListener("pointermove", (event) => this.move(event), { signal });
    grip.addEventListener("pointerup", () => this.end(), { signal });
    grip.addEventListener("pointercancel", () => this.end(true), { signal });
    addEventListener("keydown", (event) => event.key === "Escape" && this.end(true), { signal });
  }

  move({ clientX: x, clientY: y }) {
    if (!this.isHeld && Math.hypot(x - this.from.x, y - this.from.y) < AWAY) return;
    this.isHeld = true;
    this.item.classList.add("is-held");
    this.scroll(y);
    this.at = { x, y };
    this.put();
  }

  put() {
    const under = document.elementFromPoint(this.at.x, this.at.y);
    const other = [...this.list.children].find((each) => each !== this.item && each.contains(under));
    if (!other) return this.item.contains(under) ? this.mark(null) : undefined;
    const { left, top, width, height } = other.getBoundingClientRect();
    const isRow = width > this.list.clientWidth * 0.8;
    const isAfter = isRow ? this.at.y > top + height / 2 : this.at.x > left + width / 2;
    this.mark(other, isAfter);
  }

  // It stays where it is until it is let go: the browser forgets who holds the pointer when an element is moved.
  mark(other, isAfter = false) {
    this.near?.classList.remove("lands-before", "lands-after");
    other?.classList.add(isAfter ? "lands-after" : "lands-before");
    [this.near, this.isAfter] = [other, isAfter];
  }

  // At the window's edge what lies beyond it comes near, for as long as the pointer stays there.
  scroll(y) {
    clearInterval(this.scrolling);
    const by = y < EDGE ? -STEP : y > innerHeight - EDGE ? STEP : 0;
    if (!by) return;
    this.scrolling = setInterval(() => {
      scrollBy({ top: by, behavior: "instant" });
      this.put();
    }, 16);
  }

  end(isCancelled = false) {
    clearInterval(this.scrolling);
    this.ending.abort();
    this.item.classList.remove("is-held");
    const { near, isAfter } = this;
    this.mark(null);
    if (isCancelled || !near) return;
    near[isAfter ? "after" : "before"](this.item);
    if (this.before.some((each, place) => each !== this.list.children[place])) this.dropped();
  }
}
