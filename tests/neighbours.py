"""The province and two laptops of posyandu Melati in one process: each writes by itself until they exchange."""

import json
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from flask.testing import FlaskClient

import forms
from siposyandu import as_laptop, as_province, records
from siposyandu.access import Worker
from siposyandu.config import Config
from siposyandu.instance import Instance
from siposyandu.records import Pen
from siposyandu.store import SqliteStore
from sync import enrolment, joining, province
from sync.errors import SyncError
from tests.conftest import NOW, PASSWORD, PIN, SQLITE_FILE, Village, app_of, found, let_in, new_place, sign_in

__all__ = ["Hour", "Laptop", "Neighbours"]


@dataclass
class Hour:
    """A clock that moves only when told."""

    time: datetime = NOW

    def __call__(self) -> datetime:
        """Return the time."""
        return self.time

    def wait(self, **passed: int) -> None:
        """Let time pass."""
        self.time += timedelta(**passed)


@dataclass
class Road:
    """The road to the province, in this process; `switched_off` is a laptop without a signal."""

    office: Instance

    def post(self, path: str, body: bytes) -> bytes:
        """Carry a request there and its answer back."""
        with self.office.store_for_job() as store:
            here = as_province.ports(self.office, store)
            if path == "/v1/enrol":
                try:
                    return json.dumps(enrolment.redeem(here, json.loads(body))).encode()
                except SyncError as error:
                    return json.dumps({"refused": error.code, **error.details}).encode()
            return province.receive(here, body).body


@dataclass
class Laptop:
    """One laptop of Melati, with its own clock."""

    instance: Instance
    road: Road
    clock: Hour
    village: Village

    def store(self) -> AbstractContextManager[SqliteStore]:
        """Open its database."""
        return self.instance.store_for_job()

    def exchange(self) -> None:
        """Exchange with the province."""
        as_laptop.exchange(self.instance, self.road)

    def pen(self, who: Worker) -> Pen:
        """The pen of a worker at this laptop, by its clock."""
        return Pen(self.instance.lane, who, self.clock())

    def save(self, who: Worker, form: str, entity: str | None = None, **values: str | int | None) -> str:
        """Write a record, or change one."""
        with self.store() as store:
            return records.save(store, self.pen(who), forms.BY_NAME[form], values, entity)

    def weigh(self, who: Worker, child: str, day: str, weight_g: int, **values: str | int) -> str:
        """Write one weighing."""
        posyandu = self.village.melati
        return self.save(
            who, "balita", person=child, posyandu=posyandu, visit_date=day, weight_g=weight_g, **values
        )

    def browser(self, who: Worker) -> FlaskClient:
        """Return her browser at this laptop, signed in, in English."""
        here = replace(self.village, instance=self.instance)
        client = sign_in(app_of(here).test_client(), who)
        client.get("/bahasa/en")
        return client


@dataclass
class Neighbours:
    """The village at the province, and how many laptops a test needs."""

    folder: Path
    clock: Hour
    village: Village

    @classmethod
    def begin(cls, folder: Path, database: str = SQLITE_FILE) -> "Neighbours":
        """Found the province with the village on it; its database is where the setting says."""
        clock = Hour()
        village = found(folder / "province", upstream="", database=database)
        office = Instance(village.instance.config, clock=clock)
        return cls(folder, clock, replace(village, instance=office))

    def store(self) -> AbstractContextManager[SqliteStore]:
        """Open the province's database."""
        return self.village.instance.store_for_job()

    def laptop(self, name: str, clock: Hour | None = None) -> Laptop:
        """Return a laptop of Melati that has joined the province; its clock is the province's unless it has its own."""
        office, clock = self.village.instance, clock or self.clock
        road = Road(office)
        with self.store() as store:
            code = as_province.new_enrolment_code(office, store, self.village.melati)
        instance = new_place(Config(folder=self.folder / name, area="", upstream="http://127.0.0.1:9"), clock)
        with instance.store_for_job() as store:
            joining.enrol(as_laptop.ports(instance, store, road), code, machine=name)
        instance.config = replace(instance.config, area=self.village.melati)
        made = Laptop(instance, road, clock, self.village)
        made.exchange()
        with made.store() as store:
            known = (self.village.aminah.id, self.village.baiq.id, self.village.dedi.id)
            let_in(store, PIN, clock(), *known)
        return made

    def browser(self, who: Worker) -> FlaskClient:
        """Return somebody's browser at the province, signed in, in English."""
        with self.store() as store:
            let_in(store, PASSWORD, self.clock(), who.id)
        client = app_of(self.village).test_client()
        answer = client.post("/masuk", data={"username": who.name.lower(), "password": PASSWORD})
        assert answer.status_code == 302, answer.text
        client.get("/bahasa/en")
        return client

    def hire(self, name: str, role: str, area: str) -> Worker:
        """Take in one more worker at the province."""
        values = {"name": name, "username": name.lower(), "role": role, "area": area, "active": 1}
        with self.store() as store:
            made = records.save(store, self.village.pen(self.village.eka), forms.BY_NAME["worker"], values)
        return Worker(made, name, role, area)
