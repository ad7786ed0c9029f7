"""The measurement guard: does a new measurement fit this child's own past, before it is saved?

Nothing is refused here. Each doubt becomes a question to the kader, who measures again or confirms; both
measures are kept. The thresholds are a first proposal (domain rules for anthropometry, growth of one child)
and stand together at the top, to be tuned on real faults.

To add a check: a function from (child, past, new) to questions, and its name in CHECKS.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from siposyandu.growth.kms import completed_months
from siposyandu.growth.length import STANDING_FROM_DAY
from siposyandu.growth.standards import Scores, score
from siposyandu.i18n import N_

SHRINKING_MM = 10
"""A child does not shrink: 1 cm is more than two careful measurements differ."""
POSITION_MM = 7
"""Lying length exceeds standing height by 0.7 cm (WHO)."""
WEIGHT_CHANGE_PERCENT = 15
WEIGHT_CHANGE_FROM_MONTHS = 6
"""Younger children do gain more than 15 % in a month."""
ABOUT_A_MONTH_DAYS = 45
Z_JUMP = 2.0
Z_JUMP_WITHIN_DAYS = 100
GRAMS_FROM = 500
"""No child weighs 500 kg; a number from here on was meant as grams."""


class Child(NamedTuple):
    """Whom the measurement is of; sex "m" or "f"."""

    sex: str
    birth_date: date


class Visit(NamedTuple):
    """One visit's measures as stored: grams and millimetres; `measured` "lying" or "standing"."""

    visit_date: date
    weight_g: int | None = None
    length_height_mm: int | None = None
    measured: str | None = None
    head_circumference_mm: int | None = None
    muac_mm: int | None = None
    oedema: bool = False


class Question(NamedTuple):
    """A doubt: code, sentence (`template` with `params`, for i18n.say), and the form's fields it is about."""

    code: str
    template: str
    params: Mapping[str, Any]
    fields: tuple[str, ...]


Check = Callable[[Child, Sequence[Visit], Visit], Iterator[Question]]


def questions(child: Child, past: Sequence[Visit], new: Visit, today: date) -> list[Question]:
    """Return what to ask about a new measurement, the weightiest first; an empty list when it fits.

    A wrong date or unit explains every other oddity, so only these are asked then.
    `past` are the child's other visits, in any order; only those before `new` are compared. Of several
    questions about the same field only the first is asked.
    """
    wrong = [*_dates(child, new, today), *_units(new)]
    if wrong:
        return wrong
    earlier = [visit for visit in past if child.birth_date <= visit.visit_date < new.visit_date]
    earlier.sort(key=lambda visit: visit.visit_date)
    return _once_a_field(question for check in CHECKS for question in check(child, earlier, new))


def _once_a_field(found: Iterable[Question]) -> list[Question]:
    asked: set[str] = set()
    kept = []
    for question in found:
        if not asked.issuperset(question.fields):
            kept.append(question)
            asked.update(question.fields)
    return kept


def _dates(child: Child, new: Visit, today: date) -> Iterator[Question]:
    if new.visit_date < child.birth_date:
        template = N_("This visit is before the child's birth on {birth_date}. Check both dates.")
        yield Question("before_birth", template, {"birth_date": child.birth_date}, ("visit_date",))
    if new.visit_date > today:
        template = N_("This date is still to come. Check the date of the visit.")
        yield Question("in_the_future", template, {}, ("visit_date",))


def _units(new: Visit) -> Iterator[Question]:
    if new.weight_g is not None and new.weight_g >= GRAMS_FROM * 1000:
        typed_g = new.weight_g / 1000
        template = N_("Was the weight typed in grams? {typed_g} grams are {weight_kg} kg.")
        params = {"typed_g": typed_g, "weight_kg": typed_g / 1000}
        yield Question("weight_in_grams", template, params, ("weight_kg",))
    elif new.weight_g is not None and new.length_height_mm is not None and _swapped(new):
        template = N_("Weight {weight_kg} kg and length {length_cm} cm: were the two swapped?")
        params = {"weight_kg": new.weight_g / 1000, "length_cm": new.length_height_mm / 10}
        yield Question("swapped", template, params, ("weight_kg", "length_height_cm"))


def _swapped(new: Visit) -> bool:
    """Tell whether the child would weigh more kilograms than it measures centimetres: no child does."""
    return (new.weight_g or 0) / 1000 > (new.length_height_mm or 0) / 10


def _position(child: Child, past: Sequence[Visit], new: Visit) -> Iterator[Question]:
    age_days = (new.visit_date - child.birth_date).days
    if new.measured == "standing" and age_days < STANDING_FROM_DAY:
        template = N_("Under 2 years we measure lying down. Was this child really measured standing?")
        yield Question("standing_too_young", template, {}, ("measured",))
    if new.measured == "lying" and age_days >= STANDING_FROM_DAY:
        template = N_("From 2 years on we measure standing. Was this child really measured lying down?")
        yield Question("lying_too_old", template, {}, ("measured",))


def _shrinking(child: Child, past: Sequence[Visit], new: Visit) -> Iterator[Question]:
    before = _last_with("length_height_mm", past)
    if before is None or before.length_height_mm is None or new.length_height_mm is None:
        return
    if _as_lying_mm(child, before) - _as_lying_mm(child, new) > SHRINKING_MM:
        template = N_("Last time the child measured {before_cm} cm. Children do not shrink: measure again.")
        params = {"before_cm": before.length_height_mm / 10}
        yield Question("shrinking", template, params, ("length_height_cm",))


def _weight_change(child: Child, past: Sequence[Visit], new: Visit) -> Iterator[Question]:
    before = _last_with("weight_g", past)
    if before is None or before.weight_g is None or new.weight_g is None:
        return
    recent = (new.visit_date - before.visit_date).days <= ABOUT_A_MONTH_DAYS
    old_enough = completed_months(child.birth_date, new.visit_date) >= WEIGHT_CHANGE_FROM_MONTHS
    change_g = abs(new.weight_g - before.weight_g)
    if recent and old_enough and change_g * 100 > WEIGHT_CHANGE_PERCENT * before.weight_g:
        template = N_("Last time the child weighed {before_kg} kg. That is a great change: weigh again.")
        params = {"before_kg": before.weight_g / 1000}
        yield Question("weight_change", template, params, ("weight_kg",))


def _copy(child: Child, past: Sequence[Visit], new: Visit) -> Iterator[Question]:
    if not past or new.weight_g is None or new.length_height_mm is None:
        return
    if (new.weight_g, new.length_height_mm) == (past[-1].weight_g, past[-1].length_height_mm):
        template = N_("Weight and length are both exactly as last time. Was the child measured today?")
        yield Question("copy", template, {}, ("weight_kg", "length_height_cm"))


def _z_jump(child: Child, past: Sequence[Visit], new: Visit) -> Iterator[Question]:
    now = _scores(child, new)
    for name, (field, measure) in INDEX_FIELDS.items():
        z_before, z_now = _recent_z(name, child, past, new), getattr(now, name)
        if z_before is not None and z_now is not None and abs(z_now - z_before) > Z_JUMP:
            template = N_("{measure} has jumped since last time. Measure again.")
            yield Question(f"{name}_jump", template, {"measure": measure}, (field,))


def _hardly_possible(child: Child, past: Sequence[Visit], new: Visit) -> Iterator[Question]:
    scores = _scores(child, new)
    for name, (field, measure) in INDEX_FIELDS.items():
        if getattr(scores, f"{name}_flag"):
            template = N_("{measure} is hardly possible at this age. Measure again, check the birth date.")
            yield Question(f"{name}_flag", template, {"measure": measure}, (field,))
    if scores.whz_flag:
        template = N_("This weight hardly goes with this length. Measure both again.")
        yield Question("whz_flag", template, {}, ("weight_kg", "length_height_cm"))


INDEX_FIELDS = {
    "waz": ("weight_kg", N_("The weight")),
    "haz": ("length_height_cm", N_("The length or height")),
    "hcz": ("head_circumference_cm", N_("The head circumference")),
    "acz": ("muac_cm", N_("The arm circumference")),
}

CHECKS: tuple[Check, ...] = (_shrinking, _weight_change, _hardly_possible, _z_jump, _copy, _position)


def _last_with(measure: str, past: Sequence[Visit]) -> Visit | None:
    return next((visit for visit in reversed(past) if getattr(visit, measure)), None)


def _recent_z(name: str, child: Child, past: Sequence[Visit], new: Visit) -> float | None:
    """Return the last z of this index, if it is recent enough to compare."""
    recent = [visit for visit in past if (new.visit_date - visit.visit_date).days <= Z_JUMP_WITHIN_DAYS]
    found = (getattr(_scores(child, visit), name) for visit in reversed(recent))
    return next((z for z in found if z is not None), None)


def _as_lying_mm(child: Child, visit: Visit) -> int:
    """Return the length as if lying, whichever way it was measured; unsaid means as the age demands."""
    young = (visit.visit_date - child.birth_date).days < STANDING_FROM_DAY
    position = visit.measured or ("lying" if young else "standing")
    return (visit.length_height_mm or 0) + (POSITION_MM if position == "standing" else 0)


def _scores(child: Child, visit: Visit) -> Scores:
    return score(
        sex=child.sex,
        age_days=(visit.visit_date - child.birth_date).days,
        weight_kg=_scaled(visit.weight_g, 1000),
        length_height_cm=_scaled(visit.length_height_mm, 10),
        measured=visit.measured,
        head_circumference_cm=_scaled(visit.head_circumference_mm, 10),
        muac_cm=_scaled(visit.muac_mm, 10),
        oedema=visit.oedema,
    )


def _scaled(stored: int | None, units: int) -> float | None:
    return stored / units if stored else None
