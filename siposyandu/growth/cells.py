"""How one row of a children's file is read: sex, age, measures, as people really type them.

Accepted beside the plain forms: decimal comma, capitals, L and P for the sexes, dates day first (31/08/2026),
"NA" and "-" for nothing. Whatever is not understood is a BadCell, never a guess.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from siposyandu.growth.errors import BadCell
from siposyandu.i18n import N_

MEASURES = (
    "weight_kg", "length_height_cm", "head_circumference_cm", "muac_cm", "triceps_mm", "subscapular_mm",
)  # fmt: skip
COLUMNS = ("row_id", "sex", "age_days", "birth_date", "visit_date", *MEASURES, "measured", "oedema")
"""The standard names; other columns are kept and not read."""

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


def read_child(cells: Mapping[str, str]) -> dict[str, Any]:
    """Return the arguments for `standards.score` from a row's cells by column name. Raises BadCell."""
    child = {name: read(name, cells, _number) for name in MEASURES}
    return child | {
        "sex": read("sex", cells, _choice(SEXES, N_("write m or f"))),
        "age_days": read_age_days(cells),
        "measured": read("measured", cells, _choice(POSITIONS, N_("write l (lying) or h (standing)"))),
        "oedema": read("oedema", cells, _choice(OEDEMA, N_("write y or n"))) or False,
    }


def read_age_days(cells: Mapping[str, str]) -> float | None:
    """Return the age in days: as given, else from birth to visit, None when neither is there."""
    age_days: float | None = read("age_days", cells, _number)
    if age_days is not None:
        return age_days
    birth_date: date | None = read("birth_date", cells, _date)
    visit_date: date | None = read("visit_date", cells, _date)
    return (visit_date - birth_date).days if birth_date and visit_date else None


def read(name: str, cells: Mapping[str, str], reader: Callable[[str, str], Any]) -> Any:
    """Return what a column's cell means, None when it is absent or says "nothing"."""
    text = cells.get(name, "").strip()
    return None if text.lower() in NOTHING else reader(name, text)


def _number(name: str, text: str) -> float:
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
