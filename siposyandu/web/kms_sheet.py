"""The KMS as a sheet of A4: a child's, or an empty one for a boy or a girl who is new.

Below the chart stands a column for each month of life: the calendar month, the weight, the least gain, N or T, and ASI in
the first months. What was weighed is printed; the rest is room to go on by hand.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from flask import Blueprint, render_template, request
from markupsafe import Markup

from siposyandu import breastfed, child_code, i18n
from siposyandu.growth.kbm import minimum_gain_g
from siposyandu.periods import Month
from siposyandu.web import charts, curves, day, one_child, qr, sheets
from siposyandu.web.charts import CARD, CARDS, Child, View
from siposyandu.web.sessions import needs_worker, signed_in

pages = Blueprint("kms_sheet", __name__)

COLUMNS_AT_MOST = 25
TWO_CARDS = ("0-24", "24-60")
"""The whole of five years on one sheet would leave no room to write."""
NO_NAME = "…" * 12
SEXES = ("m", "f")
MILK = {True: "√", False: "–"}

Row = dict[str, Any]


class Column(NamedTuple):
    """One month of life: its number, the calendar month, what was weighed in it and what it said, and the milk."""

    number: int
    month: str
    weight: str
    least: str
    letter: str
    milk: str
    asks_milk: bool


@pages.get("/anak/<person_id>/kms")
@needs_worker
def of_child(person_id: str) -> str:
    """Show a child's KMS sheet."""
    person, on = one_child.opened(person_id), day.at_hand()
    visits = one_child.visits_of(person_id)
    card = _card(curves.card_at(person, on))
    code = child_code.code_of(person_id)
    return render_template(
        "kms_sheet.html",
        person=one_child.heading(person, on),
        code=code,
        code_drawing=qr.drawing(code.replace("-", "")),
        place=sheets.place(person["posyandu"]),
        chart=_chart(curves.child_of(person), curves.weights_of(visits), card),
        tables=tables(columns_of(person, visits, card)),
        cards=TWO_CARDS,
        card=card,
        sex=person["sex"],
    )


@pages.get("/cetak/kms-kosong")
@needs_worker
def empty() -> str:
    """Show an empty KMS sheet for a boy or a girl."""
    posyandu_id, on = day.children_at_hand(signed_in()), day.at_hand()
    sex = request.args.get("kelamin", "")
    sex = sex if sex in SEXES else SEXES[0]
    card = _card(TWO_CARDS[0])
    return render_template(
        "kms_sheet.html",
        person=None,
        place=sheets.place(posyandu_id),
        chart=_chart(Child(NO_NAME, sex, on), [], card),
        tables=tables([_unwritten(sex, number, on) for number in _months(card)]),
        cards=TWO_CARDS,
        card=card,
        sex=sex,
    )


def _card(usual: str) -> str:
    wanted = request.args.get("kartu", "")
    return wanted if wanted in TWO_CARDS else usual


def _chart(child: Child, points: Sequence[charts.Point], card: str) -> Markup:
    return charts.kms(child, points, card=card, view=View(CARD, name="kms-sheet", with_table=False))


def columns_of(person: Row, visits: Sequence[Row], card: str) -> list[Column]:
    """Return a column for each calendar month of the card, the month of birth first, with what was weighed in it."""
    born, milk = date.fromisoformat(person["birth_date"]), breastfed.months(visits)
    weighed = {visit["month"]: visit for visit in visits if visit["counts_weight"]}
    return [
        _column(person["sex"], born, number, weighed)._replace(
            milk=MILK[milk[number]] if number in milk else ""
        )
        for number in _months(card)
    ]


def _column(sex: str, born: date, number: int, weighed: Mapping[str, Row]) -> Column:
    month = Month.of(born).shifted(number)
    words = f"{i18n.month_name(month.number)[:3]}\n{month.year % 100:02d}"
    visit = weighed.get(str(month))
    if visit is None:
        return _unwritten(sex, number, month.last)._replace(month=words)
    least = minimum_gain_g(sex, visit["age_months"], date.fromisoformat(visit["visit_date"]))
    return _unwritten(sex, number, month.last)._replace(
        month=words, weight=_kilograms(visit["weight_g"]), least=str(least or ""), letter=visit["gain"] or ""
    )


def _unwritten(sex: str, number: int, on: date) -> Column:
    least = str(minimum_gain_g(sex, number, on) or "")
    return Column(number, "", "", least, "", "", number <= breastfed.LAST_MONTH)


def _months(card: str) -> range:
    first, last = CARDS[card]
    return range(first, last + 1)


def tables(columns: Sequence[Column]) -> list[Sequence[Column]]:
    """Part the columns into as few tables of about the same width as are wide enough to write in."""
    count = -(-len(columns) // COLUMNS_AT_MOST)
    each = -(-len(columns) // count)
    return [columns[at : at + each] for at in range(0, len(columns), each)]


def _kilograms(weight_g: int) -> str:
    return i18n.number(weight_g / 1000, 1 if weight_g % 100 == 0 else 2)
