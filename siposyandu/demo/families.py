"""The families of a synthetic village: parents, house, family card, and numbers that no real person has.

Every NIK and KK is well formed (area, date, day + 40 for a woman, running number), but its running number
begins with 9: a real office never counts nine thousand births in one kecamatan and day. Nor does any
mobile phone have a number that begins with 0800.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from siposyandu import areas
from siposyandu.demo import names
from siposyandu.demo.synthetic import Family, Value

NEXT_BIRTH_DAYS = range(480, 1500)
SHARE_WITH_OLDER_SIBLING = 0.18
BORN_ELSEWHERE = ("520102", "520202", "520307", "520401", "520601", "517103", "350978", "357808")
"""Kecamatan, some outside NTB, in which mothers who married into the village got their NIK."""


@dataclass(frozen=True)
class Birth:
    """One child to be: its place in the village's list, its sex, its day; twins share the day."""

    number: int
    sex: str
    day: date
    twin_of: int | None = None


@dataclass
class Village:
    """Where the families live, and the numbers and couples given out so far."""

    desa_code: str
    people: names.People
    dusun: tuple[str, str]
    taken: set[str] = field(default_factory=set)
    couples: set[tuple[str, str]] = field(default_factory=set)

    @classmethod
    def at(cls, chance: Random, desa_code: str) -> "Village":
        """Settle a village in a desa; its people and its hamlets are those of the island."""
        areas.area(desa_code)
        people = names.PEOPLE_OF[desa_code[:4]]
        first, second = chance.sample(people.dusun, 2)
        return cls(desa_code, people, (first, second))

    def nik(self, chance: Random, sex: str, birth: date, kecamatan: str | None = None) -> str:
        """Give out a NIK: kecamatan, day (+ 40 for "f"), month, year, running number from 9001."""
        day = birth.day + (40 if sex == "f" else 0)
        return self._number(chance, f"{kecamatan or self.desa_code[:6]}{day:02d}{birth:%m%y}")

    def kk(self, chance: Random, issued: date) -> str:
        """Give out a family card number: kecamatan, day of issue, running number from 9001."""
        return self._number(chance, f"{self.desa_code[:6]}{issued:%d%m%y}")

    def couple(self, chance: Random, *, noble: bool) -> tuple[str, str]:
        """Name a mother and a father who are not yet parents here; the same name twice only if names run out."""
        for _ in range(20):
            pair = (
                names.mother(chance, self.people, noble=noble),
                names.father(chance, self.people, noble=noble),
            )
            if pair not in self.couples:
                break
        self.couples.add(pair)
        return pair

    def _number(self, chance: Random, beginning: str) -> str:
        number = f"{beginning}{chance.randint(9001, 9999)}"
        while number in self.taken:
            number = f"{beginning}{chance.randint(9001, 9999)}"
        self.taken.add(number)
        return number


@dataclass(frozen=True)
class Settled:
    """A family and which of its children this birth was."""

    family: Family
    birth_order: int


def settle(chance: Random, village: Village, births: Sequence[Birth]) -> list[Settled]:
    """Give every birth a family, in the order of births; brothers and sisters share theirs."""
    settled: list[Settled] = []
    youngest: dict[str, tuple[date, Settled]] = {}
    for birth in births:
        if birth.twin_of is not None:
            twin = settled[birth.twin_of]
            found = Settled(twin.family, twin.birth_order + 1)
        else:
            older = _parents_of_an_older_child(chance, youngest, birth.day)
            found = Settled(older.family, older.birth_order + 1) if older else _new(chance, village, birth)
        settled.append(found)
        youngest[found.family.key] = (birth.day, found)
    return settled


def _parents_of_an_older_child(
    chance: Random, youngest: Mapping[str, tuple[date, Settled]], born: date
) -> Settled | None:
    possible = [found for day, found in youngest.values() if (born - day).days in NEXT_BIRTH_DAYS]
    return chance.choice(possible) if possible and chance.random() < SHARE_WITH_OLDER_SIBLING else None


def _new(chance: Random, village: Village, birth: Birth) -> Settled:
    order = chance.choices((1, 2, 3, 4, 5), (38, 33, 18, 8, 3))[0]
    noble = chance.random() < village.people.share_of_nobles
    mother_age = min(44.0, chance.gauss(21 + 3.2 * order, 2.8))
    mother_birth = birth.day - timedelta(days=round(365.25 * max(16.0, mother_age)))
    mother_name, father_name = village.couple(chance, noble=noble)
    mother_nik = _mother_nik(chance, village, mother_birth)
    values = _house(chance, village, father_name, mother_birth + timedelta(days=round(365.25 * 19)))
    return Settled(Family(f"f{birth.number:04d}", values, mother_name, mother_nik, father_name, noble), order)


def _mother_nik(chance: Random, village: Village, born: date) -> str | None:
    if chance.random() < 0.04:  # the card was not at hand
        return None
    elsewhere = chance.choice(BORN_ELSEWHERE) if chance.random() < 0.2 else None
    return village.nik(chance, "f", born, elsewhere)


def _house(chance: Random, village: Village, head_name: str, married: date) -> dict[str, Value]:
    dusun, rt = chance.choice(village.dusun), chance.randint(1, 4)
    return {
        "kk_number": village.kk(chance, married) if chance.random() < 0.95 else None,
        "head_name": head_name,
        "phone": f"08000000{chance.randint(0, 9999):04d}" if chance.random() < 0.7 else None,
        "address": f"Dusun {dusun}",
        "dusun": dusun,
        "rt": f"{rt:03d}",
        "rw": f"{1 + village.dusun.index(dusun):03d}",
        "desa_code": village.desa_code,
    }
