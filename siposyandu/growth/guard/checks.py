"""The checks in their order, the weightiest first.

To add a check: a function from a Case to questions, and its name in CHECKS.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date

from siposyandu.growth.guard import entries, surprises
from siposyandu.growth.guard.case import Case
from siposyandu.growth.guard.measured import Child, Question, Visit

CHECKS: tuple[Callable[[Case], Iterator[Question]], ...] = (
    surprises.another_child,
    surprises.off,
    surprises.hardly_possible,
    surprises.tape,
    entries.copy,
    entries.position,
)


def questions(child: Child, past: Sequence[Visit], new: Visit, today: date) -> list[Question]:
    """Return what to ask about a new measurement, the weightiest first; an empty list when it fits.

    A wrong date of the visit explains every other oddity, so it is asked about alone. A number that no child weighs or
    measures raises a question only where it can be said what was meant: the form refuses it in any case.
    `past` are the child's other visits, in any order; only those before `new` are compared. No field is asked
    about twice.
    """
    wrong = list(entries.dates(child, new, today))
    if wrong:
        return wrong
    earlier = sorted((visit for visit in past if visit.visit_date < new.visit_date), key=_day)
    since_birth = [visit for visit in earlier if visit.visit_date >= child.birth_date]
    case = Case(child, since_birth, new)
    if not case.possible:
        return list(entries.impossible(case))
    born = list(_about_the_birth(case, earlier))
    judged = _by_the_date_that_fits(case, born)
    return _once_a_field([*born, *(question for check in CHECKS for question in check(judged))])


def _about_the_birth(case: Case, earlier: Sequence[Visit]) -> Iterator[Question]:
    if len(case.past) < len(earlier):
        yield entries.visited_before_birth(case.child)
    yield from surprises.birth_date(case)


def _by_the_date_that_fits(case: Case, asked: Iterable[Question]) -> Case:
    """Judge measures by the birth date that was asked about: what is right by that date needs no second measure."""
    other = next(
        (question.params["other_date"] for question in asked if "other_date" in question.params), None
    )
    return case if other is None else Case(case.child._replace(birth_date=other), case.past, case.new)


def _day(visit: Visit) -> date:
    return visit.visit_date


def _once_a_field(found: Iterable[Question]) -> list[Question]:
    asked: set[str] = set()
    kept = []
    for question in found:
        if asked.isdisjoint(question.fields):
            kept.append(question)
            asked.update(question.fields)
    return kept
