"""A running laptop goes on in a new lane: its newest copy goes upstream and is proved, and no pen writes in the lane it left."""

from dataclasses import replace
from pathlib import Path

import pytest

from siposyandu import as_laptop, backups, uploads
from siposyandu.copies.held import HeldCopies
from siposyandu.instance import Instance
from sync import client, lanes
from sync.errors import Refused
from tests.conftest import Village, app_of
from tests.test_copies import register
from tests.test_parcels import Road, joined


@pytest.fixture
def road(province: Village) -> Road:
    """The road to the province, by which copies go too."""
    return Road(app_of(province).test_client())


@pytest.fixture
def laptop(province: Village, road: Road, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Village:
    """Melati's laptop, a copy of which lies at the province; then it was told to go on in another lane, and has."""
    for module in ("siposyandu.as_laptop", "siposyandu.uploads"):
        monkeypatch.setattr(f"{module}.HttpTransport", lambda address: road)
    made = replace(province, instance=joined(province, road, tmp_path / "melati"))
    here = made.instance
    register(made, "Rinjani")
    as_laptop.exchange(here, road)
    backups.make_now(here)
    assert uploads.bring_due(here)
    with here.store_for_job() as store:
        client.begin_anew(as_laptop.ports(here, store, road), lanes.own(store), Refused(code="closed"))
    as_laptop.exchange(here, road)
    return made


def own_lane(here: Instance) -> str:
    with here.store_for_job() as store:
        return lanes.own(store)


def test_what_is_written_with_a_pen_of_the_lane_before_is_written_in_the_new_one(laptop: Village) -> None:
    here, before = laptop.instance, laptop.pen().lane
    child = register(laptop, "Tambora")
    with here.store_for_job() as store:
        written = store.value("select l.lane from edits join lanes l using (lane_no) where uid = $1", child)
    assert (laptop.pen().lane, written) == (before, own_lane(here))
    assert before != written


def test_the_newest_copy_goes_upstream_under_the_new_lane(province: Village, laptop: Village) -> None:
    here, own = laptop.instance, own_lane(laptop.instance)
    register(laptop, "Tambora")
    newest = backups.make_now(here)
    sent = uploads.bring_due(here, asked=True)
    with here.store_for_job() as store:
        kept = store.one("select lane, file, fault from copy_kept where shelf = 'province'")
    held = [copy.head.lane for copy in HeldCopies(province.instance.config.folder).of(own)]
    assert (sent, kept, held) == (True, {"lane": own, "file": newest.file, "fault": None}, [own])


def test_nothing_of_the_lane_before_goes_upstream_while_the_new_one_has_no_copy(
    laptop: Village, road: Road
) -> None:
    road.bytes = 0
    assert (uploads.bring_due(laptop.instance, asked=True), road.bytes) == (False, 0)


def test_the_newest_copy_is_the_one_that_is_proved(laptop: Village) -> None:
    newest = backups.make_now(laptop.instance)
    proved = backups.prove_now(laptop.instance)
    with laptop.instance.store_for_job() as store:
        found = store.rows("select file, fault from copy_proof")
    assert (proved, found) == (True, [{"file": newest.file, "fault": ""}])
