"""What stays in a puskesmas PC's satchel: a bundle goes only when the province has surely read what it tells.

Two copies of one laptop write different edits under the same numbers, a stick with bundles may be lost, and an answer may be of
a province that was put back since. So a bundle stays although a receipt names its numbers, until the province said that it took
this very bundle, or a month after it went on by stick; and as long as this PC knows something early by it.
"""

from collections.abc import Sequence

from sync import bundle, instants, upstream, vouching
from sync.bundle import Bundle
from sync.chunks import holes
from sync.errors import Broken, Refused
from sync.laptop import Laptop
from sync.ports import Store
from sync.vouching import Told

MOST_UNREAD, MOST_UNREAD_BYTES = 200, 64 * 1024 * 1024  # of bundles that this PC cannot look into
OF_NO_LAPTOP = ("signature", "malformed", "not_for_us", "too_large", "unknown_key", "unknown_lane")
AFTER_AN_UPDATE = "(refused in ('wire_version', 'flags') or refused = 'malformed' and label <> '')"
"""Refusals that end when the province's program is newer, or mended: what this PC could read itself is perhaps no fault of the
bundle's."""
OF_ANOTHER_LIFE = "refused = 'fork' and heard_epoch <> (select epoch from sync_upstream)"
"""What a province kept otherwise that was put back since: it may have lost it, and its laptop tells it no more."""
MOST_OF_A_LANE = 50  # bundles of one laptop that were read and are not answered
RECEIPTS_KEPT = 3  # for each lane: the newest may be one that somebody repeats


def hear(relay: Laptop, fingerprints: Sequence[str]) -> None:
    """Note, inside `write()`, that the province of this life surely has these bundles."""
    epoch = upstream.state(relay.store).epoch
    sql = "update satchel set heard_at = $1, heard_epoch = $2 where fingerprint = $3"
    relay.store.many(sql, [(relay.clock.now(), epoch, fingerprint) for fingerprint in fingerprints])


def answer(relay: Laptop, receipt: Bundle) -> None:
    """Let go, inside `write()`, what a receipt answers: of the numbers that it names what the province surely heard."""
    store, named = relay.store, (bundle.PUSH, receipt.lane, receipt.last_seq)
    epoch = upstream.state(store).epoch
    told = store.rows(
        "select fingerprint from satchel where kind = $1 and lane = $2 and last_seq <= $3", *named
    )
    named_here = [
        row["fingerprint"] for row in told if bundle.mark(row["fingerprint"], epoch) == receipt.first_seq
    ]
    hear(relay, [*named_here, receipt.fingerprint] if named_here else [])
    store.run(
        f"""delete from satchel where kind = $1 and lane = $2 and last_seq <= $3
        and (heard_at is not null and heard_epoch = $5 or first_passed_at < $4
            or (refused <> '' and not {AFTER_AN_UPDATE}))
        and not exists (select 1 from edits e join early on early.uid = e.uid join lanes l on l.lane_no = e.lane_no
            where l.lane = satchel.lane and e.seq between satchel.first_seq and satchel.last_seq and e.told = 0)""",
        *named, instants.later(relay.clock.now(), -bundle.ON_ITS_WAY_S), epoch,
    )  # fmt: skip


def keep_newest_receipts(store: Store, lane: str) -> None:
    """Let all but the newest receipts for a lane go, inside `write()`; of those that answered a bundle carried here the last one
    stays too: somebody may repeat old ones."""
    kept = store.rows(
        "select fingerprint from satchel where kind = $1 and lane = $2 order by came_n desc, received_at desc, last_seq desc",
        bundle.RECEIPT, lane,
    )  # fmt: skip
    answering = store.value(
        """select fingerprint from satchel where kind = $1 and lane = $2
        and heard_epoch = (select epoch from sync_upstream) order by last_seq desc, came_n desc limit 1""",
        bundle.RECEIPT, lane,
    )  # fmt: skip
    old = {row["fingerprint"] for row in kept[RECEIPTS_KEPT:]} - {answering}
    store.many("delete from satchel where fingerprint = $1", [(each,) for each in sorted(old)])


def covered(relay: Laptop, found: Bundle, told: Told, server_key: str) -> Sequence[str]:
    """Return the earlier bundles of a laptop all of whose edits this one tells too; a copy's are none.

    Looked for before `write()`, for it takes seconds to look into fifty large ones, and what a bundle tells never changes; nor
    again for one that was read here before, which anybody may repeat.
    """
    store, uids = relay.store, {line.edit.uid for line in told.lines}
    read = "select 1 from satchel where fingerprint = $1 and label <> ''"
    if store.value(read, found.fingerprint):
        return ()
    earlier = store.rows(
        """select fingerprint, bundle from satchel where kind = $1 and lane = $2 and label <> '' and first_seq >= $3
        and last_seq <= $4 and fingerprint <> $5""",
        bundle.PUSH, found.lane, found.first_seq, found.last_seq, found.fingerprint,
    )  # fmt: skip
    return [row["fingerprint"] for row in earlier if _tells(relay, bytes(row["bundle"]), server_key) <= uids]


def _tells(relay: Laptop, data: bytes, server_key: str) -> set[str]:
    (found,) = bundle.split(data)
    try:
        told = vouching.vouched(relay, found, server_key) if isinstance(found, Bundle) else None
    except (Refused, Broken):
        told = None
    return (
        {line.edit.uid for line in told.lines} if told else {""}
    )  # what cannot be read is covered by nothing


def check_room(relay: Laptop, found: Bundle) -> None:
    """Refuse (code 'full') one more bundle that cannot be read here, inside `write()`. Those that are of no laptop make room for
    it, and where that is not enough those that went on long ago."""
    store = relay.store
    refused = f"refused in ({holes(OF_NO_LAPTOP, 1)})"
    store.run(f"delete from satchel where kind = $1 and label = '' and {refused}", bundle.PUSH, *OF_NO_LAPTOP)
    if _is_full(store, found):
        long_ago = instants.later(relay.clock.now(), -bundle.ON_ITS_WAY_S)
        sql = "delete from satchel where kind = $1 and label = '' and first_passed_at < $2"
        store.run(sql, bundle.PUSH, long_ago)
        if _is_full(store, found):
            raise Refused("the satchel is full: pass on what is in it first", code="full")


def _is_full(store: Store, found: Bundle) -> bool:
    row = store.one(
        """select count(*) as many, coalesce(sum(length(bundle)), 0) as bytes from satchel
        where kind = $1 and label = '' and fingerprint <> $2""",
        bundle.PUSH, found.fingerprint,
    )  # fmt: skip
    return bool(row and (row["many"] >= MOST_UNREAD or row["bytes"] + len(found.data) > MOST_UNREAD_BYTES))


def check_share(store: Store, found: Bundle, told: Told) -> None:
    """Refuse (code 'full') a laptop that gives away ever other pieces of its lane: an honest one begins where it was answered.

    All lanes to which one key hands over count as one laptop: whoever has stolen it could begin them without end.
    """
    sql = "select count(*) from satchel where kind = $1 and vouched_by = $2 and fingerprint <> $3"
    if int(store.value(sql, bundle.PUSH, told.vouched_by, found.fingerprint)) >= MOST_OF_A_LANE:
        raise Refused("too many bundles of this laptop: pass on what is here first", code="full")
