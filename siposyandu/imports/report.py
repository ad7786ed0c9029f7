"""What a check of a file says: which rows can be taken, which cannot and why. Nothing has been written."""

from dataclasses import dataclass, field

from forms import Sentence, Stored

Values = dict[str, Stored]


@dataclass(frozen=True)
class RowProblem:
    """One remark about one row: the column as the file calls it, the value as it stands there, and the reason."""

    row_number: int
    column: str
    value: str
    reason: Sentence


@dataclass(eq=False)
class Child:
    """A child whom rows are about: kept already (`id`), or to be made of `values` (and `family`)."""

    id: str | None
    values: Values
    family: Values = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Entry:
    """A row that can be taken: makes its child if that has no id yet, and a visit if it has one.

    `said` is who the child is by this row; `gain` the file's own N, T, O or B.
    """

    row_number: int
    child: Child
    said: Values
    visit: Values | None
    gain: str = ""

    @property
    def told(self) -> Values:
        """What the row is for: the visit, or without one the child."""
        return self.said if self.visit is None else self.visit


@dataclass
class Report:
    """The outcome of checking one file whole.

    `rows_read` = good rows + rows already there + rows with problems. `doubts` are questions about good rows,
    which are taken all the same; `differences` tell where the register has another value: it is not overwritten.
    `unknown_columns` mean nothing to us. Gains count how often our N, T, O, B is the file's.
    """

    file: str
    kind: str
    version: str
    rows_read: int = 0
    good: list[Entry] = field(default_factory=list)
    already_there: int = 0
    problems: list[RowProblem] = field(default_factory=list)
    doubts: list[RowProblem] = field(default_factory=list)
    differences: list[RowProblem] = field(default_factory=list)
    unknown_columns: tuple[str, ...] = ()
    gains_agree: int = 0
    gains_differ: int = 0

    @property
    def rows_with_problems(self) -> int:
        """How many rows have at least one problem."""
        return len({problem.row_number for problem in self.problems})

    @property
    def clean(self) -> bool:
        """Whether no row is refused and none differs from the register."""
        return not self.problems and not self.differences
