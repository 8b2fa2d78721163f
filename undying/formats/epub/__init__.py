"""EPUB 3.3, written: valid, accessible, byte for byte repeatable, and carrying the exact story for the next archive.

Described in docs/formats/epub.md.
"""

from undying.formats.epub.own import read_own
from undying.formats.epub.write import EpubWriter

__all__ = ["EpubWriter", "read_own"]
