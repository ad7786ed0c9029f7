"""A laptop that writes and sends without end, in a process of its own, to be killed at any moment.

`python -m tests.soaking FOLDER ADDRESS CODE NAME LEDGER`: before each save the ledger says which children are about to be
written ("try 17 20"), after it that they were ("saved 17 20"). Started again, it goes on behind the last number it tried.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from random import Random

import forms
from siposyandu import access, as_laptop, records
from siposyandu.config import Config
from siposyandu.instance import Instance
from siposyandu.records import Pen
from sync.errors import TryAgain
from sync.status import status

MOST_AT_ONCE = 12
SAVES_BETWEEN_TWO_EXCHANGES = 4


@dataclass(frozen=True)
class Ledger:
    """What a laptop tried to save and what it was told is saved; a killed process leaves it as it was."""

    path: Path

    def say(self, word: str, first: int, last: int) -> None:
        """Write a line, at once."""
        opened = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        os.write(opened, f"{word} {first} {last}\n".encode())
        os.close(opened)

    def numbers(self, word: str) -> Iterator[range]:
        """The numbers of each save that was tried or saved."""
        for line in self.path.read_text().splitlines() if self.path.exists() else ():
            said, first, last = line.split()
            if said == word:
                yield range(int(first), int(last) + 1)

    @property
    def next_number(self) -> int:
        """The number behind the last one tried."""
        return max((numbers[-1] for numbers in self.numbers("try")), default=-1) + 1


def main() -> None:
    """Join if need be, then write and send until the power goes."""
    folder, address, code, name, ledger = sys.argv[1:]
    laptop, book = Instance(Config(folder=Path(folder), area="", upstream=address)), Ledger(Path(ledger))
    _join(laptop, address, code)
    sys.stdout.write("joined\n")
    sys.stdout.flush()
    chance = Random(f"{name} {book.next_number}")
    while True:
        for _ in range(SAVES_BETWEEN_TWO_EXCHANGES):
            _save(laptop, book, name, chance)
        with suppress(TryAgain):
            as_laptop.exchange(laptop)


def _join(laptop: Instance, address: str, code: str) -> None:
    with laptop.store_for_job() as store:
        joined = status(store).enrolled and store.value("select count(*) from worker") > 0
    if not joined:
        as_laptop.enrol(laptop, address, code, "soaking")


def _save(laptop: Instance, book: Ledger, name: str, chance: Random) -> None:
    """Register a few children and weigh them, all in one save."""
    first = book.next_number
    last = first + chance.randrange(MOST_AT_ONCE)
    with laptop.store_for_job() as store:
        aminah = access.worker(store, store.value("select id from worker where name = 'Aminah'"))
        assert aminah is not None
        home = {"posyandu": store.value("select id from posyandu where name = 'Melati'")}
        pen = Pen(laptop.lane, aminah, laptop.now())
        book.say("try", first, last)
        with store.write():
            for number in range(first, last + 1):
                card = {**home, "name": f"{name} {number}", "birth_date": "2024-01-15", "sex": "f"}
                child = records.save(store, pen, forms.BY_NAME["person"], card)
                seen = {"visit_date": "2026-08-03", "weight_g": 9000 + number % 3000, "oedema": "no"}
                records.save(store, pen, forms.BY_NAME["balita"], {**home, "person": child, **seen})
        book.say("saved", first, last)


if __name__ == "__main__":
    main()
