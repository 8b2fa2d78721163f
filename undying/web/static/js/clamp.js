// Long summaries on cards: five lines, then "more". Without scripts they stand in full.
export function upgrade(summaries) {
  const measured = [...summaries].map((summary) => {
    summary.classList.add("clamp");
    return [summary, summary.scrollHeight > summary.clientHeight + 4];
  });
  for (const [summary, isLong] of measured) {
    if (!isLong) {
      summary.classList.remove("clamp");
      continue;
    }
    const more = document.createElement("button");
    more.className = "plain more";
    more.textContent = "more";
    more.setAttribute("aria-label", "Show the whole summary");
    more.addEventListener("click", () => {
      summary.classList.remove("clamp");
      more.remove();
    });
    summary.after(more);
  }
}
