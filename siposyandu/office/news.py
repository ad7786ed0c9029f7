"""News of laptops: one was restored or copied, wrote with a rank its worker does not hold; the province was put back.

Sync posts them (sync/notices.py); a keeper of the laptop's area reads them and says that she has seen them.
"""

from typing import Any

from siposyandu import access
from siposyandu.access import Worker
from siposyandu.errors import NotFound
from siposyandu.keeping import acts
from siposyandu.office import reach
from siposyandu.places import PROVINCE
from siposyandu.store import Store
from sync import notices

Row = dict[str, Any]

LISTED_AT_MOST = 100
_UNSEEN = f"""from (select n.*, d.area as entity, d.label from notices n join lanes l on l.lane = n.lane
    left join devices d on d.lane_no = l.lane_no where n.settled_at is null) waits {reach.HOME}"""


def waiting(store: Store, who: Worker) -> list[Row]:
    """Return what a keeper has not seen yet, oldest first: kind, lane, label of the laptop, detail, noticed_at."""
    if not access.may_keep_places(who):
        return []
    condition, area = _hers(who)
    return store.rows(
        f"""select waits.notice_no, waits.kind, waits.lane, waits.label, waits.detail, waits.noticed_at {_UNSEEN}
        where {condition} order by waits.notice_no limit $2""",
        area,
        LISTED_AT_MOST,
    )


def count(store: Store, who: Worker) -> int:
    """Return how much a keeper has not seen yet."""
    if not access.may_keep_places(who):
        return 0
    condition, area = _hers(who)
    return int(store.value(f"select count(*) {_UNSEEN} where {condition}", area))


def _hers(who: Worker) -> tuple[str, str]:
    inside, area = reach.within(who.area)
    # That the province was put back is for its own people, whichever laptop told it.
    return (inside if who.area == PROVINCE else f"{inside} and waits.kind <> 'restored'"), area


def seen(store: Store, who: Worker, notice_no: int, at: str) -> None:
    """Say that a notice was seen. NotFound for one that is not hers to see."""
    if not any(row["notice_no"] == notice_no for row in waiting(store, who)):
        raise NotFound(f"no notice {notice_no}")
    with store.write():
        notices.settle(store, notice_no, at)
        acts.note(store, who, acts.SEEN, str(notice_no), ("", at))
