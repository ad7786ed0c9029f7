"""Commands that take in other systems' files: `import`."""

import sys
from pathlib import Path

import click

from siposyandu.cli.shared import in_folder, opened


@click.group("import")
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
