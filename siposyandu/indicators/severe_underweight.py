"""Severe underweight: of the children weighed, how many weigh far too little for their age (below -3 SD)."""

from siposyandu.i18n import N_
from siposyandu.indicators.indicator import LAST_MONTH, PERMENKES_2_2020, PREVALENCE

CODE = "severe_underweight"
TITLE = N_("Severe underweight")
SOURCE = PERMENKES_2_2020
NUMERATOR = ("severely_underweight",)
DENOMINATOR = ("waz_measured",)
COUNTED = N_("severely underweight children")
OUT_OF = N_("children with a weight for their age")
KIND = PREVALENCE
OVER_TIME = LAST_MONTH
