"""While a place is encrypted no other program writes into the plain database: it would write for nothing."""

import pytest

from siposyandu import config, encryption
from siposyandu.encryption import DatabaseError
from siposyandu.instance import KEYS_FILE, Instance
from siposyandu.machine import Chance
from siposyandu.store import open_store
from siposyandu.vault import converting
from siposyandu.vault.safe import Secrets, Vault
from siposyandu.vault.shelf import SealedShelf
from sync.rings import KeyFile
from tests.conftest import NOW, Village
from tests.locked import PASSPHRASE
from tests.test_encrypting_a_place import plain

LATE = "insert into draft (worker, page, typed, saved_at) values ('c', 'late', '', '2026-08-03T01:00:00Z')"


def test_whoever_would_save_between_the_comparing_and_the_exchange_is_told_that_it_was_not_saved(
    village: Village, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(encryption, "BUSY_SECONDS", 0)
    folder = plain(village)
    config.save(village.instance.config)
    place, chance, said = config.load(folder), Chance().token_bytes, []

    def sealed(secrets: Secrets) -> SealedShelf:
        """Between the comparing and the exchange another program saves what was typed."""
        try:
            store = open_store(place.database_path, None)
            with store.write():
                store.run(LATE)
            store.close()
            said.append("saved")
        except DatabaseError as fault:
            said.append(str(fault))
        return SealedShelf(KeyFile(place.keys_folder / KEYS_FILE), secrets.key("ring"), chance)

    converting.convert(place, Vault(folder, chance), PASSPHRASE, sealed)
    after = Instance(config.load(folder), clock=lambda: NOW)
    after.unlock(PASSPHRASE)
    with after.store_for_job() as store:
        there = store.rows("select page from draft")
    after.lock()
    assert (said, there) == (["database is locked"], [])
