"""A wrong clock harms nobody: days that it made are kept, not counted, and repaired all at once; a right clock is left alone."""

import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some

from siposyandu import access, records
from siposyandu.office import doubtful, doubting
from siposyandu.office.dates import BIRTH, CLOCK, FUTURE, GRACE, Written, doubt
from siposyandu.records import Pen
from sync import edits
from tests.neighbours import Hour, Laptop, Neighbours
from tests.sync_app import AMINAH
from tests.test_web_differences import CHILD, child_of, words

JOINED, CAME = date(2026, 3, 1), date(2026, 8, 12)
DAYS = some.dates(date(2025, 1, 1), date(2027, 12, 31))


@given(some.lists(DAYS, min_size=4, max_size=4).map(sorted), some.integers(0, 1))
def test_a_right_clock_is_never_bothered(days: list[date], late: int) -> None:
    joined, told, written, came = days  # a day of the past may be typed from a book
    for visit in (told, written, written - timedelta(days=late)):
        assert doubt(Written(visit, None, written, came, joined)) is None


@given(DAYS, DAYS, DAYS)
def test_a_day_that_was_typed_against_the_clock_is_believed_if_it_can_be(
    visit: date, clock: date, came: date
) -> None:
    found = doubt(Written(visit, None, clock, came, JOINED))
    assert found == (
        FUTURE if visit > came + GRACE else CLOCK if _the_clocks_own(visit, clock, came) else None
    )


def _the_clocks_own(visit: date, clock: date, came: date) -> bool:
    return abs(visit - clock) <= GRACE and not JOINED - GRACE <= clock <= came + GRACE


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (Written(date(2009, 1, 3), None, date(2009, 1, 3), CAME, JOINED), CLOCK),
        (
            Written(date(2009, 1, 4), None, date(2009, 1, 3), CAME, JOINED),
            CLOCK,
        ),  # past midnight by that clock
        (Written(CAME, None, date(2009, 1, 3), CAME, JOINED), None),  # the kader typed the day herself
        (Written(date(2026, 8, 20), None, date(2026, 8, 20), CAME, JOINED), FUTURE),
        (Written(CAME + GRACE, None, CAME, CAME, JOINED), None),
        (Written(date(2026, 6, 13), None, date(2026, 6, 13), CAME, JOINED, off_days=-60), CLOCK),
        (Written(date(2026, 6, 13), None, date(2026, 6, 13), date(2026, 6, 13), JOINED, off_days=-60), None),
        (Written(date(2026, 6, 13), date(2026, 7, 1), date(2026, 6, 13), CAME, JOINED), BIRTH),
        (Written(date(2009, 1, 3), None, date(2009, 1, 3), CAME, None), None),  # the province's own pages
    ],
)
def test_the_rule_case_by_case(written: Written, expected: str | None) -> None:
    assert doubt(written) == expected


@pytest.fixture
def world(tmp_path: Path, database: str) -> Neighbours:
    return Neighbours.begin(tmp_path, database)


def look(world: Neighbours) -> int:
    with world.store() as store:
        return doubting.look(store, Pen(world.village.instance.lane, access.PROGRAM, world.clock()))


def session(laptop: Laptop, day: str, children: int = 3) -> list[str]:
    """A posyandu day on which every child is weighed with this date."""
    return [laptop.weigh(laptop.village.aminah, child_of(laptop), day, 8000) for _ in range(children)]


def test_a_day_that_is_none_waits_to_be_looked_at_and_hides_no_doubtful_one(world: Neighbours) -> None:
    one, day = world.laptop("one"), doubting.DAY
    values = {0: doubting.FORM.number, day: "kemarin"}
    with one.store() as store, store.write():
        strange = edits.record(
            store, one.instance.lane, kind="create", entity=None, values=values, author=AMINAH, device_time="2026-08-03T01:00:00Z"
        )  # fmt: skip
    later = session(one, "2031-01-01", children=1)
    one.exchange()
    assert look(world) == 1
    assert days(later, world) == {("2031-01-01", FUTURE)}
    with world.store() as store:
        assert store.rows("select entity, problem from reviews") == [
            {"entity": strange.entity, "problem": "ValueError: Invalid isoformat string: 'kemarin'"}
        ]


def days(visits: list[str], *places: Laptop | Neighbours) -> set[tuple[str, str | None]]:
    found = set()
    for place in places:
        with place.store() as store:
            rows = (
                store.one("select visit_date, date_doubt from balita where id = $1", visit)
                for visit in visits
            )
            found |= {(row["visit_date"], row["date_doubt"]) for row in rows if row}
    return found


def weighed(month: str, *places: Laptop | Neighbours) -> list[int]:
    found = []
    for place in places:
        with place.store() as store:
            found.append(store.value("select coalesce(sum(d), 0) from tally where month = $1", month))
    return found


def key_of(html: str) -> str:
    return re.findall(r'href="/tanggal-meragukan/([^"]+)"', html)[0]


def with_dead_battery(world: Neighbours) -> Laptop:
    """A laptop whose clock fell back to 2024 after it joined."""
    clock = Hour()
    laptop = world.laptop("one", clock)
    clock.time = datetime(2024, 1, 3, 1, 0, tzinfo=UTC)
    return laptop


OLD = {**CHILD, "birth_date": "2023-05-10", "registered_date": "2023-06-02"}


def test_days_of_a_dead_battery_do_not_count_until_one_repair_mends_them_all(world):
    one = with_dead_battery(world)
    children = [one.save(one.village.aminah, "person", posyandu=one.village.melati, **OLD) for _ in range(3)]
    visits = [one.weigh(one.village.aminah, child, "2024-01-03", 9000) for child in children]
    one.exchange()
    assert weighed("2024-01", world, one) == [3, 3]
    assert look(world) == 3
    one.exchange()
    assert (days(visits, world, one), weighed("2024-01", world, one)) == ({("2024-01-03", CLOCK)}, [0, 0])
    citra = world.browser(world.village.citra)
    listed = citra.get("/tanggal-meragukan").text
    assert [
        part in words(listed) for part in ("3 January 2024", "3 visits", "clock of that laptop was wrong")
    ] == [True] * 3
    path = f"/tanggal-meragukan/{key_of(listed)}"
    assert "The first of them came on 3 August 2026" in words(citra.get(path).text)
    codes = [
        citra.post(f"{path}/perbaiki", data={"day": day, "reason": why}).status_code
        for day, why in (
            ("3-8-2026", ""),
            ("3-8-2027", "buku"),
            ("1-1-2020", "buku"),
            ("3-8-2026", "buku posyandu"),
        )
    ]
    one.exchange()
    look(world)
    assert (codes, days(visits, world, one)) == ([400, 400, 400, 302], {("2026-08-03", None)})
    assert (weighed("2024-01", world, one), weighed("2026-08", world, one)) == ([0, 0], [3, 3])
    with one.store() as store:
        history = records.history(store, doubtful.FORM, visits[0])
    assert [change.value for change in history if change.column == "visit_date"] == [
        "2024-01-03",
        "2026-08-03",
    ]


def test_a_confirmed_day_counts_and_is_not_doubted_again(world):
    one = with_dead_battery(world)
    child = one.save(one.village.aminah, "person", posyandu=one.village.melati, **OLD)
    visit = one.weigh(one.village.aminah, child, "2024-01-03", 9000)
    one.exchange()
    look(world)
    citra = world.browser(world.village.citra)
    path = f"/tanggal-meragukan/{key_of(citra.get('/tanggal-meragukan').text)}"
    codes = [citra.post(f"{path}/benar", data={"reason": why}).status_code for why in ("", "dari buku KIA")]
    assert (codes, look(world), days([visit], world), weighed("2024-01", world)) == (
        [400, 302], 0, {("2024-01-03", None)}, [1],
    )  # fmt: skip


def test_a_clock_found_slow_at_a_contact_is_told_at_the_next_and_then_its_days_are_doubted(world):
    slow = Hour()
    one = world.laptop("one", slow)
    world.clock.wait(days=100)
    slow.wait(days=40)  # by its own clock it is 12 September; really it is November
    visits = session(one, "2026-09-12")
    one.exchange()
    first = look(world)
    child_of(one)
    one.exchange()
    second = look(world)
    assert (first, second, days(visits, world)) == (0, 3, {("2026-09-12", CLOCK)})


def test_what_was_written_after_the_clock_was_set_right_is_believed(world):
    slow = Hour()
    one = world.laptop("one", slow)
    world.clock.wait(days=100)
    slow.wait(days=40)
    child_of(one)
    one.exchange()  # here the clock is found wrong
    slow.time = world.clock.time
    right = session(one, "2026-11-11")
    world.clock.wait(days=90)
    slow.wait(days=90)
    one.exchange()
    child_of(one)
    one.exchange()
    assert (look(world), days(right, world)) == (0, {("2026-11-11", None)})


def test_a_laptop_that_goes_on_in_a_new_lane_joined_when_its_first_one_did(world, tmp_path):
    from tests.test_web_keep_laptops import _put_back

    one = world.laptop("one")
    child_of(one)
    image = (tmp_path / "one" / "siposyandu.db").read_bytes()
    child_of(one)
    one.exchange()
    _put_back(one, tmp_path / "one", image)
    visits = session(one, "2026-08-03")  # in the new lane, which is certified only weeks later
    world.clock.wait(days=30)
    one.exchange()
    assert (look(world), days(visits, world)) == (0, {("2026-08-03", None)})


def test_a_day_that_has_not_come_is_doubted_and_proposed_to_nobody(world):
    one = world.laptop("one")
    visits = session(one, "2026-12-03")
    one.exchange()
    look(world)
    one.exchange()
    baiq = one.browser(one.village.baiq)
    assert days(visits, world, one) == {("2026-12-03", FUTURE)}
    assert 'name="day" value="2026-08-03"' in baiq.get("/hari-ini").text


def test_a_kader_who_corrects_the_day_on_the_visit_repairs_it(world):
    one = world.laptop("one")
    (visit,) = session(one, "2026-12-03", children=1)
    one.exchange()
    look(world)
    one.exchange()
    aminah = one.browser(one.village.aminah)
    sent = {"visit_date": "3-8-2026", "correction_reason": "salah bulan", "seen": "9999", "weight_kg": "8"}
    answer = aminah.post(f"/kunjungan/{visit}/koreksi", data={**sent, "answer": "right"})
    assert answer.status_code == 302, words(answer.text)
    one.exchange()
    assert (look(world), days([visit], world, one)) == (0, {("2026-08-03", None)})


def test_a_day_corrected_before_the_doubt_came_is_believed_again(world):
    one = world.laptop("one")
    (visit,) = session(one, "2026-12-03", children=1)
    one.exchange()
    look(world)
    one.save(one.village.aminah, "balita", visit, visit_date="2026-08-03", correction_reason="salah bulan")
    one.exchange()
    look(world)
    one.exchange()
    assert days([visit], world, one) == {("2026-08-03", None)}


def test_visits_before_the_birth_are_listed_until_day_or_birth_date_is_mended(world):
    one = world.laptop("one")
    child = child_of(one)
    visit = one.weigh(one.village.aminah, child, "2025-03-03", 3000)
    one.exchange()
    look(world)
    citra = world.browser(world.village.citra)
    path = f"/tanggal-meragukan/{key_of(citra.get('/tanggal-meragukan').text)}"
    assert citra.post(f"{path}/benar", data={"reason": "yakin"}).status_code == 403
    one.save(one.village.aminah, "person", child, birth_date="2025-02-10", registered_date="2025-02-12")
    one.exchange()
    look(world)
    assert (days([visit], world), weighed("2025-03", world)) == ({("2025-03-03", None)}, [1])


def test_doubtful_days_are_for_her_area_and_without_names_for_the_province(world):
    one = world.laptop("one")
    session(one, "2026-12-03", children=1)
    one.exchange()
    look(world)
    elsewhere = world.hire("Citra Dua", "tenaga_gizi", world.village.kenanga)
    key = key_of(world.browser(world.village.citra).get("/tanggal-meragukan").text)
    path = f"/tanggal-meragukan/{key}"
    codes = {
        who.name: (
            client.get(path).status_code,
            client.post(f"{path}/benar", data={"reason": "x"}).status_code,
        )
        for who in (elsewhere, world.village.dedi)
        for client in [world.browser(who)]
    }
    assert codes == {"Citra Dua": (404, 404), "Dedi": (404, 404)}
    eka = world.browser(world.village.eka).get(path)
    assert (eka.status_code, "Lalu Arya" in eka.text) == (200, False)
