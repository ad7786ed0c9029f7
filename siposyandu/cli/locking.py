"""Commands of the lock: `encrypt` a plain place, change its `passphrase`, make new recovery `papers`."""

from collections.abc import Callable
from pathlib import Path

import click

from siposyandu.cli import shared
from siposyandu.cli.shared import in_folder, opened
from siposyandu.errors import BadInput, Refused
from siposyandu.instance import Instance
from siposyandu.machine import Chance
from siposyandu.vault import passphrases
from siposyandu.vault.door import Door
from siposyandu.vault.papers import Paper

HOLDERS = ("the puskesmas", "the head of the desa")

papers_to = click.option(
    "--papers",
    "papers_folder",
    type=click.Path(path_type=Path, file_okay=False),
    default=None,
    help="Write the two recovery papers into this folder, on another disk, instead of showing them here.",
)


@click.command("encrypt")
@in_folder
@papers_to
def encrypt_command(folder: Path, papers_folder: Path | None) -> None:
    """Encrypt a place that was plain: copy, compare, swap, wipe. Stop its service first."""
    from siposyandu import founding

    hand_out = handing_out(folder, papers_folder)
    papers = founding.encrypt(folder, new_passphrase())
    hand_out(papers)
    click.echo(
        "encrypted. The old file was written over and removed; a solid-state disk may still hold parts of it"
        " where nobody can reach but a laboratory. Copies made earlier are as readable as before: destroy them."
    )


@click.command("passphrase")
@in_folder
def passphrase_command(folder: Path) -> None:
    """Change the passphrase of an encrypted place."""
    door = shared.closed(folder).door
    _must_be_encrypted(door)
    now = shared.passphrase()
    door.prove(now)
    door.change(now, asked_passphrase())
    click.echo("changed: the passphrase before opens this place no more")


@click.command("papers")
@in_folder
@papers_to
def papers_command(folder: Path, papers_folder: Path | None) -> None:
    """Make two new recovery papers; those made before open nothing any more."""
    hand_out = handing_out(folder, papers_folder)
    place = opened(folder)
    _must_be_encrypted(place.door)
    hand_out(place.door.print_papers())


def give_passphrase(place: Instance, papers_folder: Path | None) -> None:
    """Give a new laptop its first passphrase and hand out its papers; one that has a passphrase already is opened by it."""
    if place.door.is_new:
        hand_out = handing_out(place.config.folder, papers_folder)
        hand_out(place.begin_vault(new_passphrase()))
    else:
        shared.unlock(place, shared.passphrase())


def new_passphrase() -> str:
    """Return a new place's passphrase: from the file that the environment names, else asked for. BadInput when it is weak."""
    given = shared.passphrase_in_file()
    if given is None:
        return asked_passphrase()
    passphrases.check(given)
    return given


def asked_passphrase() -> str:
    """Ask for a new passphrase twice until it is strong enough; four words are offered."""
    click.echo(f"Four words by chance, if you like: {passphrases.suggest(Chance().token_bytes)}", err=True)
    while True:
        typed = str(click.prompt("New passphrase", hide_input=True, confirmation_prompt=True, err=True))
        try:
            passphrases.check(typed)
        except BadInput as refused:
            click.echo(str(refused), err=True)
        else:
            return typed


def handing_out(place: Path, folder: Path | None) -> Callable[[tuple[Paper, Paper]], None]:
    """Return what shows or writes the papers. Refused when they would lie beside what they open."""
    if folder is None:
        return _show
    if folder.resolve().is_relative_to(place.resolve()):
        raise Refused("the papers may not lie in the place they open", "name a folder on a flash disk")
    folder.mkdir(parents=True, exist_ok=True)
    return lambda papers: _write(papers, folder)


def _must_be_encrypted(door: Door) -> None:
    if not door.has_lock:
        raise Refused("this place is not encrypted", "to encrypt it: siposyandu encrypt")


def _show(papers: tuple[Paper, Paper]) -> None:
    for paper, holder in zip(papers, HOLDERS, strict=True):
        click.echo(
            f"\nRecovery paper {paper.number} of 2, sheet {paper.mark}, for {holder}:\n    {paper.text}"
        )
    click.echo("\nCopy each to its own sheet now and clear this terminal: they are shown only once.")


def _write(papers: tuple[Paper, Paper], folder: Path) -> None:
    for paper, holder in zip(papers, HOLDERS, strict=True):
        said = f"SIPosyandu, recovery paper {paper.number} of 2, sheet {paper.mark}, kept by {holder}:\n\n{paper.text}\n"
        (folder / f"siposyandu-paper-{paper.number}.txt").write_text(said, "utf-8")
    click.echo(f"two papers in {folder}: print each for its keeper, then destroy the files")
