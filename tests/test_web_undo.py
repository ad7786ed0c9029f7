"""Taking the last save back: a visit, a registration, a correction; never over another's word, and the undo travels."""

import re
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

import forms
from siposyandu import records
from siposyandu.store import Store
from tests.children import register, weigh
from tests.conftest import Village, app_of, at_keyboard
from tests.neighbours import Neighbours

CARD = {
    "name": "Fadil", "sex": "m", "birth_date": "10-5-2025", "mother_name": "Saknah", "nik_missing_reason": "not_brought",
}  # fmt: skip


@pytest.fixture
def aminah(client: FlaskClient, village: Village) -> FlaskClient:
    return at_keyboard(client, village.aminah)


def save_visit(client: FlaskClient, child: str, weight_kg: str = "8,9") -> str:
    """Weigh a child by the page; returns the answer's address."""
    sent = {"visit_date": "3-8-2026", "weight_kg": weight_kg, "answer": "right", "asked": ""}
    answer = client.post(f"/kunjungan/balita/{child}", data=sent)
    assert answer.status_code == 302, answer.text
    return str(answer.location)


def offered(page: str) -> str:
    """The edit that a page offers to take back; "" when it offers none."""
    found = re.findall(r'action="/batalkan">.*?name="edit" value="(\w+)"', page, re.DOTALL)
    return str(found[0]) if found else ""


def take_back(client: FlaskClient, at: str = "/hari-ini") -> str:
    """Press the button; returns the address that says what was undone."""
    return str(client.post("/batalkan", data={"edit": offered(client.get(at).text)}).location)


def rows(village: Village, sql: str) -> list[dict[str, Any]]:
    with village.instance.store_for_job() as store:
        return store.rows(sql)


def letters(store: Store, posyandu: str) -> tuple[Any, ...]:
    """S and D of August."""
    sql = "select sum(s) as s, sum(d) as d from tally where posyandu = $1 and month = '2026-08'"
    return tuple((store.one(sql, posyandu) or {}).values())


def test_a_visit_is_taken_back_from_its_answer_typed_again_and_saved(
    aminah: FlaskClient, village: Village
) -> None:
    child = register(village, "Fadil")
    answer = save_visit(aminah, child, "8,9")
    undone = take_back(aminah, answer)
    said = aminah.get(undone).text
    again = aminah.post(f"{undone}/lagi").location
    scales = aminah.get(again).text
    save_visit(aminah, child, "9,8")

    assert "<h2>Fadil, visit of 3 Aug</h2>" in said
    assert (again, 'value="8,9"' in scales) == (f"/kunjungan/balita/{child}", True)
    assert rows(village, "select weight_g, retracted from balita order by weight_g") == [
        {"weight_g": 8900, "retracted": 1},
        {"weight_g": 9800, "retracted": 0},
    ]
    with village.instance.store_for_job() as store:
        assert letters(store, village.melati) == (1, 1)


def test_what_was_taken_back_can_stand_again(aminah: FlaskClient, village: Village) -> None:
    answer = save_visit(aminah, register(village, "Fadil"))
    undone = take_back(aminah)
    told = aminah.post(f"{undone}/kembalikan").location
    offers = offered(aminah.get(answer).text)
    assert (told, rows(village, "select retracted from balita"), bool(offers)) == (
        answer,
        [{"retracted": 0}],
        True,
    )


def test_it_does_not_stand_again_beside_what_was_saved_in_its_place(
    aminah: FlaskClient, village: Village
) -> None:
    child = register(village, "Fadil")
    save_visit(aminah, child, "8,9")
    undone = take_back(aminah)
    save_visit(aminah, child, "9,8")
    told = aminah.post(f"{undone}/kembalikan", follow_redirects=True).text
    standing = rows(village, "select weight_g from balita where retracted = 0")
    assert ("Something else was saved in its place" in told, standing) == (True, [{"weight_g": 9800}])


def test_a_correction_gives_the_old_values_back_and_the_history_tells_both(
    aminah: FlaskClient, village: Village
) -> None:
    child = register(village, "Fadil")
    visit = weigh(village, child, "2026-08-03", 8900)
    typed = {"visit_date": "3-8-2026", "weight_kg": "9,8", "correction_reason": "misread", "answer": "right"}
    aminah.post(f"/kunjungan/{visit}/koreksi", data=typed)
    corrected = rows(village, "select weight_g from balita")
    undone = take_back(aminah)
    with village.instance.store_for_job() as store:
        told = [
            (change.kind, change.column, change.value)
            for change in records.history(store, forms.BY_NAME["balita"], visit)
            if change.column in ("weight_g", "correction_reason")
        ]
    assert (corrected, rows(village, "select weight_g from balita")) == (
        [{"weight_g": 9800}],
        [{"weight_g": 8900}],
    )
    assert told == [
        ("create", "weight_g", 8900),
        ("set", "weight_g", 9800),
        ("set", "correction_reason", "misread"),
        ("set", "weight_g", 8900),
        ("set", "correction_reason", "The save was taken back"),
    ]
    aminah.post(f"{undone}/kembalikan")
    redone = rows(village, "select weight_g, correction_reason from balita")
    aminah.post(take_back(aminah) + "/lagi")
    page = aminah.get(f"/kunjungan/{visit}/koreksi").text
    assert redone == [{"weight_g": 9800, "correction_reason": "misread"}]
    assert (rows(village, "select weight_g from balita"), 'value="9,8"' in page) == (
        [{"weight_g": 8900}],
        True,
    )


def test_a_registration_is_taken_back_with_the_family_that_came_with_it(
    aminah: FlaskClient, village: Village
) -> None:
    aminah.post("/anak/baru", data={**CARD, "kk_number": "5202020101240003"})
    undone = take_back(aminah)
    both = "select retracted from person union all select retracted from family"
    gone = rows(village, both)
    said = aminah.get(undone).text
    card = aminah.get(aminah.post(f"{undone}/lagi").location).text
    aminah.post(f"{undone}/kembalikan")
    assert (gone, rows(village, both)) == ([{"retracted": 1}] * 2, [{"retracted": 0}] * 2)
    assert ("<h2>Fadil, registered</h2>" in said, 'value="Fadil"' in card) == (True, True)


def test_a_child_is_unregistered_only_after_her_weighing_was_taken_back(
    aminah: FlaskClient, village: Village
) -> None:
    place = aminah.post("/anak/baru", data=CARD).location
    save_visit(aminah, place.rsplit("/", 1)[1])
    steps = []
    for _ in range(3):
        steps.append(re.findall(r"Saved last: <b>(.*?)</b>", aminah.get("/hari-ini").text))
        aminah.post("/batalkan", data={"edit": offered(aminah.get("/hari-ini").text)})
    assert steps == [["Fadil, visit of 3 Aug"], ["Fadil, registered"], []]
    assert rows(village, "select retracted from person") == [{"retracted": 1}]


def test_what_another_person_changed_meanwhile_is_never_undone(aminah: FlaskClient, village: Village) -> None:
    answer = save_visit(aminah, register(village, "Fadil"))
    before = offered(aminah.get(answer).text)
    with village.instance.store_for_job() as store:
        visit = answer.split("/")[2]
        records.save(store, village.pen(village.baiq), forms.BY_NAME["balita"], {"muac_mm": 130}, visit)
    after = [offered(aminah.get(page).text) for page in (answer, "/hari-ini")]
    told = aminah.post("/batalkan", data={"edit": before}, follow_redirects=True).text
    assert (bool(before), after, "Nothing was taken back." in told) == (True, ["", ""], True)
    assert rows(village, "select retracted, muac_mm from balita") == [{"retracted": 0, "muac_mm": 130}]


def test_a_second_press_undoes_nothing_more(aminah: FlaskClient, village: Village) -> None:
    for name in ("Aisyah", "Fadil"):
        save_visit(aminah, register(village, name))
    uid = offered(aminah.get("/hari-ini").text)
    for _ in range(2):
        aminah.post("/batalkan", data={"edit": uid})
    assert rows(village, "select sum(retracted) as gone from balita") == [{"gone": 1}]


def test_only_her_own_save_of_this_sitting_is_offered(aminah: FlaskClient, village: Village) -> None:
    answer = save_visit(aminah, register(village, "Fadil"))
    baiq = at_keyboard(app_of(village).test_client(), village.baiq)
    hers = [offered(baiq.get(page).text) for page in (answer, "/hari-ini")]
    undone = take_back(aminah)
    strange = [baiq.get(undone).status_code, baiq.post(f"{undone}/kembalikan").status_code]
    assert (hers, strange) == (["", ""], [404, 404])


def test_the_undo_travels_to_the_province_and_the_other_laptop(tmp_path: Path, database: str) -> None:
    post = Neighbours.begin(tmp_path, database)
    village = post.village
    first, second = post.laptop("first"), post.laptop("second")
    child = first.save(
        village.aminah, "person", posyandu=village.melati, name="Fadil", sex="m", birth_date="2025-05-10",
        registered_date="2025-06-02", status="active",
    )  # fmt: skip
    browser = first.browser(village.aminah)
    browser.post("/hari-ini/tanggal", data={"day": "2026-08-03"})
    answer = save_visit(browser, child)
    for laptop in (first, second):
        laptop.exchange()
    before = counted(post, first, second)
    undone = take_back(browser, answer)
    for laptop in (first, second):
        laptop.exchange()
    after = counted(post, first, second)
    browser.post(f"{undone}/kembalikan")
    for laptop in (first, second):
        laptop.exchange()
    assert (before, after, counted(post, first, second)) == ([(1, 1)] * 3, [(1, 0)] * 3, [(1, 1)] * 3)


def counted(post: Neighbours, *laptops: Any) -> list[tuple[Any, ...]]:
    found = []
    for place in (post, *laptops):
        with place.store() as store:
            found.append(letters(store, post.village.melati))
    return found
