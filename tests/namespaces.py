"""Machines of their own on this machine: Linux network namespaces, each with its own addresses, joined by a cable to one."""

import json
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.proxy import Link

ROOT = Path(__file__).parents[1]
NO_RIGHT = "no right to make network namespaces here: laptops with networks of their own are not tried"


def ip(*words: str) -> None:
    """Run `ip`."""
    subprocess.run(["ip", *words], check=True, capture_output=True)


@dataclass
class Machine:
    """A namespace; `address` is its own end of its cable to the province, `province` the other end."""

    name: str
    address: str = ""
    province: str = ""
    _running: list[subprocess.Popen[str]] = field(default_factory=list)

    def command(self, *words: str) -> list[str]:
        """Return the command that runs another one on this machine."""
        return ["ip", "netns", "exec", self.name, *words]

    def start(self, *words: str) -> subprocess.Popen[str]:
        """Start a program on this machine."""
        command = self.command(sys.executable, *words)
        process = subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self._running.append(process)
        return process

    def stop(self) -> None:
        """Stop everything that was started here."""
        for process in self._running:
            with process:
                process.terminate()


@dataclass
class Network:
    """A province and its laptops, each at the end of a cable."""

    province: Machine
    laptops: Sequence[Machine]

    def set_cables(self, state: str) -> None:
        """Pull all cables out ("down") or put them back ("up")."""
        for number, _ in enumerate(self.laptops):
            ip("-n", self.province.name, "link", "set", f"cable{number}", state)


@contextmanager
def network(laptops: int) -> Iterator[Network]:
    """Make the machines and their cables; skipped where that is not allowed."""
    names = [f"siposyandu-{os.getpid()}-{name}" for name in ("province", *map(str, range(laptops)))]
    made = []
    try:
        for name in names:
            _may_make(name)
            made.append(name)
            ip("-n", name, "link", "set", "lo", "up")
        province = Machine(names[0])
        others = [_joined(province, name, number) for number, name in enumerate(names[1:])]
        yield Network(province, others)
        for machine in (province, *others):
            machine.stop()
    finally:
        for name in made:
            ip("netns", "delete", name)


def _may_make(name: str) -> None:
    allowed = shutil.which("ip") and os.geteuid() == 0
    if not allowed or subprocess.run(["ip", "netns", "add", name], capture_output=True).returncode:
        pytest.skip(NO_RIGHT)


def _joined(province: Machine, name: str, number: int) -> Machine:
    cable = f"cable{number}"
    ip("-n", province.name, "link", "add", cable, "type", "veth", "peer", "name", "cable", "netns", name)
    machine = Machine(name, address=f"10.77.{number}.2", province=f"10.77.{number}.1")
    for owner, end, address in ((province.name, cable, machine.province), (name, "cable", machine.address)):
        ip("-n", owner, "address", "add", f"{address}/30", "dev", end)
        ip("-n", owner, "link", "set", end, "up")
    return machine


class Breaker:
    """Pulls the cables of a network out for a second, every so many seconds."""

    OUT_S = 1.0

    def __init__(self, broken: Network, every_s: float) -> None:
        self._network, self._every_s = broken, every_s
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._work)
        self.times = 0

    def __enter__(self) -> "Breaker":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopped.set()
        self._thread.join()

    def _work(self) -> None:
        while not self._stopped.wait(self._every_s - self.OUT_S):
            self._network.set_cables("down")
            self._stopped.wait(self.OUT_S)
            self._network.set_cables("up")
            self.times += 1


def start_proxy(machine: Machine, own_port: int, port: int, link: Link) -> subprocess.Popen[str]:
    """Run a proxy on a machine, before a port of its own; it says what it counted when it is told to."""
    process = machine.start("-m", "tests.proxy", str(own_port), str(port), json.dumps(asdict(link)))
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


def counted(proxy: subprocess.Popen[str]) -> dict[str, Any]:
    """Ask a proxy what it has counted."""
    assert proxy.stdin is not None
    assert proxy.stdout is not None
    proxy.stdin.write("count\n")
    proxy.stdin.flush()
    return dict(json.loads(proxy.stdout.readline()))
