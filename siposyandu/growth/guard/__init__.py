"""The measurement guard: does a new measurement fit this child's own past, before it is saved?

Nothing is refused here. Each doubt becomes a question to the kader, who measures again or confirms; both measures are
kept. GUARD.md beside this package says how many faults are caught and how often the guard is wrong, by fault and age.

measured       a child, a visit, a question
readings       a measure as z among other children, with the error of measuring
tracks         what to expect of this child at its next visit, and how surely
birth_dates    do the measures fit another birth date far better?
typing_slips   grams for kilograms, a comma, digits that changed places
copies         were last time's values written again?
case           a new measurement beside the child's past
entries        questions about faults of writing
surprises      questions about measures that were not to be expected
checks         the checks in their order
"""

from siposyandu.growth.guard.checks import questions
from siposyandu.growth.guard.measured import Child, Question, Visit

__all__ = ["Child", "Question", "Visit", "questions"]
