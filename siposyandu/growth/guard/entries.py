"""Faults of writing, which need no past to be seen: dates, units, swapped fields, the position, last time's values."""

from collections.abc import Iterator
from datetime import date

from siposyandu.growth.guard import copies, typing_slips
from siposyandu.growth.guard.case import Case
from siposyandu.growth.guard.measured import LENGTH, WEIGHT, Child, Question, Visit, position_for
from siposyandu.i18n import N_


def dates(child: Child, new: Visit, today: date) -> Iterator[Question]:
    """Ask about a visit before the birth or after today."""
    if new.visit_date < child.birth_date:
        template = N_("This visit is before the child's birth on {birth_date}. Check both dates.")
        yield Question("before_birth", template, {"birth_date": child.birth_date}, ("visit_date",))
    if new.visit_date > today:
        template = N_("This date is still to come. Check the date of the visit.")
        yield Question("in_the_future", template, {}, ("visit_date",))


def visited_before_birth(child: Child) -> Question:
    """Return the question about a birth date that is after an earlier visit."""
    template = N_("This child was weighed before its birth on {birth_date}. Look at the birth date.")
    return Question("visited_before_birth", template, {"birth_date": child.birth_date}, ("birth_date",))


def impossible(case: Case) -> Iterator[Question]:
    """Ask what was meant by a number that no child weighs or measures."""
    weight_kg, length_cm = case.typed(WEIGHT), case.typed(LENGTH)
    if weight_kg and length_cm and typing_slips.swapped(weight_kg, length_cm):
        template = N_("Weight {weight_kg} kg and length {length_cm} cm: were the two swapped?")
        params = {"weight_kg": weight_kg, "length_cm": length_cm}
        yield Question("swapped", template, params, (WEIGHT, LENGTH))
        return
    for field, typed in ((WEIGHT, weight_kg), (LENGTH, length_cm)):
        if typed is not None and not typing_slips.possible(field, typed):
            yield from slip(case, field)


def slip(case: Case, field: str) -> Iterator[Question]:
    """Ask whether another number was meant, where one fits this child."""
    typed = case.typed(field) or 0.0
    found = typing_slips.slip(field, typed, lambda meant: case.off_if(field, meant))
    if found is not None:
        yield typing_slips.question(field, typed, found)


def copy(case: Case) -> Iterator[Question]:
    """Ask when weight and length are those of last time."""
    if copies.copied(case):
        template = N_("Weight and length are both exactly as last time. Was the child measured today?")
        yield Question("copy", template, {}, (WEIGHT, LENGTH))


def position(case: Case) -> Iterator[Question]:
    """Ask about a baby measured standing, or an older child measured lying."""
    measured = case.new.measured
    if measured is None or measured == position_for(case.day):
        return
    if measured == "standing":
        template = N_("Under 2 years we measure lying down. Was this child really measured standing?")
        yield Question("standing_too_young", template, {}, ("measured",))
    else:
        template = N_("From 2 years on we measure standing. Was this child really measured lying down?")
        yield Question("lying_too_old", template, {}, ("measured",))
