"""A tiny application over one table: a notebook of children, so that sync runs without the application it serves."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sync import edits, feed, fold, migrations
from sync.body import RETRACTED, Value
from sync.edits import Author, Edit
from sync.ports import Store

FORM, NAME, WEIGHT_G, POSYANDU, NOTE = 0, 11, 12, 13, 14
CHILD, USER = 1, 6
AMINAH = Author("a1" * 16, 1)
BAIQ = Author("b2" * 16, 2)
CITRA = Author("c3" * 16, 4)
NOON = "2026-08-04T04:00:00Z"
POISON = "poison"
TABLE = """create table notebook (entity text primary key, name text, weight_g integer, posyandu text,
    note text, withdrawn text) strict"""


def furnish(store: Store) -> None:
    """Make the tables of sync and of this application."""
    with store.write():
        for _, statements in migrations.ALL:
            for statement in statements:
                store.run(statement)
        store.run(TABLE)


def apply(store: Any, edits: Sequence[Edit]) -> None:
    """Write the notebook's rows of the records that these edits changed, and place them."""
    entities = dict.fromkeys(edit.entity for edit in edits)
    areas = {}
    for entity, values in fold.values_of(store, entities).items():
        if values.get(NOTE) == POISON:
            raise ValueError("this application cannot stand the word poison")
        store.run("delete from notebook where entity = $1", entity)
        if not values:
            continue
        store.run(
            """insert into notebook (entity, name, weight_g, posyandu, note, withdrawn)
            values ($1, $2, $3, $4, $5, $6)""",
            entity, *row_of(values),
        )  # fmt: skip
        areas[entity] = {str(values[POSYANDU])} if values.get(POSYANDU) else set()
    feed.place_all(store, areas)


def row_of(values: dict[int, Value]) -> tuple[Value, ...]:
    """Return what the notebook shows of a record: name, weight, posyandu, note, and why it was withdrawn."""
    return tuple(values.get(number) for number in (NAME, WEIGHT_G, POSYANDU, NOTE, RETRACTED))


def forget(store: Any, entities: Sequence[str]) -> None:
    """Delete the rows of records that left this laptop's areas."""
    store.many("delete from notebook where entity = $1", [(entity,) for entity in entities])


def notebook(store: Any) -> list[dict[str, Any]]:
    """Return every row of the application's table."""
    return list(
        store.rows("select entity, name, weight_g, posyandu, note, withdrawn from notebook order by entity")
    )


@dataclass
class Writer:
    """One store whose user types into it."""

    store: Any
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
        at: str = NOON,
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
                device_time=at,
            )
            apply(self.store, [edit])
        self.written.append(edit)
        return edit.entity

    def child(self, name: str, posyandu: str = "melati", *, note: str | None = None) -> str:
        """Register a child."""
        said: dict[int, Value] = {FORM: CHILD, NAME: name, POSYANDU: posyandu}
        return self.save(said | {NOTE: note} if note else said)
