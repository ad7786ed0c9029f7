"""The z-scores of all children of a survey as a survey counts them: one by one, or all at once by the province's kernel.

Both give the same scores (tests/test_growth_survey_scores.py); a flagged one is none. `visits` hold the arguments of
joined.score that WHO 2006 needs: sex, age, weight_kg, length_height_cm, measured, oedema.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from siposyandu.growth.joined import WHO_2006, score
from siposyandu.growth.standards import refuse_impossible, whole_days

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Visit = Mapping[str, Any]
CODES = {"m": 0, "f": 1, "lying": 0, "standing": 1, None: None}
"""Words as numbers, because numbers reach the kernel a hundred times sooner than words."""
Z = {"HA": "haz", "WA": "waz", "BMI": "baz", "WH": "whz"}
"""WHO's name of an index in its prevalence tables, and ours."""

Columns = dict[str, list[float | None]]
"""For each index of Z, the z-score of each child at two decimals; None: not there, or flagged."""


def refuse_unscorable(visit: Visit) -> None:
    """Raise a BadMeasurement for an age or a measure that makes no sense; the rest of scoring refuses nothing."""
    refuse_impossible(weight_kg=visit["weight_kg"], length_height_cm=visit["length_height_cm"])
    if visit["age"] is not None:
        whole_days(visit["age"].days)


def one_by_one(visits: Sequence[Visit]) -> Columns:
    """Score each child in plain Python."""
    columns: Columns = {index: [] for index in Z}
    for visit in visits:
        found = score(**visit, reference=WHO_2006)
        columns["HA"].append(None if found.haz_flag else found.haz)
        columns["WA"].append(None if found.waz_flag else found.waz)
        columns["BMI"].append(None if found.baz_flag else found.baz)
        columns["WH"].append(None if found.whz_flag else found.whz)
    return columns


def all_at_once(visits: Sequence[Visit]) -> Columns:
    """Score all children with DuckDB; needs the `server` extra. Ages in completed months are not for the kernel."""
    from siposyandu.growth.kernel import open_connection, score_sql

    usable = ", ".join(f'case when not {z}_flag then {z} end as "{index}"' for index, z in Z.items())
    with open_connection() as connection:
        connection.register("given", _columns(visits))
        connection.execute(f"create view visits as {_VISITS}")
        scored = score_sql("visits", ("place",))
        found = connection.execute(f"select {usable} from ({scored}) order by place").fetchnumpy()
    return {index: found[index].tolist() for index in Z}


_VISITS = """
    select place, case sex when 0 then 'm' when 1 then 'f' end as sex, nullif(age_days, 'nan') as age_days,
        nullif(weight_kg, 'nan') as weight_kg, nullif(length_height_cm, 'nan') as length_height_cm,
        case measured when 0 then 'lying' when 1 then 'standing' end as measured, oedema
    from given"""


def _columns(visits: Sequence[Visit]) -> "dict[str, NDArray[Any]]":
    """Return the visits as arrays; what is missing is not a number."""
    import numpy as np

    ages = [visit["age"] for visit in visits]
    return {
        "place": np.arange(len(visits)),
        "sex": _numbers([CODES[visit["sex"]] for visit in visits]),
        "age_days": _numbers([None if age is None else age.days for age in ages]),
        "weight_kg": _numbers([visit["weight_kg"] for visit in visits]),
        "length_height_cm": _numbers([visit["length_height_cm"] for visit in visits]),
        "measured": _numbers([CODES[visit["measured"]] for visit in visits]),
        "oedema": np.array([visit["oedema"] for visit in visits], dtype=np.bool_),
    }


def _numbers(column: Sequence[float | None]) -> "NDArray[np.float64]":
    import numpy as np

    return np.array(column, dtype=np.float64)
