"""The trial's results: shares with their 95 % intervals, and the tables of GUARD.md.

A child gives several answers, and these are alike; so the intervals count children, not answers (the linearised ratio
that WHO uses for clusters). Where nothing or everything was caught, the exact bound of Clopper and Pearson.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from math import exp, log, sqrt
from typing import NamedTuple

from siposyandu.growth.survey import interval
from tests.guard_world.faults import FAULTS, SMALLEST
from tests.guard_world.trial import FAULTLESS, FAULTLESS_AFTER_BAD, LENGTH_AFTER_BAD, Answer

NORMAL_95 = 1.96
MONTH_DAYS = 30.4375
AGES = {"0-5": (0, 6), "6-11": (6, 12), "12-23": (12, 24), "24-59": (24, 60)}
"""Completed months."""

Chosen = Callable[[Answer], bool]


class Share(NamedTuple):
    """Of `of` answers, how many were asked about, in percent, with the ends of the 95 % interval."""

    of: int
    percent: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.percent:.1f} ({self.low:.1f}-{self.high:.1f}) of {self.of}" if self.of else "-"


def with_a_past(answer: Answer) -> bool:
    """Whether the visit has one before it."""
    return answer.visits_before > 0


def at_first(answer: Answer) -> bool:
    """Whether it is the child's first visit."""
    return answer.visits_before == 0


def aged(ages: str) -> Chosen:
    """Return the choice of visits with a past at these ages."""
    first, end = AGES[ages]
    return lambda answer: with_a_past(answer) and first <= answer.age_days / MONTH_DAYS < end


def share(answers: Iterable[Answer]) -> Share:
    """Return the share that was asked about."""
    found = list(answers)
    if not found:
        return Share(0, 0, 0, 0)
    caught = sum(answer.caught for answer in found)
    if caught in (0, len(found)):
        low, high = interval(caught, len(found)) or (0, 100)
        return Share(len(found), 100 * caught / len(found), low, high)
    return _with_limits(len(found), [(found, 1.0)])


def mean_share(answers: Iterable[Answer], kinds: Iterable[str] = FAULTS) -> Share:
    """Return the mean of the shares of these faults, each counting alike."""
    by_kind = [
        [answer for answer in found if answer.kind == kind] for found in (list(answers),) for kind in kinds
    ]
    kept = [found for found in by_kind if found]
    return _with_limits(sum(map(len, kept)), [(found, 1 / len(kept)) for found in kept])


def _with_limits(of: int, weighted: Sequence[tuple[list[Answer], float]]) -> Share:
    """Sum weighted shares; the variance is that of the children's sums of linearised answers."""
    total, by_child = 0.0, defaultdict[int, float](float)
    for found, weight in weighted:
        mean = sum(answer.caught for answer in found) / len(found)
        total += weight * mean
        for answer in found:
            by_child[answer.child] += weight * (answer.caught - mean) / len(found)
    error = sqrt(sum(value * value for value in by_child.values()))
    middle, reach = log(total / (1 - total)), NORMAL_95 * error / (total * (1 - total))
    return Share(of, 100 * total, *(100 / (1 + exp(-middle - by)) for by in (-reach, reach)))


def headline(answers: Sequence[Answer]) -> list[str]:
    """Return the two figures, by the reading of a child with a past and by the strictest."""
    rows = [
        ("visits with a past", with_a_past),
        ("first visits", at_first),
        ("all visits", lambda answer: True),
    ]
    lines = ["| measurements | faults caught, % | questions on faultless ones, % |", "|---|---|---|"]
    for name, chosen in rows:
        kept = [answer for answer in answers if chosen(answer)]
        faultless = share(answer for answer in kept if answer.kind == FAULTLESS)
        lines.append(f"| {name} | {mean_share(kept)} | {faultless} |")
    return lines


def by_fault_and_age(answers: Sequence[Answer]) -> list[str]:
    """Return the table of every fault at every age, at visits with a past, and at first visits."""
    columns: dict[str, Chosen] = {
        "all ages": with_a_past,
        **{ages: aged(ages) for ages in AGES},
        "first visit": at_first,
    }
    lines = ["| fault | " + " | ".join(columns) + " |", "|---" * (len(columns) + 1) + "|"]
    means = [str(mean_share(filter(chosen, answers))) for chosen in columns.values()]
    for kind in (*FAULTS, "", *SMALLEST, FAULTLESS, FAULTLESS_AFTER_BAD, LENGTH_AFTER_BAD):
        of_kind = [answer for answer in answers if answer.kind == kind]
        cells = [str(share(filter(chosen, of_kind))) for chosen in columns.values()]
        lines.append(
            f"| {kind} | {' | '.join(cells)} |" if kind else f"| **mean of these 14** | {' | '.join(means)} |"
        )
    return lines


def by_registration(answers: Sequence[Answer]) -> list[str]:
    """Return what is caught of wrong birth dates among the followed and the late comers."""
    lines = ["| fault | seen from the first three months on | came later |", "|---|---|---|"]
    for kind in (kind for kind in FAULTS if kind.startswith("birth")):
        of_kind = [answer for answer in answers if answer.kind == kind]
        cells = [
            share(answer for answer in of_kind if answer.followed is followed) for followed in (True, False)
        ]
        lines.append(f"| {kind} | {cells[0]} | {cells[1]} |")
    return lines


def by_village(villages: Mapping[str, Sequence[Answer]]) -> list[str]:
    """Return the two figures, at all visits, of villages that differ."""
    lines = ["| village | faults caught, % | questions on faultless ones, % |", "|---|---|---|"]
    for name, answers in villages.items():
        faultless = share(answer for answer in answers if answer.kind == FAULTLESS)
        lines.append(f"| {name} | {mean_share(answers)} | {faultless} |")
    return lines
