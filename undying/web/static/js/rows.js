// Rows for the keyboard: arrows up and down (or k and j) go to the same thing in the next row. Tab goes on as ever.
const STEPS = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1 };
const STOPS = "a[href], input, button";

export function upgrade(lists) {
  for (const list of lists) list.addEventListener("keydown", step);
}

function step(event) {
  const by = STEPS[event.key];
  if (!by || event.ctrlKey || event.metaKey || event.altKey) return;
  const rows = [...event.currentTarget.querySelectorAll("li, tbody tr")].filter((row) => row.querySelector(STOPS));
  const at = rows.findIndex((row) => row.contains(event.target));
  const next = rows[at + by];
  if (at < 0 || !next) return;
  const place = [...rows[at].querySelectorAll(STOPS)].indexOf(event.target);
  const stops = next.querySelectorAll(STOPS);
  event.preventDefault();
  stops[Math.min(place, stops.length - 1)].focus();
}
