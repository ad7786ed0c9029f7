"""The byte code of everything a start needs, in one file that is read in one sweep: an old disk seeks 900 files for seconds.

Python keeps the byte code of each module in a file of its own. After `begin` it looks into one file first, in the cache folder of
whoever runs the program (where it is installed, it may not write); `keep` writes that file when a start found something
elsewhere. A piece is believed by Python's own rule, that its source is of the size and time it was made from, and by its check
sum; another user's file is not believed at all. What is missing, older or damaged is read as ever.
"""

# Whatever is imported here is read before the one file can help: only what is built into Python, or nearly so.
import io
import os
import sys
import zlib
from _thread import allocate_lock
from importlib.machinery import (
    BYTECODE_SUFFIXES,
    EXTENSION_SUFFIXES,
    SOURCE_SUFFIXES,
    ExtensionFileLoader,
    FileFinder,
    SourceFileLoader,
    SourcelessFileLoader,
)

MARK = b"siposyandu byte code 1\n"
NUMBER_BYTES = 4
NO_FLAGS = bytes(NUMBER_BYTES)
"""In the head of byte code: made from a source of a size and a time, not of a check sum."""


class Sweep:
    """The one file, its pieces in the order in which a start needs them; empty where there is none, or a damaged one."""

    def __init__(self, path: str) -> None:
        self.path = path
        self._pieces: dict[str, tuple[int, int, int]] = {}
        self._one_at_a_time = allocate_lock()
        self._file: io.BufferedIOBase = io.BytesIO()
        try:
            self._file = open(path, "rb")  # noqa: SIM115 - it stays open for what is imported later
            self._pieces = _index_of(self._file) if _is_ours(self._file.fileno()) else {}
        except (OSError, ValueError):
            self.close()

    def piece(self, name: str) -> bytes | None:
        """Return what Python keeps in the file of this name; None when it is not here, or damaged."""
        if name not in self._pieces:
            return None
        begin, length, check = self._pieces[name]
        try:
            with self._one_at_a_time:
                self._file.seek(begin)
                found = self._file.read(length)
        except (OSError, ValueError):  # ValueError: it was closed meanwhile
            return None
        return found if zlib.crc32(found) == check else None

    def close(self) -> None:
        """Let go of the file: what is imported from now on is read as ever."""
        self._pieces = {}
        self._file.close()


class SweptLoader(SourceFileLoader):
    """Loads one module, out of the one file when it is there."""

    def __init__(self, name: str, path: str, sweep: Sweep) -> None:
        super().__init__(name, path)
        self.sweep = sweep
        self.kept_in, self.swept = "", False
        """Where Python keeps its byte code, and whether the one file had it."""

    def get_data(self, path: str) -> bytes:
        """Return the bytes of a file of this module: its byte code or its source."""
        if not path.endswith(BYTECODE_SUFFIXES[0]):
            return super().get_data(path)
        self.kept_in = path
        piece = self.sweep.piece(path)
        if piece is None or not self.fits(piece):
            return super().get_data(path)
        self.swept = True
        return piece

    def fits(self, code: bytes) -> bool:
        """Whether byte code was made from the source as it lies there now."""
        source = os.stat(self.path)
        return code[4:16] == NO_FLAGS + _number(int(source.st_mtime)) + _number(source.st_size)


def begin(path: str = "") -> None:
    """Look for the byte code of whatever is imported from now on in the one file first."""
    sweep = Sweep(path or _in_cache())

    def loader(name: str, path: str) -> SweptLoader:
        return SweptLoader(name, path, sweep)

    kinds = (
        (ExtensionFileLoader, EXTENSION_SUFFIXES),
        (loader, SOURCE_SUFFIXES),
        (SourcelessFileLoader, BYTECODE_SUFFIXES),
    )
    sys.path_hooks.insert(0, FileFinder.path_hook(*kinds))  # type: ignore[arg-type] # a function that makes a loader is one
    sys.path_importer_cache.clear()


def keep() -> None:
    """Write the one file anew when this start found something elsewhere. OSError where it cannot be written."""
    loaders = [each for each in map(_loader, list(sys.modules.values())) if each is not None]
    elsewhere = [each for each in loaders if not each.swept and _code(each)]
    if not elsewhere or sys.dont_write_bytecode:
        return
    sweep = elsewhere[0].sweep
    fresh = f"{sweep.path}.new"
    try:
        _write(fresh, loaders)
        sweep.close()  # Windows replaces no file that is open
        os.replace(fresh, sweep.path)
    except OSError:
        if os.path.exists(fresh):
            os.remove(fresh)  # a full disk has better use for the room
        raise


def _loader(module: object) -> SweptLoader | None:
    found = getattr(getattr(module, "__spec__", None), "loader", None)
    return found if isinstance(found, SweptLoader) else None


def _code(loader: SweptLoader) -> bytes:
    """Return a module's byte code; nothing when none is kept that fits its source."""
    try:
        code = loader.get_data(loader.kept_in) if loader.kept_in else b""
        return code if loader.fits(code) else b""
    except OSError:
        return b""


def _in_cache() -> str:
    """Return where the one file of this installation lies, for this user and this Python."""
    folder = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    of_program = zlib.crc32(__file__.encode())
    return os.path.join(folder, "siposyandu", f"start-{of_program:08x}.{sys.implementation.cache_tag}")


def _is_ours(file: int) -> bool:
    """Whether a file belongs to who runs the program: another's could make it do what he wants."""
    return os.name != "posix" or os.fstat(file).st_uid == os.geteuid()


def _write(path: str, loaders: list[SweptLoader]) -> None:
    """Write the byte code of modules, held in memory one after the other; one that changes meanwhile spoils its check sum."""
    index = "".join(_line(each) for each in loaders).encode()
    os.makedirs(os.path.dirname(path), mode=0o700, exist_ok=True)
    with open(path, "wb") as file:
        file.writelines([MARK, _number(len(index)), _number(zlib.crc32(index)), index])
        file.writelines(map(_code, loaders))


def _line(loader: SweptLoader) -> str:
    code = _code(loader)
    return f"{len(code)} {zlib.crc32(code)} {loader.kept_in}\n"


def _index_of(file: io.BufferedIOBase) -> dict[str, tuple[int, int, int]]:
    """Return where each piece begins, its length and its check sum. ValueError when the file is not whole."""
    mark, length, check = file.read(len(MARK)), file.read(NUMBER_BYTES), file.read(NUMBER_BYTES)
    index = file.read(int.from_bytes(length, "little")) if mark == MARK else b""
    if mark != MARK or _number(zlib.crc32(index)) != check:
        raise ValueError("not a whole file of byte code")
    found, begin = {}, file.tell()
    for line in index.decode().splitlines():
        size, crc, name = line.split(" ", 2)
        found[name] = (begin, int(size), int(crc))
        begin += int(size)
    return found


def _number(value: int) -> bytes:
    """Return a number as byte code writes it.

    >>> _number(258)
    b'\\x02\\x01\\x00\\x00'
    """
    return (value & 0xFFFFFFFF).to_bytes(NUMBER_BYTES, "little")
