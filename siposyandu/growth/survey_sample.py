"""Which children a survey counts, in which groups, and with which z-scores: the rules of WHO's anthro_prevalence.

1. Counted are children below 60 months of age, and those whose age is not known (in All, in their sex and in the
   groups that were asked for, not in an age group). Who has no cluster or no stratum is left out.
2. A flagged z-score counts as not measured, index by index: each index has its own denominator.
3. A child with oedema counts as below -3 SD of weight, BMI and weight-for-length, whatever was measured; in their
   means she is left out. Height is not touched.
4. No clusters: every child is one. No strata: all are in one. A cluster belongs to its stratum: the same name in two
   strata is two clusters. If all clusters of the data are the same one, there are none.

Not copied from anthro 1.1: it prints [1, 1] as the interval of exactly 1 %; it stops on oedema written "Y", "1" or
missing; and it counts a child of 60.00 to 60.01 months.
"""

from bisect import bisect_right
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from siposyandu.growth.standards import MONTHS_COVERED
from siposyandu.growth.survey_scores import Columns

AGE_GROUPS = ("00-05 mo", "06-11 mo", "12-23 mo", "24-35 mo", "36-47 mo", "48-59 mo")
AGE_GROUPS_BEGIN = (6, 12, 24, 36, 48)
"""The months at which one group ends and the next begins."""
SEXES = {"f": "Female", "m": "Male"}
TOUCHED_BY_OEDEMA = ("WA", "BMI", "WH")
SWOLLEN_Z = -3.1
"""The z that stands for oedema where children below a cut-off are counted."""


Traits = tuple[str | None, str | None, tuple[str | None, ...]]
"""What decides a child's groups: label of its age, label of its sex, its values in the groups asked for."""


class Surveyed(NamedTuple):
    """One child of a survey; `values` are its values in the groups asked for, in their order. None is not known."""

    weight: float
    cluster: Hashable
    stratum: Hashable
    age_months: float | None
    sex: str | None
    values: tuple[str | None, ...]
    oedema: bool


@dataclass(frozen=True)
class Sample:
    """A survey in columns, one entry a child; groups, clusters and strata are numbers from 0.

    `groups_of_cell` says to which groups the children of a cell belong; a cell is a set of children that are in the
    same groups. `z` has "HA", "WA", "BMI" and "WH", oedema included as SWOLLEN_Z. `designed`: the survey has weights,
    clusters or strata.
    """

    labels: Sequence[str]
    weights: Sequence[float]
    cells: Sequence[int]
    groups_of_cell: Sequence[Sequence[int]]
    clusters: Sequence[int]
    stratum_of_cluster: Sequence[int]
    z: Columns
    swollen: Sequence[bool]
    designed: bool

    @cached_property
    def clusters_of_stratum(self) -> list[int]:
        """How many clusters each stratum has in the whole data."""
        counts = [0] * (1 + max(self.stratum_of_cluster, default=-1))
        for stratum in self.stratum_of_cluster:
            counts[stratum] += 1
        return counts

    @property
    def has_clusters(self) -> bool:
        """Whether there are clusters of more than one child."""
        return len(self.stratum_of_cluster) < len(self.clusters)

    @property
    def degrees(self) -> int:
        """Degrees of freedom: clusters less strata, of the whole data."""
        return len(self.stratum_of_cluster) - len(self.clusters_of_stratum)


def is_counted(age_months: float | None) -> bool:
    """Say whether a child of this age belongs to a survey of 0 to 60 months."""
    return age_months is None or age_months < MONTHS_COVERED


def sample(
    children: Sequence[Surveyed],
    scores: Columns,
    group_names: Sequence[str] = (),
    *,
    designed: bool = True,
) -> Sample:
    """Lay out in columns the children that are counted and their scores; `group_names` are the labels of `values`."""
    traits = [_traits(child) for child in children]
    cells = {cell: number for number, cell in enumerate(dict.fromkeys(traits))}
    labels = _labels(cells, group_names)
    number_of = {label: number for number, label in enumerate(labels)}
    clusters, stratum_of_cluster = _numbered_clusters(children)
    return Sample(
        labels=labels,
        weights=[child.weight for child in children],
        cells=[cells[cell] for cell in traits],
        groups_of_cell=[[number_of[label] for label in _labels_of(cell, group_names)] for cell in cells],
        clusters=clusters,
        stratum_of_cluster=stratum_of_cluster,
        z=_with_oedema(scores, swollen := [child.oedema for child in children]),
        swollen=swollen,
        designed=designed,
    )


def _with_oedema(scores: Columns, swollen: Sequence[bool]) -> Columns:
    """Return the scores with SWOLLEN_Z where a child has oedema."""
    with_oedema = {index: list(column) for index, column in scores.items()}
    for child, wet in enumerate(swollen):
        if wet:
            for index in TOUCHED_BY_OEDEMA:
                with_oedema[index][child] = SWOLLEN_Z
    return with_oedema


def _traits(child: Surveyed) -> Traits:
    age = None if child.age_months is None else AGE_GROUPS[bisect_right(AGE_GROUPS_BEGIN, child.age_months)]
    return age, None if child.sex is None else SEXES[child.sex], child.values


def _labels(cells: Iterable[Traits], group_names: Sequence[str]) -> list[str]:
    """Name all groups in WHO's order; a value that nobody has is not a group."""
    labels = ["All", *(f"Age group: {age}" for age in AGE_GROUPS), *(f"Sex: {sex}" for sex in SEXES.values())]
    labels += [f"Age + sex: {age}.{sex}" for sex in SEXES.values() for age in AGE_GROUPS]
    for position, name in enumerate(group_names):
        found = {value for _, _, values in cells if (value := values[position]) is not None}
        labels += [f"{name}: {value}" for value in sorted(found, key=_order)]
    return labels


def _labels_of(cell: Traits, group_names: Sequence[str]) -> list[str]:
    """Name the groups that the children of a cell are in."""
    age, sex, values = cell
    labels = ["All"]
    labels += [f"Age group: {age}"] if age else []
    labels += [f"Sex: {sex}"] if sex else []
    labels += [f"Age + sex: {age}.{sex}"] if age and sex else []
    return labels + [
        f"{name}: {value}" for name, value in zip(group_names, values, strict=True) if value is not None
    ]


def _order(value: str) -> tuple[float, str]:
    """Sort 2 before 10; texts after all numbers, by letter."""
    try:
        return float(value.replace(",", ".")), value
    except ValueError:
        return float("inf"), value


def _numbered_clusters(children: Sequence[Surveyed]) -> tuple[list[int], list[int]]:
    """Number the clusters; return the cluster of each child and the stratum of each cluster."""
    strata = {
        stratum: number for number, stratum in enumerate(dict.fromkeys(child.stratum for child in children))
    }
    if len({child.cluster for child in children}) <= 1:
        return list(range(len(children))), [strata[child.stratum] for child in children]
    pairs = [(child.stratum, child.cluster) for child in children]
    numbers = {pair: number for number, pair in enumerate(dict.fromkeys(pairs))}
    return [numbers[pair] for pair in pairs], [strata[stratum] for stratum, _ in numbers]
