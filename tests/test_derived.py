"""Where a child belonged, and that one late weighing mends the months after it."""

from siposyandu.derived import Assignment, Stay, stays


def test_a_child_that_never_moved_has_one_open_stay() -> None:
    assert stays([Assignment("melati", "2026-01-05")], None) == [Stay("melati", "2026-01-05", None)]


def test_a_move_ends_one_stay_where_the_next_begins() -> None:
    assert stays([Assignment("melati", "2026-01-05"), Assignment("kenanga", "2026-08-10")], None) == [
        Stay("melati", "2026-01-05", "2026-08-10"),
        Stay("kenanga", "2026-08-10", None),
    ]


def test_a_move_that_was_a_mistake_leaves_no_trace_once_corrected() -> None:
    said = [
        Assignment("melati", "2026-01-05"),
        Assignment("kenanga", "2026-08-10"),
        Assignment("melati", "2026-01-05"),
    ]
    assert stays(said, None) == [Stay("melati", "2026-01-05", None)]


def test_a_child_that_died_or_left_belongs_nowhere_afterwards() -> None:
    assert stays([Assignment("melati", "2026-01-05")], "2026-08-20") == [
        Stay("melati", "2026-01-05", "2026-08-20")
    ]


def test_moving_back_home_makes_three_stays() -> None:
    said = [
        Assignment("melati", "2026-01-05"),
        Assignment("kenanga", "2026-03-01"),
        Assignment("melati", "2026-06-01"),
    ]
    assert stays(said, None) == [
        Stay("melati", "2026-01-05", "2026-03-01"),
        Stay("kenanga", "2026-03-01", "2026-06-01"),
        Stay("melati", "2026-06-01", None),
    ]
