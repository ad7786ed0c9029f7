"""Text files: CSV with comma, semicolon or tab, and the HTML table that e-PPGBM calls .xls."""

import codecs
import csv
import io
from html.parser import HTMLParser

from siposyandu.imports.cells import Cell

Rows = list[list[Cell]]
DELIMITERS = ",;\t"
LINES_TO_JUDGE_BY = 20


def decode(content: bytes) -> str:
    """The text of a file: UTF-8 with or without mark, UTF-16 with mark, else Windows' own. UnicodeDecodeError."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return content.decode("utf-16")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252")


def csv_rows(text: str) -> Rows:
    """The rows of a CSV file; its delimiter is the one that makes most columns of the first lines."""
    first = "\n".join(text.splitlines()[:LINES_TO_JUDGE_BY])
    widest = max(DELIMITERS, key=lambda mark: max((len(row) for row in _parsed(first, mark)), default=0))
    return [list(row) for row in _parsed(text, widest)]


def _parsed(text: str, delimiter: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))


def looks_like_html(text: str) -> bool:
    """Whether a table tag stands near the beginning."""
    begin = text[:20_000].casefold()
    return "<table" in begin or "<tr" in begin


def html_rows(text: str) -> Rows:
    """The rows of all tables of a page, in order."""
    reader = _TableReader()
    reader.feed(text)
    reader.close()
    return [list(row) for row in reader.rows]


class _TableReader(HTMLParser):
    """Collects cells; an unclosed cell or row ends where the next begins, as browsers do."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.rows: list[list[str]] = []
        self._inside_cell = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "tr":
            self.rows.append([])
            self._inside_cell = False
        elif tag in ("td", "th") and self.rows:
            span = str(dict(attrs).get("colspan") or "1")
            # Spanned cells keep later columns in place; a title over the table spans a few dozen at most.
            extra = min(int(span), 100) - 1 if span.isdigit() else 0
            self.rows[-1].extend(["", *[""] * max(extra, 0)])
            self._at = len(self.rows[-1]) - 1 - max(extra, 0)
            self._inside_cell = True
        elif tag == "br" and self._inside_cell:
            self.rows[-1][self._at] += " "

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th", "tr", "table"):
            self._inside_cell = False

    def handle_data(self, data: str) -> None:
        if self._inside_cell:
            self.rows[-1][self._at] += data
