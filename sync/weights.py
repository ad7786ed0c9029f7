"""Weights: what an author's word weighs against another's, decided by the province and the same everywhere.

authority = the smallest of the rank frozen in the edit, the ceiling of the lane that brings it, that of the lane where it
was first written, once that laptop was heard here, and the rank that its author really held. Of an edit that several lanes
bring (written again after a restore) the best word counts. Ordinarily this is simply min(rank, ceiling of the lane where
the edit stands) and costs nothing. Where it is not, the province keeps it with the edit and tells it to every laptop that
has the edit, its author's too.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sync import log, notices
from sync.body import Edit
from sync.chunks import chunks, holes
from sync.ports import RankOf, Store


@dataclass(frozen=True, slots=True)
class Bearer:
    """The lane that brings edits, the highest rank it may carry, and when it was heard before (None: never)."""

    lane: str
    rank_ceiling: int
    heard_at: str | None


def weigh_new(store: Store, edits: Sequence[Edit], bearer: Bearer, rank_of: RankOf, at: str) -> None:
    """Keep what edits weigh that are new at the province, inside `write()`, where their place does not say it.

    A laptop may know an edit that was written again by the lane where it was first written, also the one that brings it,
    or by what this province once said of it: then it is always said, so that all agree.
    An author whom nobody knows here weighs nothing until her record comes (`recheck`).
    """
    held, first = _ranks(store, edits, bearer, rank_of), _first_ceilings(store, edits)
    for edit in edits:
        most, rank = min(_most(edit, first), bearer.rank_ceiling), held[edit.user]
        if rank is None and most:
            sql = "insert into unvouched (uid, author, most) values ($1, $2, $3)"
            store.run(sql, edit.uid, edit.user, most)
        elif rank is not None and rank < most:
            notices.post(store, "rank", bearer.lane, edit.user, at)
        word = min(most, rank or 0)
        if word < most or edit.origin:
            keep(store, {edit.uid: word})


def weigh_again(store: Store, edits: Sequence[Edit], bearer: Bearer, rank_of: RankOf) -> list[str]:
    """Keep what edits weigh that the province held already, if this bearer's word is better; return those uids."""
    held, kept = _ranks(store, edits, bearer, rank_of), log.by_uid(store, [edit.uid for edit in edits])
    first = _first_ceilings(store, edits)
    words = {edit.uid: min(_most(edit, first), bearer.rank_ceiling, held[edit.user] or 0) for edit in edits}
    raised = {uid: word for uid, word in words.items() if uid in kept and word > kept[uid].authority}
    keep(store, raised)
    return list(raised)


def recheck(store: Store, rank_of: RankOf) -> list[str]:
    """Weigh again what authors wrote whom nobody knew, if they are known now; return the uids that weigh more."""
    authors = [row["author"] for row in store.rows("select distinct author from unvouched order by author")]
    known = {author: rank for author in authors if (rank := rank_of(store, author, None)) is not None}
    raised: dict[str, int] = {}
    for author, rank in known.items():
        rows = store.rows("select uid, most from unvouched where author = $1", author)
        most = {row["uid"]: row["most"] for row in rows}
        found = log.by_uid(store, most)
        first = _first_ceilings(store, [kept.edit for kept in found.values()])
        for uid, kept in found.items():
            raised[uid] = min(_most(kept.edit, first), kept.rank_ceiling, most[uid], rank)
        store.run("delete from unvouched where author = $1", author)
    keep(store, raised)
    return list(raised)


def lower(store: Store, lanes: Sequence[str]) -> list[str]:
    """Weigh again, when a laptop is first heard, what others brought of its lanes before; return the uids that weigh less.

    A province that was put back may have been given edits of a lane that it did not know yet.
    """
    lowered: dict[str, int] = {}
    for lane in lanes:
        rows = store.rows(
            """select e.uid, o.rank_ceiling from edits e join lanes o on o.lane_no = e.origin_lane_no
            where o.lane = $1 and e.authority > o.rank_ceiling""",
            lane,
        )
        lowered.update((row["uid"], row["rank_ceiling"]) for row in rows)
    keep(store, lowered)
    return list(lowered)


def take(store: Store, told: Mapping[str, int]) -> list[str]:
    """Keep, on a laptop, what the province says that edits weigh; return the uids of those that weigh otherwise now."""
    kept = log.by_uid(store, told)
    changed = {uid: told[uid] for uid, found in kept.items() if found.authority != told[uid]}
    keep(store, changed)
    return list(changed)


def unsay(store: Store) -> list[str]:
    """Forget, on a laptop, what its province said of the edits of its own lane, inside `write()`; return the uids of those of
    records that are here.

    Such an edit is told back to its laptop only when its word does not weigh as usual; a province put back to an older day
    may find that it does, also of a record that left this laptop and comes back.
    """
    sql = """select uid from edits where authority is not null and lane_no = (select lane_no from sync_self)
        and entity not in (select entity from departed where forgotten > 0) order by n"""
    uids = [row["uid"] for row in store.rows(sql)]
    store.run(
        """update edits set authority = null where authority is not null
        and lane_no = (select lane_no from sync_self)"""
    )
    return uids


def keep(store: Store, words: Mapping[str, int]) -> None:
    """Keep what edits weigh, inside `write()`."""
    store.many("update edits set authority = $2 where uid = $1", sorted(words.items()))


def _most(edit: Edit, first: Mapping[str, int]) -> int:
    """Return the most that an edit may weigh whoever brings it: its rank, and what the lane allows where it was first written."""
    return min(edit.rank, first.get(edit.origin[0], edit.rank)) if edit.origin else edit.rank


def _first_ceilings(store: Store, edits: Iterable[Edit]) -> dict[str, int]:
    """Return lane -> ceiling where edits were first written that others bring, of laptops that were heard here, or whoever
    follows them."""
    found: dict[str, int] = {}
    for part in chunks(sorted({edit.origin[0] for edit in edits if edit.origin})):
        sql = f"""select l.lane, l.rank_ceiling from devices d join lanes l using (lane_no)
            where l.lane in ({holes(part)}) and (d.last_seen_at is not null or exists (select 1 from devices f
                where f.succeeds_no = d.lane_no and f.last_seen_at is not null))"""
        found.update((row["lane"], row["rank_ceiling"]) for row in store.rows(sql, *part))
    return found


def _ranks(store: Store, edits: Iterable[Edit], bearer: Bearer, rank_of: RankOf) -> dict[str, int | None]:
    # Whoever was of that rank at any moment since the laptop was last heard may have written with it in good faith.
    authors = {edit.user for edit in edits}
    return {author: rank_of(store, author, bearer.heard_at) if author else 0 for author in sorted(authors)}
