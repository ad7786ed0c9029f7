"""Measure in how many of how many seeds each planted bug is caught, and record a few seeds that catch it.

    python -m tests.planted [--seeds N] [--out FILE] [bug ...]

Goes on up to 2,000 seeds with a bug that was not caught in the first N. Writes tests/data/planted.json.
"""

import argparse
import json
import logging
import sys
from pathlib import Path

from siposyandu.cli.simulating import MEMORY
from sync.simulate import runs
from tests import planted

RECORDED = Path(__file__).parents[1] / "data/planted.json"
MOST = 2000
KEPT = 3  # seeds recorded for a bug


def measured(bug: str, seeds: int) -> dict[str, object]:
    """Return in how many seeds a bug is caught, by which invariants, and the first few seeds."""
    caught: list[int] = []
    rules: set[str] = set()
    seed = 0
    with planted.with_bug(bug):
        while seed < seeds or (not caught and seed < MOST):
            seed += 1
            found = runs.season(seed, MEMORY).oracle.violations
            if found:
                caught.append(seed)
                rules.update(said.split()[0] for said in found)
    return {"seeds": seed, "caught": len(caught), "rules": sorted(rules), "recorded": caught[:KEPT]}


def main() -> None:
    """Measure, and keep what was measured."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--out", type=Path, default=RECORDED)
    parser.add_argument("bugs", nargs="*")
    asked = parser.parse_args()
    logging.disable(logging.CRITICAL)
    names = asked.bugs or planted.every()
    known = json.loads(asked.out.read_text()) if asked.out.exists() else {}
    for bug in names:
        known[bug] = measured(bug, asked.seeds)
        sys.stdout.write(f"{bug} {known[bug]}\n")
        sys.stdout.flush()
        asked.out.write_text(json.dumps(dict(sorted(known.items())), indent=1) + "\n")


if __name__ == "__main__":
    main()
