"""The files that can be taken out: each list is described once, and written as .xlsx or .csv from that description.

An export says its identifier, title, columns and `rows(...)`; a page gathers what the rows are made of and asks who may see
it (web/taking_out.py). Two of them come back with what was changed in Excel (web/excel): their columns are the form's own.
A new export: a file here, a line in ALL, its gathering in web/taking_out.py; tests/test_exports_rules.py says what is missing.
"""

from siposyandu.exports import (
    area,
    balita,
    kunjungan,
    mutu,
    persiapan,
    register,
    rujukan,
    sip_formats,
    skdn,
    sweeping,
)
from siposyandu.exports.columns import COUNT, DAY, MEASURE, TEXT, Cell, Column, Export, Taken

ALL: tuple[Export, ...] = (
    balita.EXPORT,
    kunjungan.EXPORT,
    register.EXPORT,
    sweeping.EXPORT,
    persiapan.EXPORT,
    rujukan.EXPORT,
    skdn.EXPORT,
    *sip_formats.ALL,
    area.EXPORT,
    area.UNREPORTED,
    mutu.EXPORT,
)
BY_IDENTIFIER: dict[str, Export] = {export.identifier: export for export in ALL}

__all__ = [
    "ALL",
    "BY_IDENTIFIER",
    "COUNT",
    "DAY",
    "MEASURE",
    "TEXT",
    "Cell",
    "Column",
    "Export",
    "Taken",
]
