"""What a child is due for on a posyandu day: vaccines by age, vitamin A in February and August, worm medicine in August.

The schedule is KMK 2015/2023 as domain.md 12 gives it. Two things are left out on purpose: hepatitis B 0, which is given
within 24 hours of birth, and Japanese encephalitis, which is for endemic districts only (the status of NTB is not
confirmed). It names who to look at; the health worker decides.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from siposyandu.growth.kms import completed_months
from siposyandu.periods import Month
from siposyandu.store import Store
from sync.chunks import chunks, holes

Row = dict[str, Any]

# "One month" between two doses: posyandu days lie 28 or 35 days apart, so a calendar month would miss every second one.
MONTH_DAYS = 28
EIGHT_WEEKS_DAYS, HALF_YEAR_DAYS, YEAR_DAYS = 56, 183, 365


class Dose(NamedTuple):
    """One dose: from which completed month, in which month its age ends, after which dose, and how many days after it."""

    code: str
    from_months: int
    by_months: int
    after: str | None = None
    least_days: int = MONTH_DAYS


# In the order in which they are given; the codes are those of forms/balita.py.
SCHEDULE = (
    Dose("bcg", 0, 0),
    Dose("opv1", 0, 0),
    Dose("dpt1", 2, 2),
    Dose("opv2", 2, 2, "opv1"),
    Dose("rv1", 2, 2),
    Dose("pcv1", 2, 2),
    Dose("dpt2", 3, 3, "dpt1"),
    Dose("opv3", 3, 3, "opv2"),
    Dose("rv2", 3, 3, "rv1"),
    Dose("pcv2", 3, 3, "pcv1"),
    Dose("dpt3", 4, 4, "dpt2"),
    Dose("opv4", 4, 4, "opv3"),
    Dose("rv3", 4, 4, "rv2"),
    Dose("ipv1", 4, 4),
    Dose("mr1", 9, 9),
    Dose("ipv2", 9, 9, "ipv1"),
    Dose("pcv3", 12, 12, "pcv2", EIGHT_WEEKS_DAYS + 1),
    Dose("dpt4", 18, 23, "dpt3", YEAR_DAYS + 1),
    Dose("mr2", 18, 23, "mr1", HALF_YEAR_DAYS + 1),
)
LAST_BY_MONTHS = max(dose.by_months for dose in SCHEDULE)
CAPSULE_MONTHS = frozenset({2, 8})
CAPSULE_AGES_MONTHS = range(6, 60)
RED_CAPSULE_FROM_MONTHS = 12
DEWORMING_MONTH = 8
DEWORMING_AGES_MONTHS = range(12, 60)


class Due(NamedTuple):
    """What is due: vaccine codes in the schedule's order, the colour of the capsule ("" for none), worm medicine."""

    vaccines: tuple[str, ...]
    capsule: str
    deworming: bool


def on_day(birth: date, on: date, visits: Iterable[Row]) -> Due:
    """Return what a child is due for on a day, from what her visits (see `services`) say was given."""
    if on < birth:
        return Due((), "", deworming=False)
    visits, months = list(visits), completed_months(birth, on)
    return Due(
        vaccines(birth, on, given(birth, visits)), _capsule(months, on, visits), _worms(months, on, visits)
    )


def vaccines(birth: date, on: date, had: Mapping[str, date]) -> tuple[str, ...]:
    """Return the doses whose age has come, that are not written as given, and whose interval is over.

    >>> vaccines(date(2026, 6, 1), date(2026, 8, 3), {"bcg": date(2026, 6, 8), "opv1": date(2026, 6, 8)})
    ('dpt1', 'opv2', 'rv1', 'pcv1')
    """
    known, months = _with_earlier(had), completed_months(birth, on)
    return tuple(
        dose.code
        for dose in SCHEDULE
        if dose.code not in known and months >= dose.from_months and _interval_over(dose, known, on)
    )


def given(birth: date, visits: Iterable[Row]) -> dict[str, date]:
    """Return each dose that counts as given, with the last day on which it can have been.

    "Complete for the age" speaks for the doses whose age was over on that day.
    """
    had: dict[str, date] = {}
    over_months = 0  # what was due before this age was given, a visit has said
    for visit in visits:
        day = date.fromisoformat(visit["visit_date"])
        if visit["immunisations"]:
            had |= dict.fromkeys(visit["immunisations"].split(","), day)
        # Once the last dose's age is over, the next forty visits that say "complete" add nothing.
        if visit["immunisation_complete"] and over_months <= LAST_BY_MONTHS and day >= birth:
            months = completed_months(birth, day)
            for dose in SCHEDULE:
                if over_months <= dose.by_months < months:
                    had.setdefault(dose.code, day)
            over_months = months
    return had


def services(store: Store, births: Mapping[str, date], on: date) -> dict[str, list[Row]]:
    """Return, by child, the visits up to a day that tell of vaccines, capsules or worm medicine, oldest first.

    Of a child whose vaccines were called complete after the last dose's age only the last such visit and those of the
    day's month are read: the forty before it say nothing more.
    """
    begun = Month.of(on).first
    complete = {
        row["person"]: row
        for row in _last_complete(store, list(births), on)
        if completed_months(births[row["person"]], date.fromisoformat(row["visit_date"])) > LAST_BY_MONTHS
    }
    found = {child: [row] for child, row in complete.items() if row["visit_date"] < begun.isoformat()}
    others = [child for child in births if child not in complete]
    for row in (*_telling(store, others, date.min, on), *_telling(store, list(complete), begun, on)):
        found.setdefault(row["person"], []).append(row)
    return found


_COLUMNS = "v.person, v.visit_date, v.immunisations, v.immunisation_complete, v.vitamin_a, v.deworming"


def _last_complete(store: Store, children: Sequence[str], on: date) -> Iterator[Row]:
    for part in chunks(children):
        sql = f"""select {_COLUMNS} from person p join balita v on v.id = (
                select id from balita where person = p.id and retracted = 0 and visit_date <= $1
                    and immunisation_complete = 1 order by visit_date desc, id desc limit 1)
            where p.id in ({holes(part, 1)})"""
        yield from store.rows(sql, on.isoformat(), *part)


def _telling(store: Store, children: Sequence[str], since: date, on: date) -> Iterator[Row]:
    for part in chunks(children):
        sql = f"""select {_COLUMNS} from balita v
            where v.retracted = 0 and v.visit_date >= $1 and v.visit_date <= $2 and v.person in ({holes(part, 2)})
                and (v.immunisations is not null or v.immunisation_complete = 1 or v.vitamin_a = 1 or v.deworming = 1)
            order by v.person, v.visit_date, v.id"""
        yield from store.rows(sql, since.isoformat(), on.isoformat(), *part)


def _with_earlier(had: Mapping[str, date]) -> dict[str, date]:
    """Who had the third dose had the first two, though nobody wrote them down."""
    known = dict(had)
    for dose in reversed(SCHEDULE):
        if dose.after and dose.code in known:
            known.setdefault(dose.after, known[dose.code])
    return known


def _interval_over(dose: Dose, had: Mapping[str, date], on: date) -> bool:
    return dose.after is None or (dose.after in had and (on - had[dose.after]).days >= dose.least_days)


def _capsule(months: int, on: date, visits: Iterable[Row]) -> str:
    if on.month not in CAPSULE_MONTHS or months not in CAPSULE_AGES_MONTHS or _had("vitamin_a", on, visits):
        return ""
    return "red" if months >= RED_CAPSULE_FROM_MONTHS else "blue"


def _worms(months: int, on: date, visits: Iterable[Row]) -> bool:
    in_time = on.month == DEWORMING_MONTH and months in DEWORMING_AGES_MONTHS
    return in_time and not _had("deworming", on, visits)


def _had(column: str, on: date, visits: Iterable[Row]) -> bool:
    month = str(Month.of(on))
    return any(visit[column] and visit["visit_date"].startswith(month) for visit in visits)
