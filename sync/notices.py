"""Notices: what an administrator should know about laptops and the province, until somebody says it was seen.

kinds: succeeded   a laptop goes on in a new lane (it was restored, copied or re-installed); detail says why
       fork        a laptop tells another story under numbers already used, and cannot heal by itself yet
       restored    this database is a copy of an older day; it goes on, and is sent again what it forgot
       rank        an author wrote with a higher rank than she holds; detail is her id
       many_lanes  from one key new lanes came without end today, and no more is begun before tomorrow
       revoked_again  a laptop that a restored province had forgotten to have revoked was revoked again; detail is its label
"""

from dataclasses import dataclass

from sync.ports import Store


@dataclass(frozen=True, slots=True)
class Notice:
    """One thing to know: its kind, the lane it is about, and in a word why."""

    notice_no: int
    kind: str
    lane: str
    detail: str
    noticed_at: str


def post(store: Store, kind: str, lane: str, detail: str, at: str) -> None:
    """Tell an administrator, inside `write()`; what still waits to be seen is not told twice."""
    store.run(
        """insert into notices (kind, lane, detail, noticed_at) values ($1, $2, $3, $4)
        on conflict (kind, lane) where settled_at is null do nothing""",
        kind, lane, detail, at,
    )  # fmt: skip


def post_anew(store: Store, kind: str, lane: str, detail: str, at: str) -> None:
    """Tell an administrator, inside `write()`; what still waits to be seen is dated as of now."""
    post(store, kind, lane, detail, at)
    sql = "update notices set noticed_at = $3 where kind = $1 and lane = $2 and settled_at is null"
    store.run(sql, kind, lane, at)


def posted_of(store: Store, kind: str, area: str, since: str, until: str) -> bool:
    """Return whether a notice of a kind, seen or not, was told of a laptop of an area between two instants."""
    sql = """select 1 from notices n join lanes l using (lane) join devices d using (lane_no)
        where n.kind = $1 and d.area = $2 and n.noticed_at > $3 and n.noticed_at <= $4"""
    return store.value(sql, kind, area, since, until) is not None


def waiting(store: Store, limit: int = 100) -> list[Notice]:
    """Return what nobody has seen yet, oldest first."""
    sql = """select notice_no, kind, lane, detail, noticed_at from notices where settled_at is null
        order by notice_no limit $1"""
    return [Notice(**row) for row in store.rows(sql, limit)]


def latest(store: Store, kind: str) -> str:
    """Return what the last notice of a kind said, seen or not; empty when there never was one."""
    sql = "select detail from notices where kind = $1 order by notice_no desc limit 1"
    return str(store.value(sql, kind) or "")


def settle(store: Store, notice_no: int, at: str) -> None:
    """Say that a notice was seen, inside `write()`."""
    store.run("update notices set settled_at = $2 where notice_no = $1", notice_no, at)
