"""A long file that came back is saved in parts: others write in between; stopped and begun anew, it saves no row twice."""

from collections.abc import Iterator
from typing import Any

import pytest
from flask import g
from flask.testing import FlaskClient

import forms
from siposyandu import records
from siposyandu.web import sessions
from siposyandu.web.excel import taking, waiting
from siposyandu.web.excel.judged import NO_ANSWERS
from siposyandu.web.excel.taking import ROWS_AT_ONCE, Saved
from tests.children import register, weigh
from tests.conftest import Village, on_the_day
from tests.returned import Book, brought, saved, taken

CHILDREN = ROWS_AT_ONCE + 3
PERSON = forms.BY_NAME["person"]


@pytest.fixture
def aminah(client: FlaskClient, village: Village) -> FlaskClient:
    """Aminah at the laptop on 3 August."""
    return on_the_day(client, village.aminah)


@pytest.fixture
def many(village: Village) -> list[str]:
    """More children than are saved at once."""
    return [register(village, f"Anak {number:03}") for number in range(CHILDREN)]


def with_weights(client: FlaskClient) -> Book:
    """The visits of August with a weight typed beside every child."""
    book = taken(client, "kunjungan", "bulan=2026-08")
    for number in range(CHILDREN):
        book.put(f"Anak {number:03}", day="3-8-2026", weight="8,9")
    return book


def written_about(village: Village) -> list[str]:
    """The records that were written about, oldest edit first."""
    with village.instance.store_for_job() as store:
        return [row["entity"] for row in store.rows("select entity from edits order by n")]


def parts_of(client: FlaskClient, village: Village, reason: str = "") -> Iterator[Saved]:
    """Save the file that waits part by part, as the page does."""
    with client.application.test_request_context("/excel/simpan"):
        g.worker = village.aminah
        sheet = waiting.sheet()
        assert sheet is not None
        yield from taking.save(sessions.store(), sheet, NO_ANSWERS, reason)


def weighed(village: Village) -> list[dict[str, Any]]:
    sql = "select person, count(*) as n from balita where retracted = 0 group by person having count(*) <> 1"
    with village.instance.store_for_job() as store:
        return [*store.rows(sql), {"all": store.value("select count(*) from balita where retracted = 0")}]


def test_somebody_else_writes_between_two_parts(
    village: Village, aminah: FlaskClient, many: list[str]
) -> None:
    brought(aminah, with_weights(aminah))
    parts = parts_of(aminah, village)
    first = next(parts)
    with village.instance.store_for_job() as store:  # a phone at the hotspot: a connection of its own
        records.save(store, village.pen(village.baiq), PERSON, {"phone": "081234567890"}, many[0])
    rest = [part.rows for part in parts]
    order = written_about(village)[-CHILDREN - 1 :]
    assert (first.rows, rest, order.index(many[0])) == (ROWS_AT_ONCE, [3], ROWS_AT_ONCE)
    assert weighed(village) == [{"all": CHILDREN}]


def test_stopped_in_the_middle_the_rest_is_saved_by_the_next_press_and_no_row_twice(
    village: Village, aminah: FlaskClient, many: list[str]
) -> None:
    brought(aminah, with_weights(aminah))
    stopped = parts_of(aminah, village)
    next(stopped)
    stopped.close()
    half = weighed(village)[-1]
    page = saved(aminah)
    again = saved(aminah)
    assert (half, weighed(village)) == ({"all": ROWS_AT_ONCE}, [{"all": CHILDREN}])
    assert "Tersimpan: 3 baris." in page.text
    assert "Tersimpan" not in again.text


def test_new_children_and_corrections_are_saved_once_however_often_it_is_begun_anew(
    village: Village, aminah: FlaskClient
) -> None:
    old = register(village, "Aisyah")
    weigh(village, old, "2026-08-03", 8800)
    book = taken(aminah, "balita")
    book.put("Aisyah", dusun="Montong Are")
    book.put(
        "Fadil",
        name="Fadil",
        sex="laki-laki",
        born="10-5-2025",
        mother="Saknah",
        why_no_nik="kartu tidak dibawa",
    )
    content = book.content()
    for _ in range(3):
        brought(aminah, content)
        saved(aminah)
    with village.instance.store_for_job() as store:
        assert store.rows("select name, dusun from person order by name") == [
            {"name": "Aisyah", "dusun": "Montong Are"},
            {"name": "Fadil", "dusun": None},
        ]
        changed = [each for each in records.history(store, PERSON, old) if each.column == "dusun"]
    assert [each.value for each in changed] == ["Timba Nuh", "Montong Are"]


def test_a_file_that_was_brought_in_meanwhile_is_not_thrown_away(
    village: Village, aminah: FlaskClient, many: list[str]
) -> None:
    brought(aminah, with_weights(aminah))
    parts = parts_of(aminah, village)
    next(parts)
    brought(aminah, taken(aminah, "balita").put("Anak 000", dusun="Montong Are"))
    rest = list(parts)
    assert (len(rest), "Montong Are" in aminah.get("/excel").text) == (1, True)
