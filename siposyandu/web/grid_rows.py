"""The rows of the book: each child with last time's values, what stands stored of that day, and what is typed over it."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from operator import itemgetter
from typing import Any

from siposyandu import people
from siposyandu.growth.classify import GOOD
from siposyandu.periods import Month
from siposyandu.store import Store
from siposyandu.web import card, findings, marks, visits
from siposyandu.web.grid_cells import ANSWER
from siposyandu.web.grid_columns import (
    BY_COLUMN,
    COLUMNS,
    LENGTH,
    MEASURES,
    POSITION,
    read,
    same,
    written,
)
from sync.chunks import chunks, holes

BEFORE_SINCE = timedelta(days=200)
"""An older value than this beside a cell helps nobody to find her slip."""
DIED = "died"
STORED_IN = {column.name: column.field.column for column in COLUMNS}
BY_CHILD_AND_DAY = itemgetter("person", "visit_date", "id")
"""As the index gives visits: next to nothing is left to sort."""

Row = dict[str, Any]


@dataclass(frozen=True)
class GridRow:
    """One child of the book: `stands` is what is stored of the day, `typed` what was typed since and not saved."""

    number: int
    child: Row
    on: date
    visit: Row | None
    before: Mapping[str, str]
    same_month: Row | None
    typed: Mapping[str, str]

    @property
    def id(self) -> str:
        """The child's id."""
        return str(self.child["id"])

    @property
    def name(self) -> str:
        """The child's name."""
        return str(self.child["name"])

    @property
    def is_open(self) -> bool:
        """Whether she can be weighed: her card has a birth date and a sex."""
        return bool(self.child["birth_date"] and self.child["sex"])

    @property
    def age_months(self) -> int:
        """Completed months on the day of the book."""
        return people.age_on(self.child, self.on) if self.child["birth_date"] else 0

    @cached_property
    def stands(self) -> dict[str, str]:
        """What is stored of this day, as the cells show it; an empty cell is left out."""
        if self.visit is None:
            return {}
        visit = self.visit
        return {
            name: written(name, visit[column])
            for name, column in STORED_IN.items()
            if visit[column] is not None
        }

    @cached_property
    def cells(self) -> dict[str, str]:
        """What the cells show: what was typed, else what stands; a cell that was never filled is left out."""
        return {**self.stands, **{name: text for name, text in self.typed.items() if name in BY_COLUMN}}

    @cached_property
    def changed(self) -> dict[str, str]:
        """What was typed and says something else than what is stored."""
        stands = self.stands
        return {
            name: text
            for name, text in self.typed.items()
            if name in BY_COLUMN and not same(name, text, stands.get(name, ""))
        }

    @property
    def is_correction(self) -> bool:
        """Whether saving changes a visit that is stored already."""
        return self.visit is not None and bool(self.changed)

    @property
    def waits(self) -> bool:
        """Whether there is something to save: the position alone is nothing yet."""
        return bool(self.changed) and (self.visit is not None or bool(self.changed.keys() - {POSITION}))

    @property
    def proposed(self) -> str:
        """How she is measured at her age when the cell stays empty, as a letter."""
        return written(POSITION, self._position()) if self.child["birth_date"] else ""

    @property
    def answer(self) -> tuple[str, frozenset[str]]:
        """What was answered to the questions about this row: the word of the button, and the questions' keys."""
        said, *keys = self.typed.get(ANSWER, "").split("\n")
        return said, frozenset(keys)

    @property
    def chips(self) -> list[marks.Mark]:
        """How the stored visit came out: N or T, warnings, and the gravest category."""
        if self.visit is None or self.visit["month"] is None:
            return []
        said = marks.after_weighing(self.visit)
        judged = [found.category for found in findings.findings(self.visit)]
        worst = max(judged, key=lambda category: category.severity, default=None)
        if worst is None or worst.severity == GOOD or self.visit["severe_malnutrition"]:
            return said
        return [*said, marks.Mark(worst.severity, worst.label)]

    def as_typed(self) -> dict[str, str]:
        """Return what the form is given: for a new visit all cells, for a correction those that changed."""
        wanted = self.changed if self.visit else self.cells
        given = {name: read(name, text) for name, text in wanted.items()}
        stored = self.visit and self.visit["measured"]
        if given.get(LENGTH) and not given.get(POSITION) and not stored:
            given[POSITION] = self._position()
        return given

    def _position(self) -> str:
        return card.position_at((self.on - date.fromisoformat(self.child["birth_date"])).days)


@dataclass(frozen=True)
class Book:
    """A posyandu's page of the book on one day, and who is written on it beside this month's sasaran."""

    store: Store
    posyandu: str
    on: date
    by_dusun: bool = False
    guests: tuple[str, ...] = ()

    def children(self, typed: Collection[str]) -> list[Row]:
        """Return this month's sasaran in the order of the book, then whoever else was written down."""
        expected = people.sasaran(self.store, self.posyandu, Month.of(self.on))
        if self.by_dusun:
            expected.sort(key=lambda child: (child["dusun"] or "", child["name"] or "", child["id"]))
        here = {child["id"] for child in expected}
        written = (*self.guests, *self._weighed(), *sorted(typed))
        others = [each for each in dict.fromkeys(written) if each and each not in here]
        found = (people.person(self.store, each) for each in others)
        guests = [
            child
            for child in found
            if child and child["posyandu"] == self.posyandu and not child["retracted"]
        ]
        return [child for child in (*expected, *guests) if child["status"] != DIED]

    def _weighed(self) -> list[str]:
        sql = (
            "select person from balita where posyandu = $1 and visit_date = $2 and retracted = 0 order by id"
        )
        return [row["person"] for row in self.store.rows(sql, self.posyandu, self.on.isoformat())]

    def rows(self, typed: Mapping[str, Mapping[str, str]]) -> list[GridRow]:
        """Return the rows, numbered from 1."""
        return self.rows_of(list(enumerate(self.children(typed.keys()), 1)), typed)

    def rows_of(
        self, numbered: Sequence[tuple[int, Row]], typed: Mapping[str, Mapping[str, str]]
    ) -> list[GridRow]:
        """Return the rows of these children with their numbers."""
        ids = [child["id"] for _number, child in numbered]
        others, of_day = _by_child(self._others, ids), _by_child(self._of_day, ids)
        return [
            GridRow(
                number,
                child,
                self.on,
                next(iter(of_day.get(child["id"], ())), None),
                _last(self._earlier(others.get(child["id"], ()))),
                self._same_month(others.get(child["id"], ())),
                typed.get(child["id"], {}),
            )
            for number, child in numbered
        ]

    def _earlier(self, others: Sequence[Row]) -> list[Row]:
        day = self.on.isoformat()
        return [visit for visit in others if visit["visit_date"] < day]

    @cached_property
    def _first(self) -> str:
        return Month.of(self.on).first.isoformat()

    def _same_month(self, others: Sequence[Row]) -> Row | None:
        """Return the last other visit of this month that has a weight."""
        month = (visit for visit in reversed(others) if visit["visit_date"] >= self._first)
        return next((visit for visit in month if visit["weight_g"] is not None), None)

    def _others(self, ids: Sequence[str]) -> list[Row]:
        """Return the visits of the last months and of this one on other days: of each only the measures."""
        month = Month.of(self.on)
        first = min(self.on - BEFORE_SINCE, month.first)
        sql = f"""select id, person, visit_date, {", ".join(field.column for field in MEASURES)} from balita
            where retracted = 0 and visit_date >= $1 and visit_date <= $2 and visit_date <> $3
                and person in ({holes(ids, 3)})"""
        return self.store.rows(sql, first.isoformat(), month.last.isoformat(), self.on.isoformat(), *ids)

    def _of_day(self, ids: Sequence[str]) -> list[Row]:
        """Return this day's visits whole."""
        sql = f"""select b.*, g.month, g.gain, g.two_t, g.below_red_line, g.severe_malnutrition, g.waz, g.haz, g.whz,
                g.hcz, g.waz_category, g.haz_category, g.whz_category, g.hcz_category, g.muac_category
            from balita b left join balita_growth g on g.id = b.id
            where b.retracted = 0 and b.visit_date = $1 and b.person in ({holes(ids, 1)})"""
        return self.store.rows(sql, self.on.isoformat(), *ids)


def _by_child(ask: Callable[[Sequence[str]], list[Row]], ids: Sequence[str]) -> dict[str, list[Row]]:
    """Return each child's visits among those that a question gives, oldest first."""
    found: dict[str, list[Row]] = {}
    for part in chunks(ids):
        for row in sorted(ask(part), key=BY_CHILD_AND_DAY):
            found.setdefault(row["person"], []).append(row)
    return found


def _last(earlier: Sequence[Row]) -> dict[str, str]:
    """Return each measure's last value, without its unit: the head of the column says it."""
    return {
        field.name: field.show(visit[field.column]) for field, visit in visits.last_with(earlier, MEASURES)
    }


def waiting(rows: Sequence[GridRow]) -> Iterator[GridRow]:
    """Yield the rows that have something to save."""
    return (row for row in rows if row.is_open and row.waits)
