"""The card of a synthetic child: how it was registered, and what became known of it later.

A child born while we watch is registered without name and NIK and gets both after weeks; one never does.
Death, moving away and the fifth birthday end its time at the posyandu.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from siposyandu.demo import faults, names
from siposyandu.demo.families import Birth, Settled, Village
from siposyandu.demo.setting import Setting
from siposyandu.demo.synthetic import Change, Value
from siposyandu.demo.tracks import AtBirth

LEAVING_AGE_YEARS = 5
SMALL_BABY_G = 2500
NAMED_AFTER_DAYS = (35, 110)


@dataclass(frozen=True)
class Leaving:
    """The first day on which the child is no longer of this posyandu, and why (a status of the form)."""

    on: date
    status: str


def leaving(setting: Setting, birth: Birth, fault: str | None) -> Leaving | None:
    """Say when and why a child leaves before the end; None for one that stays."""
    reasons = [Leaving(fifth_birthday(birth.day), "aged_out")]
    if fault == faults.DEATH:
        reasons.append(Leaving(setting.middle(1) + timedelta(days=4), "died"))
    if fault == faults.TRANSFER:
        reasons.append(Leaving(setting.middle(1) + timedelta(days=9), "moved"))
    first = min(reasons, key=lambda reason: reason.on)
    return first if first.on <= setting.end else None


def fifth_birthday(born: date) -> date:
    """Return the day a child is 60 months old; of one born on 29 February, 1 March.

    >>> fifth_birthday(date(2024, 2, 29))
    datetime.date(2029, 3, 1)
    """
    year = born.year + LEAVING_AGE_YEARS
    return date(year, 3, 1) if (born.month, born.day) == (2, 29) else born.replace(year=year)


@dataclass(frozen=True)
class Card:
    """All that decides what a card says."""

    setting: Setting
    village: Village
    birth: Birth
    home: Settled
    fault: str | None
    at_birth: AtBirth
    leaving: Leaving | None

    @property
    def _born_while_we_watch(self) -> bool:
        return self.fault == faults.NO_NIK or self.birth.day > self.setting.days[0]

    def values(self, chance: Random, registered: date) -> dict[str, Value]:
        """Return the columns of the form "person" on the day of registration."""
        home = self.home.family
        address = {name: home.values[name] for name in ("phone", "address", "dusun", "rt", "rw", "desa_code")}
        return {
            "posyandu_since": registered.isoformat(),
            "registered_date": registered.isoformat(),
            "sex": self.birth.sex,
            "birth_date": self.birth.day.isoformat(),
            "mother_name": home.mother_name,
            "mother_nik": home.mother_nik,
            "father_name": home.father_name,
            **address,
            "status": "active",
            "birth_order": self.home.birth_order,
            **self._identity(chance),
            **self._born(chance),
        }

    def _identity(self, chance: Random) -> dict[str, Value]:
        if self._born_while_we_watch:
            of_twins = 1 if self.birth.twin_of is None else 2
            number = of_twins if self.fault == faults.TWINS else None
            unnamed = names.newborn(self.home.family.mother_name, number)
            return {"name": unnamed, "nik": None, "nik_missing_reason": "not_yet"}
        return self._named(chance)

    def _named(self, chance: Random) -> dict[str, Value]:
        name = names.child(chance, self.village.people, self.birth.sex, noble=self.home.family.noble)
        if chance.random() < 0.02:
            return {"name": name, "nik": None, "nik_missing_reason": "not_brought"}
        nik = self.village.nik(chance, self.birth.sex, self.birth.day)
        return {"name": name, "nik": nik, "nik_missing_reason": None}

    def _born(self, chance: Random) -> dict[str, Value]:
        was = self.at_birth
        small = was.weight_g < SMALL_BABY_G
        return {
            "gestation_weeks": was.gestation_weeks,
            "birth_weight_g": was.weight_g,
            "birth_length_mm": was.length_mm,
            "birth_head_circumference_mm": was.head_mm if chance.random() < 0.85 else None,
            "kia_book": int(chance.random() < 0.93),
            "kia_book_small_baby": int(small and chance.random() < 0.7),
            "early_initiation": int(chance.random() < 0.65),
        }

    def changes(self, chance: Random) -> Iterator[Change]:
        """Yield what became known later, in order: name and NIK, then why the child left."""
        named_on = self.birth.day + timedelta(days=chance.randint(*NAMED_AFTER_DAYS))
        until = self.leaving.on if self.leaving else self.setting.end
        if self._born_while_we_watch and self.fault != faults.NO_NIK and named_on < until:
            yield Change(named_on.isoformat(), self._named(chance))
        if self.leaving and not (self.leaving.status == "moved" and self.setting.neighbour):
            day = self.leaving.on.isoformat()
            yield Change(day, {"status": self.leaving.status, "status_date": day})
