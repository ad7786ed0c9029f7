"""What the kader says to the mother, in one sentence; why a child should be referred stands in referral.py.

The most serious thing comes first and alone: a mother remembers one sentence.
"""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from siposyandu.growth import classify
from siposyandu.growth.classify import ACT, GOOD, URGENT, WATCH, Category
from siposyandu.growth.referral import Reason, referral_reasons
from siposyandu.growth.situation import TB_SIGNS_TO_REFER, Situation
from siposyandu.i18n import N_

__all__ = ["Advice", "Reason", "Situation", "advice", "referral_reasons"]

HOSPITAL_UNDER_MONTHS = 6
HOSPITAL_UNDER_KG = 4.0
"""Gizi buruk under 6 months, or from 6 months on below 4 kg, is treated in hospital (KMK 2015/2023)."""


class Advice(NamedTuple):
    """The sentence to say (`template` with `params`, for i18n.say) and its severity 0 to 3, for the colour."""

    code: str
    template: str
    params: Mapping[str, Any]
    severity: int


BREASTFEED = N_("Breastfeed more often, day and night.")
FEED = N_("Give egg, fish or chicken at every meal.")


def advice(situation: Situation) -> Advice:
    """Return the one sentence to say: that of the first rule that fits, danger signs first."""
    food = BREASTFEED if situation.age_months < HOSPITAL_UNDER_MONTHS else FEED
    code, template, severity = next(
        (code, template, severity) for code, severity, fits, template in RULES if fits(situation)
    )
    return Advice(code, template, {"food": food}, severity)


def _hospital(it: Situation) -> bool:
    small = it.weight_kg is not None and it.weight_kg < HOSPITAL_UNDER_KG
    return bool(it.status.severe_signs) and (it.age_months < HOSPITAL_UNDER_MONTHS or small)


def _found(*categories: Category) -> Callable[[Situation], bool]:
    def fits(it: Situation) -> bool:
        return any(category in it.judged for category in categories)

    return fits


RULES: tuple[tuple[str, int, Callable[[Situation], bool], str], ...] = (
    ("hospital", URGENT, _hospital,
     N_("This baby needs a doctor today. Please go to the hospital; we will help you with the letter.")),
    ("severe", URGENT, lambda it: bool(it.status.severe_signs),
     N_("This child needs treatment soon. Please come with us to the puskesmas today.")),
    ("tb", ACT, lambda it: it.tb_signs >= TB_SIGNS_TO_REFER,
     N_("Some signs need a check for TB. Please take the child to the puskesmas this week.")),
    ("wasted", ACT, _found(classify.WASTED, classify.MUAC_MODERATE),
     N_("This child is too thin. {food} Please go to the puskesmas this week.")),
    ("below_red_line", ACT, lambda it: it.below_red_line,
     N_("The weight is below the red line. {food} Please go to the puskesmas this week.")),
    ("two_t", ACT, lambda it: it.two_t,
     N_("The weight has not risen twice running. {food} Please have the child checked at the puskesmas this week.")),
    ("severely_stunted", ACT, _found(classify.SEVERELY_STUNTED),
     N_("This child is much too short for the age. {food} The doctor at the puskesmas should see the child.")),
    ("underweight", ACT, _found(classify.SEVERELY_UNDERWEIGHT, classify.UNDERWEIGHT),
     N_("The weight is low for the age. {food} Please have the child checked at the pustu or puskesmas.")),
    ("small_arm", ACT, _found(classify.MUAC_SMALL_BABY),
     N_("The baby's arm is thin. {food} Please have the baby checked at the puskesmas this week.")),
    ("faltering", ACT, lambda it: it.faltering,
     N_("The weight rises too slowly. {food} Please go to the puskesmas this week, so that we find out why.")),
    ("not_gaining", ACT, lambda it: it.gain == "T",
     N_("The weight has not risen enough this month. {food} Please ask the bidan to check the child.")),
    ("stunted", ACT, _found(classify.STUNTED),
     N_("This child is short for the age. {food} The doctor at the puskesmas should see the child.")),
    ("head", ACT, _found(classify.MICROCEPHALY, classify.MACROCEPHALY),
     N_("The size of the head needs a check. Please take the child to the puskesmas.")),
    ("overweight", ACT, _found(classify.OBESE, classify.OVERWEIGHT),
     N_("The weight is too much for the height. No sweet drinks, more play; please go to the puskesmas.")),
    ("development", ACT, lambda it: it.development_incomplete,
     N_("Some skills are not there yet. Play and talk often, and ask the bidan to check.")),
    ("risk_of_overweight", WATCH, _found(classify.RISK_OF_OVERWEIGHT),
     N_("The weight is getting a little high. No sweet drinks or snacks; play outside every day.")),
    ("above_orange_line", WATCH, lambda it: it.above_orange_line,
     N_("The weight is above the orange line. Please ask the bidan to check it against the height.")),
    ("first", GOOD, lambda it: it.gain == "B",
     N_("Welcome! Come every month, so that we see the child grow together.")),
    ("missed", WATCH, lambda it: it.gain == "O",
     N_("Good that you came again. Come every month, so that we see whether the weight rises.")),
    ("gaining", GOOD, lambda it: it.gain == "N",
     N_("The weight has risen, well done! Go on like this and come again next month.")),
    ("thanks", GOOD, lambda it: True,
     N_("Thank you for coming. Please come again next month.")),
)  # fmt: skip
"""Code, severity, whether it fits, sentence: the first that fits is said; the last always fits."""
