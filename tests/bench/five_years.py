"""A posyandu's laptop after five years: a hundred children at any one time, some 5,000 weighings, everybody still sends.

Made once from a fixed seed and kept in the machine's folder for passing things; each bench works on its own copy.
"""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import forms
from siposyandu import access, credentials, records
from siposyandu.access import Worker
from siposyandu.demo.children import SyntheticChild, village
from siposyandu.periods import Month, instant_text, local_date
from siposyandu.records import FORM_FIELD, Pen, Values
from siposyandu.store import Store
from sync import edits
from sync.ports import Author
from tests.conftest import MELATI_DESA, PIN, settle
from tests.kader import Kader
from tests.places import Place

SEED = 5
MONTHS = 60
CHILDREN_AT_A_TIME = 100
NOWHERE = "http://127.0.0.1:9"
HOUSE = Path(records.__file__).parents[1]
MADE_FROM = ("siposyandu", "sync", "forms", "tests/bench/five_years.py", "tests/conftest.py")


@contextmanager
def laptop() -> Iterator[Kader]:
    """Give a copy of the laptop, switched on, its kader signed in with the date confirmed; it is thrown away afterwards."""
    with tempfile.TemporaryDirectory(prefix="siposyandu-bench-") as folder:
        shutil.copytree(made(), folder, dirs_exist_ok=True)
        place = Place(Path(folder), upstream=NOWHERE)
        worker = kader_of(place)
        with place:
            kader = Kader(place, worker)
            kader.sign_in()
            yield kader
            kader.visitor.close()


def made() -> Path:
    """Return the folder of the laptop that copies are made of; made anew when the program has changed."""
    month = Month.of(local_date(datetime.now(UTC)))
    folder = Path(tempfile.gettempdir()) / f"siposyandu-five-years-{month}-{_fingerprint()}"
    if not (folder / "ready").exists():
        for older in folder.parent.glob("siposyandu-five-years-*"):
            shutil.rmtree(older, ignore_errors=True)
        _make(folder, month.previous)
        (folder / "ready").touch()
    return folder


def kader_of(place: Place) -> Worker:
    """Say whose laptop it is and return its kader."""
    instance = place.instance
    with instance.store_for_job() as store:
        found = access.worker(store, store.value("select id from worker where name = 'Aminah'"))
    assert found is not None
    place.belongs_to(found.area)
    return found


def _fingerprint() -> str:
    files = [HOUSE / name for name in MADE_FROM]
    sources = [file for path in files for file in ([path] if path.is_file() else sorted(path.rglob("*.py")))]
    return sha256(b"".join(source.read_bytes() for source in sources)).hexdigest()[:12]


def _make(folder: Path, last: Month) -> None:
    place = Place(folder, upstream=NOWHERE)
    instance = place.instance
    children = village(
        SEED,
        posyandu_name="Melati",
        children=2 * CHILDREN_AT_A_TIME,  # in five years every one of them has grown out and another was born
        months=[(month.year, month.number) for month in last.shifted(1 - MONTHS).until(last)],
        end=last.last,
        desa_code=MELATI_DESA,
    )
    with instance.store_for_job() as store, store.write():
        people = settle(store, instance)
        credentials.set_pin(store, people.aminah.id, PIN, instance.now())
        book = Book(store, Pen(instance.lane, people.aminah, instance.now()), people.melati)
        written = [entity for child in children for entity in book.write(child)]
        records.project(store, written)


class Book:
    """Writes children into the log as their kader would have; rows and counts are made of it once, at the end."""

    def __init__(self, store: Store, pen: Pen, posyandu_id: str) -> None:
        self._store, self._pen, self._home = store, pen, posyandu_id

    def write(self, child: SyntheticChild) -> list[str]:
        """Write one child with her visits, corrections and later changes; returns the records that were made."""
        home = {"posyandu": self._home, "posyandu_since": child.values["registered_date"]}
        person = self._edit("person", {**child.values, **home})
        visits = []
        for visit in child.visits:
            visits.append(self._edit("balita", {**visit.values, "person": person, "posyandu": self._home}))
            if visit.correction:
                self._edit("balita", visit.correction.values, visits[-1])
        for change in child.changes:
            self._edit("person", change.values, person)
        return [person, *visits]

    def _edit(self, form: str, values: Values, entity: str | None = None) -> str:
        wire = forms.BY_NAME[form].to_wire(dict(values))
        known = {number: value for number, value in wire.items() if value is not None}
        written = edits.record(
            self._store,
            self._pen.lane,
            kind="set" if entity else "create",
            entity=entity,
            values=wire if entity else {FORM_FIELD: forms.BY_NAME[form].number, **known},
            author=Author(self._pen.who.id, self._pen.who.rank),
            device_time=instant_text(self._pen.at),
        )
        return written.entity
