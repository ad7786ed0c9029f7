"""Conflicts: the list of fields where two people said different things, open until they agree or somebody chooses.

What a conflict *is* comes from the fold; the table only makes the open ones quick to find and keeps when each was
opened and closed.
"""

from collections.abc import Iterable

from sync import fold
from sync.fold import Conflict
from sync.heads import Field
from sync.ports import Store


def review(store: Store, fields: Iterable[Field], at: str) -> None:
    """Open or close the conflict of each of these fields as the fold now says."""
    doubtful = sorted(set(fields))
    if not doubtful:
        return
    open_now = {
        (found.entity, found.field) for found in fold.conflicts_of(store, [entity for entity, _ in doubtful])
    }
    store.many(
        """insert into conflicts (entity, field, opened_at) values ($1, $2, $3)
        on conflict (entity, field) do update set opened_at = excluded.opened_at, closed_at = null
        where conflicts.closed_at is not null""",
        [(*field, at) for field in doubtful if field in open_now],
    )
    store.many(
        "update conflicts set closed_at = $3 where entity = $1 and field = $2 and closed_at is null",
        [(*field, at) for field in doubtful if field not in open_now],
    )


def open_ones(store: Store, limit: int) -> list[Conflict]:
    """Return the conflicts that wait longest, of at most `limit` records."""
    sql = """select entity from conflicts where closed_at is null
        group by entity order by min(opened_at), entity limit $1"""
    return fold.conflicts_of(store, [row["entity"] for row in store.rows(sql, limit)])


def count(store: Store) -> int:
    """Return how many conflicts are open."""
    return int(store.value("select count(*) from conflicts where closed_at is null"))
