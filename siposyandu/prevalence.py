"""Stunting, wasting, underweight and overweight in a file of children, as WHO computes them: `siposyandu prevalence`.

A line for each group (All, age, sex, age by sex, and each group that was asked for), in WHO's columns. Which children
count is in growth/survey_sample.py, the formulas in growth/survey_estimates.py, the columns in growth/survey_table.py.
"""

import csv
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from siposyandu.growth.cells import COLUMNS, IN_DAYS, nothing_or, number, read, read_child
from siposyandu.growth.csv_file import CsvFile, opened_csv, refuse_other_ages, replacing
from siposyandu.growth.errors import BadCell, BadGroup, BadMeasurement, NegativeWeight, UnreadableFile
from siposyandu.growth.joined import WHO_2006, score
from siposyandu.growth.survey_estimates import Group
from siposyandu.growth.survey_estimates import estimates as plain_estimates
from siposyandu.growth.survey_sample import Sample, Surveyed, sample, usable_scores
from siposyandu.growth.survey_table import Cell, table
from siposyandu.i18n import N_, say

NOT_NEEDED = ("row_id", "head_circumference_cm", "muac_cm", "triceps_mm", "subscapular_mm")
READ = tuple(name for name in COLUMNS if name not in NOT_NEEDED)
OWN_LABELS = ("All", "Age group", "Sex", "Age + sex")
ONE = "one"
"""The cluster or stratum of every child where the survey has none."""
PROGRESS_EVERY_ROWS = 1000


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
    """The children of a file whose cluster and stratum are known, and what became of the other rows."""

    children: list[Surveyed]
    unplaced: int
    unreadable: list[str]


class PrevalenceReport(NamedTuple):
    """Rows read; children counted, of these with weight 0; rows left out, and for the unreadable ones why."""

    rows: int
    counted: int
    weightless: int
    too_old: int
    unplaced: int
    unreadable: tuple[str, ...]


def prevalence_file(
    in_path: Path,
    out_path: Path,
    design: Design = SIMPLE,
    progress: Callable[[int], None] = lambda rows: None,
) -> PrevalenceReport:
    """Write the prevalence table of a CSV file of children (columns as for score) into another.

    A row that cannot be read is left out and reported. Raises UnreadableFile, UnwritableFile, BadGroup or
    NegativeWeight; `out_path` is then as it was.
    """
    with opened_csv(in_path, READ) as source:
        survey = read_survey(source, in_path, design, progress)
        counted = sample(
            survey.children, [label for label, _ in design.groups], designed=not design.is_simple
        )
        lines = table(counted, estimates(counted))
        with replacing(out_path, source.encoding) as target:
            writer = csv.writer(target, delimiter=source.delimiter, lineterminator=source.line_end)
            writer.writerow(lines[0])
            writer.writerows(
                [_written(cell, source.decimal_comma) for cell in line.values()] for line in lines
            )
    return _report(survey, counted)


def estimates(counted: Sample) -> list[Group]:
    """Estimate with numpy where the `server` extra has brought it, else in plain Python: the numbers are the same."""
    try:
        from siposyandu.growth import survey_numpy
    except ImportError:
        return plain_estimates(counted)
    return survey_numpy.estimates(counted)


def read_survey(source: CsvFile, path: Path, design: Design, progress: Callable[[int], None]) -> Survey:
    """Read and score each row of an open file."""
    refuse_other_ages(source, design.age, path)
    places = _places(source, path, design)
    children: list[Surveyed] = []
    unplaced, unreadable, rows = 0, list[str](), 0
    for rows, row in enumerate(source.rows, start=1):
        try:
            child = _surveyed(source, row, places, design)
        except BadMeasurement as fault:
            unreadable.append(f"{rows}: {say(fault)}")
        else:
            unplaced += child is None
            children += [child] if child else []
        if rows % PROGRESS_EVERY_ROWS == 0:
            progress(rows)
    progress(rows)
    return Survey(children, unplaced, unreadable)


def _places(source: CsvFile, path: Path, design: Design) -> dict[str, int]:
    """Return where each column that the design names stands. BadGroup for labels that cannot be told apart."""
    labels = [label for label, _ in design.groups]
    for label in labels:
        if label in OWN_LABELS or labels.count(label) > 1:
            raise BadGroup(label=f'"{label}"')
    header = [name.strip().lower() for name in source.header]
    places = {}
    for column in (design.weight, design.cluster, design.strata, *(column for _, column in design.groups)):
        if column is not None and header.count(column.strip().lower()) != 1:
            raise UnreadableFile(
                N_("The file {file} has no column {name}, or has it twice."), file=path.name, name=column
            )
        if column is not None:
            places[column] = header.index(column.strip().lower())
    return places


def _surveyed(source: CsvFile, row: Sequence[str], places: dict[str, int], design: Design) -> Surveyed | None:
    """Return the child of a row, None where its cluster or stratum is not known. Raises a BadMeasurement."""
    if any(row[len(source.header) :]):
        raise BadCell(N_("More cells than columns: is a decimal comma not in quotes?"))
    cells = {column: row[at] if at < len(row) else "" for column, at in places.items()}
    child = read_child(source.known(row), design.age)
    cluster = nothing_or(cells[design.cluster]) if design.cluster else ONE
    stratum = nothing_or(cells[design.strata]) if design.strata else ONE
    if cluster is None or stratum is None:
        return None
    return Surveyed(
        _weight(cells, design.weight),
        cluster,
        stratum,
        None if child["age"] is None else child["age"].months,
        child["sex"],
        tuple(nothing_or(cells[column]) for _, column in design.groups),
        *usable_scores(score(**child, reference=WHO_2006)),
        child["oedema"],
    )


def _weight(cells: dict[str, str], column: str | None) -> float:
    """Return a child's weight in the survey: 1 without such a column, 0 where it is missing, as WHO's program."""
    if column is None:
        return 1.0
    weight: float = read(column, cells, number) or 0.0
    if weight < 0:
        raise NegativeWeight(column=column, given=weight)
    return weight


def _report(survey: Survey, counted: Sample) -> PrevalenceReport:
    children = len(survey.children)
    return PrevalenceReport(
        rows=children + survey.unplaced + len(survey.unreadable),
        counted=len(counted.weights),
        weightless=sum(weight == 0 for weight in counted.weights),
        too_old=children - len(counted.weights),
        unplaced=survey.unplaced,
        unreadable=tuple(survey.unreadable),
    )


def _written(cell: Cell, decimal_comma: bool) -> str:
    """Write a number with fifteen digits, as WHO's program does; a blank where there is none."""
    if cell is None or isinstance(cell, str):
        return cell or ""
    text = f"{cell:.15g}"
    return text.replace(".", ",") if decimal_comma else text
