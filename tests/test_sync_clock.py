"""A laptop whose clock says 2009: TLS cannot be had, and its records reach the province all the same, sealed."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from sync import roads, upstream
from sync.client import Outcome, exchange
from sync.errors import BadSignature, ClockWrong, Unreachable
from sync.status import status
from sync.transport import HttpTransport
from tests.sync_app import notebook
from tests.sync_http import served
from tests.sync_tls import tls_before
from tests.sync_world import Place, World


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def melati(world: World) -> Place:
    place = world.laptop("melati")
    place.writer.child("Aminah")
    return place


@pytest.fixture(params=["20200101000000Z 20210101000000Z", "20400101000000Z 20410101000000Z"])
def address(
    request: pytest.FixtureRequest, world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[str]:
    """The province behind TLS, with a certificate that this machine's clock calls expired, or not valid yet."""
    with (
        served(world, tmp_path) as port,
        tls_before(port, tmp_path, *request.param.split()) as (url, authority),
    ):
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(authority))
        yield url


def with_road(place: Place, address: str) -> Place:
    return replace(place, laptop=replace(place.laptop, transport=HttpTransport(address)))


def test_the_open_road_names_the_clock(melati: Place, address: str) -> None:
    with pytest.raises(ClockWrong):
        exchange(with_road(melati, address).laptop)
    assert status(melati.store).last_error == "clock"


def test_records_go_sealed_and_corrections_come_back(world: World, melati: Place, address: str) -> None:
    outcome = roads.exchange(with_road(melati, address).laptop, address)
    child = notebook(world.province.store)[0]["entity"]
    world.office.save({11: "Siti Aminah"}, child)
    roads.exchange(with_road(melati, address).laptop, address)
    assert outcome == Outcome(acknowledged=1, received=0, requests=2)
    assert notebook(melati.store) == notebook(world.province.store)
    assert (status(melati.store).acknowledged, status(melati.store).last_error) == (1, None)


def test_how_wrong_the_clock_is_is_told(melati: Place, address: str) -> None:
    melati.clock.time = "2009-01-03T00:00:00Z"
    roads.exchange(with_road(melati, address).laptop, address)
    assert status(melati.store).clock_offset_s == -6422 * 86400  # from 3 January 2009 to 4 August 2026


def test_another_machines_certificate_is_refused_whatever_its_dates(
    melati: Place, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("REQUESTS_CA_BUNDLE")
    with pytest.raises(Unreachable):
        roads.sealed(melati.laptop, HttpTransport(address, dated=False))


def test_a_time_that_the_province_did_not_sign_is_not_believed(
    world: World, melati: Place, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    road = HttpTransport(address, dated=False)
    true = road.get
    monkeypatch.setattr(road, "get", lambda path: true(path).replace(b'"time": 1', b'"time": 2'))
    with pytest.raises(BadSignature):
        roads.compare_clocks(melati.laptop, road)
    assert upstream.state(melati.store).clock_offset_s is None
