"""A made-up child's life at the posyandu: registered early or late, weighed most months, with a card from birth.

Four in five children are registered in their first six weeks, as nine in ten newborns are seen and get their first
vaccines there; one in seven comes after half a year, because the family moved in or did not come before. Posyandu days
are 20 to 45 days apart; a baby misses one in eight, a child of three one in three. Most cards have the birth weight,
fewer the birth length. All this may be otherwise: a Village says how.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from tests.guard_world import growing, tools
from tests.guard_world.growing import LAST_DAY, Body
from tests.guard_world.tools import Hands, Row, Tools

FIRST_BIRTH = date(2018, 1, 1)
BIRTHS_WITHIN_DAYS = 1461
CANNOT_STAND = 0.004
"""Children of two years or more who must be measured lying down: honest, and noted so."""
NEW_TOOL_A_VISIT = 0.03


@dataclass(frozen=True)
class Village:
    """What differs between villages: shares of children and cards, and how clumsy the hands are."""

    registered_by_six_weeks: float = 0.78
    registered_by_half_a_year: float = 0.86
    birth_weight_known: float = 0.85
    birth_length_known: float = 0.70
    clumsiness: float = 1.0
    """Times the usual errors of measuring."""


USUAL = Village()


@dataclass(frozen=True)
class Born:
    """What the card says of the birth; grams and millimetres, None where nobody wrote it down."""

    weight_g: int | None
    length_mm: int | None


@dataclass(frozen=True)
class Visit:
    """One visit: the day of age, what was written, and who measured with which tools."""

    age_days: int
    row: Row
    by: tuple[Hands, Tools]


@dataclass(frozen=True)
class Life:
    """A child with all its visits, oldest first."""

    body: Body
    born: Born
    visits: Sequence[Visit]

    @property
    def followed(self) -> bool:
        """Whether the child has come from its first three months on."""
        return self.visits[0].age_days < 92


def life(chance: Random, village: Village = USUAL) -> Life:
    """Draw a child that came at least twice."""
    birth = FIRST_BIRTH + timedelta(days=chance.randrange(BIRTHS_WITHIN_DAYS))
    child = growing.body(chance, birth, growing.any_place(chance))
    visits = _visits(chance, child, village)
    return Life(child, _born(chance, child, village), visits) if len(visits) > 1 else life(chance, village)


def sibling_under_five(chance: Random, one: Body, on: date) -> Body | None:
    """Draw a brother or sister who is under five on a day too; None where none was met. One in 25 is a twin."""
    for _ in range(6):
        apart = 0 if chance.random() < 0.04 else int(min(1700, 500 + chance.gammavariate(2, 280)))
        birth = one.birth_date + timedelta(days=chance.choice((-1, 1)) * apart)
        if 0 < (on - birth).days < LAST_DAY:
            alike = 0.5 if apart else 0.7
            return growing.body(chance, birth, growing.place_in_family(chance, one.place, alike))
    return None


def stranger(chance: Random, on: date) -> Body:
    """Draw another child of the posyandu, of any age under five on that day."""
    birth = on - timedelta(days=chance.randrange(20, LAST_DAY))
    return growing.body(chance, birth, growing.any_place(chance))


def _visits(chance: Random, child: Body, village: Village) -> list[Visit]:
    hand, kit = tools.hands(chance, village.clumsiness), tools.tools(chance)
    found = []
    for age_days in _days(chance, village):
        if chance.random() < NEW_TOOL_A_VISIT:
            kit = tools.tools(chance)
        position = tools.position_at(age_days)
        if position == tools.STANDING and chance.random() < CANNOT_STAND:
            position = tools.LYING
        row = tools.measure(chance, child, age_days, (hand, kit), position)
        found.append(Visit(age_days, tools.left_out(chance, hand, age_days, row), (hand, kit)))
    return found


def _days(chance: Random, village: Village) -> list[int]:
    days, day = [], _registered(chance, village)
    while day < LAST_DAY:
        if not days or chance.random() < _comes(day):
            days.append(day)
        day += min(45, max(20, round(chance.gauss(30.4, 4))))
    return days


def _registered(chance: Random, village: Village) -> int:
    drawn = chance.random()
    if drawn < village.registered_by_six_weeks:
        return chance.randint(3, 42)
    return chance.randint(43, 180) if drawn < village.registered_by_half_a_year else chance.randint(181, 1400)


def _comes(age_days: int) -> float:
    return 0.88 if age_days < 365 else 0.8 if age_days < 731 else 0.68


def _born(chance: Random, child: Body, village: Village) -> Born:
    weight = tools.to_step(child.weight_kg(0) * 1000 + chance.gauss(0, 50), chance.choice((50, 100, 100)))
    length = tools.to_step(child.length_cm(0) * 10 + chance.gauss(0, 7), chance.choice((5, 10, 10)))
    return Born(
        weight if chance.random() < village.birth_weight_known else None,
        length if chance.random() < village.birth_length_known else None,
    )
