"""F2, the register of a year: each child's weight and N or T month by month, breast milk, vitamin A, immunisation.

A child stands in the babies' register of the year in whose January it was under one year old, or in which it was born;
otherwise in that of the balita. Months in which it did not belong to this posyandu stay empty: they are another's.
"""

from collections import defaultdict
from typing import Any, NamedTuple

from siposyandu import breastfed, people
from siposyandu.i18n import N_
from siposyandu.periods import Month
from siposyandu.sip.births import BABY_MONTHS
from siposyandu.sip.format import DATE, KILOGRAMS, TEXT, TICK, Cell, Cells, Column, by_hand, year_of
from siposyandu.store import Store

SOURCE = "SIP format 2 (domain.md 3), split by age as most provinces do"
MONTHS = ("Jan", "Feb", "Mar", "Apr", N_("May"), "Jun", "Jul", N_("Aug"), "Sep", N_("Oct"), "Nov", N_("Dec"))
DOSES = (
    ("hb0", "HB 0"), ("bcg", "BCG"), ("opv1", "Polio 1"), ("opv2", "Polio 2"), ("opv3", "Polio 3"),
    ("opv4", "Polio 4"), ("dpt1", "DPT-HB 1"), ("dpt2", "DPT-HB 2"), ("dpt3", "DPT-HB 3"), ("mr1", N_("Measles")),
)  # fmt: skip
"""The doses of the classic format, by their codes of forms/balita.py; DPT-HB-Hib and MR stand in its boxes."""

_WEIGHED, _MILK = N_("Weight (kg) and N/T/O/B"), N_("Breast milk only (ASI)")
_SYRUP, _CAPSULE, _DOSE = N_("Iron syrup"), N_("Vitamin A"), N_("Immunisation, day given")
COLUMNS = (
    Column("number", N_("No."), room=6),
    Column("name", N_("Name"), kind=TEXT, room=31),
    Column("sex", N_("M/F"), kind=TEXT, room=6),
    Column("birth_date", N_("Born"), kind=DATE, room=13),
    Column("birth_weight_kg", N_("Birth weight"), kind=KILOGRAMS, room=9),
    Column("father_name", N_("Father"), kind=TEXT, room=17),
    Column("mother_name", N_("Mother"), kind=TEXT, room=17),
    *by_hand(("dasawisma", "Dasa wisma"), room=10),
    *(
        column
        for number, label in enumerate(MONTHS, 1)
        for column in (
            Column(f"weight_{number:02d}_kg", label, _WEIGHED, KILOGRAMS, room=9),
            Column(f"gain_{number:02d}", label, _WEIGHED, TEXT, below=True),
        )
    ),
    *(Column(f"e{month}", f"E{month}", _MILK, TICK, room=5) for month in range(breastfed.LAST_MONTH + 1)),
    *by_hand(("iron_1", "I"), ("iron_2", "II"), group=_SYRUP, side=2, room=8),
    Column("vitamin_a_1", "I", _CAPSULE, DATE, side=2, room=13),
    Column("vitamin_a_2", "II", _CAPSULE, DATE, side=2, room=13),
    *by_hand(("ors", "Oralit"), side=2, room=12),
    *(Column(code, label, _DOSE, DATE, side=2, room=13) for code, label in DOSES),
    Column("died", N_("Died"), kind=DATE, side=2, room=13),
    Column("moved", N_("Moved away"), kind=DATE, side=2, room=13),
    *by_hand(("note", N_("Note")), side=2, room=24),
)
NOTES = (
    N_("The weight that counts for the month. N gained enough, T did not, O was not weighed the month before, B first time."),
    N_("A month in which the child belonged to another posyandu stays empty. A row without a name: the child has moved there."),
    N_("ASI: √ breast milk only, – not; empty: nobody asked. Vitamin A I: January to June, II: July to December."),
    N_("A dose stands here when it was written at a visit; the KIA book may know more."),
)  # fmt: skip

Row = dict[str, Any]


class Year(NamedTuple):
    """What one child's row is made of: her card, the months she belonged here, her weighings by month, her visits."""

    child: Row
    months: frozenset[str]
    weighed: dict[str, Row]
    visits: list[Row]


def is_baby(child: Row, year: int) -> bool:
    """Whether a child stands in the babies' register of a year."""
    return people.age_on(child, Month(year, 1).first) < BABY_MONTHS


def rows(store: Store, posyandu_id: str, year: int, *, babies: bool) -> list[Cells]:
    """Return a row for each child of the posyandu's register in a year, by name."""
    listed = [each for each in _years(store, posyandu_id, year) if is_baby(each.child, year) == babies]
    return [(number, *_cells(each, year)) for number, each in enumerate(listed, 1)]


def _cells(each: Year, year: int) -> list[Cell]:
    child, milk = each.child, breastfed.months(each.visits)
    status = {child["status"]: child["status_date"]}
    return [
        child["name"], {"m": "L", "f": "P"}[child["sex"]], child["birth_date"], _kilograms(child["birth_weight_g"]),
        child["father_name"], child["mother_name"], None,
        *(cell for month in year_of(Month(year, 1)) for cell in _weighing(each, str(month))),
        *(milk.get(month) for month in range(breastfed.LAST_MONTH + 1)),
        None, None, _capsule(each, f"{year}-01", f"{year}-07"), _capsule(each, f"{year}-07", f"{year + 1}-01"), None,
        *(_given(each, code) for code, _ in DOSES),
        status.get("died"), status.get("moved"), None,
    ]  # fmt: skip


def _weighing(each: Year, month: str) -> tuple[Cell, Cell]:
    visit = each.weighed.get(month) if month in each.months else None
    return (_kilograms(visit["weight_g"]), visit["gain"]) if visit else (None, None)


def _kilograms(weight_g: int | None) -> float | None:
    return None if weight_g is None else weight_g / 1000


def _capsule(each: Year, since: str, until: str) -> str | None:
    days = (visit["visit_date"] for visit in each.visits if visit["vitamin_a"])
    return next((day for day in days if since <= day < until), None)


def _given(each: Year, code: str) -> str | None:
    had = (visit for visit in each.visits if code in (visit["immunisations"] or "").split(","))
    return next((visit["visit_date"] for visit in had), None)


def _years(store: Store, posyandu_id: str, year: int) -> list[Year]:
    children: dict[str, Row] = {}
    months: dict[str, set[str]] = defaultdict(set)
    for month in year_of(Month(year, 1)):
        for child in people.sasaran(store, posyandu_id, month):
            children[child["id"]] = child
            months[child["id"]].add(str(month))
    visits = _visits(store, posyandu_id, year)
    by_name = sorted(children.values(), key=lambda child: (child["name"] or "", child["id"]))
    return [_year(child, frozenset(months[child["id"]]), visits[child["id"]]) for child in by_name]


def _year(child: Row, months: frozenset[str], visits: list[Row]) -> Year:
    weighed = {visit["month"]: visit for visit in visits if visit["counts_weight"]}
    return Year(child, months, weighed, visits)


def _visits(store: Store, posyandu_id: str, year: int) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = defaultdict(list)
    for row in store.rows(
        f"""select g.person, g.visit_date, g.month, g.counts_weight, g.gain, g.age_months, b.weight_g, b.vitamin_a,
            b.immunisations, b.exclusive_breastfeeding, {", ".join(f"b.{column}" for column in breastfed.COLUMNS)}
        from balita_growth g join balita b on b.id = g.id
        where g.person in (select person from membership where posyandu = $1) and g.visit_date <= $2
        order by g.visit_date, g.id""",
        posyandu_id,
        Month(year, 12).last.isoformat(),
    ):
        found[row["person"]].append(row)
    return found
