"""Small surveys for the tests: WHO's reference survey, and invented ones with every oddity in them."""

import csv
from collections.abc import Sequence
from pathlib import Path
from random import Random
from typing import NamedTuple

from siposyandu.growth.survey_sample import Sample, Surveyed, sample
from siposyandu.growth.survey_scores import Columns

WHO_FOLDER = Path(__file__).parent / "data" / "who_reference"
WHO_TABLES = {
    "simple": "prevalence_unweighted.csv",
    "designed": "prevalence_weighted_cluster_strata.csv",
}


class Child(NamedTuple):
    """One child of an invented survey; plain unless said otherwise."""

    haz: float | None = 0.0
    waz: float | None = 0.0
    baz: float | None = 0.0
    whz: float | None = 0.0
    weight: float = 1.0
    cluster: str = "one"
    stratum: str = "one"
    age_months: float | None = 12.0
    sex: str | None = "f"
    values: tuple[str | None, ...] = ()
    oedema: bool = False


def surveyed(children: Sequence[Child], group_names: Sequence[str] = (), *, designed: bool = True) -> Sample:
    """Lay out invented children as a survey is laid out."""
    scores: Columns = {
        "HA": [child.haz for child in children],
        "WA": [child.waz for child in children],
        "BMI": [child.baz for child in children],
        "WH": [child.whz for child in children],
    }
    rows = [
        Surveyed(
            child.weight,
            child.cluster,
            child.stratum,
            child.age_months,
            child.sex,
            child.values,
            child.oedema,
        )
        for child in children
    ]
    return sample(rows, scores, group_names, designed=designed)


def invented(random: Random, count: int) -> list[Child]:
    """Return children with gaps, oedema, weights of 0, strata of one cluster and groups of one child."""

    def z() -> float | None:
        return None if random.random() < 0.1 else round(random.gauss(-1, 1.5), 2)

    return [
        Child(
            z(), z(), z(), z(),
            weight=random.choice([0.0, 0.5, 1.0, 2.25, round(random.uniform(0.1, 9), 3)]),
            cluster=random.choice("abcdef"),
            stratum=random.choice("123") if random.random() < 0.95 else "lonely",
            age_months=None if random.random() < 0.1 else random.uniform(0, 59.99),
            sex=random.choice(["m", "f", None]),
            values=(random.choice(["poor", "rich", None]),),
            oedema=random.random() < 0.05,
        )
        for _ in range(count)
    ]  # fmt: skip


def read_table(path: Path) -> list[dict[str, str]]:
    """Read a table that was written as CSV."""
    with path.open(newline="", encoding="utf-8") as opened:
        return list(csv.DictReader(opened))
