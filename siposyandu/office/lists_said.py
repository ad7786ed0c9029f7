"""What laptops say of places and workers: shown beside what is kept, and written by a keeper where it is right.

After the province was put back to an older day this is how it gets back what only laptops still hold.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from forms import Sentence
from siposyandu import access, keeping, records
from siposyandu.keeping import Kind, Register
from siposyandu.periods import instant_text
from siposyandu.records import FORM_FIELD, Pen
from siposyandu.store import Store
from sync import fold, reviews

KINDS: Mapping[int, Kind] = {kind.form.number: kind for kind in keeping.ALL}


@dataclass(frozen=True)
class Said:
    """What a laptop says of one place or worker that is not kept so: values by column; `seen` is the newest edit of it."""

    entity: str
    kind: Kind
    values: Mapping[str, int | str | None]
    seen: int


def said(store: Store, entity: str) -> Said | None:
    """Return what is said of a record beyond what the province wrote, None when there is nothing to take over."""
    everybody, kept = fold.values(store, entity), fold.values_by_the_province(store, [entity])[entity]
    kind = KINDS.get(int((kept or everybody).get(FORM_FIELD) or 0))
    if kind is None:
        return None
    other = {number: value for number, value in everybody.items() if kept.get(number) != value}
    values = kind.form.from_wire(other)
    return Said(entity, kind, values, records.newest(store, entity)) if values else None


def may_take_over(register: Register, found: Said) -> bool:
    """Whether a keeper looks after the record as it is and as it would be."""
    now = register.rows(found.kind).get(found.entity)
    then = {**(now or {}), **found.values, "id": found.entity}
    return all(register.may_keep(found.kind, row) for row in (now, then) if row)


def take_over(store: Store, pen: Pen, found: Said, today: date) -> Sequence[Sentence]:
    """Write what is said, in the keeper's name and the province's lane; or return why it cannot be kept so."""
    register = keeping.register(store, pen.who)
    access.require(may_take_over(register, found), f"keeping {found.kind.word} {found.entity}")
    now: dict[str, Any] | None = register.rows(found.kind).get(found.entity)
    typed = found.kind.form.shown({**(now or {}), **found.values})
    checked = keeping.check(register, found.kind, typed, found.entity if now else None, today)
    if checked.errors:
        return [sentence for sentences in checked.errors.values() for sentence in sentences]
    made: dict[int, int | str | None] = {} if now else {FORM_FIELD: found.kind.form.number}
    with store.write():
        records.choose(store, pen, found.entity, {**made, **found.kind.form.to_wire(found.values)})
        reviews.settle_seen(store, found.entity, found.seen, instant_text(pen.at))
    return ()
