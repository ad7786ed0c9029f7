"""Who was born and which child died at a posyandu in a year, as F1 lists and F5 counts them.

A birth is a child whose first posyandu this is. A death counts where the child belonged when it died.
"""

from datetime import date
from typing import Any

from siposyandu.growth.kms import completed_months
from siposyandu.periods import Month
from siposyandu.store import Store

BABY_MONTHS = 12

Row = dict[str, Any]


def births(store: Store, posyandu_id: str, year: int) -> list[Row]:
    """Return the children born in a year whose first posyandu this is, by day of birth."""
    return store.rows(
        """select p.* from membership m join person p on p.id = m.person
        where m.posyandu = $1 and p.retracted = 0 and p.birth_date between $2 and $3
            and not exists (select 1 from membership earlier
                where earlier.person = m.person and earlier.from_date < m.from_date)
        order by p.birth_date, p.name, p.id""",
        posyandu_id,
        *_ends(year),
    )


def deaths(store: Store, posyandu_id: str, year: int) -> list[Row]:
    """Return the children of this posyandu who died in a year, by day of death."""
    return store.rows(
        """select p.* from membership m join person p on p.id = m.person
        where m.posyandu = $1 and p.retracted = 0 and p.status = 'died' and p.status_date between $2 and $3
            and m.until_date = p.status_date
        order by p.status_date, p.name, p.id""",
        posyandu_id,
        *_ends(year),
    )


def died_as_baby(child: Row) -> bool:
    """Whether a child who died was not yet a year old."""
    born, died = date.fromisoformat(child["birth_date"]), date.fromisoformat(child["status_date"])
    return completed_months(born, died) < BABY_MONTHS


def _ends(year: int) -> tuple[str, str]:
    return Month(year, 1).first.isoformat(), Month(year, 12).last.isoformat()
