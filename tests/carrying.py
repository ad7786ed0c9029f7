"""Places that carry records by file: the province, a puskesmas PC, a laptop that never sees a network, and a flash disk."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from flask.testing import FlaskClient

import forms
from siposyandu import as_laptop, as_province, config, records, titipan
from siposyandu.access import Worker
from siposyandu.config import Config
from siposyandu.instance import Instance
from siposyandu.records import Pen
from siposyandu.titipan import Came
from sync import enrolment, joining
from sync.province import receive
from tests.conftest import NOW, PASSWORD, PIN, Village, found, let_in, new_place, pages_of
from tests.sync_world import enrolled_by

NOWHERE = "http://127.0.0.1:9"


class ByHand:
    """A road to a province in the same process, for enrolment and the first names."""

    def __init__(self, province: Instance) -> None:
        self.province = province

    def post(self, path: str, body: bytes) -> bytes:
        """Carry a request there and its answer back."""
        with self.province.store_for_job() as store:
            here = as_province.ports(self.province, store)
            return enrolled_by(here, body) if path == "/v1/enrol" else receive(here, body).body


@dataclass
class Place:
    """One place with its people, and a flash disk in its machine."""

    instance: Instance
    stick: Path

    def save(self, who: Worker, form: str, values: dict[str, str | int], entity: str | None = None) -> str:
        """Write as she does."""
        with self.instance.store_for_job() as store:
            pen = Pen(self.instance.lane, who, NOW)
            return records.save(store, pen, forms.BY_NAME[form], values, entity)

    def child(self, who: Worker, posyandu: str, name: str) -> str:
        """Register a child of a posyandu."""
        values: dict[str, str | int] = {
            "posyandu": posyandu, "name": name, "sex": "f", "birth_date": "2025-05-10", "status": "active",
            "registered_date": "2025-06-02", "mother_name": "Saknah", "dusun": "Timba Nuh",
        }  # fmt: skip
        return self.save(who, "person", values)

    def give(self, *, answers: bool = False) -> Path:
        """Write what this place gives away to the flash disk."""
        with self.instance.store_for_job() as store:
            out = (titipan.answers_for_laptops if answers else titipan.outgoing)(self.instance, store)
            titipan.write(self.stick / out.name, out.data)
            out.given()
        return self.stick / out.name

    def take(self, path: Path) -> Came:
        """Take a file from the flash disk."""
        with self.instance.store_for_job() as store:
            return titipan.incoming(self.instance, store, titipan.read(path))

    def names(self) -> list[str]:
        """The children that are known here."""
        with self.instance.store_for_job() as store:
            return [row["name"] for row in store.rows("select name from person order by name")]


@dataclass
class District:
    """The province with its village, a puskesmas PC, the laptop of Melati, and one flash disk that goes round."""

    village: Village
    province: Place
    pc: Place
    melati: Place


def joined(folder: Path, province: Instance, area: str, stick: Path) -> Place:
    """Return a place of an area that joined where there was a signal, once, and has its names."""
    place = Config(folder, area=area, upstream=NOWHERE)
    config.save(place)
    instance = new_place(place)
    road = ByHand(province)
    with province.store_for_job() as store:
        code = as_province.new_enrolment_code(province, store, area)
    with instance.store_for_job() as store:
        joining.enrol(as_laptop.ports(instance, store, road), enrolment.tidy(code))
    as_laptop.exchange(instance, road)
    return Place(instance, stick)


@contextmanager
def district(folder: Path) -> Iterator[District]:
    """Found everything in a folder."""
    stick = folder / "FLASHDISK"
    stick.mkdir()
    village = found(folder / "province", upstream="")
    config.save(village.instance.config)
    pc = joined(folder / "pc", village.instance, village.puskesmas, stick)
    melati = joined(folder / "melati", village.instance, village.melati, stick)
    with melati.instance.store_for_job() as store:
        let_in(store, PIN, NOW, village.aminah.id)
    with pc.instance.store_for_job() as store:
        let_in(store, PASSWORD, NOW, village.citra.id)
    yield District(village, Place(village.instance, stick), pc, melati)


def browser(place: Place) -> FlaskClient:
    """Return a browser at a place, nobody signed in."""
    return pages_of(place.instance).test_client()


def download(client: FlaskClient, path: str) -> tuple[bytes, str]:
    """Press a button that gives a file; return its bytes and name."""
    answer = client.post(path)
    assert answer.status_code == 200, answer.headers.get("Location")
    return answer.data, answer.headers["Content-Disposition"].split('"')[1]
