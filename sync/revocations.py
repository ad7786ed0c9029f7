"""The list of laptops that are no longer believed, signed by the province, so that those without a network learn it too.

    body of a bundle of kind 3 = lanes(16 each, sorted)  sig(64)

`sig` is Ed25519 over "SIPosyandu revoked 1", a zero byte, the header up to `bytes`, and the lanes. `last seq` in the header is
the list's serial, how many lanes it names; the newest list is passed on. A lane once named stays named, whatever list comes
later, so a province that was put back to an older day is told again what it forgot by whoever carries a list.
"""

from typing import Any

from sync import bundle, devices, ids, keys, notices
from sync.bundle import Bundle, Label
from sync.chunks import chunks, holes
from sync.errors import Malformed, Refused
from sync.keys import SIGNATURE_BYTES, Keys, key_id
from sync.messages import Answer
from sync.ports import Store

LANE_BYTES = 16
_CONTEXT = b"SIPosyandu revoked 1\0"


def write(store: Store, province: Keys) -> bytes:
    """Return the province's list as a bundle, empty when every laptop is believed."""
    sql = "select l.lane from devices d join lanes l using (lane_no) where d.revoked_at is not null order by l.lane"
    lanes = [bytes.fromhex(row["lane"]) for row in store.rows(sql)]
    if not lanes:
        return b""
    label = Label(bundle.REVOKED, key_id(province.sign_key), province.lane, 0, len(lanes))
    named = b"".join(lanes)
    openly = label.openly(len(named) + SIGNATURE_BYTES)
    return bundle.plain(label, named + province.sign(_CONTEXT, openly + named))


def read(found: Bundle, sign_key: str) -> list[str]:
    """Return the lanes that a list names, once it is known that the province wrote it (BadSignature)."""
    named, signature = found.body[:-SIGNATURE_BYTES], found.body[-SIGNATURE_BYTES:]
    keys.verify(sign_key, _CONTEXT, found.said_openly + named, signature)
    if len(named) % LANE_BYTES:
        raise Malformed("a list cut short")
    return [named[start : start + LANE_BYTES].hex() for start in range(0, len(named), LANE_BYTES)]


def take(store: Store, found: Bundle, sign_key: str, at: str) -> list[str]:
    """Keep what a list of the province says; return the lanes that are newly named."""
    lanes = read(found, sign_key)
    with store.write():
        known = {lane for part in chunks(lanes) for lane in _named(store, part)}
        new = [lane for lane in lanes if lane not in known]
        store.many("insert into unbelieved (lane, named_at) values ($1, $2)", [(lane, at) for lane in new])
        store.run(
            """insert into unbelieved_list (id, serial, bundle) values (1, $1, $2) on conflict (id) do update
            set serial = excluded.serial, bundle = excluded.bundle where unbelieved_list.serial < excluded.serial""",
            found.last_seq, found.data,
        )  # fmt: skip
    return new


def passed_on(store: Store) -> bytes:
    """Return the newest list that came here, to be carried further; empty when none did."""
    return bytes(store.value("select bundle from unbelieved_list") or b"")


def names(store: Store, lane: str) -> bool:
    """Whether the province has named this lane as one that is no longer believed."""
    return store.value("select 1 from unbelieved where lane = $1", lane) is not None


def refuse_own(store: Store) -> None:
    """Refuse (code 'revoked') once this laptop has read that the province no longer believes it, in this lane or an earlier."""
    sql = """select 1 from unbelieved u join lanes l on l.lane = u.lane
        where l.successor_no is not null or l.lane_no = (select lane_no from sync_self)"""
    if store.value(sql) is not None:
        raise Refused("this laptop was revoked", code="revoked")


def give_back(store: Store, found: Bundle, province: Keys, at: str) -> list[str]:
    """Believe no longer, at the province itself, whom a list of its own names; it may have forgotten. Return those lanes.

    Every lane ever named is looked at each time: an earlier version could keep a list and be cut off before it did the rest.
    """
    with store.write():
        take(store, found, province.sign_key, at)
        forgotten = _still_believed(store)
        for lane, label in forgotten:
            devices.revoke(store, lane, at)
            notices.post(store, "revoked_again", lane, label, at)
    return [lane for lane, _ in forgotten]


def told(store: Store, said: Any) -> dict[str, Any]:
    """Return, at the province, the remark that names which of the lanes that a PC asks about are no longer believed."""
    if said is None:
        return {}
    asked = set(ids.listed(said, "lanes that are perhaps no longer believed"))
    found: set[str] = set()
    for part in chunks(sorted(asked)):
        sql = f"""select l.lane from devices d join lanes l using (lane_no)
            where d.revoked_at is not null and l.lane in ({holes(part)})"""
        found.update(row["lane"] for row in store.rows(sql, *part))
    return {"unbelieved": [ids.short(lane) for lane in sorted(found)]} if found else {}


def heard(store: Store, answer: Answer, at: str) -> None:
    """Keep who is no longer believed, as an answer names them, inside `write()`."""
    rows = [(ids.full(short), at) for short in answer.more.get("unbelieved", ())]
    store.many("insert into unbelieved (lane, named_at) values ($1, $2) on conflict do nothing", rows)


def _still_believed(store: Store) -> list[tuple[str, str]]:
    """Return the lane and label of who is named, or follows on such a lane by the word of its key, and is still believed."""
    rows = store.rows(
        """with recursive named (lane_no) as (
            select lane_no from lanes where lane in (select lane from unbelieved)
            union select d.lane_no from devices d join named n on d.succeeds_no = n.lane_no)
        select l.lane, d.label from devices d join lanes l using (lane_no)
        where d.revoked_at is null and d.lane_no in (select lane_no from named) order by d.lane_no"""
    )
    return [(row["lane"], row["label"]) for row in rows]


def _named(store: Store, part: list[str]) -> list[str]:
    sql = f"select lane from unbelieved where lane in ({holes(part)})"
    return [row["lane"] for row in store.rows(sql, *part)]
