"""How long a survey's prevalence table takes: 100,000 children with weights, clusters and strata, by both paths.

Run `python tests/bench/bench_prevalence.py [children]`. The children are made up, from a fixed seed; the file is read once
before. Computation is everything from the measures to the table: scores, groups, estimates, limits. Each line has the
median of the time that passed and of the processor's (of all cores), which other work on the machine touches less.
"""

import csv
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from random import Random
from statistics import median
from time import perf_counter, process_time

from siposyandu.growth import survey_estimates, survey_numpy, survey_scores
from siposyandu.growth.csv_file import opened_csv
from siposyandu.growth.standards import value_at
from siposyandu.growth.survey_sample import sample
from siposyandu.prevalence import READ, Design, Survey, compute, compute_plainly, read_survey

CHILDREN = 100_000
CLUSTERS, STRATA = 2_000, 20
SERVER_RUNS, LAPTOP_RUNS = 9, 3
COLUMNS = (
    "sex", "age_days", "weight_kg", "length_height_cm", "measured", "oedema", "weight", "cluster", "stratum", "area",
)  # fmt: skip
DESIGN = Design("weight", "cluster", "stratum", (("Area", "area"),))


def write_survey(path: Path, children: int) -> None:
    """Write a survey of children spread over ages and SD lines as in NTB."""
    random = Random(7)  # seeded: the same children every time
    with path.open("w", newline="", encoding="utf-8") as opened:
        writer = csv.writer(opened)
        writer.writerow(
            [
                "sex",
                "age_days",
                "weight_kg",
                "length_height_cm",
                "measured",
                "oedema",
                "weight",
                "cluster",
                "stratum",
                "area",
            ]
        )
        writer.writerows(_row(random) for _ in range(children))


def _row(random: Random) -> list[object]:
    sex, day, cluster = random.choice("mf"), random.randrange(1826), random.randrange(CLUSTERS)
    weight, length = (value_at(index, sex, day, random.gauss(-1.2, 1.1)) or 1 for index in ("wfa", "lhfa"))
    return [
        sex, day, round(weight, 2), round(length, 1), "l" if day < 731 else "h",
        "y" if random.random() < 0.005 else "n", round(random.lognormvariate(0, 0.5), 3),
        cluster, cluster % STRATA, cluster % 10,
    ]  # fmt: skip


def timed(name: str, work: Callable[[], object], runs: int) -> None:
    """Print the medians of a piece of work."""
    passed, worked = [], []
    for _ in range(runs):
        begun, busy = perf_counter(), process_time()
        work()
        passed.append(perf_counter() - begun)
        worked.append(process_time() - busy)
    print(f"{name:<30}{median(passed):8.2f} s passed{median(worked):8.2f} s of processor")


def read(path: Path) -> Survey:
    """Read the survey's file."""
    with opened_csv(path, READ) as source:
        return read_survey(source, path, DESIGN, lambda rows: None)


def steps(survey: Survey) -> None:
    """Print what the steps take."""
    scores = survey_scores.all_at_once(survey.visits)
    counted = sample(survey.children, scores, ["Area"])
    timed("  scores (DuckDB)", lambda: survey_scores.all_at_once(survey.visits), SERVER_RUNS)
    timed("  scores in plain Python", lambda: survey_scores.one_by_one(survey.visits), LAPTOP_RUNS)
    timed("  groups and clusters", lambda: sample(survey.children, scores, ["Area"]), SERVER_RUNS)
    timed("  estimates (numpy)", lambda: survey_numpy.estimates(counted), SERVER_RUNS)
    timed("  estimates in plain Python", lambda: survey_estimates.estimates(counted), LAPTOP_RUNS)


def main(children: int = CHILDREN) -> None:
    """Print the figures, one a line."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "survey.csv"
        write_survey(path, children)
        survey = read(path)
        groups = len(compute(survey, DESIGN))
        print(f"{children:,} children, {CLUSTERS:,} clusters, {STRATA} strata, {groups} groups")
        timed("reading the file", lambda: read(path), LAPTOP_RUNS)
    timed("computation, server extra", lambda: compute(survey, DESIGN), SERVER_RUNS)
    timed("computation, plain Python", lambda: compute_plainly(survey, DESIGN), LAPTOP_RUNS)
    steps(survey)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
