"""A new laptop takes over from a lost one: choose the copy, open it, type the code, and read what is lost."""

from typing import Any

from flask import Blueprint, redirect, render_template, request
from werkzeug.wrappers import Response

from siposyandu import backups, letter, restoring
from siposyandu.copies.shelves import Copy
from siposyandu.errors import MustWait, Refused, SiposyanduError, WrongPassphrase
from siposyandu.i18n import N_
from siposyandu.instance import Instance
from siposyandu.restoring import Opened
from siposyandu.vault import papers
from siposyandu.vault.papers import Slip
from siposyandu.vault.safe import Secrets, Vault
from siposyandu.web import morning, sending, sessions
from siposyandu.web.damaged import described
from sync.errors import BadCode, SyncError, TryAgain
from sync.status import status

pages = Blueprint("put_back", __name__)

COPIES_SHOWN = 8
NO_COPY = N_("Choose the copy that is to be put back.")
NO_WAY_IN = N_("Type the passphrase of the lost laptop, or both recovery papers.")
WRONG = N_("That is not the passphrase of the lost laptop. Try again, word by word.")
NOT_WHOLE = N_("This copy is damaged. Choose another one.")
WRONG_CODE = N_(
    "The code is not right, was used, or is older than three days. Compare it letter by letter or ask for a new one."
)
NOT_REACHED = N_(
    "The province was not reached. Your records are back; join later, where there is a signal, with the same code."
)

WHY_NOT_JOINED = {"nanti": NOT_REACHED, "salah": WRONG_CODE}

Answer = Response | str | tuple[str, int]
Errors = dict[str, list[Any]]


@pages.get("/laptop/pulihkan")
def ask() -> Answer:
    """Ask for the copy, its passphrase or papers, and the code; only on a laptop on which nothing was written yet."""
    if not _is_new(sessions.instance()):
        return redirect("/")
    return _page({})


@pages.post("/laptop/pulihkan")
def put_back() -> Answer:
    """Put the copy back, join with new keys, and go on to what it says is lost; pressed twice, it is done once."""
    morning.only_at_the_laptop()
    here = sessions.instance()
    with here.turning():
        refused = _put_back(here) if _is_new(here) else _done_already(here)
    return refused or _joined(here)


@pages.get("/laptop/pulih")
def done() -> Answer:
    """Say that everything is back, and what is lost."""
    here = sessions.instance()
    morning.door()
    if not here.is_open or not morning.at_the_laptop():
        return redirect("/")
    with here.store_for_job() as store:
        lost, enrolled = restoring.loss(store), status(store).enrolled
    if lost is None:
        return redirect("/")
    return render_template(
        "put_back_done.html",
        loss=lost,
        joined=enrolled,
        why=None if enrolled else WHY_NOT_JOINED.get(request.args.get("kode", "")),
        moment=lambda at: sending.moment(at, sessions.now()),
    )


def _is_new(here: Instance) -> bool:
    return morning.door().is_new and not here.is_open


def _put_back(here: Instance) -> Answer | None:
    """Put the chosen copy back; return the page that says why it cannot be."""
    opened, errors = _opened()
    if opened is None:
        return _page(errors), 400
    try:
        _take_over(here, opened)
    except (SiposyanduError, OSError):
        return _page({"copy": [NOT_WHOLE]}), 400
    return None


def _done_already(here: Instance) -> Response:
    """Lead whoever pressed twice to what the first press came to, and everybody else away from here."""
    if here.is_open:
        with here.store_for_job() as store:
            if restoring.loss(store) is not None:
                return redirect("/laptop/pulih")
    return redirect("/")


def _opened() -> tuple[Opened | None, Errors]:
    copy = next((copy for copy in _copies() if copy.path.name == request.form.get("copy")), None)
    if copy is None:
        return None, {"copy": [NO_COPY]}
    try:
        return restoring.opened_by_vault(copy.path, _unlock), {}
    except Slip as slip:
        return None, {"first": [slip]}
    except WrongPassphrase:
        return None, {"passphrase": [WRONG]}
    except (Refused, MustWait) as refused:
        return None, {"passphrase": [str(refused)]}
    except SiposyanduError:
        return None, {"copy": [NOT_WHOLE]}


def _unlock(vault: Vault) -> Secrets:
    """Open the vault of a copy by what was typed."""
    first, second = request.form.get("first", "").strip(), request.form.get("second", "").strip()
    if first and second:
        return vault.open_with(papers.read(first), papers.read(second))
    if not request.form.get("passphrase", "").strip():
        raise Refused(NO_WAY_IN)
    return vault.open(request.form["passphrase"])


def _take_over(here: Instance, opened: Opened) -> None:
    config = restoring.taken_over(here.config, opened)
    here.mended(config, opened.secrets)


def _joined(here: Instance) -> Answer:
    """Join with the code; where that fails everything is back all the same, and the laptop asks for the code later."""
    typed = request.form.get("code", "").strip()
    if typed:
        try:
            given = letter.read(typed)
            restoring.join(here, given.code, given.address)
            restoring.ask(here)
        except TryAgain:
            return redirect("/laptop/pulih?kode=nanti")
        except (BadCode, SyncError):
            return redirect("/laptop/pulih?kode=salah")
    return redirect("/laptop/pulih")


def _copies() -> list[Copy]:
    """Return the newest whole copy of each laptop whose copies are at hand."""
    newest: dict[str, Copy] = {}

    def wanted(copy: Copy) -> bool:
        return bool(copy.head.lock.get("vault")) and copy.head.lane not in newest

    for copy in backups.at_hand(sessions.instance(), wanted):
        newest[copy.head.lane] = copy
        if len(newest) == COPIES_SHOWN:
            break
    return list(newest.values())


def _page(errors: Errors) -> str:
    typed = {name: request.form.get(name, "") for name in ("copy", "code", "first", "second")}
    return render_template(
        "put_back.html",
        copies=[described(copy) for copy in _copies()],
        typed=typed,
        errors=errors,
        here=morning.at_the_laptop(),
    )
