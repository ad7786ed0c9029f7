"""Keeping the places and the people: puskesmas, posyandu and workers, one by one or from a checked file.

Everybody keeps what lies in her own area: a tenaga gizi the posyandu and kader of her puskesmas, the dinas those of its
kabupaten, the province all. `register` reads what is kept now, `checking` judges one record, `files` a whole file.
"""

from siposyandu.keeping import laptops
from siposyandu.keeping.checking import check
from siposyandu.keeping.files import FileCheck, GoodRow, RefusedRow, UnknownFile, check_rows, file_rows, take
from siposyandu.keeping.kinds import ALL, BY_WORD, POSYANDU, PUSKESMAS, WORKER, Kind
from siposyandu.keeping.register import Register, grantable, register

__all__ = [
    "ALL",
    "BY_WORD",
    "POSYANDU",
    "PUSKESMAS",
    "WORKER",
    "FileCheck",
    "GoodRow",
    "Kind",
    "RefusedRow",
    "Register",
    "UnknownFile",
    "check",
    "check_rows",
    "file_rows",
    "grantable",
    "laptops",
    "register",
    "take",
]
