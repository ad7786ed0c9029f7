"""Commands that keep a place well: `backup`."""

from datetime import datetime
from pathlib import Path

import click

from siposyandu.cli.shared import in_folder, opened
from siposyandu.instance import Instance
from siposyandu.periods import TIME_ZONE, parse_instant


@click.command("backup")
@in_folder
@click.option(
    "--prove", is_flag=True, help="Also restore the newest copy for proof, as is done each month by itself."
)
@click.option("--list", "listed", is_flag=True, help="Only say which copies there are, and where.")
@click.option(
    "--new-key", is_flag=True, help="Make a recovery key for a place without a vault; print it for the safe."
)
def backup_command(folder: Path, prove: bool, listed: bool, new_key: bool) -> None:
    """Make an encrypted copy now: in the place's folder, on each flash disk that is in, in the folder of the settings."""
    from siposyandu import backups

    if new_key:
        _new_key(folder)
        return
    instance = opened(folder)
    if listed:
        _list(instance)
        return
    report = backups.make_now(instance)
    click.echo(f"{report.file}, {report.bytes / 1024:.0f} kB")
    for shelf in report.took:
        click.echo(
            f"  kept in {shelf.folder}" + ("" if shelf.elsewhere else " (on the same disk as the database)")
        )
    if prove:
        click.echo("restoring it for proof ...")
        click.echo(
            "proved: it can be restored"
            if backups.prove_now(instance)
            else "NOT proved: siposyandu doctor says why"
        )


def _new_key(folder: Path) -> None:
    from dataclasses import replace

    from siposyandu import config
    from siposyandu.copies import locks
    from siposyandu.machine import Chance

    place = config.load(folder)
    if place.copy_key:
        click.confirm(
            "There is a recovery key already; copies made from now on will need the new one. Go on?",
            abort=True,
        )
    public, paper = locks.new_paper(Chance().token_bytes(32))
    config.save(replace(place, copy_key=public))
    click.echo("Write this down, or print it, and lock it away from the server. It is not shown again:\n")
    click.echo(f"  {paper}\n")


def _list(instance: Instance) -> None:
    from siposyandu import backups
    from siposyandu.copies import shelves

    for shelf in backups.shelves_of(instance):
        for copy in shelves.copies(shelf):
            click.echo(f"{_local(copy.head.made_at)}  {copy.head.edits} edits  {copy.path}")


def _local(instant: str) -> str:
    there: datetime = parse_instant(instant).astimezone(TIME_ZONE)
    return f"{there:%Y-%m-%d %H:%M}"
