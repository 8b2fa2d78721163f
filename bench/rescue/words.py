"""A model of words for archives that never were: sentences put together from a vocabulary, as fast as they are written.

Every vocabulary and every turn of phrase is written for this file; the names are those of books in the public domain.
"""

from __future__ import annotations

import random

NAMES = (
    "Mina|Jonathan|Lucy|Arthur|Van Helsing|Renfield|Quincey|Doctor Seward|the Count|Carmilla|Laura|General Spielsdorf|"
    "Holmes|Watson|Mrs Hudson|Lestrade|Irene Adler|Mycroft|Elizabeth|Darcy|Jane|Bingley|Charlotte|Mr Collins|Lydia|"
    "Wickham|Odysseus|Penelope|Telemachus|Circe|Calypso|Nausicaa|Eumaeus|Athena|Eurycleia|Polyphemus"
).split("|")
THINGS = (
    "candle window lantern letter journal door harbour tower garden carriage mirror violin telegram staircase chapel "
    "orchard raft loom bow cup ship storm wolf raven clock key map portrait ribbon bonnet shawl ledger inkwell fire "
    "hearth cellar attic bridge river meadow wall gate bell rope sail anchor oar cave island shore cliff moon fog rain "
    "snow train platform compartment tunnel cab pavement gaslight pipe slipper chair table violin-case glass needle "
    "coat glove hat cane revolver footprint ash tobacco envelope seal stamp café naïveté coffin crucifix garlic wreath"
).split()
KINDS = (
    "old cold narrow quiet broken silver dark pale heavy empty little hidden borrowed foolish bright weary gentle "
    "crooked dusty distant familiar forgotten impossible careful ruined patient sudden tall wet yellow"
).split()
PLACES = (
    "in the hall|by the river|at Whitby|in Baker Street|under the eaves|on the road to Meryton|at Pemberley|on Ithaca|"
    "beyond the Borgo Pass|behind the chapel|in the drawing room|at the foot of the stairs|across the bay|"
    "in the schloss|on the last train|before the suitors|beside the loom|in a borrowed room|near the asylum wall|"
    "under an unfriendly sky|along the harbour wall|within the circle of the lamp|on the island of the nymph"
).split("|")
DID = (
    "watched|carried|had forgotten|wrote down|would not look at|remembered|set aside|opened|closed|asked about|found|"
    "lost|promised to mend|laid a hand on|counted again|hid|described|turned away from|waited beside|spoke of|drew|"
    "mended|could not explain|listened for|stole|gave back|burned|kept"
).split("|")
HOW = (
    "slowly|without a word|for the third time|as if nothing had happened|with both hands|in spite of everything|"
    "until the light failed|as one does with a guest|half laughing|against all advice|not quite by accident|"
    "and said nothing of it|though it was late|because somebody had to|like a person who has read the end of the book|"
    "and the clock went on|with a smile that did not last|<i>again</i>|<em>always</em>, it seemed|"
    "for what felt like years"
).split("|")
SAID = (
    "“You might have told me”, said {name}, and|“It’s only {thing}”, {name} answered, but|"
    "“I don’t believe in {thing}”, {name} said;|“Not tonight — tomorrow”, said {name}, while|"
    "“Naïve”, thought {name}; and|“Wait …” {name} began, for"
).split("|")
SYLLABLES = "ar bel cor dan el fen gar hol is jor kal lin mor nes or pel quin ros sel tar ul ven wil yar zan".split()
JOINTS = (". ", ". ", ". ", ". ", "; ", ", and ", "! ", "? ", " … ", ".\x00", ".\x00", ".\x00")
"""How a sentence ends; a NUL stands for the end of its paragraph."""
POOL = 4000
WORDS_PER_SENTENCE = 14.4


class Voice:
    """Writes prose. The pools are made once from the seed; a passage is made of them with whatever chance is given."""

    def __init__(self, seed: int) -> None:
        chance = random.Random(f"voice {seed}")
        self._coined = [self._coin(chance) for _ in range(POOL)]
        self._openings = [self._opening(chance) for _ in range(POOL)]
        self._doings = [f"{chance.choice(DID)} {self._thing(chance)} " for _ in range(POOL)]
        self._endings = [self._ending(chance) for _ in range(POOL)]

    def _coin(self, chance: random.Random) -> str:
        return "".join(chance.choices(SYLLABLES, k=chance.randint(2, 3))).capitalize()

    def name(self, chance: random.Random) -> str:
        """Somebody: known from a book, or from nowhere."""
        return chance.choice(NAMES) if chance.random() < 0.7 else chance.choice(self._coined)

    def _thing(self, chance: random.Random) -> str:
        kind = f"{chance.choice(KINDS)} " if chance.random() < 0.6 else ""
        return f"{chance.choice(('the', 'a', 'her', 'his', 'that', 'every'))} {kind}{chance.choice(THINGS)}"

    def _opening(self, chance: random.Random) -> str:
        said = ""
        if chance.random() < 0.3:
            said = chance.choice(SAID).format(name=self.name(chance), thing=self._thing(chance)) + " "
        return f"{said}{self.name(chance)} "

    def _ending(self, chance: random.Random) -> str:
        place = f"{chance.choice(PLACES)} " if chance.random() < 0.7 else ""
        return f"{place}{chance.choice(HOW)}"

    def paragraphs(self, chance: random.Random, words: int) -> list[str]:
        """About so many words."""
        count = max(1, round(words / WORDS_PER_SENTENCE))
        choose = chance.choices
        parts = zip(
            choose(self._openings, k=count),
            choose(self._doings, k=count),
            choose(self._endings, k=count),
            choose(JOINTS, k=count),
            strict=True,
        )
        text = "".join(map("".join, parts)).rstrip("\x00 ,;")
        return [paragraph.strip() for paragraph in text.split("\x00")]

    def line(self, chance: random.Random, words: int) -> str:
        """About so many words in one paragraph."""
        return " ".join(self.paragraphs(chance, words))

    def title(self, chance: random.Random) -> str:
        """What a story or a chapter is called."""
        thing = f"{chance.choice(KINDS).capitalize()} {chance.choice(THINGS).capitalize()}"
        return chance.choice((f"The {thing}", f"{self.name(chance)} and the {thing}", f"A {thing}, and After", thing))
