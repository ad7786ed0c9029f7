"""Two cards of one child: which of them stays, as the standing same_person records say, alike in every place.

Nothing that was written about a child is rewritten. The log keeps each visit with the card it was written for; its row
names the card that stays, and the row of a card that goes is marked as withdrawn. So every list and every count has
the child once; when the same_person record is withdrawn, the same fold gives all rows back.

Cards that hang together by such records, in whatever order and direction, are one child. Of them stays a card that goes
nowhere, and of several the one with the smallest id: no clock and no order of arrival decides. A record counts where
both its cards are known; a card that was itself withdrawn stays only when all others were too.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from siposyandu.store import Store
from sync.chunks import chunks, holes

Row = dict[str, Any]
Link = tuple[str, str]

ENDS = {"same_person": ("person_goes", "person_stays"), "two_children": ("person_one", "person_other")}
"""The forms that say something of two cards, each with the columns that name them."""


def staying(links: Iterable[Link], withdrawn: Mapping[str, int]) -> dict[str, str]:
    """Return card -> the card that stays, for all cards that these links (goes, stays) join.

    >>> staying([("b", "a"), ("c", "b")], {"a": 0, "b": 0, "c": 0})
    {'a': 'a', 'b': 'a', 'c': 'a'}
    >>> staying([("a", "b"), ("b", "a")], {"a": 0, "b": 0}) == staying([("b", "a"), ("a", "b")], {"a": 0, "b": 0})
    True
    """
    standing = [
        (goes, stays) for goes, stays in links if goes in withdrawn and stays in withdrawn and goes != stays
    ]
    going = {goes for goes, _ in standing}
    found: dict[str, str] = {}
    for cards in _joined(standing):
        stays = min(cards, key=lambda card: (withdrawn[card], card in going, card))
        found |= dict.fromkeys(sorted(cards), stays)
    return found


def _joined(links: Sequence[Link]) -> list[set[str]]:
    """Return the sets of cards that hang together."""
    group_of: dict[str, set[str]] = {}
    for link in links:
        whole = set(link).union(*(group_of[card] for card in link if card in group_of))
        group_of |= dict.fromkeys(whole, whole)
    return list({id(group): group for group in group_of.values()}.values())


def settle(store: Store, cards: Mapping[str, int], ends: Collection[str]) -> list[set[str]]:
    """Look again which card stays, for these cards (and whether each was itself withdrawn) and these ends of links.

    Returns the sets of cards, as they hung together before or hang together now, whose records are to be folded again.
    """
    asked = {*cards, *ends}
    links = _links_around(store, asked | _members(store, asked).keys())
    around = asked | {card for link in links for card in link}
    before = _members(store, around)
    around |= before.keys()
    if not links and not before:
        return []
    withdrawn = {
        row["id"]: int(row["retracted"])
        for row in _of(store, "select id, retracted from person where id in ({})", around)
    }
    withdrawn |= {card: row["withdrawn"] for card, row in before.items()} | dict(cards)
    now = staying(links, withdrawn)
    store.many(
        "delete from joined_card where person = $1", [(card,) for card in sorted(before.keys() | now.keys())]
    )
    store.many(
        "insert into joined_card (person, stays, withdrawn) values ($1, $2, $3)",
        [(card, stays, withdrawn[card]) for card, stays in sorted(now.items())],
    )
    was = [(card, row["stays"]) for card, row in before.items() if card != row["stays"]]
    return _joined([*was, *((card, stays) for card, stays in now.items() if card != stays)])


def _members(store: Store, cards: Collection[str]) -> dict[str, Row]:
    """Return all cards that hung together with one of these, when it was last looked."""
    mine = {row["stays"] for row in _of(store, "select stays from joined_card where person in ({})", cards)}
    return {
        row["person"]: row
        for row in _of(store, "select person, stays, withdrawn from joined_card where stays in ({})", mine)
    }


def _links_around(store: Store, cards: Collection[str]) -> list[Link]:
    """Return every standing link that leads, over however many others, to one of these cards."""
    found: set[Link] = set()
    seen: set[str] = set()
    new = set(cards)
    while new:
        seen |= new
        for column in ("person_goes", "person_stays"):
            sql = f"select person_goes, person_stays from same_person where retracted = 0 and {column} in ({{}})"
            found |= {(row["person_goes"], row["person_stays"]) for row in _of(store, sql, new)}
        new = {card for link in found for card in link if card} - seen
    return sorted(link for link in found if all(link))


def stays(store: Store, cards: Iterable[str | None]) -> dict[str, str]:
    """Return card -> the card that stays instead of it; those that stay themselves are not among them."""
    rows = _of(
        store,
        "select person, stays from joined_card where person <> stays and person in ({})",
        filter(None, cards),
    )
    return {row["person"]: row["stays"] for row in rows}


def gone_into(store: Store, card: str) -> list[str]:
    """Return the cards instead of which this one stays."""
    sql = "select person from joined_card where stays = $1 and person <> stays order by person"
    return [row["person"] for row in store.rows(sql, card)]


def homes(store: Store, cards: Iterable[str]) -> dict[str, set[str]]:
    """Return card -> the posyandu of all cards that hang together with it; of a card alone nothing."""
    found: dict[str, set[str]] = defaultdict(set)
    sql = """select mine.person as card, p.posyandu from joined_card mine join joined_card other on other.stays = mine.stays
        join person p on p.id = other.person where mine.person in ({})"""
    for row in _of(store, sql, cards):
        if row["posyandu"]:
            found[row["card"]].add(row["posyandu"])
    return found


def records_of(store: Store, cards: Collection[str], forms: Iterable[str]) -> list[str]:
    """Return the cards and every record of these forms that names one of them."""
    return [
        *sorted(cards),
        *(
            row["id"]
            for name in forms
            for row in _of(store, f"select id from {name} where person in ({{}})", cards)
        ),
    ]


def apart(store: Store) -> set[frozenset[str]]:
    """Return the pairs of cards that somebody said to be two children's; of joined cards the one that stays is named."""
    return {frozenset((row["one"], row["other"])) for row in said_apart(store)}


def said_apart(store: Store) -> list[Row]:
    """Return what stands of such words: the record, and both cards as they are called now."""
    return store.rows(
        """select said.id, said.posyandu, coalesce(one.stays, said.person_one) as one,
            coalesce(other.stays, said.person_other) as other
        from two_children said left join joined_card one on one.person = said.person_one
        left join joined_card other on other.person = said.person_other where said.retracted = 0 order by said.id"""
    )


def links_of(store: Store, cards: Collection[str], form: str = "same_person") -> list[Row]:
    """Return the records of such a form that name one of these cards, withdrawn ones too."""
    found = {
        row["id"]: row
        for column in ENDS[form]
        for row in _of(store, f"select * from {form} where {column} in ({{}})", cards)
    }
    return [found[each] for each in sorted(found)]


def _of(store: Store, question: str, keys: Iterable[str]) -> list[Row]:
    return [
        row for part in chunks(sorted(set(keys))) for row in store.rows(question.format(holes(part)), *part)
    ]
