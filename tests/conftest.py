"""The village that the tests live in.

Aminah is kader of posyandu Melati, Baiq the bidan of its desa, Citra the nutrition officer of its puskesmas.
Dedi is kader of posyandu Kenanga in another desa and must see nothing of Melati's. Eka keeps the province's numbers.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

import forms
from siposyandu import credentials, records
from siposyandu.access import Worker
from siposyandu.config import Config
from siposyandu.instance import Instance
from siposyandu.migrations import migrate
from siposyandu.records import Pen
from siposyandu.store import SqliteStore, open_store

NOW = datetime(2026, 8, 3, 1, 0, tzinfo=UTC)  # nine in the morning in NTB
PIN = "274915"
PASSWORD = "tenun songket sukarara"
MELATI_DESA, KENANGA_DESA = "5202022005", "5203012001"


@pytest.fixture
def store() -> Iterator[SqliteStore]:
    """An empty store in memory with all its tables."""
    made = open_store(":memory:")
    migrate(made)
    yield made
    made.close()


@dataclass(frozen=True)
class Village:
    """Two posyandu of different desa, one puskesmas, and the people who work there."""

    instance: Instance
    puskesmas: str
    melati: str
    kenanga: str
    aminah: Worker
    baiq: Worker
    citra: Worker
    dedi: Worker
    eka: Worker

    def pen(self, who: Worker | None = None) -> Pen:
        """The pen of a worker (Aminah's, unless told otherwise), in this machine's lane, at nine in the morning."""
        return Pen(self.instance.lane, who or self.aminah, self.instance.now())


def settle(store: SqliteStore, instance: Instance) -> Village:
    """Write the village's places and people into a store."""
    office = Pen(instance.lane, Worker("0" * 32, "Office", "provinsi", "52"), NOW)

    def keep(form: str, **values: str | int) -> str:
        return records.save(store, office, forms.BY_NAME[form], values)

    def hire(name: str, role: str, area: str) -> Worker:
        made = keep("worker", name=name, username=name.lower(), role=role, area=area, active=1)
        return Worker(made, name, role, area)

    puskesmas = keep(
        "puskesmas", code="P1", name="Praya", desa_codes=MELATI_DESA, kecamatan_code=MELATI_DESA[:6]
    )
    melati = keep("posyandu", code="M1", name="Melati", desa_code=MELATI_DESA, puskesmas=puskesmas, active=1)
    kenanga = keep("posyandu", code="K1", name="Kenanga", desa_code=KENANGA_DESA, active=1)
    return Village(
        instance,
        puskesmas,
        melati,
        kenanga,
        aminah=hire("Aminah", "kader", melati),
        baiq=hire("Baiq", "bidan_desa", MELATI_DESA),
        citra=hire("Citra", "tenaga_gizi", puskesmas),
        dedi=hire("Dedi", "kader", kenanga),
        eka=hire("Eka", "provinsi", "52"),
    )


def found(folder: Path, *, upstream: str) -> Village:
    """Found a place with the whole village on it: a laptop of Melati's when it has an upstream, else the province."""
    instance = Instance(Config(folder=folder, area="52", upstream=upstream), clock=lambda: NOW)
    with instance.store_for_job() as store:
        village = settle(store, instance)
        for worker in (village.aminah, village.baiq, village.dedi):
            credentials.set_pin(store, worker.id, PIN, NOW)
        for worker in (village.citra, village.eka):
            credentials.set_password(store, worker.id, PASSWORD, NOW)
    if upstream:
        instance.config = replace(instance.config, area=village.melati)
    return village


@pytest.fixture
def village(tmp_path: Path) -> Village:
    """The laptop of posyandu Melati."""
    return found(tmp_path / "melati", upstream="http://127.0.0.1:9")


@pytest.fixture
def province(tmp_path: Path) -> Village:
    """The province's server, with the same people."""
    return found(tmp_path / "province", upstream="")


@pytest.fixture
def instance(village: Village) -> Instance:
    """The running place of Melati's laptop."""
    return village.instance


def app_of(village: Village) -> Flask:
    """The pages of a place, without the CSRF check, so that a test can press buttons."""
    from siposyandu.app import create_app

    app = create_app(village.instance)
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    return app


@pytest.fixture
def client(village: Village) -> FlaskClient:
    """A browser at Melati's laptop, nobody signed in."""
    return app_of(village).test_client()


@pytest.fixture
def province_client(province: Village) -> FlaskClient:
    """A browser at the province, nobody signed in."""
    return app_of(province).test_client()


def sign_in(client: FlaskClient, worker: Worker) -> FlaskClient:
    """Sign a worker in: a kader or bidan with her PIN on the laptop, others with their password."""
    if worker.role in ("kader", "bidan_desa"):
        answer = client.post(f"/masuk/{worker.id}", data={"pin": PIN})
    else:
        answer = client.post("/masuk", data={"username": worker.name.lower(), "password": PASSWORD})
    assert answer.status_code == 302, answer.text
    return client
