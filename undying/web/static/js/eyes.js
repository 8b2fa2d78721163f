// Size of the text and light or dark, for this reader's eyes: kept in this browser, set before paint by early.js.
const KEY = "undying:eyes";

export function upgrade([form]) {
  const root = document.documentElement;
  for (const radio of form.elements) {
    if (radio.type === "radio") radio.checked = (root.dataset[radio.name] || "") === radio.value;
  }
  form.addEventListener("change", ({ target: { name, value } }) => {
    if (value) root.dataset[name] = value;
    else delete root.dataset[name];
    try {
      localStorage.setItem(KEY, JSON.stringify({ theme: root.dataset.theme, size: root.dataset.size }));
    } catch {
      // Storage is closed: the choice holds for this page.
    }
  });
  const panel = form.closest("details");
  document.addEventListener("click", ({ target }) => {
    if (!panel.contains(target)) panel.open = false;
  });
  panel.addEventListener("keydown", ({ key }) => {
    if (key !== "Escape") return;
    panel.open = false;
    panel.querySelector("summary").focus();
  });
}
