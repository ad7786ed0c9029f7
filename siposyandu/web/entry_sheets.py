"""Empty sheets to write on at the scales when the laptop is away: a line for each child expected, or a card for a new one.

The lines stand in the order in which they are typed in afterwards (by name, or by dusun and name), the boxes in the order
of the fields: weight, length, head, upper arm. The card follows the five langkah.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from flask import Blueprint, render_template, request

from forms import BY_NAME, Form
from siposyandu.due import Due
from siposyandu.i18n import N_
from siposyandu.periods import Month
from siposyandu.store import Store
from siposyandu.web import day, fields, prepare, sessions, sheets, visits
from siposyandu.web.card import VITAMIN_A_MONTHS
from siposyandu.web.sessions import needs_worker, signed_in
from siposyandu.web.today import Expected, expected

pages = Blueprint("entry_sheets", __name__)

LINES_ON_A_SHEET, SPARE_LINES = 14, 4
BY_DUSUN = "dusun"
CAPSULES = {"blue": N_("blue"), "red": N_("red")}
PERSON, VISIT = BY_NAME["person"], BY_NAME["balita"]
# The questions of a new child's card, langkah by langkah, in the order in which they are typed in.
LANGKAH = (
    (N_("1. Register"), PERSON, (
        "name", "sex", "birth_date", "nik", "mother_name", "mother_nik", "father_name", "phone", "address", "dusun", "rt", "rw",
        "birth_order", "gestation_weeks", "birth_weight_kg", "birth_length_cm", "kia_book", "early_initiation",
    )),
    (N_("2. Weigh and measure"), VISIT, (
        "weight_kg", "length_height_cm", "measured", "head_circumference_cm", "muac_cm", "oedema",
    )),
    (N_("4. Services"), VISIT, (
        "development_checklist", "exclusive_breastfeeding", "complementary_feeding", "immunisations", "vitamin_a",
        "deworming", "local_food", "illness", "tb_cough", "tb_fever", "tb_weight", "tb_contact",
    )),
    (N_("5. Counselling and referral"), VISIT, ("counselling", "referral", "note")),
)  # fmt: skip
DIGITS = {"nik": 16, "mother_nik": 16}


class Line(NamedTuple):
    """One child's line: her number, who she is, her last measures up to the day, and what is due on it."""

    number: int
    child: Expected
    length: tuple[int, str] | None
    capsule: str
    deworming: bool


class Question(NamedTuple):
    """One question of the card: what it asks, how it is answered on paper, and the boxes of a number with so many digits."""

    shown: fields.Shown
    digits: int


@pages.get("/cetak/isian")
@needs_worker
def lines() -> tuple[str, int]:
    """Show the sheets of a posyandu day with a line for each child expected."""
    who, store = signed_in(), sessions.store()
    posyandu_id = day.children_at_hand(who)
    asked = prepare.day_asked(store, posyandu_id)
    on = asked.on
    order = request.args.get("urut", "")
    children = in_order(expected(store, posyandu_id, on), order)
    dues, lengths = prepare.dues_of(store, on, children), _lengths(store, posyandu_id, on)
    page = render_template(
        "entry_lines.html",
        asked=asked,
        place=sheets.place(posyandu_id),
        on=on,
        has_come=on <= visits.reached(),
        by_dusun=order == BY_DUSUN,
        capsule_month=on.month in VITAMIN_A_MONTHS,
        sheets=sheets.cut(list(_lines(children, dues, lengths)), LINES_ON_A_SHEET, SPARE_LINES),
    )
    return page, asked.status


@pages.get("/cetak/isian/anak-baru")
@needs_worker
def card() -> str:
    """Show the empty card of one new child."""
    posyandu_id = day.children_at_hand(signed_in())
    langkah = [(title, [_question(form, name) for name in names]) for title, form, names in LANGKAH]
    return render_template("entry_card.html", place=sheets.place(posyandu_id), langkah=langkah)


def in_order(children: Sequence[Expected], order: str) -> list[Expected]:
    """Return children by name, or by dusun and name, as the page does on which they are typed in."""
    if order != BY_DUSUN:
        return list(children)
    return sorted(children, key=lambda child: (child.dusun or "", child.name, child.id))


def _lines(
    children: Iterable[Expected], dues: Mapping[str, Due], lengths: Mapping[str, tuple[int, str]]
) -> Iterable[Line]:
    for number, child in enumerate(children, 1):
        due = dues[child.id]
        yield Line(number, child, lengths.get(child.id), CAPSULES.get(due.capsule, ""), due.deworming)


def _lengths(store: Store, posyandu_id: str, on: date) -> dict[str, tuple[int, str]]:
    """Return each child's last length up to the end of the day's month, in millimetres, with its day."""
    rows = store.rows(
        """select person, visit_date, length_height_mm from balita
        where retracted = 0 and length_height_mm is not null and visit_date <= $2
            and person in (select person from membership where posyandu = $1)
        order by visit_date, id""",
        posyandu_id,
        Month.of(on).last.isoformat(),
    )
    return {row["person"]: (row["length_height_mm"], row["visit_date"]) for row in rows}


def _question(form: Form, name: str) -> Question:
    return Question(fields.shown(form, [name], {})[name], DIGITS.get(name, 0))
