// Chapters in another order by dragging: the numbers beside them follow, and the form saves them as if they were typed.
import { make } from "../naming/combobox.js";
import { sortable } from "../naming/sorting.js";

export function upgrade(lists) {
  for (const list of lists) if (list.children.length > 1) new Order(list);
}

class Order {
  constructor(list) {
    this.list = list;
    this.status = list.parentElement.querySelector("[data-order-status]");
    this.before = [...list.children];
    for (const row of this.before) row.prepend(make("span", "grip", { "data-grip": "", "aria-hidden": "true" }, "⠿"));
    sortable(list, () => this.dropped());
  }

  dropped() {
    const rows = [...this.list.children];
    for (const [place, row] of rows.entries()) {
      row.querySelector("input").value = place + 1;
      const [up, down] = row.querySelectorAll("[name=move]");
      up.disabled = place === 0;
      down.disabled = place === rows.length - 1;
    }
    const isAsBefore = rows.every((row, place) => row === this.before[place]);
    this.status.textContent = isAsBefore ? "The order is as it was." : "The order has changed and is not saved yet.";
  }
}
