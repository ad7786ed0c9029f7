"""Encrypting a place that was plain: a copy is written with the key, compared row by row, and put in the old one's stead.

1. `_copied` writes the encrypted copy beside the database and compares it; until then nothing has changed.
2. The vault's file takes its name: from now on this place is encrypted.
3. `finish` puts the copy in the database's stead, seals the file of keys, and wipes what was plain.
From the first to the last no other program can write into the plain database: what it wrote would be lost.
The power may go at any moment: before 2 the copy is thrown away and made anew, after it `finish` goes on at the next opening.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from siposyandu import encryption
from siposyandu.config import COOKIE_KEY, Config
from siposyandu.encryption import Connection, DatabaseError
from siposyandu.errors import Broken, Refused
from siposyandu.vault.safe import Secrets, Vault
from siposyandu.vault.shelf import SealedShelf
from sync.rings import keep_name

COPY, PLAIN = ".encrypting", ".plain"
PROOF, DRAFT = "proof.db", "restored.db"
"""Databases beside the place's own while a copy is proved (copies/proving.py) or put back (restoring.py)."""
CUT_SHORT = tuple(name + ending for name in (PROOF, DRAFT) for ending in ("", "-wal"))
"""What is left of them when the power goes in the middle."""
WIPED_AT_ONCE_BYTES = 1024 * 1024


def convert(
    config: Config, vault: Vault, passphrase: str, sealed: Callable[[Secrets], SealedShelf]
) -> Secrets:
    """Encrypt a plain place under a passphrase; return the keys. Refused where it is encrypted, or in use."""
    if vault.exists:
        raise Refused("this place is encrypted already")
    if aside := next(config.folder.glob("damaged-*/*"), None):
        raise Refused(
            f"{aside} was set aside and is not encrypted", "bring it elsewhere, or delete it, first"
        )
    secrets, write = vault.prepare(passphrase)
    with _copied(config.database_path, secrets.key("database")):
        write()
        finish(config, sealed(secrets))
    return secrets


@contextmanager
def _copied(path: Path, key: bytes) -> Iterator[None]:
    """Write the encrypted copy of a plain database beside it, compare the two, and let nobody write into the plain one until
    the end. Refused while somebody has it open."""
    made = _beside(path, COPY)
    with closing(encryption.connect(path, None)) as plain:
        _must_be_alone(plain)
        _remove(made)
        for name in CUT_SHORT:
            wipe(path.with_name(name))
        encryption.export(plain, made, key)
        with closing(encryption.connect(made, key)) as encrypted:
            _must_be_the_same(plain, encrypted)
        _keep(made)
        if os.name != "posix":
            plain.close()  # Windows renames no file that is open
        yield


def finish(config: Config, sealed: SealedShelf) -> None:
    """Put the copy in the plain database's stead, seal the file of keys, wipe what was plain; also what was begun before."""
    path = config.database_path
    made, plain = _beside(path, COPY), _beside(path, PLAIN)
    if made.exists() and path.exists():
        path.replace(plain)
    if made.exists():
        made.replace(path)
        keep_name(path.parent)
    sealed.adopt()
    for leftover in (plain, _beside(path, PLAIN + "-wal"), config.keys_folder / COOKIE_KEY):
        wipe(leftover)


def wipe(path: Path) -> None:
    """Write over a file and remove it. A solid-state disk may keep the old bytes elsewhere; nobody can order it not to."""
    if not path.exists():
        return
    with path.open("r+b") as file:
        left = path.stat().st_size
        while left > 0:
            left -= file.write(os.urandom(min(left, WIPED_AT_ONCE_BYTES)))
        file.flush()
        os.fsync(file.fileno())
    path.unlink()
    keep_name(path.parent)


def _must_be_alone(plain: Connection) -> None:
    """Refuse while another program has this database open: what it writes meanwhile would be lost."""
    hint = "stop the service first (systemctl stop siposyandu), then try again"
    plain.execute("pragma busy_timeout = 2000")
    try:
        mode = plain.execute("pragma journal_mode = delete").fetchone()[0]
        plain.execute("pragma locking_mode = exclusive")
        plain.execute("begin immediate")
        plain.execute("commit")
    except DatabaseError as fault:
        raise Refused("another program has the database open", hint) from fault
    if mode != "delete":
        raise Refused("another program has the database open", hint)


def _must_be_the_same(plain: Connection, encrypted: Connection) -> None:
    faults = [row[0] for row in encrypted.execute("pragma cipher_integrity_check")]
    faults += [row[0] for row in encrypted.execute("pragma integrity_check") if row[0] != "ok"]
    if faults or any(one != other for one, other in _side_by_side(plain, encrypted)):
        raise Broken(
            f"the encrypted copy is not the same: {faults[:3]}",
            "nothing was changed; is the disk full or damaged?",
        )


def _side_by_side(plain: Connection, encrypted: Connection) -> Iterator[tuple[object, object]]:
    """Go through both databases: every definition, then every row of every table."""
    definitions = "select type, name, sql from sqlite_master order by type, name"
    yield from _pairs(plain, encrypted, definitions)
    for row in plain.execute(
        "select name from pragma_table_list where type in ('table', 'shadow') and schema = 'main'"
    ).fetchall():
        if row[0] != "sqlite_schema":
            yield from _pairs(plain, encrypted, f'select * from "{row[0]}"')


def _pairs(plain: Connection, encrypted: Connection, sql: str) -> Iterator[tuple[object, object]]:
    ours, theirs = plain.execute(sql), encrypted.execute(sql)
    for row in ours:
        other = theirs.fetchone()
        yield tuple(row), None if other is None else tuple(other)
    yield None, theirs.fetchone()


def _beside(path: Path, ending: str) -> Path:
    return path.with_name(path.name + ending)


def _keep(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())
    keep_name(path.parent)


def _remove(path: Path) -> None:
    for each in (path, _beside(path, "-wal"), _beside(path, "-shm"), _beside(path, "-journal")):
        each.unlink(missing_ok=True)
