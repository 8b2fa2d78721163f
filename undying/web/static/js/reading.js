// While a story is read: a hairline for progress, chrome that steps back, the place kept, arrow keys for chapters.
import { placeIn, remember } from "./places.js";

const JUST_BEGUN = 0.02;
const DONE = 0.985;
const PAUSE = 400;

const textBlocks = () => [...document.querySelectorAll("[data-text]")].flatMap((text) =>
  [...text.children].filter((block) => !block.classList.contains("landmark")).map((block) => [text, block]));

function fractionRead(text) {
  const { top, height } = text.getBoundingClientRect();
  return Math.min(1, Math.max(0, (innerHeight - top) / (height || 1)));
}

function topBlock() {
  const all = textBlocks();
  const index = all.findIndex(([, block]) => block.getBoundingClientRect().bottom > 80);
  return index < 0 ? null : { index, chapter: Number(all[index][0].dataset.text) };
}

function stepBack(root) {
  let last = scrollY;
  root.classList.add("steps-back");
  return () => {
    if (Math.abs(scrollY - last) < 8) return;
    root.classList.toggle("is-back", scrollY > last && scrollY > 120);
    last = scrollY;
  };
}

function hairline() {
  const line = document.createElement("div");
  line.className = "hairline";
  line.setAttribute("aria-hidden", "true");
  document.body.append(line);
  return (fraction) => line.style.setProperty("--read", fraction);
}

function goTo(place) {
  const found = textBlocks()[place.block];
  if (found) found[1].scrollIntoView({ block: "start" });
}

// Whoever turns a page of the story is not asked whether she would rather go back.
const cameFromWithin = (work) => document.referrer.startsWith(`${location.origin}/works/${work}`);

function offer(place, { here }) {
  const bar = document.createElement("div");
  bar.className = "resume";
  bar.setAttribute("role", "region");
  bar.setAttribute("aria-label", "Where you stopped");
  const words = document.createElement("p");
  const part = `${Math.round(place.fraction * 100)} %`;
  words.textContent = place.chapters > 1 ? `You stopped in chapter ${place.chapter}, at ${part}.` : `You stopped at ${part}.`;
  const back = document.createElement("a");
  back.className = "button";
  back.href = `${place.url}#resume`;
  back.textContent = "Go on there";
  back.addEventListener("click", (event) => {
    if (place.url === here) {
      event.preventDefault();
      goTo(place);
    }
    bar.remove();
  });
  const close = document.createElement("button");
  close.type = "button";
  close.className = "plain";
  close.textContent = "No";
  close.setAttribute("aria-label", "No, start from here");
  close.addEventListener("click", () => bar.remove());
  bar.append(words, back, close);
  document.querySelector("main").prepend(bar);
}

function keys() {
  document.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (event.target.closest("input, textarea, select, [contenteditable], pre, table")) return;
    const rel = { ArrowLeft: "prev", ArrowRight: "next" }[event.key];
    const link = rel && document.querySelector(`link[rel="${rel}"]`);
    if (link) location.assign(link.href);
  });
}

export function upgrade([main]) {
  const { reading: work, title, chapters, here } = main.dataset;
  const texts = [...document.querySelectorAll("[data-text]")];
  const draw = hairline();
  const step = stepBack(document.documentElement);
  const place = placeIn(work);
  let touched = false;
  let timer = 0;

  if (place && location.hash === "#resume" && place.url === here) goTo(place);
  else if (place && !place.finished && !location.hash && place.fraction > JUST_BEGUN && !cameFromWithin(work)) offer(place, { here });

  const save = () => {
    const top = topBlock();
    if (!touched) return;
    const current = texts.find((text) => top && Number(text.dataset.text) === top.chapter) || texts[texts.length - 1];
    const fraction = fractionRead(current);
    const chapter = Number(current.dataset.text);
    const finished = fraction > DONE && !document.querySelector('link[rel="next"]') && current === texts[texts.length - 1];
    if (fraction < JUST_BEGUN) return;
    remember(work, { title, url: here, chapter, chapters: Number(chapters), fraction, block: top ? top.index : 0, finished });
  };

  addEventListener("scroll", () => {
    touched = true;
    step();
    const last = texts[texts.length - 1].getBoundingClientRect().bottom;
    const first = texts[0].getBoundingClientRect().top;
    draw(Math.min(1, Math.max(0, -first / Math.max(1, last - first - innerHeight))));
    clearTimeout(timer);
    timer = setTimeout(save, PAUSE);
  }, { passive: true });
  addEventListener("pagehide", save);
  keys();
  for (const spoiler of document.querySelectorAll(".userstuff .spoiler")) spoiler.tabIndex = 0;
}
