"""The share of children below a cut-off, or the mean z-score, of each group of a survey, and how sure it is.

For a group with weights w and values y (0 or 1, or a z-score):

1. estimate p = sum of w y / sum of w.
2. what each cluster adds to the error: u = sum over its children in the group of w (y - p) / sum of w; 0 for a cluster
   that has none.
3. variance = sum over strata of n / (n - 1) times the sum over its n clusters of (u - mean u of the stratum) squared;
   n counts the clusters of the whole data. A stratum of one cluster adds u squared ("adjust": measured from the mean
   of all clusters, which is 0).
4. SD of the z-scores: the root of sum of w (z - mean) squared / sum of w, times n / (n - 1). n is the number of children
   with a z-score. In a survey with weights, clusters or strata it is that of all children of the group whose weight is
   not 0, as R's svyvar counts.

This is WHO's anthro_prevalence (R package survey, Taylor linearisation) in closed form. Plain Python: the definition,
and quick enough for a posyandu. survey_numpy.py says the same for a province.
"""

from collections.abc import Sequence
from itertools import compress
from math import fsum, sqrt
from operator import mul
from typing import NamedTuple

from siposyandu.growth.survey_sample import TOUCHED_BY_OEDEMA, Sample


class Cut(NamedTuple):
    """A cut-off: children below it (at < 0) or above it are counted; a child on it is not."""

    name: str
    at: int


CUTS = (Cut("_3", -3), Cut("_2", -2), Cut("_1", -1), Cut("1", 1), Cut("2", 2), Cut("3", 3))
INDICES = ("HA", "WA", "BMI", "WH")
STUNTED_AND_WASTED, STUNTED_AND_HEAVY = "HA_2_WH_2", "HA_2_WH2"


class Estimate(NamedTuple):
    """One number of one group: children counted, their summed weight, and where that is not 0 the rest.

    `mean` is a share (0 to 1) or a mean z; `error` its standard error; `deviation` the children's SD, which a single
    child has not.
    """

    children: int
    weight: float
    mean: float | None = None
    error: float | None = None
    deviation: float | None = None


Group = dict[str, Estimate]
"""All estimates of a group: "HA_3" ... "HA3" the shares, "HA" the mean, and so on for each of INDICES; two combined."""


def estimates(sample: Sample) -> list[Group]:
    """Return the estimates of each group, in the order of the sample's labels."""
    return [_group(sample, members) for members in _members(sample)]


def _members(sample: Sample) -> list[list[int]]:
    members: list[list[int]] = [[] for _ in sample.labels]
    for child, cell in enumerate(sample.cells):
        for group in sample.groups_of_cell[cell]:
            members[group].append(child)
    return members


def _group(sample: Sample, members: Sequence[int]) -> Group:
    found: Group = {}
    for index in INDICES:
        found |= _index(sample, members, index)
    heights, weights = sample.z["HA"], sample.z["WH"]
    both = [(child, ha, wh) for child in members
            if (ha := heights[child]) is not None and (wh := weights[child]) is not None]  # fmt: skip
    counted = _counted(sample, [child for child, _, _ in both])
    found[STUNTED_AND_WASTED] = _share(sample, counted, [ha < -2 and wh < -2 for _, ha, wh in both])
    found[STUNTED_AND_HEAVY] = _share(sample, counted, [ha < -2 and wh > 2 for _, ha, wh in both])
    return found


def _index(sample: Sample, members: Sequence[int], index: str) -> Group:
    column = sample.z[index]
    children = [child for child in members if column[child] is not None]
    counted, z = _counted(sample, children), _known(column, children)
    found = {
        index + cut.name: _share(
            sample, counted, [x < cut.at for x in z] if cut.at < 0 else [x > cut.at for x in z]
        )
        for cut in CUTS
    }
    if index in TOUCHED_BY_OEDEMA:
        children = [child for child in children if not sample.swollen[child]]
        counted, z = _counted(sample, children), _known(column, children)
    weighted = sum(sample.weights[child] != 0 for child in members) if sample.designed else len(children)
    found[index] = _mean(sample, counted, z, weighted)
    return found


def _known(column: Sequence[float | None], children: Sequence[int]) -> list[float]:
    return [z for child in children if (z := column[child]) is not None]


class _Counted(NamedTuple):
    """The children with a value: their weights, the sum of these, and their clusters."""

    weights: list[float]
    total: float
    clusters: list[int]


def _counted(sample: Sample, children: Sequence[int]) -> _Counted:
    weights = [sample.weights[child] for child in children]
    return _Counted(weights, fsum(weights), [sample.clusters[child] for child in children])


def _share(sample: Sample, counted: _Counted, seen: Sequence[bool]) -> Estimate:
    """Steps 1 to 3 where the values are yes and no."""
    weights, total, clusters = counted
    if total == 0:
        return Estimate(len(weights), total)
    mean = fsum(compress(weights, seen)) / total
    moved = [
        weight * (1 - mean) if yes else -weight * mean for weight, yes in zip(weights, seen, strict=True)
    ]
    return Estimate(len(weights), total, mean, sqrt(_variance(sample, clusters, moved)) / total)


def _mean(sample: Sample, counted: _Counted, z: Sequence[float], children: int) -> Estimate:
    """Steps 1 to 4 where the values are z-scores; `children` is the n of step 4."""
    weights, total, clusters = counted
    if total == 0:
        return Estimate(len(weights), total)
    mean = fsum(map(mul, weights, z)) / total
    moved = [weight * (x - mean) for weight, x in zip(weights, z, strict=True)]
    spread = sum(part * (x - mean) for part, x in zip(moved, z, strict=True)) / total
    deviation = sqrt(spread * children / (children - 1)) if children > 1 else None
    return Estimate(len(weights), total, mean, sqrt(_variance(sample, clusters, moved)) / total, deviation)


def _variance(sample: Sample, clusters: Sequence[int], moved: Sequence[float]) -> float:
    """Add up the squared distances of clusters from their stratum's mean (steps 2 and 3, before dividing)."""
    sizes = sample.clusters_of_stratum
    if len(sizes) == 1 and not sample.has_clusters:
        return _of_stratum(moved, sizes[0])
    by_cluster = (
        _added_up(clusters, moved) if sample.has_clusters else dict(zip(clusters, moved, strict=True))
    )
    by_stratum: dict[int, list[float]] = {}
    for cluster, total in by_cluster.items():
        by_stratum.setdefault(sample.stratum_of_cluster[cluster], []).append(total)
    return sum(_of_stratum(totals, sizes[stratum]) for stratum, totals in by_stratum.items())


def _added_up(clusters: Sequence[int], moved: Sequence[float]) -> dict[int, float]:
    totals = dict.fromkeys(clusters, 0.0)
    for cluster, part in zip(clusters, moved, strict=True):
        totals[cluster] += part
    return totals


def _of_stratum(totals: Sequence[float], clusters: int) -> float:
    if clusters == 1:
        return totals[0] ** 2
    mean = sum(totals) / clusters
    squares = sum([(total - mean) ** 2 for total in totals]) + (clusters - len(totals)) * mean**2
    return squares * clusters / (clusters - 1)
