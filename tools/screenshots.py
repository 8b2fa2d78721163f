"""The pictures of the documents: a real browser on a fresh demo archive and on a rescued one, into docs/img/."""

from __future__ import annotations

import contextlib
import io
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from PIL import Image
from playwright.sync_api import sync_playwright

from tests.old_site import backup

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, StorageState

ROOT = Path(__file__).resolve().parent.parent
PICTURES = ROOT / "docs" / "img"
DESKTOP, PHONE = (1280, 860), (390, 844)
PICTURES_ARE_THERE = """() => [...document.images]
  .filter((image) => image.getBoundingClientRect().top < innerHeight)
  .every((image) => image.complete && image.naturalWidth > 0)"""
HEAVIEST = 250 * 1024
KEEPER, PASSWORD = "keeper", "the moon over Whitby"
NOTICE = """The Lighthouse Log was kept by one person for nine years, and closes in spring. She gave us a copy of all.

If something of yours is among it, it stays yours: write below, and it will be as you say."""


@dataclass(frozen=True)
class Shot:
    """A page, and how it is looked at."""

    path: str
    size: tuple[int, int] = DESKTOP
    scheme: Literal["light", "dark"] = "light"


SHOTS = {
    "front": Shot("/"),
    "work": Shot("story#chapters"),
    "work-dark": Shot("story", PHONE, "dark"),
    "list": Shot("/works"),
}
DESKS = {
    "report": Shot("/imports/1"),
    "labels": Shot("/imports/1/labels"),
    "repairs": Shot("/imports/1/repairs"),
    "pair": Shot("/imports/duplicates/1"),
    "row": Shot("row"),
    "letters": Shot("/authors-to-find/letters"),
}
COMING, STORY = Shot("/rescue"), Shot("/viewstory.php?sid=1&chapter=3", PHONE, "dark")


@contextlib.contextmanager
def served(home: Path, *words: str) -> Iterator[str]:
    """An archive that is open; its address."""
    with socket.socket() as opened:
        opened.bind(("127.0.0.1", 0))
        port = opened.getsockname()[1]
    process = subprocess.Popen(command("serve", *words, "--port", str(port)), env=environment(home))
    try:
        yield _opened(f"http://127.0.0.1:{port}", process)
    finally:
        process.terminate()
        process.wait(timeout=30)


def command(*words: str) -> list[str]:
    """`undying WORDS`."""
    return [sys.executable, "-m", "undying.cli", *words]


def environment(home: Path) -> dict[str, str]:
    """The same with a data folder of its own."""
    return {
        **os.environ,
        "UNDYING_HOME": str(home),
        "PYTHONPATH": str(ROOT),
        "UNDYING_BASE_URL": "https://undying.example",
    }


def rescue(home: Path) -> None:
    """A small site brought in, as docs/rescue.md tells, up to the announcement."""
    folder = backup(home / "backup")
    for words, given in (
        (("import", str(folder)), ""),
        (("user", "create", KEEPER, "--role", "archivist", "--password-file", "-"), PASSWORD),
        (("import", "duplicates"), ""),
        (("import", "announce", "1", "--name", "The Lighthouse Log", "--notice", "-"), NOTICE),
    ):
        run(home, *words, given=given)


def run(home: Path, *words: str, given: str = "") -> None:
    """`undying WORDS`, to its end."""
    subprocess.run(command(*words), input=given, env=environment(home), check=True, text=True)


def _opened(address: str, process: subprocess.Popen[bytes]) -> str:
    end = time.monotonic() + 60
    while process.poll() is None and time.monotonic() < end:
        with contextlib.suppress(OSError):
            urllib.request.urlopen(f"{address}/healthz", timeout=2).close()
            return address
        time.sleep(0.1)
    raise SystemExit("the archive does not open")


def story(address: str) -> str:
    """The path of a story that is good to look at."""
    wanted = f"{address}/works?work_search%5Bquery%5D=Nautilus"
    with urllib.request.urlopen(wanted, timeout=10) as answer:
        found = re.search(r"/works/(\d+)", answer.read().decode())
    assert found, "the demo archive has no story of the Nautilus"
    return found[1]


def signed_in(browser: Browser, address: str) -> StorageState:
    """What a browser keeps once the archivist has signed in."""
    context = browser.new_context(base_url=address)
    page = context.new_page()
    page.goto("/users/login")
    page.get_by_label("User name").fill(KEEPER)
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/")
    state = context.storage_state()
    context.close()
    return state


def row(browser: Browser, address: str, state: StorageState) -> str:
    """The path of a row that is good to look at: a review with its author's answer."""
    context = browser.new_context(base_url=address, storage_state=state)
    page = context.new_page()
    page.goto("/imports/1?container=fanfiction_reviews")
    path = page.locator("#entries tbody a").first.get_attribute("href")
    context.close()
    assert path, "the import has no review"
    return path


def shoot(browser: Browser, address: str, shot: Shot, state: StorageState | None = None) -> bytes:
    """One picture, once the fonts are there."""
    context = browser.new_context(
        base_url=address,
        viewport={"width": shot.size[0], "height": shot.size[1]},
        color_scheme=shot.scheme,
        reduced_motion="reduce",
        storage_state=state,
    )
    page = context.new_page()
    page.goto(shot.path)
    page.evaluate("document.fonts.ready.then(() => true)")
    page.wait_for_function(PICTURES_ARE_THERE)
    picture = page.screenshot()
    context.close()
    return picture


def small(picture: bytes) -> bytes:
    """The same with as few colours as it takes to stay light."""
    image = Image.open(io.BytesIO(picture)).convert("RGB")
    for colours in (256, 128, 64):
        out = io.BytesIO()
        image.quantize(colours, dither=Image.Dither.NONE).save(out, "PNG", optimize=True)
        if out.tell() < HEAVIEST:
            break
    return out.getvalue()


def keep(name: str, picture: bytes) -> None:
    """Put it where the documents look for it."""
    (PICTURES / f"{name}.png").write_bytes(small(picture))


def of_the_demo(browser: Browser) -> None:
    """The README's pictures."""
    with tempfile.TemporaryDirectory() as home, served(Path(home), "--demo") as address:
        for name, shot in SHOTS.items():
            path = shot.path.replace("story", f"/works/{story(address)}?view_adult=true")
            keep(name, shoot(browser, address, replace(shot, path=path)))


def of_a_rescue(browser: Browser) -> None:
    """Those of the guide to a rescue."""
    with tempfile.TemporaryDirectory() as home:
        rescue(Path(home))
        with served(Path(home)) as address:
            state = signed_in(browser, address)
            for name, shot in DESKS.items():
                path = shot.path.replace("row", row(browser, address, state))
                keep(f"rescue-{name}", shoot(browser, address, replace(shot, path=path), state))
            keep("rescue-coming", shoot(browser, address, COMING))
            run(Path(home), "import", "again", "1", "--repair", "efiction-entities", "--accept")
            run(Path(home), "import", "open", "1", "--reason", "All its authors said yes.")
            keep("rescue-story", shoot(browser, address, STORY))


def main() -> None:
    """Take them all."""
    browser = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))))
    PICTURES.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=browser, args=["--no-sandbox"])
        of_the_demo(chromium)
        of_a_rescue(chromium)
        chromium.close()


if __name__ == "__main__":
    main()
