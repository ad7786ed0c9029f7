"""Folds the simulator's result file into few lines, and writes the tables of RESULTS.md from it.

`siposyandu simulate --seeds 1..100000 --out sync/simulate/storm.jsonl` goes on where an earlier run stopped, on whatever machine
that was; `python deploy/storm.py` afterwards puts stretches that follow on each other into one line, so that the file stays
small enough to be kept here. Run it while no storm writes. What other states of the code ran stays as it is. It also writes the
table of the planted bugs, from what `python -m tests.planted` measured.
"""

import json
import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from itertools import groupby, pairwise
from pathlib import Path
from typing import Any

from sync.simulate import runs
from sync.simulate.runs import Tally

FOLDER = Path(runs.__file__).parent
FILE, RESULTS = FOLDER / "storm.jsonl", FOLDER / "RESULTS.md"
PLACE = re.compile(r"(<!-- the storm, by deploy/storm.py -->\n).*?(<!-- end of the storm -->)", re.DOTALL)
BUGS = Path(__file__).parents[1] / "tests/data/planted.json"
PLACE_OF_BUGS = re.compile(
    r"(<!-- planted bugs, by deploy/storm.py -->\n).*?(<!-- end of planted bugs -->)", re.DOTALL
)


def folded(tallies: Iterable[Tally]) -> list[Tally]:
    """Return the same seeds in as few lines as possible. ValueError when a seed was counted twice with the same code."""
    ordered = sorted(tallies, key=lambda each: (each.code, each.first))
    lines = [
        _one(run)
        for _code, same in groupby(ordered, lambda each: each.code)
        for run in _following(list(same))
    ]
    return sorted(lines, key=lambda each: (each.code, each.first))


def _following(tallies: Sequence[Tally]) -> list[list[Tally]]:
    rows: list[list[Tally]] = [[tallies[0]]]
    for before, each in pairwise(tallies):
        if each.first <= before.last:
            raise ValueError(f"seeds {each.first} to {before.last} of {each.code} were counted twice")
        if each.first == before.last + 1:
            rows[-1].append(each)
        else:
            rows.append([each])
    return rows


def _one(tallies: Sequence[Tally]) -> Tally:
    whole = runs.summed(tallies)
    whole.first, whole.last, whole.code = tallies[0].first, tallies[-1].last, tallies[0].code
    return whole


def tables(tallies: Sequence[Tally], code: str) -> str:
    """Return what each state of the code ran, the present one last, and the faults of all by kind."""
    others = sorted({each.code for each in tallies} - {code})
    rows = "".join(_row(tallies, each, "") for each in others) + _row(tallies, code, ", the present code")
    faults = "".join(f"| {kind} | {often:,} |\n" for kind, often in runs.summed(tallies).faults.items())
    return (
        "| code | seeds | edits typed | exchanges | faults | seeds with a violation |\n|---|---|---|---|---|---|\n"
        f"{rows}\n| fault | how often |\n|---|---|\n{faults}"
    )


def _row(tallies: Iterable[Tally], code: str, said: str) -> str:
    whole = runs.summed(each for each in tallies if each.code == code)
    bad = len({seed for seed, _said in whole.violations})
    counted = (whole.seeds, whole.edits, whole.exchanges, sum(whole.faults.values()), bad)
    return f"| `{code}`{said} | {' | '.join(f'{number:,}' for number in counted)} |\n"


def table_of_bugs(measured: Mapping[str, Mapping[str, Any]]) -> str:
    """Return in how many of how many seeds each planted bug was caught, and by which invariants."""
    rows = [
        f"| {bug.replace('_', ' ')} | {said['caught']} | {said['seeds']:,} | {', '.join(said['rules'])} |\n"
        for bug, said in sorted(measured.items())
    ]
    return "| bug | caught in | of seeds | by |\n|---|---|---|---|\n" + "".join(rows)


def main() -> None:
    """Fold the file, write the tables; say what stands in them."""
    lines = folded(runs.kept(FILE))
    FILE.write_text("".join(json.dumps(asdict(each)) + "\n" for each in lines), "utf-8")
    shown, text = tables(lines, runs.code()), RESULTS.read_text("utf-8")
    text = PLACE.sub(lambda found: f"{found[1]}\n{shown}\n{found[2]}", text)
    bugs = table_of_bugs(json.loads(BUGS.read_text("utf-8")))
    text = PLACE_OF_BUGS.sub(lambda found: f"{found[1]}\n{bugs}\n{found[2]}", text)
    RESULTS.write_text(text, "utf-8")
    sys.stdout.write(shown)


if __name__ == "__main__":
    main()
