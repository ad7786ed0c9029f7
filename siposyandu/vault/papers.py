"""The two recovery papers: each holds half of a key; one alone says nothing, both together open the laptop.

A paper reads like 7 groups of five letters of Crockford's base 32 (no I, L, O, U). Four letters of a group carry the
key, the fifth checks them and their place, so that a slip of the hand is named by its group.
"""

from collections.abc import Callable
from dataclasses import dataclass

from siposyandu.errors import Refused
from siposyandu.i18n import N_

SECRET_BYTES = 16
GROUPS, GROUP_LETTERS = 7, 4
LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_ALIKE = str.maketrans({"I": "1", "L": "1", "O": "0"})
_MARK_BITS, _FIELD, _REDUCED = 10, 32, 0b100101  # the field of 32 elements: x^5 + x^2 + 1

SLIP = N_("Group {number} is not right. Compare it letter by letter with the paper.")
TOO_SHORT = N_("A paper has seven groups of five letters.")
SAME_PAPER = N_("These are not the two papers of one laptop. Paper 1 and paper 2 are needed.")


@dataclass(frozen=True)
class Paper:
    """One half: its number (1 or 2), the mark that it shares with the other half, and its bytes."""

    number: int
    mark: int
    half: bytes

    @property
    def text(self) -> str:
        """The paper's groups as they are printed and typed.

        >>> Paper(1, 5, bytes(16)).text
        '80M07-0000K-0000G-0000H-0000N-0000Q-0000A'
        """
        bits = (self.number << _MARK_BITS | self.mark) << 8 * SECRET_BYTES | int.from_bytes(self.half, "big")
        values = [bits >> 5 * place & 31 for place in reversed(range(GROUPS * GROUP_LETTERS))]
        groups = [values[at : at + GROUP_LETTERS] for at in range(0, len(values), GROUP_LETTERS)]
        return "-".join(
            "".join(LETTERS[value] for value in (*group, _check(number, group)))
            for number, group in enumerate(groups, 1)
        )


class Slip(Refused):
    """What was typed is not what stands on the paper; `number` is the group that is not right, 0 for the whole."""

    def __init__(self, number: int = 0) -> None:
        self.number, self.params = number, {"number": number}
        self.template = SLIP if number else TOO_SHORT
        super().__init__(self.template.format(number=number))


def read(typed: str) -> Paper:
    """Return the paper that was typed, or that a scanner read. Refuses (Slip) a group that is not right.

    >>> read("80m07 0000k 0000g 0000h 0000n 0000q oooo a").mark
    5
    """
    letters = "".join(typed.upper().translate(_ALIKE).replace("-", " ").split())
    if len(letters) != GROUPS * (GROUP_LETTERS + 1):
        raise Slip
    bits = 0
    for number in range(1, GROUPS + 1):
        group = letters[(number - 1) * (GROUP_LETTERS + 1) : number * (GROUP_LETTERS + 1)]
        bits = bits << 5 * GROUP_LETTERS | _read_group(number, group)
    head, half = bits >> 8 * SECRET_BYTES, bits & (1 << 8 * SECRET_BYTES) - 1
    return Paper(head >> _MARK_BITS, head & (1 << _MARK_BITS) - 1, half.to_bytes(SECRET_BYTES, "big"))


def split(secret: bytes, token_bytes: Callable[[int], bytes]) -> tuple[Paper, Paper]:
    """Return two papers that give a secret only together: one is chance, the other the secret beside it (XOR)."""
    chance = token_bytes(SECRET_BYTES)
    mark = int.from_bytes(token_bytes(2), "big") & (1 << _MARK_BITS) - 1
    return Paper(1, mark, chance), Paper(2, mark, _xor(secret, chance))


def joined(first: Paper, second: Paper) -> bytes:
    """Return the secret of two papers, in either order. Refused when they are not the two of one printing."""
    if {first.number, second.number} != {1, 2} or first.mark != second.mark:
        raise Refused(SAME_PAPER)
    return _xor(first.half, second.half)


def _xor(one: bytes, other: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(one, other, strict=True))


def _read_group(number: int, group: str) -> int:
    values = [LETTERS.find(letter) for letter in group]
    if -1 in values or values[-1] != _check(number, values[:-1]):
        raise Slip(number)
    found = 0
    for value in values[:-1]:
        found = found << 5 | value
    return found


def _check(number: int, values: list[int]) -> int:
    """Return the check of a group: a weighted sum over the field, so that every wrong letter or swap of two shows."""
    total = number
    for weight, value in enumerate(values, 2):
        total ^= _times(weight, value)
    return total


def _times(one: int, other: int) -> int:
    """Multiply in the field of 32 elements."""
    product = 0
    while other:
        product ^= one if other & 1 else 0
        one, other = one << 1, other >> 1
        one ^= _REDUCED if one & _FIELD else 0
    return product
