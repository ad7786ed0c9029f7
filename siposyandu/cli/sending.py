"""Commands that carry records between places: `sync`, and `sync export` and `sync import` where there is no network."""

from pathlib import Path

import click

from siposyandu.cli.shared import in_folder, opened


@click.group("sync", invoke_without_command=True)
@in_folder
@click.pass_context
def sync_command(context: click.Context, folder: Path) -> None:
    """Send what the province has not acknowledged and fetch what is new, now; or carry it as a file."""
    context.obj = folder
    if context.invoked_subcommand is not None:
        return
    outcome = opened(folder).exchange()
    click.echo(
        f"{outcome.acknowledged} acknowledged, {outcome.received} received, {outcome.requests} requests"
    )


@sync_command.command("export")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--answers", is_flag=True, help="At a puskesmas PC: write the answers for the laptops instead.")
@click.pass_obj
def export_command(folder: Path, file: Path, answers: bool) -> None:
    """Write FILE to give away: what a laptop or a puskesmas PC has for the province, the province's answers for them.

    FILE may be a folder, as of a flash disk; the file then gets a name that says whose it is.
    """
    from siposyandu import titipan

    instance = opened(folder)
    with instance.store_for_job() as store:
        out = (titipan.answers_for_laptops if answers else titipan.outgoing)(instance, store)
        path = file / out.name if file.is_dir() else file
        titipan.write(path, out.data)
        out.given()
    click.echo(f"{path}, {len(out.data)} bytes")


@sync_command.command("import")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.pass_obj
def import_command(folder: Path, files: tuple[Path, ...]) -> None:
    """Take in FILES that were brought; of a folder, every .sipb file in it. Good parts are taken beside bad ones."""
    from siposyandu import titipan

    instance = opened(folder)
    refused = 0
    with instance.store_for_job() as store:
        for path in _each(files, titipan.ENDING):
            came = titipan.incoming(instance, store, titipan.read(path))
            _say(path, came)
            refused += len(came.remarks) - came.taken
    if refused:
        raise SystemExit(1)


def _each(files: tuple[Path, ...], ending: str) -> list[Path]:
    found: list[Path] = []
    for path in files:
        found += sorted(path.glob(f"*{ending}")) if path.is_dir() else [path]
    return found


def _say(path: Path, came: object) -> None:
    from siposyandu import i18n, titipan

    assert isinstance(came, titipan.Came)
    click.echo(f"{path}: {came.taken} taken, {came.acknowledged} acknowledged, {came.received} received")
    for remark in came.remarks:
        words, word = titipan.sentence(remark)
        if word:
            click.echo(f"  {remark.lane[:8] or '-'} {word}: {i18n.gettext(words).format(word=word)}")
