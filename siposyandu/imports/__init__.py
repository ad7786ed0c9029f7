"""Files that others give us, checked whole before anything is written.

A file is read (sheet), its rows are typed into the forms (drafts), checked against each other and the register
(checking), and the good ones taken (taking). The reading and checking half touches no store.
A new kind of file from e-PPGBM is a table in columns.toml; another system is a file here and a line in ALL.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from forms import N_
from siposyandu.imports.checking import check
from siposyandu.imports.eppgbm import Asked, Say, import_files
from siposyandu.imports.errors import CannotImport
from siposyandu.imports.register import Place, Register, Together
from siposyandu.imports.report import Child, Entry, Report, RowProblem
from siposyandu.imports.sheet import Sheet, read
from siposyandu.imports.stored import StoredRegister
from siposyandu.imports.taking import Taken, take
from siposyandu.records import Pen
from siposyandu.store import Store


@dataclass(frozen=True)
class Importer:
    """One source of files, as the command names it: `siposyandu import IDENTIFIER FILE...`."""

    identifier: str
    title: str
    run: Callable[[Store, Pen, Sequence[Path], Asked, Say], int]


ALL: tuple[Importer, ...] = (
    Importer("eppgbm", N_("e-PPGBM files: IDENTITAS, PENGUKURAN, download"), import_files),
)

__all__ = [
    "ALL",
    "Asked",
    "CannotImport",
    "Child",
    "Entry",
    "Importer",
    "Place",
    "Register",
    "Report",
    "RowProblem",
    "Sheet",
    "StoredRegister",
    "Taken",
    "Together",
    "check",
    "import_files",
    "read",
    "take",
]
