"""2T/D: of the balita weighed (D), how many have not gained enough weight twice in a row (2T)."""

from siposyandu.i18n import N_
from siposyandu.indicators.indicator import LAST_MONTH, PREVALENCE, SKDN

CODE = "two_t"
TITLE = N_("2T/D: twice not gained")
SOURCE = SKDN
NUMERATOR = ("two_t",)
DENOMINATOR = ("d",)
COUNTED = N_("children who did not gain twice in a row")
OUT_OF = N_("children weighed")
KIND = PREVALENCE
OVER_TIME = LAST_MONTH
