"""What weighing and correcting share: finding a visit, the day that has been reached, and the fields of the card."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import Any, NamedTuple, TypeVar

from forms import BY_NAME, Field, Measure
from siposyandu.errors import NotFound
from siposyandu.growth.kms import completed_months
from siposyandu.i18n import month_name
from siposyandu.web import card, day, fields, one_child, sessions
from siposyandu.web.changes import REASON
from siposyandu.web.fields import Before, Shown
from siposyandu.web.look_again import AGAIN, Look
from siposyandu.web.sessions import signed_in

FORM = BY_NAME["balita"]
BY_THE_PAGE = frozenset({"person", "posyandu", REASON, "date_doubt"})
"""Fields that no kader types: the page knows them."""
NOTHING_FOUND = Look({}, {}, ())

Row = dict[str, Any]
Measured = TypeVar("Measured", bound=Field)


class Filled(NamedTuple):
    """How a page is filled: which fields it may have, what was typed, what was found in it, last time's values."""

    names: Collection[str]
    typed: Mapping[str, Any]
    found: Look = NOTHING_FOUND
    before: Mapping[str, Before] = MappingProxyType({})


class CardPage(NamedTuple):
    """The fields of the card on a page: what the tools say, the other groups with their titles, the health worker's own."""

    visit_date: Shown
    essentials: list[Shown]
    again: list[Shown]
    groups: list[tuple[str, list[Shown]]]
    nurse: list[Shown]


def of_id(visit_id: str) -> tuple[Row, list[Row], Row]:
    """Return a visit's child, all her visits, and the visit; NotFound or NotAllowed where it is not for this worker."""
    person_id = sessions.store().value("select person from balita where id = $1 and retracted = 0", visit_id)
    if person_id is None:
        raise NotFound(f"no visit {visit_id}")
    person = one_child.opened(person_id)
    visits = one_child.visits_of(person_id)
    return person, visits, next(each for each in visits if each["id"] == visit_id)


def on_day(visits: Sequence[Row], on: date) -> Row | None:
    """Return the visit of a day, or None."""
    return next((visit for visit in visits if visit["visit_date"] == on.isoformat()), None)


def reached() -> date:
    """Return the day that has been reached: later ones are mistakes. The laptop's own clock may be a year off."""
    return max(day.at_hand(), day.proposed())


def names() -> list[str]:
    """Return the names of the card's fields that the worker at the keyboard may fill in."""
    return fields.may_enter(FORM, signed_in(), [name for name in FORM.by_name if name not in BY_THE_PAGE])


def page(person: Row, on: date, filled: Filled) -> CardPage:
    """Gather the card's fields for a child of that age, with what was typed, what is wrong, and last time's values."""
    months = max(0, completed_months(date.fromisoformat(person["birth_date"]), on))
    titles = {section.code: section.title for section in FORM.sections}
    answered = {name for name, given in filled.typed.items() if given}

    def shown(wanted: Iterable[str]) -> list[Shown]:
        mine = [name for name in wanted if name in filled.names]
        return list(fields.shown(FORM, mine, filled.typed, filled.found.errors, filled.before).values())

    groups = [(titles[code], shown(wanted)) for code, wanted in card.groups(months, on, answered).items()]
    return CardPage(
        visit_date=shown(["visit_date"])[0],
        essentials=shown(
            name for name in card.ESSENTIALS if name in answered or card.asked([name], months, on)
        ),
        again=shown(
            [again for again in AGAIN.values() if again in answered or again in filled.found.measure_again]
        ),
        groups=[(title, listed) for title, listed in groups if listed],
        nurse=shown(card.NURSE_ONLY),
    )


def last_values(earlier: Sequence[Row]) -> dict[str, Before]:
    """Return each measure's last value with its day, "7,5 kg" and "3 Jul", to lie beside its field."""
    measures = [
        field for field in FORM.fields if isinstance(field, Measure) and field.name not in AGAIN.values()
    ]
    return {
        field.name: Before(f"{field.show(visit[field.column])} {field.unit}", day_short(visit["visit_date"]))
        for field, visit in last_with(earlier, measures)
    }


def last_with(earlier: Sequence[Row], measures: Sequence[Measured]) -> list[tuple[Measured, Row]]:
    """Return each measure that was ever taken, with the last of these visits, oldest first, that has it."""
    newest = earlier[::-1]
    last = ((field, next((v for v in newest if v[field.column] is not None), None)) for field in measures)
    return [(field, visit) for field, visit in last if visit is not None]


def day_short(iso: str) -> str:
    """Write a stored day as "3 Jul"."""
    return f"{int(iso[8:])} {month_name(int(iso[5:7]))[:3]}"
