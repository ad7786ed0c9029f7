"""A kader at her laptop, by its pages alone: she joins, registers, weighs, and looks what the province has received."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from siposyandu import records
from siposyandu.access import Worker
from tests.conftest import PIN
from tests.places import Place
from tests.visitor import Page, Visitor


@dataclass(frozen=True)
class Child:
    """A child as the kader knows it this morning; an empty measure was not taken."""

    name: str
    sex: str
    age_days: int
    weight_kg: str = ""
    length_cm: str = ""
    measured: str = "lying"
    oedema: str = "no"


class Kader:
    """A kader at her posyandu's laptop, by its pages alone."""

    def __init__(self, laptop: Place, worker: Worker) -> None:
        self.laptop, self.worker = laptop, worker
        self.visitor = Visitor(laptop.address)
        self.day = date.min
        self.persons: dict[str, str] = {}
        self.visits: dict[str, str] = {}

    def join(self, province: str, code: str) -> None:
        """Set the new laptop up with the letter from the puskesmas, choose a PIN, and confirm the date."""
        visitor = self.visitor
        door = visitor.submit(
            visitor.open("/laptop/pasang"), "/laptop/pasang", {"address": province, "code": code}
        )
        assert self.worker.name in door.text, door.text
        set_pin = f"/masuk/{self.worker.id}/pin"
        inside = visitor.submit(
            visitor.open(f"/masuk/{self.worker.id}"), set_pin, {"code": code, "pin": PIN, "pin_again": PIN}
        )
        assert inside.status == 200, inside.text
        self._confirm_the_day()

    def sign_in(self) -> None:
        """Touch her name, type her PIN, confirm the date."""
        self.come_in()
        self._confirm_the_day()

    def come_in(self) -> None:
        """Touch her name and type her PIN; the date may be confirmed already."""
        door = f"/masuk/{self.worker.id}"
        inside = self.visitor.submit(self.visitor.open(door), door, {"pin": PIN})
        assert inside.status == 200, inside.text

    def _confirm_the_day(self) -> None:
        asked = self.visitor.open("/hari-ini")
        self.day = date.fromisoformat(dict(asked.form("/hari-ini/tanggal").fields)["day"])
        assert self.visitor.submit(asked, "/hari-ini/tanggal", {"day": str(self.day)}).path == "/hari-ini"

    def register(self, child: Child) -> None:
        """Write a child's card; the scales' page follows."""
        born = self.day - timedelta(days=child.age_days)
        card = {
            "name": child.name,
            "sex": child.sex,
            "birth_date": f"{born.day}-{born.month}-{born.year}",
            "mother_name": f"Ibu {child.name}",
            "nik_missing_reason": "not_brought",
        }
        scales = self.visitor.submit(self.visitor.open("/anak/baru"), "/anak/baru", card)
        found = re.fullmatch(r"/kunjungan/balita/([0-9a-f]{32})", scales.path)
        assert found, f"{child.name}: {scales.text}"
        self.persons[child.name] = found[1]

    def weigh(self, child: Child) -> Page:
        """Weigh and measure; what the page doubts is right, for this is what the scale and the board say."""
        address = f"/kunjungan/balita/{self.persons[child.name]}"
        typed = {
            "weight_kg": child.weight_kg,
            "length_height_cm": child.length_cm,
            "measured": child.measured if child.length_cm else "",
            "oedema": child.oedema,
        }
        answer = self.visitor.submit(self.visitor.open(address), address, typed)
        if answer.path == address and answer.status == 200:
            answer = self.visitor.submit(answer, address, {**typed, "answer": "right"})
        found = re.fullmatch(r"/kunjungan/([0-9a-f]{32})/hasil", answer.path)
        assert found, f"{child.name}: {answer.status} {answer.text}"
        self.visits[child.name] = found[1]
        return answer

    def has_come(self, child: Child) -> bool:
        """Whether the laptop has her weighing of today: then the scales' page is the one that corrects it."""
        return self.visitor.open(f"/kunjungan/balita/{self.persons[child.name]}").path.endswith("/koreksi")

    def come_back(self) -> None:
        """Switch the laptop on again; nobody has to log in anew."""
        self.laptop.start()
        self.visitor.address = self.laptop.address

    def received(self) -> tuple[int, int]:
        """What the page says: so many records received by the province, of so many."""
        page = self.visitor.open("/laptop")
        found = re.search(r'class="big-number"><b>(\d+)</b> <span>\D*(\d+)\D*</span>', page.html)
        assert found, page.html
        return int(found[1]), int(found[2])

    def send_now(self) -> None:
        """Press the button."""
        self.visitor.submit(self.visitor.open("/laptop"), "/laptop/kirim", {})


def assert_nothing_lost(laptop: Place, answered: Collection[str]) -> set[str]:
    """After a power cut: the database is sound, every answered visit is there, every visit is whole, all counts are right.

    Returns the visits that are there although no answer came: at most the one that was being saved.
    """
    with laptop.instance.store_for_job() as store:
        assert store.value("pragma integrity_check") == "ok"
        logged = {row["entity"] for row in store.rows("select distinct entity from edits")}
        visits = {row["id"] for row in store.rows("select id from balita")}
        derived = {row["id"] for row in store.rows("select id from balita_growth")}
        assert visits == derived == visits & logged
        assert set(answered) <= visits
        unanswered = visits - set(answered)
        assert len(unanswered) <= 1
        assert (
            records.recount(store, lambda done, of: None) == []
        )  # the log says the same as rows, growth and counts
    return unanswered
