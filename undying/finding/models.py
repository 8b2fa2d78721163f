"""Words by which people and series are found. All of it is made from other tables, and may be made again."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from undying.library.models import Series
from undying.library.names import LONGEST_WORD
from undying.people.models import Pseud


class PersonWord(models.Model):
    """A word by whose beginning a pen name is found, folded (see `undying.library.names`)."""

    pseud = models.ForeignKey(Pseud, on_delete=models.CASCADE, related_name="words", db_index=False)
    word = models.CharField(max_length=LONGEST_WORD)

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["word", "pseud"], name="people_by_word", opclasses=["varchar_pattern_ops", "int8_ops"]
            ),
            models.Index(fields=["pseud", "word"], name="words_by_person"),
        ]

    def __str__(self) -> str:
        return self.word


class SeriesWord(models.Model):
    """A word by whose beginning a series is found, folded."""

    series = models.ForeignKey(Series, on_delete=models.CASCADE, related_name="words", db_index=False)
    word = models.CharField(max_length=LONGEST_WORD)

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["word", "series"], name="series_by_word", opclasses=["varchar_pattern_ops", "int8_ops"]
            ),
            models.Index(fields=["series", "word"], name="words_by_series"),
        ]

    def __str__(self) -> str:
        return self.word
