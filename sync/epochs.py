"""Epochs: one for each life of the province's database. After a restore from a backup a new one begins.

A laptop's cursor belongs to an epoch. When it comes with an older one, it is set back to where that life ended.
"""

from collections.abc import Callable, Collection

from sync import feed, lanes, stories, upstream
from sync.messages import Request
from sync.ports import Store


def begin(store: Store, at: str, token_bytes: Callable[[int], bytes]) -> str:
    """Start a new epoch at the present end of the feed, inside `write()`; return it (16 hexadecimal digits).

    Every epoch but the first follows a restore, and the province then also writes in a new lane.
    """
    epoch = token_bytes(8).hex()
    if store.value("select 1 from epochs") is not None:
        lanes.renew_own(store, epoch)
    sql = "insert into epochs (epoch, from_n, since_at) values ($1, $2, $3)"
    store.run(sql, epoch, feed.end(store), at)
    return epoch


def current(store: Store) -> str:
    """Return the epoch of this life of the database."""
    return str(store.value("select epoch from epochs order by epoch_no desc limit 1"))


def began(store: Store) -> int:
    """Return the last number of the feed before this life of the database."""
    return int(store.value("select from_n from epochs order by epoch_no desc limit 1"))


def counts(store: Store, request: Request, areas: Collection[str]) -> bool:
    """Whether a laptop's cursor counts what these areas were told in this life of the database."""
    is_of_them = request.scope_hash == upstream.hash_of(areas)
    return is_of_them and request.epoch == current(store) and stories.is_ours(store, request)


def cursor_now(store: Store, request: Request) -> int:
    """Return where a laptop's cursor of some epoch stands in the present feed: never past what both have seen."""
    epoch, cursor = request.epoch, request.cursor
    sql = """select (select min(later.from_n) from epochs later where later.epoch_no > its.epoch_no) as ended
        from epochs its where its.epoch = $1"""
    row = store.one(sql, epoch)
    if row is None or (epoch == current(store) and not stories.is_ours(store, request)):
        return 0
    return min(cursor, feed.end(store), cursor if row["ended"] is None else int(row["ended"]))
