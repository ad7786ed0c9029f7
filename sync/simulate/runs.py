"""Runs: many seeds, on several processors, with a result file that a later run continues without repeating.

The result file has a line of JSON for each stretch of seeds that is done: the seeds, how many edits, exchanges and faults
of which kind, what was violated where, and a fingerprint of the code that ran. A stretch done with the same code is never
run again; a stretch is written only when all of it is done, so a run may be stopped at any moment.
"""

import json
import logging
import multiprocessing
import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

import sync
from sync.simulate.disk import Disk
from sync.simulate.season import Season

STRETCH = 50  # seeds in a line of the result file


@dataclass
class Tally:
    """What a stretch of seeds came to. `violations` are [seed, sentence] pairs."""

    first: int
    last: int
    code: str
    edits: int = 0
    exchanges: int = 0
    faults: dict[str, int] = field(default_factory=dict)
    violations: list[tuple[int, str]] = field(default_factory=list)

    @property
    def seeds(self) -> int:
        """How many seeds it is about."""
        return self.last - self.first + 1


def code() -> str:
    """Return a fingerprint of the code that runs here: of all files of the package, by name and content."""
    folder = Path(sync.__file__).parent
    whole = sha256()
    for path in sorted(folder.rglob("*.py")):
        whole.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return whole.hexdigest()[:12]


def season(seed: int, disk: Disk, say: Callable[[str], None] | None = None) -> Season:
    """Return one season, run until it is at rest; an error of the code itself is a violation too."""
    one = Season(seed, disk, say)
    try:
        one.run()
    except Exception as error:
        logging.getLogger(__name__).debug("seed %s", seed, exc_info=True)
        one.oracle.require("I11", False, f"{type(error).__name__}: {error}")
        if say:
            raise
    return one


def tallied(first: int, last: int, disk: Disk, version: str) -> Tally:
    """Return what a stretch of seeds comes to."""
    tally, faults = Tally(first, last, version), Counter[str]()
    for seed in range(first, last + 1):
        one = season(seed, disk)
        tally.edits += len(one.oracle.typed)
        tally.exchanges += one.exchanges
        faults.update(one.oracle.faults)
        tally.violations += [(seed, said) for said in dict.fromkeys(one.oracle.violations)]
    tally.faults = dict(sorted(faults.items()))
    return tally


def kept(path: Path | None) -> list[Tally]:
    """Return what a result file says; a line that was cut short by a crash counts for nothing."""
    if path is None or not path.exists():
        return []
    found = []
    for line in path.read_text("utf-8").splitlines():
        with suppress(ValueError, TypeError):
            found.append(Tally(**json.loads(line)))
    return found


def stretches(first: int, last: int, done: Iterable[Tally], version: str) -> Iterator[tuple[int, int]]:
    """Yield the stretches of seeds that were not run yet with this code."""
    there = {seed for tally in done if tally.code == version for seed in range(tally.first, tally.last + 1)}
    start = first
    while start <= last:
        end = start
        while end not in there and end < min(last, start + STRETCH - 1) and end + 1 not in there:
            end += 1
        if end not in there:
            yield start, end
        start = end + 1


def run(seeds: tuple[int, int], disk: Disk, out: Path | None, jobs: int) -> Iterator[Tally]:
    """Run what a range of seeds still lacks; yield what each stretch comes to, when it is done and written down."""
    version, done = code(), kept(out)
    asked = [(*stretch, disk, version) for stretch in stretches(*seeds, done, version)]
    for tally in _tallies(asked, jobs):
        if out is not None:
            with out.open("a", encoding="utf-8") as file:
                file.write(json.dumps(asdict(tally)) + "\n")
                file.flush()
                os.fsync(file.fileno())
        yield tally


def _tallies(asked: list[Any], jobs: int) -> Iterator[Tally]:
    if jobs <= 1:
        yield from (_one(each) for each in asked)
        return
    with multiprocessing.get_context("spawn").Pool(jobs) as pool:
        yield from pool.imap_unordered(_one, asked)


def _one(asked: tuple[int, int, Disk, str]) -> Tally:
    logging.disable(logging.ERROR)  # what the code says of each refusal would be millions of lines
    return tallied(*asked)


def summed(tallies: Iterable[Tally]) -> Tally:
    """Return what several stretches come to together; `first` and `last` then only say how many seeds."""
    whole, faults = Tally(1, 0, ""), Counter[str]()
    for tally in tallies:
        whole.last += tally.seeds
        whole.edits += tally.edits
        whole.exchanges += tally.exchanges
        whole.violations += tally.violations
        faults.update(tally.faults)
    whole.faults = dict(sorted(faults.items()))
    return whole
