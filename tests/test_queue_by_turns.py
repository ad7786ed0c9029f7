"""Who waits longest at a langkah is called first: by turns, not by a clock that may be set in the middle of the morning."""

from datetime import UTC, datetime, timedelta

from siposyandu import stations
from tests.conftest import NOW, Village
from tests.test_web_stations import TODAY, child


def test_who_waits_longest_is_called_first_though_the_clock_fell_back(village: Village) -> None:
    here = stations.Morning(village.melati, TODAY)
    named = {child(village, name): name for name in ("first", "second", "third")}
    first, second, third = named
    empty_battery = datetime(2010, 1, 1, 8, tzinfo=UTC)
    with village.instance.store_for_job() as store:
        stations.arrive(store, here, first, NOW)
        stations.arrive(store, here, second, empty_battery)
        stations.arrive(store, here, third, NOW + timedelta(days=365))
        came = [named[row["person"]] for row in stations.queue(store, here)]
        stations.send_on(store, here, first, stations.WEIGH, empty_battery - timedelta(days=1))
        sent_on = [named[row["person"]] for row in stations.queue(store, here)]
    assert (came, sent_on) == (["first", "second", "third"], ["second", "third", "first"])


def test_a_queue_of_before_keeps_its_order_and_goes_first(village: Village) -> None:
    here = stations.Morning(village.melati, TODAY)
    persons = [child(village, name) for name in ("late", "early", "new")]
    waits = [
        (
            village.melati,
            TODAY.isoformat(),
            person,
            number,
            "2026-08-03T00:00:00Z",
            f"2026-08-03T0{5 - number}:00:00Z",
        )
        for number, person in enumerate(persons[:2], 1)
    ]
    with village.instance.store_for_job() as store, store.write():
        store.many(
            """insert into arrival (posyandu, day, person, number, station, arrived_at, moved_at)
            values ($1, $2, $3, $4, 'penimbangan', $5, $6)""",
            waits,
        )
        stations.arrive(store, here, persons[2], datetime(2010, 1, 1, tzinfo=UTC))
        queue = [row["person"] for row in stations.queue(store, here)]
    assert queue == [persons[1], persons[0], persons[2]]
