// Runs before the first paint, so that nothing moves after it: what this reader chose for her eyes, and room for
// what other scripts will fill in. All of it is kept in this browser alone.
(() => {
  const root = document.documentElement;
  root.classList.add("scripted");
  try {
    const chosen = JSON.parse(localStorage.getItem("undying:eyes") || "{}");
    for (const name of ["theme", "size"]) if (chosen[name]) root.dataset[name] = chosen[name];
    const places = Object.values(JSON.parse(localStorage.getItem("undying:places") || "{}"));
    const open = places.filter((place) => !place.finished).length;
    if (open) root.dataset.middle = Math.min(open, 4);
  } catch {
    // Storage is closed or spoilt: the page is as the archive made it.
  }
})();
