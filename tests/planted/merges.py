"""Bugs of what an edit means: heads, winners, conflicts, weights."""

from siposyandu.store import SqliteStore
from sync import body, conflicts, edits, fold, heads, intake, unpacking, weights
from sync.log import Kept
from tests.planted import Patch, planted


@planted
def lets_the_latest_clock_win(patch: Patch) -> None:
    """The winner is whose clock says the latest time."""
    patch(
        fold,
        "_precedence",
        lambda kept: (-int("".join(filter(str.isdigit, kept.edit.device_time))), kept.edit.uid),
    )


@planted
def lets_the_last_arrival_win(patch: Patch) -> None:
    """The winner is what came last."""
    patch(fold, "_precedence", lambda kept: (-kept.n, kept.edit.uid))


@planted
def ignores_ranks(patch: Patch) -> None:
    """A word weighs what its author says of herself."""
    patch(Kept, "authority", property(lambda kept: kept.edit.rank))


@planted
def hides_conflicts(patch: Patch) -> None:
    """Two different values are shown as if there were one."""
    patch(conflicts, "review", lambda *_: None)


@planted
def forgets_one_of_several_replaced(patch: Patch) -> None:
    """An edit that replaces several values names only one of them."""
    replaced = edits._replaced

    def fewer(store, entity, values):
        return {field: uids[:1] for field, uids in replaced(store, entity, values).items()}

    patch(edits, "_replaced", fewer)


@planted
def withdraws_without_having_seen(patch: Patch) -> None:
    """A withdrawal names only the withdrawal before it, so that every value looks changed unseen."""

    def only_its_fields(store, entity, values):
        current = heads.current(store, entity)
        return {field: tuple(sorted(current[field])) for field in values if field in current}

    patch(edits, "_replaced", only_its_fields)


@planted
def forgets_what_is_awaited(patch: Patch) -> None:
    """An edit that comes after the one that replaced it is a head again."""
    patch(heads, "_await", lambda *_: None)


@planted
def names_an_edit_by_its_place(patch: Patch) -> None:
    """The uid is made from lane and number, not from what the edit says."""
    patch(
        body,
        "op_hash",
        lambda lane, seq, text: body.sha256(bytes.fromhex(lane) + seq.to_bytes(8, "big")).digest(),
    )


@planted
def lets_an_unknown_author_weigh_for_ever_nothing(patch: Patch) -> None:
    """Nobody looks again at what was written by somebody who is known by now."""
    patch(weights, "recheck", lambda *_: [])


@planted
def says_a_weight_only_when_it_is_less(patch: Patch) -> None:
    """An edit that was given back weighs otherwise where it was kept (found by this simulator)."""
    weigh = weights.weigh_new

    def less(store, new, bearer, rank_of, at):
        weigh(store, new, bearer, rank_of, at)
        for edit in new:
            if (
                edit.origin
                and bearer.rank_ceiling >= edit.rank
                and rank_of(store, edit.user, None) is not None
            ):
                store.run(
                    "update edits set authority = null where uid = $1 and authority = $2", edit.uid, edit.rank
                )

    patch(weights, "weigh_new", less)


@planted
def believes_for_ever_what_was_said_of_its_own(patch: Patch) -> None:
    """What a province said of a laptop's own edits outlives that province (found by this simulator)."""
    patch(weights, "unsay", lambda store: [])


@planted
def finds_no_place_that_the_batch_tells_later(patch: Patch) -> None:
    """An edit names one held here that the batch tells again after it (found by this simulator)."""
    wanted = unpacking._Unpacker._wanted
    patch(unpacking._Unpacker, "_wanted", lambda self, places: wanted(self, places) - set(places))


@planted
def drops_fields_it_does_not_know(patch: Patch) -> None:
    """A field of a later version is left away when an edit is kept."""
    append = intake.log.append

    def known_only(store, lines, at):
        def cut(text):
            return text.replace(",[99,7]", "").replace(',[99,"later"]', "")

        return append(store, [body_line(line, cut(line.text)) for line in lines], at)

    def body_line(line, text):
        return type(line)(line.edit, text, line.chain8)

    patch(intake.log, "append", known_only)


@planted
def tells_only_the_last_edit_to_a_new_area(patch: Patch) -> None:
    """A child who moves comes without her history."""
    from sync import feed

    held = feed._edits_of
    patch(feed, "_edits_of", lambda store, entities: {e: ns[-1:] for e, ns in held(store, entities).items()})


@planted
def keeps_two_places_for_every_edit(patch: Patch) -> None:
    """Every repeat of an edit gets one more place."""
    many = SqliteStore.many

    def doubled(self, sql, rows):
        rows = list(rows)
        many(self, sql, rows)
        if sql.lstrip().startswith("insert into edits"):
            places = [(row[3], row[4], row[1], None) for row in rows]
            many(self, "insert into positions (lane_no, seq, uid, chain8) values ($1, $2, $3, $4)", places)

    patch(SqliteStore, "many", doubled)
