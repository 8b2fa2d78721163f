"""How well `recognise` reads real notes: precision and recall of seasons and episodes against hand-made labels.

    .venv/bin/python bench/placement.py [-v] [folder with canon_notes.tsv]

The notes lie beside the checkout (../shared/finder) and are not part of it.
"""

from __future__ import annotations

import csv
import html
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from undying.manuscript import Chapter, Manuscript, RawHtml
from undying.manuscript.clean import clean
from undying.manuscript.recognise import recognise

if TYPE_CHECKING:
    from undying.manuscript import Placement

NOTES = Path(__file__).resolve().parents[2] / "shared" / "finder"


def placements(note: str) -> tuple[Placement, ...]:
    """What is recognised in one note."""
    body = clean(RawHtml("<p>.</p>"))
    notes = clean(RawHtml(f"<p>{html.escape(note)}</p>"))
    return recognise(Manuscript(title="x", chapters=(Chapter(body=body),), notes_before=notes)).placements


def plain(title: str) -> str:
    """A title for comparison: letters and digits, no "the", no remark in brackets."""
    title = re.sub(r"\([^)]*\)|^\d+x\d+\s|^\d+\.\d+\s|^the ", "", title.strip().lower())
    return re.sub(r"[^a-z0-9]", "", title)


def gold_seasons(field: str) -> set[str]:
    """ "4-5" and "7/5" as sets of numbers; "post-series" as a word."""
    if "series" in field:
        return {"series"}
    return set(re.findall(r"\d+", field)) - {"2005"}


def gold_episodes(field: str) -> set[str]:
    """Titles and codes, each form that counts as right."""
    return {plain(title) for title in field.split(";") if plain(title)}


def same(one: str, other: str) -> bool:
    """Misspelt titles are right as they stand: recognising is not correcting."""
    return one == other or (len(one) > 4 and len(set(one) ^ set(other)) <= 2 and abs(len(one) - len(other)) <= 2)


def found_seasons(read: tuple[Placement, ...]) -> set[str]:
    """Every season, year or book that was named."""
    return {
        part.rstrip("AB")
        for placement in read
        for part in (placement.part, placement.part_to, "series" if placement.unit == "series" else "")
        if part and placement.unit != "episode"
    }


def report(name: str, right: int, read: int, gold: int) -> None:
    """One line of figures."""
    precision, recall = right / max(read, 1), right / max(gold, 1)
    print(f"{name}: precision {right}/{read} = {precision:.2f}, recall {right}/{gold} = {recall:.2f}")


def main() -> None:
    """Print the figures, with -v each note that was read otherwise than its label."""
    folders = [Path(word) for word in sys.argv[1:] if word != "-v"]
    path = (folders[0] if folders else NOTES) / "canon_notes.tsv"
    if not path.is_file():
        sys.exit(f"{path} is not there; name the folder that holds canon_notes.tsv.")
    totals = {"season": [0, 0, 0], "episode": [0, 0, 0]}
    with path.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines, delimiter="\t"):
            judge(row, totals)
    for name, (right, read, gold) in totals.items():
        report(name, right, read, gold)


def judge(row: dict[str, str], totals: dict[str, list[int]]) -> None:
    """Count one note. Labels that are no placement (spoilers, quotations) want nothing to be read."""
    _series, season, relation, episodes, *_ = [
        *row["placement_gold(series|season|relation|episodes|flags)"].split("|"),
        "",
    ]
    is_place = not relation.startswith(("spoiler", "quotes"))
    stated = {number for number in gold_seasons(season) if is_place and is_stated(number, row["note"])}
    code = re.search(r"\b(\d+x\d+)", episodes)
    titles = gold_episodes(episodes) if is_place else set()
    read = placements(row["note"])
    seasons, titles_read = found_seasons(read), {plain(title) for item in read for title in item.episodes}
    titles_read |= {code[1] for item in read for title in item.episodes if code and title.lstrip("0") == code[1]}
    right = {
        one for one in titles_read if any(same(one, other) for other in titles) or (code and plain(code[1]) == one)
    }
    add(totals["season"], len(seasons & gold_seasons(season)) if is_place else 0, len(seasons), len(stated))
    add(totals["episode"], len(right), len(titles_read), len(titles))
    if "-v" in sys.argv and (seasons != stated or len(right) != len(titles) or titles_read != right):
        print(f"#{row['id']} {row['note']}\n   gold {season} | {relation} | {episodes}")
        for item in read:
            print(f"   read {item.relation} {item.unit} {item.part} {item.part_to} {item.episodes} {item.divergence}")


def is_stated(number: str, note: str) -> bool:
    """A label knows the season of an episode; a reader without episode lists can only know what the note says."""
    words = (
        "",
        "one|first|1st",
        "two|second|2nd",
        "three|third|3rd",
        "four|fourth",
        "five|fifth",
        "six|sixth",
        "seven|seventh",
    )
    spelling = words[int(number)] if number.isdigit() and int(number) < len(words) else number
    if number == "series":
        return "series" in note
    return (
        re.search(rf"(?<!\d)0?{number}(?!\d)|\b(?:{spelling})\b" if spelling else rf"\b{number}\b", note, re.IGNORECASE)
        is not None
    )


def add(total: list[int], *numbers: int) -> None:
    """Add each number in its place."""
    for place, number in enumerate(numbers):
        total[place] += number


if __name__ == "__main__":
    main()
