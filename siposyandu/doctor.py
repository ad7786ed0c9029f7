"""How is this place? Every part is looked at and told in a plain sentence: well, to be seen to, or broken.

Nothing is changed, and nothing is asked of the network. A damaged database does not stop the doctor: she says so.
"""

import json
import shutil
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib.metadata import version
from pathlib import Path

from siposyandu import backups, health
from siposyandu.config import Config
from siposyandu.copies import proving
from siposyandu.errors import Broken
from siposyandu.health import Damaged
from siposyandu.instance import KEYS_FILE
from siposyandu.periods import TIME_ZONE, parse_instant
from siposyandu.store import Store, open_store
from siposyandu.vault.safe import Vault
from sync.errors import SyncError
from sync.instants import CLOCK_WRONG_S
from sync.rings import Ring, Shelf
from sync.status import Status, status

WELL, LOOK, BROKEN = "well", "look", "broken"
LITTLE_ROOM, NO_ROOM = 500 * 1024 * 1024, 50 * 1024 * 1024
SILENT = timedelta(days=30)
COPY_OLD = timedelta(days=7)


@dataclass(frozen=True)
class Finding:
    """What was found of one part; `do` is what a person should do about it."""

    state: str
    part: str
    words: str
    do: str = ""


def outside(config: Config) -> Iterator[Finding]:
    """Look at what can be seen without the passphrase: the program, the folder, the disk."""
    yield Finding(WELL, "version", f"SIPosyandu {version('siposyandu')} in {config.folder.resolve()}")
    yield _vault(config)
    yield _disk(config.folder)
    if any(config.folder.glob("damaged-*")):
        yield Finding(
            LOOK,
            "kept aside",
            "a damaged database is kept here",
            "once nothing of it is needed: remove the folder damaged-...",
        )


def closed() -> Finding:
    """Say that nothing inside was looked at, for want of the passphrase."""
    return Finding(
        LOOK,
        "database",
        "closed: only what needs no passphrase was looked at",
        "run it at a terminal, and type the passphrase",
    )


def inside(config: Config, database_key: bytes | None, keys: Shelf, now: datetime) -> Iterator[Finding]:
    """Look at the database, the keys beside it, and what the database tells of clock, sending and copies."""
    if not config.is_on_postgresql:
        found = _database(config, database_key)
        yield found
        if found.state == BROKEN:
            return
    store = _store(config, database_key)
    try:
        yield _keys(config, keys, store)
        if config.is_province:
            yield from _province(store)
        else:
            yield from _laptop(store, now)
        if not config.is_on_postgresql:
            yield from _copies(store, now)
    finally:
        store.close()


def _store(config: Config, database_key: bytes | None) -> Store:
    if config.is_on_postgresql:
        from siposyandu import postgres  # a laptop has no psycopg

        return postgres.open_store(config.database)
    return open_store(config.database_path, database_key)


def code(findings: list[Finding]) -> int:
    """Return the exit code: 0 all is well, 1 something is to be seen to, 2 something is broken."""
    states = {finding.state for finding in findings}
    return 2 if BROKEN in states else 1 if LOOK in states else 0


def _vault(config: Config) -> Finding:
    vault = Vault(config.folder, _no_chance)
    if vault.exists:
        return _papers(vault)
    if config.is_province:
        return Finding(WELL, "vault", "none: this server is protected by its room and its disk")
    return Finding(
        LOOK,
        "vault",
        "the database is not encrypted: whoever takes the disk reads it",
        "run: siposyandu encrypt",
    )


def _papers(vault: Vault) -> Finding:
    try:
        has_papers = vault.has_papers
    except Broken as fault:
        return Finding(BROKEN, "vault", str(fault), fault.hint)
    if has_papers:
        return Finding(WELL, "vault", "the database is encrypted; a passphrase or both papers open it")
    words = "the database is encrypted, and there are no recovery papers: a forgotten passphrase shuts it for ever"
    return Finding(LOOK, "vault", words, "run: siposyandu papers")


def _disk(folder: Path) -> Finding:
    free = shutil.disk_usage(folder).free
    words = f"{free // (1024 * 1024)} MB are free"
    if free < NO_ROOM:
        return Finding(BROKEN, "disk", words, "make room at once: nothing more can be saved")
    return Finding(LOOK, "disk", words, "make room") if free < LITTLE_ROOM else Finding(WELL, "disk", words)


def _database(config: Config, database_key: bytes | None) -> Finding:
    path = config.database_path
    try:
        health.look(path, database_key, expected=True, deep=True)
    except Damaged as damaged:
        return Finding(BROKEN, "database", str(damaged), "put the newest copy back: siposyandu restore FILE")
    return Finding(
        WELL, "database", f"whole, {path.stat().st_size // 1024} kB, every page and index looked at"
    )


def _keys(config: Config, keys: Shelf, store: Store) -> Finding:
    path = config.keys_folder / KEYS_FILE
    if not path.is_file():
        return Finding(
            BROKEN,
            "keys",
            f"{path} is missing",
            "a laptop asks for a new code; a province: put keys/ back from its safe",
        )
    try:
        ring = Ring(keys, _no_chance)
        belongs = ring.belongs(str(store.value("select sentinel from sync_self")))
    except SyncError as fault:
        return Finding(BROKEN, "keys", str(fault), fault.hint)
    if path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        return Finding(LOOK, "keys", "others of this machine can read the keys", f"run: chmod 600 {path}")
    if not belongs:
        return Finding(
            LOOK,
            "keys",
            "the database is another copy than these keys were beside",
            "nothing: it goes on in a new lane at the next start",
        )
    return Finding(WELL, "keys", f"they go with this database; lane {ring.keys.lane}")


def _no_chance(count: int) -> bytes:
    raise AssertionError(f"the doctor makes no keys ({count} bytes)")


def _province(store: Store) -> Iterator[Finding]:
    asked = (
        ("reviews", "select count(*) from reviews where settled_at is null", "records that could not be applied"),
        ("quarantine", "select count(*) from quarantine where released_at is null", "messages of laptops shut out"),
        ("held", "select count(*) from held", "messages that came before those they follow"),
    )  # fmt: skip
    for part, sql, words in asked:
        count = int(store.value(sql))
        state = LOOK if count and part != "held" else WELL
        yield Finding(
            state, part, f"{count} {words}", "look at them in the office's pages" if state == LOOK else ""
        )


def _laptop(store: Store, now: datetime) -> Iterator[Finding]:
    known = status(store)
    yield _clock(known)
    yield _sending(known, now)
    waiting = known.recorded - known.acknowledged
    yield Finding(
        WELL,
        "waiting",
        f"{known.acknowledged} of {known.recorded} records received by the province, {waiting} waiting",
    )


def _clock(known: Status) -> Finding:
    offset = known.clock_offset_s
    if offset is None:
        return Finding(WELL, "clock", "nobody has compared it with the province's yet")
    if abs(offset) < CLOCK_WRONG_S:
        return Finding(WELL, "clock", f"{offset} s off the province's")
    return Finding(LOOK, "clock", f"{offset // 60} minutes off the province's", "set it: run book, section 9")


def _sending(known: Status, now: datetime) -> Finding:
    if not known.enrolled:
        return Finding(
            LOOK,
            "sending",
            "this laptop has not joined the province",
            "type the code from the puskesmas on its page",
        )
    last = "never" if known.acknowledged_at is None else f"last received {_local(known.acknowledged_at)}"
    if known.last_error:
        return Finding(
            LOOK, "sending", f"{last}; the last try failed: {known.last_error}", "run book, section 7"
        )
    silent = known.acknowledged_at is None or abs(now - parse_instant(known.acknowledged_at)) > SILENT
    if silent and known.recorded > known.acknowledged:
        return Finding(LOOK, "sending", last, "bring it to where there is a signal, or send by flash disk")
    return Finding(WELL, "sending", last)


def _copies(store: Store, now: datetime) -> Iterator[Finding]:
    row = store.one(
        "select made_at, shelf from copy_kept where made_at is not null order by made_at desc limit 1"
    )
    if row is None:
        yield Finding(LOOK, "copies", "no copy was ever made", "run: siposyandu backup")
    else:
        old = abs(now - parse_instant(row["made_at"])) > COPY_OLD
        risk = backups.at_risk(store)
        words = f"last {_local(row['made_at'])} on {row['shelf']}; {risk} records are only on this machine"
        yield Finding(LOOK if old else WELL, "copies", words, "put the flash disk in" if old else "")
    yield _proof(store, now)


def _proof(store: Store, now: datetime) -> Finding:
    last, good = proving.latest(store), proving.latest(store, good=True)
    if last is None or good is None:
        words = (
            "no copy was ever restored for proof" if last is None else f"the last proof failed: {last.fault}"
        )
        return Finding(LOOK, "proof", words, "run: siposyandu backup --prove")
    if last.fault:
        return Finding(
            LOOK,
            "proof",
            f"the last proof failed: {last.fault}",
            "take another flash disk; siposyandu backup --prove",
        )
    old = abs(now - parse_instant(good.proved_at)) > proving.OLD
    return Finding(LOOK if old else WELL, "proof", f"a copy was restored for proof {_local(good.proved_at)}")


def _local(instant: str) -> str:
    return f"{parse_instant(instant).astimezone(TIME_ZONE):%Y-%m-%d %H:%M}"


def as_json(findings: list[Finding]) -> str:
    """Return the findings for another program, one object."""
    return json.dumps(
        {"code": code(findings), "findings": [finding.__dict__ for finding in findings]}, indent=1
    )
