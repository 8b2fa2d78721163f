"""Works as revisions keep them: the Manuscript as JSON, compressed, without the bytes of pictures."""

from __future__ import annotations

import json
import zlib
from typing import TYPE_CHECKING

from undying.manuscript.codec import from_json, to_json

if TYPE_CHECKING:
    from undying.library.models import Revision
    from undying.manuscript import Manuscript


def packed(manuscript: Manuscript) -> bytes:
    """A work as a revision keeps it."""
    pictures = {each.sha256 for each in manuscript.pictures}
    return zlib.compress(to_json(manuscript, without=pictures).encode())


def manuscript_of(revision: Revision) -> Manuscript:
    """The work as it was then, without its pictures."""
    told = json.loads(zlib.decompress(revision.manuscript))
    told.pop("pictures", None)
    return from_json(json.dumps(told))
