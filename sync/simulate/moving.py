"""Children who move: the province has the laptops of an area forget a child when one of her new area has her, not sooner."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from sync import devices, feed
from sync.simulate.laptops import Seat
from sync.simulate.oracle import Oracle

_GONE = """select distinct e.entity, f.area from feed f join edits e on e.n = f.edit join placement p
    on p.entity = e.entity and p.area = f.area and p.gone_n = f.n where f.n > $1 and f.gone = 1"""


@dataclass
class Moving:
    """What every laptop ever held, and where children were taken away."""

    oracle: Oracle
    seats: list[Seat]
    liars: set[str]  # first lanes of laptops that may say that they have her
    held: dict[str, set[str]] = field(default_factory=dict)  # entity -> first lanes of laptops
    gone: set[tuple[str, str]] = field(default_factory=set)  # entity and area, told once

    def note(self, seat: Seat, entities: Iterable[str]) -> None:
        """Remember what a laptop holds."""
        for entity in entities:
            self.held.setdefault(entity, set()).add(seat.root)

    def look(self, store: Any, after: int) -> None:
        """Look at what the province has told to forget behind a number of its feed, as far as that counts; it may be told
        again."""
        for row in store.rows(_GONE, after):
            entity, area = row["entity"], row["area"]
            if (entity, area) in self.gone:
                continue
            self.gone.add((entity, area))
            areas = set(feed.placed(store, [entity]).get(entity, ()))
            if areas and self._served(store, areas):
                self.oracle.require(
                    "I10", self._has(entity, areas), "a child is taken away before she was delivered"
                )

    def _served(self, store: Any, areas: set[str]) -> bool:
        """Whether a laptop that the province believes receives one of these areas, whatever it was enrolled for."""
        for seat in self.seats:
            device = devices.find(store, seat.lane)
            at_work = device is not None and not (device.revoked_at or device.closed_at)
            if at_work and areas & seat.road.world.scope(store, seat.lane):
                return True
        return False

    def _has(self, entity: str, areas: set[str]) -> bool:
        for seat in self.seats:
            if seat.store.value("select 1 from edits where entity = $1 limit 1", entity):
                self.note(seat, [entity])
        say_so = self.held.get(entity, set()) | self.liars
        return any(self.oracle.scopes.get(root, set()) & areas for root in say_so)
