"""Copies that a place keeps for the laptops below it: sealed files that it cannot read, the last three of each laptop.

Whoever runs the place takes the file out of the folder `held-copies` and gives it, on a flash disk, to a new laptop. No
laptop can fill the disk: one file of hers is under way at a time, none is larger than 64 MB, and a tenth of the disk stays free.
"""

import re
import shutil
from hashlib import sha256
from pathlib import Path

from siposyandu.copies import sealed, shelves
from siposyandu.copies.shelves import Copy
from siposyandu.errors import Broken
from sync.errors import Malformed, Refused, TooLarge
from sync.parcels import Part
from sync.rings import keep_name

FOLDER = "held-copies"
KEPT_PER_LAPTOP = 3
LARGEST_BYTES = 64 * 1024 * 1024
FREE_SHARE = 10
_NAME = re.compile(r"[0-9a-f]{64}")


class HeldCopies:
    """The folder of copies that a place keeps for others: one folder for each lane."""

    def __init__(self, place: Path) -> None:
        self.folder = place / FOLDER

    def put(self, lane: str, said: Part) -> int:
        """Keep the bytes of a part; return how many are kept from the start; a whole copy is checked and kept.

        Refuses a copy of another laptop, what is no copy, one too large, and (code 'full') anything when the disk is full.
        """
        if not _NAME.fullmatch(said.name):
            raise Malformed("a parcel is named by its fingerprint")
        if said.size > LARGEST_BYTES:
            raise TooLarge(f"a copy of {said.size} bytes")
        folder = self.folder / lane
        if (folder / (said.name + shelves.ENDING)).exists():
            return said.size
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return self._add(folder, lane, said)

    def _add(self, folder: Path, lane: str, said: Part) -> int:
        draft = folder / (said.name + shelves.HALF)
        for older in folder.glob("*" + shelves.HALF):
            if older != draft:
                older.unlink()
        have = draft.stat().st_size if draft.exists() else 0
        if not said.content or said.offset != have or have + len(said.content) > said.size:
            return min(have, said.size)
        disk = shutil.disk_usage(folder)
        if disk.free < max(said.size, disk.total // FREE_SHARE):
            raise Refused("the disk of this place is too full for copies of others", code="full")
        draft.touch()
        with draft.open("r+b") as file:
            # A part that comes twice at once is written twice in one place, not behind itself.
            file.seek(said.offset)
            file.write(said.content)
            shelves.to_the_medium(file)  # what is said to be kept here, the laptop counts as safe
        have += len(said.content)
        if have == said.size:
            self._finish(draft, lane, said.name)
        return have

    def _finish(self, draft: Path, lane: str, name: str) -> None:
        if draft.with_name(name + shelves.ENDING).exists():
            draft.unlink(missing_ok=True)  # the same part, come twice at once, was quicker
            return
        try:
            if sha256(draft.read_bytes()).hexdigest() != name or sealed.check(draft).lane != lane:
                raise Malformed("not the copy it is said to be")
        except (Broken, Malformed) as fault:
            draft.unlink()
            raise Malformed("not a whole copy of this laptop") from fault
        draft.replace(draft.with_name(name + shelves.ENDING))
        keep_name(draft.parent)
        for older in self.of(lane)[KEPT_PER_LAPTOP:]:
            older.path.unlink()

    def of(self, lane: str) -> list[Copy]:
        """Return the copies kept of a laptop, newest first."""
        return shelves.copies(shelves.Shelf(FOLDER, lane, self.folder / lane, elsewhere=True))

    def everyones(self) -> list[Copy]:
        """Return the copies kept of all laptops, those made last first."""
        lanes = sorted(path.name for path in self.folder.glob("*")) if self.folder.exists() else []
        found = [copy for lane in lanes for copy in self.of(lane)]
        return sorted(found, key=lambda copy: copy.head.made_at, reverse=True)
