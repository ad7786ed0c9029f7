"""Severe wasting: of the children weighed and measured, how many are very thin for their length (below -3 SD) or have oedema."""

from siposyandu.i18n import N_
from siposyandu.indicators.indicator import LAST_MONTH, PERMENKES_2_2020, PREVALENCE

CODE = "severe_wasting"
TITLE = N_("Severe wasting")
SOURCE = PERMENKES_2_2020
NUMERATOR = ("severely_wasted",)
DENOMINATOR = ("whz_measured",)
COUNTED = N_("very thin children")
OUT_OF = N_("children weighed and measured")
KIND = PREVALENCE
OVER_TIME = LAST_MONTH
