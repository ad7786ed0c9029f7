"""Pulls: what the province tells a laptop that it has not read yet, as much as fits one answer."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sync import batches, checkup, departures, epochs, ids, messages, reading, upstream
from sync.body import Edit
from sync.devices import Device
from sync.log import Kept
from sync.messages import Request
from sync.packing import pack_pull
from sync.ports import Store
from sync.reading import Page, Reader

SMALLEST_ROOM = 2 * 1024
NO_LANE = 0
KEPT_FREE = 512  # of the room, for what is not the batch


@dataclass(frozen=True, slots=True)
class Told:
    """What an answer tells: a batch (None when nothing is new), where the cursor stands after it, and remarks."""

    epoch: str
    cursor: int
    scope_hash: str
    more: dict[str, Any]
    check: int = 0
    batch: Any = None


def pull(store: Store, device: Device, request: Request, areas: frozenset[str], min_version: str) -> Told:
    """Return what follows a laptop's cursor in the areas it now receives.

    The cursor is set back when it belongs to an earlier epoch, and to nothing when the areas are not those that
    the laptop knows: it is then told again what it may hold already, which has no second effect.
    """
    epoch, scope_hash = epochs.current(store), upstream.hash_of(areas)
    after = epochs.cursor_now(store, request.epoch, request.cursor)
    left = departures.left_behind(store, request.more.get("left"), areas)
    left |= departures.lost(store, request.more.get("drop"))
    more: dict[str, Any] = checkup.doubt(store, device, request, areas) | left
    if scope_hash != request.scope_hash:
        after, more = 0, more | {"scope": sorted(areas)}
    if _older(request.app, min_version):
        return Told(epoch, after, scope_hash, more | {"min_version": min_version})
    return _page(store, device, request, areas, Told(epoch, after, scope_hash, more))


def check_of(edits: Collection[Edit]) -> int:
    """Return the sum of the edits' uids (their first 8 bytes) mod 2**64: both ends must mean the same edits."""
    return sum(int(edit.uid[:16], 16) for edit in edits) % 2**64


def _page(store: Store, device: Device, request: Request, areas: frozenset[str], told: Told) -> Told:
    room = min(max(request.room_kb * 1024, SMALLEST_ROOM), messages.LARGEST_PAYLOAD) - KEPT_FREE
    limit = batches.LARGEST_COUNT
    skipped_no = NO_LANE if request.more.get("own") else device.lane_no
    reader = Reader(areas, skipped_no, told.cursor, device.read_n)
    while True:
        page = reading.page(store, reader, limit)
        remarks = _remarks(told.more, page)
        if not page.edits:
            return Told(told.epoch, page.cursor_n, told.scope_hash, remarks)
        batch = _pack(
            store, device, page.edits, areas if told.cursor and not request.more.get("spell") else ()
        )
        size = messages.size_of(batch)
        if size <= room or limit == 1:
            check = check_of([kept.edit for kept in page.edits])
            return Told(told.epoch, page.cursor_n, told.scope_hash, remarks, check, batch)
        limit = max(1, min(limit - 1, len(page.edits) * room // (size + size // 8)))


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


def _older(version: str, than: str) -> bool:
    return bool(than) and _parts(version) < _parts(than)


def _parts(version: str) -> tuple[int, ...]:
    return tuple(int(part) if part.isdecimal() else 0 for part in version.split("."))
