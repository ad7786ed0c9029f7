"""The weighing day: from a kader's keystroke to the province's stunting number.

Two posyandu of different desa, a laptop each, and the province: three processes. No signal for a morning, one laptop loses
its power in the middle of a save, then the signal comes back. What the province says is counted by hand below.
"""

import csv
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import pytest
from pygrowup.tables.by_day.lfa import DATA as LENGTH_FOR_AGE

from siposyandu import as_province, credentials, indicators
from siposyandu.access import Worker
from siposyandu.periods import Month
from sync.status import status
from tests.conftest import KENANGA_DESA, MELATI_DESA, PASSWORD, Village, settle
from tests.kader import Child, Kader, assert_nothing_lost
from tests.places import Place, until
from tests.visitor import Visitor

MELATI = (
    Child("Muhammad Rizki", "m", 98, "5,6", "57,9"),  # z -2.003, rounded -2.00: not short
    Child("Baiq Nabila", "f", 151, "6", "59,5"),  # z -2.01: short
    Child("Lalu Arya", "m", 730, "9,8", "81,1", "standing"),  # lying it would be 81.8: not short
    Child("Siti Zahra", "f", 731, "9,5", "79,9", "lying"),  # standing it would be 79.2: short
    Child("Ahmad Fauzi", "m", 900, "11.0", "80.1", "standing"),
    Child("Nurul Hidayah", "f", 1500, "14", "97,4", "standing"),
    Child("Dende Aulia", "f", 520, "8,9", "75,8"),
    Child("Zaenal Arifin", "m", 1300, "13,2"),  # would not stand still: weighed only
    Child("Hendra Gunawan", "m", 200),  # did not come
)
KENANGA = (
    Child("Hasan Basri", "m", 330, "7,6", "68,3"),
    Child("Ina Marlina", "f", 390, "8,2", "73,7"),
    Child("Jumadil Awal", "m", 600, "8,0", "66,0"),  # z below -6: hardly possible, left out
    Child("Kartini", "f", 1825, "15,1", "99,9", "standing"),  # the last day before 60 months; z -2.00
    Child("Lukman Hakim", "m", 1700, "13,8", "96,0", "standing"),
    Child("Mariam", "f", 1100, "12,4", "89,8", "standing", oedema="1"),
    Child("Nur Intan", "f", 45),  # did not come
)
KILLED_AT = MELATI[4]


# Counted by hand.

SHORT, HARDLY_POSSIBLE = Decimal(-2), 6
STANDING_FROM_DAY, POSITION_CM = 731, Decimal("0.7")


def haz(child: Child) -> Decimal | None:
    """Length for age in SD: (length / M - 1) / S, for L is 1 at every age (WHO); lying below 731 days, then standing."""
    if not child.length_cm:
        return None
    length_cm = Decimal(child.length_cm.replace(",", "."))
    if child.age_days < STANDING_FROM_DAY and child.measured == "standing":
        length_cm += POSITION_CM
    if child.age_days >= STANDING_FROM_DAY and child.measured == "lying":
        length_cm -= POSITION_CM
    row = LENGTH_FOR_AGE["male" if child.sex == "m" else "female"][child.age_days]
    assert row["l"] == 1
    return ((length_cm / row["m"] - 1) / row["s"]).quantize(Decimal("0.01"), ROUND_HALF_UP)


def stunting(children: Iterable[Child]) -> tuple[int, int]:
    """How many of them are short, of how many whose length can be believed."""
    believed = [z for z in map(haz, children) if z is not None and abs(z) <= HARDLY_POSSIBLE]
    return sum(z < SHORT for z in believed), len(believed)


def weighed(children: Iterable[Child]) -> int:
    """How many came to the scales (D)."""
    return sum(bool(child.weight_kg) for child in children)


def test_the_count_by_hand_is_what_the_story_needs() -> None:
    assert [stunting(MELATI), stunting(KENANGA), stunting(MELATI + KENANGA)] == [(3, 7), (2, 5), (5, 12)]


class Province:
    """The province's server, with the village's posyandu and workers on it."""

    def __init__(self, folder: Path) -> None:
        self.place = Place(folder, area="52")
        instance = self.place.instance
        with instance.store_for_job() as store:
            self.village: Village = settle(store, instance)
            credentials.set_password(store, self.village.eka.id, PASSWORD, instance.now())

    def code_for(self, posyandu_id: str) -> str:
        """Write a letter with a one-time code."""
        instance = self.place.instance
        with instance.store_for_job() as store:
            return as_province.new_enrolment_code(instance, store, posyandu_id)

    def holds(self, lane: str) -> int:
        """How many edits of a laptop stand in its log."""
        with self.place.instance.store_for_job() as store:
            sql = "select count(*) from edits join lanes using (lane_no) where lane = $1"
            return int(store.value(sql, lane))


@pytest.fixture
def running() -> Iterator[ExitStack]:
    """What is stopped when the story ends, however it ends."""
    with ExitStack() as stack:
        yield stack


def test_a_morning_without_signal_becomes_the_provinces_number(tmp_path: Path, running: ExitStack) -> None:
    province = Province(tmp_path / "province")
    running.enter_context(province.place)
    village = province.village
    aminah = kader_at_new_laptop(running, tmp_path / "melati", province, village.aminah)
    dedi = kader_at_new_laptop(running, tmp_path / "kenanga", province, village.dedi)

    province.place.stop()  # no signal from here on
    weigh_all(aminah, MELATI, power_cut_at=KILLED_AT)
    weigh_all(dedi, KENANGA)
    for kader in (aminah, dedi):
        assert kader.received() == (0, recorded(kader))
        kader.send_now()  # in vain: it is tried, and said that it was
        until(lambda kader=kader: tried_in_vain(kader), "a try that nobody answers")
        assert kader.received() == (0, recorded(kader))

    province.place.start()  # the signal is back
    for kader in (aminah, dedi):
        everything = recorded(kader)
        kader.send_now()
        until(lambda kader=kader, n=everything: kader.received() == (n, n), "the province to answer")
        assert (
            f"{everything} dari {everything} sudah diterima provinsi" in kader.visitor.open("/hari-ini").text
        )
        assert province.holds(kader.laptop.instance.lane) == everything
    assert_the_province_says_what_was_counted_by_hand(province, Month.of(aminah.day))


def kader_at_new_laptop(running: ExitStack, folder: Path, province: Province, worker: Worker) -> Kader:
    """Start a new laptop and let its kader join the province."""
    laptop = running.enter_context(Place(folder, upstream=province.place.address))
    kader = Kader(laptop, worker)
    running.callback(kader.visitor.close)
    kader.join(province.place.address, province.code_for(worker.area))
    return kader


def weigh_all(kader: Kader, children: Iterable[Child], power_cut_at: Child | None = None) -> None:
    """Register the children and weigh those who come; at one of them the power goes in the middle of her save."""
    for child in children:
        kader.register(child)
    for child in children:
        if child is power_cut_at:
            kader.laptop.kill_while(lambda child=child: kader.weigh(child))
            assert_nothing_lost(kader.laptop, kader.visits.values())
            kader.come_back()
        if child.weight_kg and not kader.has_come(child):
            kader.weigh(child)


def recorded(kader: Kader) -> int:
    """How many edits this laptop's own log holds."""
    laptop = kader.laptop.instance
    with laptop.store_for_job() as store:
        return status(store).recorded


def tried_in_vain(kader: Kader) -> bool:
    """Whether the last try of this laptop to send has failed."""
    laptop = kader.laptop.instance
    with laptop.store_for_job() as store:
        return status(store).last_error == "unreachable"


def assert_the_province_says_what_was_counted_by_hand(province: Province, month: Month) -> None:
    everybody = (*MELATI, *KENANGA)
    numerator, denominator = stunting(everybody)
    percent = Decimal(100 * numerator) / denominator
    with province.place.instance.store_for_job() as store:
        figure = indicators.compute(store, indicators.BY_CODE["stunting"], "52", month)
    assert (figure.numerator, figure.denominator, figure.percent) == (numerator, denominator, float(percent))
    assert (figure.weighed, figure.children_expected) == (weighed(everybody), len(everybody))
    with Visitor(province.place.address) as eka:
        eka.submit(eka.open("/masuk"), "/masuk", {"username": "eka", "password": PASSWORD})
        page = eka.open(f"/wilayah/52?indikator=stunting&bulan={month}")
        table = eka.open(f"/wilayah/52/tabel.csv?indikator=stunting&bulan={month}&per=kecamatan").html
    assert f"{percent:.1f}%".replace(".", ",") in page.text
    rows = csv.reader(table.lstrip("\ufeff").splitlines()[1:], delimiter=";")
    assert {row[2]: (int(row[4]), int(row[5])) for row in rows} == {
        MELATI_DESA[:6]: stunting(MELATI),
        KENANGA_DESA[:6]: stunting(KENANGA),
    }
