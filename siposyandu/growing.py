"""How a child grows, visit by visit: from her card and her visits to z-scores, categories, N or T, 2T and BGM. Pure.

What a visit says by itself (scores, categories) depends on the card and on that visit alone. What it says of the series
(which weighing counts for its month, N, T, O, B, 2T) depends on it and on *earlier* visits, never on later ones. So when
visits change, everything up to the month before the first of them stays as it was: `growth_rows` may be given only the
visits from that month on, with the judgements of the weighings before.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from siposyandu.growth import classify, kms, standards
from siposyandu.store import Value

INDICES = ("waz", "haz", "whz", "baz", "hcz", "acz", "tsz", "ssz")
FLAGS = tuple(f"{index}_flag" for index in INDICES)
_FIRST_SCORE, _FIRST_FLAG = (standards.Scores._fields.index(name) for name in (INDICES[0], FLAGS[0]))
_AFTER_FLAGS = _FIRST_FLAG + len(FLAGS)
assert standards.Scores._fields[_FIRST_SCORE:_AFTER_FLAGS] == (*INDICES, *FLAGS)
MEASURES = (
    "weight_g", "length_height_mm", "measured", "head_circumference_mm", "muac_mm", "triceps_tenth_mm",
    "subscapular_tenth_mm", "oedema", "gain_override", "gain_override_reason",
)  # fmt: skip
"""The columns of a visit that decide how the child grows; and id and visit_date."""

Row = dict[str, Any]


def growth_rows(
    child: Row, visits: Sequence[Row], earlier: Sequence[kms.GainStatus] = ()
) -> list[dict[str, Value]]:
    """Score a child's visits, oldest first, and judge each month's weighing against the one before.

    The last visit with a weight counts for its month; the last with a length (or oedema) counts for stunting and wasting.
    `earlier` are the judgements of weighings in months before the first of the visits, oldest first.
    """
    judged = _judged(child, visits, earlier)
    measured = [visit for visit in visits if visit["length_height_mm"] or _swollen(visit)]
    length_counts = {visit["visit_date"][:7]: visit["id"] for visit in measured}
    born = date.fromisoformat(child["birth_date"])
    return [
        {
            "id": visit["id"],
            "person": child["id"],
            "visit_date": visit["visit_date"],
            "month": visit["visit_date"][:7],
            **_scored(child["sex"], born, visit),
            "counts_weight": int(visit["id"] in judged),
            "counts_length": int(length_counts.get(visit["visit_date"][:7]) == visit["id"]),
            **_gain(judged.get(visit["id"])),
        }
        for visit in visits
    ]


def _judged(
    child: Row, visits: Sequence[Row], earlier: Sequence[kms.GainStatus]
) -> dict[str, tuple[kms.GainStatus, bool]]:
    """Judge the weighings that count: visit id -> its letter and whether it is 2T."""
    weighed = [visit for visit in visits if visit["weight_g"] is not None]
    by_month = {visit["visit_date"][:7]: visit["id"] for visit in weighed}
    weighings = [
        kms.Weighing(
            date.fromisoformat(visit["visit_date"]),
            visit["weight_g"],
            visit["gain_override"],
            visit["gain_override_reason"],
        )
        for visit in weighed
    ]
    born, before = date.fromisoformat(child["birth_date"]), earlier[-1] if earlier else None
    last = kms.Weighing(before.visit_date, before.weight_g) if before else None
    statuses = [*earlier, *kms.gain_statuses(born, child["sex"], weighings, before=last)]
    return {
        by_month[status.visit_date.isoformat()[:7]]: (status, kms.two_t(statuses[: position + 1]))
        for position, status in enumerate(statuses[len(earlier) :], len(earlier))
    }


def _gain(judged: tuple[kms.GainStatus, bool] | None) -> dict[str, Value]:
    if judged is None:
        return {"gain": None, "gain_g": None, "minimum_gain_g": None, "two_t": 0}
    status, two_t = judged
    return {
        "gain": status.letter,
        "gain_g": status.gain_g,
        "minimum_gain_g": status.minimum_gain_g,
        "two_t": int(two_t),
    }


def scores(sex: str, age_days: int, visit: Row) -> standards.Scores:
    """Score one visit's stored measures (grams, millimetres) by WHO's arithmetic, which works in kg and cm."""
    return standards.score(
        sex=sex,
        age_days=age_days,
        weight_kg=_divided(visit["weight_g"], 1000),
        length_height_cm=_divided(visit["length_height_mm"], 10),
        measured=visit["measured"],
        head_circumference_cm=_divided(visit["head_circumference_mm"], 10),
        muac_cm=_divided(visit["muac_mm"], 10),
        triceps_mm=_divided(visit["triceps_tenth_mm"], 10),
        subscapular_mm=_divided(visit["subscapular_tenth_mm"], 10),
        oedema=_swollen(visit),
    )


def _scored(sex: str, born: date, visit: Row) -> dict[str, Value]:
    day = date.fromisoformat(visit["visit_date"])
    result = scores(sex, (day - born).days, visit)
    months = kms.completed_months(born, day)
    status = classify.status(
        result, muac_cm=_divided(visit["muac_mm"], 10), age_months=months, oedema=_swollen(visit)
    )
    return {
        "sex": sex,
        "age_days": (day - born).days,
        "age_months": months,
        "standard": standards.VERSION,
        "length_used_mm": None if result.length_used_cm is None else round(result.length_used_cm * 10),
        "bmi": result.bmi,
        **dict(zip(INDICES, result[_FIRST_SCORE:_FIRST_FLAG], strict=True)),
        **{column: _bit(flag) for column, flag in zip(FLAGS, result[_FIRST_FLAG:_AFTER_FLAGS], strict=True)},
        "position_flag": int(result.position_refused),
        **_categories(status),
        "oedema": int(_swollen(visit)),
        "below_red_line": int(bool(kms.below_red_line(result.waz))),
    }


def _categories(status: classify.Status) -> Mapping[str, Value]:
    return {
        "waz_category": _code(status.weight_for_age),
        "haz_category": _code(status.length_for_age),
        "whz_category": _code(status.weight_for_length),
        "baz_category": _code(status.bmi_for_age),
        "hcz_category": _code(status.head_for_age),
        "muac_category": _code(status.muac),
        "severe_malnutrition": int(bool(status.severe_signs)),
    }


def _code(category: classify.Category | None) -> str | None:
    return None if category is None else category.code


def _divided(value: int | None, by: int) -> float | None:
    return None if value is None else value / by


def _bit(flag: float | str | None) -> int | None:
    return None if flag is None else int(flag)


def _swollen(visit: Row) -> bool:
    return (visit["oedema"] or "no") != "no"
