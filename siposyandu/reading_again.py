"""Read once more what an older program could not read whole, now that a newer one may. What nobody can read shuts no place."""

import logging
from collections.abc import Sequence

from siposyandu import records
from siposyandu.records import PROJECTED_AT_ONCE
from siposyandu.store import Store

log = logging.getLogger(__name__)


def read_again(store: Store) -> int:
    """Fold those records from the log; returns how many waited. What still cannot be read stays as it stands, and waits."""
    waiting = [row["entity"] for row in store.rows("select entity from unread order by entity")]
    for start in range(0, len(waiting), PROJECTED_AT_ONCE):
        with store.write():
            _fold(store, waiting[start : start + PROJECTED_AT_ONCE])
    return len(waiting)


def _fold(store: Store, entities: Sequence[str]) -> None:
    """Make rows of records, inside `write()`; where that fails, of each half of them, as when they came in (sync.intake)."""
    try:
        with store.write():
            store.many("delete from unread where entity = $1", [(entity,) for entity in entities])
            records.project(store, entities)
    except (MemoryError, OSError):
        raise  # the machine failed, and says nothing about these records
    except Exception as error:
        if len(entities) == 1:
            log.warning("the record %s cannot be read: %s", entities[0], error)
            return
        half = len(entities) // 2
        for part in (entities[:half], entities[half:]):
            _fold(store, part)
