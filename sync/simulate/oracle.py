"""The oracle: what was typed where, what its author had seen, what was acknowledged. The code under test never sees it.

For every edit it keeps by itself what that edit truly replaced: of each field it sets, the edits that its author had
before her and that nothing else she had before her had replaced. From that alone follows what any store must show that
holds any set of edits, whatever road and order they came by; so an edit that died with its last holder makes exactly the
conflict that its absence makes, and no other.
"""

import json
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from sync import ids
from sync.body import RETRACTED, Value
from sync.simulate.notebook import POSYANDU

Heads = dict[int, frozenset[str]]


@dataclass(frozen=True, slots=True)
class Typed:
    """One edit as it was typed."""

    number: int
    uid: str
    entity: str
    text: str
    place: tuple[str, int]
    user: str
    rank: int
    values: dict[int, Value]
    replaced: Heads  # for each field, the edits that it truly replaced


@dataclass
class Oracle:
    """Everything that is known from outside."""

    typed: dict[str, Typed] = field(default_factory=dict)
    of_entity: dict[str, list[str]] = field(default_factory=dict)
    areas_of: dict[str, set[str]] = field(
        default_factory=dict
    )  # entity -> areas that it ever was said to belong to
    scopes: dict[str, set[str]] = field(
        default_factory=dict
    )  # first lane of a laptop -> areas it ever was to receive
    ceilings: dict[str, int] = field(default_factory=dict)  # lane -> the highest rank it may carry
    roots: dict[str, str] = field(default_factory=dict)  # lane -> first lane of its laptop
    acknowledged: dict[str, set[str]] = field(default_factory=dict)  # epoch -> uids
    violations: list[str] = field(default_factory=list)
    faults: Counter[str] = field(default_factory=Counter)
    now: str = ""  # what is going on, for the one line of a violation

    def require(self, invariant: str, holds: object, what: str = "") -> None:
        """Note an invariant that does not hold."""
        if not holds:
            self.violations.append(f"{invariant} {what or 'does not hold'} [{self.now}]")

    def note(self, row: dict[str, Any], said: dict[int, Value], seen: Collection[str]) -> None:
        """Remember an edit that a store has just taken from its user, and what its author had seen of the record."""
        uid, entity = row["uid"], row["entity"]
        _, _, _, (user, rank), _, values, preds = json.loads(row["body"])
        edit = Typed(
            number=len(self.typed),
            uid=uid,
            entity=entity,
            text=row["body"],
            place=(row["lane"], row["seq"]),
            user=ids.full(user) if user else "",
            rank=rank,
            values=dict(values),
            replaced=self._replaced(entity, dict(values), seen),
        )
        listed = {number: frozenset(map(ids.full, uids)) for number, uids in preds}
        known = self.typed.get(uid)
        if known is not None and (known.text, known.place) == (edit.text, edit.place):
            return  # on two laptops from one image, in one second, the same: it is the same
        self.require("I4", known is None, "two edits typed have one uid")
        self.require("I8", edit.values == said, "what was kept is not what was typed")
        self.require("I7", listed == edit.replaced, "an edit replaces others than its author had seen")
        self.typed[uid] = edit
        self.of_entity.setdefault(entity, []).append(uid)
        if POSYANDU in edit.values:
            self.areas_of.setdefault(entity, set()).add(str(edit.values[POSYANDU]))

    def heads(self, entity: str, held: Collection[str]) -> Heads:
        """Return field -> heads of a record for a store that holds these edits."""
        edits = [self.typed[uid] for uid in self.of_entity.get(entity, ()) if uid in held]
        return _heads(edits)

    def _replaced(self, entity: str, values: dict[int, Value], seen: Collection[str]) -> Heads:
        before = self.heads(entity, seen)
        found = {number: before[number] for number in values if number in before}
        if values.get(RETRACTED) is not None:  # whoever withdraws a record has seen all of it
            found[RETRACTED] = frozenset().union(*before.values())
        return found


def _heads(edits: Collection[Typed]) -> Heads:
    gone = {(uid, number) for edit in edits for number, uids in edit.replaced.items() for uid in uids}
    found: dict[int, set[str]] = {}
    for edit in edits:
        for number in edit.values:
            if (edit.uid, number) not in gone:
                found.setdefault(number, set()).add(edit.uid)
    return {number: frozenset(uids) for number, uids in found.items()}
