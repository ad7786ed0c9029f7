"""Find a person in the worker's area by parts of a name, the mother's name or NIK."""

from typing import Any

from flask import Blueprint, redirect, render_template, request
from werkzeug.wrappers import Response

from forms.person import STATUSES
from siposyandu import access, people
from siposyandu.child_code import is_mistyped
from siposyandu.exports.stamps import masked
from siposyandu.web import day, sessions
from siposyandu.web.sessions import needs_worker, signed_in

pages = Blueprint("search", __name__)

STATUS_WORDS = {status.code: status.label for status in STATUSES}


@pages.get("/cari")
@needs_worker
def search() -> Response | str:
    """Show who fits what was typed, or open the child whose code it is; nobody outside the worker's area.

    No names to who may only count.
    """
    who = signed_in()
    access.require(who.role in access.WEIGHERS, "find people by name")
    names = {row["id"]: row["name"] for row in day.posyandu_of(who)}
    wanted = request.args.get("q", "").strip()
    coded = people.by_code(sessions.store(), wanted, frozenset(names))
    if len(coded) == 1:
        return redirect(f"/anak/{coded[0]['id']}")
    found = people.find(sessions.store(), wanted, frozenset(names)) if wanted else []
    shown = [_shown(row, names) for row in found]
    return render_template(
        "search.html", wanted=wanted, found=shown, mistyped=is_mistyped(wanted), statuses=STATUS_WORDS
    )


def _shown(row: dict[str, Any], posyandu_names: dict[str, str]) -> dict[str, Any]:
    age_months = people.age_on(row, day.at_hand()) if row["birth_date"] else None
    return {
        **row,
        "age_months": age_months,
        "posyandu_name": posyandu_names[row["posyandu"]],
        "nik": masked(row["nik"]),
    }
