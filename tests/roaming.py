"""A laptop with a bad signal, in a process of its own: it joins, writes a season, and tries until all is through.

`python -m tests.roaming FOLDER ADDRESS CODE NAME MONTHS EVERYBODY`: NAME tells its children from the other laptops', and
EVERYBODY is how many visits there will be when the other laptops' have come too. Says what it took.
"""

import json
import sys
import threading
from pathlib import Path
from time import monotonic

import forms
from siposyandu import access, as_laptop, records
from siposyandu.config import Config
from siposyandu.instance import Instance
from siposyandu.records import Pen
from siposyandu.store import Store
from sync.errors import TryAgain
from sync.status import status
from tests.bench.days import CHILDREN, Row, days

BETWEEN_TWO_TRIES_S = 0.5


class Roaming:
    """The laptop, and how often it has tried."""

    def __init__(self, folder: Path, address: str, code: str) -> None:
        self.laptop = Instance(Config(folder=folder, area="", upstream=address))
        self._address, self._code = address, code
        self.tries = self.broken = 0

    def until_through(self, expected: int = -1) -> None:
        """Try until everything written here is acknowledged, and so many visits are here."""
        while not self._through(expected):
            self.tries += 1
            try:
                self._try()
            except TryAgain:
                self.broken += 1
                threading.Event().wait(BETWEEN_TWO_TRIES_S)

    def _try(self) -> None:
        with self.laptop.store_for_job() as store:
            joined = status(store).enrolled
        if joined:
            as_laptop.exchange(self.laptop)
        else:
            as_laptop.enrol(self.laptop, self._address, self._code, "roaming")

    def _through(self, expected: int) -> bool:
        with self.laptop.store_for_job() as store:
            told = status(store)
            visits = store.value("select count(*) from balita")
        known = told.enrolled and told.acknowledged_at is not None
        return known and told.acknowledged == told.recorded and expected in (-1, visits)

    def write(self, name: str, months: int) -> None:
        """Register children and write what was measured of them."""
        with self.laptop.store_for_job() as store, store.write():
            pen = Pen(self.laptop.lane, _aminah(store), self.laptop.now())
            home = {"posyandu": store.value("select id from posyandu where name = 'Melati'")}
            card = {**home, "birth_date": "2024-01-15", "sex": "f"}
            children = [
                records.save(store, pen, forms.BY_NAME["person"], {**card, "name": f"{name} {number}"})
                for number in range(CHILDREN)
            ]
            for child, values in _rows(months):
                visit = {**home, "person": children[child], **values}
                records.save(store, pen, forms.BY_NAME["balita"], visit)


def _aminah(store: Store) -> access.Worker:
    found = access.worker(store, store.value("select id from worker where name = 'Aminah'"))
    assert found is not None
    return found


def _rows(months: int) -> list[Row]:
    return [row for morning, _ in zip(days(CHILDREN), range(months), strict=False) for row in morning]


def main() -> None:
    """Join, write, get it through, say what it took."""
    folder, address, code, name, months, everybody = sys.argv[1:]
    roaming = Roaming(Path(folder), address, code)
    roaming.until_through()
    roaming.write(name, int(months))
    begun = monotonic()
    roaming.until_through(int(everybody))
    took = {"seconds": monotonic() - begun, "tries": roaming.tries, "broken": roaming.broken}
    sys.stdout.write(json.dumps(took) + "\n")


if __name__ == "__main__":
    main()
