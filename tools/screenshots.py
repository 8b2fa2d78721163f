"""The README's pictures: a real browser on a fresh demo archive, into docs/img/."""

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
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image
from playwright.sync_api import sync_playwright

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser

ROOT = Path(__file__).resolve().parent.parent
PICTURES = ROOT / "docs" / "img"
DESKTOP, PHONE = (1280, 860), (390, 844)
PICTURES_ARE_THERE = """() => [...document.images]
  .filter((image) => image.getBoundingClientRect().top < innerHeight)
  .every((image) => image.complete && image.naturalWidth > 0)"""
HEAVIEST = 250 * 1024
SHOTS = {
    "front": ("/", DESKTOP, "light"),
    "work": ("story#chapters", DESKTOP, "light"),
    "work-dark": ("story", PHONE, "dark"),
    "list": ("/works", DESKTOP, "light"),
}


@contextlib.contextmanager
def demo() -> Iterator[str]:
    """A demo archive that is open; its address."""
    with socket.socket() as opened:
        opened.bind(("127.0.0.1", 0))
        port = opened.getsockname()[1]
    with tempfile.TemporaryDirectory() as home:
        environment = {**os.environ, "UNDYING_HOME": home, "PYTHONPATH": str(ROOT)}
        command = [sys.executable, "-m", "undying.cli", "serve", "--demo", "--port", str(port)]
        process = subprocess.Popen(command, env=environment)
        try:
            yield _opened(f"http://127.0.0.1:{port}", process)
        finally:
            process.terminate()
            process.wait(timeout=30)


def _opened(address: str, process: subprocess.Popen[bytes]) -> str:
    end = time.monotonic() + 60
    while process.poll() is None and time.monotonic() < end:
        with contextlib.suppress(OSError):
            urllib.request.urlopen(f"{address}/healthz", timeout=2).close()
            return address
        time.sleep(0.1)
    raise SystemExit("the demo archive does not open")


def story(address: str) -> str:
    """The path of a story that is good to look at."""
    wanted = f"{address}/works?work_search%5Bquery%5D=Nautilus"
    with urllib.request.urlopen(wanted, timeout=10) as answer:
        found = re.search(r"/works/(\d+)", answer.read().decode())
    assert found, "the demo archive has no story of the Nautilus"
    return found[1]


def shoot(browser: Browser, address: str, path: str, size: tuple[int, int], scheme: str) -> bytes:
    """One picture, once the fonts are there."""
    page = browser.new_page(
        viewport={"width": size[0], "height": size[1]}, color_scheme=scheme, reduced_motion="reduce"
    )  # type: ignore[arg-type]  # one of the two words above
    page.goto(address + path)
    page.evaluate("document.fonts.ready.then(() => true)")
    page.wait_for_function(PICTURES_ARE_THERE)
    picture = page.screenshot()
    page.close()
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


def main() -> None:
    """Take them all."""
    browser = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))))
    PICTURES.mkdir(parents=True, exist_ok=True)
    with demo() as address, sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=browser, args=["--no-sandbox"])
        for name, (path, size, scheme) in SHOTS.items():
            where = path.replace("story", f"/works/{story(address)}?view_adult=true")
            (PICTURES / f"{name}.png").write_bytes(small(shoot(chromium, address, where, size, scheme)))
        chromium.close()


if __name__ == "__main__":
    main()
