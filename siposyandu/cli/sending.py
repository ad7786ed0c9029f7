"""Commands that carry records between places: `sync`, and `sync export` and `sync import` where there is no network."""

from pathlib import Path

import click

from siposyandu import as_laptop
from siposyandu.cli.shared import in_folder, opened


def _take_nearer(context: click.Context, _: click.Parameter, folder: Path | None) -> None:
    if folder is not None:
        context.obj = folder


in_folder_too = click.option(
    "--folder",
    type=click.Path(path_type=Path, file_okay=False),
    callback=_take_nearer,
    expose_value=False,
    help="The folder of this place; it may also stand before this command's last word.",
)


@click.group("sync", invoke_without_command=True)
@in_folder
@click.pass_context
def sync_command(context: click.Context, folder: Path) -> None:
    """Send what the province has not acknowledged and fetch what is new, now; or carry it as a file."""
    context.obj = folder
    if context.invoked_subcommand is not None:
        return
    outcome = as_laptop.exchange(opened(folder))
    click.echo(
        f"{outcome.acknowledged} acknowledged, {outcome.received} received, {outcome.requests} requests"
    )


@sync_command.command("export")
@in_folder_too
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
@in_folder_too
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


@sync_command.command("ask")
@in_folder_too
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--code", prompt="Code from the letter", help="The one-time code, or the letter's whole line.")
@click.pass_obj
def ask_command(folder: Path, file: Path, code: str) -> None:
    """On a new laptop without a network: write FILE, by which it asks the province to join. The code is not in it."""
    from siposyandu import by_file, letter, titipan

    instance = opened(folder)
    with instance.store_for_job() as store:
        name = folder.resolve().name
        titipan.write(file, by_file.ask(instance, store, letter.read(code).code, name))
    click.echo(f"{file}: bring it to the province; its answer comes back as a file")


@sync_command.command("answer")
@in_folder_too
@click.argument("request", type=click.Path(path_type=Path))
@click.argument("file", type=click.Path(path_type=Path))
@click.pass_obj
def answer_command(folder: Path, request: Path, file: Path) -> None:
    """At the province: answer a new laptop's REQUEST with FILE."""
    from siposyandu import by_file, titipan

    instance = opened(folder)
    with instance.store_for_job() as store:
        titipan.write(file, by_file.answer(instance, store, titipan.read(request)))
    click.echo(f"{file}: bring it to the laptop")


@sync_command.command("join")
@in_folder_too
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--code", prompt="Code from the letter", help="The one-time code, or the letter's whole line.")
@click.option(
    "--mark", default="", help="The mark of the letter, four groups of five; not needed with its line."
)
@click.pass_obj
def join_command(folder: Path, file: Path, code: str, mark: str) -> None:
    """On the new laptop: join by FILE, the province's answer."""
    from siposyandu import by_file, letter, titipan

    instance, given = opened(folder), letter.read(code)
    with instance.store_for_job() as store:
        mark = given.fingerprint or mark or click.prompt("Mark of the letter")
        received = by_file.join(instance, store, titipan.read(file), given.code, mark)
    click.echo(f"joined; {received} received")


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
