// Long summaries on cards show five lines (CSS, once scripts run); this adds the "more" that opens them.
export function upgrade(summaries) {
  const long = [...summaries].filter((summary) => summary.scrollHeight > summary.clientHeight + 4);
  for (const summary of long) {
    const more = document.createElement("button");
    more.type = "button";
    more.className = "plain more";
    more.textContent = "more";
    more.setAttribute("aria-label", "Show more of the summary");
    more.addEventListener("click", () => {
      summary.classList.add("open");
      more.remove();
    });
    summary.append(more);
  }
}
