"""The command that storms the product's own sync code: `simulate`, and the virtual disk it hands to the simulator."""

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import click

from siposyandu.cli.shared import progress_line
from siposyandu.errors import DiskFull
from siposyandu.store import SqliteStore, open_store

if TYPE_CHECKING:
    from sync.simulate import runs


class MemoryDisk:
    """The product's own store, in memory."""

    def blank(self) -> SqliteStore:
        """Return an empty database."""
        return open_store(":memory:")

    def image(self, store: SqliteStore) -> SqliteStore:
        """Return a copy of a whole database, which stays as it is."""
        return self.opened(store)

    def opened(self, image: SqliteStore) -> SqliteStore:
        """Return a store over a copy of a database."""
        store = self.blank()
        image.database.conn.backup(store.database.conn)
        return store

    def changes(self, store: SqliteStore) -> int:
        """Return how many rows were ever changed through this store."""
        return int(store.database.conn.total_changes)

    def is_durable(self, store: SqliteStore) -> bool:
        """Return whether a commit is on the disk when it returns."""
        return bool(store.value("pragma synchronous") >= 2)

    def fill(self, store: SqliteStore, pages_left: int) -> None:
        """Leave so many pages on the disk; a negative number: enough."""
        pages = 2**30 if pages_left < 0 else store.value("pragma page_count") + pages_left
        store.value(f"pragma max_page_count = {pages}")

    def is_full(self, error: BaseException) -> bool:
        """Return whether an error says that the disk is full."""
        return isinstance(error, DiskFull)


MEMORY = MemoryDisk()


@click.command("simulate")
@click.option(
    "--seeds", default="1..1000", show_default=True, metavar="A..B", help="Seeds to run, or one seed."
)
@click.option("--trace", is_flag=True, help="Tell what happens in each season, line by line.")
@click.option(
    "--out", type=click.Path(path_type=Path, dir_okay=False), help="Result file; a later run continues it."
)
@click.option("--jobs", default=1, show_default=True, help="Processes that run side by side.")
def simulate_command(seeds: str, trace: bool, out: Path | None, jobs: int) -> None:
    """Storm the sync code: seasons of laptops, lost messages, power cuts, copies and restores, each under a seed.

    Every invariant of the protocol is checked. Each seed that violates one is named; it replays alone with --trace. May
    be stopped at any moment; with --out it goes on where it stopped.
    """
    from sync.simulate import runs  # a laptop that starts has no use for it

    asked = _range(seeds)
    if trace:
        _replay(asked)
        return
    show, tallies = progress_line("seeds"), []
    with suppress(KeyboardInterrupt):
        for tally in runs.run(asked, MEMORY, out, jobs):
            tallies.append(tally)
            show(sum(each.seeds for each in tallies))
            for seed, said in tally.violations:
                click.echo(f"\rseed {seed} violates {said}")
    _report(runs.summed(tallies))


def _range(seeds: str) -> tuple[int, int]:
    first, _, last = seeds.partition("..")
    try:
        return int(first), int(last or first)
    except ValueError:
        raise click.BadParameter(f"write A..B, not {seeds}", param_hint="--seeds") from None


def _replay(asked: tuple[int, int]) -> None:
    from sync.simulate import runs

    for seed in range(asked[0], asked[1] + 1):
        click.echo(f"seed {seed}")
        one = runs.season(seed, MEMORY, click.echo)
        for said in dict.fromkeys(one.oracle.violations):
            click.echo(f"seed {seed} violates {said}")


def _report(whole: "runs.Tally") -> None:
    from sync.simulate import runs

    click.echo(
        f"\r{whole.seeds} seeds: {whole.edits} edits, {whole.exchanges} exchanges, {sum(whole.faults.values())} faults, "
        f"{len({seed for seed, _ in whole.violations})} seeds with a violation; code {runs.code()}"
    )
    if whole.violations:
        raise click.exceptions.Exit(1)
