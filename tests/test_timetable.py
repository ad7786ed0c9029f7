"""The timetable: its jobs run on when the laptop's clock is set back or forward, by hours or by years."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from threading import Semaphore

import pytest

from siposyandu import jobs
from siposyandu.instance import Instance
from siposyandu.jobs import Every, Timetable
from siposyandu.periods import TIME_ZONE
from tests.conftest import NOW

INTERVAL_S, LONGEST_WAIT_S = 30, 20
YEARS = timedelta(days=16 * 365)


@pytest.fixture
def ran() -> Semaphore:
    """Counts the jobs that were run."""
    return Semaphore(0)


@pytest.fixture
def timetable(instance: Instance, ran: Semaphore) -> Iterator[Timetable]:
    """A timetable that looks after its jobs all the time; what they do is another program's."""
    made = Timetable(instance, lambda: False, ran.release, look_seconds=0.01)
    made.start()
    yield made
    made.stop()


def have_all_run(ran: Semaphore) -> bool:
    """Wait until as many jobs have run as there are."""
    return all(ran.acquire(timeout=LONGEST_WAIT_S) for _ in jobs.ALL)


@pytest.mark.parametrize("by", [timedelta(hours=8), YEARS])
def test_every_job_runs_at_the_next_look_though_the_clock_was_set_back(
    timetable: Timetable, ran: Semaphore, by: timedelta
) -> None:
    at_the_start = have_all_run(ran)
    for job in timetable._scheduler.get_jobs():
        # What a clock that is set back makes of its next run.
        timetable._scheduler.modify_job(job.id, next_run_time=job.next_run_time + by)
    assert (at_the_start, have_all_run(ran)) == (True, True)


@pytest.mark.parametrize(
    ("ran_before", "runs_again_in"),
    [
        (timedelta(seconds=10), 20),
        (timedelta(seconds=30), 30),
        (YEARS, 30),  # one run for all that a clock set forward has skipped
        (-timedelta(hours=8), 30),
        (-YEARS, 30),
        (None, 30),
    ],
)
def test_a_job_runs_again_within_its_interval_whatever_the_clock_said_when_it_ran(
    ran_before: timedelta | None, runs_again_in: int
) -> None:
    now = NOW.astimezone(TIME_ZONE)
    before: datetime | None = None if ran_before is None else now - ran_before
    again = Every(seconds=INTERVAL_S, timezone=TIME_ZONE).get_next_fire_time(before, now)
    assert again == now + timedelta(seconds=runs_again_in)
