"""Commands that keep a place well: `backup`, `restore`, `epoch`, `doctor`."""

import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from siposyandu import as_laptop, as_province, config
from siposyandu.cli import shared
from siposyandu.cli.shared import in_folder, opened
from siposyandu.config import Config
from siposyandu.errors import Locked
from siposyandu.instance import Instance
from siposyandu.machine import Chance, steady_seconds
from siposyandu.periods import TIME_ZONE, parse_instant
from siposyandu.vault import papers
from siposyandu.vault.door import Door
from siposyandu.vault.safe import Secrets, Vault
from sync.errors import TryAgain
from sync.rings import KeyFile
from sync.status import status

if TYPE_CHECKING:
    from siposyandu.copies.sealed import Head
    from siposyandu.doctor import Finding
    from siposyandu.restoring import Opened


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

    from siposyandu.copies import locks

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


@click.command("restore")
@in_folder
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@click.option("--code", default="", help="The one-time code from the puskesmas, by which a new laptop joins.")
@click.option(
    "--upstream", default="", help="Address of the province, where it is no longer that of the copy."
)
@click.option("--port", default=8520, show_default=True, help="Port of the pages of a new laptop.")
def restore_command(folder: Path, file: Path, code: str, upstream: str, port: int) -> None:
    """Put a copy back: in an empty folder as a new laptop, else in the place of the database there, which is kept aside."""
    head = _introduce(file)
    there = (folder / config.FILE_NAME).exists()
    instance = _put_back(folder, file, head) if there else _found_again(folder, file, head, port)
    if not instance.config.is_province:
        _join(instance, upstream, code)
        _say_loss(instance)


def _introduce(file: Path) -> "Head":
    from siposyandu.copies import sealed

    click.echo(f"checking {file.name} ...")
    head = sealed.check(file)
    click.echo(
        f"{head.place}: {head.edits} edits, copied {_local(head.made_at)} by that machine's clock, version {head.app}"
    )
    return head


def _opened_copy(file: Path, head: "Head") -> "Opened":
    """Open a copy's lock: by the passphrase or both papers of its vault, or by the recovery key of an office."""
    from siposyandu import restoring

    if head.lock.get("kind") == "paper":
        asked = "Recovery key, from the paper"
        return restoring.opened_by_paper(file, click.prompt(asked, hide_input=True, err=True))
    return restoring.opened_by_vault(file, _unlock)


def _unlock(vault: Vault) -> Secrets:
    said = shared.passphrase_in_file()
    if said is None:
        asked = "Passphrase of the lost laptop (empty: by both recovery papers)"
        said = click.prompt(asked, default="", show_default=False, hide_input=True, err=True)
    if said:
        return vault.open(said)
    first, second = (papers.read(click.prompt(f"Paper {number}", err=True)) for number in (1, 2))
    return vault.open_with(first, second)


def _found_again(folder: Path, file: Path, head: "Head", port: int) -> Instance:
    from siposyandu import restoring

    restoring.check_empty(folder)
    copy = _opened_copy(file, head)
    click.echo("putting it back ...")
    return _gone_on(restoring.found_again(folder, port, copy), copy)


def _put_back(folder: Path, file: Path, head: "Head") -> Instance:
    from siposyandu import restoring

    place = config.load(folder)
    restoring.check_stopped(place)
    click.confirm(f"The database in {folder} is kept aside and this copy takes its place. Go on?", abort=True)
    copy = _opened_copy(file, head)
    aside = restoring.put_back(place, copy)
    if aside:
        click.echo(f"the database before is kept in {aside}")
    instance = _gone_on(place, copy)
    click.echo(f"put back; it goes on in the lane {instance.lane}")
    return instance


def _gone_on(place: Config, copy: "Opened") -> Instance:
    """Return the place, open: by the keys that came with the copy, or because it has no lock."""
    instance = Instance(place)
    if copy.secrets is not None:
        instance.mended(place, copy.secrets)
    if instance.damage is not None:
        raise instance.damage
    return instance


def _join(instance: Instance, upstream: str, code: str) -> None:
    """Join the province with new keys, or go on with the old ones; where that fails now the laptop tries again by itself."""
    from siposyandu import restoring

    with instance.store_for_job() as store:
        enrolled = status(store).enrolled
    if not enrolled:
        asked = "One-time code from the puskesmas (empty: later, on the laptop's page)"
        code = code or click.prompt(asked, default="", show_default=False)
        if not code:
            return
    click.echo("fetching what the province has ...")
    try:
        if enrolled:
            as_laptop.exchange(instance)
        else:
            restoring.join(instance, code, upstream)
    except TryAgain as refused:
        click.echo(f"{refused}. {refused.hint}")
        return
    restoring.ask(instance)


def _say_loss(instance: Instance) -> None:
    from siposyandu import restoring

    with instance.store_for_job() as store:
        lost = restoring.loss(store)
    if lost is None:
        return
    click.echo(f"\nBack: the copy, with {lost.in_copy} edits of the lost laptop", nl=False)
    click.echo("." if lost.at_province is None else f"; the province had {lost.at_province} of them.")
    if lost.sure is None:
        click.echo(
            "The province was not asked yet what it last heard; the laptop's page says so once it was."
        )
    else:
        click.echo(
            f"Lost for sure: {lost.sure} (the lost laptop had told of them; they were neither sent nor copied)."
        )
    click.echo(f"Perhaps lost: whatever was written on the lost laptop after {_local(lost.maybe_since)}.")


@click.command("epoch")
@in_folder
def epoch_command(folder: Path) -> None:
    """Begin a new epoch: the province's database was put back by other means (pg_restore) and lacks what came later."""
    instance = opened(folder)
    click.confirm(
        "Laptops will be asked to send again what this database lacks. Begin a new epoch?", abort=True
    )
    click.echo(f"epoch {as_province.begin_epoch(instance)}")


@click.command("doctor")
@in_folder
@click.option("--json", "as_json", is_flag=True, help="Say it for another program.")
def doctor_command(folder: Path, as_json: bool) -> None:
    """Say how this place is. The exit code is 0: all is well, 1: something is to be seen to, 2: something is broken."""
    from siposyandu import doctor

    findings = _examined(config.load(folder))
    if as_json:
        click.echo(doctor.as_json(findings))
    else:
        for finding in findings:
            click.echo(f"{_MARKS[finding.state]}  {finding.part + ':':<12} {finding.words}")
            if finding.do:
                click.echo(f"{'':18}-> {finding.do}")
    sys.exit(doctor.code(findings))


_MARKS = {"well": "ok ", "look": "see", "broken": "BAD"}


def _examined(place: Config) -> "list[Finding]":
    """Look outside and, where it is not encrypted or the passphrase is given, inside."""
    from siposyandu import doctor
    from siposyandu.instance import KEYS_FILE, this_moment
    from siposyandu.vault.shelf import SealedShelf

    findings = list(doctor.outside(place))
    door = Door(place.folder, wanted=place.encrypted, token_bytes=Chance().token_bytes, steady=steady_seconds)
    if door.is_new:
        return findings
    if door.has_lock:
        try:
            door.open(shared.passphrase())
        except Locked:
            return [*findings, doctor.closed()]
    file, ring_key, database_key = (
        KeyFile(place.keys_folder / KEYS_FILE),
        door.key("ring"),
        door.key("database"),
    )
    keys = file if ring_key is None else SealedShelf(file, ring_key, Chance().token_bytes)
    return findings + list(doctor.inside(place, database_key, keys, this_moment()))


def _local(instant: str) -> str:
    there: datetime = parse_instant(instant).astimezone(TIME_ZONE)
    return f"{there:%Y-%m-%d %H:%M}"
