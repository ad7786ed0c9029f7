"""PINs and passwords: kept as hashes here, never in the log, slow to guess."""

from collections import Counter
from datetime import timedelta
from threading import Barrier

import pytest
from nacl import pwhash

from siposyandu import credentials
from siposyandu.errors import BadInput, NotAllowed
from tests.conftest import NOW, PIN, Village
from tests.threads import in_threads


def test_the_right_pin_opens_and_a_wrong_one_does_not(village: Village) -> None:
    with village.instance.store_for_job() as store:
        opened = [credentials.check(store, village.aminah.id, pin, "here", NOW) for pin in (PIN, "000001")]
    assert opened == [True, False]


def test_after_five_wrong_tries_even_the_right_pin_has_to_wait(village: Village) -> None:
    with village.instance.store_for_job() as store:
        for _ in range(credentials.TRIES):
            credentials.check(store, village.aminah.id, "000001", "here", NOW)
        with pytest.raises(NotAllowed):
            credentials.check(store, village.aminah.id, PIN, "here", NOW)
        later = NOW + credentials.WAIT + timedelta(seconds=1)
        assert credentials.check(store, village.aminah.id, PIN, "here", later)


def test_tries_made_at_once_are_not_more_than_those_made_one_after_another(village: Village) -> None:
    looked = Barrier(3 * credentials.TRIES)

    def guess() -> str:
        with village.instance.store_for_job() as store:
            try:
                return str(credentials.slowed(store, ["worker a"], lambda: looked.wait() < 0, NOW))
            except NotAllowed:
                return "wait"

    said = in_threads([guess] * looked.parties)
    assert Counter(said) == {"False": credentials.TRIES, "wait": 2 * credentials.TRIES}


def test_a_right_guess_among_too_many_made_at_once_is_not_told(village: Village) -> None:
    with village.instance.store_for_job() as store:

        def after_five_others() -> bool:
            for _ in range(credentials.TRIES):
                credentials.slowed(store, ["worker a"], lambda: False, NOW)
            return True

        with pytest.raises(NotAllowed):
            credentials.slowed(store, ["worker a"], after_five_others, NOW)


def test_one_kader_who_forgot_does_not_lock_out_her_neighbour(village: Village) -> None:
    with village.instance.store_for_job() as store:
        for _ in range(credentials.TRIES):
            credentials.check(store, village.aminah.id, "000001", "here", NOW)
        assert credentials.check(store, village.baiq.id, PIN, "here", NOW)


def test_a_pin_kept_at_an_older_cost_opens_and_is_kept_anew_at_todays(village: Village) -> None:
    aminah = village.aminah.id
    older = pwhash.argon2id.str(PIN.encode(), 2, 19 * 1024 * 1024).decode()
    with village.instance.store_for_job() as store:
        with store.write():
            store.run("update credential set secret_hash = $2 where worker = $1", aminah, older)
        tried = [credentials.check(store, aminah, pin, "here", NOW) for pin in ("000001", PIN, PIN)]
        kept = store.value("select secret_hash from credential where worker = $1", aminah)
    assert (tried, kept.startswith("$argon2id$v=19$m=8192,t=12,p=1$")) == ([False, True, True], True)


@pytest.mark.parametrize("pin", ["12345", "1234567", "abcdef", "111111", "123456", "٢٧٤٩١٥"])
def test_a_pin_that_is_no_pin_or_too_easy_is_refused(village: Village, pin: str) -> None:
    with village.instance.store_for_job() as store, pytest.raises(BadInput):
        credentials.set_pin(store, village.aminah.id, pin, NOW)


def test_no_secret_ever_enters_the_log(village: Village) -> None:
    with village.instance.store_for_job() as store:
        log = " ".join(row["body"] for row in store.rows("select body from edits"))
        hashes = [row["secret_hash"] for row in store.rows("select secret_hash from credential")]
    assert (PIN in log, any(kept in log for kept in hashes), all("argon2id" in kept for kept in hashes)) == (
        False, False, True,
    )  # fmt: skip


def test_a_stranger_takes_as_long_as_a_wrong_password_and_is_refused(village: Village) -> None:
    with village.instance.store_for_job() as store:
        assert credentials.check(store, "nobody", PIN, "here", NOW) is False
