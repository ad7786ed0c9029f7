"""What a place does as the province: take in what laptops send, give out codes for them, begin a new epoch."""

from typing import cast

from siposyandu import access, places, records
from siposyandu.errors import Refused
from siposyandu.instance import Instance
from siposyandu.store import Store
from sync import devices, enrolment, epochs, keys
from sync.enrolment import Invitation
from sync.ports import Apply
from sync.province import Province, put_back

LAPTOP_RANK_CEILING = 3
"""On a posyandu's laptop a visiting bidan or nutrition officer may correct; a data officer works at the province."""


def ports(place: Instance, store: Store) -> Province:
    """Return what the province's door for machines needs to answer one request."""
    return Province(
        store,
        place.ring.keys,
        cast(Apply, records.apply),
        _scope,
        _rank_of,
        place.clock,
        relay_areas=_relay_areas,
        token_bytes=place.chance.token_bytes,
    )


def begin_epoch(place: Instance) -> str:
    """Begin a new epoch: the database was put back to an older day and laptops shall send again what it lacks."""
    if not place.config.is_province:
        raise Refused("only the province has epochs", "a laptop that was put back finds it out by itself")
    with place.store_for_job() as store:
        put_back(store, place.ring, place.clock, place.chance.token_bytes)
        return epochs.current(store)


def fingerprint(place: Instance) -> str:
    """Return what a letter says of this place's public key, so that a laptop knows it again."""
    return keys.fingerprint(place.ring.keys.sign_key)


def new_enrolment_code(place: Instance, store: Store, area: str) -> str:
    """Return a one-time code for a laptop of a posyandu, or the PC of a puskesmas, good for 72 hours; shown only now."""
    name = places.title(store, area)
    invitation = Invitation(area=area, label=name, rank_ceiling=LAPTOP_RANK_CEILING)
    return enrolment.issue(store, invitation, place.clock.now(), place.chance)


def _scope(store: object, lane: str) -> frozenset[str]:
    found = cast(Store, store)
    return places.receives(found, devices.area_of(found, lane))


def _rank_of(store: object, worker_id: str, since: str | None) -> int | None:
    return access.rank_held(cast(Store, store), worker_id, since)


def _relay_areas(store: object, lane: str) -> frozenset[str]:
    """Return the puskesmas of a posyandu's laptop: its PC carries for it."""
    found = cast(Store, store)
    sql = "select puskesmas from posyandu where id = $1"
    puskesmas = found.value(sql, devices.area_of(found, lane))
    return frozenset([puskesmas] if puskesmas else [])
