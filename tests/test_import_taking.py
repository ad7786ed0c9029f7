"""Taking the good rows: through the one write path, once however often, and into the province's numbers."""

from contextvars import copy_context
from datetime import date

import pytest

from siposyandu import i18n, imports, people
from siposyandu.errors import NotAllowed
from siposyandu.imports import Asked, StoredRegister, Taken, Together, check, take
from siposyandu.imports.sheet import from_bytes
from tests.eppgbm_files import PHYSICAL, as_csv, changed, only, save, table

TODAY = date(2026, 8, 3)
ONE_DOUBT = (
    "Rows to look at, taken all the same:",
    "  row 3, Mother's name: The mother's name is still empty. Is it not known?",
)


@pytest.fixture
def melati(village):
    """The village's store, and the village."""
    with village.instance.store_for_job() as store:
        yield store, village


def run(store, village, paths, *, take_good=True, who=None, posyandu="Melati", language="en"):
    """Run the import as the command does; returns its outcome and its lines."""
    lines: list[str] = []

    def speak_and_import() -> int:
        i18n.speak(language)
        return imports.import_files(
            store, village.pen(who), paths, Asked(TODAY, take_good, posyandu), lines.append
        )

    return copy_context().run(speak_and_import), lines


def content(store):
    """All children and weighings that are kept."""
    return store.rows("select * from person order by id"), store.rows("select * from balita order by id")


@pytest.mark.parametrize("physical", PHYSICAL)
def test_the_good_rows_of_two_files_are_taken_whatever_their_form_and_order(melati, tmp_path, physical):
    store, village = melati
    paths = [save(tmp_path, name, table(name), physical) for name in ("pengukuran", "identitas")]
    assert run(store, village, paths) == (
        0,
        [
            f"{paths[1].name}: IDENTITAS, 6 rows read, 6 good, 0 there already, 0 cannot be taken.",
            *ONE_DOUBT,
            f"{paths[0].name}: PENGUKURAN, 5 rows read, 5 good, 0 there already, 0 cannot be taken.",
            f"{paths[1].name}: 6 children and 0 weighings added; 0 rows were there already.",
            f"{paths[0].name}: 0 children and 5 weighings added; 0 rows were there already.",
        ],
    )
    aulia = people.by_nik(store, "5299995405250001")
    visit = people.visits(store, aulia["id"])[0]
    assert (aulia["name"], aulia["posyandu"], visit["weight_g"], visit["posyandu"]) == (
        "Baiq Aulia Rahma", village.melati, 8400, village.melati
    )  # fmt: skip


def test_without_being_told_nothing_is_written(melati, tmp_path):
    store, village = melati
    before = content(store)
    outcome, lines = run(store, village, [save(tmp_path, "identitas", table("identitas"))], take_good=False)
    assert (outcome, lines[-1]) == (
        0,
        "Nothing has been written. Run it again with --take-good to take the good rows.",
    )
    assert content(store) == before


@pytest.mark.parametrize("files", [("identitas", "pengukuran"), ("unduhan",)])
def test_running_twice_adds_nothing(melati, tmp_path, files):
    store, village = melati
    paths = [save(tmp_path, name, table(name)) for name in files]
    run(store, village, paths)
    before = content(store)
    outcome, lines = run(store, village, paths)
    assert (outcome, content(store)) == (0, before)
    assert [line for line in lines if "added" in line] == [
        f"{name}.csv: 0 children and 0 weighings added; {len(table(name)) - 1} rows were there already."
        for name in files
    ]


def test_what_a_second_file_knows_beside_a_kept_weighing_is_told_not_filled_in(melati, tmp_path):
    store, village = melati
    run(store, village, [save(tmp_path, "unduhan", table("unduhan"))])
    before = content(store)
    outcome, lines = run(store, village, [save(tmp_path, "pengukuran", only(table("pengukuran"), 1))])
    assert (outcome, content(store)) == (1, before)
    assert '  row 2, vita "tidak": The register has -: it is not overwritten.' in lines


def test_taking_one_report_twice_adds_nothing(melati):
    store, village = melati
    report = check(from_bytes("", as_csv(table("unduhan"))), StoredRegister(store), TODAY, village.melati)
    assert take(store, report, village.pen()) == Taken(children_added=2, visits_added=3, already_there=0)
    assert take(store, report, village.pen()) == Taken(children_added=0, visits_added=0, already_there=3)


def test_a_child_registered_since_the_check_is_not_made_again(melati):
    store, village = melati
    sheet = from_bytes("", as_csv(table("unduhan")))
    early, late = (check(sheet, StoredRegister(store), TODAY, village.melati) for _ in range(2))
    take(store, early, village.pen())
    assert take(store, late, village.pen()) == Taken(children_added=0, visits_added=0, already_there=3)


def test_good_rows_are_taken_without_the_bad_and_the_bad_are_told(melati, tmp_path):
    store, village = melati
    rows = changed(table("identitas"), 2, NIK="5.29999E+15")
    outcome, lines = run(store, village, [save(tmp_path, "identitas", rows)])
    assert (outcome, lines) == (
        1,
        [
            "identitas.csv: IDENTITAS, 6 rows read, 5 good, 0 there already, 1 cannot be taken.",
            "Rows that cannot be taken:",
            '  row 3, NIK "5.29999E+15": NIK was spoilt by Excel (5.29999E+15). Copy it again from the family card.',
            *ONE_DOUBT,
            "identitas.csv: 5 children and 0 weighings added; 0 rows were there already.",
        ],
    )


def test_a_corrected_weight_in_a_later_file_is_told_and_the_kept_one_stays(melati, tmp_path):
    store, village = melati
    run(store, village, [save(tmp_path, name, table(name)) for name in ("identitas", "pengukuran")])
    before = content(store)
    outcome, lines = run(
        store, village, [save(tmp_path, "later", changed(table("pengukuran"), 1, BERAT="8.6"))]
    )
    assert (outcome, content(store)) == (1, before)
    assert '  row 2, BERAT "8.6": The register has 8,4: it is not overwritten.' in lines


def test_twins_and_their_one_family_card_become_two_children_of_one_family(melati, tmp_path):
    store, village = melati
    run(store, village, [save(tmp_path, "identitas", table("identitas"))])
    twins = store.rows("select name, family from person where birth_date = $1 order by name", "2023-11-03")
    assert [twin["name"] for twin in twins] == ["Muhammad Hasan", "Muhammad Husein"]
    assert twins[0]["family"] == twins[1]["family"] is not None
    assert store.value("select count(*) from family") == 4


def test_a_file_that_cannot_be_read_stops_everything_before_anything_is_written(melati, tmp_path):
    store, village = melati
    before = content(store)
    broken = tmp_path / "rusak.xls"
    broken.write_bytes(b"\xd0\xcf\x11\xe0")
    paths = [save(tmp_path, "identitas", table("identitas")), broken]
    assert run(store, village, paths) == (
        2, ["rusak.xls is damaged or locked with a password. Open it in Excel and save it again."]
    )  # fmt: skip
    assert content(store) == before


def test_dedi_may_not_import_for_melati(melati, tmp_path):
    store, village = melati
    before = content(store)
    outcome, lines = run(store, village, [save(tmp_path, "unduhan", table("unduhan"))], who=village.dedi)
    assert (outcome, lines[-1]) == (2, "You may not import for this posyandu. Ask the puskesmas.")
    assert content(store) == before


@pytest.mark.parametrize("name", ["aminah", "baiq", "citra", "eka"])
def test_those_who_answer_for_melati_may_import_for_it(melati, name):
    store, village = melati
    report = check(from_bytes("", as_csv(table("unduhan"))), StoredRegister(store), TODAY, village.melati)
    assert take(store, report, village.pen(getattr(village, name))).visits_added == 3


def test_nothing_of_a_report_is_kept_when_one_row_is_not_allowed(melati):
    store, village = melati
    before = content(store)
    sheets = (table("unduhan"), changed(table("unduhan"), 3, Posyandu="Kenanga", **{"Desa/Kel": ""}))
    report = check(from_bytes("", as_csv(sheets[1])), StoredRegister(store), TODAY, village.melati)
    with pytest.raises(NotAllowed):
        take(store, report, village.pen())
    assert content(store) == before


@pytest.mark.parametrize(
    ("key", "lines"),
    [("M1", 0), ("posyandu melati", 0), ("Mawar", ["Posyandu Mawar is not in the register."])],
)
def test_the_posyandu_is_given_by_id_code_or_name(melati, tmp_path, key, lines):
    store, village = melati
    outcome, said = run(store, village, [save(tmp_path, "identitas", table("identitas"))], posyandu=key)
    assert (outcome, said if lines else 0) == ((2, lines) if lines else (0, 0))


def test_imported_weighings_are_in_the_numbers_of_their_months(melati):
    store, village = melati
    together = Together(StoredRegister(store))
    for name in ("identitas", "pengukuran"):
        take(
            store, check(from_bytes("", as_csv(table(name))), together, TODAY, village.melati), village.pen()
        )
    counted = store.one(
        "select sum(d) as d, sum(haz_measured) as measured from tally where posyandu = $1 and month = $2",
        village.melati,
        "2026-07",
    )
    assert counted == {"d": 5, "measured": 5}


def test_the_lines_are_said_in_the_language_in_use_with_its_own_decimal_sign(melati, tmp_path):
    store, village = melati
    rows = changed(table("identitas"), 1, berat_lahir="3100")
    _, lines = run(store, village, [save(tmp_path, "identitas", rows)], language="id")
    assert any("0,5" in line and "6,5" in line for line in lines)


def test_every_importer_is_listed_with_a_title_and_a_name_for_the_command():
    assert [(importer.identifier, bool(importer.title)) for importer in imports.ALL] == [("eppgbm", True)]
