"""What can go wrong in the application, and what a person should do about it.

SiposyanduError
    Refused             the request makes no sense or is not allowed; doing it again will not help
        NotAllowed      this person may not do this here
        NotFound        there is no such record
        BadInput        fields were refused; carries field -> sentences
        Incomplete      a child's card lacks what the page needs; carries whose card is completed first
        Joined          this card was joined with another one of the same child; carries which stays
        Locked          the laptop was not opened with its passphrase yet; nothing of it can be read
        WrongPassphrase this passphrase does not open the laptop
        MustWait        too many wrong passphrases; carries how many seconds to wait
        OnlyAtTheProvince  a laptop wrote about places or workers; the edit is kept and looked at by a person
        BadConfig       the settings file must be mended before the program can start
    DiskFull            the disk has no room left: nothing of this was saved; make room, then do it again (also an OSError)
    NotKept             a copy could not be written (disk full, flash disk pulled out); what was there stays; try again
    NoDatabase          the database's server does not answer; trying again later will help (also an OSError)
    Broken              the data on this machine is damaged; call the puskesmas
"""

from collections.abc import Mapping, Sequence


class SiposyanduError(Exception):
    """The root of the tree; `hint` says what a person should do now."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


class Refused(SiposyanduError):
    """The request makes no sense or is not allowed; sending it again will not help."""


class NotAllowed(Refused):
    """This person may not see, enter or correct this record."""


class NotFound(Refused):
    """There is no such record here."""


class Joined(Refused):
    """This card was joined with another one of the same child: `stays` is where she is now, `card` the one asked for."""

    def __init__(self, card: str, stays: str) -> None:
        super().__init__(f"card {card} was joined with {stays}")
        self.card, self.stays = card, stays


class BadInput(Refused):
    """Fields were refused; `fields` maps each field's name to the sentences that say why."""

    def __init__(self, fields: Mapping[str, Sequence[str]]) -> None:
        super().__init__("; ".join(f"{name}: {' '.join(why)}" for name, why in fields.items()))
        self.fields = fields


class Incomplete(Refused):
    """A child without birth date or sex can be neither weighed nor drawn; `person` says whose card to complete."""

    def __init__(self, person: str) -> None:
        super().__init__(f"the card of {person} lacks a birth date or a sex")
        self.person = person


class Locked(Refused):
    """The laptop was not opened with its passphrase yet, or was closed again: its database has no key."""


class WrongPassphrase(Refused):
    """This passphrase does not open the laptop."""


class MustWait(Refused):
    """Too many wrong passphrases in a row; `seconds` must pass before the next try."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"too many wrong passphrases: wait {seconds} seconds")
        self.seconds = seconds


class OnlyAtTheProvince(Refused):
    """A laptop wrote about these places or workers. Only the province does: it stays in the log without effect."""


class BadConfig(Refused):
    """The settings cannot be used; the message names the setting."""


class DiskFull(SiposyanduError, OSError):
    """The disk has no room left. Nothing of what was being saved is kept, all that was saved before is: make room, try again."""


class NotKept(SiposyanduError):
    """A file could not be written whole, so it was not kept; what was there before is untouched. Try again.

    `code` says why: "full", "pulled" (the disk is gone, or cannot be written), "unlike" (read back, it was another).
    """

    def __init__(self, message: str, hint: str = "", code: str = "pulled") -> None:
        super().__init__(message, hint)
        self.code = code


class NoDatabase(SiposyanduError, OSError):
    """The database's server does not answer, or cannot go on; nothing was changed, and trying again later will help."""


class Broken(SiposyanduError):
    """The data on this machine is damaged; nothing more is written to it."""
