"""Wasting: of the children weighed and measured, how many are thin for their length (below -2 SD, or swollen with oedema)."""

from siposyandu.i18n import N_
from siposyandu.indicators.indicator import LAST_MONTH, PERMENKES_2_2020, PREVALENCE

CODE = "wasting"
TITLE = N_("Wasting")
SOURCE = PERMENKES_2_2020
NUMERATOR = ("wasted",)
DENOMINATOR = ("whz_measured",)
COUNTED = N_("thin children")
OUT_OF = N_("children weighed and measured")
KIND = PREVALENCE
OVER_TIME = LAST_MONTH
