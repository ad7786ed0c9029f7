"""Take in the files of e-PPGBM: tell every row that cannot be taken and why, then, if asked, take the good ones."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from forms import N_, Sentence
from siposyandu import i18n
from siposyandu.errors import NotAllowed
from siposyandu.imports.checking import check
from siposyandu.imports.errors import CannotImport
from siposyandu.imports.register import Together
from siposyandu.imports.report import Report, RowProblem
from siposyandu.imports.sheet import Sheet, read
from siposyandu.imports.stored import StoredRegister
from siposyandu.imports.taking import take
from siposyandu.imports.templates import kinds
from siposyandu.records import Pen
from siposyandu.store import Store

ALL_WELL, SOME_ROWS_NOT, NOTHING_DONE = 0, 1, 2

Say = Callable[[str], None]


@dataclass(frozen=True)
class Asked:
    """What the person asked for: take the good rows or only look; the posyandu of rows that name none; the day."""

    today: date
    take_good: bool = False
    posyandu: str | None = None


def import_files(store: Store, pen: Pen, paths: Sequence[Path], asked: Asked, say: Say) -> int:
    """Check all files whole, say what is wrong with which row, and take the good rows if asked.

    Returns 0 when every row is well, 1 when some rows cannot be taken or differ from the register, 2 when
    nothing could be done: a file that is none of ours, a posyandu not known, a posyandu not hers.
    `asked.posyandu` is an id, a code or a name. Lines are said in the language in use.
    """
    register = StoredRegister(store)
    try:
        posyandu = _posyandu_id(register, asked.posyandu)
        sheets = _in_order([read(path) for path in paths])
        together = Together(register)
        reports = [check(sheet, together, asked.today, posyandu) for sheet in sheets]
        for report in reports:
            _tell(report, say)
        _finish(store, pen, reports, asked, say)
    except CannotImport as error:
        say(i18n.say(error.sentence))
        return NOTHING_DONE
    except NotAllowed:
        say(i18n.gettext("You may not import for this posyandu. Ask the puskesmas."))
        return NOTHING_DONE
    return ALL_WELL if all(report.clean for report in reports) else SOME_ROWS_NOT


def _posyandu_id(register: StoredRegister, key: str | None) -> str | None:
    """The one posyandu that a person meant by id, code or name."""
    if key is None:
        return None
    found = register.posyandu_by_key(key)
    if len(found) != 1:
        template = N_("Posyandu {key} is not in the register.")
        if found:
            template = N_("There are several posyandu {key}: write the code.")
        raise CannotImport(Sentence(template, key=key))
    return found[0].id


def _in_order(sheets: Sequence[Sheet]) -> list[Sheet]:
    """Children before their measurements, otherwise as given."""
    order = [kind.name for kind in kinds()]
    return sorted(sheets, key=lambda sheet: order.index(sheet.header.kind.name))


def _finish(store: Store, pen: Pen, reports: Sequence[Report], asked: Asked, say: Say) -> None:
    if not asked.take_good:
        say(i18n.gettext("Nothing has been written. Run it again with --take-good to take the good rows."))
        return
    for report in reports:
        taken = take(store, report, pen)
        template = N_(
            "{file}: {children} children and {visits} weighings added; {there} rows were there already."
        )
        said = {"children": taken.children_added, "visits": taken.visits_added, "there": taken.already_there}
        say(i18n.say(Sentence(template, file=report.file, **said)))


def _tell(report: Report, say: Say) -> None:
    """The file in a line, then every row with a remark."""
    say(i18n.say(_summary(report)))
    if not report.version:
        say(i18n.gettext("This layout was not met before: compare its columns with last year's."))
    for column in report.unknown_columns:
        say(i18n.say(Sentence(N_("Column {column} is not known and was left out."), column=column)))
    for heading, remarks in (
        (N_("Rows that cannot be taken:"), report.problems),
        (N_("Rows that differ from the register:"), report.differences),
        (N_("Rows to look at, taken all the same:"), report.doubts),
    ):
        if remarks:
            say(i18n.gettext(heading))
        for remark in remarks:
            say(_line(remark))
    if report.gains_agree or report.gains_differ:
        template = N_("N, T, O, B as in the file: {agree}; otherwise: {differ} (ours are computed anew).")
        say(i18n.say(Sentence(template, agree=report.gains_agree, differ=report.gains_differ)))


def _summary(report: Report) -> Sentence:
    template = N_(
        "{file}: {kind}, {read} rows read, {good} good, {there} there already, {bad} cannot be taken."
    )
    counts = {"read": report.rows_read, "good": len(report.good), "there": report.already_there}
    return Sentence(template, file=report.file, kind=report.kind, bad=report.rows_with_problems, **counts)


def _line(remark: RowProblem) -> str:
    template = N_("  row {row}, {column}: {reason}")
    if remark.value:
        template = N_('  row {row}, {column} "{value}": {reason}')
    return i18n.say(
        Sentence(
            template, row=remark.row_number, column=remark.column, value=remark.value, reason=remark.reason
        )
    )
