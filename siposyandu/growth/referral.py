"""Why a child should be seen at the pustu or puskesmas: every reason of the ILP card, with what to do and what to say.

Source: kartu bantu balita of the ILP (KMK HK.01.07/MENKES/2015/2023): weight not gained, BGM, above the orange line,
any BB/TB or TB/U but the good one, head too small or too large, LiLA red, two of four TB signs, development not
complete. Added: low BB/U and slow gain (weight faltering, KMK 1936/2022), LiLA yellow, and LiLA below 11 cm before
6 months (Buku KIA 2024).
"""

from collections.abc import Mapping
from typing import NamedTuple

from siposyandu.growth import classify
from siposyandu.growth.classify import Category, Sign
from siposyandu.growth.situation import TB_SIGNS_TO_REFER, Situation
from siposyandu.i18n import N_


class Reason(NamedTuple):
    """One reason to refer: the words of the card, what the kader does now, and what she says to the mother."""

    code: str
    label: str
    to_do: str
    to_say: str


TODAY = N_("Come along to the puskesmas today, or call the bidan to come. Write the referral letter.")
THIS_WEEK = N_("Write the referral letter, and ask next week whether they went.")
SAY_SEVERE = N_("Your child needs treatment, and the sooner the better. We go together.")
SAY_THIN = N_("Your child is too thin. At the puskesmas they find out why and give extra food.")
SAY_STUNTED = N_("Your child is short for the age. A doctor can see why; what you feed now still helps.")
SAY_HEAD = N_("The head does not grow as it should. It may be nothing, but a doctor should look.")
SAY_HEAVY = N_("Your child is getting heavy for the height. Small changes at home now are easier than later.")

NOT_GAINING = Reason(
    "not_gaining", N_("Weight did not rise enough"),
    N_("Weigh once more to be sure. Ask about illness and meals, and tell the bidan today."),
    N_("The weight did not rise enough this month. Let the bidan look, so that next month it does."),
)  # fmt: skip
TWO_T = Reason(
    "two_t", N_("Weight did not rise twice running (2T)"), THIS_WEEK,
    N_("Twice now the weight did not rise. At the puskesmas they find out why."),
)  # fmt: skip
BELOW_RED_LINE = Reason(
    "below_red_line", N_("Below the red line (BGM)"), THIS_WEEK,
    N_("The weight is below the red line. Please go this week: they help with food and look for illness."),
)  # fmt: skip
ABOVE_ORANGE_LINE = Reason(
    "above_orange_line", N_("Above the orange line"),
    N_("Measure the height again, and let the bidan compare weight with height."),
    N_("The weight is a little high. The bidan checks whether it fits the height."),
)  # fmt: skip
FALTERING = Reason(
    "faltering", N_("Gained less than 95 of 100 healthy children (weight faltering)"),
    N_("Weigh once more to be sure. Ask about illness, breastfeeding and meals; the puskesmas looks for the cause."),
    N_("The weight rises too slowly. Found early, this is easily mended; please go to the puskesmas this week."),
)  # fmt: skip
TB_SIGNS = Reason(
    "tb_signs", N_("Two or more signs of TB"),
    N_("Tell the puskesmas which signs you saw. Ask who else at home is coughing."),
    N_("Some signs need a check for TB. The check and the medicine cost nothing."),
)  # fmt: skip
DEVELOPMENT = Reason(
    "development", N_("Development checklist not complete"),
    N_("Show the bidan which lines of the checklist were not there."),
    N_("Some skills are not there yet. The bidan shows games that help."),
)  # fmt: skip

OF_CODES: Mapping[str, tuple[str, str]] = {
    classify.SEVERE_WASTING.code: (TODAY, SAY_SEVERE),
    classify.THIN_ARM.code: (TODAY, SAY_SEVERE),
    classify.SWOLLEN_FEET.code: (TODAY, SAY_SEVERE),
    classify.SEVERELY_UNDERWEIGHT.code: (THIS_WEEK, SAY_THIN),
    classify.UNDERWEIGHT.code: (THIS_WEEK, SAY_THIN),
    classify.SEVERELY_STUNTED.code: (THIS_WEEK, SAY_STUNTED),
    classify.STUNTED.code: (THIS_WEEK, SAY_STUNTED),
    classify.SEVERELY_WASTED.code: (TODAY, SAY_SEVERE),
    classify.WASTED.code: (THIS_WEEK, SAY_THIN),
    classify.RISK_OF_OVERWEIGHT.code: (THIS_WEEK, SAY_HEAVY),
    classify.OVERWEIGHT.code: (THIS_WEEK, SAY_HEAVY),
    classify.OBESE.code: (THIS_WEEK, SAY_HEAVY),
    classify.MICROCEPHALY.code: (N_("Measure the head once more, above the eyebrows, then refer."), SAY_HEAD),
    classify.MACROCEPHALY.code: (N_("Measure the head once more, above the eyebrows, then refer."), SAY_HEAD),
    classify.MUAC_SEVERE.code: (TODAY, SAY_SEVERE),
    classify.MUAC_MODERATE.code: (THIS_WEEK, SAY_THIN),
    classify.MUAC_SMALL_BABY.code: (THIS_WEEK, SAY_THIN),
}
"""What to do and what to say for each sign of gizi buruk and each category that is referred."""
SAID_BY_ORANGE_LINE = classify.RISK_OF_EXCESS_WEIGHT


def referral_reasons(situation: Situation) -> tuple[Reason, ...]:
    """Return every reason of the card to refer this child to pustu or puskesmas; () when there is none."""
    ticked = {
        NOT_GAINING: situation.gain == "T",
        TWO_T: situation.two_t,
        BELOW_RED_LINE: situation.below_red_line,
        ABOVE_ORANGE_LINE: situation.above_orange_line,
        FALTERING: situation.faltering,
        TB_SIGNS: situation.tb_signs >= TB_SIGNS_TO_REFER,
        DEVELOPMENT: situation.development_incomplete,
    }
    reasons = [reason for reason, true in ticked.items() if true]
    found: list[Sign | Category] = [*situation.status.severe_signs, *_to_refer(situation)]
    return (*reasons, *(Reason(each.code, each.label, *OF_CODES[each.code]) for each in found))


def _to_refer(situation: Situation) -> list[Category]:
    """List the categories that the card refers: all but the good ones."""
    return [found for found in situation.judged if found and found.severity and found != SAID_BY_ORANGE_LINE]
