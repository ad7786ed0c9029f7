"""What a file was given away of counts as entrusted only in the lane that it is of."""

from dataclasses import replace
from pathlib import Path

from siposyandu import as_laptop, titipan
from sync import client
from sync.errors import Refused
from sync.status import status
from tests.conftest import Village, app_of
from tests.test_copies import register
from tests.test_parcels import Road, joined


def test_only_what_was_given_away_is_shown_as_entrusted(province: Village, tmp_path: Path) -> None:
    road = Road(app_of(province).test_client())
    laptop = joined(province, road, tmp_path / "melati")
    village = replace(province, instance=laptop)
    for number in range(3):
        register(village, f"Anak {number}")
    as_laptop.exchange(laptop, road)
    with laptop.store_for_job() as store:
        given_away = titipan.outgoing(laptop, store)
        with laptop.store_for_job() as of_the_job:  # hears that this lane is closed, while the stick writes
            ports = as_laptop.ports(laptop, of_the_job, road)
            client.begin_anew(ports, laptop.lane, Refused(code="closed"))
        given_away.given()
    for number in range(2):
        register(village, f"Baru {number}")
    with laptop.store_for_job() as store:
        assert status(store).entrusted == 0
