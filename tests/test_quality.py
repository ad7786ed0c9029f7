"""Questions to the store about measuring: whose visits, what stood there last month, who wrote it, a large area at a glance."""

from dataclasses import replace
from datetime import date
from random import Random

import pytest

import forms
from siposyandu import quality, records
from siposyandu.growth.quality import Measured, count
from siposyandu.growth.quality.ages import Ages
from siposyandu.growth.quality.ikda import Register
from siposyandu.periods import Month
from siposyandu.store import SqliteStore, Store
from tests.bench.bench_quality import LAST, filled, identity
from tests.children import register, weigh
from tests.conftest import Village

JULY, AUGUST = Month(2026, 7), Month(2026, 8)


def visits_of(
    village: Village, first: Month = AUGUST, last: Month = AUGUST, **options: bool
) -> list[Measured]:
    with village.instance.store_for_job() as store:
        return quality.measurements(store, [village.melati], first, last, **options)[village.melati]


def test_a_visit_carries_what_growth_says_and_last_months_values(village: Village) -> None:
    child = register(village, "Nabila", birth_date="2025-05-10")
    weigh(village, child, "2026-07-06", 8600, length_height_mm=740, measured="lying")
    weigh(village, child, "2026-08-03", 8900, length_height_mm=745, measured="lying")
    (visit,) = visits_of(village)
    assert visit == Measured(
        "f", date(2025, 5, 10), 450, 14, 8900, 745, "lying", visit.waz, visit.haz, visit.whz, False, False, False, 8600, 740,
        "", child,
    )  # fmt: skip
    assert (visit.waz, visit.haz) == (pytest.approx(-0.58, abs=0.05), pytest.approx(-0.75, abs=0.3))


def test_the_last_visit_of_the_month_before_is_compared(village: Village) -> None:
    child = register(village, "Nabila")
    for day, grams in (
        ("2026-06-08", 8000),
        ("2026-07-06", 8600),
        ("2026-07-20", 8700),
        ("2026-08-03", 8900),
    ):
        weigh(village, child, day, grams)
    assert [visit.weight_before_g for visit in visits_of(village, JULY)] == [8000, 8000, 8700]


def test_after_a_missed_month_there_is_nothing_to_compare(village: Village) -> None:
    child = register(village, "Nabila")
    weigh(village, child, "2026-06-08", 8000)
    weigh(village, child, "2026-08-03", 8900)
    assert [visit.weight_before_g for visit in visits_of(village)] == [None]


def test_a_withdrawn_visit_and_another_posyandu_do_not_count(village: Village) -> None:
    child = register(village, "Nabila")
    wrong = weigh(village, child, "2026-08-03", 8900)
    with village.instance.store_for_job() as store:
        records.retract(store, village.pen(), wrong, "wrong child")
    weigh(village, child, "2026-08-04", 9000, posyandu=village.kenanga)
    assert visits_of(village) == []


def test_whoever_wrote_the_visit_first_measured_it_even_when_another_corrects_it(village: Village) -> None:
    child = register(village, "Nabila")
    visit = weigh(village, child, "2026-08-03", 8900)
    with village.instance.store_for_job() as store:
        corrected = {"weight_g": 9000, "correction_reason": "read again"}
        records.save(store, village.pen(village.baiq), forms.BY_NAME["balita"], corrected, visit)
    groups = quality.by_measurer(visits_of(village, by_author=True))
    assert {worker: [each.weight_g for each in group] for worker, group in groups.items()} == {
        village.aminah.id: [9000]
    }


def test_without_a_measurer_a_visit_is_in_no_group(village: Village) -> None:
    weigh(village, register(village, "Nabila"), "2026-08-03", 8900)
    assert quality.by_measurer(visits_of(village)) == {}


def test_no_posyandu_no_visits(store: SqliteStore) -> None:
    assert (quality.measurements(store, [], AUGUST, AUGUST), quality.registers(store, [], AUGUST)) == ({}, {})


def test_the_register_tells_expected_weighed_double_and_stunted(village: Village) -> None:
    for name, nik in (
        ("Nabila", None),
        ("NABILA", None),
        ("Fadil", "5202010101010001"),
        ("Fadli", "5202010101010001"),
    ):
        child = register(village, name, nik=nik)
        if nik:
            weigh(village, child, "2026-08-03", 9000, length_height_mm=690, measured="lying")
    with village.instance.store_for_job() as store:
        found = quality.registers(store, [village.melati, village.kenanga], AUGUST)
    assert found == {
        village.melati: Register(4, 2, 1, stunting_percent=100.0),
        village.kenanga: Register(0, 0, 0),
    }


def _holes(store: Store, chance: Random) -> None:
    """Make the made-up measurements as careless as real ones: gaps, wrong positions, flags."""
    with store.write():
        for row in store.rows("select id from balita"):
            column, value = chance.choice((
                ("weight_g", None), ("length_height_mm", None), ("measured", None), ("measured", "standing"),
                ("measured", "lying"), ("length_height_mm", 800), ("weight_g", 9050),
            ))  # fmt: skip
            store.run(f"update balita set {column} = $2 where id = $1", row["id"], value)
            index, what = chance.choice(("waz", "haz", "whz")), chance.choice(("null", "flag"))
            change = (
                f"{index} = null, {index}_flag = null"
                if what == "null"
                else f"{index} = -7, {index}_flag = 1"
            )
            store.run(f"update balita_growth set {change} where id = $1", row["id"])


@pytest.mark.parametrize("by", ["puskesmas", "kecamatan", "kabupaten"])
def test_the_database_counts_a_large_area_as_python_does(by: str) -> None:
    store = filled(2, months=3)
    _holes(store, Random(5))
    ids = [identity(1, at) for at in range(2)]
    groups = quality.measurements(store, ids, LAST.previous, LAST)
    together = count(visit for group in groups.values() for visit in group)
    (found,) = quality.overview(store, "5202", LAST.previous, LAST, by).values()
    child_by_child = {"ages": Ages(), "comparable": 0, "copied_visits": 0}
    assert replace(found, haz=together.haz, waz=together.waz, whz=together.whz) == replace(
        together, **child_by_child
    )
    for index in ("waz", "haz", "whz"):
        ours, theirs = getattr(found, index), getattr(together, index)
        assert (*ours.kept, ours.flagged) == pytest.approx((*theirs.kept, theirs.flagged))


def test_an_area_where_nobody_measured_has_no_parts(store: SqliteStore) -> None:
    assert quality.overview(store, "52", AUGUST, AUGUST, "kabupaten") == {}
