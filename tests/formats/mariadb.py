"""A MariaDB of the tests' own: a folder that is gone afterwards, a socket in it, no port."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

SERVER = shutil.which("mariadbd") or "/usr/sbin/mariadbd"
IS_THERE = Path(SERVER).exists() and shutil.which("mariadb-dump") is not None
_LONGEST_START = 60


class MariaDb:
    """One private server with one database, `old`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.socket = folder / "socket"

    def serve(self) -> subprocess.Popen[bytes]:
        """Make an empty server and wait until it answers."""
        data = self.folder / "data"
        options = [f"--datadir={data}", *(["--user=root"] if os.geteuid() == 0 else [])]
        subprocess.run(
            ["mariadb-install-db", "--no-defaults", "--auth-root-authentication-method=normal", *options],
            check=True,
            capture_output=True,
        )  # fmt: skip
        with (self.folder / "log").open("wb") as log:
            server = subprocess.Popen(
                [SERVER, "--no-defaults", "--skip-networking", f"--socket={self.socket}", *options,
                 "--sql-mode=", "--innodb-flush-log-at-trx-commit=0", f"--pid-file={self.folder}/pid"],
                stdout=log, stderr=log,
            )  # fmt: skip
        deadline = time.monotonic() + _LONGEST_START
        while not self.socket.exists():
            assert server.poll() is None, (self.folder / "log").read_text()
            assert time.monotonic() < deadline, "MariaDB does not start"
            time.sleep(0.1)
        return server

    def run(self, sql: bytes) -> None:
        """Load a dump into a fresh database."""
        fresh = b"DROP DATABASE IF EXISTS old; CREATE DATABASE old CHARACTER SET utf8mb4; USE old;\n"
        client = ["mariadb", "--no-defaults", f"--socket={self.socket}", "--user=root", "--binary-mode"]
        subprocess.run([*client, "--default-character-set=utf8mb4"], input=fresh + sql, check=True, capture_output=True)

    def dump(self, *options: str) -> bytes:
        """What mariadb-dump writes."""
        command = ["mariadb-dump", "--no-defaults", f"--socket={self.socket}", "--user=root", *options, "old"]
        return subprocess.run(command, check=True, capture_output=True).stdout

    def query(self, *options: str, sql: str) -> bytes:
        """What the client prints."""
        command = ["mariadb", "--no-defaults", f"--socket={self.socket}", "--user=root", *options, "old"]
        return subprocess.run(command, input=sql.encode(), check=True, capture_output=True).stdout


def running() -> Iterator[MariaDb]:
    """A server for the time of a test module."""
    # The path of a socket may be no longer than some hundred bytes.
    folder = Path(tempfile.mkdtemp(prefix="mariadb-"))
    mariadb = MariaDb(folder)
    server = mariadb.serve()
    try:
        yield mariadb
    finally:
        server.terminate()
        try:
            server.wait(20)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()
        shutil.rmtree(folder, ignore_errors=True)
