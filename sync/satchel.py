"""The satchel of a puskesmas PC: bundles that it carries for laptops without a network, and receipts on their way back.

It collects from files and over its hotspot, keeps what it collected durably, and passes it on by its own internet or as one
file; receipts come back the same ways. It can read only what was sealed to it too: those edits it takes into its own log as
known from elsewhere, so that a supervisor sees them at once; the province's feed brings the same edits later without a second
effect. Only an answer of the province takes a bundle out of the satchel (stowing.py).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sync import bundle, courier, instants, keys, revocations, stowing, titipan, upstream, vouching
from sync.bundle import Bundle, Remark, remark
from sync.errors import Broken, NotEnrolled, Refused, SyncError
from sync.laptop import Laptop
from sync.ports import Store, Transport
from sync.stowing import AFTER_AN_UPDATE, OF_ANOTHER_LIFE
from sync.vouching import Told

COME_AGAIN = ("busy", "try_again", "too_early", "too_many_lanes")
"""Refusals that say nothing against a bundle."""
SHARES = 4  # of one laptop at most a fourth of a file
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
    bundle.check_receipt(found, server_key)
    own = found.lane == relay.keys.lane
    if own:
        for _ in courier.take_one(relay, found):
            pass
    with relay.store.write():
        if not own:
            _put(relay, found, None)
        stowing.answer(relay, found)
        if not own:
            stowing.keep_newest_receipts(relay.store, found.lane)


def _keep_push(relay: Laptop, found: Bundle, server_key: str) -> None:
    store = relay.store
    _refuse_named(store, found.lane)
    told = vouching.vouched(relay, found, server_key)
    covered = stowing.covered(relay, found, told, server_key) if told else ()
    with store.write():
        _refuse_named(
            store, found.lane, *((told.vouched_by,) if told else ())
        )  # the list may have come meanwhile
        if told is None:
            stowing.check_room(relay, found)
        else:
            vouching.take(relay, told)
            store.many("delete from satchel where fingerprint = $1", [(each,) for each in covered])
            stowing.check_share(store, found, told)
        _put(relay, found, told)


def _refuse_named(store: Store, *lanes: str) -> None:
    if any(revocations.names(store, lane) for lane in lanes):
        raise Refused("the province has named this laptop as one no longer believed", code="revoked")


def _put(relay: Laptop, found: Bundle, told: Told | None) -> None:
    store = relay.store
    came_n = int(store.value("select coalesce(max(came_n), 0) + 1 from satchel"))
    store.run(
        """insert into satchel (fingerprint, kind, lane, first_seq, last_seq, label, vouched_by, received_at, came_n, bundle)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
        on conflict (fingerprint) do update set received_at = excluded.received_at, came_n = excluded.came_n""",
        found.fingerprint, found.kind, found.lane, found.first_seq, found.last_seq, told.label if told else "",
        told.vouched_by if told else "", relay.clock.now(), came_n, found.data,
    )  # fmt: skip


# To the province.


def for_province(relay: Laptop) -> bytes:
    """Return one file of what the province has not answered: this PC's own bundle, the list of those no longer believed, then
    the others' bundles, as many as the province takes in one file. What finds no room goes with the next.

    They stay in the satchel until they are answered. A PC that is itself shut out still gives away what it holds of others.
    """
    first = _own(relay) + revocations.passed_on(relay.store)
    waiting = _fitting(relay.store, bundle.LARGEST_FILE - len(first))
    _pass_on(relay, waiting)
    return first + b"".join(waiting.values())


def _own(relay: Laptop) -> bytes:
    try:
        return courier.export(relay)
    except NotEnrolled:
        return b""
    except Refused as refusal:
        if refusal.code != "revoked":
            raise
        return b""


def _fitting(store: Store, room: int) -> dict[str, bytes]:
    """Return what waits and fits into one file: of laptops that this PC could read first, what was passed on before last.

    Of one laptop that could be read no more than a share: with one stolen key somebody would fill all files for ever.
    """
    shares = defaultdict[str, int](lambda: room // SHARES)
    sql = f"""select fingerprint, length(bundle) as bytes, vouched_by, bundle from satchel where kind = $1
        and (refused = '' or {AFTER_AN_UPDATE} or {OF_ANOTHER_LIFE})
        order by label = '', coalesce(passed_at, ''), received_at, fingerprint limit $2"""
    chosen: dict[str, bytes] = {}
    for row in store.rows(sql, bundle.PUSH, bundle.MOST_BUNDLES - 2):  # two go before them
        if row["vouched_by"]:
            if row["bytes"] > shares[row["vouched_by"]]:
                continue
            shares[row["vouched_by"]] -= row["bytes"]
        room -= row["bytes"]
        if room < 0:
            break
        chosen[row["fingerprint"]] = bytes(row["bundle"])
    return chosen


def forward(relay: Laptop, transport: Transport) -> list[Remark]:
    """Pass on what waits to the province over a wire, and keep the receipts that come back; return what became of each."""
    remarks: list[Remark] = []
    for part in _posts(_waiting(relay)):
        data = revocations.passed_on(relay.store) + b"".join(part.values())
        reply = transport.post(titipan.PATH, data)
        _pass_on(relay, part)
        found = list(bundle.split(reply))
        is_whole = not any(isinstance(each, SyncError) for each in found)
        for note in (each for each in found if isinstance(each, Bundle) and each.kind == bundle.NOTE):
            remarks += _heeded(relay, data, note, is_whole=is_whole)
        collect(relay, reply)
    return remarks


def _heeded(relay: Laptop, posted: bytes, note: Bundle, *, is_whole: bool) -> list[Remark]:
    """Do what a note of the province says of the bundles that were posted; one that is not the province's changes nothing."""
    try:
        titipan.check_note(note, posted, upstream.state(relay.store).server_key)
        said = titipan.read_note(note)
    except (Refused, Broken) as error:
        return [remark(note, error)]
    _note(relay, posted, said, is_whole=is_whole)
    return said


def _waiting(relay: Laptop) -> dict[str, bytes]:
    """Return fingerprint -> bundle of those to post now: neither answered nor refused, and once a day those of which the province
    said that it took them, or whose program was too new for it, or which it could not read though this PC can; and what tells
    another story, once the province was put back."""
    now = relay.clock.now()
    sql = f"""select fingerprint, bundle from satchel where kind = $1 and (
        refused = '' and (heard_at is null or heard_epoch <> $4 or heard_at <= $2 or heard_at > $3)
        or ({AFTER_AN_UPDATE} or {OF_ANOTHER_LIFE}) and (passed_at <= $2 or passed_at > $3))
        order by lane, first_seq, last_seq, fingerprint"""
    since, epoch = instants.later(now, -instants.DAY_S), upstream.state(relay.store).epoch
    rows = relay.store.rows(sql, bundle.PUSH, since, now, epoch)
    return {row["fingerprint"]: bytes(row["bundle"]) for row in rows}


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
        sql = "update satchel set passed_at = $2, first_passed_at = coalesce(first_passed_at, $2) where fingerprint = $1"
        relay.store.many(sql, rows)


def _note(relay: Laptop, posted: bytes, remarks: Sequence[Remark], *, is_whole: bool) -> None:
    """Note what the province took or refused: it speaks of the bundles in the order in which they were posted.

    A header is no name for a bundle: anybody may write another laptop's lane and numbers before bytes of her own. But what is
    said of another header than the one posted there, or of none, is about bytes that were changed on the way: that bundle goes
    again; so does one whose receipt was perhaps cut off (`is_whole`).
    """
    store, heard = relay.store, []
    pairs = zip(bundle.split(posted), remarks, strict=False)
    about = [(said, found) for found, said in pairs if isinstance(found, Bundle) and _is_about(said, found)]
    refused = [(said.refused, found) for said, found in about if said.refused not in ("", *COME_AGAIN)]
    later = [found.fingerprint for said, found in about if said.refused in COME_AGAIN]
    if is_whole:
        heard = [found.fingerprint for said, found in about if not said.refused]
    with store.write():
        store.many(
            "update satchel set refused = $1 where fingerprint = $2",
            [(code, found.fingerprint) for code, found in refused],
        )
        store.many("update satchel set refused = '' where fingerprint = $1", [(each,) for each in heard])
        stowing.hear(relay, heard)
        # What is to come again has not gone on: nothing of it is sure after a month.
        store.many(
            "update satchel set first_passed_at = null where fingerprint = $1", [(each,) for each in later]
        )
    for code, found in refused:
        if code in stowing.OF_NO_LAPTOP:
            vouching.withdraw_bundle(relay, found)


def _is_about(said: Remark, found: Bundle) -> bool:
    return (said.lane, said.first_seq, said.last_seq) == (found.lane, found.first_seq, found.last_seq)


# To the laptops.


def answered(relay: Laptop, data: bytes) -> bytes:
    """Return what this PC answers to bundles of laptops on its hotspot: what it kept, and the receipts that wait for them."""
    remarks = collect(relay, data)
    server_key = upstream.state(relay.store).server_key
    written = titipan.noted(remarks, keys.key_id(server_key), relay.keys.lane)
    first = written + revocations.passed_on(relay.store)
    lanes = dict.fromkeys(
        each.lane for each in remarks if each.lane
    )  # a stranger may name them by the thousand
    return first + bundle.within(
        bundle.LARGEST_FILE - len(first), (_receipts(relay.store, lane) for lane in lanes)
    )


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
    sql = "select bundle from satchel where kind = $1 and lane = $2 order by came_n, received_at, last_seq"
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
