"""N/D': of the balita weighed this month and last month (D' = N + T), how many gained enough (N)."""

from siposyandu.i18n import N_
from siposyandu.indicators.indicator import CHILD_MONTHS, PREVALENCE, SKDN

CODE = "nd"
TITLE = N_("N/D': weight gained")
SOURCE = SKDN
NUMERATOR = ("n",)
DENOMINATOR = ("n", "t")
COUNTED = N_("children who gained enough weight")
OUT_OF = N_("children weighed this month and last month")
KIND = PREVALENCE
OVER_TIME = CHILD_MONTHS
