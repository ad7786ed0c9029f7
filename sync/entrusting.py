"""Entrusted ("dititipkan"): what is on a stick or at a puskesmas PC, on its way. It is not stored until the province says so.

A laptop keeps three states apart: on this laptop; entrusted, up to which number, when and to whom; stored at the province.
"""

from sync.ports import Store

BY_FILE = "file"


def note(store: Store, upto: int, to: str, at: str) -> None:
    """Note that everything up to a number of our lane was given away: to a file, or to a puskesmas PC by its name."""
    with store.write():
        sql = """update sync_upstream set entrusted_seq = $1, entrusted_at = $2, entrusted_to = $3
            where id = 1 and entrusted_seq <= $1"""
        store.run(sql, upto, at, to)
