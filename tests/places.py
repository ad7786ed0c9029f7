"""Starts real places: `siposyandu serve` in a process of its own, on a free port of this machine, to be killed or stopped."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import cycle
from pathlib import Path
from random import Random
from time import monotonic
from types import TracebackType
from typing import Self, TypeVar

import requests

from siposyandu import config
from siposyandu.config import Config
from siposyandu.instance import Instance

ADDRESS_WORD = "SIPosyandu: "
PATIENCE_S = 20
T = TypeVar("T")
_WORKER = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0")[2:]) % 12
_FIRST = Random().randrange(1000)
_PORTS = cycle(20_000 + 1000 * _WORKER + (_FIRST + number) % 1000 for number in range(1000))
"""Each worker of the tests has its own, below those that a system gives to whoever asks for any: while a place is down nobody
takes its port, and it comes back at the same address."""


def until(happened: Callable[[], bool], what: str) -> None:
    """Look again and again until something has happened; a minute that never comes is a failure."""
    deadline = monotonic() + PATIENCE_S
    while not happened():
        assert monotonic() < deadline, f"waited {PATIENCE_S} s in vain for {what}"


def free_port() -> int:
    """Return the number of a port at which nobody listens, at any address of this machine."""
    return next(port for port in _PORTS if _is_free(port))


def _is_free(port: int) -> bool:
    try:
        socket.create_server(("", port)).close()
    except OSError:
        return False
    return True


class Place:
    """A posyandu's laptop or the province: a folder, and a process while it runs."""

    passphrase = ""
    """Opens an encrypted place, here and at its start; without one it is started closed."""

    def __init__(self, folder: Path, *, area: str = "", upstream: str = "", encrypted: bool = False) -> None:
        self.folder = folder
        self.address = ""
        self._process: subprocess.Popen[str] | None = None
        config.save(
            Config(folder=folder, area=area, upstream=upstream, port=free_port(), encrypted=encrypted)
        )

    @classmethod
    def standing(cls, folder: Path) -> "Place":
        """A place that somebody else has founded."""
        found = cls.__new__(cls)
        found.folder, found.address, found._process = folder, "", None
        return found

    @property
    def instance(self) -> Instance:
        """The same place opened from here, to look into it or to keep it while it does not run."""
        found = Instance(config.load(self.folder))
        if self.passphrase:
            found.unlock(self.passphrase)
        return found

    @property
    def pid(self) -> int:
        """The number of its process."""
        assert self._process is not None
        return self._process.pid

    def belongs_to(self, area: str) -> None:
        """Say whose records live here; a laptop that joins the province is told."""
        config.save(replace(config.load(self.folder), area=area))

    def command(self) -> list[str]:
        """What its process is started with."""
        asked = ["--passphrase-stdin"] if self.passphrase else []
        return [sys.executable, "-m", "siposyandu", "serve", "--folder", str(self.folder), *asked]

    def start(self) -> Self:
        """Start it and wait until its pages can be opened."""
        with (self.folder / "serve.log").open("ab") as log:
            self._process = subprocess.Popen(
                self.command(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, text=True
            )
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        with self._process.stdin as said:
            said.write(f"{self.passphrase}\n")
        line = self._process.stdout.readline()
        if not line.startswith(ADDRESS_WORD):
            self.kill()
            raise AssertionError(f"{self.folder.name} does not start: {line}{self.log()}")
        self.address = line.removeprefix(ADDRESS_WORD).strip()
        return self

    def choose_address(self) -> None:
        """Choose a free port for a place that somebody else has founded."""
        config.save(replace(config.load(self.folder), port=free_port()))

    def stop(self) -> None:
        """Ask it to stop and wait until it has."""
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        """Take its power away."""
        self._end(signal.SIGKILL)

    def kill_while(self, act: Callable[[], T], moment: Callable[[], bool] | None = None) -> T | None:
        """Take its power away while `act` goes on; returns what `act` got, if anything.

        Without a `moment` it is the first byte that reaches the disk: a save's bytes go into the write-ahead file all
        together, just before they are made durable, and that is the middle of a save.
        """
        before = self._written()
        moment = moment or (lambda: self._written() != before)
        with ThreadPoolExecutor(1) as pool:
            acting = pool.submit(act)
            until(lambda: moment() or acting.done(), "the moment")
            self.kill()
            try:
                return acting.result()
            except requests.RequestException:
                return None

    def _written(self) -> tuple[int, int]:
        """How much was written to the write-ahead file, and when."""
        path = self.folder / "siposyandu.db-wal"
        state = path.stat() if path.exists() else None
        return (state.st_size, state.st_mtime_ns) if state else (0, 0)

    def _end(self, number: signal.Signals) -> None:
        process, self._process = self._process, None
        if process is not None:
            with process:
                process.send_signal(number)

    def log(self) -> str:
        """What it has written down so far."""
        return (self.folder / "serve.log").read_text("utf-8")

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
