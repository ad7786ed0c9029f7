"""The charts of one child, drawn from her stored visits, each in the size of a laptop and of a phone."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from markupsafe import Markup

from siposyandu.growth.kms import completed_months
from siposyandu.growth.length import DAYS_PER_MONTH, STANDING_FROM_DAY, body_mass_index
from siposyandu.web import charts
from siposyandu.web.charts import CARD, CARD_ON_PHONE, LAPTOP, PHONE, Chart, Child, Point, View

Row = Mapping[str, Any]
NEAR_MONTHS, NEAR_STEP = 12, 3
"""On a phone the growth card shows a year, which begins at a quarter."""


class Drawings(NamedTuple):
    """One chart whole, and close for a phone; a page that names neither gets both, and shows the one that fits."""

    whole: Markup
    near: Markup

    def __html__(self) -> Markup:
        """Return both."""
        return self.whole + self.near


class Source(NamedTuple):
    """Where an index's value comes from: what it takes from a visit, which columns, which visit of a month counts.

    `of_water`: swollen feet make the value say nothing of nutrition. `at_birth`: what stands for it on the child's card.
    """

    measure: Callable[[Row], float | None]
    columns: tuple[str, ...]
    counts: str | None = None
    of_water: bool = False
    by_position: bool = False
    at_birth: Callable[[Row], float | None] = lambda person: None


def _column(name: str, units: int) -> Callable[[Row], float | None]:
    return lambda row: None if row[name] is None else row[name] / units


def _bmi(visit: Row) -> float | None:
    return body_mass_index(_kilograms(visit), _centimetres(visit))


def _bmi_at_birth(person: Row) -> float | None:
    return body_mass_index(_born_kilograms(person), _born_centimetres(person))


_kilograms, _centimetres = _column("weight_g", 1000), _column("length_used_mm", 10)
_born_kilograms, _born_centimetres = _column("birth_weight_g", 1000), _column("birth_length_mm", 10)
_WEIGHT, _LENGTH, _BOTH = ("weight_g",), ("length_height_mm",), ("weight_g", "length_height_mm")
_WEIGHING = Source(_kilograms, _WEIGHT, "counts_weight", of_water=True, at_birth=_born_kilograms)
_MEASURING = Source(_centimetres, _LENGTH, "counts_length", by_position=True, at_birth=_born_centimetres)
_BUILD = Source(_bmi, _BOTH, "counts_length", of_water=True, by_position=True, at_birth=_bmi_at_birth)
_PLUMPNESS = _WEIGHING._replace(columns=_BOTH, counts="counts_length", by_position=True)

SOURCES: Mapping[str, Source] = {
    "wfa": _WEIGHING,
    "wfa_5_10": _WEIGHING,
    "lhfa": _MEASURING,
    "hfa_5_19": _MEASURING,
    "wfl": _PLUMPNESS,
    "wfh": _PLUMPNESS._replace(at_birth=lambda person: None),
    "bfa": _BUILD,
    "bfa_5_19": _BUILD,
    "hcfa": Source(
        _column("head_circumference_mm", 10), ("head_circumference_mm",),
        at_birth=_column("birth_head_circumference_mm", 10),
    ),
    "acfa": Source(_column("muac_mm", 10), ("muac_mm",)),
    "tsfa": Source(_column("triceps_tenth_mm", 10), ("triceps_tenth_mm",)),
    "ssfa": Source(_column("subscapular_tenth_mm", 10), ("subscapular_tenth_mm",)),
}  # fmt: skip


def child_of(person: Row) -> Child:
    """Return whose chart it is; her birth date and sex must be known."""
    return Child(person["name"], person["sex"], date.fromisoformat(person["birth_date"]))


def points_of(person: Row, visits: Sequence[Row], chart: Chart) -> list[Point]:
    """Return the points of a chart, oldest first: those of her visits that count, and what was measured at birth."""
    source = SOURCES[chart.index.code]
    found = [_point(visit, source, chart) for visit in visits if _counts(visit, source, chart)]
    born = _at_birth(person, source, chart)
    first_days = [point.day for point in found]
    return [born, *found] if born and born.day not in first_days else found


def chart_of(person: Row, visits: Sequence[Row], chart: Chart, view: View) -> Markup:
    """Draw one growth chart of a child."""
    return charts.draw(chart, child_of(person), points_of(person, visits, chart), view)


def weights_of(visits: Sequence[Row]) -> list[Point]:
    """Return the points of the growth card, oldest first: each month's weight that counts."""
    return [
        _marked(visit, _WEIGHING, visit["weight_g"] / 1000)._replace(
            letter=visit["gain"] or "", flagged=bool(visit["waz_flag"]), swollen=False
        )
        for visit in visits
        if visit["counts_weight"]
    ]


def kms_of(person: Row, visits: Sequence[Row], *, card: str, name: str = "kms") -> Drawings:
    """Draw the growth card: each month's weight that counts; close, the months round the newest."""
    child, points = child_of(person), weights_of(visits)
    near = View(CARD_ON_PHONE, near_months(child, points, card), f"{name}-near")
    whole = View(CARD, name=name)
    return Drawings(*(charts.kms(child, points, card=card, view=view) for view in (whole, near)))


def length_of(person: Row, visits: Sequence[Row], *, card: str, name: str = "length") -> Drawings:
    """Draw length for age: each month's length that counts, corrected for how it was measured."""
    chart = charts.BY_CODE[{"0-24": "pb-u-0-2", "24-60": "tb-u-2-5"}.get(card, "tb-u-0-5")]
    child, points = child_of(person), points_of(person, visits, chart)
    near = View(PHONE, charts.near(chart, newest_at(child, points, chart)), f"{name}-near")
    whole = View(LAPTOP, name=name)
    return Drawings(*(charts.draw(chart, child, points, view) for view in (whole, near)))


def newest_at(child: Child, points: Sequence[Point], chart: Chart) -> float:
    """Return where the newest point of a chart lies on its axis; the chart's beginning where there is none."""
    first, last = chart.span
    lying = [
        reading.at for reading in charts.readings(chart.index, child, points) if first <= reading.at <= last
    ]
    return lying[-1] if lying else first


def card_at(person: Row, on: date) -> str:
    """Return which card the child uses on a day."""
    return charts.card_for(completed_months(date.fromisoformat(person["birth_date"]), on))


def near_months(child: Child, points: Sequence[Point], card: str) -> tuple[int, int]:
    """Return the months of a card that are shown close: those round the newest point."""
    first, last = charts.CARDS[card]
    ages = [(point.day - child.birth_date).days / DAYS_PER_MONTH for point in points]
    newest = max((age for age in ages if first <= age <= last), default=first)
    begin = int(newest // NEAR_STEP + 1) * NEAR_STEP - NEAR_MONTHS + NEAR_STEP
    begin = min(max(begin, first), last - NEAR_MONTHS)
    return begin, begin + NEAR_MONTHS


def _counts(visit: Row, source: Source, chart: Chart) -> bool:
    """Whether a visit has a point on a chart: measured, the one that counts in its month, and of the chart's table."""
    if visit["age_days"] is None or source.measure(visit) is None:
        return False
    if source.counts and not visit[source.counts]:
        return False
    if chart.centimetres is None:
        return True
    lying = visit["age_days"] < STANDING_FROM_DAY
    return _centimetres(visit) is not None and lying == (chart.index.code == "wfl")


def _point(visit: Row, source: Source, chart: Chart) -> Point:
    point = _marked(visit, source, source.measure(visit) or 0.0)
    return point._replace(length_cm=_centimetres(visit)) if chart.centimetres else point


def _marked(visit: Row, source: Source, measure: float) -> Point:
    used, measured = visit["length_used_mm"], visit["length_height_mm"]
    return Point(
        day=date.fromisoformat(visit["visit_date"]),
        measure=measure,
        corrected=any(column in visit.get("corrected", ()) for column in source.columns),
        converted=source.by_position and used != measured,
        swollen=source.of_water and (visit["oedema"] or "no") != "no",
    )


def _at_birth(person: Row, source: Source, chart: Chart) -> Point | None:
    measure = source.at_birth(person)
    length_cm = _born_centimetres(person)
    if measure is None or (chart.centimetres and length_cm is None):
        return None
    point = Point(date.fromisoformat(person["birth_date"]), measure)
    return point._replace(length_cm=length_cm) if chart.centimetres else point
