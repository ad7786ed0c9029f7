"""What is typed and not saved outlives a clock that is set right, or wrong: what was written last is kept, whatever its time."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from siposyandu.periods import instant_text
from siposyandu.store import Store
from siposyandu.web import drafts, grid_cells
from siposyandu.web.grid_cells import Sheet
from tests.conftest import NOW, Village, on_the_day
from tests.test_web_grid import BOOK, DAY, OF_THE_DAY, cells, nabila, rizki, shown

__all__ = ["nabila", "rizki"]

EMPTY_BATTERY = datetime(2010, 1, 1, 8, tzinfo=UTC)
CLOCKS = {
    "right again after an empty battery": (EMPTY_BATTERY, NOW),
    "a year too far by a slip of the hand": (NOW, NOW + timedelta(days=365)),
    "an empty battery": (NOW, EMPTY_BATTERY),
}
SET = pytest.mark.parametrize(("before", "after"), CLOCKS.values(), ids=CLOCKS)


@SET
def test_a_page_of_the_book_half_typed_is_there_after_the_clock_was_set(
    client: FlaskClient, village: Village, nabila: str, rizki: str, before: datetime, after: datetime
) -> None:
    for now, child, weight_kg in ((before, nabila, "8,9"), (after, rizki, "11,2")):
        village.instance.now = lambda now=now: now
        aminah = on_the_day(client, village.aminah, DAY)
        aminah.post("/hari-ini/buku/sel", data={**OF_THE_DAY, **cells(child, weight_kg=weight_kg)})
    page = aminah.get(BOOK).text
    assert [shown(page, child, "weight_kg") for child in (nabila, rizki)] == ["8,9", "11,2"]


@SET
def test_a_childs_page_half_typed_is_there_after_the_clock_was_set(
    client: FlaskClient, village: Village, nabila: str, rizki: str, before: datetime, after: datetime
) -> None:
    for now, child in ((before, nabila), (after, rizki)):
        village.instance.now = lambda now=now: now
        aminah = on_the_day(client, village.aminah, DAY)
        aminah.post(f"/draf?page=/kunjungan/balita/{child}/{DAY}", data={"note": "penting sekali"})
    pages = [aminah.get(f"/kunjungan/balita/{child}").text for child in (nabila, rizki)]
    assert ["penting sekali" in page for page in pages] == [True, True]


def kept(store: Store, sql: str) -> list[Any]:
    return [row["kept"] for row in store.rows(sql)]


def test_of_too_many_drafts_those_written_first_give_way_whatever_the_clock_said(
    store: Store, village: Village
) -> None:
    with store.write():
        for number in range(drafts.MOST_DRAFTS + 1):
            earlier = NOW - timedelta(days=number)  # each by a clock that stands a day before the last
            drafts.keep(store, village.aminah.id, f"/p/{number:03}", {"a": ["x"]}, earlier)
        drafts.keep(store, village.aminah.id, "/p/001", {"a": ["y"]}, EMPTY_BATTERY)
        drafts.keep(store, village.aminah.id, "/p/new", {"a": ["x"]}, EMPTY_BATTERY)
    pages = kept(store, "select page as kept from draft")
    wanted = [*(f"/p/{number:03}" for number in range(3, drafts.MOST_DRAFTS + 1)), "/p/001", "/p/new"]
    assert sorted(pages) == sorted(wanted)


def test_drafts_of_before_keep_the_order_of_their_time_and_give_way_first(
    store: Store, village: Village
) -> None:
    mine = village.aminah.id
    old = [(mine, f"/p/{day}", "{}", instant_text(NOW + timedelta(days=day))) for day in range(3)]
    with store.write():
        store.many("insert into draft (worker, page, typed, saved_at) values ($1, $2, $3, $4)", old)
        for number in range(drafts.MOST_DRAFTS - 1):
            drafts.keep(store, mine, f"/q/{number}", {"a": ["x"]}, EMPTY_BATTERY)
    assert kept(store, "select page as kept from draft where page like '/p/%'") == ["/p/2"]


def test_of_too_many_pages_of_the_book_those_written_first_give_way_whatever_the_clock_said(
    store: Store, village: Village
) -> None:
    days = [(NOW + timedelta(days=number)).date().isoformat() for number in range(grid_cells.MOST_SHEETS + 2)]
    with store.write():
        for number, day in enumerate([*days, days[2]]):
            sheet, earlier = Sheet(village.aminah.id, village.melati, day), NOW - timedelta(days=number)
            grid_cells.keep(store, sheet, {("a child", "weight_kg"): "8,9", ("b", "note"): "x"}, earlier)
        other = Sheet(village.baiq.id, village.melati, days[0])
        grid_cells.keep(store, other, {("a child", "weight_kg"): "9,1"}, EMPTY_BATTERY)
    counted = "select visit_date as kept from grid_cell where worker = '{}' order by visit_date, person"
    seen = [kept(store, counted.format(worker.id)) for worker in (village.aminah, village.baiq)]
    assert seen == [[day for day in days[2:] for _ in range(2)], [days[0]]]
