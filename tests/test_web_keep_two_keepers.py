"""Two keepers at once: what one has saved stays when the other saves a page that she opened before."""

import re

import pytest

from tests.conftest import KENANGA_DESA, MELATI_DESA, Village
from tests.test_web_keep import citra, eka, rows  # noqa: F401 - fixtures


def sent_by(page: str) -> dict[str, str]:
    """What the page would send if nothing were changed on it."""
    found = {}
    for tag in re.findall(r"<input[^>]*>", page):
        said = dict(re.findall(r'(\w+)="([^"]*)"', tag))
        if "name" in said and (said.get("type") not in ("radio", "checkbox") or "checked" in tag):
            found[said["name"]] = said.get("value", "")
    for name, options in re.findall(r'<select[^>]*name="(\w+)"[^>]*>(.*?)</select>', page, re.DOTALL):
        chosen = re.search(r'<option value="([^"]*)" selected', options)
        found[name] = chosen[1] if chosen else ""
    return found


def contradicted(page: str) -> list[str]:
    """What stands on the page of a contradiction: who wrote which field, and what."""
    return re.findall(r"<div><dt>(.*?)</dt><dd>(.*?)</dd></div>", page)


@pytest.fixture
def worker(province: Village) -> str:
    return f"/kelola/pekerja/{province.aminah.id}"


def test_who_no_longer_works_here_stays_so(province: Village, worker: str, citra, eka):  # noqa: F811
    hers, other = sent_by(citra.get(worker).text), sent_by(eka.get(worker).text)
    eka.post(worker, data={**other, "active": "no"})
    assert citra.post(worker, data={**hers, "name": "Aminah Lestari"}).status_code == 302
    assert rows(province, f"select name, active from worker where id = '{province.aminah.id}'") == [
        ("Aminah Lestari", 0)
    ]


def test_a_posyandu_keeps_what_another_wrote_about_it(province: Village, citra, eka):  # noqa: F811
    path = f"/kelola/posyandu/{province.melati}"
    hers, other = sent_by(citra.get(path).text), sent_by(eka.get(path).text)
    eka.post(path, data={**other, "dusun": "Dusun Baru"})
    citra.post(path, data={**hers, "name": "Melati Indah"})
    assert rows(province, f"select name, dusun from posyandu where id = '{province.melati}'") == [
        ("Melati Indah", "Dusun Baru")
    ]


def test_where_both_wrote_the_second_is_told_and_chooses(province: Village, worker: str, citra, eka):  # noqa: F811
    hers, other = sent_by(citra.get(worker).text), sent_by(eka.get(worker).text)
    eka.post(worker, data={**other, "name": "Aminah Sari", "active": "no"})
    told = citra.post(worker, data={**hers, "name": "Aminah Lestari"})
    stood = rows(province, f"select name, active from worker where id = '{province.aminah.id}'")
    saved = citra.post(worker, data=sent_by(told.text))
    assert (told.status_code, contradicted(told.text), stood, saved.status_code) == (
        409,
        [("Name · written by Eka", "Aminah Sari"), ("Name · written by me", "Aminah Lestari")],
        [("Aminah Sari", 0)],
        302,
    )
    assert rows(province, f"select name, active from worker where id = '{province.aminah.id}'") == [
        ("Aminah Lestari", 0)
    ]


def test_areas_that_contradict_are_told_by_name(province: Village, eka):  # noqa: F811
    path = f"/kelola/pekerja/{province.baiq.id}"
    page = sent_by(eka.get(path).text)
    eka.post(path, data={**page, "area": "5202022001"})
    told = eka.post(path, data={**page, "area": KENANGA_DESA})
    assert [said for _who, said in contradicted(told.text)] == ["Barejulat", "Tanjung Luar"]


def test_what_both_wrote_alike_is_no_contradiction(province: Village, worker: str, citra, eka):  # noqa: F811
    hers, other = sent_by(citra.get(worker).text), sent_by(eka.get(worker).text)
    for client, page in ((eka, other), (citra, hers)):
        assert client.post(worker, data={**page, "name": "Aminah Sari"}).status_code == 302


def test_what_is_wrong_is_shown_with_what_the_other_wrote(province: Village, worker: str, citra, eka):  # noqa: F811
    hers, other = sent_by(citra.get(worker).text), sent_by(eka.get(worker).text)
    eka.post(worker, data={**other, "active": "no"})
    wrong = sent_by(citra.post(worker, data={**hers, "name": ""}).text)
    assert (wrong["name"], wrong["active"], wrong["seen"]) == ("", "no", hers["seen"])
    assert citra.post(worker, data={**wrong, "name": "Aminah Lestari"}).status_code == 302


def test_an_area_that_no_longer_fits_the_role_is_not_saved(province: Village, worker: str, citra, eka):  # noqa: F811
    """Each alone would do: she makes her the bidan of a desa, the other the kader of another posyandu."""
    typed = {"code": "M2", "name": "Mawar", "desa_code": MELATI_DESA, "puskesmas": province.puskesmas}
    made = eka.post("/kelola/posyandu/baru", data={**typed, "active": "yes"}).headers["Location"]
    hers, other = sent_by(citra.get(worker).text), sent_by(eka.get(worker).text)
    eka.post(worker, data={**other, "role": "bidan_desa", "area": MELATI_DESA})
    assert citra.post(worker, data={**hers, "area": made.rsplit("/", 1)[1]}).status_code == 400


def test_a_page_that_does_not_say_what_it_knew_is_saved_whole(province: Village, worker: str, eka):  # noqa: F811
    page = sent_by(eka.get(worker).text)
    del page["seen"]
    assert eka.post(worker, data={**page, "name": "Aminah Lestari"}).status_code == 302
    assert rows(province, f"select name from worker where id = '{province.aminah.id}'") == [
        ("Aminah Lestari",)
    ]
