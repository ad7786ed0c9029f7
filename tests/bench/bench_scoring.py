"""How many children a second are scored: one at a time, through the advice, and row by row in a file.

Run `python tests/bench/bench_scoring.py [rows]`. The children are made up, from a fixed seed.
"""

import csv
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random
from time import perf_counter
from typing import Any

from siposyandu.growth import classify
from siposyandu.growth.advice import Situation, advice
from siposyandu.growth.kms import below_red_line
from siposyandu.growth.standards import score, value_at
from siposyandu.score import score_file

ROWS = 20_000
START_UP = "from time import perf_counter as t; a = t(); import siposyandu.growth.standards as s; b = t(); " \
    "s.score(sex='m', age_days=400, weight_kg=9.0); print(b - a, t() - b)"  # fmt: skip

Child = dict[str, Any]


def made_up(rows: int) -> list[Child]:
    """Return children with all measures, spread over ages and SD lines as in NTB."""
    random = Random(2)  # seeded: the same children every time
    return [_child(random) for _ in range(rows)]


def _child(random: Random) -> Child:
    sex, day = random.choice("mf"), random.randrange(91, 1826)
    places = {
        "weight_kg": ("wfa", 2), "length_height_cm": ("lhfa", 1), "head_circumference_cm": ("hcfa", 1),
        "muac_cm": ("acfa", 1), "triceps_mm": ("tsfa", 1), "subscapular_mm": ("ssfa", 1),
    }  # fmt: skip
    measures = {
        name: round(value_at(index, sex, day, random.gauss(-1.2, 1.1)) or 0, decimals)
        for name, (index, decimals) in places.items()
    }
    return {"sex": sex, "age_days": day, "measured": "lying" if day < 731 else "standing", **measures}


def rows_a_second(work: Callable[[Child], object], children: Sequence[Child]) -> float:
    """Return how many children a second a function takes."""
    begun = perf_counter()
    for child in children:
        work(child)
    return len(children) / (perf_counter() - begun)


def whole_visit(child: Child) -> object:
    """Do all that a kader's answer needs: scores, categories, the sentence."""
    scores = score(**child)
    months = int(child["age_days"] / 30.4375)
    status = classify.status(scores, muac_cm=child["muac_cm"], age_months=months, oedema=False)
    return advice(Situation(months, status, gain="N", below_red_line=bool(below_red_line(scores.waz))))


def file_rows_a_second(children: Sequence[Child]) -> float:
    """Return how many rows a second `siposyandu score` does, reading and writing included."""
    with tempfile.TemporaryDirectory() as folder:
        given = Path(folder) / "in.csv"
        with given.open("w", newline="", encoding="utf-8") as opened:
            writer = csv.DictWriter(opened, list(children[0]))
            writer.writeheader()
            writer.writerows(
                {**child, "measured": child["measured"][0].replace("s", "h")} for child in children
            )
        begun = perf_counter()
        report = score_file(given, Path(folder) / "out.csv")
        return (report.rows - report.errors) / (perf_counter() - begun)


def start_up_ms() -> tuple[float, float]:
    """Return milliseconds of a new process to import the standards, and to score its first child (tables)."""
    done = subprocess.run([sys.executable, "-c", START_UP], capture_output=True, text=True, check=True)
    importing, first = map(float, done.stdout.split())
    return importing * 1000, first * 1000


def main(rows: int = ROWS) -> None:
    """Print the figures, one a line."""
    children = made_up(rows)
    one = rows_a_second(lambda child: score(**child), children)
    importing_ms, first_ms = start_up_ms()
    for line in (
        f"scoring, one child at a time, 8 indices: {one:,.0f} rows/s ({1e6 / one:.1f} microseconds each)",
        f"scores, categories and advice: {rows_a_second(whole_visit, children):,.0f} rows/s",
        f"scoring a file, row by row: {file_rows_a_second(children):,.0f} rows/s",
        f"start-up: import {importing_ms:.1f} ms, first score with its tables {first_ms:.1f} ms",
    ):
        print(line)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
