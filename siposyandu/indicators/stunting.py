"""Stunting: of the children whose length was measured, how many are short for their age (below -2 SD)."""

from siposyandu.i18n import N_
from siposyandu.indicators.indicator import LAST_MONTH, PERMENKES_2_2020, PREVALENCE

CODE = "stunting"
TITLE = N_("Stunting")
SOURCE = PERMENKES_2_2020
NUMERATOR = ("stunted",)
DENOMINATOR = ("haz_measured",)
COUNTED = N_("short children")
OUT_OF = N_("children whose length was measured")
KIND = PREVALENCE
OVER_TIME = LAST_MONTH
