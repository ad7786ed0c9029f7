"""The laptops of a season: their clocks, who sits there, and what she types."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from random import Random
from typing import TYPE_CHECKING, Any

from sync import instants, lanes
from sync.body import ATTESTED, MERGED_INTO, RETRACTED, Value
from sync.ports import Author
from sync.rings import Ring
from sync.simulate.network import StormyRoad
from sync.simulate.notebook import (
    AMINAH,
    BAIQ,
    CHILD,
    CITRA,
    FORM,
    NAME,
    NOTE,
    POISON,
    POSYANDU,
    WEIGHT_G,
    Writer,
)
from sync.simulate.world import BEGIN, Hands, Place, World

if TYPE_CHECKING:
    from sync.simulate.season import Season

Misfortune = Callable[["Season"], None]
AREAS = ("melati", "mawar", "kenanga")
MOVED_TO: tuple[str | None, ...] = (*AREAS, *AREAS, *AREAS, None)  # now and then a child is placed nowhere
UNKNOWN_FIELD = 99  # of a form of a later version
STRANGER = Author("d4" * 16, 1)  # whom the province does not know before the season ends
BOASTER = Author(AMINAH.user, 3)  # who says more of herself than is so
OFFICERS = (CITRA, BAIQ)
TYPISTS = (AMINAH, AMINAH, BAIQ, BAIQ, BOASTER, STRANGER)
BEGIN_S = instants.seconds(BEGIN)
YEARS_S = 10 * 365 * 86400


@dataclass
class Wrist(Hands):
    """A clock that goes with the season's time, and may be wrong by years."""

    season: "Season" = None  # type: ignore[assignment]  # a clock is made by its world, which knows the season
    offset_s: int = 0

    def now(self) -> str:
        """Return the time as this machine believes it."""
        return instants.text(BEGIN_S + int(self.season.now_s) + self.offset_s)


@dataclass
class Seat(Place):
    """A laptop of the season."""

    number: int = 0
    root: str = ""  # the first lane of this laptop, or of the one it was cloned from
    ceiling: int = 2

    def reboot(self, before: Any) -> None:
        """Start the program again after the power came back; `before` is a copy of when it was switched on."""
        disk = self.road.world.disk
        store = disk.opened(self.store if disk.is_durable(self.store) else before)
        ring = Ring(self.drawer, self.laptop.random.token_bytes)
        self.writer = Writer(store, lanes.own(store), self.writer.author)
        self.laptop = replace(self.laptop, store=store, ring=ring)
        self.open()


@dataclass
class StormyWorld(World):
    """A world whose roads and clocks are those of a season."""

    season: "Season" = None  # type: ignore[assignment]  # given when it is made

    def new_road(self) -> StormyRoad:
        """Return a road through the weather."""
        return StormyRoad(self, season=self.season)

    def new_clock(self) -> Wrist:
        """Return a clock that goes with the season's time."""
        return Wrist(season=self.season)


Said = tuple[str, dict[int, Value]]  # kind, values


def something(chance: Random, area: str) -> Said:
    """Return what somebody may type about a new child."""
    values: dict[int, Value] = {FORM: CHILD, NAME: f"A{chance.randrange(50)}", POSYANDU: area}
    if chance.random() < 0.5:
        values[WEIGHT_G] = chance.randrange(2000, 20000)
    return "create", values


def about(chance: Random, others: list[str]) -> Said:
    """Return what somebody may type about a child that is there."""
    drawn = chance.random()
    if drawn < 0.07:
        return "retract", {RETRACTED: chance.choice(("twice", "moved away"))}
    if drawn < 0.11:
        return "unretract", {RETRACTED: None}
    if drawn < 0.15:
        return "merge", {MERGED_INTO: chance.choice(others)}
    if drawn < 0.19:
        return "attest", {ATTESTED: "seen"}
    if drawn < 0.26:
        return "set", {POSYANDU: chance.choice(MOVED_TO)}
    if drawn < 0.27:
        return "set", {NOTE: POISON}
    return "set", _corrected(chance)


def _corrected(chance: Random) -> dict[int, Value]:
    choices: tuple[tuple[int, Value], ...] = (
        (NAME, f"B{chance.randrange(4)}"),
        (NOTE, chance.choice(("x", "y", None))),
        (WEIGHT_G, chance.randrange(2000, 2009)),
        (UNKNOWN_FIELD, chance.choice((7, "later"))),
    )
    return dict(chance.sample(choices, chance.choice((1, 1, 2))))
