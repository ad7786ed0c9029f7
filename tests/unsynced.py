"""What a disk holds when the power itself goes: what was synced for certain, of the rest nothing, or some of it, torn.

A killed process leaves all it wrote, because the system still writes it. A power cut does not. So the calls that a real
process made are replayed onto a copy of its folder as it was, up to the moment of the cut, keeping apart what only a sync
makes lasting: bytes by a sync of their file, names (new, replaced, removed) by a sync of their folder.
"""

from collections.abc import Iterable
from pathlib import Path
from random import Random

from tests.power_cut import Call

MEMORY_ENDS = "-shm"  # SQLite's index of its write-ahead file lives in memory and is made again from the file


class File:
    """One file: its lasting bytes, and the calls that no sync has made lasting yet."""

    def __init__(self, content: bytes = b"") -> None:
        self.lasting = bytearray(content)
        self.unsynced: list[Call] = []

    def sync(self) -> None:
        """Make all of it last."""
        for call in self.unsynced:
            _apply(self.lasting, call)
        self.unsynced = []

    def after_a_cut(self, chance: Random | None) -> bytes:
        """The bytes that a power cut leaves: the lasting ones, and by chance some of the others, some of these by half."""
        content = bytearray(self.lasting)
        for call in self.unsynced if chance else ():
            fate = chance.random() if chance else 0.0
            if fate < 0.5:
                _apply(content, call, half=fate < 0.1)
        return bytes(content)


class Disk:
    """The files of one folder."""

    def __init__(self, image: Path, folder: Path) -> None:
        self._folder = folder
        self._now = {
            folder / path.relative_to(image): File(path.read_bytes())
            for path in image.rglob("*")
            if path.is_file() and not path.name.endswith(MEMORY_ENDS)
        }
        self._lasting = dict(self._now)

    def replay(self, calls: Iterable[Call]) -> None:
        """Do again what a process did."""
        for call in calls:
            if not call.path.name.endswith(MEMORY_ENDS):
                self._do(call)

    def _do(self, call: Call) -> None:
        if call.name == "sync" and call.path.is_dir():
            self._sync_names(call.path)
        elif call.name == "sync":
            self._at(call.path).sync()
        elif call.name == "unlink":
            self._now.pop(call.path, None)
        elif call.name == "rename":
            self._now[call.path] = self._now.pop(Path(call.content.decode()))
        else:
            self._at(call.path).unsynced.append(call)

    def _at(self, path: Path) -> File:
        return self._now.setdefault(path, File())

    def _sync_names(self, folder: Path) -> None:
        elsewhere = {path: file for path, file in self._lasting.items() if path.parent != folder}
        self._lasting = elsewhere | {path: file for path, file in self._now.items() if path.parent == folder}

    def cut(self, chance: Random | None) -> None:
        """Leave in the folder what a power cut leaves: without `chance` nothing that was not synced."""
        names = self._now if chance and chance.random() < 0.5 else self._lasting
        for path in self._folder.rglob("*"):
            if path.is_file():
                path.unlink()
        for path, file in names.items():
            path.write_bytes(file.after_a_cut(chance))


def _apply(content: bytearray, call: Call, *, half: bool = False) -> None:
    if call.name == "truncate":
        del content[call.offset :]
        content.extend(bytes(call.offset - len(content)))
        return
    given = call.content[: len(call.content) // 2] if half else call.content
    content.extend(bytes(max(0, call.offset - len(content))))
    content[call.offset : call.offset + len(given)] = given
