"""Two pages are asked for at once just after the clock was set: the door for phones follows once, and stays open."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime
from threading import Barrier, BrokenBarrierError

from siposyandu import phones
from siposyandu.periods import local_date
from tests.test_web_hotspot_waiting import TOMORROW, Laptop, laptop

__all__ = ["laptop"]


def test_the_door_stays_open_when_two_pages_see_at_once_that_the_clock_was_set(laptop: Laptop) -> None:
    both = Barrier(2)

    def now() -> datetime:
        with suppress(BrokenBarrierError):
            both.wait(timeout=1)  # each looks at the clock before the other has noted what it saw
        return TOMORROW

    laptop.place.now = now
    with ThreadPoolExecutor() as pool:
        pages = [pool.submit(laptop.app.test_client().get, "/masuk") for _ in range(2)]
        assert [page.result().status_code for page in pages] == [200, 200]
    with laptop.place.store_for_job() as store:
        assert phones.opened(store, local_date(TOMORROW)) is not None
