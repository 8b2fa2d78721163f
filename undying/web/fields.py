"""Fields of a form as a page shows them: what was typed, as it was typed, with what is wrong beside it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from undying.web.boxes import Option

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A place in canon as a row of the form: `number` counts from 1, `is_empty` where nothing was typed."""

    number: int
    prefix: str
    episodes: str
    unit: str
    part: str
    part_to: str
    fandom: str
    relations: tuple[Option, ...]
    divergences: tuple[Option, ...]
    is_empty: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A field. `kind` is `line`, `lines`, `names` (of tags), `long` (with the editor), `date`, `select`, `boxes` or
    `places` (in canon, in rows); the last three have `options`. `most` is how many characters fit, 0 where nobody
    counts; `is_needed` says that posting needs it. `whole` are names that stand in it and hold a comma; `most_names`
    may stand in all such fields together.
    """

    name: str
    label: str
    kind: str
    value: str = ""
    options: tuple[Option, ...] = ()
    help: str = ""
    problem: str = ""
    most: int = 0
    rows: int = 3
    language: str = ""
    is_needed: bool = False
    whole: tuple[str, ...] = ()
    most_names: int = 0
    places: tuple[Place, ...] = ()

    @property
    def id(self) -> str:
        """The control's id."""
        return f"field-{self.name}"

    @property
    def is_counted(self) -> bool:
        """Whether its characters are counted while somebody types; of names each is counted by itself."""
        return bool(self.most) and self.kind in {"line", "long"}

    @property
    def whole_lines(self) -> str:
        """The names that hold a comma, each on a line of its own."""
        return "\n".join(self.whole)

    @property
    def anchor(self) -> str:
        """The id of the whole field, where a summary of what is wrong leads to."""
        return f"at-{self.name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Fields that belong together. A folded one opens on a click, and stands open where something was typed."""

    legend: str
    fields: tuple[Field, ...]
    is_folded: bool = False

    @property
    def is_open(self) -> bool:
        """Whether it is to be seen at first."""
        return not self.is_folded or any(map(_is_told, self.fields))


def _is_told(field: Field) -> bool:
    chosen = any(option.is_chosen for option in field.options)
    return bool(field.value or field.problem or chosen or any(not place.is_empty for place in field.places))


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """A button of a form. A quiet one is not what most people come for."""

    value: str
    text: str
    is_quiet: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """That a page is a preview: what was typed, to be sent on, where, and by which buttons."""

    action: str
    hidden: tuple[tuple[str, str], ...]
    acts: tuple[Act, ...]


@dataclass(frozen=True, slots=True)
class Maker:
    """Makes fields from what was typed and what is wrong with it."""

    typed: Mapping[str, Sequence[str]]
    problems: Mapping[str, str]

    def line(self, name: str, label: str, kind: str = "line", **more: object) -> Field:
        """A field with one value."""
        value = next(iter(self.typed.get(name, ())), "")
        made = {"name": name, "label": label, "kind": kind, "value": value, "problem": self.problems.get(name, "")}
        return Field(**{**made, **more})  # type: ignore[arg-type]  # the names are Field's own

    def choice(
        self, name: str, label: str, options: Iterable[tuple[str, str]], kind: str = "boxes", **more: object
    ) -> Field:
        """A field with values to choose from; one that was typed and is not among them stands behind them."""
        given = self.typed.get(name, ())
        offered = dict(options)
        offered.update({each: each for each in given if each not in offered})
        made = tuple(Option(value=value, text=text, is_chosen=value in given) for value, text in offered.items())
        return self.line(name, label, kind, value="", options=made, **more)


def summary(groups: Iterable[Group], problems: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """What is wrong, in the order of the page: where it stands (empty for what no field has), and the sentence."""
    fields = [each for group in groups for each in group.fields]
    placed = {each.name for each in fields}
    return (
        *((f"#{each.anchor}", each.problem) for each in fields if each.problem),
        *(("", sentence) for name, sentence in problems.items() if name not in placed),
    )
