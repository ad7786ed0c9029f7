"""Dates as people write them: 2024-08-03, 03-08-2024, 3 Agustus 2024; and age in completed months."""

from __future__ import annotations

import re
from datetime import date

# Names and the shortenings met on posyandu cards, Indonesian and English.
_MONTH_NAMES = (
    "jan januari january",
    "feb peb februari pebruari february",
    "mar mrt maret march",
    "apr april",
    "mei may",
    "jun juni june",
    "jul juli july",
    "agt agu ags agst aug agustus august",
    "sep sept september",
    "okt oct oktober october",
    "nov nop november nopember",
    "des dec desember december",
)
MONTHS = {name: number for number, names in enumerate(_MONTH_NAMES, start=1) for name in names.split()}

_YEAR_FIRST = re.compile(r"([0-9]{4})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})")
_DAY_FIRST = re.compile(r"([0-9]{1,2})[-/. ]([0-9]{1,2})[-/. ]([0-9]{4})")
_IN_WORDS = re.compile(r"([0-9]{1,2})[-/. ]*([a-z]+)[-/. ]*([0-9]{4})")


def read_date(text: str) -> date | None:
    """The date a person wrote, day before month; None when it is no date.

    >>> read_date("3 Agustus 2024") == read_date("03/08/2024") == read_date("2024-08-03") == date(2024, 8, 3)
    True
    >>> read_date("31-02-2024"), read_date("3/8/24")
    (None, None)
    """
    text = " ".join(text.casefold().split())
    if found := _YEAR_FIRST.fullmatch(text):
        year, month, day = (int(part) for part in found.groups())
    elif found := _DAY_FIRST.fullmatch(text):
        day, month, year = (int(part) for part in found.groups())
    elif (found := _IN_WORDS.fullmatch(text)) and found[2] in MONTHS:
        day, month, year = int(found[1]), MONTHS[found[2]], int(found[3])
    else:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


def completed_months(birth: date, on: date) -> int:
    """Whole months lived on a day: a child born on the 31st completes a month on the day after a shorter one.

    >>> born = date(2024, 1, 31)
    >>> completed_months(born, date(2024, 2, 29)), completed_months(born, date(2024, 3, 1))
    (0, 1)
    """
    return (on.year - birth.year) * 12 + on.month - birth.month - (on.day < birth.day)
