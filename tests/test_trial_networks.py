"""Two laptops on machines of their own, behind a link of 600 ms and 50 kbit/s that breaks every ten seconds.

Three Linux network namespaces with real processes: the province, and two laptops of one posyandu, joined to it by cables
that are pulled out for a second every ten, which also ends every connection. Both join, send their season and are told the
other's. Every run of the tests sends a few months; `make trials` sends two years of sixty children each.
"""

import json
from dataclasses import replace
from pathlib import Path

from siposyandu import as_province
from tests.bench.days import CHILDREN, VISITS
from tests.conftest import found
from tests.namespaces import Breaker, Machine, counted, network, start_proxy
from tests.places import ADDRESS_WORD, Place
from tests.proxy import Link
from tests.trials import WHOLE, report

BREAKS_EVERY_S = 10.0
LINK = Link(
    rtt_s=0.6, up_bit_s=50_000, down_bit_s=50_000, round_trips_to_open=2, breaks_every_s=BREAKS_EVERY_S
)
MONTHS = VISITS if WHOLE else 4
LAPTOPS = 2
ROAD_PORT = 8000
PATIENCE_S = 900


def test_two_laptops_behind_a_link_that_breaks_every_ten_seconds_get_everything_through(
    tmp_path: Path,
) -> None:
    village = found(tmp_path / "province", upstream="")
    place = Place(tmp_path / "province", area="52")
    visits = LAPTOPS * CHILDREN * MONTHS
    with network(LAPTOPS) as machines:
        here = replace(village, instance=place.instance)
        port = started(machines.province, place)
        proxy = start_proxy(machines.province, ROAD_PORT, port, LINK)
        with Breaker(machines, BREAKS_EVERY_S) as breaker:
            roaming = [
                machine.start(
                    "-m", "tests.roaming", str(tmp_path / f"laptop-{number}"),
                    f"http://{machine.province}:{ROAD_PORT}", code_for(place, here.melati),
                    f"Anak {number}", str(MONTHS), str(visits),
                )
                for number, machine in enumerate(machines.laptops)
            ]  # fmt: skip
            took = [json.loads(process.communicate(timeout=PATIENCE_S)[0]) for process in roaming]
        on_the_road = counted(proxy)
    expected = rows(place)
    assert len(expected) == visits
    for number in range(LAPTOPS):
        assert rows(Place.standing(tmp_path / f"laptop-{number}")) == expected
    seconds = " and ".join(f"{each['seconds']:.0f} s" for each in took)
    report(
        f"networks: {LAPTOPS} laptops, {visits // LAPTOPS} measurements each, 600 ms, 50 kbit/s, broken {breaker.times}"
        f" times: both sent all and were told all in {seconds},"
        f" {sum(each['tries'] for each in took)} tries of which {sum(each['broken'] for each in took)} broke,"
        f" {on_the_road['up']} B up, {on_the_road['down']} B down; 0 lost, 0 doubled"
    )


def started(machine: Machine, place: Place) -> int:
    """Start the province on its machine; returns its port."""
    process = machine.start("-m", "siposyandu", "serve", "--folder", str(place.folder))
    assert process.stdout is not None
    said = process.stdout.readline()
    assert said.startswith(ADDRESS_WORD), said
    return int(said.rpartition(":")[2])


def code_for(place: Place, posyandu: str) -> str:
    """A code for a new laptop."""
    instance = place.instance
    with instance.store_for_job() as store:
        return as_province.new_enrolment_code(instance, store, posyandu)


def rows(place: Place) -> list[object]:
    """Every visit that a place holds, and every child."""
    with place.instance.store_for_job() as store:
        assert store.value("pragma integrity_check") == "ok"
        assert store.value("select count(*) from person") == LAPTOPS * CHILDREN
        return [tuple(row.values()) for row in store.rows("select * from balita order by id")]
