// Upgrades `data-` hooks. Every page works without it; each module is fetched only where its hook stands.
const upgrades = [
  ["[data-reading]", "./reading.js"],
  ["[data-places]", "./middle.js"],
  ["[data-eyes]", "./eyes.js"],
  ["[data-filters]", "./filters.js"],
  ["[data-clamp]", "./clamp.js"],
  ["[data-work]", "./marks.js"],
  ["[data-rows]", "./rows.js"],
  ["[data-editor]", "./editor/editor.js"],
  ["[data-autosave]", "./editor/autosave.js"],
  ["[data-names]", "./naming/naming.js"],
  ["[data-order]", "./writing/order.js"],
  ["[data-counting]", "./writing/counting.js"],
];

for (const [hook, module] of upgrades) {
  const found = document.querySelectorAll(hook);
  if (found.length) import(module).then(({ upgrade }) => upgrade(found));
}

document.addEventListener("htmx:afterSwap", ({ target }) => {
  for (const [hook, module] of upgrades.slice(3)) {
    const found = target.querySelectorAll(hook);
    if (found.length) import(module).then(({ upgrade }) => upgrade(found));
  }
});
