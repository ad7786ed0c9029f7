"""Edits: writing one into this store's own lane, inside the transaction of whoever changes the record."""

from sync import body, conflicts, departures, feed, heads, lanes, log
from sync.body import RETRACTED, Edit, Value, Values
from sync.errors import BadEdit
from sync.lanes import Lane
from sync.ports import Author, Store

__all__ = ["RETRACTED", "Author", "Edit", "Value", "record"]


def record(  # noqa: PLR0913 - these are the words of an edit; a class of them would be the edit twice
    store: Store,
    lane: str,
    *,
    kind: str,
    entity: str | None,
    values: Values,
    author: Author,
    device_time: str,
    schema_version: int = 1,
) -> Edit:
    """Append an edit to this store's own lane, inside the caller's `write()`, and return it with its uid.

    `entity` is None for a create, whose uid becomes the record's id. What the edit replaces is taken from the
    heads as they are in this transaction; a retract replaces (has seen) the heads of every field.
    At the province the edit is also told to the areas where the record is placed.
    Refuses (BadEdit) floats, truth values, wrong ids, and a change of nothing.
    """
    place = lanes.home(store, lane)
    draft = Edit(
        uid="",
        lane=place.lane,
        seq=place.last_seq + 1,
        kind=kind,
        entity=entity or "",
        schema_version=schema_version,
        user=author.user,
        rank=author.rank,
        device_time=device_time,
        values=dict(values),
        preds=_replaced(store, entity, values) if entity else {},
    )
    body.check(draft)
    edit = _append(store, place, draft)
    if entity:
        departures.changed_here(store, entity)
    feed.settle(store, [edit.entity])
    return edit


def _append(store: Store, place: Lane, draft: Edit) -> Edit:
    edit, text, fingerprint = body.named(draft)
    if len(text.encode()) > body.LARGEST_BODY:
        raise BadEdit(f"an edit of {len(text)} characters")
    chain = body.next_link(place.chain, fingerprint)
    log.append(store, [log.Line(edit, text, chain[:8].hex())], edit.device_time)
    lanes.advance(store, place.lane_no, edit.seq, chain)
    conflicts.review(store, heads.advance(store, [edit]), edit.device_time)
    return edit


def _replaced(store: Store, entity: str, values: Values) -> dict[int, tuple[str, ...]]:
    current = heads.current(store, entity)
    found = {field: current[field] for field in values if field in current}
    if values.get(RETRACTED) is not None:
        found[RETRACTED] = frozenset().union(*current.values())
    return {field: tuple(sorted(uids)) for field, uids in found.items()}
