"""What commands have in common: the folder of a place, opening it, and saying how far one has come."""

import sys
from collections.abc import Callable
from pathlib import Path

import click

from siposyandu import config
from siposyandu.config import Config
from siposyandu.instance import Instance

in_folder = click.option(
    "--folder",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path(),
    envvar="SIPOSYANDU_FOLDER",
    help="The folder of this place (default: the one you stand in).",
)


def opened(folder: Path) -> Instance:
    """Open the place in a folder; BadConfig says what to run where there is none."""
    place: Config = config.load(folder)
    return Instance(place)


def progress_line(what: str) -> Callable[[int], None]:
    """Return a function that shows how far a long command has come, on one line, where a person looks on."""
    shown = sys.stderr.isatty()

    def show(done: int) -> None:
        if shown:
            click.echo(f"\r{done} {what} ...", nl=False, err=True)

    return show
