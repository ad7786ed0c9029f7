"""What else happens at a synthetic visit: vaccines, vitamin A, worm medicine, feeding, illness, referral.

Schedules as in domain use: KMK 2015/2023; vitamin A in February and August from 6 months; worm medicine in August.
"""

from dataclasses import dataclass, field
from datetime import date
from random import Random

from siposyandu.demo.synthetic import Value
from siposyandu.demo.tracks import Point

# Months of age from which each vaccine is due (hepatitis B 0 is given at birth, not here).
SCHEDULE = {
    "bcg": 0, "opv1": 0,
    "dpt1": 2, "opv2": 2, "rv1": 2, "pcv1": 2,
    "dpt2": 3, "opv3": 3, "rv2": 3, "pcv2": 3,
    "dpt3": 4, "opv4": 4, "rv3": 4, "ipv1": 4,
    "mr1": 9, "ipv2": 9, "pcv3": 12, "dpt4": 18, "mr2": 18,
}  # fmt: skip
# Three drops of rotavirus vaccine come before eight months or not at all.
ROTAVIRUS = ("rv1", "rv2", "rv3")
ROTAVIRUS_UNTIL_MONTHS = 8
CAPSULE_MONTHS = (2, 8)
DEWORMING_MONTH = 8
ILLNESSES = ("cough", "fever", "diarrhoea", "cough,fever", "diarrhoea,poor_appetite", "poor_appetite", "rash")
TOPICS_BY_MONTHS = (
    (0, ("ASI eksklusif sampai 6 bulan", "Imunisasi dasar lengkap")),
    (6, ("MP-ASI dengan protein hewani setiap hari", "Telur satu butir sehari", "Cuci tangan pakai sabun")),
    (24, ("Makanan beragam", "Sikat gigi dua kali sehari", "PAUD dan bermain bersama", "PHBS di rumah")),
)  # fmt: skip


@dataclass
class Care:
    """One child's habits at home and the vaccines it has had so far."""

    exclusive_months: int
    mother_class: int
    free_meals: int
    received: set[str] = field(default_factory=set)

    @classmethod
    def begun(cls, chance: Random, age_months: int) -> "Care":
        """Draw a child's habits; what was due before its first visit here it mostly had."""
        exclusive_months = chance.choices((0, 2, 4, 6), (10, 12, 13, 65))[0]
        had = {code for code, due in SCHEDULE.items() if due < age_months and chance.random() < 0.95}
        return cls(exclusive_months, int(chance.random() < 0.3), int(chance.random() < 0.4), had)


def given(chance: Random, care: Care, day: date, age_months: int, point: Point) -> dict[str, Value]:
    """Return what a visit's form says beside the measures, and remember today's vaccines in `care`."""
    ill = chance.choice(ILLNESSES) if point.ill else None
    topics = next(topics for first, topics in reversed(TOPICS_BY_MONTHS) if first <= age_months)
    return {
        "development_checklist": "complete" if chance.random() < 0.94 else "incomplete",
        **dict.fromkeys(("tb_fever", "tb_weight", "tb_contact"), 0),
        "tb_cough": int(ill is not None and "cough" in ill and chance.random() < 0.1),
        **_feeding(chance, care, age_months),
        **_vaccines(chance, care, age_months),
        **_capsules(chance, day.month, age_months),
        **_food(point),
        "counselling": chance.choice(topics),
        "illness": ill,
        "referral": _referral(point),
        "mother_class": care.mother_class,
        "mbg": care.free_meals if age_months >= 6 else 0,
    }


def _feeding(chance: Random, care: Care, age_months: int) -> dict[str, Value]:
    if age_months <= 6:
        only_milk = int(age_months < care.exclusive_months or (age_months == 0 and chance.random() < 0.7))
        milk: dict[str, Value] = {f"breastfed_month_{age_months}": only_milk}
        return milk | ({"exclusive_breastfeeding": only_milk} if age_months < 6 else _solids(chance))
    return _solids(chance) if age_months < 24 else {}


def _solids(chance: Random) -> dict[str, Value]:
    return {"complementary_feeding": int(chance.random() < 0.75)}


def _vaccines(chance: Random, care: Care, age_months: int) -> dict[str, Value]:
    due = {code for code, months in SCHEDULE.items() if months <= age_months} - care.received
    if age_months >= ROTAVIRUS_UNTIL_MONTHS:
        due -= set(ROTAVIRUS)
    today = {code for code in sorted(due) if chance.random() < 0.85}
    care.received |= today
    return {
        "immunisations": ",".join(sorted(today)) or None,
        "immunisation_complete": int(not due - today),
    }


def _capsules(chance: Random, month: int, age_months: int) -> dict[str, Value]:
    values: dict[str, Value] = {}
    if month in CAPSULE_MONTHS and age_months >= 6:
        values["vitamin_a"] = int(chance.random() < 0.96)
    if month == DEWORMING_MONTH and age_months >= 12:
        values["deworming"] = int(chance.random() < 0.92)
    return values


def _food(point: Point) -> dict[str, Value]:
    if point.whz >= -2:
        return {"local_food": 0}
    return {"local_food": 1, "local_food_portion": "1 porsi, habis"}


def _referral(point: Point) -> str:
    if point.oedema != "no":
        return "hospital"
    if point.whz < -3 or point.haz < -3:
        return "puskesmas"
    return "pustu" if point.whz < -2 else "none"
