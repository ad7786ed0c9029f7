"""A list as a file to take away: .xlsx, or .csv for who wants that. What is in it is told by `exports`."""

import re
import unicodedata
from collections.abc import Iterable, Sequence

from flask import Response

from siposyandu.exports import Cell, Taken, csv_file, workbook
from siposyandu.i18n import N_, date_long
from siposyandu.i18n import gettext as _
from siposyandu.periods import TIME_ZONE, local_date
from siposyandu.web import sessions
from siposyandu.web.sessions import signed_in

KINDS = ("xlsx", "csv")
MIME_TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}
WRITERS = {"xlsx": workbook.file, "csv": csv_file.file}
BY, ON = N_("Taken out by"), N_("Taken out on")


def answer(taken: Taken, kind: str) -> Response:
    """Answer with an export as a file of one of KINDS."""
    return _file(f"{taken.name}.{kind}", WRITERS[kind](taken), kind)


def download(name: str, rows: Iterable[Sequence[Cell]]) -> Response:
    """Answer with rows as a CSV file of that name."""
    return _file(name, (csv_file.BYTE_ORDER_MARK + csv_file.text(rows)).encode(), "csv")


def by_whom() -> tuple[tuple[str, str], ...]:
    """Return what every file says of itself: who took it out and when."""
    now = sessions.now()
    return (_(BY), signed_in().name), (
        _(ON),
        f"{date_long(local_date(now))}, {now.astimezone(TIME_ZONE):%H.%M}",
    )


def plain(words: str) -> str:
    """Return words as they can stand in the name of a file anywhere.

    >>> plain("Melati Indah / Dasan Tereng")
    'melati-indah-dasan-tereng'
    """
    letters = unicodedata.normalize("NFKD", words).encode("ascii", "ignore").decode().casefold()
    return re.sub(r"[^a-z0-9]+", "-", letters).strip("-")


def _file(name: str, content: bytes, kind: str) -> Response:
    given = Response(content, mimetype=MIME_TYPES[kind])
    given.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return given
