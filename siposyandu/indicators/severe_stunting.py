"""Severe stunting: of the children whose length was measured, how many are very short for their age (below -3 SD)."""

from siposyandu.i18n import N_
from siposyandu.indicators.indicator import LAST_MONTH, PERMENKES_2_2020, PREVALENCE

CODE = "severe_stunting"
TITLE = N_("Severe stunting")
SOURCE = PERMENKES_2_2020
NUMERATOR = ("severely_stunted",)
DENOMINATOR = ("haz_measured",)
COUNTED = N_("very short children")
OUT_OF = N_("children whose length was measured")
KIND = PREVALENCE
OVER_TIME = LAST_MONTH
