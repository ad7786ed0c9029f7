"""The charts of one child, drawn from her stored visits."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from markupsafe import Markup

from siposyandu.growth.kms import completed_months
from siposyandu.web import charts
from siposyandu.web.charts import Child, Point

Row = Mapping[str, Any]


def kms_of(person: Row, visits: Sequence[Row], *, card: str, name: str = "kms") -> Markup:
    """Draw the growth card: each month's weight that counts."""
    weighed = [visit for visit in visits if visit["counts_weight"]]
    points = [_point(visit, "weight_g", visit["weight_g"] / 1000, visit["waz_flag"]) for visit in weighed]
    points = [
        point._replace(letter=visit["gain"] or "") for point, visit in zip(points, weighed, strict=True)
    ]
    return charts.kms(_child(person), points, card=card, name=name)


def length_of(person: Row, visits: Sequence[Row], *, card: str, name: str = "length") -> Markup:
    """Draw length for age: each month's length that counts, corrected for how it was measured."""
    measured = [visit for visit in visits if visit["counts_length"] and visit["length_used_mm"]]
    points = [
        _point(visit, "length_height_mm", visit["length_used_mm"] / 10, visit["haz_flag"])
        for visit in measured
    ]
    return charts.length_for_age(_child(person), points, card=card, name=name)


def card_at(person: Row, on: date) -> str:
    """Return which card the child uses on a day."""
    return charts.card_for(completed_months(date.fromisoformat(person["birth_date"]), on))


def _child(person: Row) -> Child:
    return Child(person["name"], person["sex"], date.fromisoformat(person["birth_date"]))


def _point(visit: Row, column: str, measure: float, flag: int | None) -> Point:
    return Point(
        day=date.fromisoformat(visit["visit_date"]),
        measure=measure,
        corrected=column in visit.get("corrected", ()),
        flagged=bool(flag),
    )
