"""The satchel of a puskesmas PC: bundles that it carries for laptops without a network, and receipts on their way back.

It collects from files and over its hotspot, keeps what it collected durably, and passes it on by its own internet or as one
file; receipts come back the same ways. It can read only what was sealed to it too: those edits it takes into its own log as
known from elsewhere, so that a supervisor sees them at once; the province's feed brings the same edits later without a second
effect. Only a receipt of the province takes a bundle out of the satchel.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sync import bundle, courier, keys, revocations, titipan, upstream, vouching
from sync.bundle import Bundle, Remark, remark
from sync.chunks import holes
from sync.errors import Broken, Refused
from sync.laptop import Laptop
from sync.ports import Store, Transport

MOST_UNREAD, MOST_UNREAD_BYTES = 200, 64 * 1024 * 1024  # of bundles that this PC cannot look into
OF_NO_LAPTOP = ("signature", "malformed", "not_for_us", "too_large", "unknown_key", "unknown_lane")
COME_AGAIN = ("busy", "try_again", "too_early", "too_many_lanes")
"""Refusals that say nothing against a bundle."""
MOST_OF_A_LANE = 50  # bundles of one laptop that were read and are not answered
RECEIPTS_KEPT = 3  # for each lane: the newest may be one that somebody repeats
POST_BYTES = 1024 * 1024  # passed on at once over a wire; one larger bundle goes alone


@dataclass(frozen=True, slots=True)
class Carried:
    """A bundle of the satchel: of which laptop (its label, empty if it cannot be read here), since when, and what became
    of it: when it was passed on, and the code of the province's refusal."""

    lane: str
    label: str
    first_seq: int
    last_seq: int
    received_at: str
    passed_at: str | None
    refused: str


def collect(relay: Laptop, data: bytes) -> list[Remark]:
    """Keep the bundles and receipts of a file, durably; return what became of each. Good ones are kept beside bad ones."""
    remarks = []
    for found in bundle.split(data):
        error = None
        if isinstance(found, Bundle):
            try:
                _keep(relay, found)
            except (Refused, Broken) as refusal:
                error = refusal
        remarks.append(remark(found, error))
    return remarks


def _keep(relay: Laptop, found: Bundle) -> None:
    store, server_key = relay.store, upstream.state(relay.store).server_key
    if found.key_id != keys.key_id(server_key):
        raise Refused("of another province", code="unknown_key")
    if found.kind == bundle.REVOKED:
        revocations.take(store, found, server_key, relay.clock.now())
        vouching.withdraw(relay)
    elif found.kind == bundle.RECEIPT:
        _keep_receipt(relay, found, server_key)
    elif found.kind == bundle.PUSH:
        _keep_push(relay, found, server_key)


def _keep_receipt(relay: Laptop, found: Bundle, server_key: str) -> None:
    if found.lane == relay.keys.lane:
        for _ in courier.take_one(relay, found):
            pass
        return
    bundle.check_receipt(found, server_key)
    store = relay.store
    # What was never passed on stays: a copy of that laptop may have been answered, and this bundle may tell otherwise.
    with store.write():
        _put(relay, found, "")
        store.run(
            """delete from satchel where kind = $1 and lane = $2 and last_seq <= $3
            and (passed_at is not null or refused <> '')""",
            bundle.PUSH, found.lane, found.last_seq,
        )  # fmt: skip
        kept = store.rows(
            "select fingerprint from satchel where kind = $1 and lane = $2 order by received_at desc, last_seq desc",
            bundle.RECEIPT, found.lane,
        )  # fmt: skip
        older = [(row["fingerprint"],) for row in kept[RECEIPTS_KEPT:]]
        store.many("delete from satchel where fingerprint = $1", older)


def _keep_push(relay: Laptop, found: Bundle, server_key: str) -> None:
    store = relay.store
    if revocations.names(store, found.lane):
        raise Refused("the province has named this laptop as one no longer believed", code="revoked")
    told = vouching.vouched(relay, found, server_key)
    with store.write():
        if told is None:
            _check_room(store, found)
        else:
            vouching.take(relay, told)
            store.run(
                """delete from satchel where kind = $1 and lane = $2 and label <> '' and first_seq >= $3
                and last_seq <= $4""",
                bundle.PUSH, found.lane, found.first_seq, found.last_seq,
            )  # fmt: skip
            _check_share(store, found)
        _put(relay, found, told.label if told else "")


def _check_room(store: Store, found: Bundle) -> None:
    """Refuse (code 'full') one more bundle that cannot be read here; those that are of no laptop make room for it."""
    store.run(
        f"delete from satchel where kind = $1 and label = '' and refused in ({holes(OF_NO_LAPTOP, 1)})",
        bundle.PUSH, *OF_NO_LAPTOP,
    )  # fmt: skip
    row = store.one(
        """select count(*) as many, coalesce(sum(length(bundle)), 0) as bytes from satchel
        where kind = $1 and label = '' and fingerprint <> $2""",
        bundle.PUSH, found.fingerprint,
    )  # fmt: skip
    if row and (row["many"] >= MOST_UNREAD or row["bytes"] + len(found.data) > MOST_UNREAD_BYTES):
        raise Refused("the satchel is full: pass on what is in it first", code="full")


def _check_share(store: Store, found: Bundle) -> None:
    """Refuse (code 'full') a laptop that gives away ever other pieces of its lane: an honest one begins where it was answered."""
    sql = "select count(*) from satchel where kind = $1 and lane = $2 and label <> '' and fingerprint <> $3"
    if int(store.value(sql, bundle.PUSH, found.lane, found.fingerprint)) >= MOST_OF_A_LANE:
        raise Refused("too many bundles of this laptop: pass on what is here first", code="full")


def _put(relay: Laptop, found: Bundle, label: str) -> None:
    relay.store.run(
        """insert into satchel (fingerprint, kind, lane, first_seq, last_seq, label, received_at, bundle)
        values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict (fingerprint) do update set received_at = excluded.received_at""",
        found.fingerprint, found.kind, found.lane, found.first_seq, found.last_seq, label,
        relay.clock.now(), found.data,
    )  # fmt: skip


# To the province.


def for_province(relay: Laptop) -> bytes:
    """Return one file of what the province has not answered: this PC's own bundle, the list of those no longer believed, then
    the others' bundles, as many as the province takes in one file. What finds no room goes with the next.

    They stay in the satchel until their receipts are here.
    """
    first = courier.export(relay) + revocations.passed_on(relay.store)
    waiting = _fitting(relay.store, bundle.LARGEST_FILE - len(first))
    _pass_on(relay, waiting)
    return first + b"".join(waiting.values())


def _fitting(store: Store, room: int) -> dict[str, bytes]:
    """Return what waits and fits into one file: of laptops that this PC could read first, what was passed on before last."""
    sql = """select fingerprint, length(bundle) as bytes from satchel where kind = $1 and refused = ''
        order by label = '', coalesce(passed_at, ''), received_at, fingerprint limit $2"""
    chosen = set()
    for row in store.rows(sql, bundle.PUSH, bundle.MOST_BUNDLES - 2):  # two go before them
        room -= row["bytes"]
        if room < 0:
            break
        chosen.add(row["fingerprint"])
    return {fingerprint: data for fingerprint, data in _waiting(store).items() if fingerprint in chosen}


def forward(relay: Laptop, transport: Transport) -> list[Remark]:
    """Pass on what waits to the province over a wire, and keep the receipts that come back; return what became of each."""
    remarks: list[Remark] = []
    for part in _posts(_waiting(relay.store)):
        data = revocations.passed_on(relay.store) + b"".join(part.values())
        reply = transport.post(titipan.PATH, data)
        _pass_on(relay, part)
        said = [
            each
            for found in bundle.split(reply)
            if isinstance(found, Bundle) and found.kind == bundle.NOTE
            for each in titipan.read_note(found)
        ]
        _note_refusals(relay.store, data, said)
        remarks += said
        collect(relay, reply)
    return remarks


def _waiting(store: Store) -> dict[str, bytes]:
    """Return fingerprint -> bundle of those that the province has neither answered nor refused."""
    sql = """select fingerprint, bundle from satchel where kind = $1 and refused = ''
        order by lane, first_seq, last_seq, fingerprint"""
    return {row["fingerprint"]: bytes(row["bundle"]) for row in store.rows(sql, bundle.PUSH)}


def _posts(waiting: Mapping[str, bytes]) -> list[dict[str, bytes]]:
    posts: list[dict[str, bytes]] = []
    size = POST_BYTES
    for fingerprint, data in waiting.items():
        if size + len(data) > POST_BYTES:
            posts.append({})
            size = 0
        posts[-1][fingerprint] = data
        size += len(data)
    return posts


def _pass_on(relay: Laptop, fingerprints: Iterable[str]) -> None:
    rows = [(each, relay.clock.now()) for each in fingerprints]
    with relay.store.write():
        relay.store.many("update satchel set passed_at = $2 where fingerprint = $1", rows)


def _note_refusals(store: Store, posted: bytes, remarks: Sequence[Remark]) -> None:
    """Note what the province refused: it speaks of the bundles in the order in which they were posted.

    A header is no name for a bundle: anybody may write another laptop's lane and numbers before bytes of her own. But what is
    said of another header than the one posted there, or of none, is about bytes that were changed on the way: that bundle goes
    again.
    """
    rows = [
        (said.refused, found.fingerprint)
        for found, said in zip(bundle.split(posted), remarks, strict=False)
        if said.refused not in ("", *COME_AGAIN) and isinstance(found, Bundle) and _is_about(said, found)
    ]
    with store.write():
        store.many("update satchel set refused = $1 where fingerprint = $2", rows)


def _is_about(said: Remark, found: Bundle) -> bool:
    return (said.lane, said.first_seq, said.last_seq) == (found.lane, found.first_seq, found.last_seq)


# To the laptops.


def answered(relay: Laptop, data: bytes) -> bytes:
    """Return what this PC answers to bundles of laptops on its hotspot: what it kept, and the receipts that wait for them."""
    remarks = collect(relay, data)
    server_key = upstream.state(relay.store).server_key
    written = titipan.noted(remarks, keys.key_id(server_key), relay.keys.lane)
    lanes = dict.fromkeys(each.lane for each in remarks if each.lane)
    found = b"".join(_receipts(relay.store, lane) for lane in lanes)
    return written + revocations.passed_on(relay.store) + found


def for_laptops(relay: Laptop) -> bytes:
    """Return one file of the receipts for all laptops, empty when there are none."""
    sql = "select distinct lane from satchel where kind = $1 order by lane"
    lanes = [row["lane"] for row in relay.store.rows(sql, bundle.RECEIPT)]
    found = b"".join(_receipts(relay.store, lane) for lane in lanes)
    return revocations.passed_on(relay.store) + found if found else b""


def _receipts(store: Store, lane: str) -> bytes:
    """Return what waits here for a laptop; nothing once it is no longer believed."""
    if revocations.names(store, lane):
        return b""
    sql = "select bundle from satchel where kind = $1 and lane = $2 order by received_at, last_seq"
    return b"".join(bytes(row["bundle"]) for row in store.rows(sql, bundle.RECEIPT, lane))


# For the page.


def carried(store: Store) -> list[Carried]:
    """Return the bundles that the province has not answered yet, the newest first."""
    sql = """select lane, label, first_seq, last_seq, received_at, passed_at, refused from satchel
        where kind = $1 order by received_at desc, lane"""
    return [Carried(**row) for row in store.rows(sql, bundle.PUSH)]


def receipts_kept(store: Store) -> int:
    """Return for how many laptops a receipt lies here."""
    return int(store.value("select count(distinct lane) from satchel where kind = $1", bundle.RECEIPT))
