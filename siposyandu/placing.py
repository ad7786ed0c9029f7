"""To which areas each record is told: a child's to her posyandu, her visits also to where she was seen, places to their own."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

import forms
from siposyandu import joined_cards
from siposyandu.store import Store
from sync import feed, lanes
from sync.chunks import chunks, holes

Row = dict[str, Any]
SAME_PERSON = forms.BY_NAME["same_person"]

# No count of her old posyandu needs these: they leave it with the child, while her visits stay there too (forgetting.py).
FOLLOWING = ("home_visit", "referral_return")
OF_A_CHILD = ("balita", *FOLLOWING)

# To which areas a record belongs by itself. A posyandu is told to its kecamatan too, so that a child can be sent there.
HOMES: Mapping[str, Callable[[Row], set[str | None]]] = {
    "puskesmas": lambda row: {row["id"]},
    "posyandu": lambda row: {row["id"], (row["desa_code"] or "")[:6]},
    "worker": lambda row: {row["area"]},
    "family": lambda row: {row["posyandu"]},
    "balita": lambda row: {row["posyandu"]},
    "session": lambda row: {row["posyandu"]},
}


def place(store: Store, by_form: Mapping[str, Sequence[Row]], known: Sequence[Row]) -> None:
    """Tell sync which areas receive each record that changed; a child's visits follow the child."""
    if not lanes.is_province(store):
        return
    areas: dict[str, set[str | None]] = {}
    for name, home in HOMES.items():
        areas |= {row["id"]: home(row) for row in by_form.get(name, ())}
    for name in joined_cards.ENDS:
        areas |= _homes_of_both(store, by_form, name)
    living: dict[str, set[str | None]] = {child["id"]: {child["posyandu"]} for child in known}
    living |= {card: set(homes) for card, homes in joined_cards.homes(store, living).items()}
    areas |= {row["id"]: living[row["id"]] for row in by_form.get("person", ())}
    for visit in _to_place(store, by_form, "balita"):
        areas[visit["id"]] = {visit["posyandu"], *living.get(visit["person"], ())}
    for name in FOLLOWING:
        for row in _to_place(store, by_form, name):
            areas[row["id"]] = set(filter(None, living.get(row["person"], ()))) or {row["posyandu"]}
    feed.place_all(store, {entity: frozenset(filter(None, keys)) for entity, keys in areas.items()})


def _homes_of_both(
    store: Store, by_form: Mapping[str, Sequence[Row]], name: str
) -> dict[str, set[str | None]]:
    """Return where a word about two cards is told: at the posyandu of both, for each such record around these rows."""
    cards = {row["id"] for row in by_form.get("person", ())}
    links = {row["id"]: row for row in (*by_form.get(name, ()), *joined_cards.links_of(store, cards, name))}
    ends = {row["id"]: [row[column] for column in joined_cards.ENDS[name]] for row in links.values()}
    cards = {end for both in ends.values() for end in both if end}
    home = {row["id"]: row["posyandu"] for row in children(store, cards)}
    together = joined_cards.homes(store, home)
    return {
        link: {
            links[link]["posyandu"],
            *(home.get(end) for end in both),
            *(each for end in both for each in together.get(end, ())),
        }
        for link, both in ends.items()
    }


def _to_place(store: Store, by_form: Mapping[str, Sequence[Row]], name: str) -> Iterator[Row]:
    """Yield the records of a form that changed, and all of the children whose own record did: these may have moved."""
    yield from by_form.get(name, ())
    for part in chunks(sorted(row["id"] for row in by_form.get("person", ()))):
        sql = f"select id, person, posyandu from {name} where person in ({holes(part)})"
        yield from store.rows(sql, *part)


def children(store: Store, ids: Iterable[str]) -> list[Row]:
    """Return the cards with these ids, as far as where a child belongs and how she grows depend on them."""
    found: list[Row] = []
    for part in chunks(sorted(ids)):
        sql = f"""select id, posyandu, posyandu_since, sex, birth_date, registered_date, status, status_date, retracted
            from person where id in ({holes(part)}) order by id"""
        found += store.rows(sql, *part)
    return found
