"""Heads: for each field of a record, the latest edits of it, those that no other edit has replaced.

Kept small: the default head of every field is the edit that created the record and needs no row; the table
`heads` has rows only for fields whose heads are others, or several. Heads are a function of the *set* of edits:
heads(record, field) = edits that set the field, less those that some edit of the same record lists as replaced there. So
no order of arrival matters; a replaced edit that has not arrived yet is remembered in `awaited`.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sync import log
from sync.body import RETRACTED, Edit
from sync.chunks import chunks, holes
from sync.ports import Store

Field = tuple[str, int]  # entity, field number
Heads = dict[Field, frozenset[str]]
Replaced = frozenset[tuple[str, str, int]]  # record of the edit that lists it, uid, field number


@dataclass(frozen=True, slots=True)
class Known:
    """What a store knew of some records before new edits came."""

    rows: Mapping[Field, frozenset[str]]  # fields whose heads are not simply the creating edit
    created: Mapping[str, frozenset[int]]  # fields set by the creating edit, where it was already here


def after(known: Known, edits: Sequence[Edit], replaced: Replaced) -> Heads:
    """Return the heads of every field that the new edits set; pure, whatever the order of the edits.

    `replaced` says what edits, new or old, list as replaced. It counts only within their own record: an edit of another one that
    is listed, by mistake or malice, may be here already or come later.
    """
    setters: dict[Field, set[str]] = defaultdict(set)
    for edit in edits:
        for field in edit.values:
            setters[edit.entity, field].add(edit.uid)
    return {
        (entity, field): frozenset(
            uid for uid in before(known, entity, field) | uids if (entity, uid, field) not in replaced
        )
        for (entity, field), uids in setters.items()
    }


def before(known: Known, entity: str, field: int) -> frozenset[str]:
    """Return the heads of a field as they were known."""
    rows = known.rows.get((entity, field))
    if rows is not None:
        return rows
    return frozenset([entity]) if field in known.created.get(entity, ()) else frozenset()


def advance(store: Store, edits: Sequence[Edit]) -> set[Field]:
    """Bring heads up to date with edits that the log has just taken in; return the fields to look at for conflicts.

    1. Plain creates that nobody has replaced need nothing: they are the default head of their fields.
    2. The rest is computed at once for the whole batch (`after`) and only differences are written.
    """
    listed, ahead = _listed(edits), _awaited(store, edits)
    rows = of(store, {edit.entity for edit in edits})
    if not listed and not ahead and not rows and all(edit.kind == "create" for edit in edits):
        return set()
    known = Known(rows, _created(store, edits, rows, listed))
    heads = after(known, edits, listed | ahead)
    _await(store, edits, listed, ahead)
    _write(store, known, heads)
    return _doubtful(known, heads)


def of(store: Store, entities: Iterable[str]) -> Heads:
    """Return the head rows of records: only fields whose heads are not simply the creating edit."""
    found: dict[Field, set[str]] = defaultdict(set)
    for part in chunks(sorted(set(entities))):
        sql = f"select entity, field, uid from heads where entity in ({holes(part)})"
        for row in store.rows(sql, *part):
            found[row["entity"], row["field"]].add(row["uid"])
    return {field: frozenset(uids) for field, uids in found.items()}


def _doubtful(known: Known, heads: Heads) -> set[Field]:
    several = {field for field, uids in heads.items() if len(uids) > 1 or len(before(known, *field)) > 1}
    withdrawn = {(entity, RETRACTED) for entity, field in (*heads, *known.rows) if field == RETRACTED}
    return several | withdrawn


def _listed(edits: Sequence[Edit]) -> Replaced:
    return frozenset(
        (edit.entity, uid, field) for edit in edits for field, uids in edit.preds.items() for uid in uids
    )


def _created(store: Store, edits: Sequence[Edit], rows: Heads, listed: Replaced) -> dict[str, frozenset[int]]:
    # Only needed where a field gets a new head beside one that has no row: rare, so bodies are read only then.
    beside = {
        edit.entity
        for edit in edits
        for field in edit.values
        if edit.kind != "create"
        and (edit.entity, field) not in rows
        and (edit.entity, edit.entity, field) not in listed
    }
    return {uid: frozenset(kept.edit.values) for uid, kept in log.by_uid(store, beside).items()}


def _awaited(store: Store, edits: Sequence[Edit]) -> Replaced:
    """Return what earlier edits list as replaced of these. Of one noted before s013 nobody knows the record: its own counts."""
    if store.value("select 1 from awaited limit 1") is None:
        return frozenset()
    record_of = {edit.uid: edit.entity for edit in edits}
    found: set[tuple[str, str, int]] = set()
    for part in chunks(sorted(record_of)):
        sql = f"select entity, uid, field from awaited where uid in ({holes(part)})"
        rows = store.rows(sql, *part)
        found.update((row["entity"] or record_of[row["uid"]], row["uid"], row["field"]) for row in rows)
    return frozenset(found)


def _await(store: Store, edits: Sequence[Edit], listed: Replaced, ahead: Replaced) -> None:
    """Remember which replaced edits are not here yet, and who asked for each; forget those that came now."""
    here = log.held(store, {uid for _, uid, _ in listed})
    missing = {
        (edit.entity, uid, field): edit.uid
        for edit in edits
        for field, uids in edit.preds.items()
        for uid in uids
        if uid not in here
    }
    store.many(
        "insert into awaited (entity, uid, field, asked_by) values ($1, $2, $3, $4) on conflict do nothing",
        sorted((*pair, asked_by) for pair, asked_by in missing.items()),
    )
    came = {(uid, field) for _, uid, field in ahead}
    store.many("delete from awaited where uid = $1 and field = $2", sorted(came))


def _write(store: Store, known: Known, heads: Heads) -> None:
    gone, new = [], []
    for (entity, field), uids in heads.items():
        old = known.rows.get((entity, field), frozenset())
        rows = frozenset() if uids == {entity} else uids
        gone += [(entity, field, uid) for uid in old - rows]
        new += [(entity, field, uid) for uid in rows - old]
    store.many("delete from heads where entity = $1 and field = $2 and uid = $3", gone)
    store.many("insert into heads (entity, field, uid) values ($1, $2, $3)", new)


def rebuild(store: Store, entities: Iterable[str]) -> None:
    """Make the heads of records anew from all edits of them that are here, inside `write()`; and what these wait for: who waited
    before may be here no longer (departures.py)."""
    found = sorted(set(entities))
    edits = [kept.edit for kept in log.of_entities(store, found)]
    for part in chunks(found):
        for table in ("heads", "awaited"):
            store.run(f"delete from {table} where entity in ({holes(part)})", *part)
    listed, ahead = _listed(edits), _awaited(store, edits)
    nothing = Known({}, {})
    _await(store, edits, listed, ahead)
    _write(store, nothing, after(nothing, edits, listed | ahead))


def current(store: Store, entity: str) -> dict[int, frozenset[str]]:
    """Return field -> heads of one record, the default ones included."""
    created = log.by_uid(store, [entity])
    found = {field: frozenset([entity]) for kept in created.values() for field in kept.edit.values}
    return found | {field: uids for (_, field), uids in of(store, [entity]).items()}
