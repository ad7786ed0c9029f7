"""IKDA, the index of the quality of anthropometric data: nine indicators in four domains, and their mean.

Source: Riyanto, Lazuardi and Purwaningrum (Universitas Gadjah Mada 2023; Media Kesehatan Masyarakat Indonesia), nine
indicators agreed by experts (Delphi) for e-PPGBM, tried in Kabupaten Magelang: IKDA 85.8. Its abstracts name the four
domains and the subjects of the indicators. They do not print the nine, their formulas or their weights, so three things
here are ours and must be checked against the paper by whoever has it:

* the nine are the six named subjects with digit preference told for weight and length, and z for three indices;
* digit preference is the index of dissimilarity (Magelang: 24.2 for weight, 62.8 for height), its goodness 100 minus it;
* every indicator weighs the same. Nothing contradicts it: with Magelang's figures and the others near 100 the mean is
  85.8 when its stunting is 63 % of the survey's, and the abstract says it "does not come near 80 %".
"""

from collections.abc import Mapping
from typing import NamedTuple

from siposyandu.growth.quality.counts import Counts
from siposyandu.growth.quality.reading import Reading, Share
from siposyandu.i18n import N_

REPRESENTATION = N_("Representation")
COMPLETENESS = N_("Completeness")
ACCURACY = N_("Accuracy")
EXTERNAL = N_("Agreement with a survey")
NINE = 9


class Indicator(NamedTuple):
    """One of the nine: its domain, title, and goodness from 0 to 100; None when it cannot be told."""

    code: str
    domain: str
    title: str
    percent: float | None


class Register(NamedTuple):
    """What the register says beside the measurements: expected (S), weighed (D), how many look entered twice.

    `stunting_percent` is the register's own, `survey_percent` that of a survey (SSGI, SKI) of the same area.
    """

    expected: int
    weighed: int
    doubles: int
    stunting_percent: float | None = None
    survey_percent: float | None = None


class Ikda(NamedTuple):
    """The nine and their mean over those that could be told."""

    indicators: tuple[Indicator, ...]

    @property
    def known(self) -> int:
        """How many of the nine could be told."""
        return sum(each.percent is not None for each in self.indicators)

    @property
    def score(self) -> float | None:
        """The mean of those, 0 to 100; None when none could."""
        told = [each.percent for each in self.indicators if each.percent is not None]
        return sum(told) / len(told) if told else None


def ikda(counts: Counts, register: Register) -> Ikda:
    """Return the nine indicators of a group."""
    percents = _percents(counts, register)
    return Ikda(tuple(Indicator(code, *INDICATORS[code], percents[code]) for code in INDICATORS))


INDICATORS: Mapping[str, tuple[str, str]] = {
    "coverage": (REPRESENTATION, N_("Children who came, of those expected (D/S)")),
    "not_double": (REPRESENTATION, N_("Children who stand only once in the register")),
    "complete": (COMPLETENESS, N_("Visits with weight, length and position")),
    "weight_digits": (ACCURACY, N_("Last digit of the weight")),
    "length_digits": (ACCURACY, N_("Last digit of the length or height")),
    "waz_plausible": (ACCURACY, N_("Possible weight for age")),
    "haz_plausible": (ACCURACY, N_("Possible length for age")),
    "whz_plausible": (ACCURACY, N_("Possible weight for length")),
    "external": (EXTERNAL, N_("Stunting beside that of the survey")),
}


def _percents(counts: Counts, register: Register) -> dict[str, float | None]:
    return {
        "coverage": Share(register.weighed, register.expected, 1).percent,
        "not_double": _rest(Share(register.doubles, register.expected, 1).percent),
        "complete": _rest(Share(counts.gaps, counts.visits, 1).percent),
        "weight_digits": _rest_of(counts.weight_digits.dissimilarity),
        "length_digits": _rest_of(counts.length_digits.dissimilarity),
        "waz_plausible": _rest(counts.waz.flags.percent),
        "haz_plausible": _rest(counts.haz.flags.percent),
        "whz_plausible": _rest(counts.whz.flags.percent),
        "external": _agreement(register.stunting_percent, register.survey_percent),
    }


def _rest(percent: float | None) -> float | None:
    return None if percent is None else 100 - percent


def _rest_of(found: Reading) -> float | None:
    return _rest(found.value)


def _agreement(ours: float | None, theirs: float | None) -> float | None:
    """Return the smaller as a percentage of the larger: 100 when register and survey say the same."""
    if ours is None or theirs is None or not max(ours, theirs):
        return None
    return 100 * min(ours, theirs) / max(ours, theirs)
