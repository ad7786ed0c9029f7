"""Bugs of copies put back: the province's and a laptop's."""

from sync import answers, checkup, client, departures, epochs, giving, province, relog, stories
from tests.planted import Patch, planted, unproven


@planted
def begins_no_new_epoch(patch: Patch) -> None:
    """A province put back to an older day goes on as if nothing had happened."""
    begin = epochs.begin

    def first_only(store, at, token_bytes):
        if store.value("select 1 from epochs") is None:
            begin(store, at, token_bytes)
        return epochs.current(store)

    patch(epochs, "begin", first_only)


@planted
def does_not_set_a_cursor_back(patch: Patch) -> None:
    """A laptop that read more than a province put back still has goes on reading where it was."""
    patch(epochs, "cursor_now", lambda store, request: request.cursor)
    patch(giving, "begin", lambda store, at, apply: None)


@unproven
def counts_a_cursor_of_any_feed(patch: Patch) -> None:
    """A cursor is believed though a province that was put back unsaid has told other things under its number."""
    patch(stories, "is_ours", lambda store, request: True)


@planted
def gives_nothing_back(patch: Patch) -> None:
    """What a province put back has lost of others stays lost."""

    def nothing(store):
        store.run("update sync_upstream set giving = 0")
        return False

    patch(giving, "finish", nothing)


@unproven
def writes_in_the_provinces_old_lane(patch: Patch) -> None:
    """After a restore the province uses numbers again that it has forgotten."""
    patch(epochs.lanes, "renew_own", lambda store, token: epochs.lanes.own(store))


@planted
def counts_never(patch: Patch) -> None:
    """No check-up ever finds a province that was put back unsaid."""
    patch(checkup, "doubt", lambda *_: {})
    patch(province, "_notice_put_back", lambda *_: None)


@planted
def writes_again_under_new_names(patch: Patch) -> None:
    """An edit that goes on in a new lane forgets where it was first written."""
    moved = relog._moved

    def nameless(store, old, edit, new):
        then = moved(store, old, edit, new)
        sql = "update edits set origin_lane_no = null, origin_seq = null where lane_no = $1 and seq = $2"
        store.run(sql, then.lane_no, then.last_seq)
        return then

    patch(relog, "_moved", nameless)


@planted
def drops_what_was_not_shared(patch: Patch) -> None:
    """A laptop that begins a new lane drops the edits that the province has not."""

    def dropped(store, old, after, new):
        store.run("delete from edits where lane_no = $1 and seq > $2", old.lane_no, after)
        return new

    patch(relog, "move", dropped)


@planted
def makes_no_room(patch: Patch) -> None:
    """An edit told under a number that another edit has here is thrown away."""
    patch(relog, "make_room", lambda *_: None)


@unproven
def weighs_what_was_set_aside_by_its_new_lane(patch: Patch) -> None:
    """An edit set aside weighs what its new lane may carry (found by this simulator)."""
    patch(relog, "_keep_weight", lambda *_: None)


@unproven
def ends_a_lane_for_a_word_about_another(patch: Patch) -> None:
    """Two exchanges at once begin two new lanes (found by this simulator)."""
    from dataclasses import replace

    def at_once(laptop, asked, refusal, turn=client.ONE_REQUEST):
        client.begin_anew(laptop, client.lanes.own(laptop.store), refusal)
        return replace(turn, lives=1, again=True)

    patch(client, "_begin_anew", at_once)


@planted
def never_forgets_who_left(patch: Patch) -> None:
    """A child who moved stays on the laptop of the area she left."""
    patch(departures, "forget", lambda *_: 0)


@planted
def forgets_before_it_is_kept(patch: Patch) -> None:
    """A laptop forgets a child who left with all that was typed there, sent or not."""

    def all_of_it(store, part):
        for entity in part:
            store.run("delete from positions where uid in (select uid from edits where entity = $1)", entity)
            store.run("delete from reviews where entity = $1", entity)
            store.run("delete from edits where entity = $1", entity)
            store.run("delete from heads where entity = $1", entity)

    patch(departures, "_owes", lambda store: False)
    patch(departures, "_blank", all_of_it)


@unproven
def says_it_holds_what_it_lost(patch: Patch) -> None:
    """A province that was put back says that it holds whatever a laptop would delete (seed 1476 found the like)."""
    patch(departures, "lost", lambda store, said: {} if said is None else {"lost": []})


@planted
def does_not_take_back_who_returns(patch: Patch) -> None:
    """A child of the laptop's own stays forgotten when her area comes back (found by this simulator)."""
    patch(departures, "regain", lambda store: False)
    patch(departures, "reads_anew", lambda store: False)


@planted
def tells_every_area(patch: Patch) -> None:
    """A laptop is told of children of every area."""
    from sync import pulls, reading

    def everywhere(areas, *rest):
        return reading.Reader(frozenset({"melati", "mawar", "kenanga"}), *rest)

    patch(pulls, "Reader", everywhere)


@planted
def believes_any_answer_of_a_chain(patch: Patch) -> None:
    """A laptop does not notice that another story is acknowledged."""
    patch(answers, "check", lambda *_: None)
