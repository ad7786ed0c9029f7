"""The long tables of a province on PostgreSQL lie in parts, and nothing above can tell."""

from collections.abc import Iterator

import pytest

import forms
from siposyandu import partitions, postgres, records
from siposyandu.migrations import migrate
from siposyandu.periods import Month
from siposyandu.records import Pen
from siposyandu.store import Store
from tests.conftest import Village
from tests.postgresql import Server

AUGUST = Month(2026, 8)
MONTHS = ("2023-07-04", "2024-12-31", "2025-01-01", "2026-08-03")


@pytest.fixture
def empty(postgresql_server: Server) -> Iterator[Store]:
    """A database whose long tables have no part yet but the last."""
    address = postgresql_server.empty()
    store = postgres.open_store(address)
    migrate(store)
    yield store
    store.close()
    postgresql_server.drop(address)


def names(store: Store) -> list[object]:
    return [part["name"] for part in partitions.parts(store)]


def keep_evidence(store: Store, *arrivals: str) -> None:
    with store.write():
        store.run("insert into lanes (lane, chain) values ('a', 'b') on conflict (lane) do nothing")
        store.many(
            """insert into evidence (lane_no, first_seq, last_seq, received_at, envelope)
            values (1, 1, 1, $1, $2)""",
            [(at, b"sealed") for at in arrivals],
        )


def where(store: Store) -> list[tuple[object, ...]]:
    rows = store.rows(
        "select cast(tableoid as regclass)::text as part, received_at from evidence order by evidence_no"
    )
    return [tuple(row.values()) for row in rows]


@pytest.mark.postgresql
def test_parts_are_made_ahead_and_once(empty: Store) -> None:
    made = partitions.make_ready(empty, AUGUST)
    assert made == [
        "balita_growth_2026", "evidence_2026_08", "evidence_2026_09", "evidence_2026_10", "evidence_2026_11",
    ]  # fmt: skip
    assert (partitions.make_ready(empty, AUGUST), partitions.make_ready(empty, Month(2026, 10))) == (
        [],
        ["balita_growth_2027", "evidence_2026_12", "evidence_2027_01"],
    )


@pytest.mark.postgresql
def test_what_came_before_its_part_was_made_moves_there_and_slips_stay(empty: Store) -> None:
    keep_evidence(
        empty, "2026-07-31T23:59:59Z", "2026-08-01T00:00:00Z", "1970-01-01T00:00:00Z", "2099-01-01T00:00:00Z"
    )
    before = where(empty)
    partitions.make_ready(empty, AUGUST)
    keep_evidence(empty, "2026-08-31T23:59:59Z")
    assert {part for part, _ in before} == {"evidence_other"}
    assert where(empty) == [
        ("evidence_2026_07", "2026-07-31T23:59:59Z"),
        ("evidence_2026_08", "2026-08-01T00:00:00Z"),
        ("evidence_other", "1970-01-01T00:00:00Z"),
        ("evidence_other", "2099-01-01T00:00:00Z"),
        ("evidence_2026_08", "2026-08-31T23:59:59Z"),
    ]


@pytest.mark.postgresql
def test_a_month_of_evidence_is_taken_out_whole(empty: Store) -> None:
    keep_evidence(empty, "2026-08-01T00:00:00Z", "2026-09-01T00:00:00Z")
    partitions.make_ready(empty, AUGUST)
    with empty.write():
        empty.run("alter table evidence detach partition evidence_2026_08")
    assert where(empty) == [("evidence_2026_09", "2026-09-01T00:00:00Z")]


@pytest.mark.postgresql
def test_a_question_about_a_month_looks_into_one_part_only(empty: Store) -> None:
    partitions.make_ready(empty, AUGUST)
    plan = empty.rows("explain select person from balita_growth where month = '2026-08' and person = 'a'")
    looked_at = " ".join(str(next(iter(line.values()))) for line in plan)
    assert ("balita_growth_2026" in looked_at, "balita_growth_other" in looked_at) == (True, False)


def test_a_childs_years_are_scored_counted_and_recounted_alike_in_parts_and_without(
    province: Village,
) -> None:
    with province.instance.store_for_job() as store:
        pen = Pen(province.instance.lane, province.aminah, province.instance.now())
        card = {"posyandu": province.melati, "name": "Aisyah", "sex": "f", "birth_date": "2023-05-05"}
        child = records.save(store, pen, forms.BY_NAME["person"], card)
        for number, day in enumerate(MONTHS):
            visit = {
                "person": child,
                "posyandu": province.melati,
                "visit_date": day,
                "weight_g": 6000 + number * 2000,
            }
            records.save(store, pen, forms.BY_NAME["balita"], visit)
        before = store.rows("select month, waz, gain from balita_growth order by month")
        partitions.make_ready(store, AUGUST)
        after = store.rows("select month, waz, gain from balita_growth order by month")
        assert (len(before), before, records.recount(store, lambda done, of: None)) == (4, after, [])
        in_parts = {str(name) for name in names(store)}
    assert in_parts >= {"balita_growth_2023", "balita_growth_2024", "balita_growth_2025"} or in_parts == set()
