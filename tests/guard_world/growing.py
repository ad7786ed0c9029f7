"""How a made-up child truly grows: a place among others, growth in jumps, illness, hunger, falling behind, catching up.

Where the numbers come from:
place       At birth length shows the womb, later the parents; one passes into the other during the first 18 months
            (Smith 1976, "Shifting linear growth during infancy"). Length and weight-for-length are nearly independent.
level       Where stunting is common, length loses about one z between birth and two years (Victora 2010); levels at two
            years are those of NTB's surveys: three in ten stunted, one in ten wasted.
wandering   From one month to the next z moves by 0.3 in the first weeks and 0.1 at three years: what remains of the
            spread of WHO's monthly increments (2009) when the error of measuring is taken out.
jumps       Length grows overnight, half a centimetre at a time, with one to three weeks of nothing between (Lampl 1992).
illness     One to four small losses of weight a year, most in the rains and between 6 and 24 months; weight comes back
            in two to four weeks, length does not quite.
bouts       One child in seven falls behind for months (hunger, a long illness) and recovers more or less; one in ten
            catches up for the better part of a year.
"""

from bisect import bisect_right
from dataclasses import dataclass, field
from datetime import date, timedelta
from math import exp, sqrt
from random import Random

from siposyandu.growth.standards import value_at

MONTH_DAYS = 30.4375
LAST_MONTH = 60
LAST_DAY = 1826
STANDING_DAY = 731
TABLES_CM = {"wfl": (45.0, 110.0), "wfh": (65.0, 120.0)}


@dataclass(frozen=True)
class Place:
    """Where a child stands among others, in SD: at birth, and where its own growth leads; head and arm of its own."""

    length_at_birth: float
    length_later: float
    weight_at_birth: float
    weight_later: float
    head: float
    arm: float


@dataclass(frozen=True)
class Dip:
    """One illness: from that day weight is down by so many z, and comes back with that many days' half-life."""

    day: float
    depth: float
    days_back: float


@dataclass(frozen=True)
class Body:
    """A child and its whole way to five years; ask it for the truth of any day of age."""

    sex: str
    birth_date: date
    gestation_weeks: int
    place: Place
    length_z: list[float] = field(repr=False)
    weight_z: list[float] = field(repr=False)
    dips: list[Dip] = field(repr=False)
    jump_days: list[float] = field(repr=False)
    lengths_cm: list[float] = field(repr=False)

    def length_cm(self, day: int) -> float:
        """Return the length lying down."""
        return self.lengths_cm[max(0, bisect_right(self.jump_days, day) - 1)]

    def weight_kg(self, day: int) -> float:
        """Return the weight without clothes."""
        z = at(self.weight_z, day) - sum(_depth(dip, day) for dip in self.dips)
        length = self.length_cm(day)
        table, shown = ("wfl", length) if day < STANDING_DAY else ("wfh", length - 0.7)
        shortest, longest = TABLES_CM[table]
        within = min(longest, max(shortest, shown))
        known = value_at(table, self.sex, within, max(z, -4.5))
        assert known is not None
        return known * (shown / within) ** 3  # beyond WHO's table weight goes with the cube of the length

    def head_cm(self, day: int) -> float:
        """Return the head circumference."""
        early = 0.15 * max(0, 39 - self.gestation_weeks) * exp(-day / 100)
        return _by_age("hcfa", self.sex, day, -0.5 + self.place.head + 0.1 * at(self.length_z, day) - early)

    def arm_cm(self, day: int) -> float:
        """Return the circumference of the upper arm; there is a standard for it from three months on."""
        fat = at(self.weight_z, day) - sum(_depth(dip, day) for dip in self.dips)
        z = 0.75 * fat + 0.2 * at(self.length_z, day) + 0.45 * self.place.arm
        return _by_age("acfa", self.sex, max(day, 91), z)


def body(chance: Random, birth_date: date, place: Place) -> Body:
    """Let a child of that place among others, born that day, live to five years."""
    sex = chance.choice("mf")
    weeks = _gestation(chance)
    dips = _illnesses(chance, birth_date)
    length_z, weight_z = _levels(chance, birth_date, place, weeks, dips)
    jumps = _jump_days(chance)
    lengths = _grown(sex, jumps, length_z)
    return Body(sex, birth_date, weeks, place, length_z, weight_z, dips, jumps, lengths)


def any_place(chance: Random) -> Place:
    """Draw the place of a child of no known family."""
    length, weight = chance.gauss(0, 1), chance.gauss(0, 1)
    return Place(
        _alike(chance, length, 0.55), length, _alike(chance, weight, 0.4), weight,
        _alike(chance, 0.4 * length, 0.0) * 0.9, chance.gauss(0, 1),
    )  # fmt: skip


def place_in_family(chance: Random, sibling: Place, alike: float = 0.5) -> Place:
    """Draw the place of a brother or sister: half of what makes a child tall or heavy is the family's."""
    length = _alike(chance, sibling.length_later, alike)
    weight = _alike(chance, sibling.weight_later, alike)
    return Place(
        _alike(chance, 0.5 * length + 0.3 * sibling.length_at_birth, 0.8), length,
        _alike(chance, 0.3 * weight + 0.3 * sibling.weight_at_birth, 0.8), weight,
        _alike(chance, sibling.head, alike), chance.gauss(0, 1),
    )  # fmt: skip


def at(monthly: list[float], day: float) -> float:
    """Read a value between its months."""
    month = min(day / MONTH_DAYS, LAST_MONTH - 0.001)
    lower = int(month)
    return monthly[lower] + (month - lower) * (monthly[lower + 1] - monthly[lower])


def _alike(chance: Random, other: float, correlation: float) -> float:
    return correlation * other + sqrt(1 - correlation**2) * chance.gauss(0, 1)


def _gestation(chance: Random) -> int:
    return (
        chance.choice((32, 33, 34, 34, 35, 35, 36, 36, 36))
        if chance.random() < 0.09
        else chance.randint(37, 41)
    )


def _illnesses(chance: Random, birth_date: date) -> list[Dip]:
    found = []
    for month in range(LAST_MONTH):
        on = birth_date + timedelta(days=month * MONTH_DAYS)
        often = 0.15 if month < 6 else 0.32 if month < 24 else 0.16
        often *= 1.6 if on.month in (12, 1, 2, 3) else 0.8
        if chance.random() < often:
            depth = min(1.3, chance.expovariate(1 / 0.25))
            found.append(Dip((month + chance.random()) * MONTH_DAYS, depth, chance.uniform(8, 25)))
    return found


def _depth(dip: Dip, day: float) -> float:
    """An illness takes five days to take its weight; then half comes back every `days_back` days."""
    since = day - dip.day
    if not 0 < since < 150:
        return 0.0
    return dip.depth * min(1.0, since / 5) * 0.5 ** (max(0.0, since - 5) / dip.days_back)


def _levels(
    chance: Random, birth_date: date, place: Place, weeks: int, dips: list[Dip]
) -> tuple[list[float], list[float]]:
    """Return z of length and of weight for length at each month of age."""
    bouts = _bouts(chance)
    length_walk, weight_walk = _walk(chance, LENGTH_STEPS, 0.93), _walk(chance, WEIGHT_STEPS, 0.85)
    length_z, weight_z = [], []
    for month in range(LAST_MONTH + 1):
        early = 0.36 * max(0, 39 - weeks) * exp(-month / 5)
        scars = 0.06 * sum(dip.depth for dip in dips if dip.day < month * MONTH_DAYS)
        lost_length, lost_weight = bouts[month]
        own = _between(place.length_at_birth, place.length_later, 0.55, exp(-month / 6))
        length_z.append(
            _usual_length(month) + 1.05 * own + length_walk[month] - early - min(scars, 0.4) - lost_length
        )
        own = _between(place.weight_at_birth, place.weight_later, 0.4, exp(-month / 7))
        z = _usual_weight(month) + 0.95 * own + weight_walk[month] - 0.4 * early - lost_weight
        weight_z.append(z - _hungry_season(birth_date, month))
    return length_z, weight_z


def _between(first: float, later: float, alike: float, share: float) -> float:
    """Mix two places so that the mixture is spread as widely as each of them."""
    rest = 1 - share
    return (share * first + rest * later) / sqrt(share**2 + rest**2 + 2 * alike * share * rest)


def _usual_length(month: int) -> float:
    return -0.3 - 1.0 * (1 - exp(-((month / 9) ** 1.4))) + 0.1 * max(0, month - 36) / 24


def _usual_weight(month: int) -> float:
    return -0.1 + 0.35 * exp(-((month - 4) ** 2) / 12) - 0.3 * (1 - exp(-month / 12))


def _hungry_season(birth_date: date, month: int) -> float:
    """From December to March rice is dear and work is far: everybody weighs a little less."""
    calendar = (birth_date.month - 1 + month) % 12
    return (0.12, 0.15, 0.12, 0.06, 0, -0.03, -0.06, -0.06, -0.03, 0, 0.03, 0.08)[calendar]


LENGTH_STEPS = ((3, 0.22), (6, 0.16), (12, 0.11), (24, 0.08), (61, 0.055))
WEIGHT_STEPS = ((3, 0.30), (6, 0.20), (12, 0.16), (24, 0.13), (61, 0.11))
"""Until that month, how far z wanders in a month (SD)."""


def _walk(chance: Random, steps: tuple[tuple[int, float], ...], persists: float) -> list[float]:
    here, found = 0.0, []
    for month in range(LAST_MONTH + 1):
        found.append(here)
        here = persists * here + chance.gauss(0, next(step for until, step in steps if month < until))
    return found


def _bouts(chance: Random) -> list[tuple[float, float]]:
    """Return how much z of length and of weight a child is behind its own line, month by month."""
    behind = [(0.0, 0.0)] * (LAST_MONTH + 1)
    drawn = chance.random()
    if drawn < 0.14:
        return _faltering(chance)
    if drawn < 0.24:
        return _catching_up(chance)
    return behind


def _faltering(chance: Random) -> list[tuple[float, float]]:
    """Months of too little: weight falls first, length follows and does not come back as well."""
    begins, lasts = chance.randint(4, 40), chance.randint(2, 7)
    a_month, back, regained = chance.uniform(0.15, 0.4), chance.uniform(3, 9), chance.uniform(0.3, 1.0)
    weight = length = worst = 0.0
    found = []
    for month in range(LAST_MONTH + 1):
        found.append((length, weight))
        if begins <= month < begins + lasts:
            weight = worst = weight + a_month
        elif month >= begins + lasts:
            weight = max(worst * (1 - regained), weight - worst * regained / back)
        length += 0.12 * weight if length < 0.4 * worst else -0.01 * length
    return found


def _catching_up(chance: Random) -> list[tuple[float, float]]:
    """A child far behind who gains quickly, such as after a move or a long illness that ended."""
    begins, lasts = chance.randint(3, 40), chance.randint(5, 10)
    length_a_month, weight_a_month = chance.uniform(0.04, 0.1), chance.uniform(0.05, 0.15)
    return [
        (length_a_month * (lasts - gone), weight_a_month * (lasts - gone))
        for gone in (min(lasts, max(0, month - begins)) for month in range(LAST_MONTH + 1))
    ]


def _jump_days(chance: Random) -> list[float]:
    days, day = [0.0], 0.0
    while day < LAST_DAY:
        usual = 8 if day < 180 else 11 if day < 365 else 15
        day += chance.gammavariate(4, usual / 4)
        days.append(day)
    return days


def _grown(sex: str, jumps: list[float], length_z: list[float]) -> list[float]:
    """Return the length in cm after each jump; nobody shrinks."""
    found, tallest = [], 0.0
    for day in jumps:
        whole = min(int(day), LAST_DAY)
        lying = _by_age("lhfa", sex, whole, at(length_z, day)) + (0.7 if whole >= STANDING_DAY else 0.0)
        tallest = max(tallest, lying)
        found.append(tallest)
    return found


def _by_age(index: str, sex: str, day: int, z: float) -> float:
    found = value_at(index, sex, min(day, LAST_DAY), z)
    assert found is not None
    return found
