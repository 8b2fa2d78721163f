"""The threads of the web server, each of which says goodbye to its own reader.

gunicorn 27 waits in its one loop, for up to two seconds a connection, until a reader who was told that it is over has
closed it too: one who does not, out of slowness or malice, holds up everybody. Here her thread waits (decision 37).
"""

from __future__ import annotations

import contextlib
import socket
import time
from typing import Any

from gunicorn.workers.gthread import ThreadWorker

LINGER = 2.0
"""Seconds."""
MOST_DRAINED = 64 * 1024
"""Bytes."""


class Threads(ThreadWorker):  # type: ignore[misc]  # gunicorn ships no types
    """gunicorn's worker, whose loop never waits for a reader."""

    def handle(self, conn: Any) -> Any:
        """Answer one request; True, or gunicorn's own mark, when the connection goes on."""
        goes_on = super().handle(conn)
        if goes_on is False:
            linger(conn.sock)
        return goes_on


def linger(connection: socket.socket, seconds: float = LINGER) -> None:
    """End the connection as RFC 9112 §9.6 has it: nothing more is sent, and what still comes is taken for a while.

    Whoever closes it then has nothing to wait for.
    """
    end, taken = time.monotonic() + seconds, 0
    with contextlib.suppress(OSError):
        connection.shutdown(socket.SHUT_WR)
        while taken < MOST_DRAINED and (left := end - time.monotonic()) > 0:
            connection.settimeout(left)
            if not (data := connection.recv(4096)):
                break
            taken += len(data)
    with contextlib.suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)
