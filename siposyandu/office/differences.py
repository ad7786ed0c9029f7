"""Differences: fields of which two people said different things, until somebody chooses or they agree.

All values are kept; one is shown, by a rule that no clock and no order of arrival enters (sync/fold.py). Here each open
difference gets its words: who said what, at which laptop, when, and why this one is shown. To choose is an ordinary edit
that replaces all of them. She may choose in whose area the record lies and whom none of the values outranks: so a kader
chooses between kader, and never over the bidan's head.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import forms
from forms import Field, Form
from siposyandu import access, keeping, records
from siposyandu.access import Worker
from siposyandu.errors import NotFound
from siposyandu.office import laptops_of, reach
from siposyandu.records import Pen
from siposyandu.store import Store, Value
from sync import fold, log
from sync.body import RETRACTED, Edit
from sync.log import Kept

Row = dict[str, Any]

WITHDRAWN = "batal"
"""The word in an address for a record that was withdrawn by one and changed by another."""
KEPT = {kind.form.name: kind for kind in keeping.ALL}
"""Records of places and workers: of these only their keepers decide, and only what they could write themselves."""
REASON = "correction_reason"
FORM_BY_NAMES = (
    ("visit", "balita"),
    ("home_visit", "home_visit"),
    ("referral_return", "referral_return"),
    ("child", "person"),
    ("head_name", "family"),
    ("worker", "worker"),
    ("session_date", "session"),
)
LISTED_AT_MOST = 200
# Two reasons for a correction are no contradiction: both stay in the history.
_REASONS = ", ".join(str(form.by_column[REASON].number) for form in forms.ALL if REASON in form.by_column)
_OPEN = f"""from conflicts waits {reach.HOME}
    where waits.closed_at is null and (waits.field not in ({_REASONS}) or coalesce(visit.id, call.id, answer.id) is null)"""


@dataclass(frozen=True)
class Saying:
    """One of the values: the edit that said it, its author, what her word weighs, and from which laptop it came."""

    edit: Edit
    value: Value
    worker_name: str
    role: str
    authority: int
    laptop: str
    received_at: str


@dataclass(frozen=True)
class Difference:
    """An open difference; the first saying is the one shown. `field` is None for a withdrawn record that was changed."""

    entity: str
    form: Form
    field: Field | None
    sayings: tuple[Saying, ...]

    @property
    def seen(self) -> frozenset[str]:
        """Which edits it is between: a page that was drawn of others is out of date."""
        return frozenset(saying.edit.uid for saying in self.sayings)

    @property
    def equal_rank(self) -> bool:
        """Whether the shown value stands first only by the fixed choice among equals."""
        return self.sayings[0].authority == self.sayings[1].authority


def form_of(row: Mapping[str, Any]) -> Form:
    """Return which form the record of a line is of (see reach.NAMES)."""
    found = next((form for column, form in FORM_BY_NAMES if row[column] is not None), None)
    return forms.BY_NAME[found or ("puskesmas" if row["puskesmas"] else "posyandu")]


def waiting(store: Store, who: Worker, limit: int = LISTED_AT_MOST) -> list[Row]:
    """Return the open differences of a worker's area, oldest first: whose record, which field, since when."""
    inside, area = reach.within(who.area)
    return store.rows(
        f"select {reach.NAMES}, waits.field, waits.opened_at {_OPEN} and {inside}"
        " order by waits.opened_at, waits.entity, waits.field limit $2",
        area,
        limit,
    )


def count(store: Store, who: Worker) -> int:
    """Return how many differences are open in a worker's area."""
    inside, area = reach.within(who.area)
    return int(store.value(f"select count(*) {_OPEN} and {inside}", area))


def home(store: Store, who: Worker, entity: str) -> Row:
    """Return whose record it is (see reach.NAMES). NotFound where there is none; NotAllowed outside her area."""
    inside, area = reach.within(who.area)
    row = store.one(
        f"""select {reach.NAMES}, case when {inside} then 1 else 0 end as hers
        from (select entity from edits where entity = $2 limit 1) waits {reach.HOME}""",
        area,
        entity,
    )
    if row is None:
        raise NotFound(f"no record {entity}")
    access.require(row["hers"] == 1, f"see record {entity}")
    return row


def find(store: Store, form: Form, entity: str, column: str) -> Difference | None:
    """Return the open difference of a record's column (or WITHDRAWN), None when there is none any more."""
    field = form.by_column.get(column)
    number = RETRACTED if column == WITHDRAWN else field.number if field else 0
    found = next((each for each in fold.conflicts(store, entity) if each.field == number), None)
    if found is None:
        return None
    kept = log.by_uid(store, [head.uid for head in found.heads])
    sayings = _sayings(store, [kept[head.uid] for head in found.heads], number)
    return Difference(entity, form, field if number != RETRACTED else None, sayings)


def _sayings(store: Store, edits: Sequence[Kept], number: int) -> tuple[Saying, ...]:
    authors = {row["id"]: row for row in store.rows("select id, name, role from worker")}
    laptops = laptops_of.names(store, {_lane(kept.edit) for kept in edits})
    return tuple(
        Saying(
            kept.edit,
            kept.edit.values.get(number),
            str(authors.get(kept.edit.user, {}).get("name") or ""),
            _role(kept.edit, authors),
            kept.authority,
            laptops[_lane(kept.edit)],
            kept.received_at,
        )
        for kept in edits
    )


def _lane(edit: Edit) -> str:
    return edit.origin[0] if edit.origin else edit.lane


def _role(edit: Edit, authors: Mapping[str, Row]) -> str:
    """Return the role in which it was written: the rank is frozen in the edit, the author may have another role now."""
    role = str(authors.get(edit.user, {}).get("role") or "")
    if access.RANKS.get(role) == edit.rank:
        return role
    return next((role for role, rank in access.RANKS.items() if rank == edit.rank), "")


def may_choose(who: Worker, difference: Difference) -> bool:
    """Whether a worker may decide a difference in her area: none of the values weighs more than her own word would."""
    kept = difference.form.name in KEPT
    weighs = who.rank >= max(saying.authority for saying in difference.sayings)
    return weighs and (access.may_keep_places(who) or not kept)


def _require_hers(store: Store, who: Worker, difference: Difference, value: Value) -> None:
    """Refuse (NotAllowed) a choice by which a place or worker would get a role or area that is not hers to give."""
    access.require(may_choose(who, difference), "decide over somebody of a higher rank")
    kind = KEPT.get(difference.form.name)
    if kind is not None:
        row = store.one(f"select * from {difference.form.name} where id = $1", difference.entity) or {}
        after = {**row, difference.field.column: value} if difference.field else row
        allowed = keeping.register(store, who).may_keep(kind, after)
        access.require(allowed, "give a role or an area that is not hers to give")


def choose(store: Store, pen: Pen, difference: Difference, value: Value, reason: str) -> None:
    """Let one value stand in place of all that were said; inside `write()`, of a difference just found."""
    field = difference.field
    if field is None:
        raise NotFound("a withdrawn record is settled by `stands`")
    _require_hers(store, pen.who, difference, value)
    wire, remark = {field.number: value}, reason
    if reason and REASON in difference.form.by_column:
        wire, remark = {**wire, difference.form.by_column[REASON].number: reason}, ""
    records.choose(store, pen, difference.entity, wire, remark)


def stands(store: Store, pen: Pen, difference: Difference, *, stands: bool, reason: str) -> None:
    """Say whether a record that one withdrew and another changed stands again or stays withdrawn; inside `write()`."""
    _require_hers(store, pen.who, difference, None)
    if stands:
        records.restore(store, pen, difference.entity, reason)
    else:
        records.retract(store, pen, difference.entity, reason)


def overtaken(difference: Difference | None, seen: Collection[str]) -> bool:
    """Whether somebody decided, or said something new, since a page was drawn."""
    return difference is None or difference.seen != frozenset(seen)
