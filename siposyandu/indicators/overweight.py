"""Overweight: of the children weighed and measured, how many are too heavy for their length (above +2 SD, obese children too)."""

from siposyandu.i18n import N_
from siposyandu.indicators.indicator import LAST_MONTH, PERMENKES_2_2020, PREVALENCE

CODE = "overweight"
TITLE = N_("Overweight")
SOURCE = PERMENKES_2_2020
NUMERATOR = ("overweight",)
DENOMINATOR = ("whz_measured",)
COUNTED = N_("overweight children")
OUT_OF = N_("children weighed and measured")
KIND = PREVALENCE
OVER_TIME = LAST_MONTH
