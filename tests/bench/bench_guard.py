"""How many faults the measurement guard catches, how often it asks for nothing, and how long it takes.

Run `python tests/bench/bench_guard.py [children]`: children never used for tuning, with seeded faults.
`python tests/bench/bench_guard.py --write` tries 6000 and some villages that differ, and writes siposyandu/growth/GUARD.md.
"""

import sys
from collections.abc import Sequence
from functools import partial
from multiprocessing import Pool
from pathlib import Path
from random import Random
from time import perf_counter, process_time

sys.path.insert(0, str(Path(__file__).parents[2]))

from siposyandu.growth.guard import Child, questions
from tests.guard_world import faults, living, table, trial
from tests.guard_world.living import USUAL, Village
from tests.guard_world.trial import Answer

HELD_OUT = "held out"
"""The seed of the published figures. The guard was tuned on the seeds "train1" to "train6", other children."""
CHILDREN, PUBLISHED, IN_EACH_VILLAGE = 2000, 6000, 1500
VILLAGES = {
    "usual": USUAL,
    "the laptop's first year: two in five are first seen after half a year": Village(0.5, 0.6),
    "clumsier hands: errors of measuring a third greater": Village(clumsiness=1.3),
    "no weight or length of the birth on any card": Village(birth_weight_known=0, birth_length_known=0),
}
PUBLISHED_FILE = Path(__file__).parents[2] / "siposyandu" / "growth" / "GUARD.md"
TIMED = 200


def tried(seed: str, children: int, village: Village = USUAL) -> list[Answer]:
    """Return the answers for so many children, on all cores."""
    with Pool() as pool:
        found = pool.imap(partial(_one, seed, village), range(children), chunksize=20)
        return [answer for answers in found for answer in answers]


def _one(seed: str, village: Village, child: int) -> list[Answer]:
    return list(trial.answers(seed, child, village))


def milliseconds() -> list[float]:
    """Return how long the guard takes for each of some measurements, sorted."""
    cases = []
    for number in range(TIMED):
        chance = Random(f"timed {number}")
        life = living.life(chance)
        scene = faults.faultless(life, chance.randrange(len(life.visits)))
        child = Child(scene.sex, scene.birth_date, scene.born.weight_g, scene.born.length_mm)
        past = [trial.visit(on, row) for on, row in scene.past]
        cases.append((child, past, trial.visit(scene.on, scene.row), scene.on))
    questions(*cases[0])  # the tables are read at the first score
    return sorted(map(_timed, cases))


def _timed(case: tuple[Child, list, object, object]) -> float:  # type: ignore[type-arg]
    begun = process_time()
    for _ in range(5):
        questions(*case)  # type: ignore[arg-type]
    return (process_time() - begun) * 200


def report(children: int) -> list[str]:
    """Return the headline, the table and the times."""
    begun = perf_counter()
    answers = tried(HELD_OUT, children)
    took = perf_counter() - begun
    times = milliseconds()
    return [
        *table.headline(answers), "",
        *table.by_fault_and_age(answers), "",
        *table.by_registration(answers), "",
        f"{children} children in {took:.0f} s. A measurement takes {sum(times) / len(times):.2f} ms on average, "
        f"{times[len(times) * 95 // 100]:.2f} ms at the 95th percentile.",
    ]  # fmt: skip


def write() -> None:
    """Write the published figures between the marks of GUARD.md."""
    answers = tried(HELD_OUT, PUBLISHED)
    others = {
        name: tried(f"{HELD_OUT}, villages", IN_EACH_VILLAGE, village) for name, village in VILLAGES.items()
    }
    parts = {
        "headline": table.headline(answers),
        "faults": table.by_fault_and_age(answers),
        "registration": table.by_registration(answers),
        "villages": table.by_village(others),
    }
    text = PUBLISHED_FILE.read_text(encoding="utf-8")
    for name, lines in parts.items():
        text = _between(text, name, lines)
    PUBLISHED_FILE.write_text(text, encoding="utf-8")


def _between(text: str, name: str, lines: Sequence[str]) -> str:
    begin, end = f"<!-- {name} -->\n", f"<!-- end of {name} -->"
    before, _, rest = text.partition(begin)
    return "".join((before, begin, "\n".join(lines), "\n", end, rest.partition(end)[2]))


def main(*asked: str) -> None:
    """Print the figures, or write them."""
    if asked == ("--write",):
        write()
    else:
        print("\n".join(report(int(asked[0]) if asked else CHILDREN)))


if __name__ == "__main__":
    main(*sys.argv[1:])
