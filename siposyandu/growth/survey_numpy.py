"""The estimates of survey_estimates.py for a province's survey: the same steps on whole columns, with numpy.

Needs the `server` extra; the laptop never loads it. Children are sorted by stratum and cluster once, so that the children
of a cluster stand together in every group and one pass adds them up.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from siposyandu.growth.survey_estimates import (
    CUTS,
    INDICES,
    STUNTED_AND_HEAVY,
    STUNTED_AND_WASTED,
    Estimate,
    Group,
)
from siposyandu.growth.survey_sample import TOUCHED_BY_OEDEMA, Sample

Numbers = NDArray[np.float64]
Positions = NDArray[np.int64]
Truths = NDArray[np.bool_]


class _Columns(NamedTuple):
    """The sample as arrays, sorted by stratum and cluster; a z that is missing is not a number."""

    weights: Numbers
    cells: Positions
    clusters: Positions
    stratum_of_cluster: Positions
    clusters_of_stratum: Numbers
    z: dict[str, Numbers]
    swollen: Truths
    designed: bool


def estimates(sample: Sample) -> list[Group]:
    """Return the estimates of each group, in the order of the sample's labels."""
    columns = _columns(sample)
    return [_group(columns, members) for members in _members(sample, columns.cells)]


def _columns(sample: Sample) -> _Columns:
    clusters = np.array(sample.clusters, dtype=np.int64)
    stratum_of_cluster = np.array(sample.stratum_of_cluster, dtype=np.int64)
    order = np.lexsort((clusters, stratum_of_cluster[clusters]))
    return _Columns(
        weights=np.array(sample.weights, dtype=np.float64)[order],
        cells=np.array(sample.cells, dtype=np.int64)[order],
        clusters=clusters[order],
        stratum_of_cluster=stratum_of_cluster,
        clusters_of_stratum=np.array(sample.clusters_of_stratum, dtype=np.float64),
        z={index: np.array(column, dtype=np.float64)[order] for index, column in sample.z.items()},
        swollen=np.array(sample.swollen, dtype=np.bool_)[order],
        designed=sample.designed,
    )


def _members(sample: Sample, cells: Positions) -> list[Positions]:
    belongs = np.zeros((len(sample.labels), len(sample.groups_of_cell)), dtype=np.bool_)
    for cell, groups in enumerate(sample.groups_of_cell):
        belongs[list(groups), cell] = True
    return [np.flatnonzero(cells_in[cells]) if len(cells) else cells for cells_in in belongs]


def _group(columns: _Columns, members: Positions) -> Group:
    found: Group = {}
    for index in INDICES:
        found |= _index(columns, members, index)
    heights, weights = columns.z["HA"], columns.z["WH"]
    both = members[~np.isnan(heights[members]) & ~np.isnan(weights[members])]
    stunted, whz = heights[both] < -2, weights[both]
    shares = _shares(columns, both, [stunted & (whz < -2), stunted & (whz > 2)])
    return found | dict(zip((STUNTED_AND_WASTED, STUNTED_AND_HEAVY), shares, strict=True))


def _index(columns: _Columns, members: Positions, index: str) -> Group:
    column = columns.z[index]
    children = members[~np.isnan(column[members])]
    z = column[children]
    shares = _shares(columns, children, [z < cut.at if cut.at < 0 else z > cut.at for cut in CUTS])
    found = {index + cut.name: share for cut, share in zip(CUTS, shares, strict=True)}
    if index in TOUCHED_BY_OEDEMA:
        children = children[~columns.swollen[children]]
    found[index] = _mean(columns, members, children, column[children])
    return found


def _shares(columns: _Columns, children: Positions, counted: Sequence[Truths]) -> list[Estimate]:
    return _estimates(columns, children, np.array(counted, dtype=np.float64))


def _mean(columns: _Columns, members: Positions, children: Positions, z: Numbers) -> Estimate:
    (estimate,) = _estimates(columns, children, z[np.newaxis])
    n = int(np.count_nonzero(columns.weights[members])) if columns.designed else len(children)
    if estimate.mean is None or n < 2:
        return estimate
    squares = float((columns.weights[children] * (z - estimate.mean) ** 2).sum())
    return estimate._replace(deviation=(squares / estimate.weight * n / (n - 1)) ** 0.5)


def _estimates(columns: _Columns, children: Positions, values: Numbers) -> list[Estimate]:
    """Estimate several values of the same children at once; a line of `values` each."""
    weights = columns.weights[children]
    total = float(weights.sum())
    if total == 0:
        return [Estimate(len(children), total)] * len(values)
    same = (values == values[:, :1]).all(axis=1)  # where all are alike, the mean is exactly theirs
    means = np.where(same, values[:, 0], (weights * values).sum(axis=1) / total)
    errors = np.sqrt(_variances(columns, children, weights * (values - means[:, np.newaxis]))) / total
    return [
        Estimate(len(children), total, float(mean), float(error))
        for mean, error in zip(means, errors, strict=True)
    ]


def _variances(columns: _Columns, children: Positions, moved: Numbers) -> Numbers:
    """Add up the squared distances of clusters from their stratum's mean, for each line of `moved`."""
    clusters, begins = _runs(columns.clusters[children])
    totals = moved if len(clusters) == len(children) else np.add.reduceat(moved, begins, axis=1)
    strata, begins = _runs(columns.stratum_of_cluster[clusters])
    n = columns.clusters_of_stratum[strata]
    there = np.diff(begins, append=len(clusters))
    # A stratum of one cluster is measured from 0, the mean of all clusters.
    means = np.where(n > 1, np.add.reduceat(totals, begins, axis=1) / n, 0.0)
    squares = np.add.reduceat((totals - np.repeat(means, there, axis=1)) ** 2, begins, axis=1)
    factors = n / np.maximum(n - 1, 1)
    return np.asarray(((squares + (n - there) * means**2) * factors).sum(axis=1))


def _runs(sorted_numbers: Positions) -> tuple[Positions, Positions]:
    """Return the different numbers and where each begins."""
    begins = np.flatnonzero(np.diff(sorted_numbers, prepend=-1))
    return sorted_numbers[begins], begins
