"""Joining two cards of one child, parting them again, or saying that they are two children's: what is written, and who may.

A kader may join two cards of her own posyandu: she knows the mothers, and whatever she joins is parted again with a press.
Where two posyandu are concerned a health worker whose area holds both decides. Joining writes a same_person record and, where
a value is taken over from the card that goes, one edit of the card that stays. Parting withdraws the record and gives back
those values that nobody has changed since; everything else follows by itself (joined_cards.py). Saying that two cards are two
children's writes a two_children record; taking it back withdraws all that say so of the pair, whoever wrote them.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import forms
from siposyandu import access, joined_cards, people, records, taking_back
from siposyandu.access import Worker
from siposyandu.errors import Refused
from siposyandu.placing import SAME_PERSON
from siposyandu.records import Pen
from siposyandu.store import Store, Value
from sync import fold, log

PERSON, TWO_CHILDREN = forms.BY_NAME["person"], forms.BY_NAME["two_children"]
COMPARED = (
    "name", "nik", "sex", "birth_date", "mother_name", "mother_nik", "father_name", "phone", "address", "dusun", "rt", "rw",
    "birth_order", "gestation_weeks", "birth_weight_g", "birth_length_mm", "birth_head_circumference_mm", "kia_book",
)  # fmt: skip
"""Columns of a card that are shown side by side and may be taken over."""
NEEDED = ("name", "sex", "birth_date")
REMARK = "dua kartu digabung"

Row = dict[str, Any]


def may_join(store: Store, who: Worker, cards: Sequence[Row]) -> bool:
    """Whether she may join or part cards: all of them in her area, for a kader in her own posyandu."""
    return all(access.may_view_people(store, who, card["posyandu"] or "") for card in cards)


def better(store: Store, one: Row, other: Row) -> Row:
    """Return the card that ordinarily stays: with a NIK, then with more visits, then a name of her own, then the older one."""
    return max(
        one,
        other,
        key=lambda card: (bool(card["nik"]), len(people.visits(store, card["id"])), -ord(card["id"][0])),
    )


def differing(goes: Row, stays: Row) -> list[str]:
    """Return the columns in which the card that goes says something else than the one that stays."""
    return [column for column in COMPARED if goes[column] is not None and goes[column] != stays[column]]


def filled_in(goes: Row, stays: Row) -> list[str]:
    """Return those of them that the card that stays leaves empty: they are taken over unless somebody says no."""
    return [column for column in differing(goes, stays) if stays[column] is None]


def join(  # noqa: PLR0913 - who joins which two, why, and with which values
    store: Store,
    pen: Pen,
    goes: Row,
    stays: Row,
    reason: Mapping[str, int | str | None],
    taken: Sequence[str],
) -> str:
    """Join two cards; `taken` are the columns whose value comes from the card that goes. Returns the record's id.

    Refused where people still differ about such a value, or where the card would be without name, sex or birth date.
    """
    wire = {
        PERSON.by_column[column].number: goes[column] for column in differing(goes, stays) if column in taken
    }
    if any(conflict.field in wire for conflict in fold.conflicts(store, stays["id"])):
        raise Refused("people still differ about a value that would be taken over")
    if any(stays[column] is None and column not in taken for column in NEEDED):
        raise Refused("the card that stays lacks a name, sex or birth date")
    if wire.get(PERSON.by_column["nik"].number):
        wire[PERSON.by_column["nik_missing_reason"].number] = None
    with store.write():
        edit = None
        if wire:
            records.choose(store, pen, stays["id"], wire, REMARK)
            edit = fold.history(store, stays["id"])[-1].edit.uid
        said = {
            "person_goes": goes["id"],
            "person_stays": stays["id"],
            "posyandu": stays["posyandu"],
            "values_edit": edit,
        }
        return records.save(store, pen, SAME_PERSON, {**said, **reason})


def part(store: Store, pen: Pen, link: Row, why: str) -> None:
    """Part two cards again: everything is as if they had never been joined, except what was written since."""
    with store.write():
        back = _to_give_back(store, link)
        if back:
            records.choose(store, pen, link["person_stays"], back, why)
        records.retract(store, pen, link["id"], why)


def _to_give_back(store: Store, link: Row) -> dict[int, Value]:
    """Return what stood before in the fields that still show what was taken over."""
    uid = link["values_edit"]
    kept = log.by_uid(store, [uid]).get(uid) if uid else None
    if kept is None:
        return {}
    now = {
        field
        for line in fold.history(store, kept.edit.entity)
        if line.edit.uid == uid
        for field in line.current
    }
    return {
        field: value
        for field, value in taking_back.before(store, kept.edit).items()
        if field in now and field > 0
    }


def standing(store: Store, card: str) -> list[Row]:
    """Return the standing same_person records around a card, each with who joined the cards, and when, by her laptop's clock."""
    cards = {card, *joined_cards.gone_into(store, card)}
    cards |= set(
        joined_cards.gone_into(store, stays := joined_cards.stays(store, [card]).get(card, card))
    ) | {stays}
    return [
        {**link, **made(store, link["id"])}
        for link in joined_cards.links_of(store, cards)
        if not link["retracted"]
    ]


def say_two(store: Store, pen: Pen, one: Row, other: Row) -> None:
    """Say that two cards are two children's: the pair is asked about no more. Said already, nothing is written."""
    with store.write():
        if frozenset((one["id"], other["id"])) not in joined_cards.apart(store):
            said = {"person_one": one["id"], "person_other": other["id"], "posyandu": one["posyandu"]}
            records.save(store, pen, TWO_CHILDREN, said)


def ask_again(store: Store, pen: Pen, one: Row, other: Row, why: str) -> None:
    """Take back what was said of a pair: it is asked about again."""
    pair = {one["id"], other["id"]}
    with store.write():
        for said in joined_cards.said_apart(store):
            if {said["one"], said["other"]} == pair:
                records.retract(store, pen, said["id"], why)


def made(store: Store, link: str) -> Row:
    """Return who wrote a record, and when by her laptop's clock."""
    edit = fold.history(store, link)[0].edit
    name = store.value("select name from worker where id = $1", edit.user)
    return {"worker_name": name or "", "made_at": edit.device_time}
