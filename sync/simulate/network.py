"""The virtual network: what happens to each message on its way there and to each answer on its way back."""

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import TYPE_CHECKING

from sync.errors import Busy, Unreachable
from sync.simulate.world import Road, enrolled_by

if TYPE_CHECKING:
    from sync.simulate.season import Season

THERE = ("lost", "late", "twice", "cut", "flipped", "meanwhile")
BACK = ("answer lost", "answer cut", "answer flipped", "answer of another day", "meanwhile")
KEPT = 40  # messages of earlier days that each road remembers


def flipped(message: bytes, chance: Random) -> bytes:
    """Return a message with one bit changed."""
    changed = bytearray(message)
    changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
    return bytes(changed)


def cut(message: bytes, chance: Random) -> bytes:
    """Return the beginning of a message."""
    return message[: chance.randrange(len(message))]


@dataclass
class Weather:
    """How often each trouble meets a message, in this season."""

    chance: Random
    there: dict[str, float] = field(default_factory=dict)
    back: dict[str, float] = field(default_factory=dict)

    @classmethod
    def drawn(cls, chance: Random) -> "Weather":
        """Return a mix of troubles: some seasons have much of one kind and nothing of others."""
        return cls(chance, *({name: _how_often(chance) for name in names} for names in (THERE, BACK)))

    def calm(self) -> None:
        """Let the roads heal."""
        self.there, self.back = {}, {}

    def trouble(self, rates: dict[str, float]) -> str:
        """Return what happens to one message, empty for nothing."""
        if not rates:
            return ""
        drawn = self.chance.random()
        for name, rate in rates.items():
            drawn -= rate
            if drawn < 0:
                return name
        return ""


def _how_often(chance: Random) -> float:
    return chance.choice((0.0, 0.05, 0.1, 0.2)) if chance.random() < 0.8 else 0.0


@dataclass
class StormyRoad(Road):
    """The road of one laptop through the season's weather."""

    season: "Season" = None  # type: ignore[assignment]  # a road is made by its world, which knows the season
    number: int = 0

    def post(self, path: str, body: bytes) -> bytes:
        """Carry a request there and its answer back, or not."""
        carry = self._enrol if path == "/v1/enrol" else self._exchange
        return carry(body)

    def _enrol(self, body: bytes) -> bytes:
        season = self.season
        if season.weather.trouble(season.weather.there) == "lost":
            season.fault("lost")
            raise Unreachable("lost on the way there")
        answer = season.at_province(lambda province: enrolled_by(province, body))
        if season.weather.trouble(season.weather.back) == "answer lost":
            season.fault("answer lost")
            raise Unreachable("lost on the way back")
        return answer

    def _exchange(self, body: bytes) -> bytes:
        season, weather = self.season, self.season.weather
        self.messages = [*self.messages[-KEPT:], body]
        trouble = weather.trouble(weather.there)
        if trouble:
            body = self._there(trouble, body)
        reply = season.received(body)
        self.answers = [*self.answers[-KEPT:], reply]
        trouble = weather.trouble(weather.back)
        return self._back(trouble, reply.body) if trouble else reply.body

    def _there(self, trouble: str, body: bytes) -> bytes:
        """Return the message as it arrives, if it does."""
        season, chance = self.season, self.season.chance
        season.fault(trouble)
        if trouble in ("cut", "flipped"):
            season.tampered((cut if trouble == "cut" else flipped)(body, chance))
        elif trouble == "late":
            season.later(body)
        elif trouble == "twice":
            season.received(body)
        elif trouble == "meanwhile":
            season.meanwhile(self.number)
        if trouble in ("lost", "late", "cut", "flipped"):
            raise Unreachable(f"{trouble} on the way there")
        return body

    def _back(self, trouble: str, answer: bytes) -> bytes:
        season, chance = self.season, self.season.chance
        season.fault(trouble)
        changes: dict[str, Callable[[], bytes]] = {
            "answer cut": lambda: cut(answer, chance),
            "answer flipped": lambda: flipped(answer, chance),
            "answer of another day": lambda: chance.choice(self.answers[:-1] or self.answers).body,
        }
        if trouble == "answer lost":
            raise Unreachable("lost on the way back")
        if trouble == "meanwhile":
            season.meanwhile(self.number)
        return changes[trouble]() if trouble in changes else answer


def busy(error: BaseException) -> Busy:
    """Return what a laptop hears when the province cannot write."""
    return Busy(f"the province answered 500: {error}")
