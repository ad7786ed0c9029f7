"""A tiny application over one table, so that sync is proved without the application it serves."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

from siposyandu.store import SqliteStore, open_store
from sync import edits, feed, fold, lanes, migrations
from sync.body import RETRACTED, Value
from sync.edits import Author, Edit

FORM, NAME, WEIGHT_G, POSYANDU, NOTE = 0, 11, 12, 13, 14
CHILD, USER = 1, 6
AMINAH = Author("a1" * 16, 1)
BAIQ = Author("b2" * 16, 2)
CITRA = Author("c3" * 16, 4)
NOON = "2026-08-04T04:00:00Z"
TABLE = """create table notebook (entity text primary key, name text, weight_g integer, posyandu text,
    note text, withdrawn text) strict"""


def new_store(path: Path | str = ":memory:") -> SqliteStore:
    """Return a store with the tables of sync and of this application."""
    store = open_store(path)
    with store.write():
        for _, statements in migrations.ALL:
            for statement in statements:
                store.run(statement)
        store.run(TABLE)
    return store


def lane_named(name: str) -> str:
    """Return a lane made from a name, where no keys are needed."""
    return sha256(name.encode()).hexdigest()[:32]


def apply(store: Any, edits: Sequence[Edit]) -> None:
    """Write the notebook's rows of the records that these edits changed, and place them."""
    entities = dict.fromkeys(edit.entity for edit in edits)
    areas = {}
    for entity, values in fold.values_of(store, entities).items():
        if values.get(NOTE) == "poison":
            raise ValueError("this application cannot stand the word poison")
        row = (
            values.get(NAME),
            values.get(WEIGHT_G),
            values.get(POSYANDU),
            values.get(NOTE),
            values.get(RETRACTED),
        )
        store.run("delete from notebook where entity = $1", entity)
        store.run(
            """insert into notebook (entity, name, weight_g, posyandu, note, withdrawn)
            values ($1, $2, $3, $4, $5, $6)""",
            entity, *row,
        )  # fmt: skip
        areas[entity] = {str(values[POSYANDU])} if values.get(POSYANDU) else set()
    feed.place_all(store, areas)


def notebook(store: Any) -> list[dict[str, Any]]:
    """Return every row of the application's table."""
    return store.rows(
        "select entity, name, weight_g, posyandu, note, withdrawn from notebook order by entity"
    )


@dataclass
class Writer:
    """One store whose user types into it."""

    store: SqliteStore
    lane: str
    author: Author = AMINAH
    written: list[Edit] = field(default_factory=list)

    def save(
        self,
        values: dict[int, Value],
        entity: str | None = None,
        *,
        kind: str = "",
        author: Author | None = None,
    ) -> str:
        """Record an edit and apply it, as the application's one write path does; return the record's id."""
        with self.store.write():
            edit = edits.record(
                self.store,
                self.lane,
                kind=kind or ("set" if entity else "create"),
                entity=entity,
                values=values,
                author=author or self.author,
                device_time=NOON,
            )
            apply(self.store, [edit])
        self.written.append(edit)
        return edit.entity

    def child(self, name: str, posyandu: str = "melati", *, note: str | None = None) -> str:
        """Register a child."""
        return self.save({FORM: CHILD, NAME: name, POSYANDU: posyandu} | ({NOTE: note} if note else {}))


def writer(name: str, *, role: str = "device", store: SqliteStore | None = None) -> Writer:
    """Return a store with a lane of its own."""
    store = store or new_store()
    lane = lane_named(name)
    lanes.open_own(store, lane, "sentinel", role=role)
    return Writer(store, lane)
