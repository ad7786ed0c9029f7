"""A new laptop takes over from a lost one on its first page: copy, passphrase or papers, code, and what is lost."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from siposyandu import as_province, backups, config, founding
from siposyandu.instance import Instance
from sync.status import status
from tests import locked
from tests.conftest import NOW, PIN, Village, app_of, pages_of
from tests.locked import OTHER, PASSPHRASE, Locked
from tests.test_parcels import Road
from tests.test_web_damaged import register

PULIHKAN = "/laptop/pulihkan"


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    """A flash disk with a copy of Melati's lost laptop."""
    made = tmp_path / "KINGSTON"
    made.mkdir()
    return made


@pytest.fixture
def lost(tmp_path: Path, stick: Path) -> Locked:
    """Melati's laptop, lost after a copy and one more child."""
    made = locked.found(tmp_path / "melati")
    made.instance.config = replace(made.instance.config, flash_disks=str(stick))
    made.instance.unlock(PASSPHRASE)
    register(made.village, "Rinjani")
    backups.make_now(made.instance)
    register(made.village, "Tambora")
    made.instance.lock()
    return made


@pytest.fixture
def new(tmp_path: Path, stick: Path) -> Instance:
    """A new laptop that waits to be set up, the flash disk in it."""
    waiting = founding.waiting_laptop(tmp_path / "new", 8520, "http://127.0.0.1:9")
    settings = replace(waiting, flash_disks=str(stick))
    config.save(settings)
    return Instance(settings, clock=lambda: NOW)


def browser(instance: Instance) -> FlaskClient:
    return pages_of(instance).test_client()


def chosen(client: FlaskClient) -> str:
    (name,) = re.findall(r'name="copy" value="([^"]+)"', client.get(PULIHKAN).text)
    return str(name)


def test_the_first_page_leads_there(lost: Locked, new: Instance) -> None:
    client = browser(new)
    assert PULIHKAN in client.get("/", follow_redirects=True).text
    assert "Posyandu Melati" in client.get(PULIHKAN).text


def test_by_the_passphrase_everything_in_the_copy_is_back_in_a_new_lane(lost: Locked, new: Instance) -> None:
    client = browser(new)
    answer = client.post(PULIHKAN, data={"copy": chosen(client), "passphrase": PASSPHRASE})
    assert answer.location == "/laptop/pulih"
    with new.store_for_job() as store:
        there = [row["name"] for row in store.rows("select name from person")]
    lost.instance.unlock(PASSPHRASE)
    assert (there, new.is_open, new.lane != lost.instance.lane) == (["Rinjani"], True, True)
    assert b"SQLite format" not in new.config.database_path.read_bytes()[:16]
    assert "Catatan sudah kembali" in client.get("/laptop/pulih").text
    assert client.post(f"/masuk/{lost.village.aminah.id}", data={"pin": PIN}).location == "/"
    new.lock()
    again = Instance(config.load(new.config.folder), clock=lambda: NOW)
    again.unlock(PASSPHRASE)
    assert (again.lane, again.config.area) == (_lane(new), lost.village.melati)


def _lane(instance: Instance) -> str:
    instance.unlock(PASSPHRASE)
    return instance.lane


def test_by_both_papers_it_comes_back_too(lost: Locked, new: Instance) -> None:
    client = browser(new)
    first, second = (paper.text for paper in lost.papers)
    slip = client.post(PULIHKAN, data={"copy": chosen(client), "first": first[:-1] + "?", "second": second})
    assert slip.status_code == 400
    answer = client.post(PULIHKAN, data={"copy": chosen(client), "first": first, "second": second})
    assert (answer.location, new.is_open) == ("/laptop/pulih", True)


def test_a_wrong_passphrase_leaves_the_new_laptop_as_it_was(lost: Locked, new: Instance) -> None:
    client = browser(new)
    answers = [
        client.post(PULIHKAN, data={"copy": chosen(client), "passphrase": said}).status_code
        for said in (OTHER, "")
    ]
    assert answers == [400, 400]
    assert (new.door.is_new, new.config.database_path.exists()) == (True, False)


def test_with_the_code_it_joins_and_says_what_the_province_knew(
    lost: Locked, new: Instance, province: Village, monkeypatch: pytest.MonkeyPatch
) -> None:
    road = Road(app_of(province).test_client())
    for module in ("siposyandu.as_laptop", "siposyandu.uploads"):
        monkeypatch.setattr(f"{module}.HttpTransport", lambda address: road)
    with province.instance.store_for_job() as store:
        code = as_province.new_enrolment_code(province.instance, store, province.melati)
    client = browser(new)
    answer = client.post(PULIHKAN, data={"copy": chosen(client), "passphrase": PASSPHRASE, "code": code})
    assert answer.location == "/laptop/pulih"
    with new.store_for_job() as store:
        state = status(store)
    assert (state.enrolled, state.recorded - state.acknowledged) == (True, 0)
    with province.instance.store_for_job() as store:
        assert store.value("select count(*) from person where name = 'Rinjani'") == 1


def test_a_wrong_code_costs_nothing_but_another_try(lost: Locked, new: Instance) -> None:
    client = browser(new)
    answer = client.post(
        PULIHKAN, data={"copy": chosen(client), "passphrase": PASSPHRASE, "code": "7KQF-M3T9X-WPZ01"}
    )
    assert answer.location == "/laptop/pulih?kode=nanti"  # nobody answers at that address
    assert "Belum tersambung" in client.get(answer.location).text
    assert new.is_open


def test_a_laptop_on_which_something_was_written_is_not_taken_over(lost: Locked, new: Instance) -> None:
    new.begin_vault(OTHER)
    client = browser(new)
    assert client.get(PULIHKAN).location == "/"
    assert client.post(PULIHKAN, data={"copy": "x", "passphrase": PASSPHRASE}).location == "/"
