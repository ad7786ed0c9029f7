"""The page of copies: what a thief would take now, where the copies are, and whether one was ever proved."""

from dataclasses import replace
from pathlib import Path

from flask.testing import FlaskClient

from siposyandu import backups
from siposyandu.copies import locks
from siposyandu.instance import Instance
from siposyandu.jobs import copy_asked
from tests.conftest import Village, sign_in

PUBLIC, _ = locks.new_paper(bytes(32))
SALINAN = "/laptop/salinan"


def page(client: FlaskClient, village: Village) -> str:
    """The page as Aminah sees it, its words only."""
    return " ".join(sign_in(client, village.aminah).get(SALINAN).text.split())


def with_a_disk(village: Village, stick: Path) -> None:
    stick.mkdir()
    village.instance.config = replace(village.instance.config, copy_key=PUBLIC, flash_disks=str(stick))


def test_before_the_first_copy_everything_would_be_lost(client: FlaskClient, village: Village) -> None:
    with village.instance.store_for_job() as store:
        written = backups.at_risk(store)
    shown = page(client, village)
    assert written > 0
    assert f"<b>{written}</b>" in shown
    assert "Belum ada salinan." in shown


def test_after_a_copy_on_a_flash_disk_nothing_would_be_lost(
    client: FlaskClient, village: Village, tmp_path: Path
) -> None:
    with_a_disk(village, tmp_path / "KINGSTON")
    copy_asked(village.instance)
    shown = page(client, village)
    assert "<b>0</b>" in shown
    assert "flashdisk KINGSTON" in shown
    assert "semua aman" in shown


def test_the_button_asks_the_job_and_answers_at_once(client: FlaskClient, village: Village) -> None:
    asked: list[str] = []
    village.instance.ask_to_copy = lambda: asked.append("copy")
    answer = sign_in(client, village.aminah).post(SALINAN)
    assert (answer.status_code, answer.location, asked) == (302, SALINAN, ["copy"])


def test_a_copy_that_cannot_be_locked_is_told_of(client: FlaskClient, village: Village) -> None:
    copy_asked(village.instance)
    assert "belum bisa dikunci" in page(client, village)


def test_a_copy_that_is_not_good_is_warned_of(client: FlaskClient, village: Village, tmp_path: Path) -> None:
    with_a_disk(village, tmp_path / "KINGSTON")
    copy_asked(village.instance)
    spoil(village.instance)
    backups.prove_now(village.instance)
    assert "Salinan yang dicoba ternyata rusak" in page(client, village)


def spoil(instance: Instance) -> None:
    for shelf in backups.shelves_of(instance):
        for path in shelf.folder.glob("*.sipc"):
            path.write_bytes(path.read_bytes()[:-40])


def test_what_was_lost_with_the_old_laptop_stands_on_the_page(client: FlaskClient, village: Village) -> None:
    with village.instance.store_for_job() as store, store.write():
        store.run(
            """insert into restoration (copied_at, lane, copy_seq, clock_offset_s, asked_at, acknowledged, recorded, seen_at)
            values ('2026-08-01T01:00:00Z', 'x', 70, 0, '2026-08-03T00:00:00Z', 80, 83, '2026-08-02T01:00:00Z')"""
        )
    shown = page(client, village)
    assert "3 catatan dari laptop lama pasti hilang." in shown
    assert "sesudah 2 Agustus 09.00 mungkin hilang" in shown


def test_nobody_sees_it_without_signing_in(client: FlaskClient) -> None:
    assert client.get(SALINAN).location.startswith("/masuk")
    assert client.post(SALINAN).location.startswith("/masuk")


def test_the_province_is_no_laptop(province_client: FlaskClient, province: Village) -> None:
    eka = sign_in(province_client, province.eka)
    assert [eka.get(SALINAN).status_code, eka.post(SALINAN).status_code] == [404, 404]
