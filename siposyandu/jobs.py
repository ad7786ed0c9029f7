"""The timetable: what runs by itself while the place is open, one line a job. The only file that knows APScheduler.

Jobs never overlap, a job missed while the laptop slept runs once when it wakes, and every job may be run again. Only the one
that closes the place has a thread of its own: an answer that comes byte by byte may hold the others for hours.

APScheduler waits by the clock. Where that is set, nobody waits longer than between two looks, which are counted steadily.
"""

import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from threading import Event, Thread

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.interval import IntervalTrigger

from siposyandu import access, as_laptop, backups, bytecode, partitions, restoring, tally, titipan, uploads
from siposyandu.encryption import DatabaseError
from siposyandu.errors import Locked
from siposyandu.instance import Instance
from siposyandu.office import doubting
from siposyandu.periods import TIME_ZONE, Month, local_date
from siposyandu.records import Pen

log = logging.getLogger(__name__)

SEND = "send"
ROLL, PART, DOUBT = "roll", "part", "doubt"
COPY, UPLOAD, PROVE, CHECK = "copy", "upload", "prove", "check"
ASKED, COPY_ASKED = "asked", "copy_asked"
LOCK = "lock"
SWEEP = "sweep"
LOOK_SECONDS = 30
QUIET_SECONDS = 120


def send(instance: Instance) -> None:
    """Send what waits and fetch what is new, when it is time to try (see sync.backoff)."""
    if not instance.config.is_province:
        as_laptop.exchange_when_due(instance)
        titipan.carry(instance)


def send_asked(instance: Instance) -> None:
    """Send because a person asked, however long the wait after a failure still is: she sees that the signal is back."""
    as_laptop.exchange_when_due(instance, asked=True)
    titipan.carry(instance)


def roll(instance: Instance) -> None:
    """Open the running month for every posyandu, so that one that is silent still counts among the sasaran."""
    with instance.store_for_job() as store:
        tally.roll(store, Month.of(local_date(instance.now())))


def part(instance: Instance) -> None:
    """Make the parts of the province's longest tables before they are needed."""
    with instance.store_for_job() as store:
        partitions.make_ready(store, Month.of(local_date(instance.now())))


def doubt(instance: Instance) -> None:
    """Mark the visits that came to the province and whose day is doubtful: a wrong clock's, or one not yet reached."""
    if instance.config.is_province:
        with instance.store_for_job() as store:
            doubting.look(store, Pen(instance.lane, access.PROGRAM, instance.now()))


def copy(instance: Instance) -> None:
    """Make a copy when one is due, and bring it onto the flash disk that is in."""
    backups.run_due(instance)


def copy_asked(instance: Instance) -> None:
    """Make a copy because a person asked, and bring it upstream too."""
    backups.make_asked(instance)
    if not instance.config.is_province:
        uploads.bring_due(instance, asked=True)


def upload(instance: Instance) -> None:
    """Bring the newest copy upstream, a piece at a time; ask once what a laptop before this one had lost."""
    if not instance.config.is_province:
        uploads.bring_due(instance)
        restoring.ask(instance)


def prove(instance: Instance) -> None:
    """Restore the newest copy once a month, to know that it can be; not while somebody works, who would wait for her pages."""
    if instance.unused_s >= QUIET_SECONDS:
        backups.prove_due(instance)


def check(instance: Instance) -> None:
    """Look at every page of the database once a day; a damaged one is not used from then on."""
    instance.look_again()


def lock(instance: Instance) -> None:
    """Close a place that nobody has used for hours."""
    instance.lock_when_unused()


def sweep(instance: Instance) -> None:
    """Keep the program's byte code in one file, on a laptop: from a slow disk the next start is sooner."""
    if not instance.config.is_province:
        bytecode.keep()


# What runs, and how many seconds pass between two runs.
ALL: tuple[tuple[str, Callable[[Instance], None], int], ...] = (
    (SEND, send, LOOK_SECONDS),
    (ROLL, roll, 3600),
    (PART, part, 86400),
    (DOUBT, doubt, 60),
    (COPY, copy, LOOK_SECONDS),
    (UPLOAD, upload, LOOK_SECONDS),
    (PROVE, prove, 300),
    (CHECK, check, 24 * 3600),
    (LOCK, lock, 60),
    (SWEEP, sweep, 24 * 3600),
)


class Every(IntervalTrigger):  # type: ignore[misc]
    """Every so many seconds; the next run lies between now and so many seconds from now, whatever the clock was set to.

    APScheduler's own counts each run that a clock set right from 2010 has skipped: millions, in a gigabyte of memory.
    """

    def get_next_fire_time(self, previous_fire_time: datetime | None, now: datetime) -> datetime:
        """Return when it runs next after it ran, or should have run, at an earlier time."""
        latest: datetime = now + self.interval
        following: datetime = previous_fire_time + self.interval if previous_fire_time else latest
        return following if now < following <= latest else latest


class Timetable:
    """The jobs of one running place. `is_ours` is asked before each: of several programs over one database one runs them.

    `afterwards` is done after each: some need much memory for a moment.
    """

    def __init__(
        self,
        instance: Instance,
        is_ours: Callable[[], bool] = lambda: True,
        afterwards: Callable[[], object] = lambda: None,
        look_seconds: float = LOOK_SECONDS,
    ) -> None:
        self._instance, self._is_ours, self._afterwards = instance, is_ours, afterwards
        self._look_seconds, self._ended = look_seconds, Event()
        self._looking = Thread(target=self._look, name="look at the timetable", daemon=True)
        self._scheduler = BackgroundScheduler(
            timezone=TIME_ZONE,
            executors={"default": ThreadPoolExecutor(1), LOCK: ThreadPoolExecutor(1)},
            job_defaults={"coalesce": True, "misfire_grace_time": None, "max_instances": 1},
        )

    def start(self) -> None:
        """Run every job now and then by its interval; answers "send now" from the pages."""
        for name, job, seconds in ALL:
            self._scheduler.add_job(
                _run,
                Every(seconds=seconds, timezone=TIME_ZONE),
                (job, self._instance, self._is_ours, self._afterwards),
                id=name,
                executor=LOCK if name == LOCK else "default",
                next_run_time=_now(),
            )
        self._scheduler.start()
        self._looking.start()
        self._instance.ask_to_send = self.send_now
        self._instance.ask_to_copy = self.copy_now
        self._instance.on_turn(self._turned)

    def send_now(self) -> None:
        """Let sending run at once; returns without waiting for it. Asked twice before it began, it runs once."""
        self._ask(send_asked, ASKED)

    def copy_now(self) -> None:
        """Let a copy be made at once; returns without waiting for it."""
        self._ask(copy_asked, COPY_ASKED)

    def _ask(self, job: Callable[[Instance], None], name: str) -> None:
        asked = (job, self._instance, self._is_ours, self._afterwards)
        self._scheduler.add_job(_run, args=asked, id=name, replace_existing=True)

    def _turned(self) -> None:
        """When the place was opened, run every job now: for hours none may have run."""
        if self._instance.is_open:
            for name, _, _ in ALL:
                self._scheduler.modify_job(name, next_run_time=_now())

    def _look(self) -> None:
        """Now and then, by steady seconds, let each job run that would wait longer than its interval: the clock was set back."""
        while not self._ended.wait(self._look_seconds):
            for name, _, seconds in ALL:
                latest = _now() + timedelta(seconds=seconds)
                if self._scheduler.get_job(name).next_run_time > latest:
                    self._scheduler.modify_job(name, next_run_time=_now())

    def stop(self) -> None:
        """Stop; a job that runs is let finish."""
        self._ended.set()
        self._looking.join()
        self._scheduler.shutdown(wait=True)


def _now() -> datetime:
    return datetime.now(UTC) + timedelta(milliseconds=50)


def _run(
    job: Callable[[Instance], None],
    instance: Instance,
    is_ours: Callable[[], bool],
    afterwards: Callable[[], object] = lambda: None,
) -> None:
    """Run one job unless the place is closed; a failure is written down and the timetable goes on."""
    if not instance.is_open:
        return
    try:
        if is_ours():
            job(instance)
    except Locked:
        log.info("the job %s ended early: the place was closed", job.__name__)
    except DatabaseError:
        log.exception("the job %s failed at the database", job.__name__)
        instance.look_again()
    except Exception:
        log.exception("the job %s failed", job.__name__)
    finally:
        afterwards()
