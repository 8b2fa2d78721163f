"""How often works were read, thanked for, answered and kept."""

from __future__ import annotations

from django.db import models

from undying.library.models.works import Work


class Counters(models.Model):
    """The numbers of one work that everybody may see who may see the work; without a row all are zero.

    `comments` and `bookmarks` are counted from what is here (`undying.community.counting`); `hits` and `kudos` are
    only ever added to (`undying.library.counters`).
    """

    work = models.OneToOneField(Work, primary_key=True, on_delete=models.CASCADE, related_name="counters")
    hits = models.PositiveBigIntegerField(default=0)
    kudos = models.PositiveBigIntegerField(default=0)
    comments = models.PositiveBigIntegerField(default=0)
    bookmarks = models.PositiveBigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.hits} hits, {self.kudos} kudos, {self.comments} comments, {self.bookmarks} bookmarks"
