"""The rows of the SIP formats: what was asked is counted, what nobody asked stays empty."""

import forms
from siposyandu import breastfed, forgetting, records, sip
from siposyandu.periods import Month
from siposyandu.sip.format import NOT_ASKED
from siposyandu.web import taking_out_rows
from tests.children import register, weigh
from tests.conftest import Village

AUGUST = Month(2026, 8)
NOTHING_ASKED = {"age_months": 3, "exclusive_breastfeeding": None, **dict.fromkeys(breastfed.COLUMNS)}


def rows(village: Village, code: str, month: Month = AUGUST) -> list[sip.Cells]:
    with village.instance.store_for_job() as store:
        return sip.BY_CODE[code].rows(store, village.melati, month)


def row_named(village: Village, letters: str) -> list[sip.Cell]:
    """The counts of one row of the weighing report."""
    [found] = [row[2:] for row in rows(village, "f1-gizi") if row[0] == letters]
    return list(found)


def test_the_last_answer_about_a_month_of_milk_holds_and_silence_says_nothing() -> None:
    visits = [
        NOTHING_ASKED | {"age_months": 1, "exclusive_breastfeeding": 1},
        NOTHING_ASKED,
        NOTHING_ASKED
        | {"age_months": 4, "exclusive_breastfeeding": 0, "breastfed_month_0": 1, "breastfed_month_1": 0},
        NOTHING_ASKED | {"age_months": 9, "exclusive_breastfeeding": 1},
    ]
    assert breastfed.months(visits) == {0: True, 1: False, 4: False}
    assert [breastfed.answered(visit) for visit in visits] == [(1, True), None, (4, False), None]


def test_capsules_and_milk_are_counted_where_somebody_was_asked_and_empty_elsewhere(village: Village) -> None:
    baby = register(village, "Aisyah", birth_date="2026-06-10", sex="f")
    weigh(village, baby, "2026-08-03", 5000, exclusive_breastfeeding=1)
    older = register(village, "Fadil", birth_date="2024-06-10", sex="m")
    weigh(village, older, "2026-08-03", 11000)
    assert row_named(village, "E1") == [*[NOT_ASKED] * 8, None, 1, 1]
    assert row_named(village, "E2") == [*[NOT_ASKED] * 8, None, None, None]
    assert row_named(village, "Vit A") == [*[NOT_ASKED] * 2, *[None] * 9]
    weigh(village, older, "2026-08-10", 11050, vitamin_a=1)
    assert row_named(village, "Vit A") == [*[NOT_ASKED] * 2, 0, 0, 0, 0, 1, 0, 1, 0, 1]
    assert row_named(village, "D") == [0, 1, 0, 0, 0, 0, 1, 0, 1, 1, 2]


def test_a_child_who_came_twice_counts_once(village: Village) -> None:
    child = register(village, "Aisyah", birth_date="2025-06-10")
    weigh(village, child, "2026-08-03", 9000, vitamin_a=1, local_food=1, immunisations="mr1")
    weigh(village, child, "2026-08-10", 9050, vitamin_a=1, local_food=1, illness="cough,diarrhoea")
    august = rows(village, "f6")[7]
    told = {
        column.key: cell
        for column, cell in zip(sip.BY_CODE["f6"].COLUMNS, august, strict=True)
        if cell is not None
    }
    doses = dict.fromkeys(("hb0", "bcg", "opv1", "opv2", "opv3", "opv4", "dpt1", "dpt2", "dpt3"), 0) | {
        "mr1": 1
    }
    assert told == {
        "month": "2026-08", "s": 1, "k": 0, "d": 1, "n": 0, "bgm": 0, "vitamin_a_older": 1, "local_food": 1,
        **doses, "diarrhoea": 1,
    }  # fmt: skip


def test_a_register_row_tells_the_year_of_one_child(village: Village) -> None:
    child = register(
        village,
        "Aisyah",
        birth_date="2026-02-10",
        birth_weight_g=3100,
        father_name="Rahman",
        registered_date="2026-02-20",
    )
    weigh(village, child, "2026-03-03", 3900, immunisations="bcg,opv1", exclusive_breastfeeding=1)
    weigh(village, child, "2026-04-07", 4900, exclusive_breastfeeding=0)
    weigh(village, child, "2026-08-03", 7400, vitamin_a=1)
    [row] = rows(village, "f2-bayi")
    told = {
        column.key: cell
        for column, cell in zip(sip.BY_CODE["f2-bayi"].COLUMNS, row, strict=True)
        if cell is not None
    }
    assert told == {
        "number": 1, "name": "Aisyah", "sex": "P", "birth_date": "2026-02-10", "birth_weight_kg": 3.1,
        "father_name": "Rahman", "mother_name": "Saknah", "weight_03_kg": 3.9, "gain_03": "B",
        "weight_04_kg": 4.9, "gain_04": "N", "weight_08_kg": 7.4, "gain_08": "O", "e0": True, "e1": False,
        "vitamin_a_2": "2026-08-03", "bcg": "2026-03-03", "opv1": "2026-03-03",
    }  # fmt: skip
    assert rows(village, "f2-balita") == []
    assert rows(village, "f2-bayi", Month(2025, 8)) == []


def test_a_child_who_moved_away_keeps_her_row_without_a_name(village: Village) -> None:
    gone, here = (register(village, name, birth_date="2026-02-10") for name in ("Aisyah", "Fadil"))
    with village.instance.store_for_job() as store:
        with store.write():
            forgetting.forget(store, [gone])
        year = taking_out_rows.year_of(store, village.melati, AUGUST)
    assert [child["id"] for child in year] == [gone, here]
    assert [row[1] for row in rows(village, "f2-bayi")] == [None, "Fadil"]
    assert {row[3] for row in rows(village, "f1")} == {None, "Fadil"}


def test_a_baby_who_died_stands_among_births_and_deaths_once(village: Village) -> None:
    register(
        village,
        "Lost",
        birth_date="2026-03-02",
        status="died",
        status_date="2026-07-09",
        registered_date="2026-03-05",
    )
    register(
        village,
        "Last year's",
        birth_date="2025-12-02",
        status="died",
        status_date="2026-02-01",
        registered_date="2025-12-05",
    )
    register(
        village,
        "Two years old",
        birth_date="2024-02-02",
        status="died",
        status_date="2026-02-01",
        registered_date="2025-12-05",
    )
    assert [(row[3], row[4], row[5]) for row in rows(village, "f1")] == [
        ("Last year's", "2025-12-02", "2026-02-01"),
        ("Lost", "2026-03-02", "2026-07-09"),
    ]


def test_who_was_present_counts_once_a_month_and_a_month_that_nobody_opened_stays_empty(
    village: Village,
) -> None:
    days = (
        {
            "session_date": "2026-07-06",
            "workers_present": f"{village.aminah.id},{village.baiq.id}",
            "others_present": "Marni, Sri",
        },
        {"session_date": "2026-07-06", "others_present": "sri", "health_workers_present": "Ns. Rina"},
        {"session_date": "2026-07-20", "workers_present": village.aminah.id},
        {"session_date": "2026-06-08", "posyandu": village.kenanga, "workers_present": village.dedi.id},
    )
    with village.instance.store_for_job() as store:
        for values in days:
            records.save(
                store, village.pen(), forms.BY_NAME["session"], {"posyandu": village.melati, **values}
            )
    keys = [column.key for column in sip.BY_CODE["f5"].COLUMNS]
    kader, workers = keys.index("kader"), keys.index("health_workers")
    told = {row[0]: (row[kader], row[workers]) for row in rows(village, "f5")}
    assert {month: said for month, said in told.items() if said != (None, None)} == {"2026-07": (3, 2)}
