"""A place is encrypted only with everything: no database that was set aside or half restored stays plain beside it."""

import shutil

import pytest

from siposyandu import config, founding
from siposyandu.errors import Refused
from tests.conftest import Village
from tests.locked import NAME, PASSPHRASE, everything_in
from tests.test_encrypting_a_place import plain


def test_a_database_that_was_set_aside_is_named_and_nothing_is_changed(village: Village) -> None:
    folder = plain(village)
    config.save(village.instance.config)
    (folder / "damaged-1").mkdir()
    aside = shutil.copy(folder / "siposyandu.db", folder / "damaged-1")
    with pytest.raises(Refused) as refused:
        founding.encrypt(folder, PASSPHRASE)
    assert (str(aside) in str(refused.value), (folder / "vault.json").exists()) == (True, False)
    shutil.rmtree(folder / "damaged-1")
    founding.encrypt(folder, PASSPHRASE)
    assert NAME.encode() not in everything_in(folder)


@pytest.mark.parametrize("name", ["proof.db", "restored.db"])
def test_what_a_proof_or_a_restore_left_when_it_was_cut_is_wiped(village: Village, name: str) -> None:
    folder = plain(village)
    config.save(village.instance.config)
    with village.instance.store_for_job() as store:
        store.bring_in()  # type: ignore[attr-defined]  # a file
    shutil.copy(folder / "siposyandu.db", folder / name)
    assert NAME.encode() in (folder / name).read_bytes()
    founding.encrypt(folder, PASSPHRASE)
    assert NAME.encode() not in everything_in(folder)
