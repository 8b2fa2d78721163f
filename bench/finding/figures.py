"""What is known of AO3's shape, and what was assumed where nothing is published.

PUBLISHED are figures that somebody counted in public: the archive that is made is checked against them. All other
numbers in `catalogue` and `archive` are assumptions, each with a comment or a name that says what it stands for.
"""

from __future__ import annotations

PUBLISHED = {
    "tags_mean": 17.0,  # OTW's notice of the tag limit, August 2021
    "tags_mode": 11.0,
    "tags_over_75_at_most": 0.005,
    "works": 7_270_000,  # the dump of 2021
    "fandoms": 42_700,
    "ratings": {"Teen And Up Audiences": 0.31, "General Audiences": 0.30, "Explicit": 0.18, "Mature": 0.16,
                "Not Rated": 0.05},  # OTW, 2012
    "kudos": {25: 14, 50: 46, 75: 136, 90: 339, 99: 1739},  # counted by a reader over 16 million works; not verified
}  # fmt: skip
RATINGS = ("Not Rated", "General Audiences", "Teen And Up Audiences", "Mature", "Explicit")
WARNINGS = (
    ("Creator Chose Not To Use Archive Warnings", 0.30),
    ("No Archive Warnings Apply", 0.52),
    ("Graphic Depictions Of Violence", 0.09),
    ("Major Character Death", 0.05),
    ("Rape/Non-Con", 0.03),
    ("Underage", 0.01),
)
SECOND_WARNING = 0.08
CATEGORIES = (("M/M", 0.47), ("F/M", 0.24), ("Gen", 0.17), ("F/F", 0.09), ("Multi", 0.02), ("Other", 0.01))
CATEGORY_COUNTS = (0.06, 0.84, 0.08, 0.02)
"""How many categories a work has: none, one, two, three."""
LANGUAGES = (
    ("en", 0.880), ("zh", 0.060), ("es", 0.015), ("ru", 0.012), ("fr", 0.008), ("pt-BR", 0.006), ("id", 0.004),
    ("de", 0.004), ("it", 0.003), ("pl", 0.002), ("ja", 0.002), ("ko", 0.001), ("vi", 0.001), ("tr", 0.001),
    ("fi", 0.001),
)  # fmt: skip
STATUSES = (("complete", 0.80), ("in-progress", 0.17), ("hiatus", 0.02), ("abandoned", 0.01))
MEMBERS_ONLY, HIDDEN, DRAFT = 0.08, 0.001, 0.01

# The tags of a work in all: lognormal with the published mean and mode, and a few works with very many.
TAGS_MU, TAGS_SIGMA = 2.688, 0.5387
ENDLESS, ENDLESS_LEAST, ENDLESS_MOST = 0.0025, 76, 500
MORE_FANDOMS = 0.18
"""How often a work has another fandom than the first, and another than those."""
MOST_FANDOMS = 12
FANDOM_GROWTH = 0.6
"""Fandoms grow with this power of the number of works."""
FANDOM_ZIPF = (1.2, 8.0)
"""Exponent and offset of Zipf and Mandelbrot's law; so for the other kinds."""
RELATIONSHIP_ZIPF, CHARACTER_ZIPF, ADDITIONAL_ZIPF, WORD_ZIPF = (1.15, 1.5), (1.1, 2.0), (1.02, 12.0), (1.07, 2.7)
BELOW_A_METATAG = 0.4
"""The share of fandoms that stand below a wider one, as a film stands below all that is told of its heroes."""
METATAG_SKEW = 1.8
METATAG_TOO = 0.04
"""How often an author sets the wider tag beside the narrower."""
UNIQUE_ADDITIONAL = 0.12
"""The share of additional tags that hardly anybody else has used."""
KUDOS = (
    (0.0, 0), (0.05, 1), (0.25, 14), (0.5, 46), (0.75, 136), (0.9, 339), (0.99, 1739), (0.9999, 12_000),
    (0.999999, 60_000), (1.0, 100_000),
)  # fmt: skip
WORDS_MEDIAN, WORDS_SIGMA, MOST_WORDS = 2400.0, 1.35, 1_500_000
MANY_CHAPTERS = 0.3
OPENED, NEWEST = 1_258_156_800, 1_767_225_600
"""14 November 2009, when AO3 opened, and 1 January 2026."""
TROPES = (
    "Fluff|Angst|Hurt/Comfort|Slow Burn|Alternate Universe|Humor|Romance|Friends to Lovers|Established Relationship|"
    "First Kiss|Pining|Canon Divergence|Fix-It|Enemies to Lovers|Smut|Crack|Found Family|Getting Together|"
    "Emotional Hurt/Comfort|Modern Setting|Angst with a Happy Ending|Mutual Pining|Drabble|Friendship|Soulmates|"
    "Fake Dating|Coffee Shops|Time Travel|Character Study|Domestic Fluff|Whump|Idiots in Love|Love Confessions|"
    "Sharing a Bed|Post-Canon|Missing Scene|Family|Jealousy|Mystery|Major Character Injury|Nightmares|Grief|"
    "Not Beta Read|One Shot|Poetry|Epistolary|Holidays|Kid Fic|Magic|Secret Identity"
).split("|")
