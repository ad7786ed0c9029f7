"""Intake: edits that came from elsewhere enter the log, move the heads, and become records, in one transaction."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import replace

from sync import conflicts, departures, feed, heads, log, reviews
from sync.body import RETRACTED, Edit
from sync.chunks import chunks, holes
from sync.log import Line
from sync.ports import Apply, Store

logger = logging.getLogger(__name__)
MOST_TRIED = 8  # edits of one record that are tried one by one

Weigh = Callable[[Sequence[Edit], Sequence[Edit]], Sequence[str]]


def take(store: Store, lines: Sequence[Line], at: str, apply: Apply, weigh: Weigh) -> list[Edit]:
    """Take edits in, inside the caller's `write()`; return those that were new. Known ones have no second effect.

    1. The log keeps the new ones. 2. `weigh(new, known)` says what authors' words weigh, and of which known edits
    that changes. 3. Heads and conflicts follow. 4. The application makes its records of them; an edit that it cannot
    apply stays in the log and is flagged for review. 5. The feed tells who should know.
    """
    new = log.append(store, lines, at)
    fresh = {edit.uid for edit in new}
    otherwise = weigh(new, [line.edit for line in lines if line.edit.uid not in fresh])
    back = departures.returned(store, [line.edit for line in lines])
    moved = heads.advance(store, [edit for edit in new if edit.entity not in back])
    again = [(entity, field) for entity, edits in back.items() for edit in edits for field in edit.values]
    conflicts.review(store, moved.union(again), at)
    _apply(store, [*new, *(edits[0] for edits in back.values())], at, apply)
    feed.settle(store, {edit.entity for edit in new})
    reweigh(store, otherwise, at, apply)
    return new


def reweigh(store: Store, uids: Sequence[str], at: str, apply: Apply) -> None:
    """Do what follows from known edits that weigh more or less than before: others may win now, and all must know."""
    edits = [kept.edit for kept in log.by_uid(store, uids).values()]
    conflicts.review(store, {(edit.entity, field) for edit in edits for field in edit.values}, at)
    _apply(store, edits, at, apply)
    feed.tell_again(store, edits)


def withdraw(store: Store, uids: Sequence[str], at: str, apply: Apply) -> None:
    """Take edits of others out again as if they had never come, inside the caller's `write()`; all other edits stay.

    Of records that this laptop has forgotten nothing is made anew. Where the application cannot make a record of what is left,
    the last edit that is left is flagged for review.
    """
    edits = [kept.edit for kept in log.by_uid(store, uids).values()]
    for part in chunks(list(uids)):
        store.run(f"delete from awaited where asked_by in ({holes(part)})", *part)
        for table in ("early", "reviews", "positions", "edits"):
            store.run(f"delete from {table} where uid in ({holes(part)})", *part)
    touched = {edit.entity for edit in edits} - departures.forgotten(store, [edit.entity for edit in edits])
    heads.rebuild(store, touched)
    fields = {(edit.entity, field) for edit in edits for field in (*edit.values, RETRACTED)}
    conflicts.review(store, {(entity, field) for entity, field in fields if entity in touched}, at)
    last = {edit.entity: edit for edit in (*edits, *(kept.edit for kept in log.of_entities(store, touched)))}
    # As changes: a creating edit at hand would be read in place of the log, in which it perhaps is no more.
    _apply(store, [replace(last[entity], kind="set") for entity in sorted(touched)], at, apply)


def _apply(store: Store, edits: Sequence[Edit], at: str, apply: Apply) -> None:
    if not edits:
        return
    try:
        with store.write():
            apply(store, edits)
    except (MemoryError, OSError):
        raise  # the machine failed (OSError: no room on the disk), and says nothing about these edits
    except Exception as error:
        # Whatever the application raises is about these edits; a broken store fails again at the next statement.
        parts = _parts(edits)
        for part in parts:
            _apply(store, part, at, apply)
        if not parts:
            uids = " ".join(edit.uid for edit in edits[:MOST_TRIED])
            logger.warning("%d edits (%s) cannot be applied: %s", len(edits), uids, error)
            reviews.flag(store, edits, f"{type(error).__name__}: {error}", at)


def _parts(edits: Sequence[Edit]) -> list[list[Edit]]:
    """Return edits that cannot be applied together as parts to try: half of the records, and the other half; of one record each
    edit, if they are few. A record is made from all its edits, so that each of a thousand would fail, slowly, as all do."""
    records = list(dict.fromkeys(edit.entity for edit in edits))
    if len(records) == 1:
        return [[edit] for edit in edits] if 1 < len(edits) <= MOST_TRIED else []
    first = set(records[: len(records) // 2])
    return [[edit for edit in edits if (edit.entity in first) is half] for half in (True, False)]
