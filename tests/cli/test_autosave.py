"""What the archive said that it kept is there after its processes were killed."""

from __future__ import annotations

import http.cookiejar
import json
import os
import re
import signal
import urllib.error
import urllib.parse
import urllib.request

import pytest

from tests.cast import PASSWORD
from tests.cli.test_serving import gone, processes_below

pytestmark = pytest.mark.slow


class Browser:
    """A browser without scripts, signed in as Ada."""

    def __init__(self, address: str, jar: http.cookiejar.CookieJar) -> None:
        self.address = address
        self.open = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar)).open

    def get(self, path: str) -> str:
        with self.open(self.address + path, timeout=30) as answer:
            return answer.read().decode()

    def post(self, path: str, **typed: str) -> str:
        data = urllib.parse.urlencode(typed).encode()
        request = urllib.request.Request(self.address + path, data, {"User-Agent": "Firefox (Linux)"})
        with self.open(request, timeout=60) as answer:
            return answer.read().decode()


def hidden_in(page: str) -> dict[str, str]:
    return dict(re.findall(r'<input type="hidden"\s+name="(\w+)"\s+value="([^"]*)"', page))


def test_a_kept_text_survives_kill_9_and_long_texts_are_refused_in_words(archive):
    archive.run("user", "create", "ada", "--password-file", "-", given=f"{PASSWORD}\n")
    jar = http.cookiejar.CookieJar()
    with archive.serving() as (process, address):
        ada = Browser(address, jar)
        token = hidden_in(ada.get("/users/login"))
        ada.post("/users/login", **token, **{"user[login]": "ada", "user[password]": PASSWORD})
        page = ada.get("/works/new")
        hidden = hidden_in(page)
        there = re.findall(r'data-autosave="([^"]+)"', page)[0].replace("&amp;", "&")
        for number in range(1, 21):
            typed = f"Night {number} of the rain."
            kept = json.loads(ada.post(there, **hidden, title="Nights", body=typed))
            hidden["version"], hidden["token"] = str(kept["version"]), kept["token"]
        with pytest.raises(urllib.error.HTTPError) as refused:
            ada.post("/works/new", **hidden, body="x" * 20 * 1024 * 1024)
        assert refused.value.code == 413
        assert "16 MB are the most that fit" in refused.value.read().decode()
        below = processes_below(process.pid)
        for number in [process.pid, *below]:
            os.kill(number, signal.SIGKILL)
        process.wait(timeout=20)
        assert gone(set(below))
    with archive.serving() as (_, address):
        ada = Browser(address, jar)
        assert "<strong>Nights</strong>" in ada.get("/works/new")
        assert "Night 20 of the rain." in ada.get(f"/works/new?draft={hidden['token']}")
