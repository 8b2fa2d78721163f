// Where the reader stopped, work by work, in this browser alone: the archive is told nothing.
const KEY = "undying:places";
const MOST = 60;

function load() {
  try {
    const places = JSON.parse(localStorage.getItem(KEY) || "{}");
    return places && typeof places === "object" ? places : {};
  } catch {
    return {};
  }
}

function store(places) {
  const latest = Object.entries(places).sort(([, a], [, b]) => b.at - a.at).slice(0, MOST);
  try {
    localStorage.setItem(KEY, JSON.stringify(Object.fromEntries(latest)));
  } catch {
    // Full or closed: nothing is remembered, and nothing else is lost.
  }
}

export const placeIn = (work) => load()[work];

export const places = () =>
  Object.entries(load()).map(([work, place]) => ({ work, ...place })).sort((a, b) => b.at - a.at);

export function remember(work, place) {
  store({ ...load(), [work]: { ...place, at: Date.now() } });
}

export function forget(work) {
  const all = load();
  delete all[work];
  store(all);
}
