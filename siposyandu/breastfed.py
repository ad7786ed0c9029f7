"""ASI E0 to E6: in which months of its life a baby had breast milk only, as the register and the KMS keep it.

A visit answers for the month in which the baby is ("breast milk only"), and may answer for earlier months by name. The
latest answer about a month holds; a month nobody asked about is not among them.
"""

from collections.abc import Iterable, Mapping
from typing import Any

LAST_MONTH = 6
COLUMNS = tuple(f"breastfed_month_{month}" for month in range(LAST_MONTH + 1))

Row = Mapping[str, Any]


def months(visits: Iterable[Row]) -> dict[int, bool]:
    """Return month of life -> whether it was breast milk only, from visits (with `age_months`), oldest first.

    >>> asked = {"exclusive_breastfeeding": None, **dict.fromkeys(COLUMNS)}
    >>> months([asked | {"age_months": 1, "exclusive_breastfeeding": 1}, asked | {"age_months": 2, "breastfed_month_0": 0}])
    {0: False, 1: True}
    """
    said: dict[int, bool] = {}
    for visit in visits:
        age = visit["age_months"]
        if visit["exclusive_breastfeeding"] is not None and age is not None and age <= LAST_MONTH:
            said[age] = bool(visit["exclusive_breastfeeding"])
        said |= {
            month: bool(visit[column]) for month, column in enumerate(COLUMNS) if visit[column] is not None
        }
    return dict(sorted(said.items()))


def answered(visit: Row) -> tuple[int, bool] | None:
    """Return the month of life a visit was in and its answer for that month; None when it gives none."""
    age, said = visit["age_months"], months([visit])
    return (age, said[age]) if age in said else None
