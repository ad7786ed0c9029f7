"""Find a person, a family, and this month's sasaran: the children whom a posyandu expects.

A child belongs to one posyandu at every moment: the `membership` table, derived from the log, says from when until when.
A child is sasaran of a month when she belonged to the posyandu in it, was born, and was not yet 60 months old on its first day.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from siposyandu import child_code, joined_cards, names
from siposyandu.growth.kms import completed_months
from siposyandu.periods import Month
from siposyandu.search_words import tokens
from siposyandu.store import Store

CHILD_MONTHS = 60
FOUND_AT_MOST = 30

Row = dict[str, Any]


def person(store: Store, person_id: str) -> Row | None:
    """Return one person's row, or None."""
    return store.one("select * from person where id = $1", person_id)


VISIT = """select balita.*, g.month, g.age_days, g.age_months, g.length_used_mm, g.bmi, g.waz, g.haz, g.whz, g.baz, g.hcz,
        g.acz, g.waz_flag, g.haz_flag, g.whz_flag, g.baz_flag, g.hcz_flag, g.position_flag, g.waz_category, g.haz_category,
        g.whz_category, g.baz_category, g.hcz_category, g.muac_category, g.severe_malnutrition, g.counts_weight,
        g.counts_length, g.gain, g.gain_g, g.minimum_gain_g, g.two_t, g.below_red_line
    from balita left join balita_growth g on g.id = balita.id"""
"""The question for visits with what growth derives from them."""


def visits(store: Store, person_id: str) -> list[Row]:
    """Return a child's visits with what growth derives from them, oldest first."""
    return store.rows(
        f"""{VISIT} where balita.person = $1 and balita.retracted = 0 order by balita.visit_date, balita.id""",
        person_id,
    )


def visit_on(store: Store, person_id: str, iso: str) -> Row | None:
    """Return a child's visit of a day as it is stored, or None."""
    return store.one(
        "select * from balita where person = $1 and visit_date = $2 and retracted = 0 order by id limit 1",
        person_id,
        iso,
    )


def find(store: Store, text: str, posyandu_ids: frozenset[str]) -> list[Row]:
    """Find people of these posyandu by parts of their name, their mother's name or NIK, best match first.

    A name is found as other books write it (names.py), a child by the code on her sheet (child_code.py) alone.
    """
    coded = by_code(store, text, posyandu_ids)
    if coded:
        return coded
    asked = tokens([text])
    found = store.search("person", asked, FOUND_AT_MOST * 4, ("posyandu", sorted(posyandu_ids)))
    nearest = sorted(found, key=lambda row: names.distance(asked, row["name"]))
    return [row for row in _staying(store, nearest) if row["posyandu"] in posyandu_ids][:FOUND_AT_MOST]


def _staying(store: Store, found: Sequence[Row]) -> list[Row]:
    """Return who was found, once each: instead of a card that was joined with another one the card that stays."""
    stays = joined_cards.stays(store, [row["id"] for row in found if row["retracted"]])
    ids = dict.fromkeys(stays.get(row["id"], row["id"]) for row in found)
    rows = {row["id"]: row for row in found} | {
        each: person(store, each) or {} for each in sorted(set(stays.values()))
    }
    return [rows[each] for each in ids if rows[each] and not rows[each]["retracted"]]


def by_code(store: Store, text: str, posyandu_ids: frozenset[str]) -> list[Row]:
    """Return the people of these posyandu whose short code that is; nearly always one, or none."""
    end = child_code.end_of_id(text)
    if end is None:
        return []
    sql = f"""select distinct p.* from person card left join joined_card j on j.person = card.id
        join person p on p.id = coalesce(j.stays, card.id)
        where substr(card.id, {child_code.ID_FROM}) = $1 and p.retracted = 0 order by p.id"""
    return [row for row in store.rows(sql, end) if row["posyandu"] in posyandu_ids]


def sasaran(store: Store, posyandu_id: str, month: Month) -> list[Row]:
    """Return the children whom a posyandu answers for in a month, by name (the S of SKDN)."""
    sql = expected("p.*, m.from_date, m.until_date") + " order by p.name, p.id"
    rows = store.rows(sql, posyandu_id, month.last.isoformat(), month.first.isoformat())
    return [row for row in rows if is_under_five(row, month)]


def expected(columns: str) -> str:
    """Return the question for children who belong to posyandu $1 in the month that ends on $2 and begins on $3.

    Of each the columns of person p and membership m that are asked for; those too old are still among them (`is_under_five`).
    """
    return f"""select {columns} from membership m join person p on p.id = m.person
        where m.posyandu = $1 and m.from_date <= $2 and (m.until_date is null or m.until_date >= $3)
            and p.retracted = 0 and p.birth_date <= $2
            and not exists (select 1 from membership later where later.person = m.person
                and later.from_date > m.from_date and later.from_date <= $2)"""


def is_under_five(row: Row, month: Month) -> bool:
    """Whether a child was not yet 60 months old on the first day of a month."""
    return age_on(row, month.first) < CHILD_MONTHS


def age_on(row: Row, day: date) -> int:
    """Return completed months of age on a day; negative months do not exist, so a later birth gives 0."""
    birth = date.fromisoformat(row["birth_date"])
    return completed_months(birth, day) if day >= birth else 0


def by_nik(store: Store, nik: str) -> Row | None:
    """Return the person with that NIK, or None."""
    sql = """select p.* from person card left join joined_card j on j.person = card.id
        join person p on p.id = coalesce(j.stays, card.id) where card.nik = $1 and p.retracted = 0 order by p.id"""
    return store.one(sql, nik)
