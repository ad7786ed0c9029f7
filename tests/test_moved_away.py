"""A child of Melati moves to Kenanga: Kenanga gets her whole, Melati's laptop forgets her name and keeps its numbers."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

import forms
from siposyandu import as_laptop, as_province, records, referrals
from siposyandu.access import Worker
from siposyandu.config import Config
from siposyandu.instance import Instance
from siposyandu.records import Pen
from siposyandu.store import SqliteStore
from sync import enrolment, joining
from sync.province import receive
from tests.conftest import NOW, Village, found
from tests.sync_world import enrolled_by


class ByHand:
    """A road to a province in the same process."""

    def __init__(self, province: Instance, store: SqliteStore) -> None:
        self.province, self.store = province, store

    def post(self, path: str, body: bytes) -> bytes:
        """Carry a request there and its answer back."""
        here = as_province.ports(self.province, self.store)
        return enrolled_by(here, body) if path == "/v1/enrol" else receive(here, body).body


class Laptop:
    """One posyandu's laptop, enrolled."""

    def __init__(self, folder: Path, posyandu: str, road: ByHand) -> None:
        place = Config(folder, area=posyandu, upstream="http://127.0.0.1:9")
        self.instance, self.road, self.posyandu = Instance(place, lambda: NOW), road, posyandu
        self.store = self.instance.open_store()
        code = as_province.new_enrolment_code(road.province, road.store, posyandu)
        joining.enrol(as_laptop.ports(self.instance, self.store, road), enrolment.tidy(code))
        self.exchange()

    def exchange(self) -> None:
        """Send and fetch."""
        as_laptop.exchange(self.instance, self.road)

    def save(self, who: Worker, form: str, values: dict[str, str | int], entity: str | None = None) -> str:
        """Write as she does."""
        pen = Pen(self.instance.lane, who, NOW)
        return records.save(self.store, pen, forms.BY_NAME[form], values, entity)


@pytest.fixture
def province(tmp_path: Path) -> Village:
    return found(tmp_path / "province", upstream="")


@pytest.fixture
def laptops(tmp_path: Path, province: Village) -> Iterator[tuple[Laptop, Laptop]]:
    with province.instance.store_for_job() as store:
        road = ByHand(province.instance, store)
        both = [Laptop(tmp_path / name, area, road) for name, area in
                (("melati", province.melati), ("kenanga", province.kenanga))]  # fmt: skip
        yield both[0], both[1]
        for laptop in both:
            laptop.store.close()


def tallies(store: SqliteStore, posyandu: str) -> list[dict[str, object]]:
    return store.rows("select * from tally where posyandu = $1 order by month, age_group, sex", posyandu)


def person(store: SqliteStore, child: str) -> dict[str, object] | None:
    return store.one("select name, mother_name, sex, birth_date, posyandu from person where id = $1", child)


def test_a_child_who_moved_is_known_by_name_only_where_she_now_belongs(
    province: Village, laptops: tuple[Laptop, Laptop]
) -> None:
    melati, kenanga = laptops
    card = {"posyandu": melati.posyandu, "name": "Baiq Sari", "sex": "f", "birth_date": "2025-05-10",
            "registered_date": "2025-06-02", "mother_name": "Saknah", "status": "active"}  # fmt: skip
    child = melati.save(province.aminah, "person", card)
    for day, grams in (("2026-06-02", 8300), ("2026-07-02", 8600)):
        visit = {"person": child, "posyandu": melati.posyandu, "visit_date": day, "weight_g": grams}
        melati.save(province.aminah, "balita", visit)
    melati.save(
        province.aminah, "person", {"posyandu": kenanga.posyandu, "posyandu_since": "2026-08-01"}, child
    )
    for laptop in (melati, kenanga, kenanga, melati):
        laptop.exchange()
    before = tallies(melati.store, melati.posyandu)
    changed = records.recount(melati.store, lambda done, of: None)
    names = {"name": "Baiq Sari", "mother_name": "Saknah"}
    kept = {"sex": "f", "birth_date": "2025-05-10", "posyandu": kenanga.posyandu}
    assert person(melati.store, child) == {"name": None, "mother_name": None} | kept
    assert person(kenanga.store, child) == names | kept
    assert (changed, tallies(melati.store, melati.posyandu)) == ([], before)
    with province.instance.store_for_job() as store:
        assert tallies(store, melati.posyandu)[: len(before)] == before
        assert [row["weight_g"] for row in kenanga.store.rows("select weight_g from balita order by 1")] == [
            8300,
            8600,
        ]


def test_she_is_not_found_by_her_name_any_more(province: Village, laptops: tuple[Laptop, Laptop]) -> None:
    melati, kenanga = laptops
    card = {"posyandu": melati.posyandu, "name": "Baiq Sari", "sex": "f", "birth_date": "2025-05-10"}
    child = melati.save(province.aminah, "person", card)
    melati.save(province.aminah, "person", {"posyandu": kenanga.posyandu}, child)
    for laptop in (melati, kenanga, kenanga, melati):
        laptop.exchange()
    found_ = [store.search("person", ["Sari"], 5) for store in (melati.store, kenanga.store)]
    assert [len(rows) for rows in found_] == [0, 1]


def test_what_was_written_at_her_home_goes_with_her(
    province: Village, laptops: tuple[Laptop, Laptop]
) -> None:
    melati, kenanga = laptops
    card = {"posyandu": melati.posyandu, "name": "Baiq Sari", "sex": "f", "birth_date": "2025-05-10"}
    child = melati.save(province.aminah, "person", card)
    home = {"person": child, "posyandu": melati.posyandu}
    weighing = home | {"visit_date": "2026-07-02", "weight_g": 6000, "referral": "puskesmas"}
    visit = melati.save(province.aminah, "balita", weighing)
    at_home = home | {
        "visit_date": "2026-07-05",
        "met": "yes",
        "advice": "Sari makan telur",
        "note": "Saknah",
    }
    melati.save(province.aminah, "home_visit", at_home)
    heard = home | {"visit": visit, "came_to": "not_yet", "returned_date": "2026-07-09", "follow_up": "Sari"}
    melati.save(province.aminah, "referral_return", heard)
    melati.exchange()
    melati.save(province.aminah, "person", {"posyandu": kenanga.posyandu}, child)
    for laptop in (melati, kenanga, kenanga, melati):
        laptop.exchange()
    texts = "select advice, note from home_visit union all select found, follow_up from referral_return"
    said = [[tuple(row.values()) for row in laptop.store.rows(texts)] for laptop in laptops]
    days = date(2026, 8, 3)
    waiting = [
        [each.person["name"] for each in referrals.open_at(laptop.store, [laptop.posyandu], days)]
        for laptop in laptops
    ]
    assert said == [[(None, None)] * 2, [("Sari makan telur", "Saknah"), (None, "Sari")]]
    assert waiting == [[], ["Baiq Sari"]]
