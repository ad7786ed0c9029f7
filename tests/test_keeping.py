"""Keeping places and people: what one may keep, what a code may be, and files checked whole before a row is taken."""

from collections.abc import Iterator
from datetime import date

import pytest

from forms import Sentence
from siposyandu import keeping
from siposyandu.access import Worker
from siposyandu.errors import NotAllowed
from siposyandu.keeping import POSYANDU, PUSKESMAS, WORKER, UnknownFile
from siposyandu.store import SqliteStore
from tests.conftest import KENANGA_DESA, MELATI_DESA, Village

TODAY = date(2026, 8, 3)
OFFICER = Worker("f" * 32, "Fatimah", "dinas_kabupaten", "5202")


@pytest.fixture
def kept(province: Village) -> Iterator[SqliteStore]:
    """The province's store with the village in it."""
    with province.instance.store_for_job() as store:
        yield store


def errors(checked) -> dict[str, list[str]]:
    """The words of a check's errors, by field."""
    return {name: [str(sentence) for sentence in said] for name, said in checked.errors.items()}


def refusals(checked: keeping.FileCheck) -> list[tuple[int, list[tuple[str, str]]]]:
    """The refused rows of a file: number, and the heading and words of each reason."""
    return [(row.number, [(head, str(why)) for head, why in row.reasons]) for row in checked.refused]


def test_a_kader_keeps_nothing(kept: SqliteStore, province: Village):
    with pytest.raises(NotAllowed):
        keeping.register(kept, province.aminah)


def test_everybody_keeps_what_lies_in_her_own_area(kept: SqliteStore, province: Village):
    def mine(who: Worker) -> list[list[str]]:
        found = keeping.register(kept, who)
        return [[row["name"] for row in found.mine(kind)] for kind in (PUSKESMAS, POSYANDU, WORKER)]

    assert {who.name: mine(who) for who in (province.citra, OFFICER, province.eka)} == {
        "Citra": [["Praya"], ["Melati"], ["Aminah", "Baiq"]],
        "Fatimah": [["Praya"], ["Melati"], ["Aminah", "Baiq", "Citra"]],
        "Eka": [["Praya"], ["Kenanga", "Melati"], ["Aminah", "Baiq", "Citra", "Dedi", "Eka"]],
    }


@pytest.mark.parametrize(
    ("typed", "field", "said"),
    [
        ({"code": "m1"}, "code", "This code is already in use by Melati."),
        ({"desa_code": "5202022999"}, "desa_code", "There is no area with the code 5202022999."),
        ({"puskesmas": "e" * 32}, "puskesmas", "There is no such puskesmas. Add it first."),
    ],
)
def test_a_posyandu_is_refused_with_the_reason(kept, province, typed, field, said):
    good = {"code": "M2", "name": "Mawar", "desa_code": MELATI_DESA, "puskesmas": province.puskesmas}
    register = keeping.register(kept, province.eka)
    assert errors(keeping.check(register, POSYANDU, {**good, **typed}, None, TODAY)) == {field: [said]}
    assert errors(keeping.check(register, POSYANDU, good, None, TODAY)) == {}


def test_nobody_makes_a_posyandu_outside_her_area(kept: SqliteStore, province: Village):
    typed = {"code": "M2", "name": "Mawar", "desa_code": KENANGA_DESA}
    said = "This lies outside your area. Ask the keeper of that area."
    found = [
        errors(keeping.check(keeping.register(kept, who), POSYANDU, typed, None, TODAY))
        for who in (OFFICER, province.citra)
    ]
    assert found == [{"desa_code": [said]}, {"puskesmas": [said]}]


def test_a_record_keeps_its_own_code_when_it_is_corrected(kept: SqliteStore, province: Village):
    typed = {"code": "M1", "name": "Melati Putih", "desa_code": MELATI_DESA, "puskesmas": province.puskesmas}
    register = keeping.register(kept, province.citra)
    assert errors(keeping.check(register, POSYANDU, typed, province.melati, TODAY)) == {}


def test_a_worker_without_an_area_is_asked_for_it_and_for_nothing_else(kept: SqliteStore, province: Village):
    typed = {"name": "Hasanah", "role": "kader", "area": ""}
    found = keeping.check(keeping.register(kept, province.eka), WORKER, typed, None, TODAY)
    assert list(found.errors) == ["area"]


@pytest.mark.parametrize(
    ("role", "area", "field"),
    [
        ("kader", "melati", None),
        ("bidan_desa", MELATI_DESA, None),
        ("kader", "kenanga", "area"),
        ("kader", "puskesmas", "area"),
        ("bidan_desa", KENANGA_DESA, "area"),
        ("tenaga_gizi", "puskesmas", "role"),
    ],
)
def test_a_tenaga_gizi_takes_in_the_kader_and_bidan_of_her_puskesmas(kept, province, role, area, field):
    typed = {"name": "Hasanah", "username": "hasanah", "role": role, "area": getattr(province, area, area)}
    register = keeping.register(kept, province.citra)
    assert list(keeping.check(register, WORKER, typed, None, TODAY).errors) == [field] * bool(field)


def test_a_user_name_is_one_persons_whatever_its_letters(kept: SqliteStore, province: Village):
    typed = {"name": "Aminah Baru", "username": "aminah", "role": "kader", "area": province.kenanga}
    found = keeping.check(keeping.register(kept, province.eka), WORKER, typed, None, TODAY)
    assert errors(found) == {"username": ["This user name is already in use by Aminah."]}


def test_who_works_at_the_province_needs_a_user_name(kept: SqliteStore, province: Village):
    typed = {"name": "Gita", "role": "tenaga_gizi", "area": province.puskesmas}
    found = keeping.check(keeping.register(kept, province.eka), WORKER, typed, None, TODAY)
    assert list(found.errors) == ["username"]


FILE = [
    ["Daftar posyandu 2026"],
    ["Kode", "Nama", "Kode desa", "kode_puskesmas", "Dusun", "catatan"],
    ["M1", "Melati", MELATI_DESA, "P1", "", "the same"],
    ["K1", "Kenanga Baru", KENANGA_DESA, "", "Dasan", "another name"],
    ["M9", "Mawar", MELATI_DESA, "p1", "", "new"],
    ["", "", "", "", "", ""],
    ["M10", "Anggrek", "5202022999", "P7", "", "two faults"],
    ["M9", "Mawar lagi", MELATI_DESA, "P1", "", "twice"],
    ["M11", "", MELATI_DESA, "", "", "nameless"],
]


def test_a_file_is_checked_whole_and_nothing_is_written(kept: SqliteStore, province: Village):
    before = kept.rows("select * from posyandu")
    checked = keeping.check_rows(keeping.register(kept, province.eka), POSYANDU, FILE, TODAY)
    assert (checked.same, checked.new, checked.changed) == (1, 1, 1)
    assert refusals(checked) == [
        (
            7,
            [
                ("kode_desa", "There is no area with the code 5202022999."),
                ("kode_puskesmas", "There is no record with the code P7."),
            ],
        ),
        (8, [("kode", "Row 5 is about the same record. Leave one of the two.")]),
        (9, [("nama", "Name is not filled in yet.")]),
    ]
    assert kept.rows("select * from posyandu") == before


def test_the_good_rows_are_taken_without_the_bad_and_twice_is_once(kept: SqliteStore, province: Village):
    register = keeping.register(kept, province.eka)
    taken = keeping.take(
        kept, province.pen(province.eka), keeping.check_rows(register, POSYANDU, FILE, TODAY)
    )
    again = keeping.check_rows(keeping.register(kept, province.eka), POSYANDU, FILE, TODAY)
    rows = kept.rows("select code, name, puskesmas, dusun, active from posyandu order by code")
    assert (taken, len(again.good), again.same) == (2, 0, 3)
    assert [tuple(row.values()) for row in rows] == [
        ("K1", "Kenanga Baru", None, "Dasan", 1),
        ("M1", "Melati", province.puskesmas, None, 1),
        ("M9", "Mawar", province.puskesmas, None, 1),
    ]


def test_a_file_of_workers_names_places_by_their_codes(kept: SqliteStore, province: Village):
    rows = [
        ["nama", "nama_pengguna", "peran", "kode_wilayah", "dipakai"],
        ["Hasanah", "hasanah", "Kader", "M1", ""],
        ["Indah", "", "bidan desa", MELATI_DESA, "ya"],
        ["Juwita", "juwita", "TPG", "P1", "tidak"],
        ["Kartini", "kartini", "kader", "M77", "ya"],
        ["Lalu", "lalu", "raja", "52", "ya"],
    ]
    register = keeping.register(kept, province.eka)
    checked = keeping.check_rows(register, WORKER, rows, TODAY)
    keeping.take(kept, province.pen(province.eka), checked)
    found = kept.rows(
        "select name, role, area, active from worker where username in ('hasanah', 'juwita') or name = 'Indah' order by name"
    )
    assert [tuple(row.values()) for row in found] == [
        ("Hasanah", "kader", province.melati, 1),
        ("Indah", "bidan_desa", MELATI_DESA, 1),
        ("Juwita", "tenaga_gizi", province.puskesmas, 0),
    ]
    assert [number for number, _reasons in refusals(checked)] == [5, 6]


def test_a_worker_without_a_user_name_is_known_by_name_role_and_area(kept: SqliteStore, province: Village):
    rows = [["nama", "peran", "kode_wilayah"], ["Indah", "bidan desa", MELATI_DESA]]
    for _time in range(2):
        register = keeping.register(kept, province.eka)
        checked = keeping.check_rows(register, WORKER, rows, TODAY)
        keeping.take(kept, province.pen(province.eka), checked)
    assert kept.value("select count(*) from worker where name = 'Indah'") == 1


@pytest.mark.parametrize("kind", keeping.ALL, ids=[kind.word for kind in keeping.ALL])
def test_a_list_taken_out_and_given_back_changes_nothing(kept, province, kind):
    register = keeping.register(kept, province.eka)
    rows = keeping.file_rows(register, kind)
    checked = keeping.check_rows(register, kind, rows, TODAY)
    assert (checked.same, checked.good, checked.refused) == (len(rows) - 1, [], [])


def test_a_file_changes_nothing_outside_the_keepers_area(kept: SqliteStore, province: Village):
    rows = [["kode", "nama", "kode_desa"], ["K1", "Dirampas", KENANGA_DESA]]
    checked = keeping.check_rows(keeping.register(kept, province.citra), POSYANDU, rows, TODAY)
    assert (checked.good, [row.number for row in checked.refused]) == ([], [2])


def test_a_file_without_its_columns_is_refused_as_a_whole(kept: SqliteStore, province: Village):
    with pytest.raises(UnknownFile) as refused:
        keeping.check_rows(keeping.register(kept, province.eka), POSYANDU, [["a", "b"], ["1", "2"]], TODAY)
    assert isinstance(refused.value.sentence, Sentence)
    assert refused.value.sentence.params == {"columns": "kode, nama, kode_desa"}
