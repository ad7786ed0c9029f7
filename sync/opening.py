"""Opening a laptop's database: is it the one these keys belong to, as it was left?

A sentinel, a random word, is kept in the database and beside the keys, which no copy of the database holds. It is renewed
at every start and before anything leaves this laptop that has not left it before. So a copy of an older day is noticed
before the first edit, unless it holds everything that ever left: then nothing can be told twice.
A laptop whose keys were copied with its database looks untouched here; the next exchange finds it out.
"""

from sync import certificates, lanes, renewal, upstream
from sync.errors import Refused
from sync.keys import Keys
from sync.ports import Store
from sync.renewal import Cause
from sync.rings import Ring


def open_laptop(store: Store, ring: Ring, at: str) -> Keys:
    """Return the keys of this laptop's lane. A database that was put back goes on in a new lane, with new keys."""
    if store.value("select 1 from sync_self") is None:
        lanes.open_own(store, ring.keys.lane, ring.keys.sentinel)
    if not ring.belongs(_sentinel(store)):
        with store.write():
            if ring.settle(_sentinel(store)) is None:
                renewal.begin(store, ring, Cause("restored", _acknowledged(store), at))
        settle(store, ring)
    _lay_beside(store, ring)
    upstream.read_anew_if_newer(store)
    return ring.keys


def was_put_back(store: Store, ring: Ring) -> bool:
    """Return whether this database is another copy than the one the keys were last beside, inside `write()`."""
    return ring.settle(_sentinel(store)) is None


def adopt(store: Store, ring: Ring) -> None:
    """Take a database that was put back for the one that goes with these keys, inside `write()`."""
    store.run("update sync_self set sentinel = $1", ring.keys.sentinel)


def guard(store: Store, ring: Ring, *, always: bool = False) -> None:
    """Renew the sentinel if there are edits that never left this laptop, or always: older copies are then known."""
    if always or _unguarded(store):
        with store.write():
            _matching(ring, _sentinel(store))
            fresh = ring.propose(ring.renewed())
            store.run(
                """update sync_self set sentinel = $1,
                guarded_seq = (select last_seq from lanes l where l.lane_no = sync_self.lane_no)""",
                fresh.sentinel,
            )
        settle(store, ring)


def settle(store: Store, ring: Ring) -> Keys:
    """Forget the keys that the database does not go with, after a change; return those it goes with."""
    with store.write():
        return _matching(ring, _sentinel(store))


def certify(store: Store, ring: Ring, certificate: bytes) -> None:
    """Keep the certificate of this laptop's keys beside them too: a database put back may not have it."""
    with store.write():
        _matching(ring, _sentinel(store))
        ring.certify(certificate)


def _lay_beside(store: Store, ring: Ring) -> None:
    """Keep a certificate that only the database has: the power went before it lay beside the keys too."""
    written = None
    if not ring.keys.certificate:
        written = store.value("select certificate from sync_upstream where id = 1")
    if written is not None and certificates.lane_in(bytes.fromhex(written)) == ring.keys.lane:
        certify(store, ring, bytes.fromhex(written))


def _matching(ring: Ring, sentinel: str) -> Keys:
    found = ring.settle(sentinel)
    if found is None:
        raise Refused("the database and the keys beside it are not of one laptop", code="restored")
    return found


def _sentinel(store: Store) -> str:
    return str(store.value("select sentinel from sync_self"))


def _unguarded(store: Store) -> bool:
    sql = "select l.last_seq > s.guarded_seq from sync_self s join lanes l using (lane_no)"
    return bool(store.value(sql))


def _acknowledged(store: Store) -> int:
    return int(store.value("select ack from sync_upstream") or 0)
