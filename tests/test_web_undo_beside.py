"""A home visit or the word of a referral that was saved by a slip is taken back like a weighing, and every list is as before."""

import re
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

import forms
from siposyandu import records, taking_back
from siposyandu.web import undo
from tests.children import register, weigh
from tests.conftest import Village, at_keyboard
from tests.neighbours import Laptop, Neighbours

SWEEPING, REFERRALS, TODAY = "/hari-ini/sesudah", "/rujukan", "/hari-ini"
MET = {"visit_date": "3-8-2026", "reason": "did_not_come", "met": "yes", "advice": "Telur"}
WENT = {"came_to": "went", "went_date": "3-8-2026", "returned_date": "3-8-2026", "follow_up": "PMT"}


@pytest.fixture
def aminah(client: FlaskClient, village: Village) -> FlaskClient:
    return at_keyboard(client, village.aminah)


def offered(page: str) -> str:
    """The edit that a page offers to take back; "" when it offers none."""
    found = re.findall(r'action="/batalkan">.*?name="edit" value="(\w+)"', page, re.DOTALL)
    return str(found[0]) if found else ""


def said_last(client: FlaskClient, at: str) -> list[str]:
    return re.findall(r"Saved last: <b>(.*?)</b>", client.get(at).text)


def take_back(client: FlaskClient, at: str) -> str:
    """Press the button on a page; returns the address that says what was undone."""
    return str(client.post("/batalkan", data={"edit": offered(client.get(at).text)}).location)


def rows(village: Village, sql: str) -> list[dict[str, Any]]:
    with village.instance.store_for_job() as store:
        return store.rows(sql)


def referred(village: Village, name: str = "Fadil") -> tuple[str, str]:
    """A child who was sent to the puskesmas on 3 August, and that visit."""
    child = register(village, name)
    return child, weigh(village, child, "2026-08-03", 8900, referral="puskesmas")


def listed(page: str) -> str:
    """What a list says, without what differs at every call: the hidden fields and the offer to take back."""
    page = re.sub(r'<input type="hidden"[^>]*>', "", page)
    return re.sub(
        r'<div class="cluster screen-only"><p class="small">Saved last.*?</div>', "", page, flags=re.DOTALL
    )


def test_a_home_visit_is_taken_back_and_every_list_is_as_before(
    aminah: FlaskClient, village: Village
) -> None:
    child = register(village, "Fadil")
    pages = (SWEEPING, f"/anak/{child}", "/hari-ini/berita-acara")
    before = [listed(aminah.get(page).text) for page in pages]
    aminah.post(f"/kunjungan-rumah/{child}", data=MET)
    [told] = said_last(aminah, f"/anak/{child}")
    visited = [listed(aminah.get(page).text) for page in pages]
    undone = take_back(aminah, f"/anak/{child}")
    said, after = aminah.get(undone).text, [listed(aminah.get(page).text) for page in pages]
    assert (told, "<h2>Fadil, home visit of 3 Aug</h2>" in said) == ("Fadil, home visit of 3 Aug", True)
    assert [one == other for one, other in zip(before, visited, strict=True)] == [False, False, True]
    assert after == before


def test_a_home_visit_is_typed_again_with_what_was_typed(aminah: FlaskClient, village: Village) -> None:
    child = register(village, "Fadil")
    aminah.post(f"/kunjungan-rumah/{child}", data=MET)
    undone = take_back(aminah, TODAY)
    again = aminah.post(f"{undone}/lagi").location
    page = aminah.get(again).text
    aminah.post(again, data=MET | {"met": "nobody_home"})
    told = aminah.post(f"{undone}/kembalikan", follow_redirects=True).text
    assert (again, "Telur" in page) == (f"/kunjungan-rumah/{child}", True)
    assert rows(village, "select met, retracted from home_visit order by met") == [
        {"met": "nobody_home", "retracted": 0},
        {"met": "yes", "retracted": 1},
    ]
    assert "Something else was saved in its place" in told


def test_a_corrected_home_visit_says_again_what_it_said(aminah: FlaskClient, village: Village) -> None:
    child = register(village, "Fadil")
    aminah.post(f"/kunjungan-rumah/{child}", data=MET)
    [visit] = rows(village, "select id from home_visit")
    url = f"/kunjungan-rumah/{visit['id']}/koreksi"
    aminah.post(url, data=MET | {"met": "refused", "correction_reason": "misheard"})
    corrected = rows(village, "select met from home_visit")
    told = said_last(aminah, TODAY)
    undone = take_back(aminah, TODAY)
    back = rows(village, "select met from home_visit")
    again = aminah.post(f"{undone}/lagi").location
    shown = aminah.post(f"{undone}/kembalikan").location
    assert (corrected, back, rows(village, "select met from home_visit")) == (
        [{"met": "refused"}],
        [{"met": "yes"}],
        [{"met": "refused"}],
    )
    assert (told, again, shown) == (["Fadil, home visit of 3 Aug corrected"], url, f"/anak/{child}")


def test_a_home_visit_that_somebody_else_changed_is_not_taken_back(
    aminah: FlaskClient, village: Village
) -> None:
    child = register(village, "Fadil")
    aminah.post(f"/kunjungan-rumah/{child}", data=MET)
    uid = offered(aminah.get(TODAY).text)
    with village.instance.store_for_job() as store:
        visit = store.value("select id from home_visit")
        records.save(store, village.pen(village.baiq), forms.BY_NAME["home_visit"], {"note": "sakit"}, visit)
    told = aminah.post("/batalkan", data={"edit": uid}, follow_redirects=True).text
    assert ("Nothing was taken back." in told, offered(aminah.get(TODAY).text)) == (True, "")
    assert rows(village, "select note, retracted from home_visit") == [{"note": "sakit", "retracted": 0}]


def test_the_word_of_a_referral_is_taken_back_and_the_child_is_waited_for_again(
    aminah: FlaskClient, village: Village
) -> None:
    child, visit = referred(village)
    before = [listed(aminah.get(page).text) for page in (REFERRALS, f"/anak/{child}")]
    aminah.post(f"/rujukan/{visit}/kembali", data=WENT)
    ended, told = aminah.get(REFERRALS).text, said_last(aminah, REFERRALS)
    undone = take_back(aminah, REFERRALS)
    after = [listed(aminah.get(page).text) for page in (REFERRALS, f"/anak/{child}")]
    again = aminah.post(f"{undone}/lagi").location
    page = aminah.get(again).text
    shown = aminah.post(f"{undone}/kembalikan").location
    assert ("Nobody is waited for." in ended, told) == (True, ["Fadil, word of the referral on 3 Aug"])
    assert (after, again, "PMT" in page) == (before, f"/rujukan/{visit}/kembali", True)
    assert (shown, rows(village, "select retracted from referral_return")) == (REFERRALS, [{"retracted": 0}])


@pytest.mark.parametrize(("meanwhile", "stands"), [("not_yet", 1), ("did_not_go", 0)])
def test_a_word_stands_again_only_where_no_other_ended_the_referral(
    aminah: FlaskClient, village: Village, meanwhile: str, stands: int
) -> None:
    _, visit = referred(village)
    aminah.post(f"/rujukan/{visit}/kembali", data=WENT)
    undone = take_back(aminah, TODAY)
    with village.instance.store_for_job() as store:
        later = {
            "came_to": meanwhile,
            "returned_date": "2026-08-02",
            "visit": visit,
            "posyandu": village.melati,
        }
        child = store.value("select person from balita")
        records.save(
            store, village.pen(village.baiq), forms.BY_NAME["referral_return"], {**later, "person": child}
        )
    aminah.post(f"{undone}/kembalikan")
    standing = "select count(*) as n from referral_return where came_to = 'went' and retracted = 0"
    assert rows(village, standing) == [{"n": stands}]


def test_a_weighing_is_taken_back_only_after_the_word_of_its_referral(
    aminah: FlaskClient, village: Village
) -> None:
    child = register(village, "Fadil")
    sent = {
        "visit_date": "3-8-2026",
        "weight_kg": "8,9",
        "referral": "puskesmas",
        "answer": "right",
        "asked": "",
    }
    visit = aminah.post(f"/kunjungan/balita/{child}", data=sent).location.split("/")[2]
    aminah.post(f"/rujukan/{visit}/kembali", data=WENT)
    steps = []
    for _ in range(2):
        steps.append(said_last(aminah, TODAY))
        aminah.post("/batalkan", data={"edit": offered(aminah.get(TODAY).text)})
    assert steps == [["Fadil, word of the referral on 3 Aug"], ["Fadil, visit of 3 Aug"]]
    assert rows(
        village,
        "select b.retracted + r.retracted as gone from balita b join referral_return r on r.visit = b.id",
    ) == [{"gone": 2}]


def test_a_home_visit_taken_back_leaves_the_sweeping_list_of_every_place(
    tmp_path: Path, database: str
) -> None:
    post = Neighbours.begin(tmp_path, database)
    first, second = post.laptop("first"), post.laptop("second")
    child = first.save(
        post.village.aminah, "person", posyandu=post.village.melati, name="Fadil", sex="m", birth_date="2025-05-10",
        registered_date="2025-06-02", status="active",
    )  # fmt: skip
    browser = first.browser(post.village.aminah)
    browser.post("/hari-ini/tanggal", data={"day": "2026-08-03"})
    browser.post(f"/kunjungan-rumah/{child}", data=MET)
    counted = [standing_everywhere(post, first, second)]
    undone = take_back(browser, f"/anak/{child}")
    counted.append(standing_everywhere(post, first, second))
    browser.post(f"{undone}/kembalikan")
    counted.append(standing_everywhere(post, first, second))
    assert counted == [[1] * 3, [0] * 3, [1] * 3]


def standing_everywhere(post: Neighbours, *laptops: Laptop) -> list[int]:
    """How many home visits stand at the province and at each laptop, after all have exchanged."""
    for laptop in laptops:
        laptop.exchange()
    counted = []
    for place in (post, *laptops):
        with place.store() as store:
            counted.append(int(store.value("select count(*) from home_visit where retracted = 0")))
    return counted


def test_every_form_that_may_be_taken_back_has_its_words_and_pages() -> None:
    assert undo.KINDS.keys() == taking_back.IN_ITS_PLACE.keys()
