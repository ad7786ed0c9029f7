"""Days at a synthetic posyandu: a laptop whose children are registered, and what is measured of them month by month."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path
from random import Random

import forms
from siposyandu import as_laptop, as_province, records
from siposyandu.config import Config
from siposyandu.demo.children import village
from siposyandu.instance import Instance
from siposyandu.records import Pen
from sync.client import HttpTransport, Outcome
from tests.conftest import Village

MONTHS = [(2024 + (4 + month) // 12, (4 + month) % 12 + 1) for month in range(28)]
CHILDREN, VISITS = 60, 24  # some months are missed by everyone
Row = tuple[int, dict[str, object]]


def visits() -> list[list[dict[str, object]]]:
    """Return, for each of many children, the values of her visits, as many as there were in 28 months."""
    end = date(2026, 8, 31)
    made = village(7, posyandu_name="Melati", children=240, months=MONTHS, end=end, desa_code="5202022005")
    return [[dict(visit.values) for visit in child.visits] for child in made]


def days(count: int) -> Iterator[list[Row]]:
    """Yield posyandu days of `count` children, in the order they came."""
    by_child = [seen for seen in visits() if len(seen) >= VISITS][:count]
    chance = Random(2026)
    for month in range(VISITS):
        rows = [(number, seen[month]) for number, seen in enumerate(by_child)]
        chance.shuffle(rows)
        yield [(number, {**values, "visit_date": f"2026-08-{month + 1:02}"}) for number, values in rows]


class Day:
    """A laptop of Melati's that has joined the province, and its road; its clock is the province's."""

    def __init__(self, place: Village, url: str, folder: Path, *, passphrase: str = "") -> None:
        self.place = place
        settings = Config(folder=folder, area="", upstream=url, encrypted=bool(passphrase))
        self.laptop = Instance(settings, clock=place.instance.now)
        if passphrase:
            self.laptop.begin_vault(passphrase)
        self.children: list[str] = []
        with place.instance.store_for_job() as store:
            code = as_province.new_enrolment_code(place.instance, store, place.melati)
        as_laptop.enrol(self.laptop, url, code, "bench")
        self.transport = HttpTransport(url)

    def register(self, count: int) -> None:
        """Register children; they reach the province before anything is counted."""
        with self.laptop.store_for_job() as store, store.write():
            for number in range(count):
                card = {"posyandu": self.place.melati, "name": f"Anak {number}", "birth_date": "2024-01-15"}
                pen = Pen(self.laptop.lane, self.place.aminah, self.laptop.now())
                self.children.append(records.save(store, pen, forms.BY_NAME["person"], card | {"sex": "f"}))
        as_laptop.exchange(self.laptop, self.transport)

    def weigh(self, rows: Sequence[Row]) -> None:
        """Write visits, two minutes between two children, three kader taking turns as the morning goes."""
        chance = Random(60)
        at = self.laptop.now()
        with self.laptop.store_for_job() as store, store.write():
            for child, values in rows:
                at += timedelta(seconds=chance.randrange(60, 200))
                pen = Pen(self.laptop.lane, self.place.aminah, at)
                home = {"person": self.children[child], "posyandu": self.place.melati}
                records.save(store, pen, forms.BY_NAME["balita"], {**home, **values})

    def exchange(self) -> Outcome:
        """Exchange over the road it has, then let go of it: the next exchange connects anew."""
        try:
            return as_laptop.exchange(self.laptop, self.transport)
        finally:
            self.transport.close()
