"""Where copies lie: in the place's own folder, on a flash disk while it is in, in a folder on another disk.

A copy is written beside its name, made durable, read back from the medium and compared, and only then given its name. So a
full disk, or a flash disk pulled out in the middle, leaves every older copy as it was.
"""

import errno
import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from glob import glob
from pathlib import Path
from typing import BinaryIO

from siposyandu.copies import rotation, sealed
from siposyandu.copies.rotation import Kept
from siposyandu.copies.sealed import Head
from siposyandu.errors import Broken, NotKept
from siposyandu.periods import parse_instant
from sync.rings import keep_name

LAPTOP, FLASH, FOLDER = "laptop", "flash", "folder"
ENDING, HALF = ".sipc", ".part"
ON_A_DISK = "SIPosyandu"
"""The folder on a flash disk; nothing else there is touched."""
FREE_BYTES_LEFT = 20 * 1024 * 1024
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
PULL_HINT = (
    "the copies made before are as they were; make room or put the flash disk in again, then try again"
)


@dataclass(frozen=True)
class Shelf:
    """A folder for copies. `elsewhere`: it lies on another disk than the database, so it may outlive the laptop."""

    kind: str
    name: str
    folder: Path
    elsewhere: bool

    @property
    def key(self) -> str:
        """What the shelf is called in the database."""
        return self.kind if self.kind != FLASH else f"{FLASH} {self.name}"


@dataclass(frozen=True)
class Copy:
    """A copy found on a shelf."""

    path: Path
    head: Head


def own(folder: Path) -> Shelf:
    """Return the shelf in the place's own folder: it helps against a damaged database, not against a thief."""
    return Shelf(LAPTOP, "", folder / "copies", elsewhere=False)


def others(
    database: Path, folder: str, disks: str, is_mount: Callable[[str], bool] = os.path.ismount
) -> Iterator[Shelf]:
    """Give the shelves that are there now: the folder of the settings, and each flash disk that is in.

    A place with a `*` in it must be a disk of its own; one that is written out need only exist.
    """
    if folder:
        path = Path(folder)
        yield Shelf(FOLDER, str(path), path, elsewhere=not _same_disk(path, database))
    for pattern in filter(None, (each.strip() for each in disks.split(","))):
        for path in sorted(map(Path, glob(pattern))):
            if path.is_dir() and ("*" not in pattern or is_mount(str(path))) and os.access(path, os.W_OK):
                yield Shelf(FLASH, path.name or str(path), path / ON_A_DISK, elsewhere=True)


def _same_disk(one: Path, other: Path) -> bool:
    there = next((parent for parent in (one, *one.parents) if parent.exists()), Path("/"))
    return there.stat().st_dev == other.stat().st_dev


def name_of(head: Head) -> str:
    """Return the name of a copy's file: its posyandu, its lane, its number, its day."""
    place = "".join(
        letter if letter.isascii() and letter.isalnum() else "-" for letter in head.place.lower()
    ).strip("-")[:24]
    day = head.made_at[:10].replace("-", "")
    return f"{place or 'siposyandu'}-{head.lane[:8]}-{head.number:06}-{day}{ENDING}"


def put(shelf: Shelf, name: str, write: Callable[[BinaryIO], bytes]) -> Path:
    """Write a copy whole, or not at all; `write` returns the fingerprint that must be read back. Raises NotKept."""
    draft = shelf.folder / (name + HALF)
    try:
        shelf.folder.mkdir(parents=True, exist_ok=True)
        with draft.open("wb") as file:
            wrote = write(file)
            to_the_medium(file)
        if sealed.fingerprint(draft) != wrote:
            raise NotKept("what was read back is not what was written", "take another flash disk", "unlike")
        draft.replace(shelf.folder / name)
        keep_name(shelf.folder)
    except OSError as fault:
        full = fault.errno in _FULL
        said = "there is no room for a copy" if full else f"the copy could not be written: {fault}"
        raise NotKept(f"{shelf.folder}: {said}", PULL_HINT, "full" if full else "pulled") from fault
    finally:
        _drop(draft)
    return shelf.folder / name


def bring(shelf: Shelf, copy: Path) -> Path:
    """Put a copy that is whole on another shelf too. Raises NotKept; Broken when the copy itself is not whole."""
    sealed.check(copy)
    room = shutil.disk_usage(
        next(parent for parent in (shelf.folder, *shelf.folder.parents) if parent.exists())
    )
    if room.free < copy.stat().st_size + FREE_BYTES_LEFT:
        raise NotKept(f"{shelf.folder}: there is no room for a copy", PULL_HINT, "full")

    def write(file: BinaryIO) -> bytes:
        with copy.open("rb") as source:
            shutil.copyfileobj(source, file, 1 << 20)
        return sealed.fingerprint(copy)

    return put(shelf, copy.name, write)


def copies(shelf: Shelf, lane: str = "") -> list[Copy]:
    """Return the copies on a shelf, newest first: those of a lane, or all. What cannot be read as one is left out."""
    found = [copy for path in _files(shelf.folder) if (copy := _read(path)) and lane in ("", copy.head.lane)]
    return sorted(found, key=lambda copy: (copy.head.number, copy.head.made_at), reverse=True)


def _files(folder: Path) -> Sequence[Path]:
    try:
        return sorted(folder.glob("*" + ENDING))
    except OSError:
        return ()


def _read(path: Path) -> Copy | None:
    try:
        return Copy(path, sealed.read_head(path))
    except (OSError, Broken):
        return None


def rotate(shelf: Shelf, lane: str) -> None:
    """Remove the copies of a lane that are no longer kept (rotation.py). Raises NotKept when the disk was pulled out."""
    found = copies(shelf, lane)
    kept = rotation.keep(Kept(copy.head.number, parse_instant(copy.head.made_at)) for copy in found)
    try:
        for copy in found:
            if copy.head.number not in kept:
                copy.path.unlink(missing_ok=True)
    except OSError as fault:
        raise NotKept(f"{shelf.folder}: {fault}", PULL_HINT) from fault


def _drop(draft: Path) -> None:
    try:
        draft.unlink(missing_ok=True)
    except OSError:
        return  # pulled out: whatever is half written there has no name of a copy


def to_the_medium(file: BinaryIO) -> None:
    """Write a file through to the disk or stick, so that what is read back afterwards comes from there."""
    file.flush()
    os.fsync(file.fileno())
    if hasattr(os, "posix_fadvise"):  # so that reading back asks the medium, not this machine's memory of it
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
