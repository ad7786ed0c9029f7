"""The road without a network through the real program: a flash disk goes round, and everything arrives and comes back."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient

from siposyandu import as_laptop, cli, titipan
from siposyandu.app import create_app
from siposyandu.errors import NotFound, NotKept
from siposyandu.instance import Instance
from sync import devices, vouching
from sync.status import status
from tests.carrying import District, Place, browser, district, download
from tests.conftest import NOW, sign_in


@pytest.fixture
def here(tmp_path: Path) -> Iterator[District]:
    with district(tmp_path) as made:
        yield made


def counts(place: Place) -> tuple[int, int, int]:
    """Recorded, entrusted, stored at the province."""
    with place.instance.store_for_job() as store:
        found = status(store)
        return found.recorded, found.entrusted, found.acknowledged


def test_a_child_goes_by_stick_to_the_pc_and_the_province_and_a_correction_comes_home(here):
    village = here.village
    child = here.melati.child(village.aminah, village.melati, "Sahrul")
    here.pc.take(here.melati.give())
    before = counts(here.melati)
    here.province.take(here.pc.give())
    here.province.save(village.eka, "person", {"mother_name": "Saknah Dewi"}, child)
    here.pc.take(here.province.give())
    came = here.melati.take(here.pc.give(answers=True))
    with here.melati.instance.store_for_job() as store:
        mother = store.value("select mother_name from person where id = $1", child)
    assert (before, counts(here.melati), came.acknowledged) == ((1, 1, 0), (1, 0, 1), 1)
    assert (here.province.names(), mother) == (["Sahrul"], "Saknah Dewi")


def test_the_supervisor_at_the_pc_sees_the_child_at_once_marked_until_the_province_has_it(here):
    child = here.melati.child(here.village.aminah, here.village.melati, "Sahrul")
    here.pc.take(here.melati.give())
    at_once = here.pc.names()
    here.province.take(here.pc.give())
    here.pc.take(here.province.give())
    here.melati.take(here.pc.give(answers=True))
    other = here.melati.child(here.village.aminah, here.village.melati, "Rahma")
    here.pc.take(here.melati.give())
    with here.pc.instance.store_for_job() as store:
        assert (at_once, vouching.early(store, [child, other])) == (["Sahrul"], {other})
    assert here.pc.names() == ["Rahma", "Sahrul"]


def test_a_laptop_that_was_shut_out_learns_it_by_stick_and_the_pc_refuses_it(here):
    here.melati.child(here.village.aminah, here.village.melati, "Sahrul")
    stick = here.melati.give()
    with here.province.instance.store_for_job() as store:
        devices.revoke(store, here.melati.instance.lane, "2026-08-03T00:00:00Z")
    assert [remark.refused for remark in here.province.take(stick).remarks] == ["revoked"]
    answer = here.province.give()
    assert "revoked" in [remark.refused for remark in here.melati.take(answer).remarks]
    here.pc.take(answer)
    assert [remark.refused for remark in here.pc.take(stick).remarks] == ["revoked"]
    assert (here.province.names(), counts(here.melati)) == ([], (1, 1, 0))


def test_no_answer_waits_at_a_province_that_nobody_sent_a_file(here):
    with pytest.raises(NotFound):
        here.province.give()


def test_a_stick_pulled_out_too_early_leaves_the_file_that_was_there(tmp_path, monkeypatch):
    path = tmp_path / "titipan.sipb"
    titipan.write(path, b"the first one")
    monkeypatch.setattr("os.fsync", lambda _: (_ for _ in ()).throw(OSError(5, "Input/output error")))
    with pytest.raises(NotKept):
        titipan.write(path, b"the second one")
    assert (path.read_bytes(), [each.name for each in tmp_path.iterdir()]) == (b"the first one", [path.name])


def test_the_commands_carry_a_child_there_and_back(here, tmp_path):
    def run(place: Place, *words: str) -> str:
        folder = str(place.instance.config.folder)
        result = CliRunner().invoke(cli.commands, ["sync", words[0], "--folder", folder, *words[1:]])
        assert result.exit_code == 0, result.output
        return result.output

    here.melati.child(here.village.aminah, here.village.melati, "Sahrul")
    run(here.melati, "export", str(here.melati.stick))
    assert "1 taken" in run(here.province, "import", str(here.melati.stick))
    run(here.province, "export", str(tmp_path / "balasan.sipb"))
    assert "1 acknowledged" in run(here.melati, "import", str(tmp_path / "balasan.sipb"))


def test_the_command_says_what_was_wrong_with_a_file_and_still_takes_the_good_one(here, tmp_path):
    here.melati.child(here.village.aminah, here.village.melati, "Sahrul")
    picture, good = tmp_path / "foto.jpg", here.melati.give()
    picture.write_bytes(b"\xff\xd8\xff a picture")
    folder = str(here.province.instance.config.folder)
    result = CliRunner().invoke(cli.commands, ["sync", "--folder", folder, "import", str(picture), str(good)])
    assert (result.exit_code, here.province.names()) == (1, ["Sahrul"])
    assert "not_a_bundle: Ini bukan berkas SIPosyandu." in result.output


def at_pages(here: District) -> tuple[FlaskClient, FlaskClient, FlaskClient]:
    """Aminah at her laptop, Citra at the puskesmas PC, Eka at the province."""
    return (
        sign_in(browser(here.melati), here.village.aminah),
        sign_in(browser(here.pc), here.village.citra),
        sign_in(browser(here.province), here.village.eka),
    )


def upload(client: FlaskClient, *files: tuple[bytes, str]) -> str:
    from io import BytesIO

    given = [(BytesIO(data), name) for data, name in files]
    answer = client.post("/titipan/terima", data={"files": given}, content_type="multipart/form-data")
    assert answer.status_code == 200, answer.status
    return answer.text


def test_the_buttons_carry_a_child_there_and_back(here):
    laptop, pc, province = at_pages(here)
    here.melati.child(here.village.aminah, here.village.melati, "Sahrul")
    stick = download(laptop, "/titipan/berkas")
    assert stick[1].startswith("titipan-posyandu-melati")
    assert "1 sudah dititipkan" in laptop.get("/laptop").text
    upload(pc, stick)
    assert "menunggu diteruskan" in pc.get("/laptop").text
    upload(province, download(pc, "/titipan/berkas"))
    upload(pc, download(province, "/titipan/berkas"))
    page = upload(laptop, download(pc, "/titipan/balasan"))
    assert "1 catatan kini tersimpan di provinsi" in page
    assert counts(here.melati) == (1, 0, 1)


@pytest.mark.parametrize(
    ("what", "words"),
    [
        (b"\xff\xd8\xff", "Ini bukan berkas SIPosyandu. Pilih berkas yang namanya berakhiran .sipb."),
        (b"", "Ini bukan berkas SIPosyandu. Pilih berkas yang namanya berakhiran .sipb."),
        (
            b"SIPB\x01\x01",
            "Berkas tidak utuh: flashdisk terlalu cepat dicabut, atau pengiriman terputus. Minta lagi.",
        ),
        (b"SIPB\x09\x01" + bytes(66), "Berkas ini dari SIPosyandu yang lebih baru."),
    ],
)
def test_a_file_picked_by_mistake_gets_a_sentence(here, what, words):
    _, _, province = at_pages(here)
    assert words in upload(province, (what, "foto.jpg"))


def test_a_laptop_says_that_its_own_file_goes_to_the_province(here):
    laptop, _, _ = at_pages(here)
    page = upload(laptop, download(laptop, "/titipan/berkas"))
    assert "Berkas ini titipan untuk provinsi. Di sini hanya balasan yang bisa diterima." in page


def test_no_file_chosen_is_said_on_the_page(here):
    laptop, _, _ = at_pages(here)
    answer = laptop.post("/titipan/terima", data={}, follow_redirects=True)
    assert "Pilih berkas dulu." in answer.text or "Pilih berkas" in answer.text


def test_a_kader_elsewhere_and_a_stranger_carry_nothing_at_the_province(here):
    stranger = browser(here.province)
    assert stranger.post("/titipan/berkas").status_code == 302
    assert "/masuk" in stranger.post("/titipan/berkas").headers["Location"]
    assert stranger.post("/titipan/terima").status_code == 302


def test_the_address_of_the_pc_is_typed_once_and_kept(here):
    laptop, pc, _ = at_pages(here)
    laptop.post("/titipan/alamat", data={"relay": " 192.168.1.2:8520/ "})
    assert (
        here.melati.instance.config.relay == here.melati.instance.config.copy_to == "http://192.168.1.2:8520"
    )
    assert pc.post("/titipan/alamat", data={"relay": "x"}).status_code == 404


def test_a_laptop_on_the_hotspot_hands_over_by_itself_when_the_province_cannot_be_reached(here, tmp_path):
    from tests.sync_http import listening

    here.melati.child(here.village.aminah, here.village.melati, "Sahrul")
    instance: Instance = here.melati.instance
    with listening(create_app(here.pc.instance)) as port:
        titipan.relay_at(instance, f"http://127.0.0.1:{port}")
        assert not as_laptop.exchange_when_due(instance, asked=True)
        titipan.carry(instance)
    assert counts(here.melati) == (1, 1, 0)
    with instance.store_for_job() as store:
        assert status(store).entrusted_to == f"127.0.0.1:{port}"


def test_the_door_for_bundles_is_shut_on_a_laptop(here):
    assert browser(here.melati).post("/v1/titipan", data=b"SIPB").status_code == 404


def test_the_province_answers_bundles_over_a_wire_with_receipts(here):
    here.melati.child(here.village.aminah, here.village.melati, "Sahrul")
    answer = browser(here.province).post("/v1/titipan", data=here.melati.give().read_bytes())
    with here.melati.instance.store_for_job() as store:
        titipan.incoming(here.melati.instance, store, answer.data)
    assert (answer.status_code, counts(here.melati)) == (200, (1, 0, 1))
    assert NOW


def test_a_month_of_a_hundred_children_is_a_small_file(here):
    aminah, melati = here.village.aminah, here.village.melati
    children = [here.melati.child(aminah, melati, f"Anak {number}") for number in range(100)]
    here.melati.take((here.province.take(here.melati.give()), here.province.give())[1])
    for number, child in enumerate(children):
        here.melati.save(aminah, "balita", visit(child, melati, number))
    assert here.melati.give().stat().st_size <= 30_000
    assert counts(here.melati) == (200, 100, 100)


def visit(child: str, posyandu: str, number: int) -> dict[str, str | int]:
    """One visit with all that is measured: six values beside who, where and when."""
    return {
        "person": child, "posyandu": posyandu, "visit_date": "2026-08-03", "weight_g": 7000 + number * 37 % 3000,
        "length_height_mm": 650 + number * 13 % 200, "muac_mm": 130 + number % 30, "measured": "lying",
        "head_circumference_mm": 420 + number % 40, "vitamin_a": 1,
    }  # fmt: skip


def test_the_childs_page_at_the_pc_says_that_the_province_has_not_stored_it(here):
    _, pc, _ = at_pages(here)
    child = here.melati.child(here.village.aminah, here.village.melati, "Sahrul")
    here.pc.take(here.melati.give())
    words = "belum semuanya tersimpan di provinsi"
    before = pc.get(f"/anak/{child}").text
    here.province.take(here.pc.give())
    here.pc.take(here.province.give())
    assert (words in before, words in pc.get(f"/anak/{child}").text) == (True, False)


def test_a_pc_with_internet_learns_each_day_who_is_no_longer_believed(here):
    from tests.sync_http import listening

    with here.province.instance.store_for_job() as store:
        devices.revoke(store, here.melati.instance.lane, "2026-08-03T00:00:00Z")
    with listening(create_app(here.province.instance)) as port:
        pc = here.pc.instance
        pc.config = replace(pc.config, upstream=f"http://127.0.0.1:{port}")
        titipan.carry(pc)
    assert [remark.refused for remark in here.pc.take(here.melati.give()).remarks] == ["revoked"]


def test_the_province_answers_for_whom_a_keeper_keeps(here):
    here.melati.child(here.village.aminah, here.village.melati, "Sahrul")
    here.province.take(here.melati.give())
    citra = sign_in(browser(here.province), here.village.citra)
    assert download(citra, "/titipan/berkas")[0].startswith(b"SIPB")
    with here.province.instance.store_for_job() as store, pytest.raises(NotFound):
        titipan.outgoing(here.province.instance, store, lambda area: area == here.village.kenanga)
