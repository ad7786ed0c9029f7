"""Remarks on the rows of one file, kept in its report: problems, doubts, differences."""

from typing import NoReturn

from forms import N_, Checked, Form, Sentence
from siposyandu.imports import comparing
from siposyandu.imports.drafts import Draft
from siposyandu.imports.report import Child, Report, RowProblem, Values


class BadRow(Exception):
    """This row cannot be taken; why is in the report already."""


class Remarks:
    """Writes remarks into a report, each beside its row, column and value as the file has them."""

    def __init__(self, report: Report) -> None:
        self.report = report
        self._told: set[tuple[int, str, str]] = set()

    def refuse(self, draft: Draft, meaning: str, reason: Sentence) -> NoReturn:
        """Keep a problem and leave the row."""
        self.problem(draft, meaning, reason)
        raise BadRow

    def problem(self, draft: Draft, meaning: str, reason: Sentence) -> None:
        """Keep a problem: the row will not be taken."""
        self.report.problems.append(RowProblem(draft.row_number, *draft.place(meaning), reason))

    def doubt(self, draft: Draft, meaning: str, reason: Sentence) -> None:
        """Keep a question about a row that is taken all the same."""
        self.report.doubts.append(RowProblem(draft.row_number, *draft.place(meaning), reason))

    def hear(self, draft: Draft, form: Form, checked: Checked) -> None:
        """Keep what a form says of a row; errors make the row bad."""
        for name, sentences in checked.questions.items():
            for sentence in sentences:
                self.doubt(draft, f"{form.name}.{name}", sentence)
        for name, sentences in checked.errors.items():
            for sentence in sentences:
                self.problem(draft, f"{form.name}.{name}", sentence)
        if checked.errors:
            raise BadRow

    def differ(self, draft: Draft, form: Form, child: Child, kept: Values, new: Values) -> None:
        """Tell where the register has another value than the row, once for each child, field and value."""
        for name, value in comparing.differences(form, kept, new):
            column, said = draft.place(f"{form.name}.{name}")
            if (id(child), column, said) not in self._told:
                self._told.add((id(child), column, said))
                reason = Sentence(N_("The register has {kept}: it is not overwritten."), kept=value or "-")
                self.report.differences.append(RowProblem(draft.row_number, column, said, reason))

    def waver(self, draft: Draft, form: Form, kept: Values, new: Values) -> None:
        """Tell where an earlier row of the same new child has another value: the earlier one is taken."""
        for name, value in comparing.differences(form, kept, new):
            reason = Sentence(N_("An earlier row has {kept}, which is taken."), kept=value or "-")
            self.doubt(draft, f"{form.name}.{name}", reason)
