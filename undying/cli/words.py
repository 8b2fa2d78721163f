"""An import report, worded for the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from undying.exchange.report import EXAMPLES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from undying.exchange.report import Report

HEADS = ("rows or files", "imported", "merged", "kept raw", "refused")


def report_lines(report: Report) -> Iterator[str]:
    """The whole report, line by line."""
    yield from _head(report)
    yield ""
    yield from _table(report)
    if report.reasons:
        yield ""
        yield "Why rows and files were refused or only kept:"
        for each in report.reasons[:EXAMPLES]:
            yield f"  {each.times:>6,}  {each.outcome}: {each.detail} (such as {each.example})"
        if len(report.reasons) > EXAMPLES:
            yield f"          and {len(report.reasons) - EXAMPLES} more; the archive's page of the batch has all"
    if report.remarks:
        yield ""
        yield "What was noticed:"
        for text, grave in report.remarks[:EXAMPLES]:
            yield f"  {'!' if grave else '-'} {text}"
        if len(report.remarks) > EXAMPLES:
            yield f"    and {len(report.remarks) - EXAMPLES} more"


def _head(report: Report) -> Iterator[str]:
    if report.is_rehearsal:
        yield f"Rehearsal for {report.label}: {report.created:,} works would be new, {report.revised:,} revised."
        if report.beside_works:
            yield f"Beside them: {report.beside_works}."
        yield "Nothing was written."
        return
    yield f"Batch {report.batch}, {report.label}: {report.created:,} works are new, {report.revised:,} were revised."
    if report.beside_works:
        yield f"Beside them: {report.beside_works}."
    if report.state == "stopped":
        yield f"It stopped: {report.reason}"
    if not (report.created or report.revised or report.keepsakes):
        return
    if report.state != "stopped" and not report.is_open:
        yield f"Members can read them; `undying import open {report.batch}` lets everybody, once they were announced."
    yield f"`undying import undo {report.batch}` takes all of it back."


def _table(report: Report) -> Iterator[str]:
    width = max([len(each.container) for each in report.containers] + [20])
    yield "  ".join([" " * width, *(f"{head:>13}" for head in HEADS)])
    is_whole = report.state != "stopped"
    for each in report.containers:
        numbers = (each.total, each.imported, each.merged, each.kept_raw, each.refused)
        verdict = "" if each.adds_up or not is_whole else "  DOES NOT ADD UP"
        yield "  ".join([each.container.ljust(width), *(f"{number:>13,}" for number in numbers)]) + verdict
    if is_whole:
        yield "Everything adds up." if report.adds_up else "Not everything adds up: please report this as a bug."
