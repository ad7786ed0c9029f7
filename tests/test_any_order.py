"""Whatever arrives in whatever order: growth and counts kept along the way are those of a full recount, and of plain rules.

A laptop writes children, visits, corrections, moves and withdrawals; the province takes the edits in, in any order and in
batches of any size. After each batch it is compared with everything derived from the beginning.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from random import Random
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

import forms
from siposyandu import growing, people, records, tally
from siposyandu.access import Worker
from siposyandu.growth.kms import completed_months
from siposyandu.migrations import migrate
from siposyandu.periods import Month
from siposyandu.records import Pen
from siposyandu.store import SqliteStore, open_store
from sync import body, intake, lanes, log
from sync.log import Line

NOW = datetime(2026, 8, 3, 1, 0, tzinfo=UTC)
NOON = "2026-08-03T04:00:00Z"
LAPTOP, PROVINCE = "1a" * 16, "2b" * 16
MELATI, KENANGA = "aa" * 16, "bb" * 16
DAYS = [f"2025-{month:02}-{day:02}" for month in range(9, 13) for day in (4, 20)] + [
    f"2026-{month:02}-{day:02}" for month in range(1, 7) for day in (4, 20)
]
CARDS = ("2025-05-31", "2025-06-01", "2021-01-15")


def doing(chance: Random) -> tuple[Any, ...]:
    """Draw what a kader does next; children who come seldom and children who gain little are as frequent as others."""
    child, visit, day = chance.randrange(3), chance.randrange(40), chance.choice(DAYS)
    weight_g = chance.choice((None, 5000, 6000, 7000, chance.randrange(5000, 9000)))
    length_mm = chance.choice((None, chance.randrange(600, 760)))
    oedema = chance.choice(("no", "no", "no", "both"))
    weighing = ("weigh", child, day, weight_g, length_mm, oedema)
    return chance.choice((
        weighing, weighing, weighing, weighing, weighing,
        ("correct", visit, "weight_g", weight_g),
        ("correct", visit, "length_height_mm", length_mm),
        ("redate", visit, day),
        ("override", visit, chance.choice(("N", "T", None))),
        ("other child", visit, child),
        ("withdraw", visit),
        ("move", child, chance.choice((MELATI, KENANGA)), day),
        ("card", child, chance.choice(CARDS)),
        ("leave", child, day),
    ))  # fmt: skip


class Undo(Exception):
    """Ends an example: nothing of it is kept."""


@dataclass
class Author:
    """A laptop on which three children live, and what is written there."""

    store: SqliteStore
    children: list[str] = field(default_factory=list)
    visits: list[str] = field(default_factory=list)

    def begin(self) -> None:
        """Register the children."""
        for number, sex in enumerate("mfm"):
            card = {"name": f"Anak {number}", "sex": sex, "birth_date": "2025-06-01", "posyandu": MELATI}
            self.children.append(
                self.save(
                    "person", {**card, "posyandu_since": "2025-10-02", "kia_book": 1, "status": "active"}
                )
            )

    def save(self, form: str, values: records.Values, entity: str | None = None) -> str:
        """Save something."""
        pen = Pen(LAPTOP, Worker("cc" * 16, "Aminah", "kader", MELATI), NOW)
        return records.save(self.store, pen, forms.BY_NAME[form], values, entity)

    def act(self, kind: str, which: int, *given: Any) -> None:
        """Do what a kader might do; a visit that was never made is left alone."""
        child, visit = self.children[which % 3], self.visits[which % len(self.visits)] if self.visits else ""
        if kind == "weigh":
            date, weight, length, oedema = given
            measures = {"weight_g": weight, "length_height_mm": length, "measured": "lying", "oedema": oedema}
            home = {"person": child, "posyandu": MELATI, "visit_date": date}
            self.visits.append(self.save("balita", home | measures))
        elif kind == "move":
            self.save("person", {"posyandu": given[0], "posyandu_since": given[1]}, child)
        elif kind == "card":
            self.save("person", {"birth_date": given[0]}, child)
        elif kind == "leave":
            self.save("person", {"status": "moved", "status_date": given[0]}, child)
        elif visit:
            self._change(kind, visit, *given)

    def _change(self, kind: str, visit: str, *given: Any) -> None:
        if kind == "correct":
            self.save("balita", {given[0]: given[1]}, visit)
        elif kind == "redate":
            self.save("balita", {"visit_date": given[0]}, visit)
        elif kind == "override":
            reason = {"gain_override": given[0], "gain_override_reason": "garis" if given[0] else None}
            self.save("balita", reason, visit)
        elif kind == "other child":
            self.save("balita", {"person": self.children[given[0]]}, visit)
        else:
            pen = Pen(LAPTOP, Worker("cc" * 16, "Aminah", "kader", MELATI), NOW)
            records.retract(self.store, pen, visit, "salah")

    def lines(self) -> list[Line]:
        """Everything that was written, as it travels."""
        edits = log.stretch(self.store, LAPTOP, 1, 1000)
        return [Line(edit, body.encode(edit)) for edit in edits]


@pytest.fixture(scope="module")
def stores() -> Iterator[tuple[SqliteStore, SqliteStore]]:
    made = tuple(open_store(":memory:") for _ in range(2))
    for store, lane, role in zip(made, (LAPTOP, PROVINCE), ("device", "province"), strict=True):
        migrate(store)
        lanes.open_own(store, lane, "sentinel", role=role)
    yield made[0], made[1]
    for store in made:
        store.close()


@settings(max_examples=30, deadline=None, phases=(Phase.explicit, Phase.generate))
@given(st.integers(0, 2**32))
def test_growth_and_counts_along_the_way_are_those_of_the_whole(stores, seed):
    laptop, province = stores
    chance = Random(seed)
    with pytest.raises(Undo), laptop.write(), province.write():
        author = Author(laptop)
        author.begin()
        for _ in range(chance.randrange(5, 30)):
            author.act(*doing(chance))
            check(laptop)
        lines, size = author.lines(), chance.randrange(1, 15)
        chance.shuffle(lines)
        for start in range(0, len(lines), size):
            intake.take(province, lines[start : start + size], NOON, records.apply, lambda new, known: [])
            check(province)
        assert province.value("select count(*) from reviews") == 0
        assert balita_of(province) == balita_of(laptop)
        raise Undo


def balita_of(store: SqliteStore) -> list[dict[str, Any]]:
    return store.rows("select * from balita order by id")


def check(store: SqliteStore) -> None:
    """Compare a store with a full recount and with the rules said plainly."""
    kept = growth_of(store)
    assert kept == [row for child in known(store) for row in whole(store, child)], "growth"
    assert store.rows("select * from tally order by posyandu, month, age_group, sex") == plain_tally(store)
    assert records.recount(store, lambda done, of: None) == []


def growth_of(store: SqliteStore) -> list[dict[str, Any]]:
    return store.rows("select * from balita_growth order by person, visit_date, id")


def known(store: SqliteStore) -> list[dict[str, Any]]:
    return store.rows("select * from person order by id")


def whole(store: SqliteStore, child: dict[str, Any]) -> list[dict[str, Any]]:
    """Everything that growth says of a child, from the beginning."""
    visits = store.rows(
        """select * from balita where person = $1 and retracted = 0 and visit_date >= $2
        order by visit_date, id""",
        child["id"], child["birth_date"],
    )  # fmt: skip
    return growing.growth_rows(child, visits)


def plain_tally(store: SqliteStore) -> list[dict[str, Any]]:
    """Every month of every posyandu from its first to its last one, counted child by child."""
    found = []
    for row in store.rows(
        "select posyandu, min(month) as first, max(month) as last from tally group by posyandu"
    ):
        for month in Month.parse(row["first"]).until(Month.parse(row["last"])):
            found += list(_plain_month(store, row["posyandu"], month))
    return sorted(found, key=lambda row: (row["posyandu"], row["month"], row["age_group"], row["sex"]))


def _plain_month(store: SqliteStore, posyandu_id: str, month: Month) -> Iterator[dict[str, Any]]:
    groups: dict[tuple[str, str], Counter[str]] = {}
    for child in people.sasaran(store, posyandu_id, month):
        key = tally.age_group(people.age_on(child, month.last)), child["sex"]
        visits = store.rows(
            "select * from balita_growth where person = $1 and month = $2", child["id"], str(month)
        )
        groups.setdefault(key, Counter()).update(_plain_child(child, visits))
    for (group, sex), counts in (groups or {(tally.AGE_GROUPS[0], "f"): Counter()}).items():
        key = {"posyandu": posyandu_id, "month": str(month), "age_group": group, "sex": sex}
        yield key | {name: counts[name] for name in tally.COUNTS}


def _plain_child(child: dict[str, Any], visits: Sequence[dict[str, Any]]) -> Counter[str]:
    counts = Counter(s=1, k=child["kia_book"])
    for visit in visits:
        z = {
            index: -3.1 if visit["oedema"] and index != "haz" else None if visit[f"{index}_flag"] else visit[index]
            for index in ("waz", "haz", "whz")
        }  # fmt: skip
        if visit["counts_weight"]:
            counts["d"] += 1
            counts[visit["gain"].lower()] += 1
            counts["two_t"] += visit["two_t"]
            counts["bgm"] += visit["below_red_line"]
            counts.update(_plain_below(z["waz"], "waz_measured", "underweight", "severely_underweight"))
        if visit["counts_length"]:
            counts.update(_plain_below(z["haz"], "haz_measured", "stunted", "severely_stunted"))
            counts.update(_plain_below(z["whz"], "whz_measured", "wasted", "severely_wasted"))
            counts["overweight"] += z["whz"] is not None and z["whz"] > 2
            counts["obese"] += z["whz"] is not None and z["whz"] > 3
    return counts


def _plain_below(z: float | None, measured: str, below_2: str, below_3: str) -> Counter[str]:
    return Counter({measured: z is not None, below_2: (z or 0) < -2, below_3: (z or 0) < -3})


def test_completed_months_of_the_test_children_span_the_card() -> None:
    """One card above is of a child who grows out of five years meanwhile."""
    born = datetime.fromisoformat(CARDS[-1]).date()
    assert completed_months(born, datetime.fromisoformat(DAYS[-1]).date()) >= people.CHILD_MONTHS
