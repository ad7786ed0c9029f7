"""Obesity: of the children weighed and measured, how many are far too heavy for their length (above +3 SD)."""

from siposyandu.i18n import N_
from siposyandu.indicators.indicator import LAST_MONTH, PERMENKES_2_2020, PREVALENCE

CODE = "obesity"
TITLE = N_("Obesity")
SOURCE = PERMENKES_2_2020
NUMERATOR = ("obese",)
DENOMINATOR = ("whz_measured",)
COUNTED = N_("obese children")
OUT_OF = N_("children weighed and measured")
KIND = PREVALENCE
OVER_TIME = LAST_MONTH
