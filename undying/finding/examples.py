"""What can be typed into the search box, by example: shown on the help page and in docs/searching.md, run by tests."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Example:
    """Something to type, and what it finds."""

    query: str
    finds: str


@dataclass(frozen=True, slots=True)
class Chapter:
    """Examples of one matter, with what is to be said of them all."""

    title: str
    text: str
    examples: tuple[Example, ...]


CHAPTERS = (
    Chapter(
        "Words",
        "Every word has to occur, in any order: in the title, the summary, the tags, the names of creators or "
        "the story itself. Capitals, accents and curly quotes do not matter. Other forms of a word are found as "
        "well, in the language of the work.",
        (
            Example("vampire castle", "works with both words"),
            Example("haunt", "haunted, haunts and haunting, too"),
            Example('"by the sea"', "these words just as they stand together"),
            Example("vamp*", "words that begin so: vampire, vamp, vampiric"),
            Example("vampire -castle", "works with the one and without the other"),
            Example("lighthouse OR castle", "works with either"),
            Example("vampire (lighthouse OR castle)", "brackets hold together what belongs together"),
            Example('vampire -"by the sea"', "a minus works before everything: words, phrases, brackets and fields"),
        ),
    ),
    Chapter(
        "Where words stand",
        "A name before a colon looks in one place. There is no space after the colon.",
        (
            Example("title:lantern", "in the title"),
            Example('summary:"by the sea"', "in the summary"),
            Example("text:moonlight", "in the story itself"),
            Example("moonlight harbour in:text", "“in:” says it for all words: title, summary, text, tags or by"),
            Example("title:(lantern OR lamp)", "a field may stand before brackets"),
        ),
    ),
    Chapter(
        "Who and what",
        "Names of more than one word stand in quotation marks. A tag is found by its whole name, with all that "
        "wranglers put under it; if there is none of that name, by the beginnings of its words. Commas mean any of "
        "several.",
        (
            Example('by:"Old Nell"', "works of this creator"),
            Example("fandom:Dracula", "a fandom"),
            Example("fandom:Dracula,Carmilla", "either of two"),
            Example('ship:"Jonathan Harker/Mina Murray"', "a relationship"),
            Example('character:"Mina Murray"', "a character"),
            Example('tag:"Slow Burn"', "a tag of any kind"),
            Example('-tag:"Slow Burn"', "without it"),
            Example("rating:teen", "a rating, by its first word"),
            Example('warning:"Major Character Death"', "a warning"),
            Example("category:F/F", "a category"),
            Example('fandom:="Dracula"', "the tag itself, without what stands below it"),
            Example('series:"The Borrowed Lantern"', "works of a series"),
            Example("crossover:yes", "works of more than one fandom; “no” for those of one"),
        ),
    ),
    Chapter(
        "How long, how often",
        "Numbers can be written with “k” and “m”.",
        (
            Example("words:>10k", "more than ten thousand words"),
            Example("words:1k-5k", "between the two"),
            Example("chapters:1", "in one chapter"),
            Example("kudos:>=100", "at least a hundred kudos"),
            Example("comments:0 hits:<50", "hardly seen by anybody yet"),
            Example("bookmarks:3+", "three bookmarks or more"),
        ),
    ),
    Chapter(
        "When",
        "Ages are counted in days, weeks, months and years: 30d, 2w, 6m, 1y.",
        (
            Example("updated:<1y", "changed within the last year"),
            Example("updated:>5y complete:no", "left alone for five years"),
            Example("posted:2020", "first posted in that year"),
            Example("updated:2019-01..2020-06", "last changed from January 2019 to June 2020"),
            Example("posted:>2020-02-29", "posted after that day"),
        ),
    ),
    Chapter(
        "State and language",
        "",
        (
            Example("complete:yes", "finished works"),
            Example("status:wip,hiatus", "works in progress, and those that rest; also “complete” and “abandoned”"),
            Example("lang:fr", "in French: by the code of a language, or its name"),
            Example("lang:german", "the same by name"),
        ),
    ),
    Chapter(
        "Where in canon",
        "Where authors said it.",
        (
            Example("season:4", "set in that season; also book:, volume: and year:"),
            Example('after:"The Final Problem"', "set after an episode or a story; also before:, during: and between:"),
            Example('before:"season 3"', "the same for a whole season"),
            Example("canon:divergent", "where canon goes another way; “au” for other worlds"),
        ),
    ),
    Chapter(
        "In which order",
        "By best, updated, posted, title, by, words, kudos, comments, bookmarks, hits, kudos-per-hit or random. The "
        "best have all your words in the title, the next in author, tags and summary too, the rest in the text.",
        (
            Example("vampire sort:kudos", "the most kudos first"),
            Example("complete:yes sort:words-reversed", "the other way round: the shortest first"),
        ),
    ),
    Chapter(
        "Other scripts",
        "Where no spaces stand between words, any passage is found.",
        (
            Example("吸血鬼", "these characters in a row"),
            Example("fandom:Dracula 吸血鬼", "together with everything else"),
        ),
    ),
)
