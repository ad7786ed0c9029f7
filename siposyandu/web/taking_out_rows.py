"""What the rows of a posyandu's files are made of: its children with their last weighing, a month's visits, a year's weights."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from typing import Any

from siposyandu import people
from siposyandu.exports.kunjungan import FORM
from siposyandu.exports.stamps import masked
from siposyandu.periods import Month
from siposyandu.store import Store
from siposyandu.web import card

NUMBERS = ("nik", "mother_nik", "kk_number")
GROWTH = "g.gain, g.two_t, g.below_red_line, g.waz_category, g.haz_category, g.whz_category"

Row = dict[str, Any]


def children(store: Store, posyandu_id: str, month: Month) -> list[Row]:
    """Return this month's sasaran by name, each with her family card's number, age and last weighing up to its end."""
    last = {row["person"]: row for row in store.rows(
        f"""select b.person, b.visit_date, b.weight_g, b.length_height_mm, {GROWTH}
        from person p join balita b on b.id = (
            select last.id from balita last where last.person = p.id and last.retracted = 0
                and last.weight_g is not null and last.visit_date <= $2
            order by last.visit_date desc, last.id desc limit 1)
        left join balita_growth g on g.id = b.id
        where p.id in (select person from membership where posyandu = $1)""",
        posyandu_id,
        month.last.isoformat(),
    )}  # fmt: skip
    cards = {row["id"]: row["kk_number"] for row in store.rows(
        "select id, kk_number from family where id in (select family from person where posyandu = $1)", posyandu_id
    )}  # fmt: skip
    return [
        {
            **child,
            "kk_number": cards.get(child["family"]),
            "age_months": people.age_on(child, month.last),
            "last": last.get(child["id"]),
        }
        for child in people.sasaran(store, posyandu_id, month)
    ]


def with_numbers_masked(child: Row) -> Row:
    """Return a child with the ends of her numbers only."""
    return {**child, **{column: masked(child[column]) or None for column in NUMBERS}}


def visits(store: Store, posyandu_id: str, month: Month, on: date) -> list[Row]:
    """Return the month's visits of the posyandu's children by name; who has none has an empty one, with day and position."""
    expected = {child["id"]: child for child in people.sasaran(store, posyandu_id, month)}
    found: dict[str, list[Row]] = defaultdict(list)
    for visit in _visits(store, posyandu_id, month):
        found[visit["person"]].append(visit)
    others = [people.person(store, person_id) for person_id in found.keys() - expected.keys()]
    listed = [*expected.values(), *(child for child in others if child)]
    return [
        {"child": child, "visit": visit, "age_months": people.age_on(child, month.last)}
        for child in sorted(listed, key=lambda each: (each["name"], each["id"]))
        for visit in found.get(child["id"]) or [_empty(child, month, on)]
    ]


def _visits(store: Store, posyandu_id: str, month: Month) -> list[Row]:
    return store.rows(
        f"""select b.*, {GROWTH} from balita b join person p on p.id = b.person
        left join balita_growth g on g.id = b.id
        where p.posyandu = $1 and b.visit_date between $2 and $3 and b.retracted = 0 and p.retracted = 0
            and p.birth_date is not null
        order by b.visit_date, b.id""",
        posyandu_id,
        month.first.isoformat(),
        month.last.isoformat(),
    )


def _empty(child: Mapping[str, Any], month: Month, on: date) -> Row:
    """An empty visit as the page proposes it: the day at hand if it lies in the month, and how to measure at that age."""
    day = on if Month.of(on) == month else None
    age_days = ((day or month.last) - date.fromisoformat(child["birth_date"])).days
    nothing = dict.fromkeys(FORM.by_column)
    proposed = {"visit_date": day and day.isoformat(), "measured": card.position_at(age_days)}
    return {**nothing, "id": "", **proposed}


def year_of(store: Store, posyandu_id: str, month: Month) -> list[Row]:
    """Return the children expected in some month of the year, by name, each with the weighing that counts in each month."""
    months = months_of_year(month, Month(month.year, 12))
    known = {child["id"]: child for each in months for child in people.sasaran(store, posyandu_id, each)}
    weights: dict[str, dict[int, Row]] = defaultdict(dict)
    for row in store.rows(
        """select g.person, g.month, b.weight_g, g.gain, g.two_t from balita_growth g join balita b on b.id = g.id
        where g.counts_weight = 1 and g.month between $2 and $3
            and g.person in (select person from membership where posyandu = $1)""",
        posyandu_id,
        str(months[0]),
        str(months[-1]),
    ):
        weights[row["person"]][int(row["month"][5:])] = row
    ordered = sorted(known.values(), key=lambda child: (child["name"] or "", child["id"]))
    return [{**child, "months": weights.get(child["id"], {})} for child in ordered]


def months_of_year(month: Month, present: Month) -> list[Month]:
    """Return the months of a month's year, not beyond the present one; at least the first."""
    first, last = Month(month.year, 1), Month(month.year, 12)
    return list(first.until(max(first, min(last, present))))
