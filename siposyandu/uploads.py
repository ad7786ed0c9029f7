"""Copies brought to the places upstream, which keep them without being able to read them: a puskesmas' PC, the province.

Records go first and come at once; a copy follows once a week to the province (it may be a minute of 2G) and once a day to a
puskesmas' PC on the same network, in parts, so that no look takes long and nothing is sent twice.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

from siposyandu import places
from siposyandu.copies import making, shelves
from siposyandu.copies.held import HeldCopies
from siposyandu.copies.shelves import Copy, Shelf
from siposyandu.errors import NotFound, SiposyanduError
from siposyandu.instance import Instance
from siposyandu.periods import parse_instant
from siposyandu.store import Store
from sync import devices, lanes, parcels, revocations, upstream
from sync.certificates import Certificate
from sync.client import HttpTransport
from sync.errors import NotEnrolled, Refused, SyncError
from sync.parcels import Door, Sender
from sync.ports import Transport

PROVINCE, PUSKESMAS = "province", "puskesmas"
GAPS = {PROVINCE: timedelta(days=7), PUSKESMAS: timedelta(days=1)}
AGAIN = timedelta(minutes=30)
CODE_LENGTHS = (2, 4, 6, 10)
"""Of the codes of province, kabupaten, kecamatan and desa."""
BYTES_A_LOOK = 128 * 1024
"""How much of a copy goes in one look, so that a slow link is free again for records."""


@dataclass(frozen=True)
class Road:
    """A place upstream that keeps copies, and the address it answers at."""

    shelf: Shelf
    address: str


def roads(instance: Instance) -> Iterator[Road]:
    """Give the places upstream that keep this place's copies."""
    config = instance.config
    nowhere = Path()
    if config.upstream:
        yield Road(Shelf(PROVINCE, "", nowhere, elsewhere=True), config.upstream)
    if config.copy_to:
        yield Road(Shelf(PUSKESMAS, config.copy_to, nowhere, elsewhere=True), config.copy_to)


def bring_due(instance: Instance, *, asked: bool = False) -> bool:
    """Bring the newest copy upstream where one is due; returns whether anything was sent. What fails is noted.

    Called again it goes on where it stopped; at most `BYTES_A_LOOK` go each time.
    """
    sent = False
    with instance.store_for_job() as store:
        newest = _newest(instance, store)
        for road in roads(instance) if newest else ():
            if newest and (asked or _due(store, road.shelf, newest, instance.now())):
                sent = _bring(instance, store, road, newest) or sent
    return sent


def _newest(instance: Instance, store: Store) -> Copy | None:
    found = shelves.copies(shelves.own(instance.config.folder), lanes.own(store))
    return found[0] if found else None


def _due(store: Store, shelf: Shelf, newest: Copy, now: datetime) -> bool:
    row = store.one("select * from copy_kept where shelf = $1", shelf.key)
    if row is None:
        return True
    if making.has_just_failed(row, now, AGAIN):
        return False
    if row["made_at"] is None or row["lane"] != lanes.own(store):
        return True
    is_behind = making.is_behind(store, row) or newest.head.number > row["number"]
    return is_behind and abs(now - parse_instant(row["made_at"])) >= GAPS[shelf.kind]


def _bring(instance: Instance, store: Store, road: Road, copy: Copy) -> bool:
    content = copy.path.read_bytes()
    name = sha256(content).hexdigest()
    try:
        to = sender(instance, store, HttpTransport(road.address))
        whole = parcels.send(
            to, name, len(content), lambda at, count: content[at : at + count], most=BYTES_A_LOOK
        )
    except (SyncError, SiposyanduError) as refused:
        making.failed(store, road.shelf, refused, instance.now())
        return False
    if whole:
        making.note(store, road.shelf, copy.head, len(content), copy.path.name)
    return True


def sender(instance: Instance, store: Store, transport: Transport | None = None) -> Sender:
    """Return this laptop as one that asks. Refuses (NotEnrolled) before it has joined, or while its new lane has not."""
    state = upstream.state(store)
    if state.lane != instance.ring.keys.lane:
        raise NotEnrolled("the new lane of this laptop has no certificate yet")
    road = transport or HttpTransport(instance.config.upstream)
    return Sender(
        instance.ring.keys, state.certificate, state.server_key, road, _believer(store, instance.config.area)
    )


def _believer(store: Store, area: str) -> Callable[[Certificate], bool]:
    """Say of a machine whether it is of a place above this one, and still believed."""
    above = _above(store, area)
    unbelieved = {row["lane"] for row in store.rows("select lane from unbelieved")}
    return lambda found: found.area in above and found.lane not in unbelieved


def _above(store: Store, area: str) -> set[str]:
    """Return the keys of the places above one: a posyandu's puskesmas and its desa, kecamatan, kabupaten, province."""
    posyandu = store.one("select puskesmas, desa_code as code from posyandu where id = $1", area)
    served = store.one("select kecamatan_code as code from puskesmas where id = $1", area)
    found = posyandu or served or {"code": area}
    code = str(found["code"] or "")
    above = {code[:length] for length in CODE_LENGTHS if len(code) >= length} - {area}
    return above | ({posyandu["puskesmas"]} if posyandu and posyandu["puskesmas"] else set())


def door(instance: Instance, store: Store) -> Door:
    """Return what this place answers with to laptops that bring copies. NotFound where it keeps none: on a posyandu's laptop."""
    if instance.config.is_province:
        own = instance.ring.keys
        return Door(
            own.sign_key, own, b"", HeldCopies(instance.config.folder), _refuser(store), _lanes_known(store)
        )
    if places.level_of(store, instance.config.area) == "posyandu":
        raise NotFound("a posyandu's laptop keeps no copies of others")
    state = upstream.state(store)
    held = HeldCopies(instance.config.folder)
    return Door(
        state.server_key, instance.ring.keys, state.certificate, held, _refuser(store), _nothing_known
    )


def _refuser(store: Store) -> Any:
    def refuse(lane: str) -> None:
        found = devices.find(store, lane)
        if revocations.names(store, lane) or (found is not None and found.revoked_at is not None):
            raise Refused("this laptop was revoked", code="revoked")

    return refuse


def _lanes_known(store: Store) -> Any:
    def known(area: str, lane: str) -> dict[str, Any]:
        found = devices.find(store, lane)
        if found is None or found.area != area:
            return {}
        return {"acknowledged": found.acknowledged, "recorded": found.recorded, "seen_at": found.last_seen_at}

    return known


def _nothing_known(area: str, lane: str) -> dict[str, Any]:
    return {}
