"""A phone that waits with what was typed: the laptop lets it save, or stay on its page until it may, whatever its date is now."""

import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from werkzeug.test import TestResponse

from siposyandu import phones, stations
from siposyandu.instance import Instance
from siposyandu.periods import local_date
from tests import locked
from tests.conftest import NOW, Village, pages_of, sign_in
from tests.test_web_hotspot import joined, phone
from tests.test_web_stations import TODAY, child, url, visits

SCALES = stations.WEIGH
EMPTY_BATTERY, TOMORROW = datetime(2010, 1, 1, tzinfo=UTC), NOW + timedelta(days=1)
PATIENT = {"X-Patient": "1"}
CODE, NAMES = "/gabung?next=/masuk", "/masuk"


class Laptop:
    """Melati's laptop with a clock that can be set, and a phone on which a child's page at the scales stands open."""

    def __init__(self, village: Village, clock: datetime = NOW) -> None:
        self.village, self.clock, self.steady_s = village, clock, 0.0
        self.child = child(village, "Siti Nurhaliza")
        self.phone = phone(pages_of(village.instance))
        self.switch_on()
        self.join(TODAY)
        sign_in(self.phone, village.aminah)
        self.phone.get("/langkah")
        self.phone.post("/langkah", data={"langkah": [SCALES]})

    def switch_on(self) -> None:
        """Start the program; phones keep what they have on their screens."""
        config = self.village.instance.config
        self.place = Instance(config, clock=lambda: self.clock, steady=lambda: self.steady_s)
        self.app = self.phone.application = pages_of(self.place)

    def join(self, today: date) -> None:
        """Open the door, by the laptop's date, and type the code that stands on its screen."""
        with self.place.store_for_job() as store:
            phones.open_door(store, "192.168.137.1", today, TODAY)
            door = phones.opened(store, today)
        assert door is not None
        self.phone.get(f"/gabung?kode={door.code}")

    def pass_hours(self, hours: float) -> None:
        """Let time pass."""
        self.steady_s += hours * 3600
        self.clock += timedelta(hours=hours)

    def save(self) -> TestResponse:
        """Send what was typed, as the script of the page does again and again."""
        address = url(SCALES, self.child)
        typed = {"weight_kg": "8,4", "saw": "0", "draft": f"{address}/{TODAY}"}
        return self.phone.post(address, data=typed, headers=PATIENT)

    @property
    def weights(self) -> list[int]:
        """What is saved of her."""
        return [visit["weight_g"] for visit in visits(self.village, self.child)]


@pytest.fixture
def laptop(village: Village) -> Laptop:
    return Laptop(village)


def waits(answer: TestResponse, way: str) -> bool:
    """Whether the script is told to stay on its page, and is shown this way out in another tab."""
    links = re.findall(r'href="([^"]+)" target="_blank"', answer.text)
    return (answer.headers.get("X-Stay"), answer.location, links) == ("1", None, [way])


@pytest.mark.parametrize("clock", [EMPTY_BATTERY, TOMORROW, NOW + timedelta(days=16 * 365)])
def test_a_phone_is_no_stranger_after_the_clock_was_set(laptop: Laptop, clock: datetime) -> None:
    laptop.clock = clock
    door = (
        laptop.save().location
    )  # by the new clock she was away for hours: it is kept, and she is asked for her PIN
    sign_in(laptop.phone, laptop.village.aminah)
    page = laptop.phone.get(url(SCALES, laptop.child)).text
    assert (door, 'value="8,4"' in page) == (f"/masuk?next={url(SCALES, laptop.child)}", True)


def test_a_phone_goes_on_saving_when_the_clock_was_set_over_midnight(village: Village) -> None:
    laptop = Laptop(village, datetime(2026, 8, 3, 12, tzinfo=UTC))
    laptop.clock += timedelta(hours=6)  # two in the night
    went_on = laptop.save().headers.get("X-Go-To")
    assert (went_on, laptop.weights) == (f"/langkah/{SCALES}?selesai={laptop.child}", [8400])


@pytest.mark.parametrize("clock", [EMPTY_BATTERY, TOMORROW])
def test_what_waits_for_a_laptop_that_comes_back_with_another_date_is_saved_once_the_phone_is_in_again(
    laptop: Laptop, clock: datetime
) -> None:
    laptop.clock = clock
    laptop.switch_on()
    stranger = waits(laptop.save(), CODE)
    laptop.join(local_date(clock))
    nobody = waits(laptop.save(), NAMES)
    before = laptop.weights
    sign_in(laptop.phone, laptop.village.aminah)
    laptop.save()
    assert (stranger, nobody, before, laptop.weights) == (True, True, [], [8400])


def test_what_was_typed_before_she_signed_in_anew_stands_on_the_page_to_which_the_script_is_led(
    laptop: Laptop,
) -> None:
    laptop.clock = TOMORROW
    laptop.switch_on()
    laptop.join(local_date(TOMORROW))
    laptop.app.config["WTF_CSRF_ENABLED"] = True
    nobody = waits(laptop.save(), NAMES)
    laptop.app.config["WTF_CSRF_ENABLED"] = False
    sign_in(laptop.phone, laptop.village.aminah)
    laptop.app.config["WTF_CSRF_ENABLED"] = True
    led = laptop.save().headers.get("X-Go-To")
    page = laptop.phone.get(url(SCALES, laptop.child)).text
    assert (nobody, led, 'value="8,4"' in page) == (True, url(SCALES, laptop.child), True)


def test_a_phone_that_was_shut_out_saves_and_keeps_nothing(laptop: Laptop) -> None:
    with laptop.place.store_for_job() as store:
        phones.shut_out(store, phones.joined(store)[0]["phone_no"])
    shut = waits(laptop.save(), CODE)
    with laptop.place.store_for_job() as store:
        drafts = store.rows("select page from draft")
    assert (shut, laptop.weights, drafts) == (True, [], [])


def test_a_script_that_waits_opens_no_page_without_the_code(laptop: Laptop) -> None:
    stranger, opened = phone(laptop.app, "192.168.137.66"), {}
    open_to_all = {"/gabung", "/static/<path:filename>", "/bahasa/<code>"}
    for rule in laptop.app.url_map.iter_rules():
        path = re.sub(r"<[^>]+>", laptop.child, rule.rule.replace("<int:number>", "1"))
        for method in (rule.methods or set()) & {"GET", "POST"}:
            answer = stranger.open(path, method=method, headers=PATIENT)
            if rule.rule not in open_to_all and answer.status_code != 404 and not waits(answer, CODE):
                opened[f"{method} {rule.rule}"] = answer.status_code
    assert opened == {}


def test_the_door_of_yesterday_is_shut_and_a_clock_set_back_does_not_open_it(laptop: Laptop) -> None:
    laptop.pass_hours(8)
    in_the_evening = laptop.phone.get("/masuk").status_code
    laptop.pass_hours(8)
    in_the_night = waits(laptop.save(), CODE)
    laptop.clock = NOW
    assert (in_the_evening, in_the_night, waits(laptop.save(), CODE)) == (200, True, True)


def test_a_laptop_that_is_closed_leads_a_script_that_waits_to_the_page_that_says_so(tmp_path: Path) -> None:
    locked_laptop = locked.found(tmp_path / "melati")
    locked_laptop.instance.unlock(locked.PASSPHRASE)
    app = pages_of(locked_laptop.instance)
    visitor = joined(app, locked_laptop.village)
    locked_laptop.instance.lock()
    answers = [visitor.get(path, headers=PATIENT) for path in ("/langkah", "/buka")]
    assert [(each.location, each.status_code) for each in answers] == [("/buka", 303), (None, 200)]
