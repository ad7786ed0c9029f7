"""The prevalence table: a line for each group, in WHO's column names (anthro_prevalence).

HAZ_pop is the summed weight of the children with a usable height-for-age, HAZ_unwpop their number; HA_2_r the percentage
below -2 SD, _se its standard error, _ll and _ul its 95 % limits; HA_r the mean z, HA_stdev its SD. The same for WA
(weight), BMI and WH (weight for length), and two combined: stunted and wasted, stunted and overweight.
A group without children has 0 and blanks.
"""

from collections.abc import Iterator, Sequence

from siposyandu.growth.survey import mean_limits, proportion_limits
from siposyandu.growth.survey_estimates import (
    CUTS,
    INDICES,
    STUNTED_AND_HEAVY,
    STUNTED_AND_WASTED,
    Estimate,
    Group,
)
from siposyandu.growth.survey_sample import Sample

POPULATIONS = {"HA": "HAZ", "WA": "WAZ", "BMI": "BMIZ", "WH": "WHZ"}
LIMITS = ("_r", "_se", "_ll", "_ul")
PERCENT = 100

Cell = str | float | int | None
Line = dict[str, Cell]


def table(sample: Sample, groups: Sequence[Group]) -> list[Line]:
    """Return the lines of the table, in the order of the sample's groups."""
    return [
        {"Group": label} | dict(_cells(group, sample.degrees))
        for label, group in zip(sample.labels, groups, strict=True)
    ]


def _cells(group: Group, degrees: int) -> Iterator[tuple[str, float | int | None]]:
    for index in INDICES:
        yield from _population(POPULATIONS[index], group[index + CUTS[0].name])
        for cut in CUTS:
            yield from _share(index + cut.name, group[index + cut.name], degrees)
        yield from _mean(index, group[index], degrees)
    yield from _population(STUNTED_AND_WASTED, group[STUNTED_AND_WASTED])
    yield from _share(STUNTED_AND_WASTED, group[STUNTED_AND_WASTED], degrees)
    yield from _share(STUNTED_AND_HEAVY, group[STUNTED_AND_HEAVY], degrees)


def _population(name: str, counted: Estimate) -> Iterator[tuple[str, float | int | None]]:
    yield f"{name}_pop", counted.weight
    yield f"{name}_unwpop", counted.children


def _share(name: str, share: Estimate, degrees: int) -> Iterator[tuple[str, float | None]]:
    """Four numbers in percent; without degrees of freedom there are no limits but those of 0 and 100 %."""
    if share.mean is None or share.error is None:
        return ((name + part, None) for part in LIMITS)
    known = degrees > 0 or share.mean in (0, 1)
    limits = proportion_limits(share.mean, share.error, degrees) if known else (None, None)
    numbers = (share.mean, share.error, *limits)
    return (
        (name + part, None if x is None else PERCENT * x) for part, x in zip(LIMITS, numbers, strict=True)
    )


def _mean(name: str, mean: Estimate, degrees: int) -> Iterator[tuple[str, float | None]]:
    numbers: tuple[float | None, ...] = (mean.mean, mean.error, None, None)
    if mean.mean is not None and mean.error is not None and degrees > 0:
        numbers = (mean.mean, mean.error, *mean_limits(mean.mean, mean.error, degrees))
    return zip((name + part for part in (*LIMITS, "_stdev")), (*numbers, mean.deviation), strict=True)
