"""Commands that carry records between places: `sync`."""

from pathlib import Path

import click

from siposyandu.cli.shared import in_folder, opened


@click.command("sync")
@in_folder
def sync_command(folder: Path) -> None:
    """Send what the province has not acknowledged and fetch what is new, now."""
    outcome = opened(folder).exchange()
    click.echo(
        f"{outcome.acknowledged} acknowledged, {outcome.received} received, {outcome.requests} requests"
    )
