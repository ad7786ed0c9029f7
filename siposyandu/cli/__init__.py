"""`siposyandu`: everything that can be done from a terminal; `ALL` is the list of commands, each in the file of its kind.

Commands say what they do as they go, can be stopped, and can be run again.
"""

import sys

import click

from siposyandu import i18n
from siposyandu.cli import importing, keeping, locking, place, scoring, sending, showing, simulating
from siposyandu.errors import SiposyanduError
from sync.errors import SyncError

ALL: tuple[click.Command, ...] = (
    place.init_command,
    place.serve_command,
    place.recount_command,
    place.jobs_command,
    place.move_command,
    place.partition_command,
    locking.encrypt_command,
    locking.passphrase_command,
    locking.papers_command,
    sending.sync_command,
    keeping.backup_command,
    keeping.restore_command,
    keeping.epoch_command,
    keeping.doctor_command,
    importing.import_group,
    scoring.score_command,
    scoring.prevalence_command,
    simulating.simulate_command,
    showing.demo_command,
)


@click.group(commands=ALL)
@click.version_option(package_name="siposyandu")
def commands() -> None:
    """SIPosyandu: one entry at the weighing table becomes the province's number."""


def main() -> None:
    """Run a command; a refusal is one line that says what to do, never a traceback."""
    try:
        commands.main(standalone_mode=False)
    except (SiposyanduError, SyncError) as refused:
        click.echo(i18n.say(refused), err=True)
        if refused.hint:
            click.echo(refused.hint, err=True)
        sys.exit(1)
    except click.ClickException as misuse:
        misuse.show()
        sys.exit(misuse.exit_code)
    except click.Abort:
        sys.exit(130)
