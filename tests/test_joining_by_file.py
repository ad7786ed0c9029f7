"""A laptop that never sees a network: it joins by file, its workers choose PINs, it gives away and hears back by stick."""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient

from siposyandu import as_province, cli, config
from siposyandu.config import Config
from siposyandu.instance import Instance
from sync.status import status
from tests.carrying import NOWHERE, District, Place, browser, district, download
from tests.conftest import NOW, PIN, sign_in


@pytest.fixture
def here(tmp_path: Path) -> Iterator[District]:
    with district(tmp_path) as made:
        yield made


@pytest.fixture
def new(here: District, tmp_path: Path) -> Place:
    """A new laptop for Melati, out of its box."""
    place = Config(tmp_path / "new", area="", upstream=NOWHERE)
    config.save(place)
    return Place(Instance(place, lambda: NOW), here.melati.stick)


def letter(here: District, office: Instance | None = None) -> tuple[str, str]:
    """The code and the mark of a letter for Melati."""
    office = office or here.province.instance
    with office.store_for_job() as store:
        return as_province.new_enrolment_code(office, store, here.village.melati), as_province.fingerprint(
            office
        )


def bring(client: FlaskClient, path: str, file: bytes, **typed: str) -> object:
    data = {**typed, "file": (BytesIO(file), "gabung.sipe")}
    return client.post(path, data=data, content_type="multipart/form-data")


def test_it_joins_gives_away_and_hears_back_without_any_network(here, new):
    code, mark = letter(here)
    laptop, office = browser(new), sign_in(browser(here.province), here.village.eka)
    assert "Bergabung lewat berkas" in laptop.get("/laptop/pasang").text
    request = laptop.post("/laptop/pasang/berkas/minta", data={"code": code}).data
    answer = bring(office, "/titipan/gabung", request).data
    joined = bring(laptop, "/laptop/pasang/berkas", answer, code=code, mark=mark)
    assert (joined.status_code, laptop.get("/laptop/pasang").headers["Location"]) == (302, "/masuk")

    aminah = here.village.aminah
    laptop.post(f"/masuk/{aminah.id}/pin", data={"code": code, "pin": PIN, "pin_again": PIN})
    new.child(aminah, here.village.melati, "Sahrul")
    here.pc.take(new.give())
    here.province.take(here.pc.give())
    here.pc.take(here.province.give())
    came = new.take(here.pc.give(answers=True))
    assert (here.province.names(), here.pc.names(), came.acknowledged) == (["Sahrul"], ["Sahrul"], 1)
    assert download(laptop, "/titipan/berkas")[1].startswith("titipan-posyandu-melati")


def test_the_commands_join_a_laptop_by_file(here, new, tmp_path):
    code, mark = letter(here, Instance(here.province.instance.config))  # commands go by this machine's clock
    request, answer = str(tmp_path / "gabung.sipe"), str(tmp_path / "jawaban.sipe")

    def run(place: Place, *words: str) -> None:
        folder = str(place.instance.config.folder)
        result = CliRunner().invoke(cli.commands, ["sync", "--folder", folder, *words])
        assert result.exit_code == 0, result.output

    run(new, "ask", request, "--code", code)
    run(here.province, "answer", request, answer)
    run(new, "join", answer, "--code", code, "--mark", mark)
    with new.instance.store_for_job() as store:
        assert (status(store).enrolled, config.load(tmp_path / "new").area) == (
            True,
            here.village.melati,
        )


def test_what_does_not_fit_is_said_at_its_field(here, new):
    code, mark = letter(here)
    laptop, office = browser(new), sign_in(browser(here.province), here.village.eka)
    request = laptop.post("/laptop/pasang/berkas/minta", data={"code": code}).data
    assert "Ini bukan berkas laptop yang bergabung." in bring(office, "/titipan/gabung", b"PK").text
    assert "Kodenya salah" in bring(office, "/titipan/gabung", wrongly_asked(laptop)).text
    answer = bring(office, "/titipan/gabung", request).data
    other_mark = "00000-00000-00000-00000"
    assert (
        "Tanda di surat tidak sama"
        in bring(laptop, "/laptop/pasang/berkas", answer, code=code, mark=other_mark).text
    )
    assert "Berkasnya tertukar" in bring(laptop, "/laptop/pasang/berkas", request, code=code, mark=mark).text
    assert "Tulis tanda di samping kotak" in bring(laptop, "/laptop/pasang/berkas", answer, code=code).text
    with new.instance.store_for_job() as store:
        assert not status(store).enrolled


def wrongly_asked(laptop: FlaskClient) -> bytes:
    data: bytes = laptop.post("/laptop/pasang/berkas/minta", data={"code": "0000-00000-00000"}).data
    return data


def test_a_kader_and_a_stranger_let_no_laptop_join(here):
    assert "/masuk" in browser(here.province).post("/titipan/gabung").headers["Location"]
    assert sign_in(browser(here.melati), here.village.aminah).post("/titipan/gabung").status_code == 404
