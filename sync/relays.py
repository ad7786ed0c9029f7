"""Relays: the puskesmas PC that carry for a laptop. A laptop that knows their keys seals its bundles to them too.

The province tells them to a laptop when it asks and what it knows is out of date: once a day, and with every bundle.
"""

import json
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from sync import ids, revocations, seals
from sync.chunks import chunks, holes
from sync.errors import Malformed
from sync.messages import Answer, Request
from sync.ports import Scope, Store

MOST = 3  # to which a laptop seals


@dataclass(frozen=True, slots=True)
class Relay:
    """A puskesmas PC: its lane, the key to seal to (64 hexadecimal digits), and its name."""

    lane: str
    box_key: str
    label: str


def known(store: Store) -> list[Relay]:
    """Return the relays of this laptop, as the province last said; not those it has named as no longer believed."""
    said = store.value("select relays from sync_upstream where id = 1")
    found = [Relay(*each) for each in json.loads(said or "[]")]
    return [each for each in found if not revocations.names(store, each.lane)]


def keys_of(store: Store) -> list[str]:
    """Return the keys of this laptop's relays to which anything can be sealed: a bad one must not stop its bundles."""
    return [each.box_key for each in known(store) if seals.fits(each.box_key)]


def remark(store: Store) -> dict[str, Any]:
    """Return what a laptop says to be told its relays, if it does not know them."""
    return {"relays": _hash_of(known(store))}


def take(store: Store, answer: Answer) -> None:
    """Keep the relays that an answer tells, inside `write()`."""
    said = answer.more.get("relays")
    if said is None:
        return
    try:
        found = [
            Relay(ids.full(lane), ids.data(key, 32).hex(), str(label)) for lane, key, label in said[:MOST]
        ]
    except (TypeError, ValueError) as error:
        raise Malformed("relays that cannot be read") from error
    rows = [[each.lane, each.box_key, each.label] for each in found]
    store.run("update sync_upstream set relays = $1 where id = 1", json.dumps(rows))


def told(store: Store, lane: str, request: Request, areas_of: Scope) -> dict[str, Any]:
    """Return, at the province, the remark that tells a laptop its relays, if it asked and knows others."""
    if "relays" not in request.more:
        return {}
    those = [relay for relay in _of(store, sorted(areas_of(store, lane))) if relay.lane != lane]
    found = [relay for relay in those if seals.fits(relay.box_key)][:MOST]
    if request.more["relays"] == _hash_of(found):
        return {}
    return {
        "relays": [
            [ids.short(each.lane), ids.text(bytes.fromhex(each.box_key)), each.label] for each in found
        ]
    }


def _of(store: Store, areas: list[str]) -> list[Relay]:
    found: list[Relay] = []
    for part in chunks(areas):
        sql = f"""select l.lane, d.box_key, d.label from devices d join lanes l using (lane_no)
            where d.area in ({holes(part)}) and d.revoked_at is null and d.closed_at is null
            order by d.lane_no desc"""
        found += [Relay(**row) for row in store.rows(sql, *part)]
    return found


def _hash_of(relays: list[Relay]) -> str | int:
    said = "".join(relay.lane + relay.box_key for relay in relays)
    return sha256(said.encode()).hexdigest()[:8] if said else 0
