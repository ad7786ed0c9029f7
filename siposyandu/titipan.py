"""Titipan: records that travel by flash disk, WhatsApp or the puskesmas PC, at each of the three places.

A laptop gives away one file and takes an answer; a puskesmas PC collects files and passes them on, both ways; the province
takes them in and answers. A file is written so that a stick pulled out too early leaves either the whole file or none.
"""

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlsplit

from siposyandu import as_laptop, as_province, places
from siposyandu import config as settings
from siposyandu.copies import shelves
from siposyandu.errors import NotFound, NotKept, Refused
from siposyandu.i18n import N_
from siposyandu.instance import Instance
from siposyandu.periods import parse_instant
from siposyandu.store import Store
from sync import bundle, courier, entrusting, outbox, postbox, satchel, titipan, upstream
from sync.bundle import Bundle, Remark
from sync.client import HttpTransport
from sync.errors import SyncError, Unreachable
from sync.laptop import Laptop
from sync.rings import keep_name
from sync.status import Status, status

JUST_NOW_SECONDS = 60
ONE_DAY_SECONDS = 24 * 60 * 60
ENDING = ".sipb"
CARRIES_ON = ("", "revoked")  # after its own exchange: shut out, a PC still holds what others gave it
LAPTOP, PUSKESMAS, PROVINCE = "laptop", "puskesmas", "province"
TAKEN = N_("Taken.")
# What an operator is told about a file, or a part of it, that was not taken.
WORDS = {
    "not_a_bundle": N_("This is not a file of SIPosyandu. Choose the file whose name ends in .sipb."),
    "cut_short": N_("The file is not whole: the flash disk was pulled out too early, or sending broke off. Ask for it again."),
    "changed": N_("The file was damaged on its way. Ask for it again."),
    "seal": N_("The file was damaged on its way. Ask for it again."),
    "malformed": N_("The file was damaged on its way. Ask for it again."),
    "signature": N_("The file was changed on its way, or is not from a laptop that the province knows. Nothing of it was taken."),
    "wire_version": N_("The file is from a newer SIPosyandu. Install the newest version here, then take it again."),
    "flags": N_("The file is from a newer SIPosyandu. Install the newest version here, then take it again."),
    "too_large": N_("The file is larger than any that SIPosyandu writes."),
    "a_push": N_("This file is on its way to the province. Here only an answer can be taken."),
    "a_receipt": N_("This file is an answer for a laptop. It belongs on that laptop."),
    "other_lane": N_("This answer is for another laptop."),
    "not_for_us": N_("This file is for others; it cannot be opened here."),
    "unknown_key": N_("This file is for another province."),
    "other_province": N_("This answer is from another province."),
    "unknown_lane": N_("The province does not know this laptop. Give it a new code."),
    "older_epoch": N_("This answer is from before the province's server was put back. Ask for a new one."),
    "revoked": N_("This laptop was shut out. What it sends is set aside until somebody looks at it."),
    "fork": N_("This laptop was copied or put back. It goes on in a new way by itself: give it away once more."),
    "behind": N_("This laptop was put back to an older day. It goes on in a new way by itself: give it away once more."),
    "closed": N_("This laptop goes on in a new way by itself: give it away once more."),
    "too_early": N_("Something that comes before it has not arrived yet. Give it away once more after the next answer."),
    "too_many_lanes": N_("This laptop has begun anew too often today. Give it away once more tomorrow."),
    "full": N_("There is no more room for files that cannot be read here. Pass on first what is here already."),
}  # fmt: skip
OTHERWISE = N_("Not taken. Call the puskesmas and read them this word: {word}")


@dataclass(frozen=True)
class Outgoing:
    """A file to give away: its name and bytes. `given` notes that it was written whole."""

    name: str
    data: bytes
    given: Callable[[], None]


@dataclass(frozen=True)
class Came:
    """What a file brought: how many of our records the province has now, how many were new here, and a remark for each part."""

    acknowledged: int
    received: int
    remarks: tuple[Remark, ...]

    @property
    def taken(self) -> int:
        """How many parts of the file were taken."""
        return sum(not remark.refused for remark in self.remarks)


def role(instance: Instance, store: Store) -> str:
    """Say which of the three places this is: LAPTOP, PUSKESMAS or PROVINCE."""
    if instance.config.is_province:
        return PROVINCE
    key = upstream.area(store) or instance.config.area
    return PUSKESMAS if key and _is_puskesmas(store, key) else LAPTOP


def _is_puskesmas(store: Store, key: str) -> bool:
    try:
        return places.level_of(store, key) == "puskesmas"
    except NotFound:
        return False


def outgoing(instance: Instance, store: Store, among: Callable[[str], bool] = lambda area: True) -> Outgoing:
    """Return the file that this place gives away: a laptop's records, what a PC carries, or the province's answers.

    `among` says for the laptops of which areas the province answers: of all, when it is left out.
    Refuses (NotFound) at the province when no answer waits; raises SyncError where a laptop cannot give anything away.
    """
    at = role(instance, store)
    name = f"titipan-{_file_name(store, instance.config.area)}-{instance.now():%Y%m%d-%H%M}{ENDING}"
    if at == PROVINCE:
        return Outgoing(name.replace("titipan", "balasan", 1), _answers(instance, store, among), lambda: None)
    laptop = as_laptop.ports(instance, store)
    if at == PUSKESMAS:
        return Outgoing(name, satchel.for_province(laptop), lambda: None)
    data = courier.export(laptop)
    return Outgoing(name, data, lambda: _entrusted(laptop, data))


def answers_for_laptops(instance: Instance, store: Store) -> Outgoing:
    """Return the file of answers that a puskesmas PC carries to its laptops. Refuses (NotFound) when none waits."""
    data = satchel.for_laptops(as_laptop.ports(instance, store))
    if not data:
        raise NotFound("no answer waits")
    name = f"balasan-{_file_name(store, instance.config.area)}-{instance.now():%Y%m%d-%H%M}{ENDING}"
    return Outgoing(name, data, lambda: None)


def _answers(instance: Instance, store: Store, among: Callable[[str], bool]) -> bytes:
    data = b"".join(outbox.receipts_waiting(as_province.ports(instance, store), among))
    if not data:
        raise NotFound("no answer waits")
    return data


def _entrusted(laptop: Laptop, data: bytes) -> None:
    (ours,) = (found for found in bundle.split(data) if isinstance(found, Bundle))
    entrusting.note(laptop.store, ours, entrusting.BY_FILE, laptop.clock.now())


def _file_name(store: Store, area: str) -> str:
    try:
        words = places.title(store, area)
    except (NotFound, Refused, ValueError):
        words = "laptop"
    letters = "".join(letter if letter.isascii() and letter.isalnum() else "-" for letter in words.lower())
    return "-".join(part for part in letters.split("-") if part)[:40] or "laptop"


def incoming(instance: Instance, store: Store, data: bytes) -> Came:
    """Take in a file that somebody brought; what is good in it is taken, and for the rest a remark says why not."""
    at = role(instance, store)
    if at == PROVINCE:
        return Came(0, 0, postbox.receive(as_province.ports(instance, store), data).remarks)
    if at == PUSKESMAS:
        return Came(0, 0, tuple(satchel.collect(as_laptop.ports(instance, store), data)))
    brought = courier.take(as_laptop.ports(instance, store), data)
    return Came(brought.acknowledged, brought.received, _ours(brought.remarks))


def _ours(remarks: tuple[Remark, ...]) -> tuple[Remark, ...]:
    """Leave away that a file holds answers for other laptops too, when one was for this."""
    ours = tuple(remark for remark in remarks if remark.refused != "other_lane")
    return ours if any(remark.kind == bundle.RECEIPT for remark in ours) else remarks


def carry(instance: Instance) -> None:
    """Carry on after sending was looked at: a PC passes on what it has collected; a laptop that has just failed to reach the
    province tries the puskesmas PC whose address it was told. What fails waits for the next try.
    """
    with instance.store_for_job() as store:
        at, now = role(instance, store), status(store)
        try:
            if at == PUSKESMAS and (now.last_error or "") in CARRIES_ON:
                pass_on(instance, store)
                _learn(instance, store, now)
            elif at == LAPTOP and instance.config.relay and _has_just_failed(instance, now):
                hand_over(instance, store)
        except SyncError:
            return


def _learn(instance: Instance, store: Store, status: Status) -> None:
    """Hear once a day, over the PC's own internet, which laptops are no longer believed, though nothing waits to be passed on."""
    last = parse_instant(status.entrusted_at) if status.entrusted_at else None
    if last is None or abs((instance.now() - last).total_seconds()) >= ONE_DAY_SECONDS:
        with closing(HttpTransport(instance.config.upstream)) as road:
            titipan.hand_over(as_laptop.ports(instance, store), road, PROVINCE)


def _has_just_failed(instance: Instance, status: Status) -> bool:
    if not status.last_error or not status.last_try_at:
        return False
    return abs((instance.now() - parse_instant(status.last_try_at)).total_seconds()) <= JUST_NOW_SECONDS


def pass_on(instance: Instance, store: Store) -> list[Remark]:
    """Pass on what a puskesmas PC has collected over its own internet, and keep the answers."""
    with closing(HttpTransport(instance.config.upstream)) as road:
        return satchel.forward(as_laptop.ports(instance, store), road)


def hand_over(instance: Instance, store: Store) -> None:
    """Give this laptop's records to the puskesmas PC on its hotspot, and take the answers that wait there."""
    address = instance.config.relay
    with closing(HttpTransport(address)) as road:
        titipan.hand_over(as_laptop.ports(instance, store), road, urlsplit(address).netloc)


def relay_at(instance: Instance, address: str) -> None:
    """Keep the address of the puskesmas PC, for records and for copies; empty: there is none any more."""
    config = instance.config
    copies = address if config.copy_to in ("", config.relay) else config.copy_to
    instance.config = replace(config, relay=address, copy_to=copies)
    settings.save(instance.config)


def relay_door(instance: Instance, store: Store) -> Laptop:
    """Return the ports of a puskesmas PC for its machine page. Raises Unreachable where this is not one."""
    if role(instance, store) != PUSKESMAS:
        raise Unreachable("not a puskesmas PC")
    return as_laptop.ports(instance, store)


def write(path: Path, data: bytes) -> None:
    """Write a file whole or not at all: beside, to the disk, read back and compared, then under its name. NotKept otherwise."""
    draft = path.with_name(path.name + ".part")
    try:
        with draft.open("wb") as file:
            file.write(data)
            shelves.to_the_medium(file)
        if draft.read_bytes() != data:
            raise NotKept(f"{path} was not read back as it was written", "Use another flash disk.")
        draft.replace(path)
        keep_name(path.parent)
    except OSError as fault:
        draft.unlink(missing_ok=True)
        raise NotKept(
            f"{path}: {fault.strerror}", "Is the flash disk full, or pulled out? Try again."
        ) from fault


def read(path: Path) -> bytes:
    """Return what a file says, never more than any file of SIPosyandu has. Refuses a file that is not there."""
    try:
        with path.open("rb") as file:
            return file.read(bundle.LARGEST_FILE + 1)
    except OSError as fault:
        raise Refused(f"{path}: {fault.strerror}", "Choose the file whose name ends in .sipb.") from fault


def sentence(remark: Remark) -> tuple[str, str]:
    """Return what to say of a part of a file, and the word for those who can mend it."""
    return (WORDS.get(remark.refused, OTHERWISE), remark.refused) if remark.refused else (TAKEN, "")
