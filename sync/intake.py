"""Intake: edits that came from elsewhere enter the log, move the heads, and become records, in one transaction."""

import logging
from collections.abc import Sequence

from sync import conflicts, feed, heads, log, reviews
from sync.body import Edit
from sync.log import Line
from sync.ports import Apply, Store

logger = logging.getLogger(__name__)


def take(store: Store, lines: Sequence[Line], at: str, apply: Apply) -> list[Edit]:
    """Take edits in, inside the caller's `write()`; return those that were new. Known ones have no second effect.

    1. The log keeps the new ones. 2. Heads and conflicts follow. 3. The application makes its records of them;
    an edit that it cannot apply stays in the log and is flagged for review. 4. The feed tells who should know.
    """
    new = log.append(store, lines, at)
    conflicts.review(store, heads.advance(store, new), at)
    _apply(store, new, at, apply)
    feed.settle(store, {edit.entity for edit in new})
    return new


def _apply(store: Store, edits: Sequence[Edit], at: str, apply: Apply) -> None:
    if not edits:
        return
    try:
        with store.write():
            apply(store, edits)
    except MemoryError:
        raise
    except Exception as error:
        # Whatever the application raises is about these edits; a broken store fails again at the next statement.
        if len(edits) > 1:
            middle = len(edits) // 2
            _apply(store, edits[:middle], at, apply)
            _apply(store, edits[middle:], at, apply)
            return
        logger.warning("edit %s cannot be applied: %s", edits[0].uid, error)
        reviews.flag(store, edits, f"{type(error).__name__}: {error}", at)
