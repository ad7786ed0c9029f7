"""Referrals: open until somebody heard how it went, for the kader of the posyandu and the health workers of the area."""

import re
from datetime import date

import pytest
from flask.testing import FlaskClient

from siposyandu import referrals
from siposyandu.office import to_look_at
from tests.children import register, weigh
from tests.conftest import Village, at_keyboard, sign_in

LIST = "/rujukan"
WENT = {"came_to": "went", "went_date": "5-8-2026", "returned_date": "10-8-2026"}
TODAY_BACK = {"came_to": "went", "went_date": "3-8-2026", "returned_date": "3-8-2026"}
TODAY = date(2026, 8, 20)


@pytest.fixture
def aminah(client: FlaskClient, village: Village) -> FlaskClient:
    """Aminah at the laptop, in English, on 20 August."""
    return at_keyboard(client, village.aminah, TODAY.isoformat())


def refer(village: Village, child: str, day: str = "2026-08-03", **values: str | int) -> str:
    return weigh(
        village,
        child,
        day,
        6000,
        length_height_mm=720,
        measured="lying",
        **{"referral": "puskesmas", **values},
    )


def still_open(village: Village, on: date = TODAY) -> list[tuple[str, str, int]]:
    """Name, place and days of each open referral of Melati."""
    with village.instance.store_for_job() as store:
        found = referrals.open_at(store, [village.melati], on)
        return [(each.person["name"], each.visit["referral"], each.days_open(on)) for each in found]


def heard(village: Village) -> list[dict[str, object]]:
    with village.instance.store_for_job() as store:
        return store.rows("select * from referral_return order by id")


def test_a_referral_is_open_until_somebody_heard_that_they_went(
    aminah: FlaskClient, village: Village
) -> None:
    visit = refer(village, register(village, "Fadil"))
    before = still_open(village)
    listed = aminah.get(LIST).text
    answer = aminah.post(f"/rujukan/{visit}/kembali", data=WENT | {"follow_up": "PMT satu bulan"})
    after = aminah.get(LIST).text
    assert (before, still_open(village)) == ([("Fadil", "puskesmas", 17)], [])
    assert all(
        words in listed for words in ("Fadil", "to Puskesmas on 3 August 2026", "17 days", "Severely wasted")
    )
    assert (answer.location, "Nobody is waited for." in after, "PMT satu bulan" in after) == (
        LIST,
        True,
        True,
    )


def test_not_yet_leaves_it_open_and_no_ends_it(aminah: FlaskClient, village: Village) -> None:
    visit = refer(village, register(village, "Fadil"))
    url, seen = f"/rujukan/{visit}/kembali", []
    for came_to in ("not_yet", "did_not_go"):
        aminah.post(url, data={"came_to": came_to, "returned_date": "10-8-2026"})
        seen.append(
            (len(still_open(village)), "not gone yet, heard on 10 August 2026" in aminah.get(LIST).text)
        )
    assert seen == [(1, True), (0, False)]


def test_a_child_referred_again_stands_once_and_waits_since_the_first(village: Village) -> None:
    child = register(village, "Fadil")
    refer(village, child, "2026-07-06", referral="pustu")
    refer(village, child)
    weigh(village, child, "2026-08-10", 6100, referral="none")
    assert still_open(village) == [("Fadil", "puskesmas", 45)]


def test_an_answer_ends_what_was_before_it_and_not_what_comes_after(
    aminah: FlaskClient, village: Village
) -> None:
    child = register(village, "Fadil")
    refer(village, child, "2026-07-06")
    aminah.post(f"/rujukan/{refer(village, child)}/kembali", data=WENT)
    between = still_open(village)
    refer(village, child, "2026-08-19", referral="hospital")
    assert (between, still_open(village)) == ([], [("Fadil", "hospital", 1)])


@pytest.mark.parametrize("left", [{"status": "moved"}, {"status": "died"}, {"retracted": 1}])
def test_nobody_waits_for_who_is_out_of_reach(village: Village, left: dict[str, str]) -> None:
    refer(village, register(village, "Fadil"))
    with village.instance.store_for_job() as store, store.write():
        for column, value in left.items():
            store.run(f"update person set {column} = $1", value)
    assert still_open(village) == []


def test_after_half_a_year_nobody_asks(village: Village) -> None:
    refer(village, register(village, "Fadil"), "2026-02-03")
    assert [len(still_open(village, on)) for on in (date(2026, 8, 4), date(2026, 8, 5))] == [1, 0]


def test_late_referrals_wait_for_health_workers(client: FlaskClient, village: Village) -> None:
    for name, day in (("Fadil", "2026-08-03"), ("Nisa", "2026-08-06"), ("Umar", "2026-08-05")):
        refer(village, register(village, name), day)
    with village.instance.store_for_job() as store:
        counts = [
            to_look_at.counts(store, who, TODAY, at_province=False).referrals
            for who in (village.aminah, village.baiq, village.citra, village.dedi, village.eka)
        ]
    page = at_keyboard(client, village.baiq, TODAY.isoformat()).get("/perlu-dilihat").text
    assert counts == [0, 2, 2, 0, 0]
    assert re.search(r'href="/rujukan".*?Referrals not back.*?chip s1">2<', page, re.DOTALL)


def test_days_out_of_order_are_said_and_nothing_typed_is_lost(aminah: FlaskClient, village: Village) -> None:
    visit = refer(village, register(village, "Fadil"))
    wrong = aminah.post(
        f"/rujukan/{visit}/kembali", data=WENT | {"went_date": "1-8-2026", "follow_up": "PMT"}
    )
    again = aminah.get(f"/rujukan/{visit}/kembali").text
    assert (wrong.status_code, heard(village), "PMT" in again) == (400, [], True)
    assert "This day is before the referral. Check the date." in wrong.text


def test_an_answer_is_corrected_with_a_reason_and_withdrawn(aminah: FlaskClient, village: Village) -> None:
    visit = refer(village, register(village, "Fadil"))
    aminah.post(f"/rujukan/{visit}/kembali", data=WENT)
    url = f"/rujukan/{heard(village)[0]['id']}"
    aminah.post(f"{url}/koreksi", data=WENT | {"went_date": "6-8-2026", "correction_reason": "salah tanggal"})
    corrected = heard(village)[0]["went_date"]
    aminah.post(f"{url}/batal", data={"withdraw_reason": "anak lain"})
    assert (corrected, still_open(village)) == ("2026-08-06", [("Fadil", "puskesmas", 17)])


def test_what_was_found_there_is_read_by_health_workers_only(client: FlaskClient, village: Village) -> None:
    child = register(village, "Fadil")
    visit = refer(village, child, tb_cough=1, tb_contact=1)
    at_keyboard(client, village.aminah, TODAY.isoformat())
    tb = "Two or more signs of TB"
    mine = [tb in client.get(address).text for address in (LIST, f"/kunjungan/{visit}/surat")]
    client.post(f"/rujukan/{visit}/kembali", data=WENT | {"found": "TBC paru", "treatment": "OAT"})
    url = f"/rujukan/{heard(village)[0]['id']}/koreksi"
    seen = []
    for worker in (village.aminah, village.baiq):
        at_keyboard(client, worker, TODAY.isoformat())
        pages = [client.get(address).text for address in (LIST, f"/anak/{child}", url)]
        seen.append([("TBC paru" in page, "OAT" in page) for page in pages])
        client.post("/keluar")
    hers = tb in at_keyboard(client, village.baiq, TODAY.isoformat()).get(f"/kunjungan/{visit}/surat").text
    assert (mine, hers) == ([False, False], True)
    assert seen == [[(False, False)] * 3, [(True, True)] * 3]


def test_the_letter_says_who_where_to_what_was_measured_and_why(
    aminah: FlaskClient, village: Village
) -> None:
    child = register(village, "Fadil", nik="5202024507250001")
    page = aminah.get(f"/kunjungan/{refer(village, child, illness='fever')}/surat").text
    words = (
        "Fadil", "Saknah", "10 May 2025", "Posyandu Melati", "Puskesmas Praya", "6 kg", "72 cm", "Severely wasted", "fever",
        "Aminah", "To be filled in there", "KMS",
    )  # fmt: skip
    assert [each for each in words if each not in page] == []
    assert "5202024507250001" not in page


def test_the_letter_has_the_weight_of_a_swollen_child_though_it_is_not_judged(
    aminah: FlaskClient, village: Village
) -> None:
    visit = refer(village, register(village, "Fadil"), oedema="1")
    assert '<th scope="row">Weight</th><td class="num">6,0 kg' in aminah.get(
        f"/kunjungan/{visit}/surat"
    ).text.replace("6.0", "6,0")


def test_a_visit_that_refers_nobody_has_no_letter(aminah: FlaskClient, village: Village) -> None:
    visit = weigh(village, register(village, "Fadil"), "2026-08-03", 9000, referral="none")
    codes = [
        aminah.get(f"{address}").status_code
        for address in (f"/kunjungan/{visit}/surat", f"/rujukan/{visit}/kembali")
    ]
    assert codes == [404, 404]


def test_the_ways_to_it_stand_where_she_is(aminah: FlaskClient, village: Village) -> None:
    child = register(village, "Fadil")
    visit = refer(village, child)
    letter, back = f'href="/kunjungan/{visit}/surat"', f'href="/rujukan/{visit}/kembali"'
    answer, page = aminah.get(f"/kunjungan/{visit}/hasil").text, aminah.get(f"/anak/{child}").text
    after = aminah.get("/hari-ini/sesudah").text
    assert (letter in answer, letter in page, back in page) == (True, True, True)
    assert f'href="/rujukan?posyandu={village.melati}">Referrals <span class="count">1<' in after


def test_health_workers_see_their_area_and_dedi_nothing(
    province_client: FlaskClient, province: Village
) -> None:
    visit = refer(province, register(province, "Fadil"))
    refer(province, register(province, "Umar", posyandu=province.kenanga))
    seen = []
    for worker in (province.citra, province.dedi, province.eka):
        sign_in(province_client, worker).get("/bahasa/en")
        page = province_client.get(LIST)
        codes = [
            province_client.get(f"{each}").status_code
            for each in (f"/kunjungan/{visit}/surat", f"/rujukan/{visit}/kembali")
        ]
        codes.append(province_client.post(f"/rujukan/{visit}/kembali", data=TODAY_BACK).status_code)
        seen.append((page.status_code, [name for name in ("Fadil", "Umar") if name in page.text], codes))
        province_client.post("/keluar")
    assert seen == [(200, ["Fadil"], [200, 200, 302]), (200, ["Umar"], [403] * 3), (403, [], [403] * 3)]
