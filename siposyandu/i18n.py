"""Words and numbers in the reader's language: Indonesian is the product, English the second.

Source texts in the code are short English sentences; catalogues in `locale/` hold the Indonesian.
The language of the running request or command is kept in a context variable, so that threads do not mix.
"""

import gettext as catalogues
from collections.abc import Mapping
from contextvars import ContextVar
from datetime import date
from decimal import Decimal
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from markupsafe import Markup

LANGUAGES = ("id", "en")
LOCALE_FOLDER = Path(__file__).parent / "locale"

_language: ContextVar[str] = ContextVar("language", default="id")


def N_(text: str) -> str:  # noqa: N802 - the name that gettext's tools look for
    """Mark a text for translation where it stands; `gettext` translates it where it is shown."""
    return text


@cache
def _catalogue(language: str) -> catalogues.NullTranslations:
    return catalogues.translation("siposyandu", LOCALE_FOLDER, [language], fallback=True)


def language() -> str:
    """Return the language in use, "id" or "en"."""
    return _language.get()


def speak(chosen: str) -> None:
    """Use a language from here on in this request or command; an unknown one falls back to Indonesian."""
    _language.set(chosen if chosen in LANGUAGES else "id")


def gettext(text: str) -> str:
    """Translate a source text into the language in use."""
    return _catalogue(language()).gettext(text) if text else ""


def ngettext(one: str, many: str, count: int) -> str:
    """Translate a text that depends on a count (Indonesian has one form for all)."""
    return _catalogue(language()).ngettext(one, many, count)


def on_page(text: str, **values: Any) -> Markup:
    """Translate a text of a template; the values that it names are put in, whatever they say is text and no mark-up.

    Jinja's own `_` does the same and takes more than twice as long; a page of a hundred rows asks a thousand times.

    >>> on_page("The %(title)s is 100%%", title="<b>")
    Markup('The &lt;b&gt; is 100%')
    """
    return _marked(language(), text) % values if values else _whole(language(), text)


@lru_cache(maxsize=4096)
def _whole(language: str, text: str) -> Markup:
    return _marked(language, text) % {}


@lru_cache(maxsize=4096)
def _marked(language: str, text: str) -> Markup:
    return Markup(_catalogue(language).gettext(text) if text else "")  # noqa: S704 - words of our own catalogue


def say(sentence: Any) -> str:
    """Translate a sentence that carries its template and parameters, numbers in the reader's form.

    Takes anything with `template` and `params`; a plain text is translated as it is.
    """
    template = getattr(sentence, "template", None)
    if template is None:
        return gettext(str(sentence))
    params: Mapping[str, Any] = sentence.params
    return gettext(template).format(**{name: _spoken(value) for name, value in params.items()})


def _spoken(value: Any) -> str:
    if isinstance(value, Decimal):
        return number(value, max(0, -int(value.as_tuple().exponent)))
    if isinstance(value, float):
        return number(value)
    if isinstance(value, date):
        return date_long(value)
    return say(value)


def number(value: float | Decimal | None, decimals: int | None = None) -> str:
    """Write a number as the language does: 12.345,6 in Indonesian, 12,345.6 in English; "" for None."""
    if value is None:
        return ""
    text = f"{value:,.{decimals}f}" if decimals is not None else f"{value:,.10g}"
    return text if language() == "en" else text.translate(str.maketrans(",.", ".,"))


def kilograms(weight_g: int) -> str:
    """Write grams as kilograms with as many decimals as were weighed.

    >>> kilograms(8000), kilograms(7500), kilograms(8450)
    ('8,0 kg', '7,5 kg', '8,45 kg')
    """
    return f"{number(weight_g / 1000, 1 if weight_g % 100 == 0 else 2)} kg"


def percent(value: float | Decimal | None, decimals: int | None = None) -> str:
    """Write a percentage, nothing before its sign; "" for None. Nothing else puts a percent sign behind a number.

    >>> percent(32.18, 1)
    '32,2%'
    """
    return "" if value is None else f"{number(value, decimals)}%"


MONTH_NAMES: Mapping[str, tuple[str, ...]] = {
    "id": ("Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli",
           "Agustus", "September", "Oktober", "November", "Desember"),
    "en": ("January", "February", "March", "April", "May", "June", "July",
           "August", "September", "October", "November", "December"),
}  # fmt: skip
DAY_NAMES: Mapping[str, tuple[str, ...]] = {
    "id": ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}


def month_name(month_number: int) -> str:
    """Name a month, 1 to 12."""
    return MONTH_NAMES[language()][month_number - 1]


def month_long(text: str) -> str:
    """Write "2026-08" as "Agustus 2026"."""
    return f"{month_name(int(text[5:7]))} {text[:4]}"


def date_long(day: date | str) -> str:
    """Write a date as "31 Agustus 2026"."""
    day = date.fromisoformat(day) if isinstance(day, str) else day
    return f"{day.day} {month_name(day.month)} {day.year}"


def date_with_day(day: date | str) -> str:
    """Write a date as "Senin, 31 Agustus 2026"."""
    day = date.fromisoformat(day) if isinstance(day, str) else day
    return f"{DAY_NAMES[language()][day.weekday()]}, {date_long(day)}"
