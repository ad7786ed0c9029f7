"""What a place does as a laptop: join the province with a code, exchange with it when it is time."""

from dataclasses import replace
from importlib.metadata import version
from typing import cast

from siposyandu import config as settings
from siposyandu import credentials, forgetting, records
from siposyandu.instance import Instance
from siposyandu.store import Store
from sync import client, enrolment, joining, roads, upstream
from sync.client import HttpTransport, Laptop, Outcome
from sync.errors import SyncError, TryAgain
from sync.ports import Apply, Forget, Transport
from sync.status import status


def enrol(place: Instance, address: str, code: str, machine: str, fingerprint: str = "") -> None:
    """Join the province at an address with a one-time code, then fetch this posyandu's records.

    `fingerprint` is the province's as the letter says it; when given, another province is refused.
    Raises SyncError; its code says why. The code also lets the first worker set her PIN here, for 72 hours.
    """
    road = HttpTransport(address)
    if fingerprint:
        roads.recognise(road, fingerprint, place.chance)
    with place.store_for_job() as store:
        laptop = ports(place, store, road)
        area = joining.enrol(laptop, code, machine=machine, fingerprint=fingerprint or None)
        credentials.keep_setup_code(store, enrolment.tidy(code), place.now())
        place.config = replace(place.config, upstream=address, area=area)
        settings.save(place.config)  # from here on this is a place: it must have all it needs
        client.exchange(laptop)


def has_joined(place: Instance, store: Store) -> bool:
    """Whether this laptop has joined and kept all that belongs to it, its area last; where the power went before, it joins
    once more, by the same code."""
    return bool(place.config.area) and status(store).enrolled


def must_join_again(store: Store) -> bool:
    """Whether this laptop knows a province and has no certificate of it: it was put back with new keys, or was forgotten."""
    sql = "select 1 from sync_upstream where certificate is null and server_sign_key is not null"
    return store.value(sql) is not None


def setup_code_matches(place: Instance, store: Store, code: str, address: str = "") -> bool:
    """Whether this is the code by which this laptop joined. NotAllowed after too many wrong tries."""
    return credentials.setup_code_matches(store, enrolment.tidy(code), address, place.now())


def exchange(place: Instance, road: Transport | None = None) -> Outcome:
    """Send what the province has not acknowledged and fetch what is new. Raises SyncError, already noted."""
    address = place.config.upstream
    with place.store_for_job() as store:
        while_open = _WhileOpen(road or HttpTransport(address), place)
        return roads.exchange(ports(place, store, while_open), address)


def exchange_when_due(place: Instance, *, asked: bool = False) -> bool:
    """Try to send when it is time to, or when a person asked; a failure is noted for the page and tried again later."""
    with place.store_for_job() as store:
        due = asked or upstream.is_due(store, place.clock.now(), place.config.sync_minutes * 60)
        if not status(store).enrolled or not due:
            return False
    try:
        exchange(place)
    except SyncError:
        return False
    return True


def ports(place: Instance, store: Store, road: Transport | None = None) -> Laptop:
    """Return what a laptop's side of sync needs; its road is the one to the province where none is given."""
    road = road or HttpTransport(place.config.upstream)
    apply, forget = cast(Apply, records.apply), cast(Forget, forgetting.forget)
    return Laptop(store, place.ring, road, place.clock, place.chance, apply, forget, version("siposyandu"))


class _WhileOpen:
    """A road on which nothing more is sent once its place was closed: a long exchange ends after the request under way."""

    def __init__(self, road: Transport, place: Instance) -> None:
        self._road, self._place = road, place

    def post(self, path: str, body: bytes) -> bytes:
        """Send bytes, return the answer's bytes. Raises TryAgain when the place was closed meanwhile."""
        if not self._place.is_open:
            raise TryAgain("this place was closed")
        return self._road.post(path, body)
