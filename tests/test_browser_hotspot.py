"""Five phones on the laptop's hotspot: by hand, without script, and all at once while a phone and the laptop die."""

import asyncio
import statistics
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import async_playwright
from playwright.sync_api import Browser, expect

from deploy import chromium
from siposyandu import records, stations
from siposyandu.periods import local_date
from tests.conftest import PIN
from tests.hotspot_morning import KADER, Morning, come_in, five_kader, phone, unreachable
from tests.hotspot_phones import HELD, Ledger, Phone
from tests.trials import WHOLE, report
from tests.window import PHONE, Window, sign_in, words

pytestmark = pytest.mark.browser
pytest_plugins = ("tests.browser",)

CHILDREN = 60 if WHOLE else 10
BREAK_OFF_ONCE = """() => {
  const whole = window.fetch;
  window.fetch = async () => {
    window.fetch = whole;
    const broken = new Response(new ReadableStream({ start: (body) => body.error(new TypeError("broken off")) }));
    Object.defineProperty(broken, "url", { value: location.href });
    document.documentElement.dataset.brokenOff = "true";
    return broken;
  };
}"""
"""The next answer comes with its head and ends within its body, as when the power goes there."""
TWO_FRAMES = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
LONGEST_S = 1500 if WHOLE else 600


@pytest.fixture
def morning(tmp_path: Path) -> Iterator[Morning]:
    """Ten children, five kader, and a laptop with a hotspot."""
    with ExitStack() as running:
        yield five_kader(tmp_path, running, 10)


def visits(morning: Morning) -> dict[str, list[dict[str, Any]]]:
    """Every child's visits as they lie in the database, by the child's name."""
    with morning.laptop.instance.store_for_job() as store:
        return {
            name: store.rows("select * from balita where person = $1 and retracted = 0", person)
            for name, person in morning.children.items()
        }


def one_has_come(morning: Morning, one: Window, two: Window) -> None:
    """Let a phone register Anak 04, and another wait for her at the scales."""
    come_in(one, morning.code, KADER[0], stations.REGISTER)
    come_in(two, morning.code, KADER[1], stations.WEIGH)
    one.page.get_by_role("button", name="Anak 04").click()


def test_what_is_saved_while_the_laptop_is_off_waits_on_the_screen_and_arrives_by_itself(
    browser: Browser, morning: Morning
) -> None:
    window = phone(browser, morning)
    come_in(window, morning.code, KADER[0], stations.WEIGH)
    page = window.page
    page.goto(f"/langkah/{stations.WEIGH}/{morning.children['Anak 03']}")
    morning.laptop.kill()
    page.fill("#weight_kg", "8,4")
    page.locator(".save-bar button").click()
    expect(page.locator("[data-unreachable]")).to_be_visible()
    seen = (unreachable(window), page.input_value("#weight_kg"), window.faults())
    morning.laptop.start()
    page.wait_for_selector(".sent-on")
    window.close()
    assert (seen, [visit["weight_g"] for visit in visits(morning)["Anak 03"]]) == ((True, "8,4", []), [8400])


def test_a_phone_that_dies_loses_nothing_but_its_last_half_second(browser: Browser, morning: Morning) -> None:
    with phone(browser, morning) as dying:
        come_in(dying, morning.code, KADER[0], stations.WEIGH)
        dying.page.goto(f"/langkah/{stations.WEIGH}/{morning.children['Anak 03']}")
        with dying.page.expect_response(lambda answer: "/draf" in answer.url):
            dying.page.fill("#weight_kg", "8,4")
    with phone(browser, morning) as other:
        come_in(other, morning.code, KADER[0])
        other.page.get_by_role("link", name="Anak 03").click()
        expect(other.page.locator("#weight_kg")).to_have_value("8,4")


def test_the_queue_is_the_same_on_every_phone_without_anybody_touching_it(
    browser: Browser, morning: Morning
) -> None:
    with phone(browser, morning) as one, phone(browser, morning) as two:
        one_has_come(morning, one, two)
        expect(two.page.locator("#call-next")).to_contain_text("1 · Anak 04")
        two.page.locator("#call-next").click()
        two.page.wait_for_selector("#weight_kg")
        assert (one.faults(), two.faults()) == ([], [])


def test_a_queue_of_which_an_answer_broke_off_lives_on(browser: Browser, morning: Morning) -> None:
    with phone(browser, morning) as one, phone(browser, morning) as two:
        come_in(two, morning.code, KADER[1], stations.WEIGH)
        two.page.evaluate(BREAK_OFF_ONCE)
        two.page.wait_for_selector("[data-broken-off]", state="attached")
        come_in(one, morning.code, KADER[0], stations.REGISTER)
        one.page.get_by_role("button", name="Anak 04").click()
        expect(two.page.locator("#call-next")).to_contain_text("1 · Anak 04")


def test_a_key_that_is_held_down_while_the_queue_changes_is_pressed_all_the_same(
    browser: Browser, morning: Morning
) -> None:
    with phone(browser, morning) as one, phone(browser, morning) as two:
        one_has_come(morning, one, two)
        two.page.locator("#call-next").hover()
        two.page.mouse.down()
        with two.page.expect_response(lambda answer: answer.url.endswith("/antrean") and answer.ok):
            one.page.get_by_role("button", name="Anak 05").click()
        two.page.evaluate(TWO_FRAMES)
        two.page.mouse.up()
        expect(two.page.locator("h1")).to_have_text("Anak 04")


def test_a_key_of_the_list_of_phones_that_is_held_down_while_it_is_drawn_anew_is_pressed_all_the_same(
    browser: Browser, morning: Morning
) -> None:
    with phone(browser, morning) as one, Window(browser, morning.laptop.address) as laptop:
        come_in(one, morning.code, KADER[0], stations.WEIGH)
        laptop.page.goto("/masuk")
        sign_in(laptop, KADER[1])
        laptop.page.goto("/hotspot")
        laptop.page.get_by_role("button", name=words("Shut out: %(name)s") % {"name": KADER[0]}).hover()
        laptop.page.mouse.down()
        with laptop.page.expect_response(lambda answer: answer.url.endswith("/hotspot/hp")):
            pass
        laptop.page.evaluate(TWO_FRAMES)
        laptop.page.mouse.up()
        expect(laptop.page.get_by_text(words("No phone is in yet."))).to_be_visible()


def test_a_phone_asks_for_no_script_and_no_style_once_it_has_them(browser: Browser, morning: Morning) -> None:
    """A script asked for anew each time is missing where the laptop's power goes after its page: the queue stood still."""
    fetched = "performance.getEntriesByType('resource').filter(each => each.transferSize > 0).map(each => each.name)"
    with phone(browser, morning) as window:
        come_in(window, morning.code, KADER[0], stations.WEIGH)
        window.page.goto(f"/langkah/{stations.WEIGH}")
        window.page.wait_for_load_state("load")
        asked = [name for name in window.page.evaluate(fetched) if ".js" in name or ".css" in name]
    assert asked == []


def test_two_who_wrote_different_weights_are_shown_both(browser: Browser, morning: Morning) -> None:
    scales = f"/langkah/{stations.WEIGH}/{morning.children['Anak 03']}"
    with phone(browser, morning) as one, phone(browser, morning) as two:
        for window, name in ((one, KADER[0]), (two, KADER[1])):
            come_in(window, morning.code, name, stations.WEIGH)
            window.page.goto(scales)
        for window, weight_kg in ((one, "8,4"), (two, "8,6")):
            window.page.fill("#weight_kg", weight_kg)
            window.page.locator(".save-bar button").click()
            window.page.wait_for_selector(".sent-on, .ask-again")
        asked = two.page.locator(".ask-again")
        for said in (KADER[0], "8,4 kg", "8,6 kg"):
            expect(asked).to_contain_text(said)
        faults = two.faults()
        asked.get_by_role("button", name=words("Mine is right, save")).click()
        two.page.wait_for_selector(".sent-on")
    assert (faults, [visit["weight_g"] for visit in visits(morning)["Anak 03"]]) == ([], [8600])


def test_all_of_it_works_without_script(browser: Browser, morning: Morning) -> None:
    with Window(browser, morning.laptop.for_phones, PHONE, script=False) as window:
        page = window.page
        page.goto("/")
        page.fill("#code", morning.code)
        window.press("Go on")
        page.get_by_role("link", name=KADER[0]).click()
        page.fill("#pin", PIN)
        page.locator("#content form button[type=submit]").first.click()
        window.press("Yes, begin")
        for station in (stations.REGISTER, stations.WEIGH):
            page.check(f"input[value={station}]")
        window.press("Begin")
        page.get_by_role("button", name="Anak 04").click()
        page.goto(f"/langkah/{stations.WEIGH}")
        page.locator("#call-next").click()
        page.fill("#weight_kg", "8,4")
        page.locator(".save-bar button").click()
        expect(page.locator(".sent-on")).to_contain_text("Anak 04")
    assert [visit["weight_g"] for visit in visits(morning)["Anak 04"]] == [8400]


def test_five_phones_lose_nothing_though_one_dies_and_the_laptop_is_killed(tmp_path: Path) -> None:
    path = chromium.found()
    if path is None:
        pytest.skip("there is no chromium on this machine; on Debian `make test` installs it")
    with ExitStack() as running:
        morning = five_kader(tmp_path, running, CHILDREN)
        with ThreadPoolExecutor(1) as apart:  # from the loop of the other tests' browser
            ledger = apart.submit(asyncio.run, _the_morning(morning, path)).result()
        found = visits(morning)
        lost = [each for each in ledger.seen_saved if not _is_there(each, found, morning)]
        with morning.laptop.instance.store_for_job() as store:
            changed = records.recount(store, lambda done, of: None)
            whole = store.value("pragma integrity_check")
    report(_told(ledger))
    expected = {(station, number) for station in stations.ORDER for number in range(CHILDREN)}
    unseen = len(expected - ledger.seen_saved)  # saved, and the answer fell to the power cut
    assert (lost, {len(listed) for listed in found.values()}, changed, whole) == ([], {1}, [], "ok")
    assert unseen <= len(stations.ORDER)
    assert ledger.unreachable  # somebody saw that the laptop was away


def _is_there(
    acknowledged: tuple[str, int], found: dict[str, list[dict[str, Any]]], morning: Morning
) -> bool:
    """Whether the database holds what a screen said was saved."""
    station, number = acknowledged
    (visit,) = found[f"Anak {number:02}"]
    stored = {
        stations.REGISTER: True,
        stations.WEIGH: (visit["weight_g"], visit["length_height_mm"]) == (8000 + 10 * number, 755),
        stations.RECORD: visit["complementary_feeding"] == number % 2,
        stations.SERVICE: (visit["local_food"], visit["local_food_portion"]) == (1, f"porsi {number}"),
        stations.COUNSEL: visit["counselling"] == f"makan {number} kali",
    }
    return stored[station]


def _told(ledger: Ledger) -> str:
    slowest = statistics.quantiles(ledger.seconds, n=20)[-1]
    return (
        f"hotspot: {CHILDREN} children at five langkah, {len(ledger.seen_saved)} answers seen, one phone and the laptop killed;"
        f" 0 lost; from press to answer {statistics.median(ledger.seconds):.2f} s (median), {slowest:.2f} s (p95);"
        f" {len(ledger.unreachable)} phones said that the laptop was away,"
        f" {ledger.opened_again_by_hand} pages were opened again by hand"
    )


async def _the_morning(morning: Morning, path: str) -> Ledger:
    """Let five phones work until every child has gone home; on the way one dies, and later the laptop."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=list(chromium.FLAGS))
        ledger, code = Ledger(), morning.code
        phones = [Phone(browser, morning, station, ledger) for station in HELD]
        await phones[0].come_in(code)  # says the day
        await asyncio.gather(*(each.come_in(code) for each in phones[1:]))
        working = [asyncio.create_task(each.work()) for each in phones]
        try:
            async with asyncio.timeout(LONGEST_S):
                await _when(lambda: _count(ledger, stations.WEIGH) >= CHILDREN // 3, working)
                working.append(asyncio.create_task(await _another_for(phones[1], browser, morning, ledger)))
                await _when(lambda: len(ledger.seen_saved) >= CHILDREN * 5 * 6 // 10, working)
                await asyncio.to_thread(morning.laptop.kill)
                await _when(lambda: bool(ledger.unreachable), working)
                await asyncio.to_thread(morning.laptop.start)
                await _when(lambda: _everybody_is_home(morning), working)
                ledger.everybody_is_home.set()
                await asyncio.gather(*working)
        except TimeoutError:
            stand = [(each.station, each.alive, each.page.url) for each in phones]
            raise AssertionError(
                f"no end after {LONGEST_S} s: {stand}, seen {sorted(ledger.seen_saved)}"
            ) from None
        finally:
            await browser.close()
        return ledger


async def _another_for(dying: Phone, browser: Any, morning: Morning, ledger: Ledger) -> Any:
    """Kill a phone in the middle of whatever it does; its owner goes on with another, and finds her langkah."""
    await dying.die()
    other = Phone(browser, morning, dying.station, ledger)
    await other.come_in(morning.code)
    return other.work()


async def _when(happened: Any, working: list[asyncio.Task[None]]) -> None:
    """Wait until something has happened; a phone that failed ends it."""
    while not happened():
        for task in working:
            if task.done() and task.exception():
                task.result()
        await asyncio.sleep(0.3)


def _count(ledger: Ledger, station: str) -> int:
    return sum(each == station for each, _ in ledger.seen_saved)


def _everybody_is_home(morning: Morning) -> bool:
    here = morning.laptop.instance
    with here.store_for_job() as store:
        sql = "select count(*) from arrival where station = $1 and day = $2"
        return int(store.value(sql, stations.HOME, local_date(here.now()).isoformat())) == CHILDREN
