"""Plain files of every kind against what should be read from them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.formats.plain_files import outline, read
from undying.formats import html_file, markdown, rtf, text

CASES = sorted((Path(__file__).parents[1] / "golden" / "plain").iterdir())
READERS = {".txt": text.READER, ".md": markdown.READER, ".html": html_file.READER, ".rtf": rtf.READER}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_plain_file_gives_all_that_it_says(case, golden):
    (path,) = case.glob("in.*")
    story, remarks = read(READERS[path.suffix], path)
    golden(case / "out.txt", outline(story.manuscript, remarks))
