// "You were in the middle of": the front page's list, filled from this browser's memory.
import { forget, places } from "./places.js";

const MOST = 4;

function line({ work, title, url, chapter, chapters, fraction }) {
  const item = document.createElement("li");
  const link = document.createElement("a");
  link.href = `${url}#resume`;
  link.textContent = title;
  const where = document.createElement("span");
  where.className = "quiet";
  const part = Math.round(fraction * 100);
  where.textContent = chapters > 1 ? `chapter ${chapter} of ${chapters}, ${part} %` : `${part} %`;
  const drop = document.createElement("button");
  drop.type = "button";
  drop.className = "plain";
  drop.textContent = "forget";
  drop.setAttribute("aria-label", `Forget where you were in ${title}`);
  drop.addEventListener("click", () => {
    forget(work);
    const section = item.closest("section");
    item.remove();
    document.documentElement.dataset.middle = section.querySelectorAll("li").length || "";
    if (!section.querySelector("li")) section.hidden = true;
  });
  item.append(link, where, drop);
  return item;
}

export function upgrade([section]) {
  const open = places().filter((place) => !place.finished).slice(0, MOST);
  section.querySelector("ul").append(...open.map(line));
}
