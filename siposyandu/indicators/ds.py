"""D/S: of the balita registered (S), how many were weighed this month (D)."""

from siposyandu.i18n import N_
from siposyandu.indicators.indicator import CHILD_MONTHS, COVERAGE, SKDN

CODE = "ds"
TITLE = N_("D/S: weighed")
SOURCE = SKDN
NUMERATOR = ("d",)
DENOMINATOR = ("s",)
COUNTED = N_("children weighed")
OUT_OF = N_("registered children")
KIND = COVERAGE
OVER_TIME = CHILD_MONTHS
