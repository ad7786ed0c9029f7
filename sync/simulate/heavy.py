"""Heavy seasons: in some, people write long texts; in a few, somebody types a whole year at once."""

from typing import TYPE_CHECKING

from sync.simulate import people
from sync.simulate.laptops import Misfortune, Said
from sync.simulate.notebook import NOTE, POISON

if TYPE_CHECKING:
    from sync.simulate.season import Season

LONG_TEXTS, MANY_ROWS = 0.12, 0.01  # of all seasons
LONGEST_BYTES = 12_000  # written as twice as many digits, which nothing makes shorter than this
MOST_ROWS = 1200


def drawn(season: "Season") -> list[tuple[float, Misfortune]]:
    """Let some seasons be heavy; return what comes in them."""
    season.memory.long_texts = season.chance.random() < LONG_TEXTS
    return [(1, type_many)] if season.chance.random() < MANY_ROWS else []


def with_long_text(season: "Season", said: Said) -> None:
    """Write a long note now and then."""
    values = said[1]
    if season.memory.long_texts and season.chance.random() < 0.15 and values.get(NOTE) != POISON:
        values[NOTE] = season.chance.randbytes(season.chance.randrange(1, LONGEST_BYTES)).hex()


def type_many(season: "Season") -> None:
    """Somebody types a whole year from a book."""
    seat = season.anybody()
    for _ in range(season.chance.randrange(100, MOST_ROWS)):
        people.type_one(season, seat)
    season.look(seat)
