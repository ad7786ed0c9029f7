"""A laptop is lost or its database damaged: put a copy back, go on in a new lane, and say what is lost.

1. The copy is checked, its lock opened, a database filled from it beside the place and then given its name; a damaged one is
kept aside. 2. With new keys (a new laptop) or the sentinel beside the old ones the database notices that it is an older day:
it goes on in a new lane, and what the province may not have is written again there. 3. With a code it joins; what the
province has comes back down. 4. What was written after the copy and never left the lost laptop is gone: `Loss` says so,
from what the province last heard of the old lane.
"""

import json
import platform
import socket
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from siposyandu import as_laptop, uploads
from siposyandu import config as settings
from siposyandu.config import FILE_NAME, Config
from siposyandu.copies import locks, proving, sealed
from siposyandu.copies.sealed import Head
from siposyandu.errors import Broken, Refused
from siposyandu.instance import DRAFT, KEYS_FILE, Instance
from siposyandu.machine import Chance
from siposyandu.migrations import migrate
from siposyandu.periods import instant_text, parse_instant
from siposyandu.store import SqliteStore, Store, open_store
from siposyandu.vault.safe import FILE_NAME as VAULT_FILE
from siposyandu.vault.safe import Secrets, Vault
from siposyandu.vault.shelf import MARK, SealedShelf
from sync import keys, parcels, upstream
from sync.errors import SyncError
from sync.ports import Transport
from sync.rings import KeyFile

ASIDE = "damaged"
MACHINE_NAME_LETTERS = 100


@dataclass(frozen=True)
class Opened:
    """A copy whose lock is open: its own key, and that of the database to be made (None: not encrypted).

    `vault` and `secrets` are those of an encrypted place, as they lay beside the copy.
    """

    path: Path
    head: Head
    key: bytes
    database_key: bytes | None = None
    vault: dict[str, Any] | None = None
    secrets: Secrets | None = None


def opened_by_paper(path: Path, paper: str) -> Opened:
    """Open the lock of a copy by the recovery paper of a place without a vault. NotAllowed when it does not fit."""
    head = sealed.check(path)
    return Opened(path, head, locks.open_by_paper(head.lock, paper))


def opened_by_vault(path: Path, unlock: Callable[[Vault], Secrets]) -> Opened:
    """Open the lock of a copy by the vault beside it: `unlock` tries a passphrase or both papers. WrongPassphrase, Refused."""
    head = sealed.check(path)
    kept = head.lock.get("vault")
    if not isinstance(kept, dict):
        raise Refused("this copy is opened by a recovery paper", "siposyandu restore asks for it")
    with TemporaryDirectory() as folder:
        vault = Vault(Path(folder), Chance().token_bytes)
        vault.path.write_text(json.dumps(kept), "utf-8")
        secrets = unlock(vault)
    database_key = secrets.key("database")
    return Opened(
        path, head, locks.open_by_database_key(head.lock, database_key), database_key, kept, secrets
    )


def opened_here(path: Path, database_key: bytes) -> Opened:
    """Open the lock of a copy of this very place, which is open. NotAllowed when it is another laptop's."""
    head = sealed.check(path)
    return Opened(path, head, locks.open_by_database_key(head.lock, database_key), database_key)


@dataclass(frozen=True)
class Loss:
    """What is lost. `sure` records were written and had neither left the old laptop nor come into the copy (None: the province
    was not asked yet); whatever was written after `maybe_since` (UTC) may be lost too. The first two count its edits in the
    copy and, as acknowledged, at the province."""

    copied_at: str
    in_copy: int
    at_province: int | None
    sure: int | None
    maybe_since: str


def check_empty(folder: Path) -> None:
    """Refuse a folder in which a place lives already."""
    if (folder / FILE_NAME).exists() or set(folder.glob("*.db")) - {folder / DRAFT}:
        raise Refused(f"there is a place in {folder} already", "choose an empty folder")


def found_again(folder: Path, port: int, opened: Opened) -> Config:
    """Put a copy back as a place in an empty folder, without keys: it will speak in a new lane. Returns its settings."""
    check_empty(folder)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return _filled(Config(folder, area="", port=port), opened)


def taken_over(config: Config, opened: Opened) -> Config:
    """Put a copy back on a new laptop that waits to be set up: its port and address stay. Returns its settings."""
    if config.database_path.exists():
        raise Refused(
            "something was written on this laptop already", "take an empty folder: siposyandu restore"
        )
    return _filled(config, opened)


def _filled(new: Config, opened: Opened) -> Config:
    draft = new.folder / DRAFT
    proving.remove(draft)
    copied = proving.fill(draft, opened.database_key, opened.path, opened.key)
    carried = settings.of_copy(new.folder, new.port, copied.settings)
    if carried.is_province and not has_keys(carried):
        proving.remove(draft)
        raise Refused(
            "this is the province's copy, and its keys are not here",
            "lay keys/ into the folder first: run book, 6c",
        )
    config = replace(carried, host=new.host, upstream=new.upstream or carried.upstream)
    _made_ready(draft, opened, keys_stay=False)
    settings.save(config)  # before the database has its name: begun again, it is put back as into a place
    _lay_vault(config.folder, opened)
    draft.replace(config.database_path)
    return config


def _made_ready(draft: Path, opened: Opened, *, keys_stay: bool) -> None:
    """Bring what was filled up to date, and note whose copy it is. Broken where it is gone: an empty one is not put back."""
    if not draft.exists():
        raise Broken(f"{draft} is gone", "put the copy back once more")
    store = open_store(draft, opened.database_key)
    try:
        migrate(store)  # a copy made before an update has older tables
        _note(store, opened.head)
        if not keys_stay:
            upstream.certify(store, None)  # its key is gone with the old laptop: a code is needed
    finally:
        store.close()


def has_keys(config: Config) -> bool:
    """Whether the keys of a place lie in its folder."""
    return (config.keys_folder / KEYS_FILE).is_file()


def _lay_vault(folder: Path, opened: Opened) -> None:
    vault = folder / VAULT_FILE
    if opened.vault is not None and not vault.exists():
        KeyFile(vault).write(json.dumps(opened.vault, indent=1))


def put_back(config: Config, opened: Opened) -> Path | None:
    """Put a copy in the place of a damaged database, whose files are kept aside; returns the folder where they lie.

    Refuses the copy of another place.
    """
    if config.is_on_postgresql:
        raise Refused(
            "this place keeps its records in PostgreSQL", "pg_restore, then: siposyandu epoch (run book, 6c)"
        )
    if config.area not in ("", opened.head.area):
        raise Refused(f"this is a copy of {opened.head.place}, not of this place", "choose another copy")
    _check_lock(config, opened)
    draft = config.folder / DRAFT
    proving.remove(draft)
    proving.fill(draft, opened.database_key, opened.path, opened.key)
    _made_ready(draft, opened, keys_stay=has_keys(config))
    _lay_vault(config.folder, opened)
    aside = _set_aside(config.database_path)
    draft.replace(config.database_path)
    return aside


def _check_lock(config: Config, opened: Opened) -> None:
    """Refuse a copy that would leave an encrypted place with a database, or with keys, that its own vault does not open."""
    keys_file = KeyFile(config.keys_folder / KEYS_FILE)
    sealed_here = (keys_file.read() or "").startswith(MARK)
    fits = opened.database_key is not None or not (sealed_here or (config.folder / VAULT_FILE).exists())
    if fits and sealed_here and opened.secrets is not None:
        fits = SealedShelf(keys_file, opened.secrets.key("ring"), Chance().token_bytes).is_readable
    if not fits:
        raise Refused(
            "this copy is not under the passphrase of this place",
            "put it back in an empty folder: siposyandu restore FILE --folder FOLDER",
        )


def check_stopped(config: Config) -> None:
    """Refuse while the pages of a place are served: its database must not change under a running program."""
    with socket.socket() as door:
        door.settimeout(1)
        if config.port and door.connect_ex((config.host, config.port)) == 0:
            raise Refused("this place is running", "stop it first: systemctl stop siposyandu")


def _set_aside(database: Path) -> Path | None:
    # The database first: without it the place is damaged, without what was written ahead it would open as of before.
    found = sorted(path for path in database.parent.glob(database.name + "*") if path.is_file())
    if not found:
        return None
    earlier = (path.name.removeprefix(f"{ASIDE}-") for path in database.parent.glob(f"{ASIDE}-*"))
    number = max((int(name) for name in earlier if name.isdecimal()), default=0) + 1
    aside = database.parent / f"{ASIDE}-{number}"
    aside.mkdir(mode=0o700)
    for path in found:
        path.replace(aside / path.name)
    return aside


def _note(store: SqliteStore, head: Head) -> None:
    with store.write():
        store.run(
            """insert into restoration (copied_at, lane, copy_seq, clock_offset_s) values ($1, $2, $3, $4)""",
            head.made_at, head.lane, head.last_seq, head.clock_offset_s or 0,
        )  # fmt: skip


def join(instance: Instance, code: str, address: str = "") -> None:
    """Join the province that the copy knew, with new keys, and fetch what it has. Raises SyncError.

    Refuses (code 'other_province') any other province: this one's records are not for it.
    """
    with instance.store_for_job() as store:
        known = store.value("select server_sign_key from sync_upstream where id = 1")
    print_of_province = keys.fingerprint(known) if known else ""
    as_laptop.enrol(
        instance,
        address or instance.config.upstream,
        code,
        platform.node()[:MACHINE_NAME_LETTERS],
        print_of_province,
    )


def ask(instance: Instance, transport: Transport | None = None) -> None:
    """Ask the province what it last heard of the lost lane, once after a restore; later when it is not reached now."""
    with instance.store_for_job() as store:
        row = store.one(
            "select restoration_no, lane from restoration where asked_at is null order by restoration_no desc limit 1"
        )
        if row is None:
            return
        try:
            known = parcels.ask_lane(uploads.sender(instance, store, transport), row["lane"])
        except SyncError:
            return  # asked again after the next exchange
        with store.write():
            store.run(
                """update restoration set asked_at = $2, acknowledged = $3, recorded = $4, seen_at = $5
                where restoration_no = $1""",
                row["restoration_no"], instant_text(instance.now()), known.get("acknowledged"), known.get("recorded"),
                known.get("seen_at"),
            )  # fmt: skip


def loss(store: Store) -> Loss | None:
    """Return what the last restore here lost; None where nothing was ever restored."""
    row = store.one("select * from restoration order by restoration_no desc limit 1")
    return None if row is None else reckon(row)


def reckon(row: dict[str, Any]) -> Loss:
    """Return what is lost, from a copy's end and what the province last heard (None: not asked).

    >>> said = {"copied_at": "2026-08-03T01:00:00Z", "clock_offset_s": 0, "copy_seq": 70, "lane": ""}
    >>> reckon(said | {"acknowledged": 80, "recorded": 90, "seen_at": "2026-08-03T02:00:00Z"}).sure
    10
    """
    copied = parse_instant(row["copied_at"]) - timedelta(seconds=row["clock_offset_s"])
    acknowledged, recorded, seen = row["acknowledged"], row["recorded"], row["seen_at"]
    has = max(row["copy_seq"], acknowledged or 0)
    # The province heard it say how many it had: all up to there are known, whatever came later is not.
    seen_at = parse_instant(seen) if seen else copied
    return Loss(
        copied_at=instant_text(copied),
        in_copy=row["copy_seq"],
        at_province=acknowledged,
        sure=None if recorded is None else max(0, recorded - has),
        maybe_since=instant_text(max(copied, seen_at)),
    )
