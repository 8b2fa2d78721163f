"""Disclaimers and places in canon, read from notes."""

from __future__ import annotations

from pathlib import Path

import pytest

from undying.manuscript import (
    Chapter,
    Divergence,
    Manuscript,
    Placement,
    PlacementRelation,
    RawHtml,
    Tagging,
    TagKind,
)
from undying.manuscript.clean import clean
from undying.manuscript.recognise import recognise

CASES = sorted((Path(__file__).parents[1] / "golden" / "recognise").iterdir())
BODY = clean(RawHtml("<p>Rain fell.</p>"))


def prose(text):
    return clean(RawHtml("".join(f"<p>{line}</p>" for line in text.split("\n"))))


def story(notes="", summary="", fandoms=("The Odyssey",), **more):
    taggings = tuple(Tagging(kind=TagKind.FANDOM, name=name) for name in fandoms)
    fields = {"title": "x", "chapters": (Chapter(body=BODY),), **more}
    return Manuscript(notes_before=prose(notes), summary=prose(summary), taggings=taggings, **fields)


def placed(notes):
    return recognise(story(notes)).placements


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_note_is_read_sentence_by_sentence(case, golden):
    lines = []
    for note in (case / "in.txt").read_text(encoding="utf-8").splitlines():
        lines.append(f"> {note}")
        lines += [f"  {_shown(placement)}" for placement in placed(note)]
    golden(case / "out.txt", "\n".join(lines) + "\n")


def _shown(placement):
    part = " ".join(filter(None, [placement.unit, placement.part, placement.part_to and f"to {placement.part_to}"]))
    episodes = "; ".join(placement.episodes)
    return f"{placement.relation} | {part} | {episodes} | {placement.divergence} | {placement.words}"


def test_nothing_leaves_the_text_and_nothing_stated_is_overwritten():
    stated = Placement(unit="book", part="5")
    before = story("Set after Book 9. I don't own it.", rights=prose("Homer's."), placements=(stated,))
    assert recognise(before) == before
    other = story("Set after Book 9. I don't own it.")
    assert recognise(other).notes_before == other.notes_before


@pytest.mark.parametrize(
    ("notes", "relation", "part", "episodes"),
    [
        ("Set after season 2, episode 3.", "after", "2", ("2x03",)),
        ('Set after season 2, episode 3 "The Return".', "after", "2", ("2x03", "The Return")),
        ("Set after season two, episode twelve.", "after", "2", ("2x12",)),
        ("Takes place between 2x05 and 2x06.", "between", "2", ("2x05", "2x06")),
        ("Set between episodes 5 and 6 of season 2.", "between", "2", ("2x05", "2x06")),
        ("Set during S2E3.", "during", "2", ("2x03",)),
        ("Set after season 2, episode 3 - 4 years later.", "after", "2", ("2x03",)),
    ],
)
def test_episodes_may_be_given_by_number(notes, relation, part, episodes):
    (placement,) = placed(notes)
    assert (placement.relation, placement.unit, placement.part) == (relation, "season", part)
    assert (placement.part_to, placement.episodes) == ("", episodes)


def test_a_gap_between_two_seasons_has_both():
    (placement,) = placed("Set between 2x22 and 3x01.")
    assert (placement.part, placement.part_to, placement.episodes) == ("2", "3", ("2x22", "3x01"))


def test_canon_is_left_at_a_numbered_episode():
    (placement,) = placed("Canon divergent from episode 7 of season 3.")
    assert placement.divergence is Divergence.DIVERGENT
    assert (placement.unit, placement.part, placement.episodes) == ("season", "3", ("3x07",))


def test_a_numbered_episode_that_is_only_mentioned_is_no_place():
    assert not placed("I liked season 2, episode 3.")


def test_the_words_are_the_exact_passage():
    note = "Hello. It’s set after Book 9, more or less. Enjoy."
    (placement,) = placed(note)
    assert placement.words == "It’s set after Book 9, more or less."
    assert (placement.unit, placement.part, placement.relation) == ("book", "9", PlacementRelation.AFTER)


def test_the_only_fandom_or_the_one_named_is_the_placements():
    assert placed("Set after Book 9.")[0].fandom == "The Odyssey"
    two = ("The Odyssey", "Carmilla")
    assert recognise(story("Set after Book 9.", fandoms=two)).placements[0].fandom == ""
    assert recognise(story("Set after chapter 9 of Carmilla.", fandoms=two)).placements[0].fandom == "Carmilla"


def test_later_chapters_have_places_of_their_own():
    second = Chapter(body=BODY, notes_before=prose("Set during Book 12."))
    found = recognise(story("", chapters=(Chapter(body=BODY), second)))
    assert not found.placements
    assert found.chapters[1].placements[0].part == "12"


def test_characters_are_no_episodes():
    named = (*story().taggings, Tagging(kind=TagKind.CHARACTER, name="Circe"))
    without, with_tag = (
        story("Post Circe."),
        Manuscript(title="x", chapters=(), notes_before=prose("Post Circe."), taggings=named),
    )
    assert recognise(without).placements[0].episodes == ("Circe",)
    assert not recognise(with_tag).placements


def test_divergence_joins_the_place_that_it_qualifies():
    (placement,) = placed("Timeline: after Book 9. Canon divergent.")
    assert placement.divergence is Divergence.DIVERGENT
    assert placement.words == "Timeline: after Book 9. Canon divergent."


@pytest.mark.parametrize(
    ("notes", "rights"),
    [
        ("Disclaimer: Homer owns them all.", "Homer owns them all."),
        ("Rating: G\nDISCLAIMER - not mine.\nThanks to Mo.", "not mine."),
        ("Thanks to Mo. I don't own Odysseus. No money is made. Enjoy!", "I don't own Odysseus. No money is made."),
        ("All characters belong to Homer.", "All characters belong to Homer."),
        ("Die Figuren gehören nicht mir.", "Die Figuren gehören nicht mir."),
        ("Les personnages ne m'appartiennent pas.", "Les personnages ne m'appartiennent pas."),
        ("Los personajes no me pertenecen.", "Los personajes no me pertenecen."),
        ("Персонажи мне не принадлежат.", "Персонажи мне не принадлежат."),
        ("人物不属于我。", "人物不属于我。"),
        ("He belongs in Ithaca, and she knows it.", ""),
        ("Property prices were high in Ithaca.", ""),
    ],
)
def test_disclaimers_become_rights(notes, rights):
    found = recognise(story(notes)).rights
    assert found == (f"<p>{rights}</p>" if rights else "")


def test_a_summary_is_no_disclaimer_unless_it_says_so():
    assert not recognise(story(summary="Everything in Ithaca belongs to the suitors now.")).rights
    assert recognise(story(summary="A night. Disclaimer: not mine.")).rights == "<p>not mine.</p>"
