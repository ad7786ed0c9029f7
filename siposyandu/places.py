"""Puskesmas and posyandu: records that an administrator keeps, and which of them lie within an area.

An area is named by a key: a posyandu's or puskesmas' id, or the code of a desa (10 digits), kecamatan (6),
kabupaten (4) or the province ("52"). A puskesmas serves a list of desa, which need not be one kecamatan.
"""

from typing import Any

from siposyandu import areas
from siposyandu.errors import NotFound
from siposyandu.store import Store

PROVINCE = "52"
LEVELS = ("provinsi", "kabupaten", "kecamatan", "puskesmas", "desa", "posyandu")
ID_LENGTH = 32

KEPT_LISTS = ("puskesmas", "posyandu", "worker")
"""The forms whose records are written at the province only: who works where, and which place belongs to which."""

Row = dict[str, Any]


def posyandu(store: Store, posyandu_id: str) -> Row:
    """Return one posyandu; NotFound when it is not kept here."""
    row = store.one("select * from posyandu where id = $1", posyandu_id)
    if row is None:
        raise NotFound(f"no posyandu {posyandu_id}")
    return row


def puskesmas(store: Store, puskesmas_id: str) -> Row:
    """Return one puskesmas; NotFound when it is not kept here."""
    row = store.one("select * from puskesmas where id = $1", puskesmas_id)
    if row is None:
        raise NotFound(f"no puskesmas {puskesmas_id}")
    return row


def all_puskesmas(store: Store) -> list[Row]:
    """Return every puskesmas, by name."""
    return store.rows("select * from puskesmas where retracted = 0 order by name, id")


def level_of(store: Store, key: str) -> str:
    """Say what kind of area a key names, one of LEVELS; NotFound for an unknown one."""
    if len(key) == ID_LENGTH:
        return (
            "posyandu"
            if store.one("select id from posyandu where id = $1", key)
            else _puskesmas_level(store, key)
        )
    return {2: "provinsi", 4: "kabupaten", 6: "kecamatan", 10: "desa"}[len(areas.area(key).code)]


def _puskesmas_level(store: Store, key: str) -> str:
    puskesmas(store, key)
    return "puskesmas"


def within(store: Store, key: str) -> list[Row]:
    """Return the working posyandu that lie within an area, by desa and name."""
    if len(key) != ID_LENGTH:
        return store.rows(
            "select * from posyandu where retracted = 0 and active = 1 and desa_code like $1 order by desa_code, name",
            key + "%",
        )
    return store.rows(
        """select * from posyandu where retracted = 0 and active = 1 and (id = $1 or puskesmas = $1)
        order by desa_code, name""",
        key,
    )


def holds(store: Store, key: str, posyandu_id: str) -> bool:
    """Whether a posyandu lies within an area."""
    if key in (posyandu_id, PROVINCE):
        return True
    row = store.one("select desa_code, puskesmas from posyandu where id = $1", posyandu_id)
    if row is None:
        return False
    return key == row["puskesmas"] if len(key) == ID_LENGTH else str(row["desa_code"]).startswith(key)


def title(store: Store, key: str) -> str:
    """Name an area as people say it: "Posyandu Melati, Pringgasela"."""
    if len(key) != ID_LENGTH:
        return areas.area(key).name
    row = store.one("select * from posyandu where id = $1", key)
    return f"Posyandu {row['name']}" if row else f"Puskesmas {puskesmas(store, key)['name']}"


def parts(store: Store, key: str, by: str) -> list[tuple[str, str]]:
    """Split an area into the parts of a level below it that hold a posyandu: (key, name), by name."""
    found: dict[str, str] = {}
    for row in within(store, key):
        part = _part_key(row, by)
        if part and part not in found:
            found[part] = row["name"] if by == "posyandu" else title(store, part)
    return sorted(found.items(), key=lambda item: (item[1], item[0]))


def _part_key(row: Row, by: str) -> str | None:
    lengths = {"kabupaten": 4, "kecamatan": 6, "desa": 10}
    if by in lengths:
        return str(row["desa_code"])[: lengths[by]]
    key: str | None = row["id"] if by == "posyandu" else row["puskesmas"]
    return key


def receives(store: Store, area: str) -> frozenset[str]:
    """Return the area keys whose records an instance with that area needs.

    A posyandu's laptop receives its own records, the posyandu list of its kecamatan (so that a child can be
    sent to a neighbour) and the people who look after it.
    """
    if len(area) != ID_LENGTH:
        return frozenset({area, *(row["id"] for row in within(store, area))})
    row = store.one("select * from posyandu where id = $1", area)
    if row is None:
        return frozenset({area, *(post["id"] for post in within(store, area))})
    return frozenset({area, row["puskesmas"] or area, row["desa_code"], row["desa_code"][:6]})
