"""Write the good rows of a checked file, through the one write path. Taking a file twice adds nothing."""

from collections.abc import Iterable
from dataclasses import dataclass

from forms import BY_NAME
from siposyandu import access, people, records, tally
from siposyandu.imports.report import Child, Entry, Report, Values
from siposyandu.records import Pen
from siposyandu.store import Store

ROWS_AT_ONCE = 50
PERSON, FAMILY, BALITA = BY_NAME["person"], BY_NAME["family"], BY_NAME["balita"]


@dataclass
class Taken:
    """What was written, and how many rows of the file were in the register already."""

    children_added: int = 0
    visits_added: int = 0
    already_there: int = 0


def take(store: Store, report: Report, pen: Pen) -> Taken:
    """Write a report's good rows, some at a time, so that a kader can save between them.

    Raises NotAllowed before the first when one is of a posyandu not hers. Stopped half way, it goes on when run again.
    """
    _require_all(store, pen, {str(entry.said["posyandu"]) for entry in report.good})
    taken = Taken(already_there=report.already_there)
    for start in range(0, len(report.good), ROWS_AT_ONCE):
        with store.write():
            for entry in report.good[start : start + ROWS_AT_ONCE]:
                _take(store, pen, entry, taken)
            tally.settle(store)
    return taken


def _require_all(store: Store, pen: Pen, posyandu_ids: Iterable[str]) -> None:
    """A health worker or kader imports for her posyandu; a data officer for those of the area she keeps."""
    for posyandu_id in sorted(posyandu_ids):
        officer = access.may_keep_places(pen.who) and access.may_view_posyandu(store, pen.who, posyandu_id)
        access.require(
            officer or access.may_enter(store, pen.who, posyandu_id), f"import for posyandu {posyandu_id}"
        )


def _take(store: Store, pen: Pen, entry: Entry, taken: Taken) -> None:
    if entry.child.id is None:
        taken.children_added += _keep_child(store, pen, entry.child)
    if entry.visit is None:
        return
    person = entry.child.id
    # Asked again inside the transaction: somebody may have typed it since the check.
    if store.one(
        "select id from balita where person = $1 and visit_date = $2 and retracted = 0",
        person,
        entry.visit["visit_date"],
    ):
        taken.already_there += 1
        return
    visit = {"person": person, "posyandu": entry.said["posyandu"], **entry.visit}
    records.save(store, pen, BALITA, visit, count=False)
    taken.visits_added += 1


def _keep_child(store: Store, pen: Pen, child: Child) -> bool:
    """Give the child its id; False when somebody registered its NIK since the check."""
    nik = child.values.get("nik")
    kept = people.by_nik(store, str(nik)) if nik else None
    if kept is not None:
        child.id = kept["id"]
        return False
    values = dict(child.values)
    if child.family:
        values["family"] = _family_id(store, pen, child.family)
    child.id = records.save(store, pen, PERSON, values, count=False)
    return True


def _family_id(store: Store, pen: Pen, family: Values) -> str:
    """The family with this card in this posyandu, made if need be."""
    kept = store.value(
        "select id from family where kk_number = $1 and posyandu = $2 and retracted = 0",
        family["kk_number"],
        family["posyandu"],
    )
    return str(kept) if kept else records.save(store, pen, FAMILY, family)
