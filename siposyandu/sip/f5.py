"""F5: month by month of a year, how many came, who was born and who died, and which workers were there."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from siposyandu.i18n import N_
from siposyandu.periods import Month
from siposyandu.sip import births, counts, present
from siposyandu.sip.counts import BABIES, OLDER, SEXES
from siposyandu.sip.format import MONTH_NAME, YEAR, Cell, Cells, Column, by_hand, year_of
from siposyandu.store import Store

CODE = "f5"
TITLE = N_("SIP F5: visitors, workers, births and deaths")
SOURCE = "SIP format 5 (domain.md 3)"
PERIOD = YEAR
SEX_WORDS = {"m": N_("M"), "f": N_("F")}


def _by_sex(key: str, group: str) -> tuple[Column, ...]:
    return tuple(Column(f"{key}_{sex}", SEX_WORDS[sex], group, room=8) for sex in SEXES)


_PRESENT = N_("Workers present")
COLUMNS = (
    Column("month", N_("Month"), kind=MONTH_NAME, room=20),
    *_by_sex("babies", N_("Babies 0–11 months")),
    *_by_sex("balita", N_("Balita 12–59 months")),
    *by_hand(
        ("wus", "WUS"), ("pus", "PUS"), ("pregnant", N_("Pregnant")), ("nursing", N_("Nursing")), room=13.5,
    ),
    *_by_sex("born", N_("Babies born")),
    *_by_sex("died", N_("Babies died")),
    *by_hand(
        ("pregnant_died", N_("pregnant")), ("childbirth_died", N_("at birth")), ("nifas_died", "nifas"),
        group=N_("Mothers who died"), room=11,
    ),
    Column("kader", N_("Kader"), _PRESENT, room=11),
    *by_hand(("plkb", "PLKB"), group=_PRESENT, room=11),
    Column("health_workers", N_("medical"), _PRESENT, room=11),
    *by_hand(("note", N_("Remarks")), room=20),
)  # fmt: skip
NOTES = (
    N_("Visitors are the children weighed in the month (D), by their age on its last day."),
    N_("A month in which nobody was weighed here stays empty."),
    N_("Workers: those whom the opened posyandu days of the month name, each once."),
    N_(
        "Born: whose first posyandu this is. A baby that came from elsewhere and was first registered here is among them."
    ),
)


def rows(store: Store, posyandu_id: str, month: Month) -> list[Cells]:
    """Return a row for each month of the year."""
    born = births.births(store, posyandu_id, month.year)
    died = [row for row in births.deaths(store, posyandu_id, month.year) if births.died_as_baby(row)]
    there = present.by_month(store, posyandu_id, month.year)
    lived = (_by_month(born, "birth_date"), _by_month(died, "status_date"))
    return [
        _row(
            each, counts.of_month(store, posyandu_id, each), lived, there.get(str(each), present.NOT_WRITTEN)
        )
        for each in year_of(month)
    ]


def _row(
    month: Month, counted: counts.Counts, lived: tuple[Counter[str], Counter[str]], there: present.Present
) -> Cells:
    came = [counted.of("d", groups, [sex]) for groups in (BABIES, OLDER) for sex in SEXES]
    lives = [_lived(month, sex, each, counted) for each in lived for sex in SEXES]
    mothers, mothers_died = [None] * 4, [None] * 3
    workers = (there.kader, None, there.health_workers)
    return (str(month), *came, *mothers, *lives, *mothers_died, *workers, None)


def _lived(month: Month, sex: str, found: Counter[str], counted: counts.Counts) -> Cell:
    """A 0 is known only of a month in which the posyandu was held."""
    number = found[f"{month}{sex}"]
    return number if number or counted.reported else None


def _by_month(children: Iterable[dict[str, Any]], day: str) -> Counter[str]:
    return Counter(f"{child[day][:7]}{child['sex']}" for child in children)
