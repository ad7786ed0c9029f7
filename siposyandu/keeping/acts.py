"""What keepers decided about laptops and what they sent: who, when and why. Kept at the province, never taken back."""

from dataclasses import dataclass

from siposyandu.access import Worker
from siposyandu.errors import Refused
from siposyandu.store import Store

REVOKED, REPLACED, RELEASED, PUT_ASIDE, SEEN, SETTLED = (
    "revoked", "replaced", "released", "put_aside", "seen", "settled",
)  # fmt: skip


@dataclass(frozen=True)
class Act:
    """One decision: its kind (REVOKED ...), what it is about, why, by whom and when."""

    kind: str
    about: str
    why: str
    worker_name: str
    acted_at: str


def note(store: Store, who: Worker, kind: str, about: str, said: tuple[str, str]) -> None:
    """Write a decision down, inside `write()`; `said` is why, and when."""
    why, at = said
    store.run(
        "insert into office_act (kind, about, why, worker, acted_at) values ($1, $2, $3, $4, $5)",
        kind,
        about,
        why,
        who.id,
        at,
    )


def reason(typed: str) -> str:
    """Return a reason without needless blanks. Refused when there is none."""
    why = " ".join(typed.split())
    if not why:
        raise Refused("this is done with a reason")
    return why[:200]


def of(store: Store, *about: str) -> list[Act]:
    """Return what was decided about some things, newest first."""
    marks = ", ".join(f"${number}" for number in range(1, len(about) + 1))
    rows = store.rows(
        f"""select a.kind, a.about, a.why, w.name as worker_name, a.acted_at from office_act a
        left join worker w on w.id = a.worker where a.about in ({marks}) order by a.act_no desc""",
        *about,
    )
    return [Act(**{**row, "worker_name": row["worker_name"] or ""}) for row in rows]
