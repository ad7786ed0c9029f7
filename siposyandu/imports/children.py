"""Whose row is it: its posyandu by name and desa, its child by NIK, else by name, birth date and mother."""

from dataclasses import dataclass
from datetime import date

from forms import BY_NAME, N_, Checked, Sentence
from siposyandu.imports import names
from siposyandu.imports.drafts import Draft
from siposyandu.imports.register import Together
from siposyandu.imports.remarks import Remarks
from siposyandu.imports.report import Child, Values

PERSON, FAMILY = BY_NAME["person"], BY_NAME["family"]

# Where to call and where to walk: a slip there is told, but does not keep a child out of the register.
CONTACT = ("phone", "rt", "rw", "address")


@dataclass(frozen=True)
class Finder:
    """Finds or makes the child of each row. `posyandu` is the id for rows that name none."""

    register: Together
    remarks: Remarks
    today: date
    posyandu: str | None

    def posyandu_of(self, draft: Draft) -> str:
        """The id of the posyandu that the row names, told apart by desa; else of the one given for the file."""
        name = draft.rest.get("posyandu_name")
        if not name:
            if self.posyandu is None:
                reason = Sentence(N_("The row names no posyandu. Say which one with --posyandu."))
                self.remarks.refuse(draft, "posyandu_name", reason)
            return self.posyandu
        desa = names.place(draft.rest.get("desa_name"))
        named = self.register.posyandu_by_name(str(name))
        found = {place.id for place in named if not desa or names.place(place.desa_name) == desa}
        if self.posyandu in found:
            found = {str(self.posyandu)}
        if len(found) != 1:
            why = (
                N_("Several posyandu have this name.")
                if found
                else N_("This posyandu is not in the register.")
            )
            self.remarks.refuse(draft, "posyandu_name", Sentence(why))
        return found.pop()

    def child_of(self, draft: Draft, posyandu: str) -> tuple[Child, Values]:
        """The row's child, kept or to be made, and who it is as the row says."""
        said = self._identity(draft, posyandu)
        child = self._find(draft, posyandu, said)
        if child is None:
            child = self._make(draft, posyandu, said)
        elif child.id is None:
            self.remarks.waver(draft, PERSON, child.values, said)
        else:
            self.remarks.differ(draft, PERSON, child, child.values, said)
        return child, said

    def _identity(self, draft: Draft, posyandu: str) -> Values:
        """Who the child is. PENGUKURAN has a NIK and a name only, so nothing is required of it."""
        typed = draft.person | {"posyandu": posyandu}
        checked = PERSON.check(typed, today=self.today, partial="sex" not in draft.person)
        for name in CONTACT:
            for sentence in checked.errors.pop(name, []):
                self.remarks.doubt(draft, f"person.{name}", sentence)
        self.remarks.hear(draft, PERSON, checked)
        return _known(checked)

    def _find(self, draft: Draft, posyandu: str, said: Values) -> Child | None:
        nik, name, birth = (str(said.get(column) or "") for column in ("nik", "name", "birth_date"))
        child = self.register.child_by_nik(nik) if nik else None
        if child:
            self._must_be_alike(draft, child, name)
            return child
        child = self.register.namesake(posyandu, name, birth, str(said.get("mother_name") or ""))
        if child and nik and child.values.get("nik"):
            reason = N_("A child of this name, birth date and mother is in the register with another NIK.")
            self.remarks.refuse(draft, "person.nik", Sentence(reason))
        return child

    def _must_be_alike(self, draft: Draft, child: Child, name: str) -> None:
        if not names.may_be_one(child.values.get("name"), name):
            reason = N_("This NIK belongs to another child in the register: {name}.")
            self.remarks.refuse(draft, "person.nik", Sentence(reason, name=str(child.values["name"])))

    def _make(self, draft: Draft, posyandu: str, said: Values) -> Child:
        if "sex" not in said or "birth_date" not in said:
            reason = Sentence(N_("This child is not in the register. Take the IDENTITAS file first."))
            self.remarks.refuse(draft, "person.nik" if "nik" in said else "person.name", reason)
        child = Child(None, said, self._family(draft, posyandu))
        self.register.add_child(child)
        return child

    def _family(self, draft: Draft, posyandu: str) -> Values:
        """The family card, when the row has its number; e-PPGBM names one parent, taken as its head."""
        if not draft.family.get("kk_number"):
            return {}
        person = draft.person
        head = person.get("father_name") or person.get("mother_name") or person.get("name")
        address = {name: person.get(name, "") for name in CONTACT}
        checked = FAMILY.check(
            draft.family | address | {"posyandu": posyandu, "head_name": head}, today=self.today
        )
        for name in CONTACT:
            checked.errors.pop(name, None)  # told once, with the child
        self.remarks.hear(draft, FAMILY, checked)
        return _known(checked)


def _known(checked: Checked) -> Values:
    return {column: value for column, value in checked.values.items() if value is not None}
