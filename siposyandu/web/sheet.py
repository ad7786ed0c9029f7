"""A list as a file to take away: .xlsx, or .csv for who wants that. What is in it is told by `exports`."""

import re
import unicodedata

from flask import Response

from siposyandu.exports import Taken, csv_file, workbook
from siposyandu.i18n import N_, date_long
from siposyandu.i18n import gettext as _
from siposyandu.periods import TIME_ZONE, local_date
from siposyandu.web import sessions
from siposyandu.web.sessions import signed_in

MIME_TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}
WRITERS = {"xlsx": workbook.file, "csv": csv_file.file}
BY, ON = N_("Taken out by"), N_("Taken out on")


def answer(taken: Taken, kind: str) -> Response:
    """Answer with an export as a file of one of the kinds of MIME_TYPES."""
    given = Response(WRITERS[kind](taken), mimetype=MIME_TYPES[kind])
    given.headers["Content-Disposition"] = f'attachment; filename="{taken.name}.{kind}"'
    return given


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
