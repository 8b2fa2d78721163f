"""eFiction: SQL dumps with their chapter files, versions 1.1 to 3.5.x."""

from undying.formats.efiction.reader import EfictionReader

READER = EfictionReader()

__all__ = ["READER", "EfictionReader"]
