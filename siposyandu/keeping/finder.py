"""Finds the records that a row of a file is about and names: by code, user name, or name, role and area."""

from collections.abc import Mapping
from typing import Any

from forms import N_, Sentence
from siposyandu.keeping.kinds import POSYANDU, PUSKESMAS, WORKER, Kind
from siposyandu.keeping.register import Register, Row

NO_SUCH_CODE = N_("There is no record with the code {code}.")
# The words of a role as people write them in a file.
ROLE_WORDS = {
    "bidan": "bidan_desa",
    "tpg": "tenaga_gizi",
    "dinas": "dinas_kabupaten",
    "dinkes": "dinas_kabupaten",
}

Unknown = dict[str, list[Sentence]]


class Finder:
    """Finds the records that a file names by their codes."""

    def __init__(self, register: Register, kind: Kind) -> None:
        self.register = register
        self.kind = kind
        self._puskesmas = {_fold(row["code"]): row["id"] for row in register.puskesmas.values()}
        self._posyandu = {_fold(row["code"]): row["id"] for row in register.posyandu.values()}
        codes = {id_: code for code, id_ in {**self._puskesmas, **self._posyandu}.items()}
        self._kept = {
            self.identity(
                {**row, "area": codes.get(row["area"], row["area"])} if kind is WORKER else row
            ): row
            for row in register.rows(kind).values()
        }

    def identity(self, cells: Mapping[str, Any]) -> tuple[str, ...]:
        """By what a row is recognised."""
        if self.kind is not WORKER:
            return (_fold(cells.get("code")),)
        if cells.get("username"):
            return (_fold(cells["username"]),)
        return _fold(cells.get("name")), _role(cells.get("role")), _fold(cells.get("area"))

    def kept(self, cells: Mapping[str, str]) -> Row | None:
        """Return the record that a row is about, or None for a new one."""
        return self._kept.get(self.identity(cells))

    def typed(self, cells: Mapping[str, str]) -> tuple[dict[str, str], Unknown]:
        """Return a row as it would be typed into the form: ids instead of codes; and the codes that name nothing."""
        fields = self.kind.form.by_name
        # A blank cell empties a field, but a field with a usual value keeps it.
        typed = {name: cell for name, cell in cells.items() if cell or fields[name].default is None}
        unknown: Unknown = {}
        if self.kind is WORKER:
            typed["role"] = _role(cells.get("role"))
        for name, known in self._lookups(typed):
            code = cells.get(name, "")
            if code and _fold(code) in known:
                typed[name] = known[_fold(code)]
            elif code:
                typed[name] = ""
                unknown[name] = [Sentence(NO_SUCH_CODE, code=code)]
        return typed, unknown

    def _lookups(self, typed: Mapping[str, str]) -> list[tuple[str, Mapping[str, str]]]:
        if self.kind is PUSKESMAS:
            return []
        if self.kind is POSYANDU:
            return [("puskesmas", self._puskesmas)]
        by_role = {"kader": self._posyandu, "tenaga_gizi": self._puskesmas}
        return [("area", by_role[typed["role"]])] if typed["role"] in by_role else []


def _fold(text: Any) -> str:
    return str(text or "").strip().casefold()


def _role(text: Any) -> str:
    word = _fold(text).replace(" ", "_")
    return ROLE_WORDS.get(word, word)
