"""Compare the file with itself and with the register: ages against dates, values against kept ones, N and T against ours."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import date, timedelta

from forms import N_, Form, Sentence
from siposyandu.growth import kms
from siposyandu.imports import names
from siposyandu.imports.report import Child, Entry, Values

AGE_TOLERANCE_DAYS = 5
_AGE = re.compile(r"(\d+)\s*tahun\W*(\d+)\s*bulan\W*(\d+)\s*hari", re.IGNORECASE)

LETTERS = ("N", "T", "O", "B")

# Places and states are the register's own business; a file never moves a child.
NOT_COMPARED = {"posyandu", "person", "family", "status", "nik_missing_reason"}


def age_doubt(said: str, birth_date: str, visit_date: str) -> Sentence | None:
    """Why the age that the file says does not fit its own dates; None when it fits or is not said.

    >>> age_doubt("1 Tahun - 0 Bulan - 2 Hari", "2025-08-01", "2026-08-03")
    >>> print(age_doubt("2 Tahun - 0 Bulan - 2 Hari", "2025-08-01", "2026-08-03"))
    The file says 2 Tahun - 0 Bulan - 2 Hari, but by its dates the child was 12 months old.
    """
    found = _AGE.search(said)
    if not found:
        return None
    birth, visit = date.fromisoformat(birth_date), date.fromisoformat(visit_date)
    years, months, days = (int(part) for part in found.groups())
    by_words = _months_later(birth, years * 12 + months) + timedelta(days=min(days, 31))
    if abs((by_words - visit).days) <= AGE_TOLERANCE_DAYS:
        return None
    template = N_("The file says {said}, but by its dates the child was {months} months old.")
    return Sentence(template, said=said, months=kms.completed_months(birth, visit))


def _months_later(day: date, months: int) -> date:
    """The same day number, or the last one of a shorter month; ages past a century end there."""
    year, month = divmod(day.year * 12 + day.month - 1 + min(months, 1200), 12)
    first = date(year, month + 1, 1)
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    return last.replace(day=min(day.day, last.day))


def differences(form: Form, kept: Values, new: Values) -> list[tuple[str, str]]:
    """Fields of `new` that are known and not as kept: (name, kept value as shown). Names are compared as names."""
    found = []
    for column, value in new.items():
        field = form.by_column[column]
        alike = field.kind == "text" and names.plain(value) == names.plain(kept.get(column))
        if value is not None and column not in NOT_COMPARED and value != kept.get(column) and not alike:
            found.append((field.name, field.show(kept.get(column))))
    return found


def same_values(one: Values, other: Values) -> bool:
    """Whether two rows say the same of one record, leaving out what either leaves open."""
    return not any(
        one[column] is not None and other[column] is not None and one[column] != other[column]
        for column in one.keys() & other.keys()
    )


def gains(entries: Iterable[Entry], visits_of: Callable[[Child], list[Values]]) -> tuple[int, int]:
    """How often our N, T, O or B is the file's, and how often not."""
    said: dict[Child, list[Entry]] = defaultdict(list)
    for entry in entries:
        if entry.gain in LETTERS and entry.visit and entry.visit.get("weight_g"):
            said[entry.child].append(entry)
    agree = differ = 0
    for child, rows in said.items():
        ours = _letters(child, visits_of(child))
        for row in rows:
            letter = ours.get(str(row.visit and row.visit["visit_date"]))
            agree += letter == row.gain
            differ += letter not in (row.gain, None)
    return agree, differ


def _letters(child: Child, visits: Iterable[Values]) -> dict[str, str]:
    """Our letter by visit date."""
    weighings = [
        kms.Weighing(date.fromisoformat(str(visit["visit_date"])), int(visit["weight_g"] or 0))
        for visit in visits
        if visit.get("weight_g")
    ]
    birth, sex = child.values.get("birth_date"), child.values.get("sex")
    judged = kms.gain_statuses(date.fromisoformat(str(birth)), str(sex), weighings) if birth and sex else []
    return {status.visit_date.isoformat(): status.letter for status in judged}
