"""What a group's figures say in plain words: one sentence for each weak point, and what to do about it.

The first sentence is for whoever looks after several posyandu; the second, gentler one for the kader herself, about
her own measurements. Nothing is said of figures with too few measurements, and nothing that chance may have done.
"""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from siposyandu.growth.classify import ACT, WATCH
from siposyandu.growth.quality.ages import Ages
from siposyandu.growth.quality.chance import at_least_p
from siposyandu.growth.quality.counts import Counts, Index
from siposyandu.growth.quality.digits import Digits
from siposyandu.growth.quality.reading import Reading, Share
from siposyandu.i18n import N_

FLAGS_ABOVE_PERCENT = 1.0
SD_ABOVE: Mapping[str, float] = {"haz": 1.5, "waz": 1.4, "whz": 1.4}
"""WHO and UNICEF 2019 as growth.md 7 tells it: larger spreads say more of careless measuring than of the children."""
SD_BELOW = 0.8
"""Children of one posyandu differ more than this; too alike looks written without measuring."""
SLIPS_ABOVE_PERCENT = 5.0
COPIED_BY_CHANCE, COPIED_ABOVE_PERCENT = 0.02, 10.0
"""Weight and length both unchanged after a month: about 2 in 100 older children (two honest readings that agree)."""
CHANCE = 0.01
RATIO_P_BELOW = 0.001
"""SMART calls a ratio problematic from here on."""


class Remark(NamedTuple):
    """A weak point: code, sentence (`template` with `params`, for i18n.say), the kader's own sentence, severity."""

    code: str
    template: str
    to_kader: str
    params: Mapping[str, int | str]
    severity: int = WATCH

    @property
    def gentle(self) -> "Remark":
        """The same point as it is said to the kader herself."""
        return self._replace(template=self.to_kader)


def remarks(counts: Counts) -> list[Remark]:
    """Return the weak points of a group, the weightiest first; an empty list when there is none to see."""
    found = [remark for look in LOOKS for remark in look(counts)]
    return sorted(found, key=lambda remark: -remark.severity)


def _lengths(counts: Counts) -> list[Remark]:
    return _digits("length_digits", counts.length_digits,
        N_("{percent} of 100 heights end in .{digits}: practise reading to 0.1 cm."),
        N_("{percent} of 100 of your heights end in .{digits}. Read the small lines too, such as 84.3 cm."),
    )  # fmt: skip


def _weights(counts: Counts) -> list[Remark]:
    return _digits("weight_digits", counts.weight_digits,
        N_("{percent} of 100 weights end in .{digits}: practise reading to 0.1 kg."),
        N_("{percent} of 100 of your weights end in .{digits}. Read the small lines too, such as 7.8 kg."),
    )  # fmt: skip


def _digits(code: str, digits: Digits, template: str, to_kader: str) -> list[Remark]:
    if not digits.heaped:
        return []
    zero, both = digits.zero, digits.zero_or_five
    mostly_zero = zero.part >= 2 * (both.part - zero.part)
    share, ending = (zero, "0") if mostly_zero else (both, N_("0/.5"))
    params: dict[str, int | str] = {"percent": _percent(share), "digits": ending}
    return [Remark(code, template, to_kader, params, ACT if (both.percent or 0) >= 50 else WATCH)]


def _flags(counts: Counts) -> list[Remark]:
    shares = [getattr(counts, name).flags for name in ("haz", "waz", "whz")]
    worst = max(shares, key=lambda share: share.part)
    if not worst.part or 100 * worst.part <= FLAGS_ABOVE_PERCENT * worst.whole:
        return []
    return [Remark(
        "flags",
        N_("{part} of {whole} results can hardly be true: measure these children again and check their birth dates."),
        N_("{part} of {whole} results can hardly be true. Measure again together, and check the birth date."),
        {"part": worst.part, "whole": worst.whole}, ACT,
    )]  # fmt: skip


def _spreads(counts: Counts) -> list[Remark]:
    indices: dict[str, Index] = {"haz": counts.haz, "waz": counts.waz, "whz": counts.whz}
    sds = {name: index.kept.sd for name, index in indices.items()}
    if any(sd.value is not None and _surely_above(sd, SD_ABOVE[name]) for name, sd in sds.items()):
        return [Remark(
            "too_different",
            N_("The results differ more than children do: look at how weight and length are measured, and at the birth dates."),
            N_("Your results differ much from each other. Ask a colleague to measure with you next time."), {},
        )]  # fmt: skip
    if any(sd.value is not None and _surely_below(sd, SD_BELOW) for sd in sds.values()):
        return [Remark(
            "too_alike",
            N_("The results are more alike than children are: watch whether every child is really measured."),
            N_("Your results are very much alike. Measure every child anew, each by herself."), {}, ACT,
        )]  # fmt: skip
    return []


def _positions(counts: Counts) -> list[Remark]:
    found = []
    if counts.impossible_position.part:
        found.append(Remark(
            "impossible_position",
            N_("{part} measured standing before 9 months: these children cannot stand yet."),
            N_("{part} measured standing before 9 months. Let children of that age lie on the board."),
            _params(counts.impossible_position), ACT,
        ))  # fmt: skip
    if _often(counts.wrong_position):
        found.append(Remark(
            "wrong_position",
            N_("{percent} of 100 were measured in the wrong position: lying below 24 months, standing from 24 months on."),
            N_("{percent} of 100 were measured in the wrong position. Below 24 months lying, from then on standing."),
            _params(counts.wrong_position),
        ))  # fmt: skip
    return found


def _copies(counts: Counts) -> list[Remark]:
    share = counts.copied
    unlikely = at_least_p(share.part, share.whole, COPIED_BY_CHANCE) < CHANCE
    if share.percent is None or share.percent < COPIED_ABOVE_PERCENT or not unlikely:
        return []
    return [Remark(
        "copied",
        N_("{part} of {whole} have exactly last month's weight and length: make sure that they are measured anew."),
        N_("{part} of {whole} have exactly last month's weight and length. Measure first, look at the book afterwards."),
        _params(share), ACT,
    )]  # fmt: skip


def _missing(counts: Counts) -> list[Remark]:
    kinds = (
        ("missing_weight", counts.missing_weight,
         N_("{percent} of 100 have no weight: is the scale in order?"),
         N_("{percent} of 100 have no weight. Tell the bidan when the scale does not work.")),
        ("missing_length", counts.missing_length,
         N_("{percent} of 100 have no length or height: is there a board, and time to use it?"),
         N_("{percent} of 100 have no height. Ask for a second person at the board.")),
        ("missing_position", counts.missing_position,
         N_("{percent} of 100 heights do not say lying or standing."),
         N_("{percent} of 100 heights do not say lying or standing. Tick it each time.")),
    )  # fmt: skip
    return [
        Remark(code, template, to_kader, _params(share))
        for code, share, template, to_kader in kinds
        if _often(share)
    ]


def _birth_dates(counts: Counts) -> list[Remark]:
    ages: Ages = counts.ages
    if not ages.heaped:
        return []
    return [Remark(
        "birth_dates",
        N_("{percent} of 100 birth dates are the 1st or 15th: copy them from the KIA book or the birth certificate."),
        N_("{percent} of 100 birth dates are the 1st or 15th. Copy them from the KIA book or the birth certificate."),
        _params(ages.guessed_days),
    )]  # fmt: skip


def _ratios(counts: Counts) -> list[Remark]:
    kinds = (
        ("sexes", counts.sexes.p, {"boys": counts.sexes.first, "girls": counts.sexes.second},
         N_("{boys} boys and {girls} girls came: too unequal for chance. Who stays at home?"),
         N_("{boys} boys and {girls} girls came. Who stays at home?")),
        ("age_groups", counts.age_groups.p, {"young": counts.age_groups.first, "old": counts.age_groups.second},
         N_("{young} children of 6 to 29 months and {old} of 30 to 59 came: one group stays away, or ages are wrong."),
         N_("{young} children of 6 to 29 months and {old} of 30 to 59 came. Invite those who stay away.")),
    )  # fmt: skip
    return [
        Remark(code, template, to_kader, params)
        for code, p, params, template, to_kader in kinds
        if p.value is not None and p.value < RATIO_P_BELOW
    ]


Look = Callable[[Counts], list[Remark]]
LOOKS: tuple[Look, ...] = (
    _flags, _copies, _positions, _lengths, _weights, _spreads, _missing, _birth_dates, _ratios,
)  # fmt: skip


def _often(share: Share) -> bool:
    return share.percent is not None and share.percent > SLIPS_ABOVE_PERCENT


def _params(share: Share) -> dict[str, int | str]:
    return {"part": share.part, "whole": share.whole, "percent": _percent(share)}


def _percent(share: Share) -> int:
    return round(100 * share.part / share.whole) if share.whole else 0


def _surely_above(sd: Reading, limit: float) -> bool:
    """Whether an SD is above a limit by more than its own error, about value / sqrt(2 n), doubled."""
    return sd.value is not None and sd.value * (1 - 2 / (2 * sd.whole) ** 0.5) > limit


def _surely_below(sd: Reading, limit: float) -> bool:
    return sd.value is not None and sd.value * (1 + 2 / (2 * sd.whole) ** 0.5) < limit
