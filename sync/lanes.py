"""Lanes: each is the unbroken life of one laptop, numbered 1, 2, 3 ... without a gap.

A lane is named by 32 hexadecimal digits made from the laptop's public key; inside a database it has a short number.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256

from sync.body import first_link
from sync.chunks import chunks, holes
from sync.errors import Refused
from sync.ports import Store

HIGHEST_RANK = 4  # data officer of the kabupaten or province


@dataclass(frozen=True, slots=True)
class Lane:
    """A lane as this store knows it: its end (`last_seq`, `chain`) is only true for lanes held whole.

    `successor_no` is the lane that follows, where this one was closed.
    """

    lane_no: int
    lane: str
    rank_ceiling: int
    last_seq: int
    chain: bytes
    successor_no: int | None = None


def open_own(store: Store, lane: str, sentinel: str, *, role: str = "device") -> Lane:
    """Make this store the home of a lane ('device' or 'province'); one that has a lane already stays as it is."""
    with store.write():
        if store.value("select 1 from sync_self") is None:
            add(store, {lane: HIGHEST_RANK})
            number = store.value("select lane_no from lanes where lane = $1", lane)
            sql = "insert into sync_self (id, role, lane_no, sentinel) values (1, $1, $2, $3)"
            store.run(sql, role, number, sentinel)
        return get(store, own(store))


def renew_own(store: Store, token: str) -> str:
    """Give this store a new lane of its own, inside `write()`; return it.

    For a province restored from a backup: others may hold edits of its old lane that it has forgotten, and no
    number of a lane may ever mean two edits. The keys stay; the lane is made from the old one and a fresh token.
    """
    old = get(store, own(store))
    lane = sha256(b"lane1" + bytes.fromhex(old.lane) + token.encode()).hexdigest()[:32]
    store.run("update sync_self set lane_no = $1", follow(store, old, lane).lane_no)
    return lane


def follow(store: Store, old: Lane, lane: str) -> Lane:
    """Close a lane of this store's own and return the one that follows it, inside `write()`."""
    add(store, {lane: old.rank_ceiling})
    new = get(store, lane)
    store.run("update lanes set successor_no = $1 where lane_no = $2", new.lane_no, old.lane_no)
    return new


def home(store: Store, lane: str) -> Lane:
    """Return the lane to write in: this one or, where it was closed since the writer's page began, the present one."""
    found = get(store, lane)
    return found if found.successor_no is None else get(store, own(store))


def own(store: Store) -> str:
    """Return the lane in which this store writes at present. Refuses (code 'no_lane') before `open_own`."""
    lane = store.value("select l.lane from sync_self s join lanes l using (lane_no)")
    if lane is None:
        raise Refused("this database has no lane yet", code="no_lane")
    return str(lane)


def is_ours(store: Store, lane: str) -> bool:
    """Whether a lane is this store's own, or was until it went on in another."""
    sql = """select 1 from lanes where lane = $1 and (successor_no is not null or lane_no = (select lane_no from sync_self))"""
    return store.value(sql, lane) is not None


def is_province(store: Store) -> bool:
    """Return whether this store is the province's, which numbers edits for everyone."""
    return bool(store.value("select role from sync_self") == "province")


def get(store: Store, lane: str) -> Lane:
    """Return one lane. Refuses (code 'unknown_lane') a lane never heard of."""
    sql = "select lane_no, lane, rank_ceiling, last_seq, chain, successor_no from lanes where lane = $1"
    row = store.one(sql, lane)
    if row is None:
        raise Refused(f"lane {lane}", code="unknown_lane")
    return Lane(**row | {"chain": bytes.fromhex(row["chain"])})


def add(store: Store, ceilings: dict[str, int]) -> None:
    """Make lanes known, with the highest rank their authors may have there; a new ceiling replaces the old."""
    store.many(
        """insert into lanes (lane, rank_ceiling, chain) values ($1, $2, $3)
        on conflict (lane) do update set rank_ceiling = excluded.rank_ceiling
        where lanes.rank_ceiling <> excluded.rank_ceiling""",
        [(lane, ceiling, first_link(lane).hex()) for lane, ceiling in ceilings.items()],
    )


def ensure(store: Store, lanes: Iterable[str]) -> None:
    """Make lanes known that are only named so far; those known stay as they are."""
    store.many(
        "insert into lanes (lane, chain) values ($1, $2) on conflict (lane) do nothing",
        [(lane, first_link(lane).hex()) for lane in sorted(set(lanes))],
    )


def advance(store: Store, lane_no: int, last_seq: int, chain: bytes) -> None:
    """Move the end of a lane held whole."""
    sql = "update lanes set last_seq = $1, chain = $2 where lane_no = $3"
    store.run(sql, last_seq, chain.hex(), lane_no)


def numbers(store: Store, lanes: Iterable[str]) -> dict[str, int]:
    """Return lane -> number for those that are known."""
    found: dict[str, int] = {}
    for part in chunks(sorted(set(lanes))):
        sql = f"select lane, lane_no from lanes where lane in ({holes(part)})"
        found.update((row["lane"], row["lane_no"]) for row in store.rows(sql, *part))
    return found
