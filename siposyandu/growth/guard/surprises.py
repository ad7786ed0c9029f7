"""Measures that this child's past, or other children of its age, did not let expect."""

from collections.abc import Callable, Iterator
from math import hypot, inf, log, sqrt

from siposyandu.growth.guard import birth_dates, entries
from siposyandu.growth.guard.case import INDEX, Case
from siposyandu.growth.guard.measured import ARM, HEAD, LENGTH, WEIGHT, Question
from siposyandu.i18n import N_

SOUGHT: dict[str, Callable[[float], float]] = {
    LENGTH: lambda typed: 2.5,
    WEIGHT: lambda typed: 0.12 * typed,
}
"""The errors we look for: 2.5 cm, 12 % of the weight, and whatever is greater."""
ODDS = 15
"""A measure is asked about when such an error explains it 15 times as well as chance does."""
TOGETHER_LIMIT = 3.0
"""In standard deviations: how far length and weight together may be from what the past lets expect."""
DIGITS_LIMIT = 2.3
"""From here on we look whether two digits changed places."""
TAPE_LIMIT = 4.0
"""For head and arm: a tape slips."""
USUAL_WHZ, WHZ_LIMIT, FIRST_WHZ_LIMIT = -0.3, 3.8, 3.3
"""How far weight may be from what goes with the length, in z; less where there is no past to compare with."""
SHRINKING_CM = 1.0
"""A child does not shrink: 1 cm is more than two careful measurements differ."""

MEASURES = {
    WEIGHT: N_("The weight"),
    LENGTH: N_("The length or height"),
    HEAD: N_("The head circumference"),
    ARM: N_("The arm circumference"),
}
FLAGS = {"waz": WEIGHT, "haz": LENGTH, "hcz": HEAD, "acz": ARM}
ABOUT_BIRTH_DATE = frozenset(
    (
        "before_birth",
        "visited_before_birth",
        "birth_date",
        "wfa_unusual",
        "lhfa_unusual",
        "waz_flag",
        "haz_flag",
    )
)
"""The codes of all questions that send the kader to the birth date."""


def birth_date(case: Case) -> Iterator[Question]:
    """Ask when another birth date fits the measures far better."""
    other = birth_dates.likelier(case.child, case.past, case.new)
    if other is not None:
        template = N_(
            "The measures fit a child born on {other_date}, not on {birth_date}. Look at the birth date."
        )
        params = {"other_date": other, "birth_date": case.child.birth_date}
        yield Question("birth_date", template, params, ("birth_date",))


def another_child(case: Case) -> Iterator[Question]:
    """Ask when both weight and length are far off."""
    if case.past and all(abs(case.off(INDEX[field])) > _limit(case, field) for field in SOUGHT):
        template = N_("Weight and length are both far from last time. Are these the measures of this child?")
        yield Question("another_child", template, {}, (WEIGHT, LENGTH))


def hardly_possible(case: Case) -> Iterator[Question]:
    """Ask what WHO flags, and a weight that hardly goes with the length."""
    for name, field in FLAGS.items():
        if getattr(case.scores, f"{name}_flag"):
            template = N_("{measure} is hardly possible at this age. Measure again, check the birth date.")
            yield Question(f"{name}_flag", template, {"measure": MEASURES[field]}, (field,))
    limit = WHZ_LIMIT if case.past else FIRST_WHZ_LIMIT
    if case.scores.whz is not None and abs(case.scores.whz - USUAL_WHZ) > limit:
        template = N_("This weight hardly goes with this length. Measure both again.")
        yield Question("whz_flag", template, {}, (WEIGHT, LENGTH))


def off(case: Case) -> Iterator[Question]:
    """Ask about a weight or length that the child's past (or, without one, other children) did not let expect."""
    distances = {field: abs(case.off(INDEX[field])) for field in SOUGHT}
    together = bool(case.past) and hypot(*distances.values()) > TOGETHER_LIMIT
    for field, distance in distances.items():
        if distance > _limit(case, field) or (together and distance == max(distances.values())):
            yield from entries.slip(case, field)
            yield _far(case, field)
        elif distance > DIGITS_LIMIT:
            yield from entries.slip(case, field)


def tape(case: Case) -> Iterator[Question]:
    """Ask about a head or arm that was not to be expected."""
    for index, field in (("hcfa", HEAD), ("acfa", ARM)):
        if case.past and abs(case.off(index)) > TAPE_LIMIT:
            template = N_("{measure} has jumped since last time. Measure again.")
            yield Question(f"{index}_jump", template, {"measure": MEASURES[field]}, (field,))


def _limit(case: Case, field: str) -> float:
    """Return how many standard deviations off a measure may be.

    Chance spreads measures round 0, an error that shifts them by `size` spreads them round it: at t the odds between
    the two are exp(size * t - size**2 / 2). Where a child is measured so unevenly that errors of that size cannot be
    told, greater ones are sought, for which the limit is least.
    """
    typed = case.typed(field)
    if typed is None:
        return inf
    shifted = case.off_if(field, typed + SOUGHT[field](typed))
    size = max(abs(shifted - case.off(INDEX[field])), sqrt(2 * log(ODDS)))
    return size / 2 + log(ODDS) / size


def _far(case: Case, field: str) -> Question:
    before, now = case.last(field), case.typed(field) or 0.0
    if before is None:
        template = N_("{measure} is unusual at this age. Measure again, look at the birth date.")
        return Question(f"{INDEX[field]}_unusual", template, {"measure": MEASURES[field]}, (field,))
    if field == WEIGHT:
        template = N_("Last time the child weighed {before_kg} kg. That is a great change: weigh again.")
        return Question("weight_change", template, {"before_kg": before}, (field,))
    if before - now > SHRINKING_CM:
        template = N_("Last time the child measured {before_cm} cm. Children do not shrink: measure again.")
        return Question("shrinking", template, {"before_cm": before}, (field,))
    template = N_(
        "Last time the child measured {before_cm} cm. That does not go with {now_cm} cm: measure again."
    )
    return Question("length_change", template, {"before_cm": before, "now_cm": now}, (field,))
