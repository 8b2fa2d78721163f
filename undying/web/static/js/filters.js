// The filter form while scripts run: what changes is shown at once, and a phone opens the form as a drawer.
// htmx fetches the same address and swaps the results; this keeps what a swap would lose: focus, open groups, scroll.
const root = document.documentElement;
const outside = "#header, #footer, .found, .rail-bar";

export function upgrade([place]) {
  const kept = {};
  const form = () => place.querySelector("#work-filters");
  const rail = () => place.querySelector("#filters");

  place.addEventListener("change", ({ target }) => {
    // The two boxes of a tag are one control: asking for it and shutting it out exclude each other.
    if (!target.checked || !target.closest(".tri")) return;
    for (const other of target.closest(".tri").querySelectorAll("input")) if (other !== target) other.checked = false;
  });

  place.addEventListener("submit", ({ submitter }) => {
    kept.goesThere = Boolean(submitter?.closest(".rail-foot"));
  });

  place.addEventListener("click", (event) => {
    if (event.target.closest("[data-drawer]")) setDrawer(event, true);
    else if (event.target.closest("[data-drawer-close]")) setDrawer(event, false);
  });

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && root.classList.contains("drawer-open")) setDrawer(event, false);
  });

  place.addEventListener("htmx:beforeSwap", () => {
    kept.open = new Map([...place.querySelectorAll("details[id]")].map((each) => [each.id, each.open]));
    kept.scroll = rail().scrollTop;
  });

  place.addEventListener("htmx:afterSwap", () => {
    for (const each of place.querySelectorAll("details[id]")) each.open ||= kept.open.get(each.id) ?? false;
    rail().scrollTop = kept.scroll;
    if (kept.goesThere) setDrawer(null, false);
    label();
    if (kept.goesThere || document.activeElement === document.body) place.querySelector("#results-heading").focus();
    kept.goesThere = false;
    const sentence = place.querySelector("#results-heading").textContent.trim();
    place.querySelector("[data-announce]").textContent = sentence;
    document.title = `${sentence} | ${document.title.split(" | ").pop()}`;
  });

  // Whatever goes wrong on the way: ask as a browser does, and show what comes.
  for (const failure of ["htmx:responseError", "htmx:sendError"]) {
    place.addEventListener(failure, ({ target }) => (target.href ? location.assign(target.href) : form().submit()));
  }

  function setDrawer(event, isOpen) {
    event?.preventDefault();
    const wasOpen = root.classList.contains("drawer-open");
    root.classList.toggle("drawer-open", isOpen);
    label();
    if (isOpen) rail().querySelector("[data-drawer-close]").focus();
    else if (wasOpen) place.querySelector("[data-drawer]").focus();
  }

  function label() {
    const isOpen = root.classList.contains("drawer-open");
    for (const each of document.querySelectorAll(outside)) each.inert = isOpen;
    const total = place.querySelector("#results").dataset.total;
    place.querySelector(".rail-foot button").textContent = isOpen ? `Show ${total}` : "Sort and filter";
  }
}
