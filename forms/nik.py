"""What a NIK says of its owner: area (6 digits), day of birth (+40 for girls), month, year, serial (4)."""

from __future__ import annotations

from datetime import date

from forms.sentences import N_, Sentence

DAY_ADDED_FOR_FEMALE = 40  # domain.md 2.4


def sex_in(nik: str) -> str:
    """'f' or 'm', by the day.

    >>> sex_in("5299994507240001"), sex_in("5299990507240001")
    ('f', 'm')
    """
    return "f" if int(nik[6:8]) > DAY_ADDED_FOR_FEMALE else "m"


def birth_part(birth: date, sex: str) -> str:
    """The six digits that a child born on this day should have in places 7 to 12.

    >>> birth_part(date(2024, 7, 5), "f"), birth_part(date(2024, 7, 5), "m")
    ('450724', '050724')
    """
    day = birth.day + (DAY_ADDED_FOR_FEMALE if sex == "f" else 0)
    return f"{day:02d}{birth:%m%y}"


def doubt(nik: str, birth: date | None, sex: str | None) -> Sentence | None:
    """A question when the NIK tells another birth date or sex. Never an error: real cards disagree."""
    if birth is None or nik[6:12] in {birth_part(birth, one) for one in (sex or "mf")}:
        return None
    if sex and nik[6:12] in {birth_part(birth, one) for one in "mf"}:
        return Sentence(
            N_("By its digits this NIK belongs to the other sex. Compare it with the family card.")
        )
    return Sentence(N_("By its digits this NIK has another birth date. Compare it with the family card."))
