"""The one sentence for the mother: danger signs first; and every reason of the referral card."""

from typing import Any

import pytest

from siposyandu.growth import classify
from siposyandu.growth.advice import RULES, Situation, advice, referral_reasons
from siposyandu.growth.classify import Status
from siposyandu.growth.referral import OF_CODES, SAID_BY_ORANGE_LINE
from siposyandu.i18n import say, speak

WELL = Status(
    classify.NORMAL_WEIGHT, classify.NORMAL_LENGTH, classify.WELL_NOURISHED, classify.WELL_NOURISHED,
    classify.NORMAL_HEAD, classify.MUAC_NORMAL, (),
)  # fmt: skip
SEVERE = {"weight_for_length": classify.SEVERELY_WASTED, "severe_signs": (classify.SEVERE_WASTING,)}


@pytest.fixture
def _english() -> None:
    speak("en")


def _at(age_months: int = 15, *, status: dict[str, Any] | None = None, **found: Any) -> Situation:
    return Situation(age_months, WELL._replace(**(status or {})), **found)


# In the order of priority: each also has what all later ones have, and must still say its own.
FROM_WORST = [
    ("hospital", {"weight_kg": 3.9, "status": SEVERE}),
    ("severe", {"status": SEVERE}),
    ("tb", {"tb_signs": 2}),
    ("wasted", {"status": {"weight_for_length": classify.WASTED}}),
    ("below_red_line", {"below_red_line": True}),
    ("two_t", {"two_t": True}),
    ("severely_stunted", {"status": {"length_for_age": classify.SEVERELY_STUNTED}}),
    ("underweight", {"status": {"weight_for_age": classify.UNDERWEIGHT}}),
    ("small_arm", {"status": {"muac": classify.MUAC_SMALL_BABY}}),
    ("faltering", {"faltering": True}),
    ("not_gaining", {"gain": "T"}),
    ("stunted", {"status": {"length_for_age": classify.STUNTED}}),
    ("head", {"status": {"head_for_age": classify.MICROCEPHALY}}),
    ("overweight", {"status": {"weight_for_length": classify.OVERWEIGHT}}),
    ("development", {"development_incomplete": True}),
    ("risk_of_overweight", {"status": {"weight_for_length": classify.RISK_OF_OVERWEIGHT}}),
    ("above_orange_line", {"above_orange_line": True}),
    ("first", {"gain": "B"}),
    ("missed", {"gain": "O"}),
    ("gaining", {"gain": "N"}),
    ("thanks", {}),
]


@pytest.mark.parametrize(("code", "found"), FROM_WORST)
def test_each_finding_has_its_sentence(code: str, found: dict[str, Any]) -> None:
    assert advice(_at(**found)).code == code


@pytest.mark.parametrize("rank", range(len(FROM_WORST)))
def test_the_most_serious_finding_is_said(rank: int) -> None:
    together: dict[str, Any] = {"status": {}}
    for _, found in reversed(FROM_WORST[rank:]):
        together["status"] = together["status"] | found.get("status", {})
        together |= {name: value for name, value in found.items() if name != "status"}
    assert advice(_at(**together)).code == FROM_WORST[rank][0]


def test_the_rules_stand_in_the_order_of_priority() -> None:
    assert [rule[0] for rule in RULES] == [code for code, _ in FROM_WORST]


def test_a_swollen_baby_under_six_months_goes_to_hospital() -> None:
    assert advice(_at(5, status={"severe_signs": (classify.SWOLLEN_FEET,)})).code == "hospital"


@pytest.mark.usefixtures("_english")
@pytest.mark.parametrize(
    ("age_months", "words"), [(5, "Breastfeed more often"), (6, "Give egg, fish or chicken")]
)
def test_the_food_advised_is_that_of_the_age(age_months: int, words: str) -> None:
    assert words in say(advice(_at(age_months, gain="T")))


def test_a_thin_arm_counts_as_too_thin() -> None:
    assert advice(_at(status={"muac": classify.MUAC_MODERATE})).code == "wasted"


def test_bmi_alone_says_nothing_because_weight_for_length_says_it() -> None:
    situation = _at(status={"bmi_for_age": classify.WASTED})
    assert (advice(situation).code, referral_reasons(situation)) == ("thanks", ())


def test_a_well_child_has_no_reason_to_be_referred() -> None:
    assert referral_reasons(_at(gain="N", tb_signs=1)) == ()


def test_every_reason_of_the_card_is_listed() -> None:
    status = {
        "weight_for_age": classify.SEVERELY_UNDERWEIGHT, "length_for_age": classify.STUNTED,
        "head_for_age": classify.MACROCEPHALY, "muac": classify.MUAC_SEVERE, **SEVERE,
    }  # fmt: skip
    ticked = {
        "two_t": True,
        "below_red_line": True,
        "tb_signs": 3,
        "development_incomplete": True,
        "faltering": True,
    }
    assert [reason.code for reason in referral_reasons(_at(status=status, gain="T", **ticked))] == [
        "not_gaining", "two_t", "below_red_line", "faltering", "tb_signs", "development", "severe_wasting",
        "severely_underweight", "stunted", "severely_wasted", "macrocephaly", "muac_severe",
    ]  # fmt: skip


def test_the_orange_line_is_one_reason_not_two() -> None:
    situation = _at(status={"weight_for_age": classify.RISK_OF_EXCESS_WEIGHT}, above_orange_line=True)
    assert [reason.code for reason in referral_reasons(situation)] == ["above_orange_line"]


def test_every_category_that_is_referred_says_what_to_do_and_what_to_say() -> None:
    good = {category.code for category in classify.ALL if not category.severity}
    signs = {classify.SEVERE_WASTING.code, classify.THIN_ARM.code, classify.SWOLLEN_FEET.code}
    not_on_this_card = {SAID_BY_ORANGE_LINE.code, "severely_thin", "thin"}  # the latter are of 5 to 18 years
    wanted = {category.code for category in classify.ALL} - good - not_on_this_card | signs
    assert set(OF_CODES) == wanted


def test_a_reason_carries_a_sentence_for_the_kader_and_one_for_the_mother() -> None:
    reasons = referral_reasons(_at(gain="T", status={"length_for_age": classify.STUNTED}))
    assert [(reason.to_do[:5], reason.to_say[:10]) for reason in reasons] == [
        ("Weigh", "The weight"),
        ("Write", "Your child"),
    ]
