"""The one write path: what was typed here (`save`) and what was sent from elsewhere (`apply`) become rows.

In one transaction: the edit joins the log, the record's row is folded from the log, what growth derives from it stands
beside it, and the counts of its months are made again. The log decides; a row is only what it says now.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import forms
from forms import Form
from siposyandu import derived, joined_cards, places, placing, tally
from siposyandu.access import Worker
from siposyandu.errors import OnlyAtTheProvince, Refused
from siposyandu.periods import instant_text
from siposyandu.store import Store, Value
from sync import departures, fold, lanes
from sync import edits as log
from sync.body import ATTESTED, RETRACTED, Edit
from sync.chunks import chunks, holes
from sync.fold import Folded
from sync.log import by_uid
from sync.ports import Author

FORM_FIELD = 0
SCHEMA_VERSION = 1
LISTS = frozenset(forms.BY_NAME[name].number for name in places.KEPT_LISTS)
PROJECTED_AT_ONCE = 500

Values = Mapping[str, int | str | None]
Row = dict[str, Any]


@dataclass(frozen=True)
class Pen:
    """Who writes, in which machine's lane, and when by that machine's clock (kept and shown, never decisive)."""

    lane: str
    who: Worker
    at: datetime


def save(  # noqa: PLR0913 - the one write path: who writes what into which record
    store: Store, pen: Pen, form: Form, values: Values, entity: str | None = None, *, count: bool = True
) -> str:
    """Keep what was typed; returns the record's id.

    Without `entity` a new record is made; with it, only the columns whose value changes are set.
    Columns are the form's own; a column it does not have is refused.
    Without `count` the months stay due: whoever saves many records calls `tally.settle` before the transaction ends.
    """
    with store.write():
        changed = values if entity is None else _changed(store, form, entity, values)
        if entity is not None and not changed:
            return entity
        wire = form.to_wire(changed)
        if entity is None:
            wire = {
                FORM_FIELD: form.number,
                **{number: value for number, value in wire.items() if value is not None},
            }
        kept = _log(store, pen, "create" if entity is None else "set", entity, wire)
        if count:
            tally.settle(store)
        return kept


def retract(store: Store, pen: Pen, entity: str, reason: str) -> None:
    """Withdraw a record that should not have been made; it stays in the log with the reason."""
    if not reason.strip():
        raise Refused("a record is withdrawn with a reason")
    with store.write():
        _log(store, pen, "retract", entity, {RETRACTED: reason.strip()})
        tally.settle(store)


def choose(store: Store, pen: Pen, entity: str, wire: Mapping[int, Value], remark: str = "") -> None:
    """Let these values, by wire number, replace everything that was said there, also what is shown already.

    So a difference between people is settled. The remark says why, where the form has no column for it.
    """
    with store.write():
        _log(store, pen, "set", entity, {**wire, **_attested(remark)})
        tally.settle(store)


def restore(store: Store, pen: Pen, entity: str, remark: str) -> None:
    """Let a withdrawn record stand again; the withdrawal stays in its history."""
    with store.write():
        _log(store, pen, "unretract", entity, {RETRACTED: None, **_attested(remark)})
        tally.settle(store)


def _attested(remark: str) -> dict[int, str]:
    return {ATTESTED: remark.strip()} if remark.strip() else {}


def _log(store: Store, pen: Pen, kind: str, entity: str | None, wire: dict[int, Any]) -> str:
    edit = log.record(
        store,
        pen.lane,
        kind=kind,
        entity=entity,
        values=wire,
        author=Author(pen.who.id, pen.who.rank),
        device_time=instant_text(pen.at),
        schema_version=SCHEMA_VERSION,
    )
    _project(store, [edit.entity], {edit.entity: edit} if kind == "create" else fold.NOTHING)
    return edit.entity


def _changed(store: Store, form: Form, entity: str, values: Values) -> Values:
    row = store.one(f"select * from {form.name} where id = $1", entity)
    if row is None:
        raise Refused(f"there is no {form.name} {entity} to correct")
    return {column: value for column, value in values.items() if row[column] != value}


def newest(store: Store, entity: str) -> int:
    """Return the number of a record's newest edit: a page remembers it as what it has seen."""
    return int(store.value("select coalesce(max(n), 0) from edits where entity = $1", entity))


def touched(store: Store, form: Form, entity: str, values: Values, seen: int) -> Values:
    """Return the values that differ from how the record stood when its newest edit was `seen`.

    The others were only shown by the page: saving them would undo what somebody else has changed meanwhile.
    """
    stood: dict[str, Value] = {}
    for line in fold.history(store, entity):
        if line.n <= seen:
            stood |= form.from_wire(line.edit.values)
    return {column: value for column, value in values.items() if stood.get(column) != value}


def apply(store: Store, edits: Sequence[Edit]) -> None:
    """Make rows of edits that arrived (sync calls this inside its own transaction).

    Refused at the province, and so kept to be looked at: what a laptop wrote about places and workers.
    """
    creating = {edit.entity: edit for edit in edits if edit.kind == "create"}
    if lanes.is_province(store) and (strange := _laptops_word_on_lists(store, edits, creating)):
        raise OnlyAtTheProvince(", ".join(strange))
    project(store, list(dict.fromkeys(edit.entity for edit in edits)), creating)


def _laptops_word_on_lists(store: Store, edits: Sequence[Edit], creating: Mapping[str, Edit]) -> list[str]:
    """Return the places and workers about which a laptop wrote some of these edits."""
    lists = _of_lists(store, {edit.entity for edit in edits}, creating)
    kept = by_uid(store, [edit.uid for edit in edits if edit.entity in lists])
    return sorted({each.edit.entity for each in kept.values() if not fold.written_at_the_province(each)})


def _of_lists(store: Store, entities: Iterable[str], creating: Mapping[str, Edit]) -> set[str]:
    """Return those that were made as places or workers, whatever form was said of them afterwards."""
    wanted = set(entities)
    found = {
        entity for entity in wanted & creating.keys() if creating[entity].values.get(FORM_FIELD) in LISTS
    }
    for part in chunks(sorted(wanted - creating.keys())):
        marks = holes(part)
        sql = " union all ".join(f"select id from {name} where id in ({marks})" for name in places.KEPT_LISTS)
        found.update(row["id"] for row in store.rows(sql, *part))
    return found


def project(store: Store, entities: Sequence[str], creating: Mapping[str, Edit] = fold.NOTHING) -> None:
    """Fold records from the log into their rows, derive growth, place them in their areas, count their months.

    `creating` are creating edits at hand, by record: they need not be read back.
    """
    _project(store, entities, creating)
    tally.settle(store)


def project_again(store: Store, entities: Sequence[str]) -> None:
    """Project records of the log once more, inside `write()`; one that cannot be read stays as it stands, and is noted."""
    try:
        with store.write():
            project(store, entities)
    except (MemoryError, OSError):
        raise  # the machine failed, and says nothing about these records
    except Exception:  # whatever it is, it is about one of them (as in sync.intake)
        half = len(entities) // 2
        for part in (entities[:half], entities[half:]) if half else ():
            project_again(store, part)
        if not half:
            _note_unread(store, entities)


def _project(
    store: Store, entities: Sequence[str], creating: Mapping[str, Edit], *, joining: bool = True
) -> None:
    by_form = _folded(store, entities, creating)
    _put(store, placing.SAME_PERSON, by_form.get(placing.SAME_PERSON.name, ()))
    again = _join(store, by_form) if joining else []
    _as_one(store, by_form)
    for name, rows in by_form.items():
        _put(store, forms.BY_NAME[name], rows)
    for cards in again:
        _project(
            store, joined_cards.records_of(store, cards, placing.OF_A_CHILD), fold.NOTHING, joining=False
        )
    children = _derive(store, by_form)
    placing.place(store, by_form, children)


def _folded(store: Store, entities: Sequence[str], creating: Mapping[str, Edit]) -> dict[str, list[Row]]:
    """Return the rows of records by form, as the log has them."""
    by_form: dict[str, list[Row]] = defaultdict(list)
    unread: list[str] = []
    for start in range(0, len(entities), PROJECTED_AT_ONCE):
        part = entities[start : start + PROJECTED_AT_ONCE]
        folded = fold.values_of(store, part, creating)
        for entity, values in (folded | _kept_lists(store, folded, creating)).items():
            form = forms.BY_NUMBER.get(int(values.get(FORM_FIELD) or 0))
            if form is not None:
                by_form[form.name].append(_row(form, entity, values))
            else:
                for name, row in _left_over(store, entity):
                    by_form[name].append(row)
            if form is None or not form.knows(values):
                unread.append(entity)
    _note_unread(store, unread)
    return by_form


def _left_over(store: Store, entity: str) -> Iterator[tuple[str, Row]]:
    """Yield, as withdrawn, the rows of a record that sync took out of the log again: a laptop wrote it that was shut out."""
    if departures.forgotten(store, [entity]):
        return  # a part of its edits went with it, and its rows stay as they are (forgetting.py)
    for form in forms.ALL:
        columns = ", ".join(("id", *form.by_column))
        row = store.one(f"select {columns} from {form.name} where id = $1", entity)
        if row is not None:
            yield form.name, {**row, "retracted": 1}


def _join(store: Store, by_form: Mapping[str, Sequence[Row]]) -> list[set[str]]:
    """Look again which cards are one child's, where a card or such a word about cards is among these rows."""
    cards = {row["id"]: row["retracted"] for row in by_form.get("person", ())}
    said = [
        row[end]
        for row in by_form.get(placing.SAME_PERSON.name, ())
        for end in ("person_goes", "person_stays")
    ]
    return joined_cards.settle(store, cards, set(filter(None, said))) if cards or said else []


def _as_one(store: Store, by_form: Mapping[str, Sequence[Row]]) -> None:
    """Let the rows name the card that stays: what was written for a card that goes is hers, and that card is withdrawn."""
    cards, written = (
        by_form.get("person", ()),
        [row for name in placing.OF_A_CHILD for row in by_form.get(name, ())],
    )
    stays = joined_cards.stays(store, [*(row["id"] for row in cards), *(row["person"] for row in written)])
    for row in cards if stays else ():
        row["retracted"] = int(row["retracted"] or row["id"] in stays)
    for row in written if stays else ():
        row["person"] = stays.get(row["person"], row["person"])


def _kept_lists(
    store: Store, folded: Mapping[str, Folded], creating: Mapping[str, Edit]
) -> dict[str, Folded]:
    """Return what the province alone says of places and workers, instead of what everybody says."""
    said = {entity for entity, values in folded.items() if values.get(FORM_FIELD) in LISTS}
    return fold.values_by_the_province(store, said | _of_lists(store, folded, creating))


def _note_unread(store: Store, entities: Sequence[str]) -> None:
    sql = "insert into unread (entity) values ($1) on conflict (entity) do nothing"
    store.many(sql, [(entity,) for entity in entities])


def _row(form: Form, entity: str, values: Mapping[int, Any]) -> Row:
    columns = {column: values.get(field.number) for column, field in form.by_column.items()}
    for column in form.dates:
        # A foreign program's "yesterday" would stop whoever reckons with it later; so the record waits to be looked at.
        if (day := columns[column]) is not None and date.fromisoformat(day).isoformat() != day:
            raise ValueError(f"a day in another spelling: {day!r}")
    return {"id": entity, **columns, "retracted": int(values.get(RETRACTED) is not None)}


def _put(store: Store, form: Form, rows: Sequence[Row]) -> None:
    columns = ["id", *form.by_column, "retracted"]
    marks = ", ".join(f"${position}" for position in range(1, len(columns) + 1))
    news = ", ".join(f"{column} = excluded.{column}" for column in columns[1:])
    store.many(
        f"insert into {form.name} ({', '.join(columns)}) values ({marks}) on conflict (id) do update set {news}",
        [tuple(row.values()) for row in rows],
    )


def _derive(store: Store, by_form: Mapping[str, Sequence[Row]]) -> list[Row]:
    """Derive the children whose own record or one of whose visits changed; return them, as far as they are known here.

    Where she belonged is asked again only when her own record changed, not for each visit.
    """
    themselves = {row["id"] for row in by_form.get("person", ())}
    since = derived.touched(store, by_form.get("balita", ())) | dict.fromkeys(themselves, "")
    visited = {row["person"] for name in placing.OF_A_CHILD for row in by_form.get(name, ())}
    children = placing.children(store, filter(None, visited | since.keys()))
    known = [child for child in children if child["birth_date"] and child["sex"] and child["posyandu"]]
    for child in known:
        if child["id"] in themselves:
            derived.keep_stays(store, child, _stays(store, child))
    derived.keep_growth(store, [child for child in known if child["id"] in since], since)
    return children


def _stays(store: Store, child: Row) -> list[derived.Stay]:
    """Return where a child belonged when, also by cards that she was written on before; a withdrawn one nowhere."""
    if child["retracted"]:
        return []
    cards = placing.children(store, [child["id"], *joined_cards.gone_into(store, child["id"])])
    by_card = {
        card["id"]: derived.stays(
            _assignments(store, card), card["status_date"] if card["status"] in derived.GONE else None
        )
        for card in cards
        if card["posyandu"]
    }
    own = by_card.pop(child["id"])
    return derived.with_earlier(own, by_card.values())


def _assignments(store: Store, child: Row) -> list[derived.Assignment]:
    """Return where a child was said to belong, oldest edit first; the row's own word comes last."""
    posyandu, since = (
        forms.BY_NAME["person"].by_column[column].number for column in ("posyandu", "posyandu_since")
    )
    said: list[derived.Assignment] = []
    known_since = child["registered_date"] or child["birth_date"]
    for line in fold.history(store, child["id"]):
        known_since = line.edit.values.get(since) or known_since
        if line.edit.values.get(posyandu):
            said.append(derived.Assignment(str(line.edit.values[posyandu]), str(known_since)))
    now = derived.Assignment(child["posyandu"], child["posyandu_since"] or known_since)
    return said if said and said[-1] == now else [*said, now]


@dataclass(frozen=True)
class Change:
    """One line of a record's history: who set which column to what, when (by her laptop's clock)."""

    at: str
    worker_id: str
    worker_name: str
    role: str
    kind: str
    column: str
    value: Value


def history(store: Store, form: Form, entity: str) -> list[Change]:
    """Return everything that was ever written about a record, oldest first."""
    names = {row["id"]: row for row in store.rows("select id, name, role from worker")}
    changes = []
    for line in fold.history(store, entity):
        edit = line.edit
        worker = names.get(edit.user, {"name": "", "role": ""})
        changes += [
            Change(edit.device_time, edit.user, worker["name"], worker["role"], edit.kind, column, value)
            for column, value in form.from_wire(edit.values).items()
        ]
    return changes


def recount(store: Store, say: Callable[[int, int], None]) -> list[str]:
    """Fold every record again, derive all growth and count all months; returns which tables changed.

    `say(done, of)` hears the progress. Stopping half way does no harm: what is done is done.
    """
    before = _fingerprints(store)
    # Of what left this laptop's areas only a part of the edits is here: its rows stay as they are (forgetting.py).
    sql = """select distinct entity from edits where entity not in (select entity from departed where forgotten > 0)
        order by entity"""
    entities = [row["entity"] for row in store.rows(sql)]
    for start in range(0, len(entities), PROJECTED_AT_ONCE):
        with store.write():
            project_again(store, entities[start : start + PROJECTED_AT_ONCE])
        say(min(start + PROJECTED_AT_ONCE, len(entities)), len(entities))
    after = _fingerprints(store)
    return [table for table, content in before.items() if after[table] != content]


def _fingerprints(store: Store) -> dict[str, int]:
    derived_tables = ("balita_growth", "joined_card", "membership", "tally")
    tables = (*(form.name for form in forms.ALL), *derived_tables)
    return {
        table: hash(tuple(map(str, store.rows(f"select * from {table} order by 1, 2, 3"))))
        for table in tables
    }
