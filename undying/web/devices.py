"""The device that somebody writes on, in two or three words: "Firefox on Linux"."""

from __future__ import annotations

_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("Chrome", "Chrome"),
    ("CriOS", "Chrome"),
    ("Chromium", "Chromium"),
    ("Safari", "Safari"),
)
"""The sign of each in what a browser says of itself; the first that is there counts, as they name each other."""
_PLACES = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "Mac"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)


def device(user_agent: str) -> str:
    """The browser and the system, as far as the browser says."""
    browser = next((name for sign, name in _BROWSERS if sign in user_agent), "another browser")
    place = next((name for sign, name in _PLACES if sign in user_agent), "")
    return f"{browser} on {place}" if place else browser
