"""Measurements as lines for docs/benchmarks.md."""

from __future__ import annotations

from statistics import median
from typing import TYPE_CHECKING, Any

from bench.finding.mix import CLASSES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bench.finding.mix import Asked

WANTED = {1_000_000: "asked for: p50 6, p95 60 ms CPU; 400 MB", 10_000_000: "asked for: p50 40, p95 250 ms CPU"}


def percentile(numbers: Sequence[float], share: float) -> float:
    """The number that such a share does not exceed."""
    return sorted(numbers)[min(len(numbers) - 1, int(len(numbers) * share))]


def spread(costs: Sequence[dict[str, Any]]) -> str:
    """The middle and the slow end, in CPU and by the clock."""
    told = []
    for name in ("cpu", "wall"):
        numbers = [cost[name] for cost in costs]
        told.append(f"{percentile(numbers, 0.5):9.2f} {percentile(numbers, 0.95):9.2f}")
    return " ".join(told)


def _heads(first: str) -> str:
    return f"{first:22}  CPU ms p50       p95  wall p50       p95"


def building(works: int, told: dict[str, Any]) -> list[str]:
    """The index from nothing."""
    return [
        (
            f"index from nothing     {works / told['cpu']:,.0f} works/s CPU ({told['cpu']:.0f} s CPU, "
            f"{told['wall']:.0f} s) without text; asked for: 15,000"
        ),
        (
            f"                       {told['size'] / 1e6:,.0f} MB on disk, {told['size'] / works:.0f} bytes a work; "
            f"at most {told['peak']:,.0f} MB of memory; making the works up took {told['making']:.0f} s more"
        ),
    ]


def classes(mix: Sequence[Asked], answers: Sequence[dict[str, Any]]) -> list[str]:
    """One client, class by class, with nothing remembered."""
    lines = [f"{_heads('nothing remembered')}   n  median of hits  rounded"]
    for name in (*CLASSES, "all"):
        found = [answer for each, answer in zip(mix, answers, strict=True) if name in {each.name, "all"}]
        hits, rounded = median(each["total"] for each in found), sum(each["rounded"] for each in found)
        lines.append(f"{name:22} {spread(found)} {len(found):4} {hits:14,.0f} {rounded:8}")
    return lines


def ways(told: dict[str, list[list[dict[str, Any]]]]) -> list[str]:
    """All classes together, asked in different ways."""
    lines = [_heads("all classes")]
    for name, rounds in told.items():
        lines.append(f"{name:22} {spread([cost for costs in rounds for cost in costs])}")
    return lines


def around(
    works: int, cold: dict[str, Any], alone: list[dict[str, Any]], together: list[dict[str, Any]],
    writers: list[dict[str, Any]],
) -> list[str]:  # fmt: skip
    """Memory, beginnings, and the writer."""
    peak, private = (max(told[name] for told in alone) for name in ("peak", "private"))
    asked = sum(len(told["asked"]) for told in together) / max(told["seconds"] for told in together)
    walls = [wall for writer in writers for wall in writer["wall"]]
    cpus = [cpu for writer in writers for cpu in writer["cpu"]]
    lines = [
        (
            f"cold start             first answer after {cold['first']['wall'] * 1000:,.0f} ms "
            f"({cold['first']['cpu'] * 1000:,.0f} ms CPU)"
        ),
        (
            f"memory of a client     {peak:,.0f} MB at most with the mapped index, {private:,.0f} MB its own; "
            f"{cold['empty']['peak']:,.0f} MB before it opened anything"
        ),
        f"four clients           {asked:,.0f} answers a second together",
    ]
    if walls:
        lines.append(
            f"a writer's commit      {median(walls):,.0f} ms, 95 % within {percentile(walls, 0.95):,.0f} ms "
            f"({median(cpus):,.0f} ms CPU) of {len(walls)}"
        )
    return [*lines, *([WANTED[works]] if works in WANTED else [])]


# -- Yardsticks --


def yardsticks(
    works: int, chosen: Sequence[Asked], ours: Sequence[dict[str, Any]], told: Sequence[dict[str, Any]]
) -> list[str]:
    """Class by class what the databases took, with ours where it was asked of as many works."""
    lines = [
        f"{len(chosen)} of the questions, {works:,} works; ms CPU at the median (p95), and how many took over 20 s"
    ]
    engines = [("Undying", ours)] if ours else []
    engines += [(each["name"], each["answers"]) for each in told]
    lines.append(f"{'':22}" + "".join(f"{name:>26}" for name, _ in engines))
    for name in (*CLASSES, "all"):
        places = [place for place, each in enumerate(chosen) if name in {each.name, "all"}]
        columns = [_column([answers[place] for place in places]) for _, answers in engines]
        lines.append(f"{name:22}" + "".join(f"{column:>26}" for column in columns))
    for each in told:
        build = each["build"]
        lines.append(
            f"{each['name']:22} built in {build['cpu']:,.0f} s CPU ({build['wall']:,.0f} s), "
            f"{each['size'] / 1e6:,.0f} MB"
        )
        if ours:
            lines += _ratio(ours, each), _agreement(chosen, ours, each)
    return lines


def _column(answers: Sequence[dict[str, Any]]) -> str:
    numbers = [answer["cpu"] for answer in answers]
    slow = sum("found" in answer and answer["found"] is None for answer in answers)
    return f"{percentile(numbers, 0.5):,.1f} ({percentile(numbers, 0.95):,.0f})" + (f" {slow} over" if slow else "")


def _ratio(ours: Sequence[dict[str, Any]], theirs: dict[str, Any]) -> str:
    pairs = list(zip(ours, theirs["answers"], strict=True))
    ratios = [their["cpu"] / our["cpu"] for our, their in pairs if our["cpu"]]
    walls = [their["wall"] / our["wall"] for our, their in pairs if our["wall"]]
    return (
        f"                       the median question took {median(ratios):,.1f} times Undying's CPU, "
        f"{median(walls):,.1f} times its time"
    )


def _agreement(chosen: Sequence[Asked], ours: Sequence[dict[str, Any]], theirs: dict[str, Any]) -> str:
    """Whether both found the same. Best matches are ranked otherwise by each, so that their pages are not compared."""
    answered = [
        (asked, our, their["found"])
        for asked, our, their in zip(chosen, ours, theirs["answers"], strict=True)
        if their["found"]
    ]
    totals = sum(our["total"] == found["total"] for _, our, found in answered)
    sorted_ = [pair for pair in answered if pair[0].name != "keyword"]
    pages = sum(list(our["ids"]) == found["ids"] for _, our, found in sorted_)
    exact = [pair for pair in answered if not pair[1]["rounded"]]
    lists = sum(_lists(our["facets"]) == _lists(found["facets"]) for _, our, found in exact)
    line = (
        f"                       the same totals in {totals} of {len(answered)}, pages in {pages} of {len(sorted_)}, "
        f"counts in {lists} of {len(exact)} that were not rounded"
    )
    rounded = [_off(our["facets"], found["facets"]) for _, our, found in answered if our["rounded"]]
    if not rounded:
        return line
    errors = [error for each, _, _ in rounded for error in each]
    wrong, shown = sum(each for _, each, _ in rounded), sum(each for _, _, each in rounded)
    return (
        f"{line}\n                       rounded: {wrong} of {shown} shown tags are not in the exact lists; the "
        f"others' counts are off by {percentile(errors, 0.5):.1%}, 95 % by less than {percentile(errors, 0.95):.1%}"
    )


def _lists(facets: dict[str, Any]) -> dict[str, list[tuple[int, int]]]:
    return {kind: [(tag, count) for tag, count in found] for kind, found in facets.items() if found}


def _off(ours: dict[str, Any], exact: dict[str, Any]) -> tuple[list[float], int, int]:
    """How far rounded counts are off, how many tags should not have been shown, and how many were."""
    errors: list[float] = []
    wrong = shown = 0
    for kind, found in ours.items():
        real = dict(map(tuple, exact.get(kind, ())))
        shown += len(found)
        wrong += sum(tag not in real for tag, _ in found)
        errors += [abs(count - real[tag]) / real[tag] for tag, count in found if tag in real]
    return errors, wrong, shown


# -- Texts and pages --


def texts(told: dict[str, Any]) -> list[str]:
    """Whole stories."""
    return [
        (
            f"texts                  {told['works']:,} stories, {told['bytes'] / 1e6:,.0f} MB: "
            f"{told['rate']:.1f} MB/s CPU into the index "
            f"({told['size'] / told['bytes']:.2f} of the text's size); asked for: 20"
        ),
        f"{_heads('phrases, with 20 passages')}",
        f"{'index alone':22} {spread(told['found'])}",
        f"{'with works, passages':22} {spread(told['shown'])}",
        f"asked for: p95 10 ms; {told['passages']:.1f} passages on a page",
    ]


def site(works: int, told: dict[str, Any]) -> list[str]:
    """Whole answers by HTTP."""
    lines = [
        (
            f"whole pages            {works:,} works in a database of {told['database'] / 1e6:,.0f} MB, filled in "
            f"{told['filled']:,.0f} s; `undying serve`, one request after another; asked for: p95 120 ms at 1,000,000"
        ),
        f"{'':38}  wall p50       p95   KiB compressed  CPU p50  p95",
    ]
    for path, page in told["pages"].items():
        numbers = page["wall"]
        lines.append(
            f"{path:38} {percentile(numbers, 0.5):9.1f} {percentile(numbers, 0.95):9.1f} {page['bytes'] / 1024:8.1f}"
            + (f"{percentile(cpu, 0.5):17.0f} {percentile(cpu, 0.95):4.0f}" if (cpu := page.get("cpu")) else "")
            + ("  and then one that had not come after a minute; no more were asked for" if page["is_stuck"] else "")
        )
    return lines
