"""A lost laptop comes back: 60 children of 24 months, by real processes, from the copy to the sentence of what is lost.

Run `python tests/bench/bench_restore.py`. The province and the laptop are real places on this machine; the laptop is
encrypted. Counted is the machine's time; a person types a passphrase and a code besides (a minute or two, deploy/README.md).
"""

import os
import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from statistics import median

from siposyandu import as_laptop, as_province, backups, config, credentials, health, records
from siposyandu.config import Config
from siposyandu.demo.children import village
from siposyandu.instance import Instance
from siposyandu.periods import Month, local_date
from siposyandu.records import Pen
from tests.bench import five_years
from tests.bench.times import timed_ms
from tests.conftest import MELATI_DESA, PIN, settle
from tests.locked import PASSPHRASE
from tests.places import Place

SEED, MONTHS, RUNS = 24, 24, 5
CHILDREN = 98  # who come and grow out of it in two years: some 60 a month, 1,440 visits


def main() -> None:
    """Print the figures, one a line."""
    with tempfile.TemporaryDirectory(prefix="siposyandu-bench-") as name:
        folder = Path(name)
        passphrase = folder / "passphrase"
        passphrase.write_text(PASSPHRASE)
        os.environ["SIPOSYANDU_PASSPHRASE_FILE"] = str(passphrase)
        with Place(folder / "province", area="52") as province:
            code, laptop = joined(folder, province)
            copying(laptop)
            print(
                line(
                    "restore: from the command to what is lost",
                    [restored(folder, province, n) for n in range(RUNS)],
                )
            )
    five()
    print(
        f"load {os.getloadavg()[0]:.1f}; the middle of {RUNS} runs, in brackets the slowest; code {len(code)} letters"
    )


def joined(folder: Path, province: Place) -> tuple[str, Instance]:
    """Found the province's people and an encrypted laptop with 60 children of 24 months that has sent everything."""
    office = province.instance
    with office.store_for_job() as store:
        people = settle(store, office)
        code = as_province.new_enrolment_code(office, store, people.melati)
    stick = folder / "stick"
    stick.mkdir()
    settings = Config(
        folder / "melati", area="", upstream=province.address, encrypted=True, flash_disks=str(stick)
    )
    laptop = Instance(settings)
    laptop.begin_vault(PASSPHRASE)
    as_laptop.enrol(laptop, province.address, code, "laptop")
    fill(laptop, people.aminah.id, people.melati)
    as_laptop.exchange(laptop)
    return code, laptop


def fill(laptop: Instance, aminah: str, melati: str) -> None:
    """Write two years of a posyandu."""
    from siposyandu.access import Worker

    last = Month.of(local_date(laptop.now())).previous
    months = [(month.year, month.number) for month in last.shifted(1 - MONTHS).until(last)]
    children = village(
        SEED, posyandu_name="Melati", children=CHILDREN, months=months, end=last.last, desa_code=MELATI_DESA
    )
    with laptop.store_for_job() as store, store.write():
        credentials.set_pin(store, aminah, PIN, laptop.now())
        pen = Pen(laptop.lane, Worker(aminah, "Aminah", "kader", melati), laptop.now())
        book = five_years.Book(store, pen, melati)
        records.project(store, [entity for child in children for entity in book.write(child)])


def copying(laptop: Instance) -> None:
    """Say what a copy and its proof cost."""
    times, sizes = [], []
    for _ in range(RUNS):
        took, report = timed_ms(lambda: backups.make_now(laptop))
        times.append(took)
        sizes.append(report.bytes)
    with laptop.store_for_job() as store:
        visits, edits = store.value("select count(*) from balita"), store.value("select count(*) from edits")
    database = laptop.config.database_path.stat().st_size
    print(
        f"{visits} visits, {edits} edits; database {database / 1024:.0f} kB, copy {sizes[-1] / 1024:.0f} kB"
    )
    print(line("copy, on the laptop and a second disk", times))
    print(
        line(
            "proof: restored, compared, folded again",
            [timed_ms(lambda: backups.prove_now(laptop))[0] for _ in range(3)],
        )
    )
    print(line("look at every page at the opening", [looked_at(laptop) for _ in range(RUNS)]))


def looked_at(laptop: Instance) -> float:
    return timed_ms(lambda: health.look(laptop.config.database_path, laptop.database_key, expected=True))[0]


def restored(folder: Path, province: Place, number: int) -> float:
    """Restore on a new laptop by the command, a process of its own, with a code; return its milliseconds."""
    office = province.instance
    with office.store_for_job() as store:
        code = as_province.new_enrolment_code(
            office, store, store.value("select id from posyandu where name = 'Melati'")
        )
    newest = sorted((folder / "stick" / "SIPosyandu").glob("*.sipc"))[-1]
    command = [
        sys.executable,
        "-m",
        "siposyandu",
        "restore",
        str(newest),
        "--folder",
        str(folder / f"new-{number}"),
    ]
    took, done = timed_ms(
        lambda: subprocess.run([*command, "--code", code, "--port", "0"], capture_output=True, text=True)
    )
    assert done.returncode == 0, done.stderr
    assert "Lost for sure: 0 " in done.stdout, done.stdout
    return took


def five() -> None:
    """Say what looking at every page costs after five years of a hundred children."""
    with tempfile.TemporaryDirectory() as name:
        place = replace(config.load(five_years.made()), folder=Path(name))
        path = place.database_path
        path.write_bytes((five_years.made() / path.name).read_bytes())
        times = [timed_ms(lambda: health.look(path, None, expected=True))[0] for _ in range(RUNS)]
        print(line(f"the same after five years ({path.stat().st_size // 1024} kB, no key)", times))


def line(name: str, times_ms: list[float]) -> str:
    """Write a line of the table."""
    return f"{name:<52}{median(times_ms):>9.0f} ms  ({max(times_ms):.0f})"


if __name__ == "__main__":
    main()
