"""A visit to a child's home: written in half a minute, seen on her page and on the sweeping list, corrected with a reason."""

import re

import pytest
from flask.testing import FlaskClient

import forms
from siposyandu import records
from tests.children import register, weigh
from tests.conftest import Village, at_keyboard, sign_in

AFTER, PAPER = "/hari-ini/sesudah", "/hari-ini/kunjungan-rumah"
MET = {"visit_date": "3-8-2026", "reason": "did_not_come", "met": "yes"}


@pytest.fixture
def aminah(client: FlaskClient, village: Village) -> FlaskClient:
    """Aminah at the laptop, in English, on 3 August."""
    return at_keyboard(client, village.aminah)


def kept(village: Village) -> list[dict[str, object]]:
    with village.instance.store_for_job() as store:
        return store.rows("select * from home_visit order by id")


def chips(page: str, name: str) -> list[str]:
    """The chips beside a child of the sweeping list."""
    [row] = re.findall(rf'row-title">{name} .*?row-marks">(.*?)</span>\s*</a>', page, re.DOTALL)
    return re.findall(r'class="chip[^"]*">([^<]+)<', row + "<")


def reason(page: str) -> list[str]:
    """Why she is visited, as it stands on the page."""
    [listed] = re.findall(r'<select id="reason".*?</select>', page, re.DOTALL)
    return re.findall(r'value="(\w*)" selected', listed)


def test_a_visit_is_kept_shown_on_her_page_and_on_the_sweeping_list(
    aminah: FlaskClient, village: Village
) -> None:
    child = register(village, "Fadil")
    weigh(village, child, "2026-06-08", 8000)
    blank = aminah.get(f"/kunjungan-rumah/{child}").text
    answer = aminah.post(
        f"/kunjungan-rumah/{child}",
        data=MET
        | {
            "danger_signs": ["", "fever", "rash"],
            "problems": ["", "pmt"],
            "agreed": "come",
            "advice": "Telur",
        },
    )
    [row] = kept(village)
    assert (reason(blank), "suckle" in blank.split("cannot drink or suckle")[0]) == (
        ["did_not_come"],
        False,
    )
    assert answer.location == f"/anak/{child}"
    assert {name: row[name] for name in ("person", "posyandu", "visit_date", "met", "danger_signs", "problems")} == {
        "person": child, "posyandu": village.melati, "visit_date": "2026-08-03", "met": "yes",
        "danger_signs": "fever,rash", "problems": "pmt",
    }  # fmt: skip
    page = aminah.get(f"/anak/{child}").text
    assert all(
        words in page for words in ("Danger signs: fever, rash", "What you advised: Telur", "PMT not eaten")
    )
    assert chips(aminah.get(AFTER).text, "Fadil") == [
        "not come twice running",
        "3 Aug: met",
        "danger signs",
        "PMT not eaten",
    ]


def test_pressed_twice_it_is_kept_once(aminah: FlaskClient, village: Village) -> None:
    child = register(village, "Fadil")
    for _ in range(2):
        aminah.post(f"/kunjungan-rumah/{child}", data=MET)
    assert len(kept(village)) == 1


def test_what_is_wrong_is_said_and_nothing_typed_is_lost(aminah: FlaskClient, village: Village) -> None:
    child = register(village, "Fadil")
    wrong = aminah.post(
        f"/kunjungan-rumah/{child}", data={"visit_date": "3-8-2024", "reason": "other", "advice": "Telur"}
    )
    again = aminah.get(f"/kunjungan-rumah/{child}").text
    assert (wrong.status_code, kept(village)) == (400, [])
    assert "This day is before the child was born. Check the date." in wrong.text
    assert ("Telur" in wrong.text, "Telur" in again, reason(again)) == (True, True, ["other"])


def test_signs_at_a_closed_door_are_asked_once(aminah: FlaskClient, village: Village) -> None:
    child = register(village, "Fadil")
    typed = MET | {"met": "nobody_home", "problems": "pmt"}
    asked = aminah.post(f"/kunjungan-rumah/{child}", data=typed)
    [key] = re.findall(r'name="asked" value="([^"]+)"', asked.text)
    before = kept(village)
    aminah.post(f"/kunjungan-rumah/{child}", data=typed | {"asked": key, "answer": "right"})
    assert (asked.status_code, before, len(kept(village))) == (200, [], 1)


def test_a_baby_is_asked_a_babys_signs(aminah: FlaskClient, village: Village) -> None:
    baby = register(village, "Nisa", birth_date="2026-07-20")
    page = aminah.get(f"/kunjungan-rumah/{baby}").text
    assert ('name="baby_signs"' in page, 'name="danger_signs"' in page, reason(page)) == (
        True,
        False,
        ["new_birth"],
    )


def test_a_child_who_moved_is_led_to_where_she_went(aminah: FlaskClient, village: Village) -> None:
    child = register(village, "Fadil")
    aminah.post(f"/kunjungan-rumah/{child}", data=MET | {"met": "moved"})
    page = aminah.get(AFTER).text
    assert (f'href="/anak/{child}/pindah"' in page, f'href="/kunjungan-rumah/{child}"' in page) == (
        True,
        False,
    )


def test_only_visits_since_the_posyandu_day_are_told(aminah: FlaskClient, village: Village) -> None:
    came, away = register(village, "Aisyah"), register(village, "Fadil")
    weigh(village, came, "2026-08-03", 9000)
    aminah.post(f"/kunjungan-rumah/{away}", data=MET | {"visit_date": "2-8-2026"})
    assert chips(aminah.get(AFTER).text, "Fadil") == ["new: never weighed", "not come twice running"]


def test_a_correction_needs_a_reason_and_keeps_the_old_value(aminah: FlaskClient, village: Village) -> None:
    child = register(village, "Fadil")
    aminah.post(f"/kunjungan-rumah/{child}", data=MET)
    url = f"/kunjungan-rumah/{kept(village)[0]['id']}/koreksi"
    refused = aminah.post(url, data=MET | {"met": "refused"})
    aminah.post(url, data=MET | {"met": "refused", "correction_reason": "salah pilih"})
    page = aminah.get(url).text
    assert (refused.status_code, [row["met"] for row in kept(village)]) == (400, ["refused"])
    assert "<s>met</s> → does not want a visit" in page
    assert "salah pilih" in page


def test_a_visit_is_withdrawn_with_a_reason(aminah: FlaskClient, village: Village) -> None:
    child = register(village, "Fadil")
    aminah.post(f"/kunjungan-rumah/{child}", data=MET)
    url = f"/kunjungan-rumah/{kept(village)[0]['id']}/batal"
    without = aminah.post(url).status_code
    ways = [aminah.post(url, data={"withdraw_reason": "anak lain"}).location for _ in range(2)]
    assert (without, ways, kept(village)[0]["retracted"]) == (400, [f"/anak/{child}"] * 2, 1)
    assert "Not visited at home yet." in aminah.get(f"/anak/{child}").text


def test_signs_of_tb_are_read_by_health_workers_only(client: FlaskClient, village: Village) -> None:
    child = register(village, "Fadil")
    at_keyboard(client, village.aminah).post(f"/kunjungan-rumah/{child}", data=MET | {"tb_signs": "cough"})
    url = f"/kunjungan-rumah/{kept(village)[0]['id']}/koreksi"
    said = []
    for worker in (village.aminah, village.baiq):
        at_keyboard(client, worker)
        pages = [client.get(address).text for address in (f"/anak/{child}", url)]
        said.append(
            ["cough that does not go away" in page for page in pages]
            + ["signs of TB" in str(chips(client.get(AFTER).text, "Fadil"))]
        )
        client.post("/keluar")
    assert said == [[False, False, False], [True, True, True]]
    at_keyboard(client, village.aminah).post(url, data=MET | {"note": "x", "correction_reason": "lupa"})
    assert kept(village)[0]["tb_signs"] == "cough"


def test_the_paper_has_boxes_for_each_child_by_dusun(aminah: FlaskClient, village: Village) -> None:
    register(village, "Fadil", dusun="Montong Are", address="Jalan Sawah", rt="3", phone="081234567890")
    weigh(village, register(village, "Aisyah"), "2026-08-03", 9000)
    page = aminah.get(PAPER).text
    assert all(
        words in page
        for words in ("Montong Are", "Fadil", "Jalan Sawah RT 3", "081234567890", "nobody at home")
    )
    assert "Aisyah" not in page


def test_dedi_sees_nothing(province_client: FlaskClient, province: Village) -> None:
    client, village = province_client, province
    child = register(village, "Fadil")
    with village.instance.store_for_job() as store:
        values = {
            "person": child,
            "posyandu": village.melati,
            "visit_date": "2026-08-03",
            "reason": "other",
            "met": "yes",
        }
        visit = records.save(store, village.pen(), forms.BY_NAME["home_visit"], values)
    sign_in(client, village.dedi)
    new, old = f"/kunjungan-rumah/{child}", f"/kunjungan-rumah/{visit}"
    codes = [
        *[
            client.get(address).status_code
            for address in (new, f"{old}/koreksi", f"{PAPER}?posyandu={village.melati}")
        ],
        *[client.post(address, data=MET).status_code for address in (new, f"{old}/koreksi", f"{old}/batal")],
    ]
    assert (codes, len(kept(village))) == ([403] * 6, 1)
    assert "Fadil" not in client.get(PAPER).text
