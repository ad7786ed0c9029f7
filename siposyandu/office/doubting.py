"""Looks through the visits that came to the province and marks those whose day is doubtful (dates.py), as the program's own
edit: it travels to the laptops like a correction, and there too the visit does not count until somebody decides.

Each edit is looked at once when it is new, and again when a laptop's clock is found wrong afterwards, for it tells at its
next contact. Whatever a person has decided about a day is never doubted again.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import chain
from typing import Any

import forms
from siposyandu import access, records
from siposyandu.office import dates
from siposyandu.office.dates import BIRTH, Written
from siposyandu.periods import local_date, parse_instant
from siposyandu.records import Pen
from siposyandu.store import Store
from sync import devices, fold, heads, lanes, log
from sync.body import Edit
from sync.chunks import chunks, holes
from sync.log import Kept

Row = dict[str, Any]

VISITS, CLOCKS = "visits", "clocks"
AT_ONCE, PORTIONS = 500, 40
"""How many edits are looked at together, and how many times in one run: other jobs wait meanwhile."""
FORM = forms.BY_NAME["balita"]
DAY, DOUBT = (FORM.by_column[column].number for column in ("visit_date", "date_doubt"))
DAY_S = 24 * 3600


@dataclass(frozen=True)
class _Lane:
    """A laptop's lane: when the laptop joined, and at which instants its clock was found off by how many days."""

    joined: date | None = None
    off: Mapping[str, int] = field(default_factory=dict)


def look(store: Store, pen: Pen) -> int:
    """Mark the visits that came since the last look and whose day is doubtful; returns how many. Only at the province."""
    if not lanes.is_province(store):
        return 0
    marked = 0
    for visits in chain(_new(store), _with_wrong_clock(store)):
        marked += _mark(store, pen, visits)
    return marked + _born_later(store, pen)


def _new(store: Store) -> Iterator[list[str]]:
    """Yield the visits of new edits, and those of children whose card is new or changed, some hundred at a time."""
    after = _looked(store, VISITS)
    upto = min(store.value("select max(n) from edits") or 0, after + AT_ONCE * PORTIONS)
    while after < upto:
        until = min(upto, after + AT_ONCE)
        rows = store.rows(
            """select b.id from edits e join balita b on b.id = e.entity where e.n > $1 and e.n <= $2
            union select b.id from edits e join person p on p.id = e.entity join balita b on b.person = p.id
            where e.n > $1 and e.n <= $2 and b.visit_date < p.birth_date and b.date_doubt is null""",
            after,
            until,
        )
        yield [row["id"] for row in rows]
        _keep(store, VISITS, until)
        after = until


def _with_wrong_clock(store: Store) -> Iterator[list[str]]:
    """Yield the visits that laptops brought at contacts of which it turned out that their clocks were wrong."""
    newest = store.value("select max(finding_no) from clock_findings") or 0
    rows = store.rows(
        """select distinct b.id from clock_findings f
        join edits e on e.lane_no = f.lane_no and e.received_at = f.found_at
        join balita b on b.id = e.entity
        where f.finding_no > $1 and f.finding_no <= $2 and b.date_doubt is null order by b.id""",
        _looked(store, CLOCKS),
        newest,
    )
    yield [row["id"] for row in rows]
    _keep(store, CLOCKS, newest)


def _mark(store: Store, pen: Pen, visits: Sequence[str]) -> int:
    """Write down what the rule says of visits. Nobody waits for the look; only what was found is looked at in a transaction."""
    found = [row["id"] for row, _ in _judged(store, visits)]
    if not found:
        return 0
    with store.write():
        still = _judged(store, found)
        for row, why in still:
            records.save(store, Pen(pen.lane, access.PROGRAM, pen.at), FORM, {"date_doubt": why}, row["id"])
    return len(still)


def _judged(store: Store, visits: Sequence[str]) -> list[tuple[Row, str | None]]:
    """Return the visits of which the rule says something else than they do: a day corrected meanwhile is believed again."""
    said = list(_said(store, list(_rows(store, visits))))
    known = _lanes(store, {_lane(kept.edit) for _, kept in said})
    judged = [
        (row, dates.doubt(_written(row, kept, known.get(_lane(kept.edit), _Lane())))) for row, kept in said
    ]
    return [(row, why) for row, why in judged if why != row["date_doubt"]]


def _lane(edit: Edit) -> str:
    return edit.origin[0] if edit.origin else edit.lane


def _rows(store: Store, visits: Sequence[str]) -> Iterator[Row]:
    for part in chunks(visits):
        yield from store.rows(
            f"""select b.id, b.visit_date, b.date_doubt, p.birth_date from balita b left join person p on p.id = b.person
            where b.id in ({holes(part)}) and b.retracted = 0 and b.visit_date is not null order by b.id""",
            *part,
        )


def _said(store: Store, rows: Sequence[Row]) -> Iterator[tuple[Row, Kept]]:
    """Yield visits with the edit that said the day as it stands, but not those of which a person has decided since.

    Nearly always that is the edit that made the visit; only where others said something later the history is asked.
    """
    ids = [row["id"] for row in rows]
    later = {entity for entity, field in heads.of(store, ids) if field in (DAY, DOUBT)}
    made = log.by_uid(store, ids)
    for row in rows:
        plain = row["id"] in made and row["id"] not in later
        kept = made[row["id"]] if plain else _said_last(store, row)
        if kept is not None and DAY in kept.edit.values:
            yield row, kept


def _said_last(store: Store, row: Row) -> Kept | None:
    found: Kept | None = None
    for line in fold.history(store, row["id"]):
        edit = line.edit
        if DOUBT in edit.values and edit.values[DOUBT] is None:
            found = None
        elif edit.values.get(DAY) == row["visit_date"] and DAY in line.current:
            found = Kept(line.n, line.received_at, edit.rank, edit)
    return found


def _written(row: Row, said: Kept, lane: _Lane) -> Written:
    received = local_date(parse_instant(said.received_at))
    return Written(
        date.fromisoformat(row["visit_date"]),
        date.fromisoformat(row["birth_date"]) if row["birth_date"] else None,
        _clock_date(said.edit.device_time, received),
        received,
        lane.joined,
        lane.off.get(said.received_at, 0),
    )


def _clock_date(device_time: str, otherwise: date) -> date:
    """Return the day that the laptop's clock showed; what is no instant says nothing about a clock."""
    try:
        return local_date(parse_instant(device_time))
    except ValueError:
        return otherwise


def _lanes(store: Store, wanted: Collection[str]) -> dict[str, _Lane]:
    """Return what is known of lanes. A laptop that went on in a new lane joined when its first one did."""
    found: dict[str, _Lane] = {}
    for lane in wanted:
        device = first = devices.find(store, lane)
        while first is not None and first.succeeds:
            first = devices.find(store, first.succeeds)
        if device is not None:
            rows = store.rows(
                "select found_at, offset_s from clock_findings where lane_no = $1", device.lane_no
            )
            off = {row["found_at"]: round(row["offset_s"] / DAY_S) for row in rows}
            joined = local_date(parse_instant(first.enrolled_at)) if first and first.enrolled_at else None
            found[lane] = _Lane(joined, off)
    return found


def _born_later(store: Store, pen: Pen) -> int:
    """Believe visits again that lay before the birth, once day or birth date was corrected."""
    rows = store.rows(
        """select b.id from balita b join person p on p.id = b.person
        where b.date_doubt = $1 and b.visit_date >= p.birth_date order by b.id""",
        BIRTH,
    )
    with store.write():
        for row in rows:
            records.save(store, Pen(pen.lane, access.PROGRAM, pen.at), FORM, {"date_doubt": None}, row["id"])
    return len(rows)


def _looked(store: Store, what: str) -> int:
    return int(store.value("select upto from looked where what = $1", what) or 0)


def _keep(store: Store, what: str, upto: int) -> None:
    with store.write():
        store.run(
            """insert into looked (what, upto) values ($1, $2)
            on conflict (what) do update set upto = excluded.upto""",
            what,
            upto,
        )
