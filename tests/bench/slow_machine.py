"""A slow machine on a fast one: a place whose process gets half a core, a cold slow disk and no more than 2 GB of addresses.

The half core is a control group (cgroup v1, cpu.cfs_quota_us, five of every ten milliseconds) where one may be made; elsewhere
the process is stopped and let go by turns. Reading from the disk is bound by blkio.throttle where that can be written; every
fsync takes 15 ms longer by a small library (slow_disk.c), as on a disk of 5,400 turns a minute. What is not there is said.
"""

import compileall
import os
import shutil
import signal
import subprocess
import sysconfig
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Thread

import siposyandu
from tests.places import Place

GROUPS = Path("/sys/fs/cgroup")
PERIOD_US, PART = 10_000, 0.5
SYNC_MS = 15
READS_A_SECOND, READ_BYTES_A_SECOND = 120, 60_000_000
MEMORY_BYTES = 2 * 1024**3
BEFORE_OTHERS = "8192"  # shares: other programs on this machine may not take the half core away
ROOT = Path(siposyandu.__file__).parents[1]
OURS = ("siposyandu", "sync", "forms")
CODE = (
    *(ROOT / name for name in OURS),
    Path(sysconfig.get_path("purelib")),
    Path(sysconfig.get_path("stdlib")),
)


@dataclass
class SlowMachine:
    """What holds a process back, and in words how."""

    groups: list[Path] = field(default_factory=list)
    library: Path | None = None
    without: Path = Path()
    """A folder whose modules say that they are not installed."""
    said: list[str] = field(default_factory=list)

    @property
    def duty(self) -> bool:
        """Whether processes must be stopped by turns, for want of a control group."""
        return not any(group.parent.name == "cpu" for group in self.groups)


class SlowPlace(Place):
    """A place that runs on a slow machine."""

    def __init__(self, folder: Path, machine: SlowMachine) -> None:
        self.folder, self.address, self._process, self.machine = folder, "", None, machine
        self._turning: Event | None = None

    @property
    def cache(self) -> Path:
        """The cache folder of who runs it, on the same slow disk."""
        return self.folder / "cache"

    def command(self) -> list[str]:
        """Go into the groups, take the limits on, then be the program."""
        enter = "".join(f"echo $$ > {group}/cgroup.procs; " for group in self.machine.groups)
        slow = ["-u", "PYTHONDONTWRITEBYTECODE"]  # set where programs are tried, not where they are used
        slow += [f"PYTHONPATH={self.machine.without}:{ROOT}", f"XDG_CACHE_HOME={self.cache}"]
        if self.machine.library:
            slow += [f"LD_PRELOAD={self.machine.library}", f"SLOW_DISK_MS={SYNC_MS}"]
        held = ["prlimit", f"--as={MEMORY_BYTES}"] if shutil.which("prlimit") else []
        return ["sh", "-c", f'{enter}exec "$@"', "sh", "env", *slow, *held, *super().command()]

    def start(self) -> "SlowPlace":
        """Start it; without a group its process runs every other moment from the moment it can be opened."""
        super().start()
        if self.machine.duty:
            self._turning = Event()
            Thread(target=_by_turns, args=(self.pid, self._turning), daemon=True).start()
        return self

    def _end(self, number: signal.Signals) -> None:
        if self._turning:
            self._turning.set()
            with suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGCONT)
        super()._end(number)


@contextmanager
def slow_machine(folder: Path) -> Iterator[SlowMachine]:
    """Make what this machine allows of it; its groups are taken away afterwards."""
    machine = SlowMachine()
    with ExitStack() as leaving:
        _half_a_core(machine, leaving)
        _look_undisturbed(leaving)
        _slow_reading(machine, leaving, folder)
        _compile_program()
        machine.library, machine.without = _compiled(folder), _without(folder)
        machine.said.append(
            f"every fsync {SYNC_MS} ms longer" if machine.library else "slow fsync not emulated: no compiler"
        )
        machine.said.append("addresses bound to 2 GB" if shutil.which("prlimit") else "memory not bound")
        yield machine


def _half_a_core(machine: SlowMachine, leaving: ExitStack) -> None:
    limits = {
        "cpu.cfs_period_us": str(PERIOD_US),
        "cpu.cfs_quota_us": str(int(PERIOD_US * PART)),
        "cpu.shares": BEFORE_OTHERS,
    }
    made = _group("cpu", limits, leaving)
    machine.groups += made
    how = "a control group" if made else "stopping it by turns, from its first page on"
    machine.said.append(f"half of one core by {how}")


def _look_undisturbed(leaving: ExitStack) -> None:
    """Let this process, which measures, come before other programs of this machine: its waiting is not the laptop's."""
    group = GROUPS / "cpu" / f"siposyandu-looking-{os.getpid()}"
    with suppress(OSError):
        before = (GROUPS / "cpu") / _own_group().lstrip("/") / "cgroup.procs"
        group.mkdir()
        leaving.callback(group.rmdir)
        (group / "cpu.shares").write_text(BEFORE_OTHERS, "ascii")
        (group / "cgroup.procs").write_text(str(os.getpid()), "ascii")
        leaving.callback(before.write_text, str(os.getpid()), "ascii")


def _own_group() -> str:
    lines = Path("/proc/self/cgroup").read_text("ascii").splitlines()
    return next(
        path for _, kinds, path in (line.split(":", 2) for line in lines) if "cpu" in kinds.split(",")
    )


def _slow_reading(machine: SlowMachine, leaving: ExitStack, folder: Path) -> None:
    number = os.stat(folder).st_dev
    disk = f"{os.major(number)}:{os.minor(number)}"
    limits = {
        "blkio.throttle.read_iops_device": f"{disk} {READS_A_SECOND}",
        "blkio.throttle.read_bps_device": f"{disk} {READ_BYTES_A_SECOND}",
    }
    made = _group("blkio", limits, leaving)
    machine.groups += made
    machine.said.append(
        f"{READS_A_SECOND} reads a second from the disk" if made else "slow reading not emulated"
    )


def _group(kind: str, limits: dict[str, str], leaving: ExitStack) -> list[Path]:
    """Make a control group with limits; none where that is not allowed."""
    group = GROUPS / kind / f"siposyandu-bench-{os.getpid()}"
    try:
        group.mkdir()
        leaving.callback(group.rmdir)
        for name, value in limits.items():
            (group / name).write_text(value, "ascii")
    except OSError:
        return []
    return [group]


def _compiled(folder: Path) -> Path | None:
    compiler = shutil.which("cc") or shutil.which("gcc")
    if compiler is None:
        return None
    source, library = Path(__file__).with_name("slow_disk.c"), folder / "slow_disk.so"
    subprocess.run([compiler, "-O1", "-shared", "-fPIC", "-o", library, source, "-ldl"], check=True)
    return library


def _compile_program() -> None:
    """Write the byte code of the program's own modules, as an installation does; without it each start would compile them."""
    for name in OURS:
        compileall.compile_dir(ROOT / name, quiet=2)


def _without(folder: Path) -> Path:
    """Hide what only a server has: a laptop's installation has no numpy, and sqlite-utils loads it where it is found."""
    hiding = folder / "not_installed"
    hiding.mkdir()
    (hiding / "numpy.py").write_text("raise ImportError('not on a laptop')\n", "ascii")
    return hiding


def _by_turns(pid: int, done: Event) -> None:
    turn_s = PERIOD_US / 1e6 * PART
    with suppress(ProcessLookupError):
        while True:
            os.kill(pid, signal.SIGSTOP)
            done.wait(turn_s)
            os.kill(pid, signal.SIGCONT)
            if done.wait(turn_s):
                return


def forget_files(*folders: Path) -> int:
    """Let the machine forget what it holds in memory of the program's files and a place's, as after a night switched off."""
    forgotten = 0
    for path in (each for folder in (*CODE, *folders) for each in folder.rglob("*") if each.is_file()):
        with suppress(OSError):
            opened = os.open(path, os.O_RDONLY)
            os.posix_fadvise(opened, 0, 0, os.POSIX_FADV_DONTNEED)
            os.close(opened)
            forgotten += 1
    return forgotten
