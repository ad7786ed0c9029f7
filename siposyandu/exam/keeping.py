"""The trials of this machine: begun, answered one after the other, and their scores. They never leave it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from siposyandu.errors import NotFound
from siposyandu.exam import marking, trial
from siposyandu.exam.case import Case
from siposyandu.periods import instant_text, local_date, parse_instant
from siposyandu.store import Store


@dataclass(frozen=True)
class Answered:
    """One answer: what was typed, whether it is right, and how many seconds after the case was shown."""

    typed: str
    is_right: bool
    seconds: int


@dataclass(frozen=True)
class Trial:
    """One worker's trial: its cases and the answers so far, in order."""

    exam_no: int
    worker: str
    day: date
    cases: Sequence[Case]
    answers: Sequence[Answered]

    @property
    def is_over(self) -> bool:
        """Whether every case was answered."""
        return len(self.answers) == len(self.cases)

    @property
    def score(self) -> int:
        """How many answers are right."""
        return sum(answer.is_right for answer in self.answers)

    @property
    def seconds(self) -> int:
        """How long all answers took."""
        return sum(answer.seconds for answer in self.answers)


def begin(store: Store, worker: str, seed: str, now: datetime) -> int:
    """Begin a trial; returns its number."""
    with store.write():
        store.run(
            "insert into exam (worker, seed, day, started_at) values ($1, $2, $3, $4)",
            worker,
            seed,
            local_date(now).isoformat(),
            instant_text(now),
        )
        return int(store.value("select max(exam_no) from exam where worker = $1", worker))


def found(store: Store, exam_no: int, worker: str) -> Trial:
    """Return a worker's own trial. NotFound for another's and for one there never was."""
    row = store.one("select * from exam where exam_no = $1 and worker = $2", exam_no, worker)
    if row is None:
        raise NotFound(f"no trial {exam_no} of this worker")
    day = date.fromisoformat(row["day"])
    answers = _answers(store, exam_no, parse_instant(row["started_at"]))
    return Trial(exam_no, worker, day, trial.draw(row["seed"], day), answers)


def _answers(store: Store, exam_no: int, shown_at: datetime) -> list[Answered]:
    """Return the answers in order; a case is shown when the one before was answered."""
    sql = "select typed, is_right, answered_at from exam_answer where exam_no = $1 order by number"
    answers = []
    for row in store.rows(sql, exam_no):
        answered_at = parse_instant(row["answered_at"])
        seconds = max(0, round((answered_at - shown_at).total_seconds()))
        answers.append(Answered(row["typed"], bool(row["is_right"]), seconds))
        shown_at = answered_at
    return answers


def answer(store: Store, asked: Trial, number: int, typed: str, now: datetime) -> None:
    """Keep the answer to the case that is next; one that was answered already stays as it is. Raises FormError."""
    if number != len(asked.answers) or asked.is_over:
        return
    is_right = marking.is_right(asked.cases[number], typed)
    with store.write():
        store.run(
            """insert into exam_answer (exam_no, number, typed, is_right, answered_at) values ($1, $2, $3, $4, $5)
            on conflict (exam_no, number) do nothing""",
            asked.exam_no,
            number,
            typed.strip(),
            int(is_right),
            instant_text(now),
        )


def scores(store: Store, worker: str, at_most: int) -> list[dict[str, int | str]]:
    """Return a worker's last trials that are over: number, day, score, the newest first."""
    return store.rows(
        """select exam.exam_no, exam.day, sum(exam_answer.is_right) as score from exam
        join exam_answer on exam_answer.exam_no = exam.exam_no where exam.worker = $1
        group by exam.exam_no, exam.day having count(*) = $2 order by exam.exam_no desc limit $3""",
        worker,
        len(trial.ALL),
        at_most,
    )
