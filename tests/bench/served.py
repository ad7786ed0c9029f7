"""The province's program in processes of its own: its own waitress, or gunicorn with two workers; what they cost."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

from flask import Flask

from siposyandu import config
from siposyandu.app import create_app
from siposyandu.instance import Instance
from tests.places import Place, until

TICKS_A_SECOND = os.sysconf("SC_CLK_TCK")
WORKERS, THREADS = 2, 4


@dataclass(frozen=True)
class Served:
    """A running server: its name in the tables, its port and its first process."""

    name: str
    port: int
    pid: int

    @property
    def cpu_s(self) -> float:
        """Processor seconds of its processes so far."""
        return sum(_cpu_s(pid) for pid in _family(self.pid))

    @property
    def memory_mb(self) -> float:
        """Memory that its processes hold at present, in MB of a million bytes; pages they share count in each."""
        return sum(_field_kb(pid, "VmRSS") for pid in _family(self.pid)) * 1024 / 1e6

    @property
    def most_memory_mb(self) -> float:
        """The most that its processes held."""
        return sum(_field_kb(pid, "VmHWM") for pid in _family(self.pid)) * 1024 / 1e6


Server = Callable[[Path], AbstractContextManager[Served]]


@contextmanager
def waitress(folder: Path) -> Iterator[Served]:
    """Serve a place as `siposyandu serve` does."""
    place = Place(folder, area=config.load(folder).area)
    with place:
        yield Served("waitress, as `siposyandu serve`", int(place.address.rpartition(":")[2]), place.pid)


@contextmanager
def gunicorn(folder: Path) -> Iterator[Served]:
    """Serve a place by gunicorn: two processes of four threads each."""
    port = _free_port()
    command = [
        sys.executable, "-m", "gunicorn", f"{__name__}:application({str(folder)!r})", "--bind", f"127.0.0.1:{port}",
        "--workers", str(WORKERS), "--threads", str(THREADS), "--keep-alive", "120", "--log-level", "error",
    ]  # fmt: skip
    with subprocess.Popen(command, cwd=Path(__file__).parents[2]) as process:
        try:
            until(lambda: _listens(port) and len(_family(process.pid)) == 1 + WORKERS, "gunicorn")
            yield Served(f"gunicorn, {WORKERS} processes", port, process.pid)
        finally:
            process.send_signal(signal.SIGTERM)


def application(folder: str) -> Flask:
    """Return the application that gunicorn serves."""
    return create_app(Instance(config.load(Path(folder))))


def _family(pid: int) -> list[int]:
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text("ascii").split()
    return [pid, *(grandchild for child in children for grandchild in _family(int(child)))]


def _cpu_s(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS_A_SECOND


def _field_kb(pid: int, name: str) -> int:
    lines = Path(f"/proc/{pid}/status").read_text("ascii").splitlines()
    return int(next(line.split()[1] for line in lines if line.startswith(f"{name}:")))


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


def _listens(port: int) -> bool:
    with socket.socket() as asking:
        return asking.connect_ex(("127.0.0.1", port)) == 0
