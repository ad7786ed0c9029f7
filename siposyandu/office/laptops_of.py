"""From which laptop: names for the lanes that edits were written in, as far as they are known here.

At the province every laptop has a name; a laptop knows itself and calls the others "another laptop".
"""

from collections.abc import Iterable

from siposyandu.i18n import N_, gettext
from siposyandu.store import Store
from sync import lanes
from sync.chunks import chunks, holes

HERE, ELSEWHERE, OFFICE = N_("this laptop"), N_("another laptop"), N_("the province's pages")
MARK_LETTERS = 4


def mark(lane: str) -> str:
    """Return the few letters by which people tell two laptops of one posyandu apart.

    >>> mark("7f3ac0de")
    '7F3A'
    """
    return lane[:MARK_LETTERS].upper()


def names(store: Store, wanted: Iterable[str]) -> dict[str, str]:
    """Return lane -> what people call the laptop that wrote in it, in the reader's language."""
    asked = sorted(set(wanted))
    mine = OFFICE if lanes.is_province(store) else HERE
    found = {lane: gettext(ELSEWHERE) for lane in asked}
    for part in chunks(asked):
        # Only lanes of this store itself are ever followed by another one here.
        own = store.rows(
            f"""select lane from lanes where lane in ({holes(part)}) and (successor_no is not null
            or lane_no in (select lane_no from sync_self))""",
            *part,
        )
        found |= {row["lane"]: gettext(mine) for row in own}
        sql = f"select l.lane, d.label from devices d join lanes l using (lane_no) where l.lane in ({holes(part)})"
        found |= {row["lane"]: f"{row['label']} ({mark(row['lane'])})" for row in store.rows(sql, *part)}
    return found
