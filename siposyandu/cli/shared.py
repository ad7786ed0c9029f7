"""What commands have in common: the folder of a place, opening it, and saying how far one has come."""

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

import click

from siposyandu import config
from siposyandu.config import Config
from siposyandu.errors import Locked, MustWait
from siposyandu.instance import Instance

NAMES_THE_FILE = "SIPOSYANDU_PASSPHRASE_FILE"

in_folder = click.option(
    "--folder",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path(),
    envvar="SIPOSYANDU_FOLDER",
    help="The folder of this place (default: the one you stand in).",
)


def opened(folder: Path) -> Instance:
    """Open the place in a folder; an encrypted one asks for its passphrase. BadConfig where there is none, Damaged."""
    place = closed(folder)
    if not place.is_open and place.damage is None:
        unlock(place, passphrase())
    if place.damage is not None:
        raise place.damage
    return place


def closed(folder: Path) -> Instance:
    """Return the place in a folder as it stands: an encrypted one is still closed."""
    place: Config = config.load(folder)
    return Instance(place)


def unlock(place: Instance, said: str) -> None:
    """Open a place, after the wait that wrong passphrases have earned."""
    if place.door.is_new:
        raise Locked("this place has no passphrase yet", "open its page in the browser: siposyandu serve")
    try:
        place.unlock(said)
    except MustWait as early:
        click.echo(f"{early}; waiting ...", err=True)
        time.sleep(early.seconds)
        place.unlock(said)


def passphrase() -> str:
    """Return the passphrase from the file that SIPOSYANDU_PASSPHRASE_FILE names, else from the terminal. There is no default."""
    found = passphrase_in_file()
    if found is not None:
        return found
    if not sys.stdin.isatty():
        raise Locked("this place is closed", f"run it at a terminal, or name a file in {NAMES_THE_FILE}")
    return str(click.prompt("Passphrase", hide_input=True, err=True))


def passphrase_in_file() -> str | None:
    """Return the passphrase from the file that the environment names, None where it names none."""
    named = os.environ.get(NAMES_THE_FILE)
    return Path(named).read_text("utf-8").strip() if named else None


def progress_line(what: str) -> Callable[[int], None]:
    """Return a function that shows how far a long command has come, on one line, where a person looks on."""
    shown = sys.stderr.isatty()

    def show(done: int) -> None:
        if shown:
            click.echo(f"\r{done} {what} ...", nl=False, err=True)

    return show
