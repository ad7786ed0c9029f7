"""The disk is full just when a copy was put back at a place without a passphrase: its page stays, to try again."""

from dataclasses import replace
from pathlib import Path

import pytest

from siposyandu import backups, config
from siposyandu import instance as places
from siposyandu.errors import DiskFull
from siposyandu.instance import Instance
from siposyandu.migrations import migrate
from tests.conftest import NOW, Village
from tests.test_web_damaged import PAPER, PUBLIC, browser


def full(store: object) -> None:
    raise DiskFull("no room")


def test_a_place_without_a_passphrase_stays_at_its_page_when_the_disk_is_full(
    village: Village, monkeypatch: pytest.MonkeyPatch
) -> None:
    village.instance.config = settings = replace(village.instance.config, copy_key=PUBLIC, flash_disks="")
    config.save(settings)
    backups.make_now(village.instance)
    for ending in ("", "-wal", "-shm"):
        Path(f"{settings.database_path}{ending}").unlink(missing_ok=True)
    client = browser(Instance(settings, clock=lambda: NOW))
    copy = client.get("/rusak").text.split('name="copy" value="')[1].split('"')[0]
    monkeypatch.setattr(places, "migrate", full)
    refused = client.post("/rusak", data={"copy": copy, "paper": PAPER})
    monkeypatch.setattr(places, "migrate", migrate)
    led = client.get("/").location
    client.post("/rusak", data={"copy": copy, "paper": PAPER})
    opened = client.get("/", follow_redirects=True)
    assert (refused.status_code, led, opened.request.path, opened.status_code) == (
        400,
        "/rusak",
        "/masuk",
        200,
    )
