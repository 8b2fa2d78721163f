"""Archives filled at random: the reading ends, every row has its one fate, and nothing private is told."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.formats.efiction_archive import MODERN, OLD, OLDEST, Archive, read
from undying.formats import Contact, Kept, Remark, Story

SECRETS = {"email": "secret@mail.example", "realname": "Wilhelmina Murray", "password": "0" * 32, "log_ip": "10.9.8.7"}
VALUES = st.one_of(
    st.integers(-2, 6).map(str),
    st.sampled_from(
        [
            "",
            "0",
            "1,2",
            "2,2,99",
            "ST",
            "SE",
            "AU",
            "0000-00-00 00:00:00",
            "1083579072",
            "-1",
            "32767",
            "Mina",
            "{info}",
        ]
    ),
    st.sampled_from(["<b>Bold", "<script>alert(1)</script>", "A<br><br><i>Author's Response: B</i>", "No Review"]),
    st.none(),
    st.binary(max_size=6),
)


@st.composite
def archives(draw, columns: dict[str, str]) -> Archive:
    """An archive of a version with a few rows in each of some of its tables."""
    told = Archive(columns=columns)
    for table in draw(st.lists(st.sampled_from(sorted(columns)), unique=True, min_size=1)):
        for _row in range(draw(st.integers(1, 4))):
            row = {name: draw(VALUES) for name in columns[table].split()}
            told.add(table, **(row | {name: secret for name, secret in SECRETS.items() if name in row}))
    told.rows.setdefault("stories", [])
    return told


@pytest.mark.parametrize("version", [MODERN, MODERN | OLD, MODERN | OLDEST], ids=["3.x", "2.0", "1.1"])
@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_whatever_an_archive_holds_every_row_has_one_fate_and_nothing_private_is_told(version, data):
    told = data.draw(archives(version))
    with tempfile.TemporaryDirectory() as folder:
        heard = read(told.write(Path(folder)), Path(folder))
    public = repr([event for event in heard.events if not isinstance(event, Contact)])
    for secret in SECRETS.values():
        assert secret not in public
    assert "<script" not in repr([event for event in heard.events if isinstance(event, Kept | Story | Remark)])
