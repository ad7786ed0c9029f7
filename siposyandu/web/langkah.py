"""Which questions of the visit's card belong to which langkah: one table, and where a worker stands in it today."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from forms import BY_NAME
from siposyandu import phones, stations
from siposyandu.access import Worker
from siposyandu.errors import NotFound
from siposyandu.i18n import N_
from siposyandu.stations import Morning
from siposyandu.web import card, day, fields, phone_gate, sessions
from siposyandu.web.look_again import AGAIN
from siposyandu.web.sessions import signed_in

URL = "/langkah"
FORM = BY_NAME["balita"]


class Langkah(NamedTuple):
    """One langkah: its word in addresses, its number, title, what is done there, and the fields it fills."""

    code: str
    number: int
    title: str
    task: str
    names: Sequence[str] = ()

    @property
    def url(self) -> str:
        """Where its queue is."""
        return f"{URL}/{self.code}"


def _of(*sections: str) -> list[str]:
    return [name for section in sections for name in fields.of_section(FORM, section)]


CLOSING_BY_THE_NURSE = ("illness", "referral")
ALL = (
    Langkah(stations.REGISTER, 1, N_("Registration"), N_("Touch the name of who has come")),
    Langkah(stations.WEIGH, 2, N_("Weighing"), N_("Weigh and measure"), card.ESSENTIALS),
    Langkah(
        stations.RECORD,
        3,
        N_("Recording"),
        N_("Look at the growth line, ask about milk and food"),
        _of("checks", "feeding"),
    ),
    Langkah(
        stations.SERVICE,
        4,
        N_("Service"),
        N_("Immunisation, vitamin A, medicine, signs of illness"),
        (*_of("service", "tb"), *CLOSING_BY_THE_NURSE, *card.NURSE_ONLY),
    ),
    Langkah(
        stations.COUNSEL,
        5,
        N_("Advice"),
        N_("Tell the mother what was found"),
        [name for name in _of("closing") if name not in CLOSING_BY_THE_NURSE],
    ),
)
BY_CODE: Mapping[str, Langkah] = {each.code: each for each in ALL}


def of_code(code: str) -> Langkah:
    """Return a langkah by its word in an address; NotFound for another word."""
    if code not in BY_CODE:
        raise NotFound(f"no langkah {code}")
    return BY_CODE[code]


def names_of(langkah: Langkah) -> list[str]:
    """Return the fields that the worker at the keyboard fills at a langkah, second measures among them."""
    again = [AGAIN[name] for name in langkah.names if name in AGAIN]
    return fields.may_enter(FORM, signed_in(), [*langkah.names, *again])


def shown(langkah: Langkah, visit: Mapping[str, Any] | None) -> list[str]:
    """Return those of them that may stand on her page: an answer that is for health workers is not shown again to a kader."""
    names = names_of(langkah)
    readable = fields.may_see(FORM, signed_in(), names)
    return [
        name for name in names if name in readable or not visit or visit[FORM.by_name[name].column] is None
    ]


def morning() -> Morning:
    """Return the posyandu and the day whose queue the worker at the keyboard sees."""
    return Morning(day.children_at_hand(signed_in()), day.at_hand())


def is_at_work(worker: Worker) -> bool:
    """Whether she works at langkah today: on a phone, or because she holds one; who weighs alone sees nothing of them."""
    if sessions.instance().config.is_province:
        return False
    return phone_gate.by_hotspot() or bool(stations.held(sessions.store(), worker.id, day.at_hand()))


def take_over_the_day() -> bool:
    """Let one day hold on all phones: the first that was confirmed. False where nobody has confirmed one yet."""
    store, confirmed = sessions.store(), sessions.day()
    door = phones.opened(store, sessions.today())
    if door is not None and door.day is None and confirmed is not None:
        phones.keep_day(store, confirmed)
    if confirmed is None and door is not None and door.day is not None:
        sessions.keep_day(door.day)
    return sessions.day() is not None


def after_the_day() -> str:
    """Return where a worker goes on who has confirmed the day."""
    return URL if phone_gate.by_hotspot() else "/hari-ini"


def after_registering(person_id: str) -> str:
    """Return where a worker goes on who has registered a child: to the scales, or, at langkah 1, back to the queue."""
    mine = stations.held(sessions.store(), signed_in().id, day.at_hand())
    if stations.REGISTER not in mine:
        return f"/kunjungan/balita/{person_id}"
    stations.arrive(sessions.store(), morning(), person_id, sessions.now())
    return f"{BY_CODE[stations.REGISTER].url}?selesai={person_id}"
