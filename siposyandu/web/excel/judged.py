"""What is found about a row that came back: what it would write, what is wrong with it, what is asked about it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from forms import Form, Sentence
from siposyandu.web.excel.comparing import Change
from siposyandu.web.look_again import RIGHT, Look

SAME, READY, ASKS, REFUSED = "same", "ready", "asks", "refused"
PART = "|"


@dataclass(frozen=True)
class Answers:
    """What was ticked on the page: questions that were answered with yes, and cells to write over somebody else's."""

    asked: frozenset[str] = frozenset()
    over: frozenset[str] = frozenset()

    def of(self, number: int) -> "Answers":
        """Return the answers about one row."""
        head = f"{number}{PART}"
        return Answers(*(frozenset(_behind(head, keys)) for keys in (self.asked, self.over)))


def _behind(head: str, keys: Collection[str]) -> list[str]:
    return [key.removeprefix(head) for key in keys if key.startswith(head)]


NO_ANSWERS = Answers()


@dataclass(frozen=True)
class Judged:
    """One row: whose it is, and what came of it. `entity` is None where a new record would be made."""

    number: int
    who: str
    form: Form
    entity: str | None = None
    changes: Sequence[Change] = ()
    errors: Sequence[tuple[str, Sentence]] = ()
    look: Look = field(default_factory=lambda: Look({}, {}, ()))
    answers: Answers = NO_ANSWERS
    values: Mapping[str, Any] = field(default_factory=dict)
    alike: Sequence[Mapping[str, Any]] = ()
    family: Mapping[str, Any] = field(default_factory=dict)

    @property
    def open(self) -> Look:
        """The questions that were not answered."""
        return self.look.still_open(self.answers.asked, RIGHT)

    @property
    def over(self) -> list[Change]:
        """The cells that somebody else has changed meanwhile."""
        return [change for change in self.changes if change.theirs is not None]

    @property
    def weight(self) -> int:
        """How many changes saving it makes: a new record is one, a corrected one as many as its cells."""
        return 1 if self.entity is None else len(self.changes) - len(self.over)

    @property
    def state(self) -> str:
        """Where the row stands: SAME, READY, ASKS or REFUSED."""
        if self.errors:
            return REFUSED
        if not self.changes:
            return SAME
        return READY if self.values and not self.open.doubts else ASKS

    @property
    def corrects_a_visit(self) -> bool:
        """Whether saving it would change a visit that stands already: that needs a reason."""
        return self.form.name == "balita" and self.entity is not None

    def is_ticked(self, kind: str, key: str) -> bool:
        """Whether the page's box of that kind ("asked", "over") was ticked."""
        return key in getattr(self.answers, kind)


def named(errors: Mapping[str, Sequence[Sentence]], form: Form) -> list[tuple[str, Sentence]]:
    """Return the errors of a check with the words of their columns."""
    labels = {name: described.label for name, described in form.by_name.items()}
    return [(labels.get(name, name), sentence) for name, said in errors.items() for sentence in said]
