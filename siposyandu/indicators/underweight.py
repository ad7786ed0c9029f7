"""Underweight: of the children weighed, how many weigh too little for their age (below -2 SD)."""

from siposyandu.i18n import N_
from siposyandu.indicators.indicator import LAST_MONTH, PERMENKES_2_2020, PREVALENCE

CODE = "underweight"
TITLE = N_("Underweight")
SOURCE = PERMENKES_2_2020
NUMERATOR = ("underweight",)
DENOMINATOR = ("waz_measured",)
COUNTED = N_("underweight children")
OUT_OF = N_("children with a weight for their age")
KIND = PREVALENCE
OVER_TIME = LAST_MONTH
