// The filter form while scripts run: what changes is shown at once, and a phone opens the form as a drawer.
// htmx fetches the same address and swaps the results; this keeps what a swap would lose: focus, open groups, scroll.
const root = document.documentElement;
const outside = "#header, #footer, .found, .rail-bar";

export function upgrade([place]) {
  const kept = {};
  const form = () => place.querySelector("#work-filters");
  const rail = () => place.querySelector("#filters");

  place.addEventListener("change", ({ target }) => {
    kept.last = target.id.replace("more_", "");
    // The two boxes of a tag are one control: asking for it and shutting it out exclude each other.
    if (!target.checked || !target.closest(".tri")) return;
    for (const other of target.closest(".tri").querySelectorAll("input")) if (other !== target) other.checked = false;
  });

  // Typing to find another tag of a kind is no change of the form.
  place.addEventListener("change", (event) => event.target.matches("[data-like]") && event.stopPropagation(), true);
  place.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target.matches("[data-like]")) event.preventDefault();
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

  place.addEventListener("htmx:beforeSwap", ({ target }) => {
    if (target.id !== "results") return;
    kept.open = new Map([...place.querySelectorAll("details[id]")].map((each) => [each.id, each.open]));
    kept.scroll = rail().scrollTop;
    kept.top = topOf(kept.last) ?? topOf(`more_${kept.last}`);
    kept.group = document.activeElement.closest("details[id]")?.id;
  });

  place.addEventListener("htmx:afterSwap", ({ target }) => {
    if (target.closest(".more-tags")) return;
    for (const each of place.querySelectorAll("details[id]")) each.open = kept.open.get(each.id) ?? each.open;
    stay();
    if (kept.goesThere) setDrawer(null, false);
    label();
    if (kept.goesThere || document.activeElement === document.body) comeTo(kept.goesThere || !kept.group);
    kept.goesThere = false;
    kept.last = "";
    const sentence = place.querySelector("#results-heading").textContent.trim();
    place.querySelector("[data-announce]").textContent = sentence;
    document.title = `${sentence} | ${document.title.split(" | ").pop()}`;
  });

  place.addEventListener("htmx:afterSettle", ({ target }) => {
    const more = target.closest(".more-tags");
    if (more && !more.contains(document.activeElement)) more.querySelector("[data-like]").focus();
  });

  // Whatever goes wrong on the way: ask as a browser does, and show what comes.
  for (const failure of ["htmx:responseError", "htmx:sendError"]) {
    place.addEventListener(failure, ({ target }) => (target.href ? location.assign(target.href) : form().submit()));
  }

  const topOf = (id) => document.getElementById(id)?.getBoundingClientRect().top;

  // What was ticked stays under the finger that ticked it, although rows above it came and went.
  function stay() {
    rail().scrollTop = kept.scroll;
    const by = topOf(kept.last) - kept.top;
    if (!by) return;
    if (root.classList.contains("drawer-open")) rail().scrollTop += by;
    else scrollBy({ top: by, behavior: "instant" });
  }

  function comeTo(isHeading) {
    const group = !isHeading && document.getElementById(kept.group)?.querySelector("summary");
    const near = !isHeading && (document.getElementById(kept.last) || group);
    (near || place.querySelector("#results-heading")).focus({ preventScroll: Boolean(near) });
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
