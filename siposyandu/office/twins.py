"""The same thing twice: a child weighed twice on one day, a NIK on two cards, one child registered twice.

Both are kept, for the program cannot know which is right. Of two visits of a day one counts, by the tally's rule: the one
whose id sorts last. A child who is registered twice counts twice until her cards are joined (siposyandu/joined_cards.py).
A pair that somebody said to be two children's is not listed any more; one NIK on both stays until it is corrected.
"""

from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import combinations
from typing import Any

from siposyandu import joined_cards
from siposyandu.access import WEIGHERS, Worker
from siposyandu.alike import finding
from siposyandu.office import reach
from siposyandu.store import Store
from sync.chunks import chunks, holes

Row = dict[str, Any]

LISTED_AT_MOST = 200
LOOK_BACK_DAYS = 400
COMPARED_AT_MOST, COUNTED_AT_MOST = 5000, 600
"""Of how many children cards that look alike are looked for: when the page is opened, and for a number beside a link."""
SAME_DAY, SAME_NIK, SAME_CHILD = "same_day", "same_nik", "same_child"


@dataclass(frozen=True)
class Twins:
    """Records that seem to be one: which kind, and the rows (visits with `person`, or people), the one that counts last.

    `ask` are the two cards of her area to be compared: those that nobody has said to be two children's. `two_children`
    where that was said of all.
    """

    kind: str
    rows: tuple[Row, ...]
    ask: tuple[str, ...] = ()
    two_children: bool = False


def same_day(store: Store, who: Worker, today: date) -> list[Twins]:
    """Return the visits of a child on one day, where there are several, of the last thirteen months, newest first."""
    inside, area = reach.posyandu_within(who.area)
    rows = store.rows(
        f"""select b.id, b.person, b.visit_date, b.weight_g, b.length_height_mm, child.name as child_name,
            home.name as posyandu_name, coalesce(g.counts_weight, 0) as counts
        from (
            select visit.person, visit.visit_date from balita visit left join posyandu home on home.id = visit.posyandu
            where visit.retracted = 0 and visit.visit_date >= $2 and {inside.replace("home_id", "visit.posyandu")}
            group by visit.person, visit.visit_date having count(*) > 1
            order by visit.visit_date desc, visit.person limit $3) twice
        join balita b on b.person = twice.person and b.visit_date = twice.visit_date and b.retracted = 0
        left join balita_growth g on g.id = b.id left join person child on child.id = b.person
        left join posyandu home on home.id = b.posyandu order by b.visit_date desc, b.person, b.id""",
        area,
        (today - timedelta(days=LOOK_BACK_DAYS)).isoformat(),
        LISTED_AT_MOST,
    )
    return _grouped(SAME_DAY, rows, ("person", "visit_date"))


_PERSON = (
    "child.id, child.id as person, child.name as child_name, child.nik, child.birth_date, child.mother_name"
)


def same_nik(store: Store, who: Worker) -> list[Twins]:
    """Return the people with one NIK, where one of them belongs to her area."""
    inside, area = reach.posyandu_within(who.area)
    rows = store.rows(
        f"""select {_PERSON}, home.name as posyandu_name, case when {inside.replace("home_id", "child.posyandu")}
            then 1 else 0 end as hers
        from (select nik from person where nik is not null and retracted = 0 group by nik having count(*) > 1) twice
        join person child on child.nik = twice.nik and child.retracted = 0
        left join posyandu home on home.id = child.posyandu order by child.nik, child.id""",
        area,
    )
    return _hers(_grouped(SAME_NIK, rows, ("nik",)))


def same_child(store: Store, who: Worker) -> list[Twins]:
    """Return the people of one name, birth date and mother's name, where one of them belongs to her area."""
    inside, area = reach.posyandu_within(who.area)
    rows = store.rows(
        f"""select {_PERSON}, twice.folded, twice.mother, home.name as posyandu_name,
            case when {inside.replace("home_id", "child.posyandu")} then 1 else 0 end as hers
        from (select lower(name) as folded, birth_date, lower(mother_name) as mother from person
            where retracted = 0 and birth_date is not null and mother_name is not null
            group by lower(name), birth_date, lower(mother_name) having count(*) > 1) twice
        join person child on child.birth_date = twice.birth_date and lower(child.name) = twice.folded
            and lower(child.mother_name) = twice.mother and child.retracted = 0
        left join posyandu home on home.id = child.posyandu order by child.birth_date, twice.folded, child.id""",
        area,
    )
    return _hers(_grouped(SAME_CHILD, rows, ("birth_date", "folded", "mother")))


def look_alike(store: Store, who: Worker, at_most: int = COMPARED_AT_MOST) -> list[Twins]:
    """Return two by two the children of her area who look like one child, however they are written (alike/).

    Nothing where more children belong to her area than are compared, or where she may only count.
    """
    inside, area = reach.posyandu_within(who.area)
    rows = store.rows(
        f"""select child.*, child.id as person, child.name as child_name, home.name as posyandu_name, 1 as hers
        from person child left join posyandu home on home.id = child.posyandu
        where child.retracted = 0 and {inside.replace("home_id", "child.posyandu")} order by child.id limit $2""",
        area,
        at_most + 1,
    )
    if len(rows) > at_most or who.role not in WEIGHERS:
        return []
    return [Twins(SAME_CHILD, (dict(pair.one), dict(pair.other))) for pair in finding.pairs(rows)]


def children(store: Store, who: Worker, at_most: int = COMPARED_AT_MOST) -> tuple[list[Twins], list[Twins]]:
    """Return the cards of one NIK, and those that seem to be one child's by what is written, none of them twice."""
    apart = joined_cards.apart(store)
    by_nik = same_nik(store, who)
    alike = _beyond(by_nik, same_child(store, who))
    further = _beyond([*by_nik, *alike], look_alike(store, who, at_most))
    asked = [_asking(twins, apart) for twins in (*alike, *further)]
    return (
        [_asking(twins, apart) for twins in by_nik][:LISTED_AT_MOST],
        [twins for twins in asked if not twins.two_children][:LISTED_AT_MOST],
    )


def _beyond(known: Sequence[Twins], found: Sequence[Twins]) -> list[Twins]:
    """What is found and does not stand whole in one of the known."""
    groups = [{row["id"] for row in twins.rows} for twins in known]
    return [twins for twins in found if not any({row["id"] for row in twins.rows} <= ids for ids in groups)]


def said_apart(store: Store, who: Worker) -> list[Row]:
    """Return the pairs of cards of her area that were said to be two children's, each once, with both names."""
    inside, area = reach.posyandu_within(who.area)
    pairs = {frozenset((said["one"], said["other"])): said for said in joined_cards.said_apart(store)}
    ids = sorted(set().union(*pairs))
    here = {
        row["id"]: row
        for part in chunks(ids)
        for row in store.rows(
            f"""select child.id, child.name, case when {inside.replace("home_id", "child.posyandu")} then 1 else 0 end as hers
            from person child left join posyandu home on home.id = child.posyandu
            where child.retracted = 0 and child.id in ({holes(part, 1)})""",
            area,
            *part,
        )
    }
    return [
        {**said, "names": [here[said[end]]["name"] for end in ("one", "other")]}
        for said in pairs.values()
        if said["one"] != said["other"]
        and all(here.get(said[end], {}).get("hers") for end in ("one", "other"))
    ][:LISTED_AT_MOST]


def _pairs(rows: Iterable[Row]) -> list[tuple[str, str]]:
    return list(combinations([row["id"] for row in rows], 2))


def _asking(twins: Twins, apart: Container[frozenset[str]]) -> Twins:
    hers = _pairs(row for row in twins.rows if row["hers"])
    return replace(
        twins,
        ask=next((pair for pair in hers if frozenset(pair) not in apart), ()),
        two_children=all(frozenset(pair) in apart for pair in _pairs(twins.rows)),
    )


def count(store: Store, who: Worker, today: date) -> int:
    """Return how much seems to be there twice in a worker's area. It looks through all people kept here: for a laptop."""
    return len(same_day(store, who, today)) + sum(map(len, children(store, who, COUNTED_AT_MOST)))


def joined(store: Store, who: Worker) -> list[Row]:
    """Return the cards of her area that were joined with another one: which, and instead of it which."""
    inside, area = reach.posyandu_within(who.area)
    return store.rows(
        f"""select link.id, child.id as person, child.name as child_name, other.name as stays_name,
            home.name as posyandu_name
        from same_person link join person child on child.id = link.person_goes
        left join person other on other.id = link.person_stays left join posyandu home on home.id = child.posyandu
        where link.retracted = 0 and {inside.replace("home_id", "child.posyandu")} order by link.id limit $2""",
        area,
        LISTED_AT_MOST,
    )


def _grouped(kind: str, rows: Sequence[Row], by: tuple[str, ...]) -> list[Twins]:
    found: dict[tuple[Any, ...], list[Row]] = {}
    for row in rows:
        found.setdefault(tuple(row[column] for column in by), []).append(row)
    return [Twins(kind, tuple(group)) for group in found.values()]


def _hers(found: Sequence[Twins]) -> list[Twins]:
    return [twins for twins in found if any(row["hers"] for row in twins.rows)]
