"""What the run book (deploy/README.md) tells a person to do works: its lists, a stolen laptop, a front with TLS."""

import re
from contextlib import ExitStack
from datetime import date
from pathlib import Path

import requests

from siposyandu import config, keeping
from siposyandu.imports.texts import csv_rows
from sync import devices
from tests.conftest import PASSWORD, Village
from tests.visitor import Visitor
from tests.window import at_work

RUN_BOOK = Path(config.__file__).parents[1] / "deploy" / "README.md"
EXAMPLE = re.compile(r"^```(\w+) ?(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)


def examples(language: str) -> dict[str, str]:
    """The run book's examples in a language: the word that stands beside the language -> what stands in it."""
    found = EXAMPLE.findall(RUN_BOOK.read_text("utf-8"))
    return {word: written for named, word, written in found if named == language}


def test_the_lists_can_be_brought_in_one_after_the_other(province: Village) -> None:
    taken = {}
    with province.instance.store_for_job() as store:
        for word, written in examples("csv").items():
            rows = [[str(cell) for cell in row] for row in csv_rows(written)]
            register = keeping.register(store, province.eka)
            checked = keeping.check_rows(register, keeping.BY_WORD[word], rows, date(2026, 8, 3))
            taken[word] = (keeping.take(store, province.pen(province.eka), checked), len(checked.refused))
    assert taken == {"puskesmas": (1, 0), "posyandu": (1, 0), "pekerja": (2, 0)}


def test_a_stolen_laptop_is_shut_out_and_a_front_is_believed(tmp_path: Path) -> None:
    with ExitStack() as running:
        there = at_work(tmp_path, running)
        eka = running.enter_context(Visitor(there.province.address))
        eka.submit(eka.open("/masuk"), "/masuk", {"username": "eka", "password": PASSWORD})
        page = f"/kelola/laptop/{there.laptop.instance.lane}"
        eka.submit(eka.open(page), f"{page}/cabut", {"reason": "dicuri"})
        with there.province.instance.store_for_job() as store:
            assert [device.revoked_at is not None for device in devices.everyone(store)] == [True]
        by_tls = requests.get(
            f"{there.province.address}/masuk", headers={"X-Forwarded-Proto": "https"}, timeout=10
        )
        assert by_tls.headers["Strict-Transport-Security"] == "max-age=31536000"
