"""How one row of a children's file is read: sex, age, measures, as people really type them.

Accepted beside the plain forms: decimal comma, capitals, L and P for the sexes, dates day first (31/08/2026),
"NA" and "-" for nothing. Whatever is not understood is a BadCell, never a guess.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from siposyandu.growth.errors import BadCell
from siposyandu.growth.joined import Age, age_in_completed_months, age_in_days, age_in_months
from siposyandu.growth.kms import completed_months
from siposyandu.growth.length import DAYS_PER_MONTH
from siposyandu.i18n import N_

MEASURES = (
    "weight_kg", "length_height_cm", "head_circumference_cm", "muac_cm", "triceps_mm", "subscapular_mm",
)  # fmt: skip
AGE_COLUMNS = ("age_days", "birth_date", "visit_date", "age_months")
OTHER_NAMES = {"height_cm": "length_height_cm"}
"""Read where the standard column is absent; a school's list has heights only."""
COLUMNS = ("row_id", "sex", *AGE_COLUMNS, *MEASURES, "measured", "oedema", *OTHER_NAMES)
"""The names that are read; other columns are kept and not read."""

IN_DAYS, IN_MONTHS, IN_COMPLETED_MONTHS = "days", "months", "completed-months"

NOTHING = frozenset(("", "na", "n/a", "#n/a", "nan", "null", "none", "-", "."))
SEXES = {
    "m": "m", "1": "m", "l": "m", "male": "m", "laki-laki": "m", "laki laki": "m",
    "f": "f", "2": "f", "p": "f", "female": "f", "perempuan": "f",
}  # fmt: skip
POSITIONS = {
    "l": "lying", "lying": "lying", "terlentang": "lying", "telentang": "lying",
    "h": "standing", "standing": "standing", "berdiri": "standing",
}  # fmt: skip
# No digits: 2 means "no" in WHO's files and grade 2 in Indonesian ones.
OEDEMA = {"y": True, "yes": True, "ya": True, "n": False, "no": False, "tidak": False}

_NUMBER = re.compile(r"[+-]?[0-9]*[.,]?[0-9]+")
_ISO_DATE = re.compile(r"([0-9]{4})[-/]([0-9]{1,2})[-/]([0-9]{1,2})(?:[ T][0-9:.]+)?")
_DAY_FIRST = re.compile(r"([0-9]{1,2})[-/.]([0-9]{1,2})[-/.]([0-9]{4})(?:[ T][0-9:.]+)?")


def read_child(cells: Mapping[str, str], age: str = IN_DAYS) -> dict[str, Any]:
    """Return the arguments for `joined.score` from a row's cells by column name. Raises a BadMeasurement.

    `age` is one of AGES: in days (or from dates), in the months of the column age_months, or in completed months.
    """
    child = {name: read(name, cells, number) for name in MEASURES}
    return child | {
        "sex": read("sex", cells, _choice(SEXES, N_("write m or f"))),
        "age": AGES[age](cells),
        "measured": read("measured", cells, _choice(POSITIONS, N_("write l (lying) or h (standing)"))),
        "oedema": read("oedema", cells, _choice(OEDEMA, N_("write y or n"))) or False,
    }


def _in_days(cells: Mapping[str, str]) -> Age | None:
    """Return the age as given in days, else from birth to visit, None when neither is there."""
    age_days: float | None = read("age_days", cells, number)
    if age_days is not None:
        return age_in_days(age_days)
    dates = _dates(cells)
    return age_in_days((dates[1] - dates[0]).days) if dates else None


def _in_months(cells: Mapping[str, str]) -> Age | None:
    """Return the age as given in months, with their fraction."""
    age_months: float | None = read("age_months", cells, number)
    return None if age_months is None else age_in_months(age_months)


def _in_completed_months(cells: Mapping[str, str]) -> Age | None:
    """Return the full months: of the months as given, else by the calendar from birth to visit, else of the days."""
    age_months: float | None = read("age_months", cells, number)
    if age_months is not None:
        return age_in_completed_months(age_months)
    if dates := _dates(cells):
        return age_in_completed_months(completed_months(*dates))
    age_days: float | None = read("age_days", cells, number)
    return None if age_days is None else age_in_completed_months(age_days / DAYS_PER_MONTH)


AGES = {IN_DAYS: _in_days, IN_MONTHS: _in_months, IN_COMPLETED_MONTHS: _in_completed_months}
"""How an age may be read, by the name that a person asks for it."""


def _dates(cells: Mapping[str, str]) -> tuple[date, date] | None:
    birth_date: date | None = read("birth_date", cells, _date)
    visit_date: date | None = read("visit_date", cells, _date)
    return (birth_date, visit_date) if birth_date and visit_date else None


def read(name: str, cells: Mapping[str, str], reader: Callable[[str, str], Any]) -> Any:
    """Return what a column's cell means, None when it is absent or says "nothing"."""
    text = nothing_or(cells.get(name, ""))
    return None if text is None else reader(name, text)


def nothing_or(text: str) -> str | None:
    """Return a cell's text without spaces around it, None where it says "nothing"."""
    text = text.strip()
    return None if text.lower() in NOTHING else text


def number(name: str, text: str) -> float:
    """Read a number with decimal point or comma. Raises BadCell."""
    if not _NUMBER.fullmatch(text):
        raise BadCell(field=name, given=text, expected=N_("write a number such as 7.8"))
    return float(text.replace(",", "."))


def _date(name: str, text: str) -> date:
    try:
        if found := _ISO_DATE.fullmatch(text):
            year, month, day = map(int, found.groups())
            return date(year, month, day)
        if found := _DAY_FIRST.fullmatch(text):
            day, month, year = map(int, found.groups())
            return date(year, month, day)
    except ValueError:
        pass  # such as 31 February: said below
    raise BadCell(field=name, given=text, expected=N_("write a date such as 2026-08-31"))


def _choice(choices: Mapping[str, Any], expected: str) -> Callable[[str, str], Any]:
    def reader(name: str, text: str) -> Any:
        if text.lower() not in choices:
            raise BadCell(field=name, given=text, expected=expected)
        return choices[text.lower()]

    return reader
