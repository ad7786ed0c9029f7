"""How long a kader waits for a page, with five years of a hundred children on her laptop.

Run `python tests/bench/bench_pages.py`. The laptop is a real process; times are those of a whole request over loopback,
disk included. Saving means the post that keeps a visit; "answer" is the page that follows it.
"""

from collections.abc import Callable, Sequence
from itertools import cycle, islice
from typing import Any

from siposyandu import people
from siposyandu.growth.length import STANDING_FROM_DAY
from siposyandu.periods import Month
from tests.bench import five_years
from tests.bench.times import HEADING, line, timed_ms
from tests.kader import Kader

RUNS = 60
WEIGHED_AT_MOST = 80
GAIN_G, GROWTH_MM = 150, 4
Row = dict[str, Any]


def main() -> None:
    """Print the times of the pages."""
    with five_years.laptop() as kader:
        children = last_seen(kader)
        print(HEADING)
        for name, paths in pages(children).items():
            print(line(name, [open_ms(kader, path) for path in islice(cycle(paths), RUNS)]))
        saves, answers = weigh(kader, children)
        print(line("save a weighing (POST)", saves))
        print(line("the answer after it", answers))


def last_seen(kader: Kader) -> list[Row]:
    """Return this month's children who were measured before, each with her last measures."""
    with kader.laptop.instance.store_for_job() as store:
        expected = people.sasaran(store, kader.worker.area, Month.of(kader.day))
        seen = [(child, people.visits(store, child["id"])) for child in expected]
    return [
        {
            **child,
            "last": visits[-1],
            "age_days": (kader.day - kader.day.fromisoformat(child["birth_date"])).days,
        }
        for child, visits in seen
        if visits and visits[-1]["weight_g"] and visits[-1]["length_height_mm"]
    ]


def pages(children: Sequence[Row]) -> dict[str, list[str]]:
    """Return the pages of a kader's day and the addresses that show them."""
    ids = [child["id"] for child in children]
    return {
        "today's posyandu /hari-ini": ["/hari-ini"],
        "everybody /hari-ini?lihat=semua": ["/hari-ini?lihat=semua"],
        "the scales /kunjungan/balita/": [f"/kunjungan/balita/{child}" for child in ids],
        "a child's page with KMS /anak/": [f"/anak/{child}" for child in ids],
        "the printed card": [f"/anak/{child}/cetak" for child in ids],
        "search /cari": [f"/cari?q={child['name'].split()[-1][:4]}" for child in children],
        "register /anak/baru": ["/anak/baru"],
        "the month's SKDN /skdn": ["/skdn"],
        "sending /laptop": ["/laptop"],
        "numbers /wilayah/": [f"/wilayah/{children[0]['posyandu']}"],
    }


def open_ms(kader: Kader, path: str) -> float:
    """Open a page once and return how long it took."""
    taken, answer = timed_ms(lambda: kader.visitor.session.get(kader.visitor.address + path, timeout=30))
    assert answer.status_code == 200, f"{path}: {answer.status_code}"
    return taken


def weigh(kader: Kader, children: Sequence[Row]) -> tuple[list[float], list[float]]:
    """Weigh many children, one after the other; returns the times of saving and of the answer."""
    saves, answers = [], []
    for child in children[:WEIGHED_AT_MOST]:
        saved = save_ms(kader, child)
        if saved is not None:
            saves.append(saved[0])
            answers.append(open_ms(kader, saved[1]))
    return saves, answers


def save_ms(kader: Kader, child: Row) -> tuple[float, str] | None:
    """Save one weighing: its time and where its answer stands; None when the page asked again."""
    path, session = f"/kunjungan/balita/{child['id']}", kader.visitor.session
    form = kader.visitor.open(path).form(path)
    typed = {**dict(form.fields), **measures(child)}
    post: Callable[[], Any] = lambda: session.post(  # noqa: E731 - what is timed, and nothing else
        kader.visitor.address + path, data=typed, timeout=30, allow_redirects=False
    )
    taken, answer = timed_ms(post)
    return (taken, answer.headers["Location"]) if answer.status_code == 302 else None


def measures(child: Row) -> dict[str, str]:
    """Return what the scales and the board would say a month after the last time."""
    lying = child["age_days"] < STANDING_FROM_DAY
    return {
        "weight_kg": f"{(child['last']['weight_g'] + GAIN_G) / 1000:.2f}",
        "length_height_cm": f"{(child['last']['length_height_mm'] + GROWTH_MM) / 10:.1f}",
        "measured": "lying" if lying else "standing",
        "oedema": "no",
    }


if __name__ == "__main__":
    main()
