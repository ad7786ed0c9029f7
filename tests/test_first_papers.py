"""The first recovery papers: those that were shown open the laptop, however often the button was pressed."""

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
from werkzeug.test import TestResponse

from siposyandu import founding
from siposyandu.errors import Refused
from siposyandu.instance import Instance
from siposyandu.vault import papers
from tests.conftest import NOW, pages_of
from tests.locked import PASSPHRASE
from tests.window import words

TYPED = {"passphrase": PASSPHRASE, "passphrase_again": PASSPHRASE}
HAS_ONE = "This laptop has its passphrase already. Make new papers here if you do not have both of them."


@pytest.fixture
def new(tmp_path: Path) -> Iterator[Instance]:
    """A laptop that waits for its first passphrase."""
    waiting = founding.waiting_laptop(tmp_path / "new", 8520, "http://127.0.0.1:9")
    place = Instance(waiting, clock=lambda: NOW)
    yield place
    place.lock()


def opens_by(here: Instance, page: str) -> bool:
    """Whether the two papers on a page open the laptop."""
    texts = re.findall(r"(?:\b[0-9A-Z]{5}\b\s*){7}", re.sub(r"<[^>]+>", " ", page))
    first, second = (papers.read(text) for text in texts)
    return here.door.vault.open_with(first, second) is not None


def test_a_first_passphrase_is_given_once_and_its_papers_stay(new: Instance) -> None:
    shown = new.begin_vault(PASSPHRASE)
    with pytest.raises(Refused):
        new.begin_vault(PASSPHRASE)
    assert new.door.vault.open_with(*shown) is not None


def test_who_comes_between_the_opening_and_the_papers_makes_no_others(new: Instance) -> None:
    refused = []

    def begin_again() -> None:
        with pytest.raises(Refused) as fault:
            new.begin_vault(PASSPHRASE)
        refused.append(fault.value)

    new.on_turn(begin_again)
    shown = new.begin_vault(PASSPHRASE)
    assert (len(refused), new.door.vault.open_with(*shown) is not None) == (1, True)


def test_the_button_pressed_four_times_at_once_shows_one_pair_and_leads_the_others_to_new_ones(
    new: Instance,
) -> None:
    app, start = pages_of(new), Barrier(4)

    def press(_: int) -> TestResponse:
        hand = app.test_client()
        start.wait()
        return hand.post("/laptop/kata-sandi/pertama", data=TYPED)

    with ThreadPoolExecutor(4) as hands:
        answers = sorted(hands.map(press, range(4)), key=lambda answer: answer.status_code)
    assert [(answer.status_code, answer.location) for answer in answers] == [
        (200, None),
        *[(302, "/laptop/kertas")] * 3,
    ]
    assert opens_by(new, answers[0].text)


def test_who_presses_once_more_is_told_that_the_passphrase_was_taken(new: Instance) -> None:
    client = pages_of(new).test_client()
    client.post("/laptop/kata-sandi/pertama", data=TYPED)
    again = client.post("/laptop/kata-sandi/pertama", data=TYPED, follow_redirects=True)
    assert (again.request.path, words(HAS_ONE) in again.text) == ("/laptop/kertas", True)
