"""The register as a check needs it: look up children, their visits and posyandu. Checking never writes."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Protocol

from siposyandu.imports import names
from siposyandu.imports.report import Child, Values


@dataclass(frozen=True)
class Place:
    """A posyandu that rows may name."""

    id: str
    name: str
    desa_name: str
    code: str = ""


class Register(Protocol):
    """What a check looks up."""

    def child_by_nik(self, nik: str) -> Child | None:
        """The child with this NIK."""

    def children_born(self, posyandu_id: str, birth_date: str) -> list[Child]:
        """The children of a posyandu born on a day (YYYY-MM-DD)."""

    def visits_of(self, child: Child) -> list[Values]:
        """A child's visits."""

    def posyandu_by_name(self, name: str) -> list[Place]:
        """Every posyandu of that name, whatever the case and with or without the word posyandu."""


class Together:
    """A register and what the files checked so far will add to it, so that they can be checked in one go.

    A kept child is one object however often it is found.
    """

    def __init__(self, register: Register) -> None:
        self._kept = register
        self._met: dict[str, Child] = {}
        self._to_be_made: list[Child] = []
        self._visits: dict[Child, list[Values]] = defaultdict(list)

    def child_by_nik(self, nik: str) -> Child | None:
        """The child with this NIK, kept or to be made."""
        kept = self._kept.child_by_nik(nik)
        if kept is not None:
            return self._one(kept)
        return next((child for child in self._to_be_made if child.values.get("nik") == nik), None)

    def children_born(self, posyandu_id: str, birth_date: str) -> list[Child]:
        """The children of a posyandu born on a day, kept or to be made."""
        kept = [self._one(child) for child in self._kept.children_born(posyandu_id, birth_date)]
        wanted = {"posyandu": posyandu_id, "birth_date": birth_date}
        return [*kept, *(child for child in self._to_be_made if wanted.items() <= child.values.items())]

    def visits_of(self, child: Child) -> list[Values]:
        """A child's visits, kept or to be made."""
        return [*(self._kept.visits_of(child) if child.id else []), *self._visits[child]]

    def posyandu_by_name(self, name: str) -> list[Place]:
        """Every posyandu of that name."""
        return self._kept.posyandu_by_name(name)

    def namesake(self, posyandu_id: str, name: str, birth_date: str, mother_name: str) -> Child | None:
        """The child of that name, birth date and mother in a posyandu; a mother not known fits every mother."""
        for child in self.children_born(posyandu_id, birth_date) if name and birth_date else []:
            mothers = {names.plain(mother_name), names.plain(child.values.get("mother_name"))} - {""}
            if names.plain(child.values.get("name")) == names.plain(name) and len(mothers) < 2:
                return child
        return None

    def add_child(self, child: Child) -> None:
        """Count a child as registered."""
        self._to_be_made.append(child)

    def forget_child(self, child: Child) -> None:
        """Take back a child whose rows contradict each other."""
        self._to_be_made.remove(child)

    def add_visit(self, child: Child, visit: Values) -> None:
        """Count a visit as made."""
        self._visits[child].append(visit)

    def _one(self, child: Child) -> Child:
        return self._met.setdefault(str(child.id), child)
