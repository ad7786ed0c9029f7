"""Envelopes under quarantine: what laptops sent after they were shut out, and batches that could not follow.

Who keeps the laptop's area looks inside, as records in words, and takes an honest envelope in or puts it aside with a reason.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import forms
from forms import Form
from siposyandu import access
from siposyandu.access import Worker
from siposyandu.errors import NotFound
from siposyandu.keeping import acts
from siposyandu.office import laptops_of, reach
from siposyandu.store import Store
from sync import fold, releasing
from sync.body import Edit
from sync.errors import SyncError
from sync.province import Province

Row = dict[str, Any]

LISTED_AT_MOST = 200
FORM_FIELD = 0
_WAITING = f"""from (
    select q.quarantine_no, q.reason, q.received_at, l.lane, d.label, d.area as entity
    from quarantine q join lanes l using (lane_no) join devices d using (lane_no)
    where q.released_at is null and q.put_aside_at is null) waits {reach.HOME}"""


@dataclass(frozen=True)
class Inside:
    """What an envelope holds: edits not held here yet, each with its form (None: unknown), how many are held, or a fault."""

    edits: tuple[tuple[Edit, Form | None], ...] = ()
    known: int = 0
    fault: str = ""


def waiting(store: Store, who: Worker) -> list[Row]:
    """Return the envelopes of her area's laptops that nobody has decided about, oldest first. Nothing for who keeps none."""
    if not access.may_keep_places(who):
        return []
    inside, area = reach.within(who.area)
    rows = store.rows(
        f"""select waits.quarantine_no, waits.reason, waits.received_at, waits.lane, waits.label {_WAITING}
        where {inside} order by waits.quarantine_no limit $2""",
        area,
        LISTED_AT_MOST,
    )
    return [{**row, "laptop": f"{row['label']} ({laptops_of.mark(row['lane'])})"} for row in rows]


def count(store: Store, who: Worker) -> int:
    """Return how many envelopes wait for a decision in a keeper's area."""
    if not access.may_keep_places(who):
        return 0
    inside, area = reach.within(who.area)
    return int(store.value(f"select count(*) {_WAITING} where {inside}", area))


def find(store: Store, who: Worker, number: int) -> Row:
    """Return one envelope that waits. NotFound when it does not, or lies outside her area."""
    found = next((row for row in waiting(store, who) if row["quarantine_no"] == number), None)
    if found is None:
        raise NotFound(f"no envelope {number} waits")
    return found


def look(store: Store, number: int) -> Inside:
    """Return what is in an envelope; nothing changes."""
    try:
        found = releasing.look(store, number)
    except SyncError as error:
        return Inside(fault=error.code)
    known_forms = _forms_of(store, found.new)
    return Inside(tuple((edit, known_forms.get(edit.entity)) for edit in found.new), found.known)


def _forms_of(store: Store, edits: Sequence[Edit]) -> Mapping[str, Form]:
    made = {edit.entity: edit.values[FORM_FIELD] for edit in edits if FORM_FIELD in edit.values}
    others = fold.values_of(store, {edit.entity for edit in edits} - made.keys())
    numbers = {**{entity: values.get(FORM_FIELD) for entity, values in others.items()}, **made}
    return {
        entity: forms.BY_NUMBER[int(number)]
        for entity, number in numbers.items()
        if number is not None and int(number) in forms.BY_NUMBER
    }


def child_of(store: Store, who: Worker, edit: Edit, form: Form | None) -> Row | None:
    """Return the child that an edit speaks of (see reach.NAMES); None where none of her area is known here by it."""
    inside, area = reach.within(who.area)
    person = form.by_column.get("person") if form else None
    spoken_of = edit.values.get(person.number) if person else None
    return store.one(
        f"""select {reach.NAMES} from (select entity from edits where entity = $2 limit 1) waits {reach.HOME}
        where child.id is not null and {inside}""",
        area,
        str(spoken_of or edit.entity),
    )


def release(province: Province, who: Worker, number: int, said: tuple[str, str]) -> None:
    """Take an envelope in as if its laptop were still believed; `said` is why (may be empty), and when.

    Raises SyncError, with nothing changed, where it does not follow on what is held.
    """
    store: Any = province.store
    with store.write():
        row = find(store, who, number)
        releasing.release(province, number)
        acts.note(store, who, acts.RELEASED, row["lane"], said)


def put_aside(store: Store, who: Worker, number: int, said: tuple[str, str]) -> None:
    """Say that an envelope is not taken in; it is kept. `said` is why, and when."""
    why, at = acts.reason(said[0]), said[1]
    with store.write():
        row = find(store, who, number)
        releasing.put_aside(store, number, at)
        acts.note(store, who, acts.PUT_ASIDE, row["lane"], (why, at))
