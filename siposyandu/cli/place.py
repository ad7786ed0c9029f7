"""Commands of one place: found it, serve it, count it again."""

import gc
import sys
from pathlib import Path

import click

from siposyandu.cli import shared
from siposyandu.cli.locking import give_passphrase, papers_to
from siposyandu.cli.shared import in_folder, opened, progress_line


@click.command("init")
@in_folder
@click.option(
    "--province", "is_province", is_flag=True, help="This place is the province: nothing is sent further."
)
@click.option("--upstream", default="", help="Address of the province that a laptop sends to.")
@click.option(
    "--code",
    default="",
    help="The one-time code from the puskesmas, or the whole line of the letter's QR code.",
)
@click.option(
    "--in-browser", is_flag=True, help="Ask for passphrase and code on the laptop's own page instead."
)
@click.option("--port", default=8520, show_default=True, help="Port of the pages on this machine.")
@click.option(
    "--database",
    default="",
    envvar="SIPOSYANDU_DATABASE",
    help="The province's PostgreSQL, postgresql://...; a file in the folder when left out.",
)
@papers_to
def init_command(  # noqa: PLR0913 one argument for each option
    folder: Path,
    is_province: bool,
    upstream: str,
    code: str,
    in_browser: bool,
    port: int,
    database: str,
    papers_folder: Path | None,
) -> None:
    """Found a place: the province with its first keeper, or an encrypted laptop that joins the province by a code."""
    from siposyandu import founding

    if is_province == bool(upstream):
        raise click.UsageError("say either --province or --upstream ADDRESS --code CODE")
    if is_province:
        name = click.prompt("Name of the first keeper of the province's records")
        username = click.prompt("User name")
        password = click.prompt(
            "Password (ten characters or more)", hide_input=True, confirmation_prompt=True
        )
        founding.province(folder, port, founding.Keeper(name, username, password), database)
    elif in_browser:
        founding.waiting_laptop(folder, port, upstream)
    else:
        place = founding.laptop(folder, port, upstream)
        give_passphrase(place, papers_folder)
        founding.join(place, code or click.prompt("Code from the puskesmas"))
    click.echo(f"founded in {folder.resolve()}; now: siposyandu serve --folder {folder}")


@click.command("serve")
@in_folder
@click.option(
    "--passphrase-stdin",
    is_flag=True,
    help="Open an encrypted place by the passphrase in the first line of input.",
)
@click.option(
    "--hotspot",
    is_flag=True,
    help="Let phones help: serve the pages on the laptop's hotspot too, behind a code.",
)
@click.option("--address", default="", help="Address of this machine for the phones, where it has several.")
def serve_command(folder: Path, passphrase_stdin: bool, hotspot: bool, address: str) -> None:
    """Serve the pages of a place and send its records when there is a way, until Ctrl-C.

    An encrypted place is served closed: its page asks for the passphrase, unless it is given here.
    """
    gc.disable()  # until it serves: of what it loads nothing is thrown away, and looking for it is a tenth of the start
    from siposyandu.serving import serve

    for_phones = _address_for_phones(address) if hotspot or address else ""
    place = shared.closed(folder)
    said = sys.stdin.readline().rstrip("\n") if passphrase_stdin else shared.passphrase_in_file()
    if said is not None and not place.is_open and place.damage is None:
        shared.unlock(place, said)
    serve(place, lambda url: _say_where(url, for_phones), for_phones)


def _say_where(url: str, for_phones: str) -> None:
    click.echo(f"SIPosyandu: {url}")
    if for_phones:
        port = url.rpartition(":")[2]
        click.echo(f"phones: http://{for_phones}:{port}, with the code that stands on {url}/hotspot")


def _address_for_phones(asked: str) -> str:
    from siposyandu import addresses
    from siposyandu.errors import Refused

    found = [asked] if asked else addresses.of_this_machine()
    if not found:
        raise Refused("this machine is in no network", "switch its hotspot on first, then start again")
    return found[0]


@click.command("recount")
@in_folder
def recount_command(folder: Path) -> None:
    """Fold every record again from the log, derive all growth, count all months, and say what changed."""
    from siposyandu import records

    instance = opened(folder)
    with instance.store_for_job() as store:
        say = progress_line("records")
        changed = records.recount(store, lambda done, of: say(done))
    click.echo(f"changed: {', '.join(changed)}" if changed else "nothing changed: every number was right")


@click.command("jobs")
@in_folder
def jobs_command(folder: Path) -> None:
    """Run the timetable of a province whose pages gunicorn serves, until Ctrl-C; never two at once."""
    from siposyandu.serving import run_jobs

    run_jobs(opened(folder), lambda: click.echo("the timetable runs"))


@click.command("move")
@in_folder
@click.argument("address")
def move_command(folder: Path, address: str) -> None:
    """Move a province from its file into an empty PostgreSQL database, ADDRESS; stop the service first."""
    from siposyandu import moving

    rows = moving.move_place(opened(folder), address, lambda table, count: click.echo(f"{count:>10} {table}"))
    click.echo(f"{rows} rows moved; the file stays as it is")


@click.command("partition")
@in_folder
def partition_command(folder: Path) -> None:
    """Make the next parts of the long tables now (the timetable does it daily), and list all of them with their size."""
    from siposyandu import partitions
    from siposyandu.periods import Month, local_date

    instance = opened(folder)
    with instance.store_for_job() as store:
        made = partitions.make_ready(store, Month.of(local_date(instance.now())))
        for part in partitions.parts(store):
            click.echo(f"{part['bytes']:>14} {part['name']}{' new' if part['name'] in made else ''}")
