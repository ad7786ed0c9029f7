"""A posyandu's day in a real browser, key by key: open the day, 60 follow-ups, 5 registrations, close the day.

Run `python tests/bench/bench_day.py`. The laptop has five years of a hundred children and runs on a slow machine
(slow_machine.py); Chromium does not. What is counted and assumed: tests/timed_day.py. Simple, the peer, publishes 13 s for a
follow-up and 76 s for a registration, measured with nurses; ours are reckoned by the keystroke-level model, so they are
compared with care.
"""

import sys
from collections.abc import Iterator, Sequence
from datetime import date
from os import cpu_count, getloadavg
from pathlib import Path
from statistics import mean

sys.path.insert(0, str(Path(__file__).parents[2]))

from deploy import chromium
from siposyandu.access import Worker
from siposyandu.periods import Month, local_date
from tests.bench import five_years
from tests.bench.bench_old_laptop import copied
from tests.bench.bench_pages import Row, last_seen, measures
from tests.bench.slow_machine import SlowPlace
from tests.kader import Kader
from tests.locked import PASSPHRASE
from tests.timed_day import (
    KEY_S,
    MIND_S,
    POINT_S,
    Done,
    Hands,
    NewChild,
    close_the_day,
    follow_up,
    measure,
    open_the_day,
    register,
)
from tests.window import LAPTOP, Window

FOLLOW_UPS = 60
FOLLOW_UP_S, REGISTRATION_S = 13, 76
MEAL = "bubur kacang hijau, telur"
NEW = (
    ("Baiq Alya Safitri", "Nurhayati", True, False),
    ("Lalu Arkan Pratama", "Sri Wahyuni", False, False),
    ("Zahwa Aulia", "Rohani", True, True),
    ("M. Gibran Maulana", "Hikmatul Aini", False, False),
    ("Nadira Khairunnisa", "Suryani", True, True),
)


def main() -> None:
    """Do the day and print its table."""
    with copied() as place:
        place.passphrase = PASSPHRASE
        worker = five_years.kader_of(place)
        print(
            f"load {getloadavg()[0]:.1f} on {cpu_count()} cores; the laptop: {'; '.join(place.machine.said)}"
        )
        with place, chromium.started(chromium.found() or "chromium") as browser:
            children = seen_before(place, worker)
            window = Window(browser, place.address, LAPTOP)
            for said in day(Hands(window), worker.name, children, local_date(place.instance.now())):
                print(said)
            window.close()


def seen_before(place: SlowPlace, worker: Worker) -> list[Row]:
    """Return the children of this month's list who were measured before."""
    kader = Kader(place, worker)
    kader.day = local_date(place.instance.now())
    return last_seen(kader)


def day(hands: Hands, name: str, children: Sequence[Row], on: date) -> list[str]:
    """Work through the day; returns the lines of the table."""
    opened = open_the_day(hands, name)
    followed = [follow_up(hands, child["name"], *typed(child)) for child in children[:FOLLOW_UPS]]
    registered, first = [], []
    for child in new_children(on):
        registered.append(register(hands, child))
        with hands.work() as done:
            measure(hands, "3,4", "50,5")
            hands.go("Enter")
        first.append(done)
    closed = close_the_day(hands, MEAL)
    everything = [opened, *followed, *registered, *first, closed]
    return [
        f"{KEY_S} s a key, {POINT_S} s a pointing, {MIND_S} s a choice of the mind; means of each piece of work",
        f"{'':<34}{'times':>6}{'keys':>7}{'points':>8}{'minds':>7}{'pages s':>9}{'hands s':>9}{'with mind s':>13}{'peer s':>8}",
        line("open the day", [opened]),
        line("a follow-up", followed, FOLLOW_UP_S),
        slowest(followed),
        line("a registration", registered, REGISTRATION_S),
        line("the first weighing after it", first),
        line("close the day", [closed]),
        f"the whole day: {sum(d.keys for d in everything)} keys, {sum(d.points for d in everything)} pointings, pages "
        f"{sum(d.page_s for d in everything):.0f} s, {sum(d.hands_s for d in everything) / 60:.1f} min by hand, "
        f"{sum(d.whole_s for d in everything) / 60:.1f} min with the mind",
    ]


def typed(child: Row) -> tuple[str, str]:
    """Return weight and length as she types them: a comma, no noughts at the end."""
    said = measures(child)
    return tuple(
        said[name].rstrip("0").rstrip(".").replace(".", ",") for name in ("weight_kg", "length_height_cm")
    )


def new_children(on: date) -> Iterator[NewChild]:
    """Give five who come for the first time, born last month; two bring a card that has a NIK."""
    before = Month.of(on).previous
    for number, (name, mother, girl, has_card) in enumerate(NEW, 3):
        nik = (
            f"520202{number + 40 * girl:02}{before.number:02}{before.year % 100:02}{number:04}"
            if has_card
            else ""
        )
        yield NewChild(name, mother, girl, f"{number}-{before.number}-{before.year}", nik)


def line(name: str, done: Sequence[Done], peer_s: float | None = None) -> str:
    """Write a line of the table: means."""
    peer = f"{peer_s:>8}" if peer_s else ""
    return (
        f"{name:<34}{len(done):>6}{mean(d.keys for d in done):>7.1f}{mean(d.points for d in done):>8.1f}"
        f"{mean(d.minds for d in done):>7.1f}{mean(d.page_s for d in done):>9.2f}{mean(d.hands_s for d in done):>9.1f}"
        f"{mean(d.whole_s for d in done):>13.1f}{peer}"
    )


def slowest(done: Sequence[Done]) -> str:
    """Write the most that any of them took, each column by itself."""
    keys, points = max(each.keys for each in done), max(each.points for each in done)
    waited, hands = max(each.page_s for each in done), max(each.hands_s for each in done)
    whole = max(each.whole_s for each in done)
    return f"{'at most':<34}{'':>6}{keys:>7}{points:>8}{'':>7}{waited:>9.2f}{hands:>9.1f}{whole:>13.1f}"


if __name__ == "__main__":
    main()
