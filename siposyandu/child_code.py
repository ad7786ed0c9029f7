"""The short code of a child, printed on her sheet and stuck on her KMS: eight signs and one that checks them.

It is the end of her record's id in 31 signs that nobody mistakes for another (no 0, 1, I, L, O). A wrong sign, or two that
changed places, is noticed by the last one. A QR scanner on USB types it into the search field and presses Enter.
"""

SIGNS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
ID_FROM = 24
"""The place in an id, counted from 1, from where its digits are in the code: nine of them, 36 bits."""
ID_DIGITS, LENGTH, GROUP = 9, 8, 3


def code_of(person_id: str) -> str:
    """Return the code of a record's id (32 hexadecimal digits), as it is printed.

    >>> code_of("00112233445566778899aabbccddeeff")
    '3V5-AU9-2NC'
    """
    left, signs = int(person_id[ID_FROM - 1 :], 16), ""
    for _ in range(LENGTH):
        left, sign = divmod(left, len(SIGNS))
        signs = SIGNS[sign] + signs
    whole = signs + _check(signs)
    return "-".join(whole[at : at + GROUP] for at in range(0, len(whole), GROUP))


def end_of_id(typed: str) -> str | None:
    """Return the last digits of the id that a code stands for; None for what is not a code, or is mistyped.

    >>> end_of_id(" 3v5 aU92-NC"), end_of_id("3V5-AU9-N2C"), end_of_id("Nurhaliza")
    ('bccddeeff', None, None)
    """
    signs = _signs(typed)
    if signs is None or _check(signs[:-1]) != signs[-1]:
        return None
    number = 0
    for sign in signs[:-1]:
        number = number * len(SIGNS) + SIGNS.index(sign)
    digits = f"{number:0{ID_DIGITS}x}"
    return digits if len(digits) == ID_DIGITS else None


def is_mistyped(typed: str) -> bool:
    """Return whether a text has the length and the signs of a code, digits among them, and is none.

    >>> is_mistyped("3V5-AU9-N2C"), is_mistyped("3V5-AU9-2NC"), is_mistyped("Baharudyn")
    (True, False, False)
    """
    signs = _signs(typed)
    return signs is not None and not signs.isalpha() and end_of_id(typed) is None


def _signs(typed: str) -> str | None:
    signs = "".join(typed.split()).replace("-", "").upper()
    return signs if len(signs) == LENGTH + 1 and not set(signs) - set(SIGNS) else None


def _check(signs: str) -> str:
    # 31 is a prime and no weight reaches it: every single change and every exchange of two changes the sum.
    return SIGNS[sum(weight * SIGNS.index(sign) for weight, sign in enumerate(signs, 1)) % len(SIGNS)]
