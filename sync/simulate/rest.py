"""At rest: the roads heal, everybody exchanges until nothing is new, and every copy must be what the oracle says."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sync import devices, fold, reading, upstream
from sync.body import RETRACTED
from sync.checkup import MOST_UNSETTLED
from sync.instants import DAY_S
from sync.reading import Reader
from sync.simulate import people, relaying
from sync.simulate.laptops import Seat
from sync.simulate.notebook import NOTE, POISON, notebook, row_of

if TYPE_CHECKING:
    from sync.simulate.season import Season

ROUNDS = 12  # of exchanges in which everything must become quiet
_EDITS = """select e.uid, e.entity, e.body, e.authority, l.rank_ceiling, l.lane, e.seq, o.lane as origin_lane, e.origin_seq
    from edits e join lanes l on l.lane_no = e.lane_no left join lanes o on o.lane_no = e.origin_lane_no"""
_HEARD = """select l.lane from devices d join lanes l using (lane_no) where d.last_seen_at is not null
    or exists (select 1 from devices f where f.succeeds_no = d.lane_no and f.last_seen_at is not null)"""
_PLACES = """select p.uid, l.lane, p.seq from positions p join lanes l using (lane_no)
    union all select e.uid, l.lane, e.seq from edits e join lanes l using (lane_no)"""


def heal(season: "Season") -> None:
    """Let the roads heal, exchange until nothing is new, and look at everything."""
    season.say("the roads heal")
    season.healed()
    surviving = {seat.number: _believed(season, _uids(seat.store)) for seat in season.seats}
    at_province, carried = _uids(season.world.province.store), relaying.carried(season)
    for seat in season.seats:
        people.last_word(season, seat)
    quiet = any(_round(season) for _ in range(ROUNDS))
    refused = {seat.number for seat in season.seats if _is_refused(season, seat) or _lies(season, seat)}
    require = season.oracle.require
    require("I11", quiet, f"not quiet after {ROUNDS} rounds: {sorted(season.memory.refused.items())}")
    held = at_province.union(*(uids for number, uids in surviving.items() if number not in refused))
    for fingerprint in carried.keys() - relaying.refused(season):
        held |= _believed(season, carried[fingerprint])
    season.say("everything is at rest")
    require("I2", held <= season.watch.uids, "an edit that survived is not at the province")
    look(season, [seat for seat in season.seats if seat.number not in refused])


def _is_refused(season: "Season", seat: Seat) -> bool:
    """Return whether a laptop is kept out because the administrator revoked it, or the one it was copied from."""
    return season.memory.refused.get(seat.number) == "revoked" and seat.root in season.memory.revoked_roots


def _lies(season: "Season", seat: Seat) -> bool:
    return seat.root in season.memory.liars


def _believed(season: "Season", uids: set[str]) -> set[str]:
    """Return edits without those that were typed on laptops no longer believed, or that lie: a PC may carry them, and the
    province need not take them."""
    typed, roots = season.oracle.typed, season.oracle.roots
    outcasts = season.memory.revoked_roots | season.memory.liars
    return {uid for uid in uids if uid not in typed or roots.get(typed[uid].place[0]) not in outcasts}


def _round(season: "Season") -> bool:
    """Let a day pass and everybody exchange; return whether nothing was new for anybody."""
    season.now_s += DAY_S
    season.memory.refused.clear()
    quiet, before = True, season.watch.feed_n
    for seat in season.seats:
        quiet = _is_quiet(season, seat) and quiet
    for pc in relaying.carriers(season):
        quiet = relaying.carries_nothing_new(season, pc) and quiet
    return quiet and season.watch.feed_n == before


def _is_quiet(season: "Season", seat: Seat) -> bool:
    """Let a laptop exchange; return whether nothing was new, and whether the province can count what it was told before."""
    counted = _can_be_counted(season, seat)
    outcome = season.exchange(seat)
    if outcome is None:
        return _is_refused(season, seat)
    return counted and (outcome.requests, outcome.acknowledged, outcome.received) == (1, 0, 0)


def _can_be_counted(season: "Season", seat: Seat) -> bool:
    """Whether the province can count what a laptop was told: it cannot while many records leave its areas (checkup.py), and would
    then not find out that the two do not agree."""
    province = season.world.province.store
    device = devices.find(province, seat.lane)
    if device is None:
        return True
    cursor = int(seat.store.value("select cursor_n from sync_upstream"))
    reader = Reader(
        season.world.scope(province, seat.lane), device.lane_no, cursor, device.read_n, device.read_in
    )
    return len(reading.unsettled(province, reader)) <= MOST_UNSETTLED


def _uids(store: Any) -> set[str]:
    return {row["uid"] for row in store.rows("select uid from edits")}


@dataclass
class Copy:
    """What one store holds and shows."""

    edits: dict[str, dict[str, Any]]
    weights: dict[str, int]
    heads: dict[str, dict[int, frozenset[str]]]
    rows: dict[str, tuple[Any, ...]]
    conflicts: set[tuple[str, int]]


def look(season: "Season", seats: list[Seat]) -> None:
    """Look at every copy by itself, then compare them."""
    province = season.world.province.store
    require, theirs = season.oracle.require, whole(season, province, "at the province")
    _history(season, province)
    _weights(season, province, theirs, anybody=bool(seats))
    areas: dict[str, set[str]] = {}
    for row in province.rows("select entity, area from placement where left_n is null"):
        areas.setdefault(row["area"], set()).add(row["entity"])
    served = {area for seat in seats for area in season.world.scope(province, seat.lane)}
    confirmed = set().union(
        *(areas.get(area, set()) for area in served)
    )  # by a laptop of the area they went to
    for seat in seats:
        ours = whole(season, seat.store, f"on laptop {seat.number}")
        scope = season.world.scope(province, seat.lane)
        mine = set().union(*(areas.get(area, set()) for area in scope))
        _agree(season, seat, ours, theirs, mine)
        require(
            "I10",
            not (ours.rows.keys() & confirmed) - mine,
            f"laptop {seat.number} still shows children who left",
        )
        waiting = seat.store.one(
            "select l.last_seq, u.ack from sync_self s join lanes l using (lane_no), sync_upstream u"
        )
        require("I11", waiting["last_seq"] == waiting["ack"], "something waits for ever")


def read_whole(season: "Season", seat: Seat) -> None:
    """I5: after its power went, a laptop holds whatever its cursor has passed."""
    province, state = (
        season.world.province.store,
        seat.store.one("select epoch, cursor_n, giving from sync_upstream"),
    )
    device = None if _lies(season, seat) else devices.find(province, seat.lane)
    areas = season.world.scope(province, seat.lane) if device else frozenset()
    if device is None or state["epoch"] != season.world.epoch() or state["epoch"] == season.watch.unnoticed:
        return
    if not state["giving"] and upstream.scope(seat.store) == areas:
        told = reading.told(
            province, Reader(areas, device.lane_no, state["cursor_n"], device.read_n, device.read_in)
        )
        lost = told - _uids(seat.store)
        departed = {row["entity"] for row in seat.store.rows("select entity from departed")}
        lost = {uid for uid in lost if season.oracle.typed[uid].entity not in departed}
        season.oracle.require("I5", not lost, "a cursor has passed what was not kept")


def _its_own(season: "Season", seat: Seat, entity: str) -> bool:
    """Whether a child was registered on this laptop: then it was not told of her."""
    edit = season.oracle.typed.get(entity)
    return edit is not None and season.oracle.roots.get(edit.place[0]) == seat.root


def whole(season: "Season", store: Any, where: str) -> Copy:
    """I6, I7, I12, I13: a copy is exactly what follows from the set of edits it holds, each as it was typed."""
    oracle, require = season.oracle, season.oracle.require
    edits = {row["uid"]: row for row in store.rows(_EDITS)}
    for uid, row in edits.items():
        edit = oracle.typed.get(uid)
        origin = (row["origin_lane"] or row["lane"], row["origin_seq"] or row["seq"])
        as_typed = edit is not None and (edit.entity, edit.text, edit.place) == (
            row["entity"],
            row["body"],
            origin,
        )
        require("I13", as_typed, f"an edit is not as it was typed, {where}")
    copy = _copy(season, store, edits)
    for row in store.rows("select entity from departed where forgotten > 0"):
        copy.heads.pop(row["entity"], None)  # what is left of it here says nothing whole
    for entity, found in copy.heads.items():
        require(
            "I6", found == oracle.heads(entity, edits), f"heads do not follow from the edits held, {where}"
        )
    places = [(row["lane"], row["seq"]) for row in store.rows(_PLACES)]
    require("I13", len(places) == len(set(places)), f"two edits under one number, {where}")
    _shown(season, copy, where)
    return copy


def _copy(season: "Season", store: Any, edits: dict[str, dict[str, Any]]) -> Copy:
    typed = season.oracle.typed
    heads: dict[str, dict[int, frozenset[str]]] = {row["entity"]: {} for row in edits.values()}
    for uid in heads.keys() & edits.keys() & typed.keys():
        heads[uid] = dict.fromkeys(typed[uid].values, frozenset([uid]))
    found: dict[tuple[str, int], set[str]] = {}
    for row in store.rows("select entity, field, uid from heads"):
        found.setdefault((row["entity"], row["field"]), set()).add(row["uid"])
    for (entity, number), uids in found.items():
        heads.setdefault(entity, {})[number] = frozenset(uids)
    rows = {entity: tuple(rest) for entity, *rest in (row.values() for row in notebook(store))}
    open_ones = store.rows("select entity, field from conflicts where closed_at is null")
    weights = {uid: _authority(row, typed[uid].rank) for uid, row in edits.items() if uid in typed}
    return Copy(edits, weights, heads, rows, {(row["entity"], row["field"]) for row in open_ones})


def _shown(season: "Season", copy: Copy, where: str) -> None:
    """I6, I7: what the application shows is the winner of the heads, and differing heads are an open conflict."""
    typed, require = season.oracle.typed, season.oracle.require
    for entity, heads in copy.heads.items():
        if entity not in copy.edits:
            continue  # the child itself has not arrived
        values = {number: typed[_winner(copy, uids)].values[number] for number, uids in heads.items()}
        if values.get(NOTE) == POISON:
            copy.rows.pop(
                entity, None
            )  # what the application showed last, before it could not stand it any more
            continue
        shown = row_of(values)
        require("I6", copy.rows.get(entity) == shown, f"the notebook does not show the winners, {where}")
        for number, uids in heads.items():
            differ = len({typed[uid].values[number] for uid in uids}) > 1
            is_told = (entity, number) in copy.conflicts
            if number >= 0 or (number == RETRACTED and (differ or values[number] is None)):
                require("I7", differ == is_told, f"a conflict is hidden or made up, {where}")


def _winner(copy: Copy, uids: frozenset[str]) -> str:
    return min((-copy.weights.get(uid, 0), uid) for uid in uids)[1]


def _authority(row: dict[str, Any], rank: int) -> int:
    return int(min(rank, row["rank_ceiling"]) if row["authority"] is None else row["authority"])


def _agree(season: "Season", seat: Seat, ours: Copy, theirs: Copy, mine: set[str]) -> None:
    """I1: a laptop holds and shows the children of its areas as the province does."""
    require, where = season.oracle.require, f"laptop {seat.number}"
    for entity in sorted(mine):
        several = ours.conflicts or theirs.conflicts
        alike = [
            (
                {uid: copy.weights[uid] for uid in season.oracle.of_entity[entity] if uid in copy.edits},
                copy.heads.get(entity),
                copy.rows.get(entity),
                {pair for pair in copy.conflicts if pair[0] == entity} if several else (),
            )
            for copy in (ours, theirs)
        ]
        require("I1", alike[0] == alike[1], f"{where} and the province differ about {entity[:8]}")


def _history(season: "Season", province: Any) -> None:
    """I8: every edit can be shown, with its author, laptop and time."""
    for entity in season.chance.sample(sorted(season.oracle.of_entity), min(3, len(season.oracle.of_entity))):
        held = {uid for uid in season.oracle.of_entity[entity] if uid in season.watch.uids}
        told = {line.edit.uid for line in fold.history(province, entity)}
        season.oracle.require("I8", told == held, "an edit cannot be shown")


def _weights(season: "Season", province: Any, copy: Copy, *, anybody: bool) -> None:
    """I1: a word weighs the smallest of the rank said, the rank held, the best ceiling of the lanes that brought it, and
    the ceiling of the lane where it was typed, if the province has heard that laptop or the one that follows it.

    Of what a bundle brought that tells another story (arrivals.keep_otherwise) no row says which laptop it was.
    """
    oracle, ranks, ceilings = season.oracle, season.world.ranks, _best_ceilings(season, province, copy)
    heard = {row["lane"] for row in province.rows(_HEARD)}
    unvouched = {row["uid"] for row in province.rows("select uid from unvouched")}
    oracle.require("I1", not (unvouched and anybody), "an author who is known is still not vouched for")
    for uid, weight in copy.weights.items():
        edit = oracle.typed[uid]
        counts = edit.place[0] in heard or _is_written_again_there(season, copy.edits[uid])
        typed = oracle.ceilings.get(edit.place[0], 4) if counts else 4
        most = 0 if uid in unvouched else min(edit.rank, ranks.get(edit.user, 0), typed)
        true = {min(most, ceiling) for ceiling in ceilings[uid]}
        oracle.require("I1", weight in true, f"the word of rank {edit.rank} does not weigh {sorted(true)}")


def _best_ceilings(season: "Season", province: Any, copy: Copy) -> dict[str, set[int]]:
    """Return uid -> the best ceiling of the lanes that brought it: one, or several of which it may be."""
    known = season.oracle.ceilings
    best: dict[str, int] = {}
    for row in province.rows(_PLACES):
        is_brought = row["lane"] in known or copy.edits[row["uid"]]["origin_lane"] is None
        best[row["uid"]] = max(best.get(row["uid"], 0), known.get(row["lane"], 4) if is_brought else 0)
    return {
        uid: {max(least, ceiling) for ceiling in known.values()}
        if _is_written_again_there(season, copy.edits[uid])
        else {least}
        for uid, least in best.items()
    }


def _is_written_again_there(season: "Season", row: dict[str, Any]) -> bool:
    """Whether an edit of a laptop stands in a lane of the province's own: it was told by that laptop's bundle."""
    return row["origin_lane"] is not None and row["lane"] not in season.oracle.ceilings
