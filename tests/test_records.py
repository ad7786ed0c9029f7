"""The one write path: what is saved is in the log, in its row, in the growth beside it and in the month's counts."""

from dataclasses import replace

import pytest

import forms
from siposyandu import reading_again, records
from siposyandu.errors import Refused
from tests.conftest import Village

PERSON, BALITA = forms.BY_NAME["person"], forms.BY_NAME["balita"]
COUNTED = "select sum(s) as s, sum(d) as d, sum(n) as n, sum(t) as t, sum(o) as o, sum(b) as b from tally"


def register(village: Village, **changed: str | int) -> str:
    child = {
        "name": "Lalu Arya", "sex": "m", "birth_date": "2025-08-01", "mother_name": "Sumiati",
        "posyandu": village.melati, "posyandu_since": "2026-06-01", "status": "active",
    }  # fmt: skip
    with village.instance.store_for_job() as store:
        return records.save(store, village.pen(), PERSON, child | changed)


def weigh(village: Village, child: str, day: str, weight_g: int, length_mm: int = 735) -> str:
    visit = {
        "person": child, "posyandu": village.melati, "visit_date": day, "weight_g": weight_g,
        "length_height_mm": length_mm, "measured": "lying",
    }  # fmt: skip
    with village.instance.store_for_job() as store:
        return records.save(store, village.pen(), BALITA, visit)


def counted(village: Village, month: str, posyandu: str = "") -> dict[str, int]:
    with village.instance.store_for_job() as store:
        row = store.one(f"{COUNTED} where month = $1 and posyandu = $2", month, posyandu or village.melati)
    assert row is not None
    return row


def test_a_weighing_becomes_a_row_a_score_and_a_count_in_one_step(village: Village) -> None:
    child = register(village)
    visit = weigh(village, child, "2026-08-03", 9100)
    with village.instance.store_for_job() as store:
        row = store.one("select weight_g, posyandu from balita where id = $1", visit)
        growth = store.one(
            "select age_days, haz, whz, waz, gain, counts_length from balita_growth where id = $1", visit
        )
    assert (row, growth, counted(village, "2026-08")) == (
        {"weight_g": 9100, "posyandu": village.melati},
        {"age_days": 367, "haz": -0.97, "whz": -0.12, "waz": -0.55, "gain": "B", "counts_length": 1},
        {"s": 1, "d": 1, "n": 0, "t": 0, "o": 0, "b": 1},
    )


def test_a_late_weighing_of_last_month_turns_an_o_into_an_n(village: Village) -> None:
    child = register(village)
    weigh(village, child, "2026-06-02", 8300)
    weigh(village, child, "2026-08-03", 9100)
    before = counted(village, "2026-08")
    weigh(village, child, "2026-07-06", 8700)
    assert (before["o"], counted(village, "2026-08")["n"], counted(village, "2026-08")["o"]) == (1, 1, 0)


def test_a_month_without_a_weighing_still_counts_the_sasaran(village: Village) -> None:
    child = register(village)
    weigh(village, child, "2026-06-02", 8300)
    weigh(village, child, "2026-08-03", 9100)
    assert counted(village, "2026-07") == {"s": 1, "d": 0, "n": 0, "t": 0, "o": 0, "b": 0}


def test_a_correction_keeps_the_old_value_and_says_who_and_why(village: Village) -> None:
    child = register(village)
    visit = weigh(village, child, "2026-08-03", 19100)
    with village.instance.store_for_job() as store:
        corrected = {"weight_g": 9100, "length_height_mm": 735, "correction_reason": "salah baca"}
        records.save(store, village.pen(village.baiq), BALITA, corrected, visit)
        lines = [
            (change.worker_name, change.column, change.value)
            for change in records.history(store, BALITA, visit)
            if change.column in ("weight_g", "correction_reason")
        ]
    assert lines == [
        ("Aminah", "weight_g", 19100),
        ("Baiq", "weight_g", 9100),
        ("Baiq", "correction_reason", "salah baca"),
    ]


def test_saving_what_is_already_there_writes_nothing_into_the_log(village: Village) -> None:
    child = register(village)
    with village.instance.store_for_job() as store:
        before = store.value("select count(*) from edits")
        records.save(store, village.pen(), PERSON, {"name": "Lalu Arya"}, child)
        assert store.value("select count(*) from edits") == before


def test_a_child_that_moves_is_counted_once_at_every_moment(village: Village) -> None:
    child = register(village)
    weigh(village, child, "2026-06-02", 8300)
    weigh(village, child, "2026-08-03", 9100)
    with village.instance.store_for_job() as store:
        moved = {"posyandu": village.kenanga, "posyandu_since": "2026-08-10"}
        records.save(store, village.pen(), PERSON, moved, child)
    numbers = [
        (month, counted(village, month)["s"], counted(village, month, village.kenanga)["s"])
        for month in ("2026-06", "2026-07", "2026-08")
    ]
    assert numbers == [("2026-06", 1, None), ("2026-07", 1, None), ("2026-08", 0, 1)]


def test_a_withdrawn_visit_counts_no_more_but_stays_in_the_log(village: Village) -> None:
    child = register(village)
    visit = weigh(village, child, "2026-08-03", 9100)
    with village.instance.store_for_job() as store:
        records.retract(store, village.pen(), visit, "anak lain")
        lines = store.value("select count(*) from edits where entity = $1", visit)
    assert (counted(village, "2026-08")["d"], lines) == (0, 2)


def test_a_record_is_not_withdrawn_without_a_reason(village: Village) -> None:
    child = register(village)
    with village.instance.store_for_job() as store, pytest.raises(Refused):
        records.retract(store, village.pen(), child, "  ")


def test_a_full_recount_gives_the_numbers_that_were_kept_along_the_way(village: Village) -> None:
    child = register(village)
    for month, grams in ((6, 8300), (7, 8400), (8, 9100)):
        weigh(village, child, f"2026-0{month}-03", grams)
    with village.instance.store_for_job() as store:
        progress: list[tuple[int, int]] = []
        changed = records.recount(store, lambda done, of: progress.append((done, of)))
    assert (changed, progress[-1][0] == progress[-1][1]) == ([], True)


def test_a_recount_mends_what_somebody_damaged_and_says_which_table(village: Village) -> None:
    child = register(village)
    weigh(village, child, "2026-08-03", 9100)
    with village.instance.store_for_job() as store:
        with store.write():
            store.run("update tally set d = 7")
            store.run("update balita_growth set haz = 0")
        changed = records.recount(store, lambda done, of: None)
    assert (changed, counted(village, "2026-08")["d"]) == (["balita_growth", "tally"], 1)


def test_what_an_older_program_could_not_read_is_read_by_the_next_one(
    village: Village, monkeypatch: pytest.MonkeyPatch
) -> None:
    older = replace(BALITA, fields=tuple(field for field in BALITA.fields if field.column != "muac_mm"))
    with monkeypatch.context() as past, village.instance.store_for_job() as store:
        past.setitem(forms.BY_NUMBER, BALITA.number, older)
        past.setitem(forms.BY_NAME, BALITA.name, older)
        child = register(village)
        visit = {"person": child, "posyandu": village.melati, "visit_date": "2026-08-03", "muac_mm": 131}
        records.save(store, village.pen(), BALITA, visit)
        before = store.value("select muac_mm from balita")
    with village.instance.store_for_job() as store:
        read = reading_again.read_again(store)
        again = reading_again.read_again(store)
        assert (before, store.value("select muac_mm from balita"), read, again) == (None, 131, 1, 0)
