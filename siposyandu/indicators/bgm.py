"""BGM/D: of the balita weighed (D), how many lie below the red line of the KMS (BGM)."""

from siposyandu.i18n import N_
from siposyandu.indicators.indicator import LAST_MONTH, PREVALENCE, SKDN

CODE = "bgm"
TITLE = N_("BGM/D: below the red line")
SOURCE = SKDN
NUMERATOR = ("bgm",)
DENOMINATOR = ("d",)
COUNTED = N_("children below the red line")
OUT_OF = N_("children weighed")
KIND = PREVALENCE
OVER_TIME = LAST_MONTH
