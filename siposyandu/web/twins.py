"""Twice: a child weighed twice on a day, a NIK on two cards, a child registered twice. Both are kept till somebody decides.

Cards that are joined, and pairs that are two children, are decided: they stand below, and both words can be taken back.
"""

from typing import Any, NamedTuple

from flask import Blueprint, flash, redirect, render_template
from werkzeug.wrappers import Response

from siposyandu import access, merging
from siposyandu.access import Worker
from siposyandu.exports.stamps import masked
from siposyandu.i18n import N_, date_long, kilograms, number
from siposyandu.i18n import gettext as _
from siposyandu.office import twins
from siposyandu.office.laptops_of import mark
from siposyandu.office.twins import SAME_DAY, SAME_NIK, Twins
from siposyandu.periods import local_date, parse_instant
from siposyandu.web import joining, sessions
from siposyandu.web.sessions import needs_worker, pen, signed_in

pages = Blueprint("twins", __name__)

ASK_AGAIN = N_("It is asked again whether they are one child")

Row = dict[str, Any]


class One(NamedTuple):
    """One of the records: what there is to tell it by, whether it counts, and the page where it is mended."""

    words: str
    counts: bool
    url: str


class Group(NamedTuple):
    """Records that seem to be one: whose, at which posyandu, each of them, and where two cards are compared and joined.

    `only_these` where the group is just these two cards, `two_children` where one NIK stands on the cards of two children.
    """

    title: str
    where: str
    ones: list[One]
    compare: str = ""
    only_these: bool = False
    two_children: bool = False


class Apart(NamedTuple):
    """Two cards that somebody said to be two children's: their names, who said it, when, and where it is taken back."""

    names: list[str]
    by: str
    on: str
    url: str


@pages.get("/kembar")
@needs_worker
def listed() -> str:
    """List what seems to be there twice."""
    store, who = sessions.store(), signed_in()
    by_nik, alike = twins.children(store, who)
    return render_template(
        "twins.html",
        same_day=[_group(each, who) for each in twins.same_day(store, who, sessions.today())],
        same_nik=[_group(each, who) for each in by_nik],
        same_child=[_group(each, who) for each in alike],
        joined=twins.joined(store, who) if who.role in access.WEIGHERS else [],
        apart=[_apart(row) for row in twins.said_apart(store, who)] if who.role in access.WEIGHERS else [],
    )


@pages.post("/kembar/<one_id>/<other_id>/bukan")
@needs_worker
def two_children(one_id: str, other_id: str) -> Response:
    """Keep that two cards are two children's: the pair leaves the list here and on every device of the area."""
    one, other = joining.both(one_id, other_id)
    merging.say_two(sessions.store(), pen(), one, other)
    flash(_("Written down: two children. They are not asked about again; below it can be taken back."))
    return redirect("/kembar")


@pages.post("/kembar/<one_id>/<other_id>/tanya")
@needs_worker
def ask_again(one_id: str, other_id: str) -> Response:
    """Take that back: the pair stands on the list again."""
    one, other = joining.both(one_id, other_id)
    merging.ask_again(sessions.store(), pen(), one, other, _(ASK_AGAIN))
    return redirect("/kembar")


def _apart(said: Row) -> Apart:
    made = merging.made(sessions.store(), said["id"])
    names = [name or _("a child without a name") for name in said["names"]]
    on = date_long(local_date(parse_instant(made["made_at"])))
    return Apart(names, made["worker_name"], on, f"/kembar/{said['one']}/{said['other']}/tanya")


def _group(found: Twins, who: Worker) -> Group:
    first, names = found.rows[0], who.role in access.WEIGHERS
    if found.kind == SAME_DAY:
        title = f"{_name(first, names=names)}, {date_long(first['visit_date'])}"
        where = first["posyandu_name"] or ""
        return Group(title, where, [_visit(row, names=names) for row in found.rows])
    title = _name(next(row for row in found.rows if row["hers"]), names=names)
    if names and found.kind == SAME_NIK:
        title = f"{title}, NIK {masked(first['nik'])}"
    return Group(
        title,
        "",
        [_person(row, names=names) for row in found.rows],
        compare=f"/kembar/{found.ask[0]}/{found.ask[1]}" if names and found.ask else "",
        only_these=len(found.rows) == len(found.ask),
        two_children=found.two_children,
    )


def _name(row: Row, *, names: bool) -> str:
    return (
        row["child_name"]
        if names and row["child_name"]
        else _("child {mark}").format(mark=mark(row["person"]))
    )


def _visit(row: Row, *, names: bool) -> One:
    measures = [
        kilograms(row["weight_g"]) if row["weight_g"] else "",
        f"{number(row['length_height_mm'] / 10, 1)} cm" if row["length_height_mm"] else "",
    ]
    words = " · ".join(filter(None, measures)) or _("nothing was measured")
    return One(words, row["counts"] == 1, f"/kunjungan/{row['id']}/koreksi" if names else "")


def _person(row: Row, *, names: bool) -> One:
    """One card; of a card outside her area only the place is told."""
    place = (
        f"Posyandu {row['posyandu_name']}" if row["posyandu_name"] else _("a posyandu that is not known here")
    )
    if not row["hers"]:
        return One(_("a child of {place}, outside your area").format(place=place), counts=False, url="")
    born = date_long(row["birth_date"]) if row["birth_date"] else "–"
    told = [_name(row, names=names), _("born {day}").format(day=born) if names else "", place]
    return One(" · ".join(filter(None, told)), counts=False, url=f"/anak/{row['id']}" if names else "")
