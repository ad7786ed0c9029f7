"""The letter for a new laptop as a line of text: the province's address, the one-time code, and whose province it is.

Its QR code holds this line, and a scanner types it. The fingerprint lets the laptop refuse another province.
"""

from dataclasses import dataclass

MARK = "SIPO1"


@dataclass(frozen=True)
class Letter:
    """What a letter says; address and fingerprint are empty where only the code was typed."""

    address: str
    code: str
    fingerprint: str

    @property
    def line(self) -> str:
        """The letter as one line.

        >>> Letter("https://ntb.id", "7KQF-M3T9X-WPZ01", "69f56-a9037-e9393-7b995").line
        'SIPO1 https://ntb.id 7KQF-M3T9X-WPZ01 69f56-a9037-e9393-7b995'
        """
        return " ".join((MARK, self.address, self.code, self.fingerprint))


def read(typed: str) -> Letter:
    """Return what was typed or scanned where the code is asked for; what is not a letter's line is a code.

    >>> read("sipo1 https://ntb.id 7KQF-M3T9X-WPZ01 69f56-a9037-e9393-7b995").address, read("7kqf m3t9x wpz01").code
    ('https://ntb.id', '7kqf m3t9x wpz01')
    """
    match typed.split():
        case [mark, address, code, fingerprint] if mark.upper() == MARK:
            return Letter(address, code, fingerprint)
        case _:
            return Letter("", typed.strip(), "")
