"""Who may see, enter and correct what: a few small questions, asked everywhere in the same way.

A worker has one role and one area. Kader enter for their own posyandu; a bidan desa or tenaga gizi corrects within
hers; dinas kabupaten and province see counts, and correct only as data officers, with a reason (PROTOCOL.md 3.2).
"""

from collections.abc import Mapping
from dataclasses import dataclass

import forms
from siposyandu import places
from siposyandu.errors import NotAllowed, NotFound
from siposyandu.store import Store
from sync import fold, log
from sync.body import RETRACTED

RANKS = {"kader": 1, "bidan_desa": 2, "tenaga_gizi": 3, "dinas_kabupaten": 4, "provinsi": 4}
HEALTH_WORKERS = frozenset({"bidan_desa", "tenaga_gizi"})
WEIGHERS = frozenset({"kader", "bidan_desa", "tenaga_gizi"})
KEEPERS = frozenset({"tenaga_gizi", "dinas_kabupaten", "provinsi"})


@dataclass(frozen=True)
class Worker:
    """A person who works with the records: id, name, role and the area she answers for."""

    id: str
    name: str
    role: str
    area: str

    @property
    def rank(self) -> int:
        """Her authority when two people wrote different values."""
        return RANKS.get(self.role, 0)


PROGRAM = Worker("", "", "", "")
"""The program itself, where it writes without anybody at the keyboard: its word weighs nothing against a person's."""


def worker(store: Store, worker_id: str) -> Worker | None:
    """Return a worker who is still at work, or None."""
    row = store.one(
        "select id, name, role, area from worker where id = $1 and retracted = 0 and active = 1", worker_id
    )
    return None if row is None or row["role"] not in RANKS else Worker(**row)


def worker_named(store: Store, name: str) -> Worker:
    """Return the one worker at work with that user name or name; NotFound otherwise."""
    rows = store.rows(
        "select id from worker where (username = $1 or name = $1) and retracted = 0 and active = 1", name
    )
    found = worker(store, rows[0]["id"]) if len(rows) == 1 else None
    if found is None:
        raise NotFound(f"no one worker is called {name}")
    return found


def rank_held(store: Store, worker_id: str, since: str | None) -> int | None:
    """Return the highest rank a worker held at any moment since an instant (None: ever), as this place came to know it.

    0 while she was not at work; None when nobody knows her. Later roles count from when their record came here.
    """
    numbers = {column: forms.BY_NAME["worker"].by_column[column].number for column in ("role", "active")}
    held: list[int] = []
    state: dict[str, object] = {"role": "", "active": 0, "retracted": None}
    for line in log.of_entities(store, [worker_id]):
        if not fold.written_at_the_province(line):
            continue  # whoever wrote a program of her own would give herself a rank
        said = line.edit.values
        state = {column: said.get(number, state[column]) for column, number in numbers.items()} | {
            "retracted": said.get(RETRACTED, state["retracted"])
        }
        if since is not None and line.received_at <= since:
            held.clear()
        held.append(_rank_in(state))
    return max(held, default=None)


def _rank_in(state: Mapping[str, object]) -> int:
    at_work = state["active"] == 1 and state["retracted"] is None
    return RANKS.get(str(state["role"]), 0) if at_work else 0


def may_view_posyandu(store: Store, who: Worker, posyandu_id: str) -> bool:
    """Whether the numbers of a posyandu lie within her area."""
    return places.holds(store, who.area, posyandu_id)


def may_view_people(store: Store, who: Worker, posyandu_id: str) -> bool:
    """Whether she may read names: kader and health workers of the area; kabupaten and province see counts."""
    return who.role in WEIGHERS and places.holds(store, who.area, posyandu_id)


def may_enter(store: Store, who: Worker, posyandu_id: str) -> bool:
    """Whether she may register and weigh here."""
    return may_view_people(store, who, posyandu_id)


def may_vouch(who: Worker, colleague: Worker, *, has_pin: bool) -> bool:
    """Whether she may open the door for a colleague who sets a PIN: a first one, or as a health worker a new one."""
    return colleague.rank <= who.rank and (not has_pin or who.role in HEALTH_WORKERS)


def may_keep_places(who: Worker) -> bool:
    """Whether she may keep the list of puskesmas, posyandu and workers of her area."""
    return who.role in KEEPERS


def require(allowed: bool, what: str) -> None:
    """Refuse what a person may not do; NotAllowed says what it was."""
    if not allowed:
        raise NotAllowed(what)
