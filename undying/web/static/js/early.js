// Runs before the first paint: what this reader chose for her eyes, kept in this browser alone.
(() => {
  try {
    const chosen = JSON.parse(localStorage.getItem("undying:eyes") || "{}");
    for (const name of ["theme", "size"]) {
      if (chosen[name]) document.documentElement.dataset[name] = chosen[name];
    }
  } catch {
    // Storage is closed or spoilt: the page is as the archive made it.
  }
})();
