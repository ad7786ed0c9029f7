"""Whose record it is: the posyandu, child and visit behind a record's id, and whether they lie in a worker's area.

A question of SQL that every list of what waits shares: `HOME` joins a record (named `waits.entity`) to what it belongs
to, `within` is the condition that it lies in an area. The province also sees what belongs to no place known here.
"""

from siposyandu.places import ID_LENGTH, PROVINCE

_HOME = """
    left join balita visit on visit.id = waits.entity
    left join home_visit call on call.id = waits.entity
    left join referral_return answer on answer.id = waits.entity
    left join same_person link on link.id = waits.entity
    left join two_children apart on apart.id = waits.entity
    left join person child
        on child.id = coalesce(visit.person, call.person, answer.person, link.person_stays, apart.person_one, waits.entity)
    left join family on family.id = waits.entity
    left join worker on worker.id = waits.entity
    left join puskesmas served on served.id = waits.entity
    left join session opened on opened.id = waits.entity
    left join posyandu home on home.id
        = coalesce(child.posyandu, visit.posyandu, call.posyandu, answer.posyandu, link.posyandu, apart.posyandu,
            family.posyandu, opened.posyandu, worker.area, {otherwise})"""

HOME = _HOME.format(otherwise="waits.entity")
BY_LAPTOP = _HOME.format(otherwise="waits.area, waits.entity")
"""The same where a record may have no row yet: then it belongs where the laptop does that brought it (`waits.area`)."""

AREA_OF_LAPTOP = "coalesce(d.area, (select max(area) from sync_upstream))"
"""The area of the laptop `d` that brought an edit; on a laptop its own, for it has no register of laptops."""

NAMES = """waits.entity, visit.id as visit, call.id as home_visit, answer.id as referral_return,
    coalesce(visit.visit_date, call.visit_date) as visit_date, child.id as child, child.name as child_name,
    family.head_name, worker.id as worker, worker.name as worker_name, served.id as puskesmas,
    served.name as puskesmas_name, opened.session_date, home.id as posyandu, home.name as posyandu_name"""

AT_A_PLACE = "(home.id = $1 or home.puskesmas = $1 or worker.area = $1 or served.id = $1)"
UNDER_A_CODE = "(home.desa_code like $1 or worker.area like $1 or served.kecamatan_code like $1)"
ANYWHERE = f"(home.id is null or {UNDER_A_CODE})"


def within(area: str) -> tuple[str, str]:
    """Return the condition that a record lies in an area, and the value of its `$1`.

    >>> within("5202")[1], within("52")[0] == ANYWHERE
    ('5202%', True)
    """
    if len(area) == ID_LENGTH:
        return AT_A_PLACE, area
    return (ANYWHERE if area == PROVINCE else UNDER_A_CODE), f"{area}%"


def posyandu_within(area: str) -> tuple[str, str]:
    """Return the same for a posyandu alone (`home`), whose own id is `home_id` where it may be unknown here."""
    if len(area) == ID_LENGTH:
        return "(home_id = $1 or home.puskesmas = $1)", area
    unknown = "home.id is null or " if area == PROVINCE else ""
    return f"({unknown}home.desa_code like $1)", f"{area}%"
