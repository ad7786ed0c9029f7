"""What can go wrong when records travel, and what to do then.

SyncError
|-- TryAgain            nothing is wrong with the records: the same thing later will work
|   |-- Unreachable     no network, no answer, a connection cut in the middle
|   |-- ClockWrong      the connection's certificate is not valid at this machine's time
|   `-- Busy            the province answered that it cannot take anything now
|-- Refused             one side said no, by name; every record stays where it was
|   |-- BadEdit         an edit that must not enter the log (a float, a field replaced but not set)
|   |-- BadCode         an enrolment code that is wrong, used, too old or tried too often
|   `-- NotEnrolled     this device has no certificate from the province yet
`-- Broken              bytes that cannot be what they claim: never applied, in any part
    |-- Malformed       cannot be decoded
    |-- TooLarge        larger than the protocol allows, before or after inflating
    |-- BadSignature    not signed by who it says
    `-- UnknownReference  names an edit this side does not hold; ask again with ids in full

Every error carries `code` (a word for machines and translations), `hint` (what a person should do next), and
`details` that travel with a refusal. The codes of refusals are listed in PROTOCOL.md beside this file.
"""
# The names are the three words of the protocol, not "...Error": ruff: noqa: N818

from collections.abc import Mapping
from typing import Any


class SyncError(Exception):
    """Root of every error of sync."""

    code = "sync"
    hint = "Look at the log of the laptop and of the province."

    def __init__(
        self,
        message: str = "",
        *,
        code: str | None = None,
        hint: str | None = None,
        details: Mapping[str, Any] | None = None,
    ) -> None:
        self.code = code or self.code
        self.hint = hint or self.hint
        self.details = dict(details or {})
        super().__init__(message or self.code)


class TryAgain(SyncError):
    """Nothing is wrong with the records: the same thing later will work."""

    code = "try_again"
    hint = "Nothing to do: it is tried again by itself."


class Unreachable(TryAgain):
    """No network, no answer, or a connection cut in the middle."""

    code = "unreachable"
    hint = "Check the signal or the hotspot. Everything stays safe on the laptop meanwhile."


class ClockWrong(TryAgain):
    """The certificate of the connection is not valid yet, or no longer, at the time that this machine believes it is."""

    code = "clock"
    hint = "Set the laptop's clock. Until then records go sealed, which needs no clock."


class Busy(TryAgain):
    """The province answered that it cannot take anything now."""

    code = "busy"


class Refused(SyncError):
    """The other side said no, by name (`code`). Every record stays where it was."""

    code = "refused"
    hint = "Tell the puskesmas which word was shown; no record is lost."


class BadEdit(Refused):
    """An edit that must not enter the log: a float, a wrong id, a field replaced but not set."""

    code = "bad_edit"


class BadCode(Refused):
    """An enrolment code that is wrong, already used, too old or tried too often."""

    code = "bad_code"
    hint = "Check the code letter by letter, or ask the puskesmas for a new one."


class NotEnrolled(Refused):
    """This device has no certificate from the province yet."""

    code = "not_enrolled"
    hint = "Enter the code that the puskesmas gave for this laptop."


class Broken(SyncError):
    """Bytes that cannot be what they claim. They are never applied, in any part."""

    code = "broken"
    hint = "Send again; if it stays, tell the puskesmas."


class Malformed(Broken):
    """Bytes that cannot be decoded."""

    code = "malformed"


class TooLarge(Broken):
    """Larger than the protocol allows, before or after inflating."""

    code = "too_large"


class BadSignature(Broken):
    """Not signed by who it says."""

    code = "signature"


class UnknownReference(Broken):
    """Names an edit that this side does not hold, or not the same one: ask again with ids in full."""

    code = "unknown_reference"
    hint = "Nothing to do: the next try spells the ids in full."
