// On a card: where the reader stopped in that work, if she did.
import { placeIn } from "./places.js";

export function upgrade(cards) {
  for (const card of cards) {
    const place = placeIn(card.dataset.work);
    const facts = card.querySelector(".facts");
    if (!place || !facts || facts.querySelector(".stopped")) continue;
    const mark = document.createElement("a");
    mark.href = `${place.url}#resume`;
    mark.className = "stopped";
    const where = place.chapters > 1 ? `at chapter ${place.chapter}` : `at ${Math.round(place.fraction * 100)} %`;
    mark.textContent = place.finished ? "you read it" : `you stopped ${where}`;
    facts.append(mark);
  }
}
