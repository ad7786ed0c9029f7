"""Entrusted ("dititipkan"): what is on a stick or at a puskesmas PC, on its way. It is not stored until the province says so.

A laptop keeps three states apart: on this laptop; entrusted, up to which number, when and to whom; stored at the province.
"""

from sync.bundle import Bundle
from sync.ports import Store

BY_FILE = "file"


def note(store: Store, ours: Bundle, to: str, at: str) -> None:
    """Note that everything that a bundle of ours tells was given away: to a file, or to a puskesmas PC by its name.

    Of a lane that this laptop has left meanwhile nothing is noted: its numbers mean others in the new one.
    """
    with store.write():
        sql = """update sync_upstream set entrusted_seq = $1, entrusted_at = $2, entrusted_to = $3
            where id = 1 and entrusted_seq <= $1
            and $4 = (select l.lane from sync_self s join lanes l using (lane_no))"""
        store.run(sql, ours.last_seq, at, to, ours.lane)
