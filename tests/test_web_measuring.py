"""The pages about measuring: the weakest posyandu first, in words; a kader sees only herself; no names at the province."""

import csv
import re
from html import unescape
from io import StringIO

import pytest
from flask.testing import FlaskClient

import forms
from siposyandu import access, records
from siposyandu.access import Worker
from siposyandu.growth.quality.digits import Digits
from siposyandu.web.measuring_one import digit_picture
from tests.children import register, weigh
from tests.conftest import MELATI_DESA, Village, app_of, sign_in
from tests.test_web_province import at_the_province

ROUNDED = "100 of 100 heights end in .0: practise reading to 0.1 cm."
MINE = "100 of 100 of your heights end in .0. Read the small lines too, such as 84.3 cm."


def words(page: str) -> str:
    """The text of a page without its tags and runs of spaces."""
    page = re.sub(r"<(script|style|svg).*?</\1>", " ", page, flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


def measure(village: Village, worker: Worker, posyandu: str, *, children: int = 32, rounds: bool) -> None:
    """Write children of a posyandu measured by one worker in August: whole centimetres when she rounds."""
    with village.instance.store_for_job() as store, store.write():
        for at in range(children):
            length_mm = 780 + 10 * (at % 7) if rounds else 780 + at * 7 % 70
            person = {
                "posyandu": posyandu, "name": f"{worker.name} {at}", "sex": "mf"[at % 2], "status": "active",
                "birth_date": f"2025-{at % 6 + 1:02}-{at % 27 + 2:02}", "registered_date": "2025-07-01",
            }  # fmt: skip
            child = records.save(store, village.pen(worker), forms.BY_NAME["person"], person)
            visit = {
                "person": child, "posyandu": posyandu, "visit_date": "2026-08-03", "measured": "lying",
                "weight_g": 9000 + at * 130, "length_height_mm": length_mm,
            }  # fmt: skip
            records.save(store, village.pen(worker), forms.BY_NAME["balita"], visit)


@pytest.fixture(scope="module")
def measured(tmp_path_factory: pytest.TempPathFactory) -> Village:
    """The province: at Melati Aminah rounds and Sari reads well; at Anggrek of the same puskesmas Sari measured too."""
    from tests.conftest import found

    village = found(tmp_path_factory.mktemp("measuring") / "province", upstream="")
    with village.instance.store_for_job() as store:
        pen, keep = village.pen(village.eka), forms.BY_NAME
        post = {
            "code": "A1",
            "name": "Anggrek",
            "desa_code": MELATI_DESA,
            "puskesmas": village.puskesmas,
            "active": 1,
        }
        anggrek = records.save(store, pen, keep["posyandu"], post)
        hired = {"name": "Sari", "username": "sari", "role": "kader", "area": village.melati, "active": 1}
        sari = access.worker(store, records.save(store, pen, keep["worker"], hired))
    assert sari is not None
    measure(village, village.aminah, village.melati, rounds=True)
    measure(village, sari, village.melati, rounds=False)
    measure(village, sari, anggrek, rounds=False, children=12)
    return village


def page(village: Village, worker: Worker, path: str) -> str:
    """A page as a worker sees it at the province, in English."""
    client = at_the_province(village, worker)
    client.get("/bahasa/en")
    return client.get(path, follow_redirects=True).text


def test_the_weakest_posyandu_stands_first_with_what_to_do(measured: Village) -> None:
    said = page(measured, measured.citra, "/mutu")
    rows = re.findall(r'<th scope="row">(.*?)</th>', said, re.DOTALL)
    assert [words(row) for row in rows] == ["Melati", "Anggrek", "Together"]
    assert re.search(r"Melati 64 \d+% \d+% .* \d+ of 100 heights end in \.0", words(said))
    assert "Anggrek 12 too few too few too few 0%" in words(said)


def test_the_page_of_a_posyandu_names_who_measured_to_her_puskesmas(measured: Village) -> None:
    said = words(page(measured, measured.citra, f"/mutu/{measured.melati}?bulan=2026-08"))
    assert re.search(rf"Aminah 32 100% .*?{re.escape(ROUNDED)}.*?Sari 32 \d+%", said)
    assert "IKDA" in said


@pytest.mark.parametrize("worker", ["eka"])
def test_the_province_sees_figures_and_no_names(measured: Village, worker: str) -> None:
    said = words(page(measured, getattr(measured, worker), f"/mutu/{measured.melati}"))
    assert ("What the figures say 64 children measured" in said, "Who measured" in said, "Aminah" in said) == (
        True, False, False,
    )  # fmt: skip


def test_a_kader_sees_only_her_own_measurements_gently_said(measured: Village) -> None:
    said = words(page(measured, measured.aminah, "/mutu"))
    assert "My measuring Posyandu Melati" in said
    assert "What the figures say 32 children measured" in said
    assert (MINE in said, ROUNDED in said, "Sari" in said, "of the nine indicators" in said, "(SD)" in said) == (
        True, False, False, False, False,
    )  # fmt: skip


def test_a_kader_who_wrote_nothing_down_is_told_so(measured: Village) -> None:
    assert "You have not written down a measurement" in page(measured, measured.dedi, "/mutu")


def test_a_bidan_sees_the_posyandu_of_her_desa(measured: Village) -> None:
    assert "By posyandu, the weakest first" in words(page(measured, measured.baiq, "/mutu"))


@pytest.mark.parametrize(("path", "part"), [("/mutu", "kabupaten/kota"), ("/mutu/5202", "puskesmas")])
def test_a_large_area_is_shown_by_its_parts(measured: Village, path: str, part: str) -> None:
    said = words(page(measured, measured.eka, path))
    assert f"By {part}, the weakest first" in said
    assert re.search(r"(Kabupaten Lombok Tengah|Praya) 76 \d+%", said)


@pytest.mark.parametrize("path", ["/mutu/52", "/mutu/5202", "/mutu/5202/tabel.csv"])
def test_nobody_sees_beyond_her_own_area(measured: Village, path: str) -> None:
    assert at_the_province(measured, measured.citra).get(path).status_code == 403


def test_dedi_sees_nothing_of_melati(measured: Village) -> None:
    dedi = at_the_province(measured, measured.dedi)
    pages = [f"/mutu/{measured.melati}", f"/mutu/{measured.melati}/tabel.csv", f"/mutu/{measured.puskesmas}"]
    assert [dedi.get(path).status_code for path in pages] == [403, 403, 403]


def test_a_kader_has_no_file_of_others(measured: Village) -> None:
    assert (
        at_the_province(measured, measured.aminah).get(f"/mutu/{measured.melati}/tabel.csv").status_code
        == 403
    )


def test_an_unknown_area_is_not_found(measured: Village) -> None:
    eka = at_the_province(measured, measured.eka)
    assert [eka.get(f"/mutu/{key}").status_code for key in ("99", "f" * 32)] == [404, 404]


def test_a_visitor_is_sent_to_the_door(measured: Village) -> None:
    assert app_of(measured).test_client().get("/mutu").status_code == 302


def test_the_page_opens_on_the_last_month_that_was_reported(measured: Village) -> None:
    assert '<option value="2026-08" selected>' in page(
        measured, measured.citra, "/mutu?bulan=never&rentang=99"
    )


def test_a_month_without_measurements_says_so(measured: Village) -> None:
    said = page(measured, measured.citra, f"/mutu/{measured.puskesmas}?bulan=2026-05&rentang=3")
    assert said.count("Nobody was measured.") == 2
    assert "Nobody was measured in these months." in page(measured, measured.eka, "/mutu/52?bulan=2026-05")


def test_the_file_carries_each_figure_and_what_it_says(measured: Village) -> None:
    client = at_the_province(measured, measured.citra)
    client.get("/bahasa/en")
    answer = client.get(f"/mutu/{measured.puskesmas}/tabel.csv?bulan=2026-08")
    rows = list(csv.DictReader(StringIO(answer.text.lstrip("\ufeff")), delimiter=";"))
    assert [(row["area"], row["visits"], row["wrong position, percent"]) for row in rows] == [
        ("Melati", "64", "0"), ("Anggrek", "12", "0"),
    ]  # fmt: skip
    assert (rows[1]["SD of TB/U"], "practise reading to 0.1 cm" in rows[0]["what it says"]) == ("", True)


def test_on_a_laptop_the_kader_sees_her_own_page(client: FlaskClient, village: Village) -> None:
    weigh(village, register(village, "Nabila"), "2026-08-03", 8900)
    aminah = sign_in(client, village.aminah)
    aminah.get("/bahasa/en")
    said = words(aminah.get("/mutu", follow_redirects=True).text)
    assert "My measuring Posyandu Melati" in said
    assert "1 children measured Too few to say more." in said


def test_the_picture_says_its_figures_in_words() -> None:
    drawn = digit_picture(Digits((5, 1, 0, 0, 0, 4, 0, 0, 0, 0)))
    assert "50, 10, 0, 0, 0, 40, 0, 0, 0, 0" in drawn
    assert drawn.count("<rect") == 10


def test_a_picture_of_nothing_is_empty_bars() -> None:
    assert digit_picture(Digits()).count('height="0"') == 10
