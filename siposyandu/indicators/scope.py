"""What part of the province somebody looks at: her own area, the way down into it, and the parts it can be split into.

Nobody sees beyond her own area, and a place shows only what lives there: on a posyandu's laptop a bidan desa sees that
posyandu, at the province the whole of her desa.
"""

from collections.abc import Iterable, Mapping

from siposyandu import areas, places
from siposyandu.errors import NotFound
from siposyandu.indicators.totals import Area
from siposyandu.places import ID_LENGTH, LEVELS
from siposyandu.store import Store

# The parts that an area of each level is split into; the first is what a page opens with.
PARTS_OF: Mapping[str, tuple[str, ...]] = {
    "provinsi": ("kabupaten", "puskesmas", "kecamatan"),
    "kabupaten": ("kecamatan", "puskesmas", "desa"),
    "kecamatan": ("desa", "posyandu"),
    "puskesmas": ("posyandu", "desa"),
    "desa": ("posyandu",),
    "posyandu": (),
}


def own_area(store: Store, worker_area: str, here: str) -> str:
    """Return the smaller of a worker's area and the area whose records live here; NotFound when they are apart."""
    smaller, larger = sorted((worker_area, here), key=lambda key: _depth(store, key), reverse=True)
    if not lies_in(store, larger, smaller):
        raise NotFound(f"the records of {worker_area} do not live in {here}")
    return smaller


def _depth(store: Store, key: str) -> int:
    return LEVELS.index(places.level_of(store, key))


def lies_in(store: Store, outer: str, inner: str) -> bool:
    """Whether the area `inner` is, or lies in, the area `outer`; a desa lies in each puskesmas that has a posyandu there."""
    if inner == outer:
        return True
    if _depth(store, inner) <= _depth(store, outer):
        return False
    if len(inner) != ID_LENGTH and len(outer) != ID_LENGTH:
        return inner.startswith(outer)
    if places.level_of(store, inner) == "puskesmas" and len(outer) != ID_LENGTH:
        return str(places.puskesmas(store, inner)["kecamatan_code"] or "").startswith(outer)
    if places.level_of(store, inner) == "posyandu":
        return places.holds(store, outer, inner)
    return any(places.holds(store, outer, post["id"]) for post in places.within(store, inner))


def looked_at(own: str, area: str) -> Area:
    """Return the area to count: what is looked at, and never more than one's own."""
    return area if area == own else (area, own)


def way_down(store: Store, own: str, area: str) -> list[str]:
    """Return the keys from one's own area down to the area looked at, both included."""
    way = [key for key in (*_around(store, area), area) if lies_in(store, own, key)]
    return way if own in way else [own, *way]


def _around(store: Store, area: str) -> list[str]:
    """The areas around an area, largest first."""
    level = places.level_of(store, area)
    if level == "puskesmas":
        kecamatan = str(places.puskesmas(store, area)["kecamatan_code"] or "")
        return [places.PROVINCE, kecamatan[:4]] if kecamatan else [places.PROVINCE]
    if level != "posyandu":
        return [each.code for each in reversed(areas.ancestors(area))]
    desa_code = places.posyandu(store, area)["desa_code"]
    return [each.code for each in reversed(areas.ancestors(desa_code))] + [desa_code] if desa_code else []


def names(store: Store, by: str, keys: Iterable[str]) -> Mapping[str, str]:
    """Return the names of the parts with these keys; a posyandu's with its desa. A part without a key is left out."""
    keys = [key for key in keys if key]
    if by not in ("puskesmas", "posyandu"):
        return {key: area_name(key) for key in keys}
    columns = "id, name, desa_code" if by == "posyandu" else "id, name, null as desa_code"
    marks = ", ".join(f"${position}" for position in range(1, len(keys) + 1))
    rows = store.rows(f"select {columns} from {by} where id in ({marks})", *keys) if keys else []
    return {row["id"]: _with_desa(row["name"], row["desa_code"]) for row in rows}


def _with_desa(name: str, desa_code: str | None) -> str:
    return f"{name} ({area_name(desa_code)})" if desa_code else name


def area_name(code: str) -> str:
    """Name an area by its code; a code that is not in the table is its own name."""
    try:
        return areas.area(code).name
    except areas.UnknownArea:
        return code
