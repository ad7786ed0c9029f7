"""An export as an .xlsx file: days are days, numbers are numbers, all else is text that Excel neither runs nor rounds.

The head stays in sight, answers are offered as lists, grey columns are only to read; a second sheet says what the file is.
The library is loaded when a file is asked for: a laptop that takes none out does not wait for it.
"""

import re
from collections.abc import Sequence
from io import BytesIO
from typing import TYPE_CHECKING, Any

from siposyandu.exports.columns import COUNT, DAY, MEASURE, TEXT, Cell, Column, Taken
from siposyandu.i18n import N_
from siposyandu.i18n import gettext as _

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

ABOUT = N_("Explanation")
FORMATS = {TEXT: "@", DAY: "dd-mm-yyyy", COUNT: "0", MEASURE: "General"}
NARROWEST, WIDEST, HEAD_HEIGHT = 7, 40, 45
LONGEST_LIST = 255
"""Excel takes no longer list of answers (ECMA-376, formula1 of a list)."""
LONGEST_TITLE = 31
NO_TITLE = re.compile(r"[\\\[\]:*?/]")
"""What the title of a sheet may not hold."""
LONGEST_TEXT = 32_767
ROWS_FOR_NEW = 50
COLUMNS_ON_PAPER = 16
LETTERS = "Calibri"
HEAD_COLOUR, READ_ONLY_COLOUR = "D9EFE9", "EEEEEE"


def file(taken: Taken) -> bytes:
    """Write an export as the bytes of an .xlsx file."""
    import openpyxl

    book = openpyxl.Workbook()
    _table(book.active, taken)
    _explanation(book.create_sheet(_(ABOUT)), taken)
    written = BytesIO()
    book.save(written)
    return written.getvalue()


def _table(sheet: "Worksheet", taken: Taken) -> None:
    columns, rows = taken.export.columns, taken.rows()
    sheet.title = NO_TITLE.sub("", _(taken.export.title))[:LONGEST_TITLE]
    _head(sheet, taken)
    for number, row in enumerate(rows, 2):
        for at, (column, value) in enumerate(zip(columns, row, strict=True), 1):
            _put(
                sheet.cell(number, at), column, value, greyed=taken.export.comes_back and column.field is None
            )
    for at, column in enumerate(columns, 1):
        _dress(sheet, at, column, [row[at - 1] for row in rows])
    sheet.freeze_panes = sheet.cell(2, 2)
    sheet.auto_filter.ref = sheet.dimensions
    sheet.print_title_rows, sheet.print_title_cols = "1:1", "A:A"
    _for_paper(sheet, len(columns))


def _for_paper(sheet: "Worksheet", count: int) -> None:
    """Lie on A4: as many columns as can be read fit its width, of a wider list the names stand again on each sheet."""
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", sheet.PAPERSIZE_A4
    sheet.page_setup.fitToHeight, sheet.sheet_properties.pageSetUpPr.fitToPage = 0, count <= COLUMNS_ON_PAPER


def _head(sheet: "Worksheet", taken: Taken) -> None:
    from openpyxl.styles import Alignment, Font, PatternFill

    for at, heading in enumerate(taken.headings(), 1):
        cell = sheet.cell(1, at)
        _text(cell, heading)
        cell.font, cell.fill = Font(name=LETTERS, bold=True), PatternFill("solid", fgColor=HEAD_COLOUR)
        cell.alignment = Alignment(wrap_text=True, vertical="top")
    sheet.row_dimensions[1].height = HEAD_HEIGHT


def _put(cell: Any, column: Column, value: Cell, *, greyed: bool) -> None:
    from openpyxl.styles import Alignment, PatternFill

    if isinstance(value, str):
        _text(cell, value)
    else:
        cell.value = value
    cell.number_format = FORMATS[column.kind]
    if column.kind == DAY:
        cell.alignment = Alignment(horizontal="center")
    if greyed:
        cell.fill = PatternFill("solid", fgColor=READ_ONLY_COLOUR)


def _text(cell: Any, value: str) -> None:
    """Write a text as a text whatever it begins with; signs that an .xlsx cannot hold are left out."""
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    cell.value = ILLEGAL_CHARACTERS_RE.sub("", value)[:LONGEST_TEXT]
    cell.data_type = "s"
    cell.quotePrefix = True  # it stays a text when somebody edits the cell
    cell.number_format = FORMATS[TEXT]


def _dress(sheet: "Worksheet", at: int, column: Column, values: Sequence[Cell]) -> None:
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    letter = get_column_letter(at)
    dimension = sheet.column_dimensions[letter]
    dimension.number_format = FORMATS[column.kind]  # what is typed below is a text too
    dimension.hidden = column.hidden
    longest = max((len(str(value)) for value in values if value is not None), default=0)
    dimension.width = min(max(longest + 2, NARROWEST, len(column.title) // 3 + 4), WIDEST)
    answers = ",".join(_(answer) for answer in column.answers)
    several = column.field is not None and column.field.kind == "choices"
    if column.field is not None and answers and len(answers) < LONGEST_LIST and not several:
        offered = DataValidation("list", formula1=f'"{answers}"', allow_blank=True, errorStyle="warning")
        sheet.add_data_validation(offered)
        offered.add(f"{letter}2:{letter}{len(values) + 1 + ROWS_FOR_NEW}")


def _explanation(sheet: "Worksheet", taken: Taken) -> None:
    from openpyxl.styles import Alignment, Font

    lines = [(_(taken.export.title), ""), *taken.told, ("", "")]
    lines += [("", sentence) for sentence in map(_, taken.export.about)]
    lines += [("", ""), (_("Columns"), "")]
    lines += [(column.title, _note(column)) for column in taken.export.columns if not column.hidden]
    for number, line in enumerate(lines, 1):
        for at, words in enumerate(line, 1):
            _text(sheet.cell(number, at), words)
            sheet.cell(number, at).alignment = Alignment(wrap_text=at > 1, vertical="top")
    sheet["A1"].font = Font(name=LETTERS, bold=True, size=14)
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = WIDEST, 3 * WIDEST
    _for_paper(sheet, len(lines[0]))


def _note(column: Column) -> str:
    answers = ", ".join(_(answer) for answer in column.answers)
    return " ".join(part for part in (_(column.note), answers and f"[{answers}]") if part)
