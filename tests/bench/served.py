"""The province's program in processes of its own: its own waitress, or gunicorn behind nginx; what they cost."""

import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

from siposyandu import config
from tests.places import Place, until

TICKS_A_SECOND = os.sysconf("SC_CLK_TCK")
WORKERS, THREADS = 2, 4
QUIET_S = 1


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

    def come_to_rest(self) -> None:
        """Wait until the jobs of its start are done: a province looks through all its visits, which is no batch's cost."""
        used, since = self.cpu_s, monotonic()

        def rested() -> bool:
            nonlocal used, since
            now = self.cpu_s
            used, since = (now, monotonic()) if now > used else (used, since)
            return monotonic() - since > QUIET_S

        until(rested, f"{self.name} to come to rest")

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
    """Serve a province on PostgreSQL as its service file does, by two processes of four threads each."""
    port = _free_port()
    command = [
        sys.executable, "-m", "gunicorn", "siposyandu.wsgi:province()", "--preload", "--bind", f"127.0.0.1:{port}",
        "--workers", str(WORKERS), "--worker-class", "gthread", "--threads", str(THREADS), "--keep-alive", "120",
        "--log-level", "error",
    ]  # fmt: skip
    with (
        (folder / "serve.log").open("ab") as log,
        subprocess.Popen(
            command, env={**os.environ, "SIPOSYANDU_FOLDER": str(folder)}, stderr=log
        ) as process,
    ):
        try:
            until(lambda: _listens(port) and len(_family(process.pid)) == 1 + WORKERS, "gunicorn")
            yield Served(f"gunicorn, {WORKERS} processes", port, process.pid)
        finally:
            process.send_signal(signal.SIGTERM)


def has_nginx() -> bool:
    """Whether nginx is here to stand before gunicorn."""
    return shutil.which("nginx") is not None


@contextmanager
def gunicorn_behind_nginx(folder: Path) -> Iterator[Served]:
    """Serve the same behind nginx, which reads a slow request whole before it takes a thread (deploy/nginx.conf)."""
    port, front = _free_port(), folder / "front"
    front.mkdir()
    with gunicorn(folder) as behind:
        settings = NGINX.format(front=front, port=port, behind=behind.port)
        (front / "nginx.conf").write_text(settings, "utf-8")
        command = ["nginx", "-c", str(front / "nginx.conf"), "-p", str(front), "-e", str(front / "error.log")]
        with subprocess.Popen(command) as process:
            try:
                until(lambda: _listens(port), "nginx")
                yield Served(f"{behind.name}, behind nginx", port, behind.pid)
            finally:
                process.send_signal(signal.SIGTERM)


NGINX = """
daemon off;
pid {front}/nginx.pid;
events {{ worker_connections 4096; }}
http {{
    access_log off;
    client_body_temp_path {front}/body;
    proxy_temp_path {front}/proxy;
    fastcgi_temp_path {front}/fastcgi;
    uwsgi_temp_path {front}/uwsgi;
    scgi_temp_path {front}/scgi;
    keepalive_timeout 110s;
    client_header_timeout 60s;
    client_body_timeout 120s;
    upstream siposyandu {{ server 127.0.0.1:{behind}; keepalive 8; }}
    server {{
        listen 127.0.0.1:{port} backlog=2048;
        location / {{
            proxy_pass http://siposyandu;
            proxy_http_version 1.1;
            proxy_set_header Connection "";
            proxy_set_header Host $http_host;
            proxy_request_buffering on;
            proxy_buffering on;
            proxy_read_timeout 120s;
        }}
    }}
}}
"""


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
