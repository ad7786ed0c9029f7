"""Departures: a record that leaves an area is delivered to its new one, confirmed there, and then removed from the old.

At the province: `confirm` when a laptop has read what its area was told, `left_behind` for a laptop that no longer has an area.
On a laptop: `note` what is to be forgotten, and `forget` it when nothing can be lost by it: its own edits are acknowledged,
it owes the province nothing (giving.py), and only those edits of others go that the province itself has told, or that came in
a bundle which this PC could read. Its own lane is never deleted. A record that comes back is told whole again, and its heads
are made anew (`returned`).
"""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from sync import devices, feed, heads, ids, lanes, log, relog, upstream
from sync.body import Edit
from sync.chunks import chunks, holes
from sync.messages import Answer, Request
from sync.ports import Forget, Scope, Store

ASKED_AT_ONCE, BYTES_ASKED = 500, 34  # a name's 17 bytes are at most half of a message
DROPPED_AT_ONCE = 200
EARLY_AT_ONCE = 60  # a kilobyte with each exchange, where they get no answer


# At the province.

_WAITING = "select entity, area from placement where left_n is not null and gone_n is null"


def confirm(store: Store, areas: Collection[str], read_n: int) -> None:
    """Let the areas that records have left forget those that a laptop of their new area has read up to a number."""
    if _confirmed(store, areas, read_n):
        with store.write():  # some may have gone on meanwhile
            feed.tell_gone(store, _confirmed(store, areas, read_n))


def _confirmed(store: Store, areas: Collection[str], read_n: int) -> set[feed.Stay]:
    found: set[feed.Stay] = set()
    for part in chunks(sorted(areas)):
        sql = f"""select p.entity, p.area from placement p where p.left_n is not null and p.gone_n is null
            and exists (select 1 from placement q where q.entity = p.entity and q.left_n is null
            and q.since_n <= $1 and q.area in ({holes(part, 1)}))"""
        found.update((row["entity"], row["area"]) for row in store.rows(sql, read_n, *part))
    return found


def give_up(store: Store, areas: Collection[str], scope: Scope) -> None:
    """Let the areas that records have left forget those that nobody will confirm: records that are placed nowhere, or only
    where no laptop receives them that is believed and at work.

    A laptop of an area that waits makes us look, and then at all that wait: of areas that no laptop receives nobody asks, and
    every exchange passes over what waits there.
    """
    mine = [
        row
        for part in chunks(sorted(areas))
        for row in store.rows(f"{_WAITING} and area in ({holes(part)})", *part)
    ]
    if _unconfirmed(store, mine, scope):
        with store.write():
            feed.tell_gone(store, _unconfirmed(store, store.rows(_WAITING), scope))


def _unconfirmed(store: Store, waiting: Collection[Mapping[str, str]], scope: Scope) -> list[feed.Stay]:
    here = feed.placed(store, [row["entity"] for row in waiting])
    served = devices.served(store, {area for areas in here.values() for area in areas}, scope)
    return [(row["entity"], row["area"]) for row in waiting if served.isdisjoint(here.get(row["entity"], ()))]


def asked_about(store: Store, lane_no: int, request: Request) -> list[str]:
    """Return the records of which a laptop asks whether it is to forget them.

    It names them itself. An earlier version named areas instead, and is told nothing: any laptop could have learnt so which
    children a posyandu has. One that never heard its areas does not know to ask: it has perhaps written for some that it had
    meanwhile.
    """
    if not request.scope_hash:
        return _written_by(store, lane_no)
    said = request.more.get("left")
    if said is None or (isinstance(said, list) and said and isinstance(said[0], list)):
        return []
    named = said[1] if isinstance(said, list) and len(said) > 1 else None
    return ids.listed(named, "records that may have left")


def left_behind(store: Store, asked: Collection[str], areas: Collection[str]) -> list[str]:
    """Return which of the records that a laptop holds belong to none of its areas any more.

    What left an area that it still has, and waits there for somebody else to have it, is left out: the feed will tell.
    """
    here = feed.kept_in(store, asked)
    return [entity for entity in asked if entity in here and here[entity].isdisjoint(areas)]


def _written_by(store: Store, lane_no: int) -> list[str]:
    sql = "select distinct entity from edits where lane_no = $1 order by entity limit $2"
    return [row["entity"] for row in store.rows(sql, lane_no, ASKED_AT_ONCE)]


def lost(store: Store, said: Any) -> dict[str, Any]:
    """Return the remark that names which of the edits that a laptop would delete are not held here.

    All that it names are looked for, however many: what the answer does not name as lost, the laptop deletes.
    """
    if said is None:
        return {}
    asked = ids.listed(said, "edits that would be deleted")
    held = log.held(store, asked)
    return {"lost": [ids.short(uid) for uid in asked if uid not in held]}


# On a laptop.


def note(store: Store, entities: Iterable[str], ack: int) -> None:
    """Note that records are to be forgotten, inside `write()`, as the province said when it held our lane up to `ack`.

    Those that we have changed since are left out: our edit may bring them back, and the province answers to it. One that was
    forgotten may have been changed here, on a page that was open since before: it is to be forgotten once more (2).
    """
    told = sorted(set(entities))
    own_no = lanes.get(store, lanes.own(store)).lane_no if told else 0
    changed: set[str] = set()
    for part in chunks(told):
        sql = f"select entity from edits where lane_no = $1 and seq > $2 and entity in ({holes(part, 2)})"
        changed.update(row["entity"] for row in store.rows(sql, own_no, ack, *part))
    store.many(
        """insert into departed (entity) values ($1) on conflict (entity)
        do update set forgotten = 2 where departed.forgotten = 1""",
        [(entity,) for entity in told if entity not in changed],
    )


def changed_here(store: Store, entity: str) -> None:
    """Take back the note that a record is to be forgotten, inside `write()`: somebody has changed it here meanwhile."""
    store.run("delete from departed where entity = $1 and forgotten = 0", entity)
    store.run("update departed set forgotten = 1 where entity = $1 and forgotten = 2", entity)


def note_areas(store: Store, before: frozenset[str], areas: frozenset[str]) -> None:
    """Note that this laptop has other areas: it asks which of its records are to be forgotten, inside `write()`.

    Not only where one was taken from it: between what it heard it perhaps had others, for which it brought records. One that
    never heard its areas has written for the one it was enrolled for.
    """
    if before != areas and (before or upstream.area(store) not in areas):
        store.run("update sync_upstream set leaving = $1", json.dumps([upstream.hash_of(areas), ""]))


def remark(store: Store) -> dict[str, Any]:
    """Return which of its records a laptop asks about that lost an area, and a puskesmas PC about those that it knows from
    bundles only; and, while it reads everything again, for the edits of its own lane too, which otherwise are not told back:
    what it has forgotten may be its own again."""
    leaving, early, dropped = _leaving(store), _known_early(store), _to_drop(store)
    asked: dict[str, Any] = {"left": ["", early]} if early else {}
    asked |= {"left": [leaving[0], _held_behind(store, leaving[1])]} if leaving else {}
    asked |= {"drop": [ids.short(uid) for uid in dropped]} if dropped else {}
    return asked | ({"own": 1} if reads_anew(store) else {})


def asks_more(now: Mapping[str, Any], said: Mapping[str, Any]) -> bool:
    """Whether a laptop has more to ask than it just did; the same in another order is nothing new."""
    mark, left = now.get("left") or ("", ())
    mark_said, left_said = _asked(said.get("left"))
    is_elsewhere = "left" in now and mark != mark_said
    return is_elsewhere or bool({*left} - {*left_said} or {*now.get("drop", ())} - {*said.get("drop", ())})


def _asked(said: Any) -> tuple[str, Sequence[str]]:
    """Return what was asked of records that may have left; nothing of what no laptop of this version asks: a receipt may answer
    what another program said under this laptop's key."""
    is_ours = isinstance(said, list) and len(said) == 2 and isinstance(said[0], str)
    return (said[0], said[1]) if is_ours else ("", ())


def _held_behind(store: Store, after: str) -> list[str]:
    """Return the next records to ask about, fewer over a road that lets only small messages through."""
    sql = """select distinct entity from edits where entity > $1 and entity not in (select entity from departed)
        order by entity limit $2"""
    return [ids.short(row["entity"]) for row in store.rows(sql, after, _at_once(store))]


def _at_once(store: Store) -> int:
    small = int(store.value("select batch_bytes from sync_upstream")) // BYTES_ASKED
    return min(ASKED_AT_ONCE, small)


def _known_early(store: Store) -> list[str]:
    """Return records that a puskesmas PC knows from bundles and was not told of: perhaps they belong to none of its areas.

    Some get no answer for long, for they are placed nowhere: each day begins with others, or those would keep these waiting.
    """
    if store.value("select 1 from early limit 1") is None:
        return []
    sql = """select distinct e.entity, e.entity < $1 as behind from early join edits e on e.uid = early.uid where e.told = 0
        and e.entity not in (select entity from departed) order by behind, e.entity limit $2"""
    rows = store.rows(sql, upstream.todays_start(store), min(EARLY_AT_ONCE, _at_once(store)))
    return [ids.short(row["entity"]) for row in rows]


def _to_drop(store: Store) -> list[str]:
    """Return edits of others about forgotten records that may be deleted here once the province says that it holds them.

    It may have been put back unseen and have lost what it told; then this laptop is perhaps the last that holds it.
    """
    if store.value("select 1 from departed where forgotten = 1 limit 1") is None:
        return []
    rows = store.rows(
        """select e.uid from edits e where (e.told = 1 or e.uid in (select uid from early))
        and e.lane_no <> (select lane_no from sync_self)
        and e.entity in (select entity from departed where forgotten = 1)
        and not exists (select 1 from positions p where p.uid = e.uid
            and p.lane_no = (select lane_no from sync_self)) order by e.n limit $1""",
        DROPPED_AT_ONCE,
    )
    return [row["uid"] for row in rows]


def has_given_again(store: Store, before: int, after: int) -> bool:
    """Whether the province, that was put back, has the last of our lane again that is about records forgotten here.

    It may have lost that they left: then they are of our area once more, and nobody else can tell us of our own edits.
    """
    if after <= before or store.value("select 1 from departed where forgotten > 0 limit 1") is None:
        return False
    last = store.value(
        """select max(seq) from (
            select e.seq, e.entity, e.lane_no from edits e
            union all select p.seq, e.entity, p.lane_no from edits e join positions p on p.uid = e.uid) as places
        where entity in (select entity from departed where forgotten > 0) and lane_no = (select lane_no from sync_self)"""
    )
    return last is not None and before < last <= after


def regain(store: Store) -> bool:
    """Read everything again where something was forgotten, or is to be, and may be of our areas now, inside `write()`; return
    whether so.

    What is to be forgotten may belong to an added area: what is told again stays (`returned`).
    """
    if store.value("select 1 from departed limit 1") is None:
        return False
    store.run(
        """update sync_upstream set read_n = case when giving <> 0 and read_n > cursor_n then read_n else cursor_n end,
        cursor_n = 0, giving = case when giving = 0 then 2 else giving end"""
    )
    return True


def reads_anew(store: Store) -> bool:
    """Whether a laptop that has forgotten something, or is to, reads everything again; only what was asked with `own` serves."""
    sql = "select 1 from sync_upstream where giving <> 0 and exists (select 1 from departed)"
    return store.value(sql) is not None


def heard(store: Store, said: Mapping[str, Any], answer: Answer) -> None:
    """Note what the province tells to forget, inside `write()`; `said` are the remarks that it answers."""
    more, asked = answer.more, said.get("left")
    if "lost" in more:
        _drop(
            store,
            [ids.full(short) for short in said.get("drop", ())],
            [ids.full(short) for short in more["lost"]],
        )
    note(store, [ids.full(short) for short in more.get("gone", ())], answer.ack)
    if asked is not None:
        _looked_at(store, asked, more.get("left"))


def _looked_at(store: Store, asked: Any, until: Any) -> None:
    """Go on behind what was asked, or `until` where the answer went only so far; an answer about other areas changes nothing."""
    leaving = _leaving(store)
    if leaving is None or leaving[0] != asked[0]:
        return
    last = max(leaving[1], ids.full(until or asked[1][-1])) if asked[1] else leaving[1]
    rest = json.dumps([asked[0], last]) if asked[1] and _held_behind(store, last) else None
    store.run("update sync_upstream set leaving = $1", rest)


def _leaving(store: Store) -> Any:
    said = store.value("select leaving from sync_upstream")
    return json.loads(said) if said else None


def forget(store: Store, forget: Forget) -> int:
    """Forget what is to be forgotten if nothing can be lost by it, inside `write()`; return how many records."""
    due = [
        row["entity"]
        for row in store.rows("select entity from departed where forgotten <> 1 order by entity")
    ]
    if not due or _owes(store):
        return 0
    for part in chunks(due):
        _blank(store, part)
    forget(store, due)
    store.many("update departed set forgotten = 1 where entity = $1", [(entity,) for entity in due])
    return len(due)


def _blank(store: Store, part: Sequence[str]) -> None:
    for table in ("heads", "conflicts"):
        store.run(f"delete from {table} where entity in ({holes(part)})", *part)


def _owes(store: Store) -> bool:
    sql = (
        "select l.last_seq - u.ack + u.giving from sync_self s join lanes l using (lane_no), sync_upstream u"
    )
    return bool(store.value(sql))


def _drop(store: Store, asked: Sequence[str], lost: Sequence[str]) -> None:
    """Delete what the province says that it holds; give back what it has lost. What changed meanwhile is left alone."""
    mine = {*_to_drop(store)}
    told = [
        uid for uid in lost if uid in mine and store.value("select 1 from early where uid = $1", uid) is None
    ]
    relog.carry(store, lanes.get(store, lanes.own(store)), told)
    for part in chunks(sorted({*asked} & mine - {*lost})):
        for table in ("reviews", "early", "positions", "edits"):
            store.run(f"delete from {table} where uid in ({holes(part)})", *part)


def forgotten(store: Store, entities: Iterable[str]) -> set[str]:
    """Return those of the records that were forgotten here: what is left of their edits says nothing whole."""
    if store.value("select 1 from departed limit 1") is None:
        return set()
    found: set[str] = set()
    for part in chunks(sorted(set(entities))):
        sql = f"select entity from departed where forgotten > 0 and entity in ({holes(part)})"
        found.update(row["entity"] for row in store.rows(sql, *part))
    return found


def returned(store: Store, edits: Sequence[Edit]) -> dict[str, list[Edit]]:
    """Make heads anew of records that were forgotten and are told again, inside `write()`; return all their edits."""
    if not edits or store.value("select 1 from departed limit 1") is None:
        return {}
    back = forgotten(store, [edit.entity for edit in edits])
    for part in chunks(sorted({edit.entity for edit in edits})):
        store.run(f"delete from departed where entity in ({holes(part)})", *part)
    heads.rebuild(store, back)
    whole: dict[str, list[Edit]] = {}
    for kept in log.of_entities(store, back):
        whole.setdefault(kept.edit.entity, []).append(kept.edit)
    return whole
