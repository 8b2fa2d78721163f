"""A window of bytes that slides over a file: grows at its end, is let go of at its start."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import re
    from collections.abc import Callable


_LARGEST_STEP = 16 * 1024 * 1024


class OutOfBytes(Exception):
    """The file ends in the middle of something; the message says of what."""


class Window:
    """`buffer[start:]` is what has been read and not yet consumed; only `grow` moves bytes."""

    def __init__(self, read: Callable[[int], bytes], chunk: int) -> None:
        self._read = read
        self._chunk = chunk
        self._before = 0
        self._lines = 1
        self.buffer = b""
        self.start = 0
        self.ended = False

    @property
    def end(self) -> int:
        """Where the buffer ends."""
        return len(self.buffer)

    @property
    def length(self) -> int:
        """How many bytes are read and not consumed."""
        return len(self.buffer) - self.start

    @property
    def position(self) -> int:
        """How many bytes of the file are consumed."""
        return self._before + self.start

    @property
    def far(self) -> int:
        """How many bytes of the file have been read, consumed or not."""
        return self._before + len(self.buffer)

    def position_of(self, index: int) -> int:
        """Where in the file the byte stands that is in the buffer at `index`."""
        return self._before + index

    @property
    def line(self) -> int:
        """The line, counted from 1, that the next byte stands in."""
        return self._lines + self.buffer.count(b"\n", 0, self.start)

    def grow(self) -> bool:
        """Let go of what is consumed and read on; False at the end of the file.

        What is kept doubles, up to a point, so that a long row is scanned a handful of times and not once a chunk.
        """
        more = b"" if self.ended else self._read(max(self._chunk, min(self.length, _LARGEST_STEP)))
        self.ended = not more
        self._lines += self.buffer.count(b"\n", 0, self.start)
        self._before += self.start
        self.buffer = self.buffer[self.start :] + more
        self.start = 0
        return bool(more)

    def has(self, count: int) -> bool:
        """Whether so many bytes are there without growing."""
        return self.length >= count

    def startswith(self, prefix: bytes | tuple[bytes, ...]) -> bool:
        """Whether the next bytes are these."""
        return self.buffer.startswith(prefix, self.start)

    def peek(self, pattern: re.Pattern[bytes]) -> bytes:
        """What the pattern matches here, unconsumed."""
        match = pattern.match(self.buffer, self.start)
        return match[0] if match else b""

    def take(self, pattern: re.Pattern[bytes]) -> bool:
        """Consume what the pattern matches inside the window; whether that was anything."""
        match = pattern.match(self.buffer, self.start)
        if match is None or match.end() == self.start:
            return False
        self.start = match.end()
        return True

    def match(self, pattern: re.Pattern[bytes], largest: int) -> re.Match[bytes] | None:
        """The pattern here, with the window grown as far as `largest` bytes to find it."""
        while True:
            match = pattern.match(self.buffer, self.start)
            if match and match.end() < self.end:
                return match
            if self.length > largest or not self.grow():
                return pattern.match(self.buffer, self.start)

    def skip_past(self, mark: bytes, why: str) -> None:
        """Consume everything up to and with the mark, holding no more than a chunk; raises OutOfBytes(why)."""
        while (found := self.buffer.find(mark, self.start)) < 0:
            self.start = max(self.start, self.end - len(mark) + 1)
            if not self.grow():
                raise OutOfBytes(why)
        self.start = found + len(mark)

    def skip_line(self) -> bool:
        """Consume the rest of the line; False when the file ends in it."""
        try:
            self.skip_past(b"\n", "")
        except OutOfBytes:
            self.start = self.end
            return False
        return True
