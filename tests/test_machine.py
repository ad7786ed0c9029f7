"""This machine: what the program may ask of it, and what it must not cost."""

import gc

from siposyandu.machine import look_past_what_stays


def test_what_is_there_from_the_start_is_not_searched_for_rubbish_again_and_what_comes_later_is() -> None:
    stays, found = [["from the start"]], []
    look_past_what_stays()
    try:
        later = [["afterwards"]]
        searched = {id(each) for each in gc.get_objects()}
        found = [id(each) in searched for each in (stays, later)]
    finally:
        gc.unfreeze()
    assert found == [False, True]
