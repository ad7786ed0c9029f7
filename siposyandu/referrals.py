"""Referrals: which children were sent to a pustu, puskesmas or hospital, and whether they came back.

A visit that says "referred to ..." is a referral. It is open while the child is within reach (neither moved away nor died) and
no answer has ended it: "went" and "will not go" end it, "not yet" does not. An answer ends every referral of the child up to
the visit it answers, so a child who is referred month after month stands on the list once, waiting since the first of them.
After half a year nobody asks any more: the next weighing says anew what is the matter.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from forms.referral_return import NOT_YET
from siposyandu import people
from siposyandu.store import Store
from sync.chunks import chunks, holes

LATE_AFTER_DAYS = 14
ASKED_FOR_DAYS = 182

Row = dict[str, Any]

# A child's open referrals since $1, as conditions on balita b and person p.
OPEN = f"""b.referral <> 'none' and b.retracted = 0 and b.visit_date >= $1 and p.retracted = 0
    and coalesce(p.status, 'active') not in ('moved', 'died')
    and not exists (select 1 from referral_return r join balita about on about.id = r.visit
        where r.person = b.person and r.retracted = 0 and r.came_to <> '{NOT_YET}' and about.visit_date >= b.visit_date)"""


@dataclass(frozen=True)
class Referral:
    """One child's open referral: who she is, the last visit that referred her, since when it is open, the last word of it."""

    person: Row
    visit: Row
    since: date
    answers: tuple[Row, ...] = field(default=())

    @property
    def last_word(self) -> Row | None:
        """The last answer there was ("not yet"), or None."""
        return self.answers[-1] if self.answers else None

    def days_open(self, today: date) -> int:
        """For how many days it has been open."""
        return max(0, (today - self.since).days)

    def late(self, today: date) -> bool:
        """Whether it has been open for so long that somebody should ask."""
        return self.days_open(today) > LATE_AFTER_DAYS


def open_at(store: Store, posyandu_ids: Iterable[str], today: date) -> list[Referral]:
    """Return the open referrals of the children who belong to these posyandu, the longest open first."""
    return _open(store, "posyandu", posyandu_ids, today)


def of_child(store: Store, person: Row, today: date) -> Referral | None:
    """Return a child's open referral, or None."""
    return next(iter(_open(store, "id", [person["id"]], today)), None)


def late_count(store: Store, posyandu_ids: Iterable[str], today: date) -> int:
    """Return how many children of these posyandu have a referral that has been open too long."""
    before = (today - timedelta(days=LATE_AFTER_DAYS)).isoformat()
    count = 0
    for part in chunks(sorted(set(posyandu_ids))):
        sql = f"""select count(distinct b.person) from person p join balita b on b.person = p.id
            where p.posyandu in ({holes(part, 2)}) and b.visit_date < $2 and {OPEN}"""
        count += int(store.value(sql, _asked_since(today), before, *part))
    return count


def ended_at(store: Store, posyandu_ids: Iterable[str], today: date) -> list[Row]:
    """Return the answers of the last half year that ended a referral of a child of these posyandu, newest first."""
    found: list[Row] = []
    for part in chunks(sorted(set(posyandu_ids))):
        sql = f"""select r.*, b.visit_date, b.referral, p.name, p.birth_date, p.mother_name
            from person p join referral_return r on r.person = p.id left join balita b on b.id = r.visit
            where p.posyandu in ({holes(part, 2)}) and p.retracted = 0 and r.retracted = 0 and r.came_to <> $2
                and r.returned_date >= $1 order by r.returned_date desc, r.id"""
        found += store.rows(sql, _asked_since(today), NOT_YET, *part)
    return sorted(found, key=lambda row: row["returned_date"], reverse=True)


def answers(store: Store, person_id: str) -> list[Row]:
    """Return everything that was heard of a child's referrals, oldest first, with the day and place of each."""
    sql = """select r.*, b.visit_date, b.referral from referral_return r left join balita b on b.id = r.visit
        where r.person = $1 and r.retracted = 0 order by r.returned_date, r.id"""
    return store.rows(sql, person_id)


def _open(store: Store, column: str, keys: Iterable[str], today: date) -> list[Referral]:
    """Return the open referrals of the persons in whose column one of these keys stands."""
    found: dict[str, list[Row]] = {}
    for part in chunks(sorted(set(keys))):
        sql = f"""select b.id, b.person, b.visit_date from person p join balita b on b.person = p.id
            where p.{column} in ({holes(part, 2)}) and b.visit_date <= $2 and {OPEN} order by b.visit_date, b.id"""
        for row in store.rows(sql, _asked_since(today), today.isoformat(), *part):
            found.setdefault(row["person"], []).append(row)
    return sorted(_whole(store, found), key=lambda each: (each.since, each.person["name"] or ""))


def _asked_since(today: date) -> str:
    return (today - timedelta(days=ASKED_FOR_DAYS)).isoformat()


def _whole(store: Store, found: dict[str, list[Row]]) -> list[Referral]:
    """Add the child, the last referring visit with what growth says of it, and what was heard since the first."""
    children = {row["id"]: row for row in _of(store, "select * from person where id in ({})", list(found))}
    visits = _of(
        store, f"{people.VISIT} where balita.id in ({{}})", [rows[-1]["id"] for rows in found.values()]
    )
    heard: dict[str, list[Row]] = {}
    for row in _of(
        store, "select * from referral_return where retracted = 0 and person in ({})", list(found)
    ):
        heard.setdefault(row["person"], []).append(row)
    return [
        _one(children[visit["person"]], visit, found[visit["person"]], heard.get(visit["person"], []))
        for visit in visits
    ]


def _one(child: Row, visit: Row, rows: Sequence[Row], heard: Sequence[Row]) -> Referral:
    mine = {row["id"] for row in rows}
    words = sorted(
        (each for each in heard if each["visit"] in mine),
        key=lambda each: (each["returned_date"], each["id"]),
    )
    return Referral(child, visit, date.fromisoformat(rows[0]["visit_date"]), tuple(words))


def _of(store: Store, question: str, ids: Sequence[str]) -> list[Row]:
    return [row for part in chunks(sorted(ids)) for row in store.rows(question.format(holes(part)), *part)]
