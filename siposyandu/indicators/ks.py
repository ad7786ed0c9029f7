"""K/S: of the balita registered (S), how many have a KIA book (K)."""

from siposyandu.i18n import N_
from siposyandu.indicators.indicator import COVERAGE, LAST_MONTH, SKDN

CODE = "ks"
TITLE = N_("K/S: has a KIA book")
SOURCE = SKDN
NUMERATOR = ("k",)
DENOMINATOR = ("s",)
COUNTED = N_("children with a KIA book")
OUT_OF = N_("registered children")
KIND = COVERAGE
OVER_TIME = LAST_MONTH
