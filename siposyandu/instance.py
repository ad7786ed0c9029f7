"""One running place: its settings, its database, its lane in the log, and its road to the province."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from importlib.metadata import version
from typing import cast

from siposyandu import access, credentials, forgetting, places, records
from siposyandu import config as settings
from siposyandu.config import Config
from siposyandu.errors import Refused
from siposyandu.machine import steady_seconds
from siposyandu.openable import Openable
from siposyandu.store import Store
from sync import client, devices, enrolment, epochs, joining, roads, upstream
from sync.client import HttpTransport, Laptop, Outcome
from sync.enrolment import Invitation
from sync.errors import SyncError, TryAgain
from sync.keys import fingerprint
from sync.ports import Apply, Forget, Transport
from sync.province import Province, put_back
from sync.status import Status, status

LAPTOP_RANK_CEILING = 3
"""On a posyandu's laptop a visiting bidan or nutrition officer may correct; a data officer works at the province."""


def this_moment() -> datetime:
    """Return this machine's time, which may be wrong."""
    return datetime.now(UTC)


class Instance(Openable):
    """A place that runs: a posyandu's laptop, a puskesmas PC or the province."""

    def __init__(
        self,
        config: Config,
        clock: Callable[[], datetime] = this_moment,
        steady: Callable[[], float] = steady_seconds,
    ) -> None:
        self._ask: Callable[[], None] = lambda: None
        self._ask_to_copy: Callable[[], None] = lambda: None
        super().__init__(config, clock, steady)

    def turn_at_jobs(self) -> Callable[[], bool]:
        """Return what says whether this program runs the jobs; over PostgreSQL only one of several does, the first."""
        if not self.config.is_on_postgresql:
            return lambda: True
        from siposyandu import postgres

        return postgres.Turn(self.config.database).is_mine

    # The laptop's side.

    def status(self, store: Store) -> Status:
        """Return how much was recorded here, how much the province has acknowledged, and since when."""
        return status(store)

    def enrol(self, address: str, code: str, machine: str, fingerprint: str = "") -> None:
        """Join the province at an address with a one-time code, then fetch this posyandu's records.

        `fingerprint` is the province's as the letter says it; when given, another province is refused.
        Raises SyncError; its code says why. The code also lets the first worker set her PIN here, for 72 hours.
        """
        if fingerprint:
            roads.recognise(HttpTransport(address), fingerprint, self._chance)
        with self.store_for_job() as store:
            laptop = self._laptop(store, HttpTransport(address))
            area = joining.enrol(laptop, code, machine=machine, fingerprint=fingerprint or None)
            credentials.keep_setup_code(store, enrolment.tidy(code), self.now())
            self.config = replace(self.config, upstream=address, area=area)
            settings.save(self.config)  # from here on this is a place: it must have all it needs
            client.exchange(laptop)

    def setup_code_matches(self, store: Store, code: str, address: str = "") -> bool:
        """Whether this is the code by which this laptop joined. NotAllowed after too many wrong tries."""
        return credentials.setup_code_matches(store, enrolment.tidy(code), address, self.now())

    def exchange(self, transport: Transport | None = None) -> Outcome:
        """Send what the province has not acknowledged and fetch what is new. Raises SyncError, already noted."""
        with self.store_for_job() as store:
            address = self.config.upstream
            road = _WhileOpen(transport or HttpTransport(address), self)
            return roads.exchange(self._laptop(store, road), address)

    def exchange_when_due(self, *, asked: bool = False) -> bool:
        """Try to send when it is time to, or when a person asked; a failure is noted for the page and tried again later."""
        with self.store_for_job() as store:
            due = asked or upstream.is_due(store, self._clock.now(), self.config.sync_minutes * 60)
            if not status(store).enrolled or not due:
                return False
        try:
            self.exchange()
        except SyncError:
            return False
        return True

    def laptop(self, store: Store) -> Laptop:
        """Return what a laptop's side of sync needs, with the road to the province."""
        return self._laptop(store, HttpTransport(self.config.upstream))

    def _laptop(self, store: Store, transport: Transport) -> Laptop:
        apply, forget = cast(Apply, records.apply), cast(Forget, forgetting.forget)
        return Laptop(
            store, self.ring, transport, self._clock, self._chance, apply, forget, version("siposyandu")
        )

    def on_ask_to_send(self, ask: Callable[[], None]) -> None:
        """Say what happens when somebody asks to send now (see jobs)."""
        self._ask = ask

    def ask_to_send(self) -> None:
        """Ask the sending job to run now; returns at once."""
        self._ask()

    def on_ask_to_copy(self, ask: Callable[[], None]) -> None:
        """Say what happens when somebody asks for a copy now (see jobs)."""
        self._ask_to_copy = ask

    def ask_to_copy(self) -> None:
        """Ask the copying job to run now; returns at once."""
        self._ask_to_copy()

    # The province's side.

    def province(self, store: Store) -> Province:
        """Return what the province's door for machines needs to answer one request."""
        apply = cast(Apply, records.apply)
        return Province(
            store,
            self.ring.keys,
            apply,
            _scope,
            _rank_of,
            self._clock,
            relay_areas=_relay_areas,
            token_bytes=self._chance.token_bytes,
        )

    def begin_epoch(self) -> str:
        """Begin a new epoch: the database was put back to an older day and laptops shall send again what it lacks."""
        if not self.config.is_province:
            raise Refused("only the province has epochs", "a laptop that was put back finds it out by itself")
        with self.store_for_job() as store:
            put_back(store, self.ring, self._clock, self._chance.token_bytes)
            return epochs.current(store)

    @property
    def fingerprint(self) -> str:
        """What a letter says of this place's public key, so that a laptop knows it again."""
        return fingerprint(self.ring.keys.sign_key)

    def new_enrolment_code(self, store: Store, area: str) -> str:
        """Return a one-time code for a laptop of a posyandu, or the PC of a puskesmas, good for 72 hours; shown only now."""
        name = places.title(store, area)
        invitation = Invitation(area=area, label=name, rank_ceiling=LAPTOP_RANK_CEILING)
        return enrolment.issue(store, invitation, self._clock.now(), self._chance)


class _WhileOpen:
    """A road on which nothing more is sent once its place was closed: a long exchange ends after the request under way."""

    def __init__(self, road: Transport, place: Openable) -> None:
        self._road, self._place = road, place

    def post(self, path: str, body: bytes) -> bytes:
        """Send bytes, return the answer's bytes. Raises TryAgain when the place was closed meanwhile."""
        if not self._place.is_open:
            raise TryAgain("this place was closed")
        return self._road.post(path, body)


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
