"""A new laptop's first hour: its passphrase, and the two recovery papers, before it joins the province."""

from flask import Blueprint, flash, redirect, render_template, request
from werkzeug.wrappers import Response

from siposyandu.errors import BadInput, Refused
from siposyandu.i18n import N_, gettext
from siposyandu.vault import passphrases
from siposyandu.vault.papers import Paper
from siposyandu.web import morning, qr, sessions

pages = Blueprint("first_passphrase", __name__)

NOT_TWICE_THE_SAME = N_("The two are not the same. Type both again.")
HAS_ONE = N_("This laptop has its passphrase already. Make new papers here if you do not have both of them.")

Answer = Response | str | tuple[str, int]
Errors = dict[str, list[str]]


@pages.get("/laptop/kata-sandi/pertama")
def ask() -> Answer:
    """Ask for the first passphrase, with four words as a suggestion; once there is one, this page leads on."""
    if not morning.door().is_new:
        return redirect("/")
    return _page({})


@pages.post("/laptop/kata-sandi/pertama")
def begin() -> Answer:
    """Take the first passphrase and show the recovery papers, which are seen only now."""
    morning.only_at_the_laptop()
    if not morning.door().is_new:
        return has_one()
    errors = typed_twice()
    if errors:
        return _page(errors), 400
    try:
        papers = sessions.instance().begin_vault(request.form["passphrase"])
    except BadInput as refused:
        return _page({name: list(why) for name, why in refused.fields.items()}), 400
    except Refused:
        return has_one()
    return sheets(papers, onward="/laptop/pasang")


def has_one() -> Response:
    """Tell whoever pressed twice that the passphrase was taken, and lead her to new papers: she may not have seen the first."""
    flash(gettext(HAS_ONE))
    return redirect("/laptop/kertas")


def typed_twice() -> Errors:
    """Return what is wrong with a new passphrase that was typed twice, except its strength."""
    same = request.form.get("passphrase", "") == request.form.get("passphrase_again", "")
    return {} if same else {"passphrase_again": [NOT_TWICE_THE_SAME]}


def sheets(papers: tuple[Paper, Paper], *, onward: str) -> str:
    """Return the page with both papers, each a sheet of A5 to print."""
    drawn = [(paper, paper.text.split("-"), qr.drawing(paper.text)) for paper in papers]
    return render_template("papers.html", papers=drawn, onward=onward, mark=papers[0].mark)


def _page(errors: Errors) -> str:
    suggestion = passphrases.suggest(morning.door().token_bytes)
    return render_template(
        "first_passphrase.html", errors=errors, suggestion=suggestion, here=morning.at_the_laptop()
    )
