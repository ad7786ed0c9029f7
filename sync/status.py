"""What a person may be told about sending: how much was recorded, how much the province has, and since when."""

from dataclasses import dataclass
from typing import Any

from sync.ports import Store


@dataclass(frozen=True, slots=True)
class Status:
    """The state of the exchange as this store knows it. Instants are UTC; those of the province by its own clock.

    `entrusted` of those recorded and not acknowledged are on a stick or at a puskesmas PC, since when, and whose: "file" or
    the PC's name. `last_error` is the code of the last failure (see errors.py), None after a success.
    """

    recorded: int
    acknowledged: int
    acknowledged_at: str | None
    last_try_at: str | None
    last_error: str | None
    next_try_at: str | None
    enrolled: bool
    clock_offset_s: int | None
    entrusted: int = 0
    entrusted_at: str | None = None
    entrusted_to: str | None = None


def status(store: Store) -> Status:
    """Return the state of the exchange. A store that has no lane yet has recorded nothing."""
    row = store.one("select * from sync_upstream where id = 1") or {}
    here = store.one("select s.earlier, s.lane_no, l.last_seq from sync_self s join lanes l using (lane_no)")
    last_seq, ack = here["last_seq"] if here else 0, int(row.get("ack") or 0)
    given = max(ack, min(int(row.get("entrusted_seq") or 0), last_seq))
    recorded, acknowledged, entrusted = (_counted(store, here, upto) for upto in (last_seq, ack, given))
    return Status(
        recorded=recorded,
        acknowledged=acknowledged,
        acknowledged_at=row.get("acknowledged_at"),
        last_try_at=row.get("last_try_at"),
        last_error=row.get("last_error"),
        next_try_at=row.get("next_try_at"),
        enrolled=row.get("certificate") is not None,
        clock_offset_s=row.get("clock_offset_s"),
        entrusted=entrusted - acknowledged,
        entrusted_at=row.get("entrusted_at"),
        entrusted_to=row.get("entrusted_to"),
    )


def _counted(store: Store, here: dict[str, Any] | None, upto: int) -> int:
    """Return how many edits were made on this laptop up to a number of its lane: in its earlier lanes too, but not
    those of others that it gave back to a province put back to an older day."""
    if here is None:
        return 0
    sql = "select count(*) from positions where lane_no = $1 and seq <= $2"
    return int(here["earlier"] + upto - store.value(sql, here["lane_no"], upto))
