"""Joining without a network: a laptop's request as a file, the province's answer as a file, and the letter on paper."""

from dataclasses import replace

from siposyandu import as_laptop, as_province, credentials
from siposyandu import config as settings
from siposyandu.i18n import N_
from siposyandu.instance import Instance
from siposyandu.store import Store
from sync import enrolment, paper

ENDING = ".sipe"
NAME = "gabung" + ENDING
ANSWER_NAME = "jawaban" + ENDING
# What a person is told when a file or a code does not fit.
WORDS = {
    "not_a_request": N_("This is not a file of a laptop that joins. Choose the file whose name ends in .sipe."),
    "wrong_way": N_("This is the other of the two files: the laptop makes the request, the province the answer."),
    "bad_code": N_("The code is wrong, was used, or is older than three days. Make a new one, and a new file with it."),
    "other_province": N_("The mark of the letter is another one than that of this answer. Compare it letter by letter."),
    "other_lane": N_("This answer is for another laptop."),
    "signature": N_("The file was changed on its way. Ask for it again."),
    "malformed": N_("The file was damaged on its way. Ask for it again."),
    "cut_short": N_("The file was damaged on its way. Ask for it again."),
    "changed": N_("The file was damaged on its way. Ask for it again."),
    "wire_version": N_("The file is from a newer SIPosyandu. Install the newest version here, then take it again."),
}  # fmt: skip
OTHERWISE = N_("Not taken. Call the puskesmas and read them this word: {word}")


def ask(instance: Instance, store: Store, code: str, machine: str) -> bytes:
    """Return the file by which a laptop asks to join with the code of its letter."""
    return paper.ask(as_laptop.ports(instance, store), code, machine)


def answer(instance: Instance, store: Store, data: bytes) -> bytes:
    """Return, at the province, the answer to a laptop's request. Raises SyncError whose code says why not."""
    return paper.answer(as_province.ports(instance, store), data)


def join(instance: Instance, store: Store, data: bytes, code: str, fingerprint: str) -> int:
    """Take the province's answer; return how many changes came with it. Raises SyncError whose code says why not.

    The code also lets the first worker set her PIN here, for 72 hours.
    """
    area, brought = paper.join(as_laptop.ports(instance, store), data, fingerprint)
    credentials.keep_setup_code(store, enrolment.tidy(code), instance.now())
    instance.config = replace(instance.config, area=area)
    settings.save(instance.config)  # from here on it has joined (as_laptop.has_joined)
    return brought.received


def words(code: str) -> str:
    """Return what to say of a refusal, with a place {word} where the code helps whoever mends it."""
    return WORDS.get(code, OTHERWISE)
