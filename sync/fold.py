"""The merge: what a record is now, how it came to be, and where two people said different things.

A record is a function of the set of its edits. A field with one head has that value; with several heads all are
kept, one is shown, and the field is a conflict until somebody chooses or the values agree. The winner is the head
whose author has the highest authority (the smaller of the author's frozen rank and the lane's ceiling), then the
smallest uid: no clock, no order of arrival, so every copy shows the same even before they have met.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from sync import heads, lanes, log
from sync.body import ATTESTED, RETRACTED, Edit, Value
from sync.log import Kept
from sync.ports import Store

Folded = dict[int, Value]
NOTHING: Mapping[str, Edit] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Head:
    """One of the latest values of a field, and who said so."""

    uid: str
    value: Value
    user: str
    rank: int
    authority: int
    device_time: str
    received_at: str


@dataclass(frozen=True, slots=True)
class Conflict:
    """A field with several heads of different value. The first head is the one shown.

    For field RETRACTED: the first head withdrew the record, the others changed it without having seen that; or the first lets
    it stand again, and another withdrew it without having seen that.
    """

    entity: str
    field: int
    heads: tuple[Head, ...]


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One edit of a record, when it came here, and the fields for which it is (one of) the latest."""

    edit: Edit
    received_at: str
    n: int
    current: frozenset[int]


def winner(candidates: Iterable[Kept]) -> Kept:
    """Return the head to show: highest authority, then smallest uid."""
    return min(candidates, key=_precedence)


def _precedence(kept: Kept) -> tuple[int, str]:
    return -kept.authority, kept.edit.uid


def values(store: Store, entity: str) -> Folded:
    """Return field number -> value of a record; field RETRACTED (-1) holds the reason of a withdrawn one.

    Empty when no edit of it is known.
    """
    return values_of(store, [entity])[entity]


def values_of(
    store: Store, entities: Iterable[str], creating: Mapping[str, Edit] = NOTHING
) -> dict[str, Folded]:
    """Return the same for many records at once, in two questions for each 512 of them.

    `creating` are creating edits at hand, by record; of a record that nobody has changed nothing more is asked.
    """
    wanted = list(dict.fromkeys(entities))
    rows = heads.of(store, wanted)
    changed = {entity for entity, _ in rows}
    plain = {entity for entity in wanted if entity in creating and entity not in changed}
    states = _states(store, [entity for entity in wanted if entity not in plain], rows)
    return {
        entity: _shown(dict(creating[entity].values)) if entity in plain else states[entity].values()
        for entity in wanted
    }


def written_at_the_province(kept: Kept) -> bool:
    """Whether an edit stands in a lane of the province's own, where nobody else can write, and was first written there.

    What a laptop brings never was: not even an edit that says so, for only the laptop says so; nor one that the province itself
    has written again there (arrivals.keep_otherwise).
    """
    at_home = kept.rank_ceiling == lanes.HIGHEST_RANK and kept.edit.origin is None
    return at_home and kept.said_authority is None


def values_by_the_province(store: Store, entities: Iterable[str]) -> dict[str, Folded]:
    """Return what the province's own edits make of records that are kept there only, whatever else was written about them.

    An edit of the province also replaces what it replaced by way of others' edits.
    """
    found: dict[str, list[Kept]] = {entity: [] for entity in entities}
    for kept in log.of_entities(store, found):
        found[kept.edit.entity].append(kept)
    return {entity: _by_the_province(edits) for entity, edits in found.items()}


def _by_the_province(edits: Sequence[Kept]) -> Folded:
    own = [kept for kept in edits if written_at_the_province(kept)]
    others = {kept.edit.uid: kept.edit for kept in edits if not written_at_the_province(kept)}
    replaced: set[tuple[str, int]] = set()
    behind = [(uid, field) for kept in own for field, uids in kept.edit.preds.items() for uid in uids]
    while behind:
        uid, field = behind.pop()
        if (uid, field) not in replaced:
            replaced.add((uid, field))
            behind += [(each, field) for each in others[uid].preds.get(field, ())] if uid in others else []
    heads_of: dict[int, list[Kept]] = {}
    for kept in own:
        for field in kept.edit.values:
            if (kept.edit.uid, field) not in replaced:
                heads_of.setdefault(field, []).append(kept)
    return _shown({field: winner(found).edit.values[field] for field, found in heads_of.items()})


def history(store: Store, entity: str) -> list[HistoryLine]:
    """Return every edit of a record in the order it came here: who, when, what; also the values that lost."""
    state = _states(store, [entity])[entity]
    latest: dict[str, set[int]] = {}
    for field, candidates in state.heads().items():
        for kept in candidates:
            latest.setdefault(kept.edit.uid, set()).add(field)
    return [
        HistoryLine(kept.edit, kept.received_at, kept.n, frozenset(latest.get(kept.edit.uid, ())))
        for kept in log.of_entities(store, [entity])
    ]


def conflicts(store: Store, entity: str) -> list[Conflict]:
    """Return the open conflicts of a record, by field number."""
    return conflicts_of(store, [entity])


def conflicts_of(store: Store, entities: Iterable[str]) -> list[Conflict]:
    """Return the open conflicts of many records."""
    wanted = list(dict.fromkeys(entities))
    states = _states(store, wanted)
    return [conflict for entity in wanted for conflict in states[entity].conflicts()]


@dataclass(frozen=True, slots=True)
class _State:
    """A record's creating edit (if here), its head rows, and the edits these name."""

    entity: str
    created: Kept | None
    rows: dict[int, frozenset[str]]
    edits: dict[str, Kept]

    def heads(self) -> dict[int, list[Kept]]:
        """Return field -> heads, the one to show first."""
        found = {field: [self.created] for field in self.created.edit.values} if self.created else {}
        for field, uids in self.rows.items():
            held = [self.edits[uid] for uid in uids if uid in self.edits]
            if held:
                found[field] = sorted(held, key=_precedence)
        return found

    def values(self) -> Folded:
        """Return field -> the value to show."""
        return _shown({field: found[0].edit.values[field] for field, found in self.heads().items()})

    def conflicts(self) -> list[Conflict]:
        """Return fields whose heads differ in value, and a withdrawal beside what it had not seen."""
        found = self.heads()
        unequal = [
            Conflict(self.entity, field, tuple(_head(kept, field) for kept in candidates))
            for field, candidates in sorted(found.items())
            if field
            not in (RETRACTED, ATTESTED)  # two who confirm in other words do not contradict each other
            and len({kept.edit.values[field] for kept in candidates}) > 1
        ]
        return [*self._withdrawn(found), *unequal]

    def _withdrawn(self, found: dict[int, list[Kept]]) -> list[Conflict]:
        candidates = found.get(RETRACTED, [])
        differ = len({kept.edit.values[RETRACTED] for kept in candidates}) > 1
        if not candidates or candidates[0].edit.values[RETRACTED] is None:
            # It stands. Beside one who withdrew it again without having seen that, both are a conflict like any other.
            heads_of = tuple(_head(kept, RETRACTED) for kept in candidates)
            return [Conflict(self.entity, RETRACTED, heads_of)] if differ else []
        # A withdrawal lists every head its author had seen, of every field.
        seen = {uid for kept in candidates for uid in kept.edit.preds.get(RETRACTED, ())}
        unseen = {
            kept.edit.uid: (kept, field)
            for field, others in found.items()
            for kept in others
            if field != RETRACTED and kept.edit.uid not in seen
        }
        others = candidates[1:] if differ else []
        if not unseen and not others:
            return []
        against = [_head(kept, field) for kept, field in unseen.values()]
        shown = [_head(kept, RETRACTED) for kept in (candidates[0], *others)]
        return [Conflict(self.entity, RETRACTED, (*shown, *against))]


def _shown(values: Folded) -> Folded:
    """Return the values without a withdrawal that was taken back."""
    if values.get(RETRACTED, "") is None:
        del values[RETRACTED]
    return values


def _head(kept: Kept, field: int) -> Head:
    edit = kept.edit
    return Head(
        edit.uid, edit.values[field], edit.user, edit.rank, kept.authority, edit.device_time, kept.received_at
    )


def _states(store: Store, entities: Sequence[str], known: heads.Heads | None = None) -> dict[str, _State]:
    rows = heads.of(store, entities) if known is None else known
    uids = {uid for found in rows.values() for uid in found}
    edits = log.by_uid(store, [*entities, *uids])
    by_entity: dict[str, dict[int, frozenset[str]]] = {}
    for (entity, field), found in rows.items():
        by_entity.setdefault(entity, {})[field] = found
    return {
        entity: _State(entity, edits.get(entity), by_entity.get(entity, {}), edits) for entity in entities
    }
