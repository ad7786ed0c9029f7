"""Read once more what an older program could not read whole, now that a newer one may. What nobody can read shuts no place."""

from siposyandu import records
from siposyandu.records import PROJECTED_AT_ONCE
from siposyandu.store import Store


def read_again(store: Store) -> int:
    """Fold those records from the log; returns how many waited. What still cannot be read whole waits on."""
    waiting = [row["entity"] for row in store.rows("select entity from unread order by entity")]
    for start in range(0, len(waiting), PROJECTED_AT_ONCE):
        part = waiting[start : start + PROJECTED_AT_ONCE]
        with store.write():
            store.many("delete from unread where entity = $1", [(entity,) for entity in part])
            records.project_again(store, part)
    return len(waiting)
