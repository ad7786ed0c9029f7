"""A page of the paper book as it is being typed: each cell is kept by itself, at once, on this machine.

A sheet is one worker's page of one posyandu and one day. A cell is named by the child and the field it is for; what is
said of the whole sheet (the reason of its corrections) stands under NOBODY.
"""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import NamedTuple

from siposyandu.periods import instant_text
from siposyandu.store import Store
from sync.chunks import chunks, holes

NOBODY = ""
ANSWER = "answer"
"""Under this name stands what was answered to the questions about a row."""

MOST_SHEETS = 60
"""Of one worker: a year of five posyandu's days left in the middle; the first give way, none by its age (see drafts)."""

Cell = tuple[str, str]


class Sheet(NamedTuple):
    """Whose page of the book it is: worker, posyandu, and the day as 2026-08-03."""

    worker: str
    posyandu: str
    day: str


def keep(store: Store, sheet: Sheet, cells: Mapping[Cell, str], at: datetime) -> None:
    """Keep cells as they were typed, each in the place of what stood there; beyond the most, the first sheets are thrown away."""
    with store.write() as writing:
        sql = "select coalesce(max(written_no), 0) + 1 from grid_cell where worker = $1"
        written = (instant_text(at), int(writing.value(sql, sheet.worker)))
        writing.many(
            """insert into grid_cell (worker, posyandu, visit_date, person, field, typed, saved_at, written_no)
            values ($1, $2, $3, $4, $5, $6, $7, $8)
            on conflict (worker, posyandu, visit_date, person, field)
            do update set typed = excluded.typed, saved_at = excluded.saved_at, written_no = excluded.written_no""",
            [(*sheet, *cell, typed, *written) for cell, typed in cells.items()],
        )
        _keep_the_last(writing, sheet.worker)


def _keep_the_last(writing: Store, worker_id: str) -> None:
    writing.run(
        """delete from grid_cell where worker = $1 and (posyandu, visit_date) not in (
            select posyandu, visit_date from grid_cell where worker = $1 group by posyandu, visit_date
            order by max(written_no) desc, max(saved_at) desc, posyandu, visit_date limit $2)""",
        worker_id,
        MOST_SHEETS,
    )


def typed(store: Store, sheet: Sheet) -> dict[str, dict[str, str]]:
    """Return what was typed on a sheet and not saved: child -> field -> text."""
    rows = store.rows(
        "select person, field, typed from grid_cell where worker = $1 and posyandu = $2 and visit_date = $3",
        *sheet,
    )
    found: dict[str, dict[str, str]] = {}
    for row in rows:
        found.setdefault(row["person"], {})[row["field"]] = row["typed"]
    return found


def forget(store: Store, sheet: Sheet, persons: Collection[str]) -> None:
    """Throw away what was typed for these children: it was saved."""
    with store.write() as writing:
        for part in chunks(sorted(persons)):
            writing.run(
                f"""delete from grid_cell where worker = $1 and posyandu = $2 and visit_date = $3
                and person in ({holes(part, 3)})""",
                *sheet,
                *part,
            )


def unfinished(store: Store, sheet: Sheet) -> list[tuple[str, int]]:
    """Return the other days of this worker and posyandu with something typed and not saved: day, number of children."""
    rows = store.rows(
        """select visit_date, count(distinct person) as children from grid_cell
        where worker = $1 and posyandu = $2 and visit_date <> $3 and person <> '' and typed <> ''
        group by visit_date order by visit_date""",
        *sheet,
    )
    return [(row["visit_date"], row["children"]) for row in rows]


def move(store: Store, sheet: Sheet, day: str) -> None:
    """Put what was typed under a wrong day under the right one; what is typed there already stays."""
    with store.write() as writing:
        writing.run(
            """insert into grid_cell (worker, posyandu, visit_date, person, field, typed, saved_at, written_no)
            select worker, posyandu, $4, person, field, typed, saved_at, written_no from grid_cell
            where worker = $1 and posyandu = $2 and visit_date = $3
            on conflict (worker, posyandu, visit_date, person, field) do nothing""",
            *sheet,
            day,
        )
        writing.run(
            "delete from grid_cell where worker = $1 and posyandu = $2 and visit_date = $3",
            *sheet,
        )
