"""Commands that score files of children: `score` and `prevalence`."""

from pathlib import Path

import click

from siposyandu import score
from siposyandu.cli.shared import progress_line
from siposyandu.growth import cells, joined

how_ages_stand = click.option(
    "--age",
    type=click.Choice(list(cells.AGES)),
    default=cells.IN_DAYS,
    show_default=True,
    help="days: age_days, or birth_date and visit_date. months: age_months, with fraction. completed-months: the row of "
    "the last full month, only to match a paper table.",
)


@click.command("score")
@click.argument("source", type=click.Path(path_type=Path, dir_okay=False))
@click.argument("target", type=click.Path(path_type=Path, dir_okay=False))
@how_ages_stand
@click.option(
    "--reference",
    type=click.Choice(joined.REFERENCES),
    default=joined.BY_AGE,
    show_default=True,
    help="by-age: WHO 2006 before 60 months, WHO 2007 from there on. Or one of them alone.",
)
def score_command(source: Path, target: Path, age: str, reference: str) -> None:
    """Score the children of a CSV file: WHO z-scores from birth to 19 years, a row each, into another CSV file.

    Columns read: row_id, sex (m/f), age_days or birth_date and visit_date (or age_months), weight_kg,
    length_height_cm (or height_cm), measured (l/h), head_circumference_cm, muac_cm, triceps_mm, subscapular_mm,
    oedema (y/n).
    """
    report = score.score_file(source, target, progress_line("rows"), score.Reading(age, reference))
    click.echo(f"\r{report.rows} rows scored into {target}, {report.errors} with an error", err=True)


@click.command("prevalence")
@click.argument("source", type=click.Path(path_type=Path, dir_okay=False))
@click.argument("target", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--weight", metavar="COL", help="Column of survey weights; a blank counts as 0.")
@click.option("--cluster", metavar="COL", help="Column of clusters; rows without one are left out.")
@click.option("--strata", metavar="COL", help="Column of strata; rows without one are left out.")
@click.option(
    "--group", "groups", metavar="LABEL=COL", multiple=True, help="A further group; may be repeated."
)
@how_ages_stand
def prevalence_command(source: Path, target: Path, groups: tuple[str, ...], **design: str) -> None:
    """Compute stunting, wasting, underweight and overweight of a CSV file of children, 0 to 60 months, as WHO does.

    Columns read: as for score. Written: a line for each group (All, age, sex, age by sex, and the groups asked for)
    with percentages, means, standard errors and 95 % limits, in the columns of WHO's anthro_prevalence.
    """
    from siposyandu import prevalence

    asked = prevalence.Design(groups=tuple(map(label_and_column, groups)), **design)
    survey = prevalence.prevalence_file(source, target, asked, progress_line("rows"))
    click.echo(f"\r{len(survey.children)} children counted into {target}", err=True)
    for count, what in (
        (survey.noted[prevalence.WEIGHTLESS], "of them have survey weight 0 or none"),
        (survey.noted[prevalence.TOO_OLD], "rows left out: 60 months or older"),
        (survey.noted[prevalence.UNPLACED], "rows left out: no cluster or no stratum"),
        (len(survey.unreadable), "rows left out, by row number:"),
    ):
        if count:
            click.echo(f"{count} {what}", err=True)
    for sentence in survey.unreadable:
        click.echo(f"  {sentence}", err=True)


def label_and_column(asked: str) -> tuple[str, str]:
    """Split LABEL=COL."""
    label, equals, column = asked.partition("=")
    if not (label.strip() and equals and column.strip()):
        raise click.BadParameter(f"write LABEL=COL, not {asked}", param_hint="--group")
    return label.strip(), column.strip()
