"""Help for every page, in three sentences: what it is for, what to do, what to do when it goes wrong.

A new page gets its line in the file of its place; tests/test_helping.py names those that have none yet.
"""

from siposyandu.i18n import N_
from siposyandu.web.helping import child, day, laptop, offices
from siposyandu.web.helping.three import Help

Chapters = tuple[tuple[str, tuple[Help, ...]], ...]
Parts = tuple[tuple[str, Chapters], ...]

OF_A_KADER: Chapters = (
    (N_("Begin"), day.MORNING),
    (N_("The posyandu day"), day.DAY),
    (N_("Phones and langkah"), day.LANGKAH),
    (N_("One child"), child.CHILD),
    (N_("Figures and questions"), child.FIGURES),
    (N_("On paper"), child.PAPER),
    (N_("The laptop itself"), laptop.LAPTOP),
    (N_("Set up and mend"), laptop.SETTING_UP),
    (N_("Learn and practise"), laptop.LEARNING),
)
"""The booklet's chapters for those who work at a posyandu's laptop."""

OF_AN_AREA: Chapters = ((N_("An area"), offices.AREA),)
"""For those who answer for more than one posyandu, also where they work at a laptop or PC."""

OF_THE_PROVINCE: Chapters = (
    (N_("Begin"), offices.DOOR),
    *OF_AN_AREA,
    (N_("Places and people"), offices.KEEPING),
    (N_("Laptops and what they send"), offices.LAPTOPS),
)
"""For the offices that work at the province's own pages."""


def _by_endpoint(chapters: Chapters) -> dict[str, Help]:
    return {each.endpoint: each for _title, listed in chapters for each in listed}


AT_A_LAPTOP = _by_endpoint((*OF_THE_PROVINCE, *OF_A_KADER))
AT_THE_PROVINCE = _by_endpoint((*OF_A_KADER, *OF_THE_PROVINCE))
ALL: tuple[Help, ...] = tuple(each for _title, listed in (*OF_A_KADER, *OF_THE_PROVINCE) for each in listed)


def of(endpoint: str | None, *, at_province: bool) -> Help | None:
    """Return the help of a page, which is another at the province where the page is; None where there is none."""
    return (AT_THE_PROVINCE if at_province else AT_A_LAPTOP).get(endpoint or "")


def parts(role: str | None, *, at_province: bool) -> Parts:
    """Return the booklet's parts with their chapters for whoever reads, her own first; a kader needs none of the offices'."""
    if at_province:
        return (N_("Pages of the offices"), OF_THE_PROVINCE), (N_("Pages of a posyandu's laptop"), OF_A_KADER)
    return (("", OF_A_KADER if role in {None, "kader"} else (*OF_A_KADER, *OF_AN_AREA)),)
