"""Where practice lives: a database and keys of its own in a folder of its own, with no way to anywhere.

There is no settings file in the folder, so that no command can take it for a place.
"""

import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path

from siposyandu.config import Config
from siposyandu.instance import Instance
from siposyandu.periods import local_date

FOLDER = "latihan"
STALE_AFTER = timedelta(days=75)
"""So long after the ghosts' last posyandu day practice begins anew: their list would no longer be like a real one."""


@dataclass(frozen=True)
class PracticeConfig(Config):
    """The settings of a practice posyandu: it is nobody's laptop and not the province."""

    @property
    def is_province(self) -> bool:
        """Never: though nothing is sent further from here."""
        return False

    @property
    def is_practice(self) -> bool:
        """Always."""
        return True


def ready(home: Path, language: str, clock: Callable[[], datetime]) -> Instance:
    """Open the practice posyandu of a place, begun anew where there is none, or a damaged or stale one."""
    from siposyandu.practice import ghosts  # only who practises pays for what makes a village

    found = _opened(home, language, clock)
    posyandu = None if found.damage else _posyandu(found, local_date(clock()))
    if posyandu is None:
        clear(home)
        found = _opened(home, language, clock)
        posyandu = ghosts.settle(found)
    found.config = replace(found.config, area=posyandu)
    return found


def clear(home: Path) -> None:
    """Forget the practice posyandu of a place with all that was typed there."""
    shutil.rmtree(home / FOLDER, ignore_errors=True)


def _opened(home: Path, language: str, clock: Callable[[], datetime]) -> Instance:
    folder = home / FOLDER
    folder.mkdir(mode=0o700, exist_ok=True)
    return Instance(PracticeConfig(folder, area="", port=0, language=language, flash_disks=""), clock)


def _posyandu(place: Instance, today: date) -> str | None:
    """Return the id of the practice posyandu; None where there is none yet or its ghosts are of long ago."""
    with place.store_for_job() as store:
        newest = store.value("select max(visit_date) from balita")
        home = store.value("select id from posyandu")
    fresh = newest is not None and date.fromisoformat(newest) >= today - STALE_AFTER
    return str(home) if home and fresh else None
