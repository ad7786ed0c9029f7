"""Pulls: what the province tells a laptop that it has not read yet, as much as fits one answer."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any

from sync import batches, checkup, departures, epochs, ids, messages, reading, stories, upstream
from sync.body import Edit
from sync.devices import Device
from sync.log import Kept
from sync.messages import Request
from sync.packing import pack_pull
from sync.ports import Store
from sync.reading import Page, Reader

SMALLEST_ROOM = 2 * 1024
NO_LANE = 0
ID_BYTES = 18  # that an id takes deflated: 16, and what stands between two


@dataclass(frozen=True, slots=True)
class Told:
    """What an answer tells: a batch (None when nothing is new), where the cursor stands after it, and remarks."""

    epoch: str
    cursor: int
    scope_hash: str
    more: dict[str, Any]
    check: int = 0
    batch: Any = None


def pull(
    store: Store, device: Device, request: Request, areas: frozenset[str], beside: Mapping[str, Any]
) -> Told:
    """Return what follows a laptop's cursor in the areas it now receives, with the remarks `beside` it, in one answer.

    The cursor is set back when it belongs to an earlier epoch, and to nothing when the areas are not those that
    the laptop knows: it is then told again what it may hold already, which has no second effect.
    """
    epoch, scope_hash = epochs.current(store), upstream.hash_of(areas)
    after = epochs.cursor_now(store, request)
    more = {**beside, **checkup.doubt(store, device, request, areas), **_left(store, device, request, areas)}
    more |= departures.lost(store, request.more.get("drop"))
    if scope_hash != request.scope_hash:
        after, more = 0, more | {"scope": sorted(areas)}
    if "min_version" in more:
        return Told(epoch, after, scope_hash, more)
    return _page(store, device, request, areas, Told(epoch, after, scope_hash, more))


def check_of(edits: Collection[Edit]) -> int:
    """Return the sum of the edits' uids (their first 8 bytes) mod 2**64: both ends must mean the same edits."""
    return sum(int(edit.uid[:16], 16) for edit in edits) % 2**64


def _room(request: Request) -> int:
    room = min(max(request.room_kb * 1024, SMALLEST_ROOM), messages.LARGEST_PAYLOAD)
    return room - messages.KEPT_FREE


def _left(store: Store, device: Device, request: Request, areas: frozenset[str]) -> dict[str, Any]:
    """Return what a laptop is to forget of areas it no longer has, as much as half of its room holds, and up to where.

    One that never heard its areas asks nothing, and is told all the same.
    """
    asked = departures.asked_about(store, device.lane_no, request)
    gone = [*map(ids.short, departures.left_behind(store, asked, areas))]
    most = _room(request) // 2 // ID_BYTES
    if len(gone) <= most:
        return {"gone": gone} if gone else {}
    return {"gone": gone[:most]} | ({"left": gone[most - 1]} if request.scope_hash else {})


def _page(store: Store, device: Device, request: Request, areas: frozenset[str], told: Told) -> Told:
    """Return the answer with as many lines of the feed as fit beside its remarks.

    One line goes even when the laptop wanted less. Where the remarks leave no room for that one in any message, they go alone.
    """
    skipped_no = NO_LANE if request.more.get("own") else device.lane_no
    reader = Reader(areas, skipped_no, told.cursor, device.read_n, device.read_in, request.schema)
    known_in = areas if told.cursor and not request.more.get("spell") else frozenset[str]()
    limit, room = batches.LARGEST_COUNT, _room(request)
    while True:
        page = reading.page(store, reader, limit)
        with_story = replace(told, more=told.more | stories.told(store, request, page.cursor_n))
        found = _filled(store, device, page, known_in, with_story)
        if limit == 1:
            room = messages.LARGEST_PAYLOAD - messages.KEPT_FREE
        fullness = batches.fullness([found.more, found.batch], [kept.edit for kept in page.edits], room)
        if fullness <= 1:
            return found
        if limit == 1:
            return replace(told, more=told.more | {"again": 1})
        limit = batches.fewer(min(limit, len(page.edits) + len(page.gone)), fullness)


def _filled(store: Store, device: Device, page: Page, known_in: Collection[str], told: Told) -> Told:
    found = replace(told, cursor=page.cursor_n, more=_remarks(told.more, page))
    if not page.edits:
        return found
    check = check_of([kept.edit for kept in page.edits])
    return replace(found, check=check, batch=_pack(store, device, page.edits, known_in))


def _remarks(more: dict[str, Any], page: Page) -> dict[str, Any]:
    """Return the remarks that go with a page: what weighs otherwise, what to forget, whether there is more."""
    gone = [*more.get("gone", ()), *map(ids.short, page.gone)]
    said: dict[str, Any] = {"again": 1} if page.more or "left" in more else {}
    return more | said | ({"gone": gone} if gone else {}) | _weighs(page)


def _weighs(page: Page) -> dict[str, Any]:
    """Return, by its place in the page, what an edit weighs where it is not min(rank, ceiling of its lane)."""
    said = [
        [place, kept.said_authority]
        for place, kept in enumerate(page.edits)
        if kept.said_authority is not None
    ]
    return {"weighs": said} if said else {}


def _pack(store: Store, device: Device, kept: Collection[Kept], areas: Collection[str]) -> Any:
    edits = [found.edit for found in kept]
    known = reading.known_to(store, batches.mentioned(edits), areas, device.lane_no)
    ceilings = {found.edit.lane: found.rank_ceiling for found in kept}
    return pack_pull(edits, device.lane, known, ceilings)


def too_old(version: str, than: str) -> dict[str, str]:
    """Return the remark that a laptop's program is too old to receive, if it is."""
    return {"min_version": than} if than and _parts(version) < _parts(than) else {}


def _parts(version: str) -> tuple[int, ...]:
    return tuple(int(part) if part.isdecimal() else 0 for part in version.split("."))
