"""What one visit says of a child, ready to be shown: categories in words, N or T, reasons to refer, the sentence to say.

The arithmetic was done when the visit was saved (table balita_growth); here it only gets its words.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from forms import Sentence
from siposyandu.growth import advice, classify
from siposyandu.growth.advice import Advice, Reason, Situation
from siposyandu.growth.classify import ACT, GOOD, Category, Status
from siposyandu.growth.faltering import faltering
from siposyandu.growth.kms import Weighing, above_orange_line
from siposyandu.i18n import N_

Row = Mapping[str, Any]
TB_SIGNS = ("tb_cough", "tb_fever", "tb_weight", "tb_contact")
GRAMS_IN_A_KG = 1000


class Finding(NamedTuple):
    """One index: its name, what was measured (kg or cm), its category, and z where there is one."""

    title: str
    measure: float | None
    unit: str
    category: Category
    z: float | None


class Gain(NamedTuple):
    """N, T, O or B in words: `template` with `params` for i18n.say; severity 0 to 3, None without a judgement."""

    letter: str
    template: str
    params: Mapping[str, Any]
    severity: int | None


def findings(visit: Row) -> list[Finding]:
    """Return what could be judged of a visit; an index without a value is left out."""
    length = N_("Length for age (PB/U)") if visit["measured"] == "lying" else N_("Height for age (TB/U)")
    listed = (
        (N_("Weight for age (BB/U)"), "waz", _divided(visit["weight_g"], 1000), "kg"),
        (length, "haz", _divided(visit["length_height_mm"], 10), "cm"),
        (N_("Weight for length or height (BB/TB)"), "whz", None, ""),
        (N_("Head for age (LK/U)"), "hcz", _divided(visit["head_circumference_mm"], 10), "cm"),
        (N_("Upper arm (LiLA)"), "muac", _divided(visit["muac_mm"], 10), "cm"),
    )
    found = [
        Finding(name, measure, unit, classify.BY_CODE[visit[f"{index}_category"]], visit.get(index))
        for name, index, measure, unit in listed
        if visit[f"{index}_category"]
    ]
    swelling = Finding(N_("Swelling of both feet"), None, "", classify.SEVERELY_WASTED, None)
    return [swelling, *found] if _swollen(visit) else found


def gain(visit: Row) -> Gain | None:
    """Say how the weight has changed since last month; None without a weight."""
    if visit["weight_g"] is None:
        return None
    if not visit["counts_weight"]:
        return Gain("", N_("A later weighing of this month is the one that counts."), {}, None)
    letter = visit["gain"]
    if letter == "B":
        return Gain(
            letter, N_("The first weighing: from next month on we see whether the weight rises."), {}, None
        )
    if visit["gain_g"] is None:
        return Gain(letter, N_("Not weighed last month, so we cannot say whether the weight rose."), {}, None)
    return _compared(letter, visit["gain_g"], visit["minimum_gain_g"], visit["gain_override_reason"])


def _compared(letter: str, gain_g: int, minimum_g: int, reason: str | None) -> Gain:
    params = {"gain": amount(abs(gain_g)), "minimum": amount(minimum_g), "reason": reason or ""}
    return Gain(letter, _how(letter, gain_g, minimum_g), params, GOOD if letter == "N" else ACT)


def _how(letter: str, gain_g: int, minimum_g: int) -> str:
    if (letter == "N") != (gain_g >= minimum_g):
        return N_("Judged by the health worker, not by {minimum}: {reason}")
    if letter == "N":
        return N_("Rose {gain} since last month, at least {minimum} were needed.")
    if gain_g > 0:
        return N_("Rose only {gain} since last month, at least {minimum} were needed.")
    if gain_g < 0:
        return N_("Fell {gain} since last month, a rise of at least {minimum} was needed.")
    return N_("Stayed the same since last month, a rise of at least {minimum} was needed.")


def amount(grams: int) -> Sentence:
    """Say a difference of weight in words: grams, from one kilogram on kilograms.

    >>> amount(300), amount(4250)
    ('300 g', '4.25 kg')
    """
    if grams < GRAMS_IN_A_KG:
        return Sentence(N_("{grams} g"), grams=grams)
    return Sentence(N_("{kilograms} kg"), kilograms=(Decimal(grams) / GRAMS_IN_A_KG).normalize())


def slow_gain(person: Row, visits: Sequence[Row]) -> bool:
    """Whether the last of these visits, oldest first, shows a gain below WHO's 5th centile for age and sex."""
    weighed = [visit for visit in visits if visit["weight_g"] is not None and not _swollen(visit)]
    if not weighed or weighed[-1] is not visits[-1]:
        return False
    born = date.fromisoformat(person["birth_date"])
    weighings = [Weighing(date.fromisoformat(visit["visit_date"]), visit["weight_g"]) for visit in weighed]
    if person["birth_weight_g"] is not None:
        weighings.append(Weighing(born, person["birth_weight_g"]))
    return faltering(born, person["sex"], weighings, weighed[-1]["waz"], weighed[-1]["haz"]).slow_gain


def to_say(visit: Row, *, slow: bool = False) -> Advice:
    """Return the one sentence for the mother; `slow` is what `slow_gain` found."""
    return advice.advice(_situation(visit, slow))


def reasons_to_refer(visit: Row, *, slow: bool = False) -> tuple[Reason, ...]:
    """Return why this child should be seen at the pustu or puskesmas; () when there is no reason."""
    return advice.referral_reasons(_situation(visit, slow))


def _situation(visit: Row, slow: bool) -> Situation:
    return Situation(
        age_months=visit["age_months"],
        status=_status(visit),
        gain=visit["gain"],
        two_t=bool(visit["two_t"]),
        below_red_line=bool(visit["below_red_line"]),
        above_orange_line=bool(above_orange_line(visit["waz"])),
        weight_kg=_divided(visit["weight_g"], 1000),
        tb_signs=sum(bool(visit[sign]) for sign in TB_SIGNS),
        development_incomplete=visit["development_checklist"] == "incomplete",
        faltering=slow,
    )


def _status(visit: Row) -> Status:
    named = ("waz_category", "haz_category", "whz_category", "baz_category", "hcz_category", "muac_category")
    arm_cm = _divided(visit["muac_mm"], 10)
    signs = classify.severe_signs(visit["whz"], arm_cm, visit["age_months"], _swollen(visit))
    weight, length, wasting, bmi, head, arm = (classify.BY_CODE.get(visit[column] or "") for column in named)
    return Status(weight, length, wasting, bmi, head, arm, signs)


def _swollen(visit: Row) -> bool:
    """Whether both feet hold a dent: gizi buruk, whatever the scales say."""
    return (visit["oedema"] or "no") != "no"


def _divided(stored: int | None, units: int) -> float | None:
    return None if stored is None else stored / units
