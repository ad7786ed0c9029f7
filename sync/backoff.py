"""How long to wait before trying again: longer after each failure, never the same for two laptops."""

FIRST_S = 30
LONGEST_S = 2 * 60 * 60


def delay_s(failures: int, chance: float) -> int:
    """Return the seconds to wait after so many failures in a row; `chance` is from 0 up to 1.

    The wait doubles from 30 s to 2 h, and each laptop takes between half and all of it by chance, so that a
    province that comes back is not met by all of them at once.

    >>> delay_s(1, 0.0), delay_s(3, 0.5), delay_s(60, 0.999)
    (15, 90, 7196)
    """
    if failures <= 0:
        return 0
    longest = min(LONGEST_S, FIRST_S * 2 ** min(failures - 1, 16))
    return int(longest * (0.5 + chance / 2))
