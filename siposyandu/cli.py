"""`siposyandu`: everything that can be done from a terminal.

Commands say what they do as they go, can be stopped, and can be run again.
"""

import signal
import sys
from collections.abc import Callable
from pathlib import Path

import click

from siposyandu import config, i18n, score
from siposyandu.config import Config
from siposyandu.errors import SiposyanduError
from siposyandu.growth import cells, joined
from siposyandu.instance import Instance
from sync.errors import SyncError

in_folder = click.option(
    "--folder",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path(),
    envvar="SIPOSYANDU_FOLDER",
    help="The folder of this place (default: the one you stand in).",
)


@click.group()
@click.version_option(package_name="siposyandu")
def commands() -> None:
    """SIPosyandu: one entry at the weighing table becomes the province's number."""


def main() -> None:
    """Run a command; a refusal is one line that says what to do, never a traceback."""
    try:
        commands.main(standalone_mode=False)
    except (SiposyanduError, SyncError) as refused:
        click.echo(i18n.say(refused), err=True)
        if refused.hint:
            click.echo(refused.hint, err=True)
        sys.exit(1)
    except click.ClickException as misuse:
        misuse.show()
        sys.exit(misuse.exit_code)
    except click.Abort:
        sys.exit(130)


how_ages_stand = click.option(
    "--age",
    type=click.Choice(list(cells.AGES)),
    default=cells.IN_DAYS,
    show_default=True,
    help="days: age_days, or birth_date and visit_date. months: age_months, with fraction. completed-months: the row of "
    "the last full month, only to match a paper table.",
)


@commands.command("score")
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


@commands.command("prevalence")
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


def progress_line(what: str) -> Callable[[int], None]:
    """Return a function that shows how far a long command has come, on one line, where a person looks on."""
    shown = sys.stderr.isatty()

    def show(done: int) -> None:
        if shown:
            click.echo(f"\r{done} {what} ...", nl=False, err=True)

    return show


@commands.command("recount")
@in_folder
def recount_command(folder: Path) -> None:
    """Fold every record again from the log, derive all growth, count all months, and say what changed."""
    from siposyandu import records

    instance = opened(folder)
    with instance.store_for_job() as store:
        say = progress_line("records")
        changed = records.recount(store, lambda done, of: say(done))
    click.echo(f"changed: {', '.join(changed)}" if changed else "nothing changed: every number was right")


def opened(folder: Path) -> Instance:
    """Open the place in a folder; BadConfig says what to run where there is none."""
    place: Config = config.load(folder)
    return Instance(place)


@commands.command("init")
@in_folder
@click.option(
    "--province", "is_province", is_flag=True, help="This place is the province: nothing is sent further."
)
@click.option("--upstream", default="", help="Address of the province that a laptop sends to.")
@click.option("--code", default="", help="The one-time code from the puskesmas, by which a laptop joins.")
@click.option("--port", default=8520, show_default=True, help="Port of the pages on this machine.")
def init_command(folder: Path, is_province: bool, upstream: str, code: str, port: int) -> None:
    """Found a place: the province with its first keeper, or a laptop that joins the province by a code."""
    from siposyandu import founding

    if is_province == bool(upstream):
        raise click.UsageError("say either --province or --upstream ADDRESS --code CODE")
    if is_province:
        name = click.prompt("Name of the first keeper of the province's records")
        username = click.prompt("User name")
        password = click.prompt(
            "Password (ten characters or more)", hide_input=True, confirmation_prompt=True
        )
        founding.province(folder, port, name, username, password)
    else:
        founding.laptop(folder, port, upstream, code or click.prompt("Code from the puskesmas"))
    click.echo(f"founded in {folder.resolve()}; now: siposyandu serve --folder {folder}")


@commands.command("sync")
@in_folder
def sync_command(folder: Path) -> None:
    """Send what the province has not acknowledged and fetch what is new, now."""
    outcome = opened(folder).exchange()
    click.echo(
        f"{outcome.acknowledged} acknowledged, {outcome.received} received, {outcome.requests} requests"
    )


@commands.group("import")
def import_group() -> None:
    """Take records from other systems' files."""


@import_group.command("eppgbm")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path, dir_okay=False))
@in_folder
@click.option(
    "--as", "who", required=True, help="User name or name of the worker who answers for the import."
)
@click.option("--posyandu", default=None, help="Posyandu (name, code or id) of files that do not name one.")
@click.option("--take-good", is_flag=True, help="Take the good rows also when others are bad.")
def import_eppgbm_command(
    files: tuple[Path, ...], folder: Path, who: str, posyandu: str | None, take_good: bool
) -> None:
    """Read e-PPGBM files (.xls, .xlsx, .csv, HTML): check each whole, list rows and reasons, take good rows."""
    from siposyandu import access, imports, records
    from siposyandu.imports import Asked
    from siposyandu.periods import local_date

    instance = opened(folder)
    with instance.store_for_job() as store:
        pen = records.Pen(instance.lane, access.worker_named(store, who), instance.now())
        asked = Asked(local_date(instance.now()), take_good, posyandu)
        sys.exit(imports.import_files(store, pen, files, asked, click.echo))


@commands.command("serve")
@in_folder
def serve_command(folder: Path) -> None:
    """Serve the pages of a place and send its records when there is a way, until Ctrl-C."""
    from siposyandu.serving import serve

    serve(opened(folder), lambda address: click.echo(f"SIPosyandu: {address}"))


@commands.command("demo")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
def demo_command(folder: Path) -> None:
    """Show everything on this machine: a province, two posyandu, a year of synthetic children. Ctrl-C stops it."""
    from siposyandu.demo.show import show

    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(0))
    try:
        show(folder, click.echo)
    except KeyboardInterrupt:
        click.echo("\nStopped.")
