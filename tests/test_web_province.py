"""The numbers of an area in a browser: who sees what, what the page says, and what the files carry."""

import csv
import re
from io import StringIO

import pytest
from flask.testing import FlaskClient

from siposyandu import app as application
from siposyandu import credentials, indicators
from siposyandu.access import Worker
from siposyandu.indicators import stunting
from siposyandu.periods import Month
from siposyandu.tally import COUNTS
from siposyandu.web import province as page
from tests.conftest import MELATI_DESA, Village, app_of, sign_in

AUGUST = Month(2026, 8)


def count(village: Village, posyandu: str, month: Month = AUGUST, **counts: int) -> None:
    """Put one row into the tally, as records.save would."""
    keys = {"posyandu": posyandu, "month": str(month), "age_group": "12-23", "sex": "f"}
    row = {**keys, **dict.fromkeys(COUNTS, 0), **counts}
    marks = ", ".join(f"${place}" for place in range(1, len(row) + 1))
    with village.instance.store_for_job() as store, store.write():
        store.run(f"insert into tally ({', '.join(row)}) values ({marks})", *row.values())


@pytest.fixture
def counted(province: Village) -> Village:
    """The province after Melati's day: 30 of 40 children weighed, 25 measured, 5 of them short; Kenanga was silent."""
    count(province, province.melati, s=40, k=38, d=30, n=15, t=5, o=6, b=4, haz_measured=25, stunted=5)
    count(province, province.melati, AUGUST.previous, s=40, d=20, haz_measured=20, stunted=5)
    count(province, province.kenanga, s=60)
    return province


@pytest.fixture
def eka(counted: Village) -> FlaskClient:
    """Eka of the province at her browser."""
    return sign_in(app_of(counted).test_client(), counted.eka)


def words(text: str) -> str:
    """The words of a page without its tags, in one line."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text))


def at_the_province(village: Village, worker: Worker) -> FlaskClient:
    """A worker who has been given a password for the province's pages."""
    with village.instance.store_for_job() as store:
        credentials.set_password(store, worker.id, "tenun songket sukarara", village.instance.now())
    client = app_of(village).test_client()
    data = {"username": worker.name.lower(), "password": "tenun songket sukarara"}
    assert client.post("/masuk", data=data).status_code == 302
    return client


def test_a_visitor_is_sent_to_the_door(province_client: FlaskClient):
    assert province_client.get("/wilayah/52").status_code == 302


def test_the_headline_says_how_much_it_speaks_for(counted: Village, eka: FlaskClient):
    eka.get("/bahasa/en")
    said = words(eka.get("/wilayah/52").text)
    with counted.instance.store_for_job() as store:
        figure = indicators.compute(store, stunting, "52", AUGUST)
    assert (figure.numerator, figure.denominator, figure.percent) == (5, 25, 20.0)
    assert "20.0% 5 short children out of 25 About 8.0% to 41.7% (95% interval)" in said
    assert "30% 30 of 100 children" in said
    assert (
        "This number is of 25 children whose length was measured, out of 100 registered children. "
        "1 of 2 posyandu have not reported." in said
    )


def test_the_page_opens_on_the_last_month_that_was_reported(counted: Village, eka: FlaskClient):
    with counted.instance.store_for_job() as store, store.write():
        store.run("delete from tally where month = $1", str(AUGUST))
    assert '<option value="2026-07" selected>' in eka.get("/wilayah/52").text


def test_a_month_to_come_gives_way_to_the_present_one(eka: FlaskClient):
    assert '<option value="2026-08" selected>' in eka.get("/wilayah/52?bulan=2030-01").text


def test_words_that_mean_nothing_give_way_to_the_usual_ones(eka: FlaskClient):
    asked = ("bulan=x", "bulan=2026-99", "indikator=gold", "per=galaxy", "urut=<", "arah=3")
    assert [query for query in asked if eka.get(f"/wilayah/52?{query}").status_code != 200] == []


def test_an_area_that_does_not_exist_is_not_found(eka: FlaskClient):
    asked = ("53", "9999", "f" * 32, "x", "5202022005123")
    assert [key for key in asked if eka.get(f"/wilayah/{key}").status_code != 404] == []


def test_every_indicator_has_its_page_at_every_level(eka: FlaskClient):
    asked = [f"{key}?indikator={each.CODE}" for key in ("52", "5202", MELATI_DESA) for each in indicators.ALL]
    assert [page for page in asked if eka.get(f"/wilayah/{page}").status_code != 200] == []


def test_each_worker_sees_her_own_area_and_nothing_around_it(counted: Village):
    melati, kenanga, puskesmas = counted.melati, counted.kenanga, counted.puskesmas
    asked = [melati, kenanga, MELATI_DESA, puskesmas, "5202", "52"]
    seen = {}
    for worker in (counted.aminah, counted.baiq, counted.citra, counted.dedi, counted.eka):
        client = at_the_province(counted, worker)
        seen[worker.name] = "".join(str(client.get(f"/wilayah/{key}").status_code // 100) for key in asked)
    assert seen == {
        "Aminah": "244444",
        "Baiq": "242444",
        "Citra": "242244",
        "Dedi": "424444",
        "Eka": "222222",
    }


@pytest.mark.parametrize("file", ["tabel.csv", "belum-melapor.csv"])
def test_dedi_takes_no_file_of_melati(counted: Village, file: str):
    client = at_the_province(counted, counted.dedi)
    answers = [
        client.get(f"/wilayah/{key}/{file}").status_code for key in (counted.melati, "52", counted.kenanga)
    ]
    assert answers == [403, 403, 200]


def test_on_a_laptop_a_bidan_sees_what_the_laptop_keeps(village: Village, client: FlaskClient):
    sign_in(client, village.baiq)
    assert client.get("/wilayah").headers["Location"] == f"/wilayah/{village.melati}"
    client.get("/bahasa/en")
    assert "keeps only the records of Posyandu Melati" in client.get(f"/wilayah/{village.melati}").text
    assert client.get(f"/wilayah/{MELATI_DESA}").status_code == 403


def table(client: FlaskClient, address: str) -> list[list[str]]:
    """The rows of a downloaded table."""
    answer = client.get(address)
    assert answer.mimetype == "text/csv"
    return list(csv.reader(StringIO(answer.get_data(as_text=True).removeprefix("\ufeff")), delimiter=";"))


def test_the_file_carries_numerators_and_denominators(counted: Village, eka: FlaskClient):
    rows = table(eka, "/wilayah/52/tabel.csv?bulan=2026-08&per=kabupaten")
    assert rows[1:] == [
        ["2026-08", "stunting", "5202", "Kabupaten Lombok Tengah", "5", "25", "20", "8,02", "41,75", "40", "30", "75",
         "1", "1", ""],
        ["2026-08", "stunting", "5203", "Kabupaten Lombok Timur", "0", "0", "", "", "", "60", "0", "0", "1", "0", ""],
    ]  # fmt: skip


def test_a_name_that_excel_would_run_is_only_read(counted: Village, eka: FlaskClient):
    with counted.instance.store_for_job() as store, store.write():
        store.run("update posyandu set name = $1 where id = $2", "=HYPERLINK(1)", counted.melati)
    names = [row[3] for row in table(eka, f"/wilayah/{MELATI_DESA}/tabel.csv?bulan=2026-08")]
    assert any(name.startswith("'=HYPERLINK(1)") for name in names)


def test_a_table_is_ordered_by_a_heading_and_blanks_come_last(counted: Village, eka: FlaskClient):
    def first(query: str) -> str:
        return table(eka, f"/wilayah/52/tabel.csv?bulan=2026-08&{query}")[1][2]

    assert [
        first("urut=persen&arah=naik"),
        first("urut=persen&arah=turun"),
        first("urut=belum&arah=turun"),
    ] == [
        "5202",
        "5202",
        "5203",
    ]


def test_fewer_than_five_children_have_no_percentage(counted: Village, eka: FlaskClient):
    count(counted, counted.kenanga, AUGUST.previous, s=9, d=4, haz_measured=4, stunted=4)
    eka.get("/bahasa/en")
    assert "too few 4 short children out of 4" in words(
        eka.get(f"/wilayah/{counted.kenanga}?bulan=2026-07").text
    )
    row = table(eka, f"/wilayah/{counted.kenanga}/tabel.csv?bulan=2026-07")[1]
    assert (row[4:9], row[-1]) == (["4", "4", "", "", ""], "too few")


def test_the_posyandu_that_have_not_reported_are_named(eka: FlaskClient):
    page_text = eka.get("/wilayah/52?bulan=2026-08").text
    assert re.search(r"<details class=\"card silent\" open>.*Kenanga.*</details>", page_text, re.DOTALL)
    assert [row[0] for row in table(eka, "/wilayah/52/belum-melapor.csv?bulan=2026-08")] == [
        "posyandu",
        "Kenanga",
    ]


def test_the_page_loosens_the_policy_for_styles_and_for_nothing_else(eka: FlaskClient):
    policy = eka.get("/wilayah/52").headers["Content-Security-Policy"]
    assert policy == page.PLOT_POLICY
    assert policy.replace(" 'unsafe-inline'", "") == application.CONTENT_SECURITY_POLICY


def test_plotly_comes_from_this_place_and_is_kept(province_client: FlaskClient):
    plain = province_client.get("/static-plotly.js?v=1")
    packed = province_client.get("/static-plotly.js?v=1", headers={"Accept-Encoding": "gzip"})
    assert b"plotly.js" in plain.data[:200]
    assert len(packed.data) < len(plain.data) / 3
    assert "immutable" in packed.headers["Cache-Control"]


def test_the_picture_is_there_without_javascript(eka: FlaskClient):
    text = eka.get("/wilayah/52").text
    assert text.count('<svg viewBox="0 0 780 300"') == 1
    assert "<script>" not in text
    assert ' style="' not in text
