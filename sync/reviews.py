"""Edits to look at: kept and acknowledged although the application could not make a record of them.

A signed edit that can be read is never refused, or one bad record would stop all the good ones behind it.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from sync import log
from sync.body import Edit
from sync.chunks import chunks, holes
from sync.ports import Apply, Store

LONGEST_PROBLEM = 500


@dataclass(frozen=True, slots=True)
class Review:
    """One edit that waits to be looked at, and what the application said."""

    uid: str
    entity: str
    problem: str
    flagged_at: str


def flag(store: Store, edits: Iterable[Edit], problem: str, at: str) -> None:
    """Remember edits that the application could not apply, those that are in the log.

    What it said may quote the edit: of that, what no database holds is left away, or one bad record would stop all behind it.
    """
    said = problem.replace("\0", "").encode(errors="replace").decode()[:LONGEST_PROBLEM]
    store.many(
        """insert into reviews (uid, entity, problem, flagged_at)
        select $1, $2, $3, $4 where exists (select 1 from edits where uid = $1)
        on conflict (uid) do update set problem = excluded.problem, settled_at = null""",
        [(edit.uid, edit.entity, said, at) for edit in edits],
    )


def known(store: Store, uids: Iterable[str]) -> set[str]:
    """Return which of these edits wait to be looked at, or did."""
    found = set[str]()
    for part in chunks(sorted(set(uids))):
        rows = store.rows(f"select uid from reviews where uid in ({holes(part)})", *part)
        found.update(row["uid"] for row in rows)
    return found


def settle(store: Store, entity: str, at: str) -> None:
    """Say that the edits of a record were looked at, or could be applied after all."""
    store.run("update reviews set settled_at = $2 where entity = $1 and settled_at is null", entity, at)


def settle_seen(store: Store, entity: str, upto: int, at: str) -> None:
    """Say that the edits of a record up to a number of the log were looked at, inside `write()`: others may have come since."""
    sql = """update reviews set settled_at = $3 where entity = $1 and settled_at is null
        and uid in (select uid from edits where entity = $1 and n <= $2)"""
    store.run(sql, entity, upto, at)


def again(store: Store, entity: str, apply: Apply, at: str) -> bool:
    """Try once more to make a record of edits that could not be applied, after an upgrade for instance; return whether
    it went well. What still fails stays here, with what is said of it now."""
    edits = [kept.edit for kept in log.of_entities(store, [entity])]
    with store.write():
        try:
            with store.write():
                apply(store, edits)
        except (MemoryError, OSError):  # the machine failed, and says nothing about this record
            raise
        except Exception as error:  # whatever the application raises is about these edits
            sql = "select uid from reviews where entity = $1 and settled_at is null"
            open_ones = {row["uid"] for row in store.rows(sql, entity)}
            problem = f"{type(error).__name__}: {error}"
            flag(store, [edit for edit in edits if edit.uid in open_ones], problem, at)
            return False
        settle(store, entity, at)
    return True


def waiting(store: Store, limit: int = 100) -> list[Review]:
    """Return the edits that wait to be looked at, oldest first."""
    sql = """select uid, entity, problem, flagged_at from reviews where settled_at is null
        order by flagged_at, uid limit $1"""
    return [Review(**row) for row in store.rows(sql, limit)]
