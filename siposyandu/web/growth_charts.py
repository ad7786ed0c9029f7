"""All growth charts of a child: choose the index and the ages, look closer, print on A4 or A5.

Each chart is drawn twice, for a laptop and for a phone (the style sheet shows the one that fits): on a phone a close look
at the months round the newest measurement, so that the numbers at its edges stay in sight.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple
from urllib.parse import urlencode

from flask import Blueprint, redirect, render_template, request
from markupsafe import Markup
from werkzeug.wrappers import Response

from siposyandu import places
from siposyandu.growth.length import DAYS_PER_MONTH
from siposyandu.i18n import gettext as _
from siposyandu.web import charts, curves, day, one_child, sessions
from siposyandu.web.charts import A4, A5, LAPTOP, PHONE, Chart, Kind, Layout, Reading, View
from siposyandu.web.charts.points import said
from siposyandu.web.charts.words import age_words, band_words, category_words, marks_words, summary
from siposyandu.web.sessions import needs_worker

pages = Blueprint("growth_charts", __name__)

WHOLE, CLOSE = "kartu", "dekat"
EVERY = "semua"
PAPERS = {"A4": A4, "A5": A5}

Row = dict[str, Any]


class Tab(NamedTuple):
    """One way to another chart: its address, words, and how many measurements it has."""

    url: str
    words: str
    detail: str
    measured: int
    here: bool


class Drawing(NamedTuple):
    """A chart in one size, with the ways to look closer, at the whole, and farther left or right."""

    size: str
    svg: Markup
    switch_url: str
    close: bool
    left_url: str | None
    right_url: str | None


class Line(NamedTuple):
    """One measurement in the table below a chart."""

    on: date
    age: str
    measure: str
    where: str
    category: str
    marks: str


@pages.get("/anak/<person_id>/grafik")
@needs_worker
def show(person_id: str) -> str | Response:
    """Show one chart; a child whose birth date or sex is missing is completed first."""
    person = one_child.opened(person_id)
    if not person["birth_date"] or not person["sex"]:
        return redirect(f"/anak/{person_id}/ubah")
    visits, chart = one_child.visits_of(person_id), _chart(person)
    readings = _readings(person, visits, chart)
    return render_template(
        "growth_charts.html",
        **_heading(person),
        chart=chart,
        kinds=_kinds(person, visits, chart),
        cards=_cards(person, visits, chart),
        drawings=[_drawing(person, visits, chart, layout) for layout in (LAPTOP, PHONE)],
        summary=summary(chart.index, curves.child_of(person), readings),
        lines=_lines(person, chart, readings)[::-1],
    )


@pages.get("/anak/<person_id>/grafik/cetak")
@needs_worker
def paper(person_id: str) -> str | Response:
    """Show the sheets to print: one chart, or each that has a measurement."""
    person = one_child.opened(person_id)
    if not person["birth_date"] or not person["sex"]:
        return redirect(f"/anak/{person_id}/ubah")
    visits, size = one_child.visits_of(person_id), _paper()
    wanted = _every(person, visits) if request.args.get("grafik") == EVERY else [_chart(person)]
    return render_template(
        "growth_charts_print.html",
        **_heading(person),
        papers=PAPERS,
        paper=size,
        chosen=request.args.get("grafik", wanted[0].code),
        charts=[curves.chart_of(person, visits, each, View(PAPERS[size], name=each.code)) for each in wanted],
        printed=sessions.today(),
    )


def _heading(person: Row) -> Row:
    return {
        "person": one_child.heading(person, day.at_hand()),
        "posyandu": places.posyandu(sessions.store(), person["posyandu"])["name"],
    }


def _paper() -> str:
    wanted = request.args.get("kertas", "")
    return wanted if wanted in PAPERS else next(iter(PAPERS))


def _chart(person: Row) -> Chart:
    """Return the chart asked for; weight at the child's age where none was, or one that there is not."""
    wanted = charts.BY_CODE.get(request.args.get("grafik", ""))
    return wanted or charts.for_age(charts.KINDS[0].code, _age_months(person))


def _age_months(person: Row) -> float:
    return (day.at_hand() - date.fromisoformat(person["birth_date"])).days / DAYS_PER_MONTH


def _every(person: Row, visits: Sequence[Row]) -> list[Chart]:
    """Return the chart of each kind for the child's age, as far as it has a measurement; at least one."""
    age = _age_months(person)
    fitting = [charts.for_age(kind.code, age) for kind in charts.KINDS]
    return [chart for chart in fitting if _readings(person, visits, chart)] or fitting[:1]


def _readings(person: Row, visits: Sequence[Row], chart: Chart) -> list[Reading]:
    """Return the readings that lie on a chart."""
    taken = charts.readings(chart.index, curves.child_of(person), curves.points_of(person, visits, chart))
    first, last = chart.span
    return [reading for reading in taken if first - 0.1 <= reading.at <= last]


def _kinds(person: Row, visits: Sequence[Row], shown: Chart) -> list[Tab]:
    return [_kind(person, visits, kind, shown) for kind in charts.KINDS]


def _kind(person: Row, visits: Sequence[Row], kind: Kind, shown: Chart) -> Tab:
    chart = charts.for_age(kind.code, _age_months(person))
    measured = len(_readings(person, visits, chart))
    return Tab(_url(grafik=chart.code), kind.letters, _(kind.words), measured, kind.code == shown.kind)


def _cards(person: Row, visits: Sequence[Row], shown: Chart) -> list[Tab]:
    """Return the cards of the chart's kind that the child has reached, or will within a year."""
    reached = _age_months(person) + 12
    return [
        Tab(_url(grafik=each.code), each.index.letters, _(each.ages.words), 0, each == shown)
        for each in charts.of_kind(shown.kind)
        if each.ages.first_month <= reached or each == shown
    ]


def _drawing(person: Row, visits: Sequence[Row], chart: Chart, layout: Layout) -> Drawing:
    usual = CLOSE if layout is PHONE else WHOLE
    close = request.args.get("jendela", usual) == CLOSE
    window = _window(person, visits, chart) if close else None
    left, right = _beside(chart, window) if window else (None, None)
    return Drawing(
        layout.name,
        curves.chart_of(person, visits, chart, View(layout, window, f"{chart.code}-{layout.name}")),
        _url(grafik=chart.code, jendela=WHOLE if close else CLOSE),
        close,
        left,
        right,
    )


def _window(person: Row, visits: Sequence[Row], chart: Chart) -> tuple[int, int]:
    """Return the window asked for, or the one round the newest measurement."""
    begin = request.args.get("mulai", type=int)
    if begin is not None:
        return charts.fitted(chart, begin)
    readings = _readings(person, visits, chart)
    beginning = chart.span[0] if chart.centimetres else _age_months(person)
    return charts.near(chart, readings[-1].at if readings else beginning)


def _beside(chart: Chart, window: tuple[int, int]) -> tuple[str | None, str | None]:
    """Return the addresses of the windows half a window to the left and right, None at the ends of the chart."""
    half = chart.index.scale.near // 2
    moved = (charts.fitted(chart, window[0] + by) for by in (-half, half))
    left, right = (
        None if each == window else _url(grafik=chart.code, jendela=CLOSE, mulai=each[0]) for each in moved
    )
    return left, right


def _url(**asked: str | int) -> str:
    return f"?{urlencode(asked)}"


def _lines(person: Row, chart: Chart, readings: Sequence[Reading]) -> list[Line]:
    child = curves.child_of(person)
    return [
        Line(
            each.point.day,
            age_words(child.birth_date, each.point.day),
            said(each.point.measure),
            band_words(each),
            category_words(chart.index, child, each),
            ", ".join(marks_words(each)),
        )
        for each in readings
    ]
