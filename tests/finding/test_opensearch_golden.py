"""What OpenSearch is asked and told, without one: each case is a folder."""

from __future__ import annotations

import json
import runpy
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

import pytest

from tests.finding.contract import OPERATOR
from undying.finding.backends.opensearch import OpenSearchBackend, dsl
from undying.finding.backends.opensearch.rows import row, tag_key, template
from undying.finding.question import HasTag, Measure, Node, Sort, Term
from undying.manuscript import TagKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from undying.finding.document import Document, Sight
    from undying.finding.question import Question

WIDTH = 110
CASES = sorted((Path(__file__).parents[1] / "golden" / "opensearch").iterdir())


def made(
    *,
    asked: Sequence[Question] = (),
    sights: Sequence[Sight] = (OPERATOR,),
    leave_out: Sequence[int] = (),
    document: Document | None = None,
    pattern: str = "",
    shards: int = 1,
) -> list[dict[str, object]]:
    """What comes of a case's input."""
    if document:
        # The digest is of all that a work is, and none of this back end's; stems have no order.
        made = {name: sorted(value) if name.startswith("stems_") else value for name, value in row(document).items()}
        return [{**made, "print": "0123456789abcdef"}]
    return [template(pattern, shards)] if pattern else list(requests(asked, sights, leave_out))


def requests(
    asked: Sequence[Question], sights: Sequence[Sight], leave_out: Sequence[int]
) -> Iterator[dict[str, object]]:
    """For each question and viewer the request for works and, where tags are counted, the one for counts."""
    for question, sight in product(asked, sights):
        query = dsl.query(question.node, sight, leave_out)
        yield dsl.hits(question, query)
        if question.kinds:
            yield dsl.counts(question, query)


def given(case: Path) -> dict[str, object]:
    """The names in capitals that a case's input sets."""
    return {name.lower(): value for name, value in runpy.run_path(str(case / "in.py")).items() if name.isupper()}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_opensearch_is_asked_and_told_in_its_own_language(case, golden, monkeypatch):
    asked = given(case)
    monkeypatch.setattr(dsl, "CLAUSES", asked.pop("clauses", dsl.CLAUSES))
    golden(case / "out.json", laid_out(made(**asked)) + "\n")


def laid_out(value: object, margin: str = "") -> str:
    """JSON with a line for each part of what is too long for one."""
    flat = json.dumps(value, ensure_ascii=False)
    if len(margin) + len(flat) <= WIDTH or not isinstance(value, dict | list):
        return flat
    inner = margin + " "
    if isinstance(value, dict):
        parts = [f"{inner}{json.dumps(name)}: {laid_out(part, inner)}" for name, part in value.items()]
        return "{\n" + ",\n".join(parts) + f"\n{margin}}}"
    return "[\n" + ",\n".join(inner + laid_out(part, inner) for part in value) + f"\n{margin}]"


def test_every_node_term_measure_and_sort_has_its_case():
    shown = repr([given(case) for case in CASES])
    assert [each.__name__ for each in get_args(Node) if f"{each.__name__}(" not in shown] == []
    assert [each for each in (*Term, *Measure, *Sort) if repr(each) not in shown] == []


def test_more_values_than_a_cluster_takes_at_once_are_asked_for_in_portions():
    many = tuple(range(dsl.TERMS_AT_ONCE + 1))
    either = dsl.clause(HasTag(many))["bool"]
    assert [len(each["terms"]["any_tag"]) for each in either["should"]] == [dsl.TERMS_AT_ONCE, 1]


def test_a_kind_of_which_there_are_many_tags_is_tallied_in_pages(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(dsl, "TALLIED_AT_ONCE", 2)
    counted = {tag_key(number): number for number in (1, 2, 30)}

    class Cluster:
        """Answers as OpenSearch does: a page of tags, and the last of them for the next."""

        def ask(self, bodies: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
            (pages,) = (body["aggs"]["tags"]["composite"] for body in bodies)
            assert pages["sources"] == [{"tag": {"terms": {"field": "tag_fandom"}}}]
            rest = sorted(key for key in counted if key > pages.get("after", {"tag": ""})["tag"])[: pages["size"]]
            buckets = [{"key": {"tag": key}, "doc_count": counted[key]} for key in rest]
            after = {"after_key": buckets[-1]["key"]} if rest else {}
            return [{"aggregations": {"tags": {"buckets": buckets, **after}}}]

    backend = OpenSearchBackend.__new__(OpenSearchBackend)
    backend._cluster = Cluster()  # type: ignore[assignment]  # it answers alike
    assert backend.tally(TagKind.FANDOM, None, OPERATOR, leave_out=()) == {1: 1, 2: 2, 30: 30}
