"""Sixteen laptops that speak to the province at once leave it exactly as if they had come one after the other."""

import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

import forms
from siposyandu import as_laptop, as_province, postgres, records
from siposyandu.config import Config
from siposyandu.instance import Instance
from siposyandu.moving import move
from siposyandu.records import Pen
from siposyandu.store import SqliteStore, Store
from sync import enrolment, joining
from sync.province import receive
from tests.conftest import NOW, SQLITE_FILE, Village, found
from tests.sync_world import enrolled_by
from tests.threads import in_threads

LAPTOPS = 16
SHARED = 3
MINE = 3
Table = list[tuple[Any, ...]]

# What must be the same whoever came first: everything but the order of arrival, and numbers that follow from it.
AT_THE_PROVINCE = {
    "edits": """select e.uid, e.entity, l.lane, e.seq, e.chain8, e.body, e.authority, e.received_at
        from edits e join lanes l using (lane_no)""",
    "feed": "select distinct f.area, e.uid from feed f join edits e on e.n = f.edit",
    "heads": "select entity, field, uid from heads",
    "awaited": "select uid, field from awaited",
    "conflicts": "select entity, field, closed_at from conflicts",
    "placement": "select entity, area from placement",
    "reviews": "select uid, entity, problem, settled_at from reviews",
    "lanes": "select lane, rank_ceiling, last_seq, chain from lanes",
    "devices": "select l.lane, d.recorded, l.last_seq, d.last_seen_at from devices d join lanes l using (lane_no)",
    "evidence": "select l.lane, e.first_seq, e.last_seq, e.envelope from evidence e join lanes l using (lane_no)",
    "held": "select lane_no from held",
    "quarantine": "select lane_no from quarantine",
    "growth": "select * from balita_growth",
    "membership": "select * from membership",
    "tally": "select * from tally",
    **{
        form.name: f"select {', '.join(['id', 'retracted', *form.by_column])} from {form.name}"
        for form in forms.ALL
    },
}
ON_A_LAPTOP = {name: AT_THE_PROVINCE[name] for name in ("person", "balita", "growth", "tally", "heads")} | {
    "acknowledged": "select ack, l.last_seq from sync_upstream, sync_self s join lanes l using (lane_no)",
}


@dataclass
class Road:
    """A road to a province in the same process; each message is answered over a connection of its own."""

    province: Instance

    def post(self, path: str, body: bytes) -> bytes:
        """Carry a request there and its answer back."""
        with self.province.store_for_job() as store:
            here = as_province.ports(self.province, store)
            return enrolled_by(here, body) if path == "/v1/enrol" else receive(here, body).body


@pytest.fixture(scope="module")
def morning(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a province and sixteen laptops of two posyandu, all of which have written without a signal."""
    folder = tmp_path_factory.mktemp("morning")
    village = found(folder / "province", upstream="")
    with village.instance.store_for_job() as store:
        shared = [_register(store, village.pen(), village.melati, f"Anak bersama {n}") for n in range(SHARED)]
    for number in range(LAPTOPS):
        _write_without_a_signal(
            _joined(folder / f"laptop{number:02}", village, number), village, number, shared
        )
    return folder


def _joined(folder: Path, village: Village, number: int) -> Instance:
    area = village.melati if number % 2 else village.kenanga
    laptop = Instance(Config(folder, area=area, upstream="http://127.0.0.1:9"), lambda: NOW)
    road = Road(village.instance)
    with village.instance.store_for_job() as there, laptop.store_for_job() as here:
        code = as_province.new_enrolment_code(village.instance, there, area)
        joining.enrol(as_laptop.ports(laptop, here, road), enrolment.tidy(code))
    as_laptop.exchange(laptop, road)
    return laptop


def _write_without_a_signal(laptop: Instance, village: Village, number: int, shared: Sequence[str]) -> None:
    """Register children and weigh them; those of Melati also correct and weigh the children they all share."""
    at_melati = number % 2
    pen = Pen(laptop.lane, village.aminah if at_melati else village.dedi, NOW)
    with laptop.store_for_job() as store:
        for child in range(MINE):
            area = village.melati if at_melati else village.kenanga
            _weigh(
                store,
                pen,
                area,
                _register(store, pen, area, f"Anak {number} {child}"),
                7000 + number * 10 + child,
            )
        for child in shared if at_melati else ():
            records.save(store, pen, forms.BY_NAME["person"], {"name": f"Nama {number}"}, child)
            _weigh(store, pen, village.melati, child, 8000 + number)


def _register(store: Store, pen: Pen, area: str, name: str) -> str:
    card = {"posyandu": area, "name": name, "sex": "f", "birth_date": "2025-05-05"}
    return records.save(store, pen, forms.BY_NAME["person"], card)


def _weigh(store: Store, pen: Pen, area: str, child: str, weight_g: int) -> None:
    visit = {"person": child, "posyandu": area, "visit_date": "2026-08-03", "weight_g": weight_g}
    records.save(store, pen, forms.BY_NAME["balita"], visit)


def _after(
    folder: Path, database: str, run: Callable[[list[Callable[[], object]]], object]
) -> dict[str, Any]:
    """Let all laptops exchange until nothing is left to say, three rounds; return what everybody holds."""
    place = Config(folder / "province", area="52", database=database)
    if place.is_on_postgresql:
        _move(folder, database)
    road = Road(Instance(place, lambda: NOW))
    laptops = [Instance(_settings(path), lambda: NOW) for path in sorted(folder.glob("laptop*"))]
    for _ in range(3):
        run([lambda laptop=laptop: as_laptop.exchange(laptop, road) for laptop in laptops])  # type: ignore[misc]
    held: dict[str, Any] = {}
    with road.province.store_for_job() as store:
        held["province"] = _tables(store, AT_THE_PROVINCE)
        held["numbers"] = {table: _is_without_a_gap(store, table) for table in ("edits", "feed")}
    for number, laptop in enumerate(laptops):
        with laptop.store_for_job() as store:
            held[f"laptop {number}"] = _tables(store, ON_A_LAPTOP)
    return held


def _settings(folder: Path) -> Config:
    return Config(folder, area="", upstream="http://127.0.0.1:9")


def _move(folder: Path, address: str) -> None:
    file = Instance(Config(folder / "province", area="52"), lambda: NOW)
    target = postgres.open_store(address)
    with file.store_for_job() as source:
        assert isinstance(source, SqliteStore)
        move(source, target)
    target.close()


def _tables(store: Store, questions: dict[str, str]) -> dict[str, Table]:
    return {
        name: sorted((tuple(row.values()) for row in store.rows(sql)), key=str)
        for name, sql in questions.items()
    }


def _is_without_a_gap(store: Store, table: str) -> bool:
    numbers = [row["n"] for row in store.rows(f"select n from {table} order by n")]
    return numbers == list(range(1, len(numbers) + 1))


def _one_by_one(tasks: list[Callable[[], object]]) -> list[object]:
    return [task() for task in tasks]


@pytest.fixture(scope="module")
def in_sequence(morning: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What everybody holds when the laptops come one after the other."""
    folder = tmp_path_factory.mktemp("sequence") / "places"
    shutil.copytree(morning, folder)
    return _after(folder, SQLITE_FILE, _one_by_one)


def test_all_at_once_is_the_same_as_one_after_the_other(
    morning: Path, in_sequence: dict[str, Any], tmp_path: Path, database: str
) -> None:
    shutil.copytree(morning, tmp_path / "places")
    together = _after(tmp_path / "places", database, in_threads)  # type: ignore[arg-type]
    assert in_sequence["numbers"] == together["numbers"] == {"edits": True, "feed": True}
    assert len(together["province"]["person"]) == LAPTOPS * MINE + SHARED
    for who, tables in in_sequence.items():
        assert together[who] == tables, who
