"""The page of all growth charts: every index, close on a phone, on paper; and who may see it."""

import re
from html import unescape

import pytest
from flask.testing import FlaskClient

import forms
from siposyandu import records
from siposyandu.web import charts
from tests.children import register, weigh
from tests.conftest import Village, at_keyboard, sign_in


@pytest.fixture
def aminah(client: FlaskClient, village: Village) -> FlaskClient:
    """Aminah at the laptop, in English, the day confirmed."""
    return at_keyboard(client, village.aminah)


def grown(village: Village) -> str:
    """A girl of 14 months with birth measures and two visits; in June everything was measured, standing."""
    child = register(
        village, "Baiq Nabila", birth_weight_g=3000, birth_length_mm=490, birth_head_circumference_mm=340
    )
    everything = {
        "head_circumference_mm": 445, "muac_mm": 138, "triceps_tenth_mm": 82, "subscapular_tenth_mm": 64,
    }  # fmt: skip
    weigh(village, child, "2026-06-02", 8400, length_height_mm=732, measured="standing", **everything)
    weigh(village, child, "2026-07-06", 8600, length_height_mm=740, measured="lying")
    return child


@pytest.fixture
def nabila(village: Village) -> str:
    return grown(village)


def words(page: str) -> str:
    """The text of a page without its tags, charts and runs of spaces."""
    page = re.sub(r"<(script|style|svg).*?</\1>", " ", page, flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


def titles(page: str) -> list[str]:
    return [unescape(title) for title in re.findall(r"<svg.*?<title[^>]*>(.*?)</title>", page, re.DOTALL)]


def facts(page: str) -> str:
    found = re.search(r"<desc[^>]*>(.*?)</desc>", page, re.DOTALL)
    return found[1] if found else ""


def test_the_page_opens_with_weight_at_the_childs_age_whole_and_close(
    aminah: FlaskClient, nabila: str
) -> None:
    page = aminah.get(f"/anak/{nabila}/grafik").text
    assert titles(page) == [
        "Weight for age (BB/U), 0 to 2 years. Baiq Nabila",
        "Weight for age (BB/U), 6 to 18 months. Baiq Nabila",
    ]


@pytest.mark.parametrize("chart", charts.ALL, ids=lambda chart: chart.code)
def test_every_chart_can_be_chosen(aminah: FlaskClient, nabila: str, chart: charts.Chart) -> None:
    answer = aminah.get(f"/anak/{nabila}/grafik?grafik={chart.code}")
    assert (answer.status_code, titles(answer.text)[0].split(" (")[0]) == (200, chart.index.title)


def test_each_tab_says_how_many_measurements_it_holds(aminah: FlaskClient, nabila: str) -> None:
    page = words(aminah.get(f"/anak/{nabila}/grafik").text)
    found = re.findall(r"([A-Za-z/]+/U|BB/PB, BB/TB) [A-Z][a-z ,]+ measurements: (\d+)", page)
    assert dict(found) == {
        "BB/U": "3", "TB/U": "3", "BB/PB, BB/TB": "3", "IMT/U": "3", "LK/U": "2", "LiLA/U": "1", "TSF/U": "1", "SSF/U": "1",
    }  # fmt: skip


def test_birth_measures_are_points_and_a_standing_child_below_two_years_is_converted(
    aminah: FlaskClient, nabila: str
) -> None:
    page = aminah.get(f"/anak/{nabila}/grafik?grafik=pb-u-0-2").text
    assert facts(page) == (
        "Newest measurement, 6 July 2026, at 1 years 1 months: 74.0 cm, between −1 and +1 SD (z −0.83), "
        "Normal length or height. Since 2 June 2026 it sank to lower lines: z from −0.39 to −0.83. "
        "10 May 2025: 49.0 cm. 2 June 2026: 73.9 cm, lying or standing converted (0.7 cm). 6 July 2026: 74.0 cm."
    )


def test_weight_for_length_takes_each_child_to_the_table_of_her_age(aminah: FlaskClient, nabila: str) -> None:
    pages = [facts(aminah.get(f"/anak/{nabila}/grafik?grafik={code}").text) for code in ("bb-pb", "bb-tb")]
    assert ("8.6 kg, 74.0 cm long" in pages[0], pages[1]) == (True, "No measurement yet.")


def test_swollen_feet_are_not_judged_by_weight(aminah: FlaskClient, village: Village, nabila: str) -> None:
    weigh(village, nabila, "2026-08-03", 9500, length_height_mm=745, measured="lying", oedema="2")
    page = aminah.get(f"/anak/{nabila}/grafik?grafik=imt-u-0-2").text
    assert "17.12 kg/m², both feet swollen: weight not judged." in facts(page)


def test_a_corrected_measure_is_marked(aminah: FlaskClient, village: Village, nabila: str) -> None:
    with village.instance.store_for_job() as store:
        visit = store.rows("select id from balita order by visit_date")[0]["id"]
        right: dict[str, int | str | None] = {"muac_mm": 128, "correction_reason": "salah baca"}
        records.save(store, village.pen(village.baiq), forms.BY_NAME["balita"], right, visit)
    page = aminah.get(f"/anak/{nabila}/grafik?grafik=lila-u-0-2").text
    assert "2 June 2026 1 years 12.8" in words(page)
    assert facts(page).endswith("2 June 2026: 12.8 cm, corrected.")


def test_the_close_look_moves_left_and_right_and_stops_at_the_ends(aminah: FlaskClient, nabila: str) -> None:
    at = f"/anak/{nabila}/grafik?grafik=bb-u-0-2&jendela=dekat"
    pages = [aminah.get(f"{at}&mulai={begin}").text for begin in (-50, 6, 900)]
    seen = [titles(page)[0].split(", ")[1] for page in pages]
    ways = [("Farther left" in page, "Farther right" in page) for page in pages]
    assert seen == [
        "0 to 12 months. Baiq Nabila",
        "6 to 18 months. Baiq Nabila",
        "12 to 24 months. Baiq Nabila",
    ]
    assert ways == [(False, True), (True, True), (True, False)]


def test_a_chart_that_there_is_not_shows_weight_and_a_strange_number_the_newest(
    aminah: FlaskClient, nabila: str
) -> None:
    page = aminah.get(f"/anak/{nabila}/grafik?grafik=umur&jendela=dekat&mulai=banyak").text
    assert titles(page)[0] == "Weight for age (BB/U), 6 to 18 months. Baiq Nabila"


def test_school_charts_are_offered_from_four_years_on(
    aminah: FlaskClient, village: Village, nabila: str
) -> None:
    older = register(village, "Lalu Budi", sex="m", birth_date="2022-06-01")
    pages = [words(aminah.get(f"/anak/{child}/grafik?grafik=tb-u-0-5").text) for child in (nabila, older)]
    assert ["5 to 19 years" in page for page in pages] == [False, True]


def test_one_chart_is_printed_on_the_paper_chosen(aminah: FlaskClient, nabila: str) -> None:
    pages = [
        aminah.get(f"/anak/{nabila}/grafik/cetak?grafik=lk-u-0-2&kertas={paper}").text
        for paper in ("A4", "A5", "B1")
    ]
    assert [(page.count("<svg"), re.findall(r"chart-sheet (sheet-a\d)", page)) for page in pages] == [
        (1, ["sheet-a4"]),
        (1, ["sheet-a5"]),
        (1, ["sheet-a4"]),
    ]
    assert (
        "Baiq Nabila · Born on 10 May 2025 · mother Saknah · Posyandu Melati · printed on 3 August 2026"
        in words(pages[0])
    )


def test_all_charts_with_a_measurement_are_printed_a_sheet_each(
    aminah: FlaskClient, village: Village, nabila: str
) -> None:
    newborn = register(village, "Siti Aisyah", birth_date="2026-07-20")
    pages = [
        aminah.get(f"/anak/{child}/grafik/cetak?grafik=semua&kertas=A5").text for child in (nabila, newborn)
    ]
    assert [page.count("chart-sheet ") for page in pages] == [8, 1]


def test_a_child_without_birth_date_or_sex_is_completed_first(aminah: FlaskClient, village: Village) -> None:
    child = register(village, "Dewi", sex=None)
    pages = [aminah.get(f"/anak/{child}/grafik{page}") for page in ("", "/cetak")]
    assert [(page.status_code, page.location) for page in pages] == [(302, f"/anak/{child}/ubah")] * 2


def test_no_inline_style_stands_on_the_page(aminah: FlaskClient, nabila: str) -> None:
    pages = [aminah.get(f"/anak/{nabila}/grafik{page}").text for page in ("", "/cetak?grafik=semua")]
    assert [" style=" in page or "<style" in page for page in pages] == [False, False]


@pytest.mark.parametrize("page", ["/grafik", "/grafik/cetak"])
def test_dedi_and_the_province_may_not_open_it(
    province_client: FlaskClient, province: Village, page: str
) -> None:
    nabila = grown(province)
    opened = [
        sign_in(province_client, worker).get(f"/anak/{nabila}{page}").status_code
        for worker in (province.dedi, province.eka)
    ]
    assert opened == [403, 403]


def test_a_look_from_outside_the_posyandu_is_written_down(
    province_client: FlaskClient, province: Village
) -> None:
    nabila = grown(province)
    sign_in(province_client, province.citra).get(f"/anak/{nabila}/grafik")
    with province.instance.store_for_job() as store:
        assert store.rows("select person, page from person_view") == [
            {"person": nabila, "page": "growth_charts.show"}
        ]
