"""The command that shows everything on one machine: `demo`."""

import signal
import sys
from pathlib import Path

import click


@click.command("demo")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
def demo_command(folder: Path) -> None:
    """Show everything on this machine: a province, two posyandu, a year of synthetic children. Ctrl-C stops it."""
    from siposyandu.demo.show import show

    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(0))
    try:
        show(folder, click.echo)
    except KeyboardInterrupt:
        click.echo("\nStopped.")
