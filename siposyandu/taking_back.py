"""Taking back the last save: a slip noticed at once is undone as if the button had not been pressed, and can be done again.

A record that was just made is withdrawn; a correction gives the old values back. Both are edits like any other, so they
travel, and the history keeps what was saved, that it was taken back, and by whom. Only one's own save of this sitting is
taken back, the last one first, and only while nobody else has changed the record and nothing else depends on it.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

import forms
from forms import Form, Ref
from siposyandu import records
from siposyandu.access import Worker
from siposyandu.errors import Refused
from siposyandu.records import FORM_FIELD, Pen
from siposyandu.store import Store, Value
from sync import fold, lanes, log
from sync.body import ATTESTED, RETRACTED, Edit
from sync.fold import HistoryLine

IN_ITS_PLACE = {
    "person": """select 1 from person other join person p on p.id = $1 where other.id <> p.id and other.retracted = 0
        and other.posyandu = p.posyandu and other.birth_date = p.birth_date and other.name = p.name""",
    "balita": """select 1 from balita other join balita b on b.id = $1 where other.id <> b.id and other.retracted = 0
        and other.person = b.person and other.visit_date = b.visit_date""",
    "home_visit": """select 1 from home_visit other join home_visit h on h.id = $1 where other.id <> h.id
        and other.retracted = 0 and other.person = h.person and other.visit_date = h.visit_date""",
    "referral_return": """select 1 from referral_return other join referral_return r on r.id = $1 where other.id <> r.id
        and other.retracted = 0 and other.visit = r.visit
        and (other.returned_date = r.returned_date or other.came_to <> 'not_yet')""",
}
"""Forms whose saves may be taken back, each with the question whether another record has come into a record's place."""
REASON = "correction_reason"
LOOKED_BACK = 40

STANDS, TAKEN_BACK, CHANGED = "stands", "taken back", "changed"


@dataclass(frozen=True)
class Saved:
    """One save: its edit and the form of its record."""

    edit: Edit
    form: Form

    @property
    def made(self) -> bool:
        """Whether it made the record; otherwise it corrected it."""
        return self.edit.kind == "create"


def last(store: Store, who: Worker, since: str) -> Saved | None:
    """Return the last save of a worker on this machine since an instant, if it can be taken back; else None."""
    for edit in _written_here(store):
        if edit.user != who.id or edit.device_time < since:
            continue
        form = _form_of(store, edit.entity)
        if form is None or edit.kind not in ("create", "set") or ATTESTED in edit.values:
            continue
        state = _state(store, edit, form)
        if state != TAKEN_BACK:
            return Saved(edit, form) if state == STANDS else None
    return None


def take_back(store: Store, pen: Pen, saved: Saved, words: str) -> str:
    """Take a save back, with the words that the history keeps as the reason; returns the uid of the edit that does it."""
    with store.write():
        family = _made_with(store, saved)
        if saved.made:
            records.retract(store, pen, saved.edit.entity, words)
        else:
            old = before(store, saved.edit) | _reason(saved.form, words)
            records.choose(store, pen, saved.edit.entity, old, words)
        done = fold.history(store, saved.edit.entity)[-1].edit.uid
        if family:
            records.retract(store, pen, family, words)
        return done


def taken_back(store: Store, who: Worker, uid: str) -> Saved | None:
    """Return what a worker's edit took back, while that is the last word about the record; None otherwise."""
    kept = log.by_uid(store, [uid]).get(uid)
    if kept is None or kept.edit.user != who.id or not _takes_back(kept.edit):
        return None
    lines = fold.history(store, kept.edit.entity)
    form = _form_of(store, kept.edit.entity)
    if form is None or lines[-1].edit.uid != uid:
        return None
    undone = _undone(lines, kept.edit)
    return None if undone is None or undone.user != who.id else Saved(undone, form)


def do_again(store: Store, pen: Pen, saved: Saved, words: str) -> None:
    """Let a save that was taken back stand again; Refused where another record has come into its place."""
    with store.write():
        if not saved.made:
            records.choose(store, pen, saved.edit.entity, saved.edit.values)
            return
        _must_be_free(store, saved)
        records.restore(store, pen, saved.edit.entity, words)
        family = store.value(
            "select f.id from person p join family f on f.id = p.family where p.id = $1 and f.retracted = 1",
            saved.edit.entity,
        )
        if family:
            records.restore(store, pen, family, words)


def _takes_back(edit: Edit) -> bool:
    return edit.kind == "retract" or (edit.kind == "set" and ATTESTED in edit.values)


def _written_here(store: Store) -> Iterator[Edit]:
    """Yield the last edits of this machine's lane, newest first."""
    lane = lanes.get(store, lanes.own(store))
    first = max(1, lane.last_seq - LOOKED_BACK + 1)
    yield from reversed(log.stretch(store, lane.lane, first, LOOKED_BACK))


def _form_of(store: Store, entity: str) -> Form | None:
    made = log.by_uid(store, [entity]).get(entity)
    form = forms.BY_NUMBER.get(int(made.edit.values.get(FORM_FIELD) or 0)) if made else None
    return form if form is not None and form.name in IN_ITS_PLACE else None


def _state(store: Store, edit: Edit, form: Form) -> str:
    lines = fold.history(store, edit.entity)
    current = {field: line.edit for line in lines for field in line.current}
    if edit.kind == "create":
        withdrawn = current.get(RETRACTED)
        if withdrawn is not None and withdrawn.values[RETRACTED] is not None:
            return TAKEN_BACK
        alone = all(line.edit.user == edit.user for line in lines)
        return STANDS if alone and not _depends(store, form, edit.entity) else CHANGED
    shown = [current.get(field) for field in edit.values]
    if all(each is not None and each.uid == edit.uid for each in shown):
        return STANDS if _one_before(edit, {line.edit.uid for line in lines}) else CHANGED
    back = all(each is not None and each.user == edit.user and _takes_back(each) for each in shown)
    return TAKEN_BACK if back else CHANGED


def _one_before(edit: Edit, known: Collection[str]) -> bool:
    """Whether one value stood in each field before; what two people had said at once could not be given back."""
    return all(len(uids) == 1 and uids[0] in known for uids in edit.preds.values())


def _depends(store: Store, form: Form, entity: str) -> bool:
    """Whether a record that stands refers to this one: a child who was weighed or visited is not unregistered."""
    return any(
        store.value(f"select 1 from {other.name} where {field.column} = $1 and retracted = 0 limit 1", entity)
        for other in forms.ALL
        for field in other.fields
        if isinstance(field, Ref) and field.to == form.name
    )


def before(store: Store, edit: Edit) -> dict[int, Value]:
    """Return what an edit's fields said before it."""
    earlier = {field: uids[0] for field, uids in edit.preds.items()}
    kept = log.by_uid(store, earlier.values())
    return {
        field: kept[earlier[field]].edit.values.get(field) if field in earlier else None
        for field in edit.values
    }


def _reason(form: Form, words: str) -> dict[int, Value]:
    return {form.by_column[REASON].number: words} if REASON in form.by_column else {}


def _undone(lines: list[HistoryLine], back: Edit) -> Edit | None:
    if back.kind == "retract":
        return lines[0].edit if lines[0].edit.kind == "create" else None
    seen = {uid for uids in back.preds.values() for uid in uids}
    return next(
        (line.edit for line in reversed(lines) if line.edit.uid in seen and line.edit.kind == "set"), None
    )


def _made_with(store: Store, saved: Saved) -> str | None:
    """Return the family that was written with a child's registration, where nobody else belongs to it."""
    if saved.form.name != "person" or not saved.made:
        return None
    family = store.value("select family from person where id = $1", saved.edit.entity)
    lines = fold.history(store, family) if family else []
    others = "select 1 from person where family = $1 and id <> $2 and retracted = 0"
    alone = bool(lines) and all(line.edit.user == saved.edit.user for line in lines)
    just_before = alone and lines[-1].edit.seq == saved.edit.seq - 1 and len(lines) == 1
    return family if just_before and not store.value(others, family, saved.edit.entity) else None


def _must_be_free(store: Store, saved: Saved) -> None:
    if store.value(IN_ITS_PLACE[saved.form.name], saved.edit.entity):
        raise Refused("something else was saved in its place")
