"""Stunting, wasting, underweight and overweight in a file of children, as WHO computes them: `siposyandu prevalence`.

A line for each group (All, age, sex, age by sex, and each group that was asked for), in WHO's columns. Which children
count is in growth/survey_sample.py, the formulas in growth/survey_estimates.py, the columns in growth/survey_table.py.
"""

import csv
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

from siposyandu.growth import survey_estimates, survey_scores
from siposyandu.growth.cells import (
    COLUMNS,
    IN_COMPLETED_MONTHS,
    IN_DAYS,
    nothing_or,
    number,
    read,
    read_child,
)
from siposyandu.growth.csv_file import CsvFile, opened_csv, refuse_other_ages, replacing
from siposyandu.growth.errors import BadCell, BadGroup, BadMeasurement, NegativeWeight, UnreadableFile
from siposyandu.growth.survey_sample import Surveyed, is_counted, sample
from siposyandu.growth.survey_scores import Visit, refuse_unscorable
from siposyandu.growth.survey_table import Cell, Line, table
from siposyandu.i18n import N_, say

NOT_NEEDED = ("row_id", "head_circumference_cm", "muac_cm", "triceps_mm", "subscapular_mm")
READ = tuple(name for name in COLUMNS if name not in NOT_NEEDED)
OWN_LABELS = ("All", "Age group", "Sex", "Age + sex")
ONE = "one"
"""The cluster or stratum of every child where the survey has none."""
PROGRESS_EVERY_ROWS = 1000
SERVER_EXTRA = ("duckdb", "numpy")
WEIGHTLESS, TOO_OLD, UNPLACED = "weightless", "too old", "unplaced"


class Design(NamedTuple):
    """How a survey was drawn: its columns of weight, cluster and stratum; and (label, column) of further groups."""

    weight: str | None = None
    cluster: str | None = None
    strata: str | None = None
    groups: tuple[tuple[str, str], ...] = ()
    age: str = IN_DAYS

    @property
    def is_simple(self) -> bool:
        """Whether every child was drawn alone and alike."""
        return (self.weight, self.cluster, self.strata) == (None, None, None)


SIMPLE = Design()


class Survey(NamedTuple):
    """The children of a file that are counted, what was measured of each, and what became of the other rows.

    `noted` counts the children with weight 0 (WEIGHTLESS) and the rows left out as TOO_OLD or UNPLACED (without
    cluster or stratum); `unreadable` are the numbers of rows that could not be read, each with a sentence why.
    """

    children: list[Surveyed]
    visits: list[Visit]
    noted: Counter[str]
    unreadable: list[str]


def prevalence_file(
    in_path: Path,
    out_path: Path,
    design: Design = SIMPLE,
    progress: Callable[[int], None] = lambda rows: None,
) -> Survey:
    """Write the prevalence table of a CSV file of children (columns as for score) into another.

    A row that cannot be read is left out and told. Raises UnreadableFile, UnwritableFile, BadGroup or NegativeWeight;
    `out_path` is then as it was.
    """
    with opened_csv(in_path, READ) as source:
        survey = read_survey(source, in_path, design, progress)
        lines = compute(survey, design)
        with replacing(out_path, source.encoding) as target:
            writer = csv.writer(target, delimiter=source.delimiter, lineterminator=source.line_end)
            writer.writerow(lines[0])
            writer.writerows(
                [_written(cell, source.decimal_comma) for cell in line.values()] for line in lines
            )
    return survey


def compute(survey: Survey, design: Design) -> list[Line]:
    """Score, count and estimate: a province's way with the `server` extra, else in plain Python. The numbers are the same."""
    if not all(map(find_spec, SERVER_EXTRA)):
        return compute_plainly(survey, design)
    from siposyandu.growth import survey_numpy

    if design.age == IN_COMPLETED_MONTHS:  # the kernel knows days only
        scores = survey_scores.one_by_one(survey.visits)
    else:
        scores = survey_scores.all_at_once(survey.visits)
    counted = sample(survey.children, scores, _labels(design), designed=not design.is_simple)
    return table(counted, survey_numpy.estimates(counted))


def compute_plainly(survey: Survey, design: Design) -> list[Line]:
    """Score, count and estimate in plain Python: the laptop's way."""
    scores = survey_scores.one_by_one(survey.visits)
    counted = sample(survey.children, scores, _labels(design), designed=not design.is_simple)
    return table(counted, survey_estimates.estimates(counted))


def read_survey(source: CsvFile, path: Path, design: Design, progress: Callable[[int], None]) -> Survey:
    """Read each row of an open file."""
    refuse_other_ages(source, design.age, path)
    places = _places(source, path, design)
    survey, rows = Survey([], [], Counter(), []), 0
    for rows, row in enumerate(source.rows, start=1):
        try:
            _take(survey, _Row(source.known(row), _design_cells(source, row, places)), design)
        except BadMeasurement as fault:
            survey.unreadable.append(f"{rows}: {say(fault)}")
        if rows % PROGRESS_EVERY_ROWS == 0:
            progress(rows)
    progress(rows)
    return survey


def _labels(design: Design) -> list[str]:
    return [label for label, _ in design.groups]


def _places(source: CsvFile, path: Path, design: Design) -> dict[str, int]:
    """Return where each column that the design names stands. BadGroup for labels that cannot be told apart."""
    labels = _labels(design)
    for label in labels:
        if label in OWN_LABELS or labels.count(label) > 1:
            raise BadGroup(label=f'"{label}"')
    header = [name.strip().lower() for name in source.header]
    places = {}
    for column in (design.weight, design.cluster, design.strata, *(column for _, column in design.groups)):
        if column is None:
            continue
        if header.count(column.strip().lower()) != 1:
            raise UnreadableFile(
                N_("The file {file} has no column {name}, or has it twice."), file=path.name, name=column
            )
        places[column] = header.index(column.strip().lower())
    return places


class _Row(NamedTuple):
    """The cells of a row: those of the standard columns, and those that the design names."""

    known: Mapping[str, str]
    of_design: Mapping[str, str]


def _design_cells(source: CsvFile, row: Sequence[str], places: Mapping[str, int]) -> dict[str, str]:
    if any(row[len(source.header) :]):
        raise BadCell(N_("More cells than columns: is a decimal comma not in quotes?"))
    return {column: row[at] if at < len(row) else "" for column, at in places.items()}


def _take(survey: Survey, row: _Row, design: Design) -> None:
    """Add the child of a row to the survey, or note why it is left out. Raises a BadMeasurement."""
    visit = read_child(row.known, design.age)
    refuse_unscorable(visit)
    age_months = None if visit["age"] is None else visit["age"].months
    cluster = nothing_or(row.of_design[design.cluster]) if design.cluster else ONE
    stratum = nothing_or(row.of_design[design.strata]) if design.strata else ONE
    if cluster is None or stratum is None:
        survey.noted[UNPLACED] += 1
    elif not is_counted(age_months):
        survey.noted[TOO_OLD] += 1
    else:
        values = tuple(nothing_or(row.of_design[column]) for _, column in design.groups)
        weight = _weight(row.of_design, design.weight)
        survey.noted[WEIGHTLESS] += weight == 0
        survey.children.append(
            Surveyed(weight, cluster, stratum, age_months, visit["sex"], values, visit["oedema"])
        )
        survey.visits.append(visit)


def _weight(cells: Mapping[str, str], column: str | None) -> float:
    """Return a child's weight in the survey: 1 without such a column, 0 where it is missing, as in WHO's program."""
    if column is None:
        return 1.0
    weight: float = read(column, cells, number) or 0.0
    if weight < 0:
        raise NegativeWeight(column=column, given=cells[column].strip())
    return weight


def _written(cell: Cell, decimal_comma: bool) -> str:
    """Write a number with fifteen digits, as WHO's program does; a blank where there is none."""
    if cell is None or isinstance(cell, str):
        return cell or ""
    text = f"{cell:.15g}"
    return text.replace(".", ",") if decimal_comma else text
