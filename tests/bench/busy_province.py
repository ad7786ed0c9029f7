"""A province with many posyandu and a year of weighings, and the batches that their laptops send next, signed beforehand.

Real laptops write and sign: each has its own store, keys and lane, and exchanges with the province by its own code. What
they send after the province was copied is kept, so that the same batches can be sent to copies of it again and again.
"""

import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cache
from itertools import zip_longest
from pathlib import Path

import forms
from siposyandu import areas, as_province, config, records
from siposyandu.access import Worker
from siposyandu.config import Config
from siposyandu.demo.children import SyntheticChild, village
from siposyandu.encryption import Connection
from siposyandu.instance import Instance
from siposyandu.machine import Chance, Clock
from siposyandu.migrations import migrate
from siposyandu.periods import Month, local_date
from siposyandu.records import FORM_FIELD, Pen, Values
from siposyandu.store import Store, open_store
from sync import client, edits, joining, opening
from sync.errors import Unreachable
from sync.laptop import Laptop
from sync.ports import Author
from sync.province import Province, receive
from sync.rings import Ring
from tests.conftest import MELATI_DESA, NOW
from tests.postgresql import Server
from tests.sync_world import Drawer, enrolled_by

CHILDREN = 60
HISTORY_MONTHS, MOST_MONTHS = 12, 4
FIRST = Month.of(local_date(datetime.now(UTC))).shifted(1 - HISTORY_MONTHS - MOST_MONTHS)
"""The last batches are of the present month: a server that runs opens the months up to now by itself."""
SEED = 11
DATABASE = "siposyandu.db"


@dataclass
class Direct:
    """A road to the province by a function call; it keeps what was sent."""

    province: Province
    sent: list[bytes] = field(default_factory=list)
    cut: bool = False

    def post(self, path: str, body: bytes) -> bytes:
        """Carry a request there and its answer back."""
        if path == "/v1/enrol":
            return enrolled_by(self.province, body)
        self.sent.append(body)
        if self.cut:
            raise Unreachable("kept for later")
        return receive(self.province, body).body


@dataclass
class Post:
    """A posyandu with its laptop, its kader and its children."""

    id: str
    laptop: Laptop
    road: Direct
    aminah: Worker
    day: int
    children: list[str] = field(default_factory=list)

    def register(self, lives: Sequence[SyntheticChild], month: Month) -> None:
        """Write the cards of its children, as they came in a month."""
        home = {"posyandu": self.id, "status": "active", "registered_date": f"{month}-01"}
        self.children = [self._write("person", {**child.values, **home}) for child in lives]

    def weigh(self, lives: Sequence[SyntheticChild], number: int) -> None:
        """Write the visits of a month."""
        date = {"visit_date": f"{FIRST.shifted(number)}-{self.day:02}", "posyandu": self.id}
        for person, child in zip(self.children, lives, strict=True):
            self._write("balita", {**child.visits[number].values, **date, "person": person})

    def exchange(self) -> list[bytes]:
        """Send what was written; return the messages that carried it."""
        self.road.sent.clear()
        client.exchange(self.laptop)
        return list(self.road.sent)

    def prepare(self) -> bytes:
        """Return the message that would carry what was written, without sending it; the laptop is let go."""
        self.road.sent.clear()
        self.road.cut = True
        with suppress(Unreachable):
            client.exchange(self.laptop)
        self.laptop.store.close()
        return self.road.sent[0]

    def _write(self, form: str, values: Values) -> str:
        wire = forms.BY_NAME[form].to_wire(dict(values))
        known = {number: value for number, value in wire.items() if value is not None}
        with self.laptop.store.write():
            return edits.record(
                self.laptop.store, self.laptop.keys.lane, kind="create", entity=None,
                values={FORM_FIELD: forms.BY_NAME[form].number, **known},
                author=Author(self.aminah.id, self.aminah.rank), device_time=self.laptop.clock.now(),
            ).entity  # fmt: skip


@dataclass(frozen=True)
class Busy:
    """The province's folder as it was before the batches came, and the batches: for each month one of each laptop."""

    folder: Path
    months: tuple[tuple[bytes, ...], ...]

    server: Server | None = None

    @contextmanager
    def copy(self) -> Iterator[Instance]:
        """Give a copy of the province; it is thrown away afterwards."""
        with tempfile.TemporaryDirectory(prefix="siposyandu-bench-") as folder:
            place = _copied(self.folder, Path(folder), self.server)
            yield Instance(place, clock=lambda: NOW)
            if self.server:
                self.server.drop(place.database)


@contextmanager
def busy_province(posts: int, months: int, server: Server | None = None) -> Iterator[Busy]:
    """Give a province of so many posyandu with a year of weighings, and the batches of so many months more.

    It lives in a database of `server` when there is one, else in a file.
    """
    with _founded(server) as (instance, made):
        lives = _lives(HISTORY_MONTHS + months)
        with instance.store_for_job() as store:
            living = [_post(instance, store, number, lives) for number in range(posts)]
        before = Path(made) / "before"
        _copied(instance.config.folder, before, server)
        with instance.store_for_job() as store:
            sent = [_month(instance, store, living, lives, number) for number in range(months)]
        yield Busy(before, tuple(sent), server)


@contextmanager
def _founded(server: Server | None) -> Iterator[tuple[Instance, Path]]:
    with tempfile.TemporaryDirectory(prefix="siposyandu-bench-") as made:
        folder = Path(made) / "province"
        config.save(Config(folder=folder, area="52", port=0, database=server.empty() if server else DATABASE))
        yield Instance(config.load(folder), clock=lambda: NOW), Path(made)


def _copied(folder: Path, to: Path, server: Server | None) -> Config:
    """Copy a province that nobody has open; returns the settings of the copy."""
    shutil.copytree(folder, to, dirs_exist_ok=True)
    place = config.load(to)
    if server:
        place = replace(place, database=server.copy(place.database))
        server.settle(place.database)
        config.save(place)
    return place


@contextmanager
def holiday(laptops: int, server: Server | None = None) -> Iterator[Busy]:
    """Give a province whose posyandu have registered their children, and the first month that each laptop sends."""
    with _founded(server) as (instance, _):
        lives = _lives(HISTORY_MONTHS + MOST_MONTHS)
        with instance.store_for_job() as store:
            posts = (_post(instance, store, number, lives, months=0) for number in range(laptops))
            messages = tuple(_prepared(post, lives) for post in posts)
        yield Busy(instance.config.folder, (messages,), server)


def _prepared(post: Post, lives: Sequence[SyntheticChild]) -> bytes:
    post.weigh(lives, HISTORY_MONTHS + MOST_MONTHS - 1)
    return post.prepare()


def _lives(visits: int) -> list[SyntheticChild]:
    """Return children who were seen at least so often, from the beginning on."""
    window = [FIRST.shifted(number) for number in range(visits + 6)]
    made = village(
        SEED, posyandu_name="Melati", children=6 * CHILDREN, end=window[-1].last, desa_code=MELATI_DESA,
        months=[(month.year, month.number) for month in window],
    )  # fmt: skip
    came = [
        child for child in made
        if len(child.visits) >= visits and child.visits[0].visit_date < str(window[2].first)
        and str(child.values["birth_date"]) < str(FIRST.first)
    ]  # fmt: skip
    assert len(came) >= CHILDREN, f"only {len(came)} children came often enough"
    return came[:CHILDREN]


def _post(
    instance: Instance,
    store: Store,
    number: int,
    lives: Sequence[SyntheticChild],
    months: int = HISTORY_MONTHS,
) -> Post:
    """Found a posyandu, enrol its laptop, and let it send its children and their year."""
    office = Pen(instance.lane, Worker("0" * 32, "Office", "provinsi", "52"), NOW)

    def keep(form: str, **values: str | int) -> str:
        return records.save(store, office, forms.BY_NAME[form], values)

    desa = _desa()[number % len(_desa())]
    posyandu = keep("posyandu", code=f"M{number}", name=f"Melati {number}", desa_code=desa, active=1)
    aminah = keep("worker", name="Aminah", username=f"aminah{number}", role="kader", area=posyandu, active=1)
    laptop, road = _laptop(instance, store, posyandu)
    post = Post(posyandu, laptop, road, Worker(aminah, "Aminah", "kader", posyandu), 2 + number % 26)
    post.register(lives, FIRST if months else FIRST.shifted(HISTORY_MONTHS + MOST_MONTHS - 1))
    for month in range(months):
        post.weigh(lives, month)
    post.exchange()
    return post


def _laptop(instance: Instance, store: Store, posyandu: str) -> tuple[Laptop, Direct]:
    chance, clock = Chance(), Clock(lambda: NOW)
    own = open_store(":memory:")
    _template().backup(own.database.conn)
    ring = Ring(Drawer(), chance.token_bytes)
    opening.open_laptop(own, ring, clock.now())
    road = Direct(as_province.ports(instance, store))
    laptop = Laptop(own, ring, road, clock, chance, lambda *_: None, lambda *_: None, "1.0.0")
    joining.enrol(laptop, as_province.new_enrolment_code(instance, store, posyandu))
    client.exchange(laptop)
    return laptop, road


@cache
def _desa() -> list[str]:
    """Return the desa of the province, one of each kecamatan first: a laptop is told the posyandu of its kecamatan."""
    kecamatan = [each for kabupaten in areas.children("52") for each in areas.children(kabupaten.code)]
    parts = [[desa.code for desa in areas.children(each.code)] for each in kecamatan]
    return [desa for row in zip_longest(*parts) for desa in row if desa]


@cache
def _template() -> Connection:
    """Return a new laptop's database, to be copied: its tables take longer to make than sixty visits."""
    made = open_store(":memory:")
    migrate(made)
    return made.database.conn


def _month(
    instance: Instance,
    store: Store,
    posts: Sequence[Post],
    lives: Sequence[SyntheticChild],
    number: int,
) -> tuple[bytes, ...]:
    """Return what each laptop sends of a month; the growing province takes it, so that they can go on."""
    sent = []
    for post in posts:
        post.road.province = as_province.ports(instance, store)
        post.weigh(lives, HISTORY_MONTHS + number)
        messages = post.exchange()
        assert len(messages) == 1, "a month of 60 children is one message"
        sent += messages
    return tuple(sent)
