"""The store: one transaction, the same SQL, nothing half done."""

from collections.abc import Callable
from pathlib import Path

import pytest

import forms
from siposyandu.errors import DiskFull
from siposyandu.migrations import migrate
from siposyandu.store import Store, open_store
from tests.conftest import open_at
from tests.threads import in_threads


@pytest.fixture
def another(database: str, tmp_path: Path) -> Callable[[], Store]:
    """Opens one database again and again, for one thread each."""
    return lambda: open_at(database, tmp_path)


@pytest.fixture
def cups(store: Store) -> Store:
    with store.write():
        store.run("create table cup (name text primary key, tea integer)")
    return store


def test_a_failure_inside_write_leaves_everything_as_it_was(cups: Store) -> None:
    with pytest.raises(KeyError), cups.write():
        cups.run("insert into cup (name, tea) values ($1, $2)", "red", 1)
        raise KeyError
    assert cups.rows("select * from cup") == []


def test_a_failure_in_a_nested_write_undoes_only_the_nested_part(cups: Store) -> None:
    with cups.write():
        cups.run("insert into cup (name, tea) values ($1, $2)", "red", 1)
        with pytest.raises(KeyError), cups.write():
            cups.run("insert into cup (name, tea) values ($1, $2)", "blue", 2)
            raise KeyError
    assert cups.rows("select * from cup") == [{"name": "red", "tea": 1}]


def test_a_change_outside_write_is_a_programming_error(cups: Store) -> None:
    with pytest.raises(RuntimeError):
        cups.run("insert into cup (name, tea) values ($1, $2)", "red", 1)


def test_many_rows_one_row_and_one_value(cups: Store) -> None:
    with cups.write():
        cups.many("insert into cup (name, tea) values ($1, $2)", [("red", 1), ("blue", None)])
    assert (
        cups.one("select * from cup where name = $1", "blue"),
        cups.one("select * from cup where name = $1", "green"),
        cups.value("select count(*) from cup"),
    ) == ({"name": "blue", "tea": None}, None, 2)


def test_four_that_read_and_then_write_lose_nothing(another: Callable[[], Store]) -> None:
    first = another()
    with first.write():
        first.run("create table tin (coins integer)")
        first.run("insert into tin (coins) values (0)")

    def pay() -> None:
        mine = another()
        for _ in range(20):
            with mine.write():
                mine.run("update tin set coins = $1", mine.value("select coins from tin") + 1)
        mine.close()

    in_threads([pay] * 4)
    assert first.value("select coins from tin") == 80
    first.close()


def test_a_full_disk_is_called_by_its_name_and_nothing_of_that_write_is_kept() -> None:
    store = open_store(":memory:")
    with store.write():
        store.run("create table tin (coins text) strict")
    pages = store.value("pragma page_count")
    store.value(f"pragma max_page_count = {pages}")
    with pytest.raises(DiskFull), store.write():
        store.run("insert into tin (coins) values ('few')")
        with store.write():
            store.many("insert into tin (coins) values ($1)", [("x" * 5000,)] * 2)
    store.value(f"pragma max_page_count = {2 * pages}")
    assert store.rows("select coins from tin") == []
    with store.write():
        store.run("insert into tin (coins) values ('some')")
    assert store.rows("select coins from tin") == [{"coins": "some"}]
    store.close()


def test_migrating_twice_does_nothing_the_second_time() -> None:
    fresh = open_store(":memory:")
    assert (len(migrate(fresh)) > 5, migrate(fresh)) == (True, [])
    fresh.close()


def test_of_several_programs_that_start_at_once_after_an_update_one_migrates(tmp_path: Path) -> None:
    def start() -> int:
        store = open_store(tmp_path / "siposyandu.db")
        taken = migrate(store)
        store.close()
        return len(taken)

    taken = sorted(in_threads([start] * 4))
    assert (taken[:3], taken[3] > 5) == ([0, 0, 0], True)


@pytest.mark.parametrize("form", forms.ALL, ids=lambda form: form.name)
def test_every_field_of_every_form_has_its_column(store: Store, form: forms.Form) -> None:
    with store.write():
        store.run(f"insert into {form.name} (id) values ('1')")
        columns = set(store.rows(f"select * from {form.name}")[0])
    assert columns - {"search_row"} == {"id", "retracted", *form.by_column}


def test_every_table_of_records_is_strict_on_sqlite() -> None:
    store = open_store(":memory:")
    migrate(store)
    loose = store.rows(
        """select name from pragma_table_list where type = 'table' and strict = 0 and schema = 'main'
            and name not like 'sqlite%' and name not like '%_search%' and name <> '_sqlite_migrations'"""
    )
    assert loose == []
    store.close()


KINDS = (0, 1, -1, 2**53 - 1, None, "", "\\N", "a\tb\nc\\d", "Aisyah 'Elok' \u00e9 \U0001f476", "x" * 9000)


@pytest.mark.parametrize("count", [1, 7, 8, 60])
def test_many_rows_hold_what_was_given_whatever_it_is(store: Store, count: int) -> None:
    given = [
        {
            "id": f"{number:03}",
            "name": str(KINDS[number % 10]) if KINDS[number % 10] is not None else None,
            "tea": (KINDS * 2)[number % 5],
            "lid": bytes(range(number)) if number % 3 else None,
            "heat": number / 7,
        }
        for number in range(count)
    ]
    with store.write():
        blob, real = ("blob", "real") if store.dialect == "sqlite" else ("bytea", "double precision")
        store.run(f"create table cup (id text primary key, name text, tea bigint, lid {blob}, heat {real})")
        rows = [tuple(row.values()) for row in given]
        store.many("insert into cup (id, name, tea, lid, heat) values ($1, $2, $3, $4, $5)", rows)
    assert store.rows("select * from cup order by id") == given


def test_one_bad_row_of_many_undoes_all_of_them(cups: Store) -> None:
    twice = [(f"cup {number % 20}", number) for number in range(21)]
    with pytest.raises(Exception, match=r"(?i)unique|duplicate"), cups.write():
        cups.many("insert into cup (name, tea) values ($1, $2)", twice)
    assert cups.rows("select * from cup") == []


def test_many_may_say_what_happens_to_a_row_that_is_there(cups: Store) -> None:
    sql = """insert into cup (name, tea) values ($1, $2)
        on conflict (name) do update set tea = excluded.tea where cup.tea < excluded.tea"""
    with cups.write():
        cups.many(sql, [("red", number) for number in (1, 3, 2)])
        cups.many(sql, [(f"cup {number}", number) for number in range(20)] + [("red", 9)])
    assert (cups.value("select count(*) from cup"), cups.value("select tea from cup where name = 'red'")) == (
        21,
        9,
    )


@pytest.mark.parametrize("count", [8, 21, 85, 300])
def test_rows_that_are_there_already_are_changed_and_others_added(cups: Store, count: int) -> None:
    with cups.write():
        cups.many(
            "insert into cup (name, tea) values ($1, $2)",
            [(f"cup {number}", 0) for number in range(0, count, 3)],
        )
        cups.many(
            "insert into cup (name, tea) values ($1, $2) on conflict (name) do update set tea = excluded.tea + 1",
            [(f"cup {number}", number) for number in range(count)],
        )
        cups.many(
            "insert into cup (name, tea) values ($1, $2) on conflict do nothing",
            [(f"cup {number % (count + 2)}", 7) for number in range(2 * count)],
        )
    assert {row["name"]: row["tea"] for row in cups.rows("select * from cup")} == {
        f"cup {number}": number + (number % 3 == 0) if number < count else 7 for number in range(count + 2)
    }


def test_a_sum_and_a_comparison_are_whole_numbers_and_an_average_has_a_fraction(cups: Store) -> None:
    with cups.write():
        cups.many("insert into cup (name, tea) values ($1, $2)", [("red", 2), ("blue", 3)])
    found = cups.one(
        "select sum(tea) as tea, count(*) as cups, max(tea) > 2 as much, avg(tea) as mean from cup"
    )
    assert found is not None
    assert ({**found, "mean": float(found["mean"])}, type(found["tea"]), type(found["much"])) == (
        {"tea": 5, "cups": 2, "much": 1, "mean": 2.5},
        int,
        int,
    )
