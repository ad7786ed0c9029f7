"""Were last time's values written again? The same weight and the same length twice are rare, unless both are rounded.

How likely is it by chance? What is expected has some spread, and last time's value is one mark on the scale. A kader
who reads to whole centimetres meets the same mark far oftener than one who reads millimetres, so her marks are read off
the child's own past. A head or an arm that differs from last time shows that somebody did measure today.
"""

from math import exp, pi, sqrt

from siposyandu.growth.guard.case import COLUMNS, INDEX, Case
from siposyandu.growth.guard.measured import LENGTH, WEIGHT

AFTER_DAYS = 14
MARKS = {LENGTH: (10, 5, 1), WEIGHT: (500, 100, 50, 10)}
"""The steps to which boards and scales are read, in mm and g."""
USUAL_MARK = {LENGTH: 5, WEIGHT: 100}
"""The step where the past is too short to tell."""
VISITS_LOOKED_AT = 6
VISITS_ENOUGH = 3
RARE = 1 / 25
"""Asked about when fewer than one in 25 visits like this one would repeat the values by chance."""
TAPE_REPEATS = 0.5
"""How often a head or arm gives the same number again: tapes are read coarsely and little grows."""


def copied(case: Case) -> bool:
    """Tell whether weight and length are last time's, and hardly by chance."""
    if not case.past or (case.new.visit_date - case.past[-1].visit_date).days < AFTER_DAYS:
        return False
    last, new = case.past[-1], case.new
    if None in (new.weight_g, new.length_height_mm):
        return False
    if (last.weight_g, last.length_height_mm) != (new.weight_g, new.length_height_mm):
        return False
    tapes = ((last.head_circumference_mm, new.head_circumference_mm), (last.muac_mm, new.muac_mm))
    both = [(one, two) for one, two in tapes if one and two]
    if any(one != two for one, two in both):
        return False
    return _chance(case, WEIGHT) * _chance(case, LENGTH) * TAPE_REPEATS ** len(both) < RARE


def _chance(case: Case, field: str) -> float:
    """Return how likely chance is to give this very mark."""
    typed, off = case.typed(field) or 0.0, case.off(INDEX[field])
    _, units = COLUMNS[field]
    mark = abs(case.off_if(field, typed + _mark(case, field) / units) - off)
    return min(1.0, mark * exp(-off * off / 2) / sqrt(2 * pi))


def _mark(case: Case, field: str) -> int:
    """Return the coarsest step that all the last values keep to, in mm or g."""
    column, _ = COLUMNS[field]
    found = [value for visit in case.past[-VISITS_LOOKED_AT:] if (value := getattr(visit, column))]
    if len(found) < VISITS_ENOUGH:
        return USUAL_MARK[field]
    return next(
        (step for step in MARKS[field] if all(value % step == 0 for value in found)), MARKS[field][-1]
    )
