"""The door: on a laptop a worker touches her name and types a PIN, at the province she types a user name and a password."""

from typing import Any

from flask import Blueprint, redirect, render_template, request, session
from werkzeug.wrappers import Response

from siposyandu import access, as_laptop, credentials, letter, places
from siposyandu.access import Worker
from siposyandu.errors import BadInput, NotAllowed, NotFound
from siposyandu.i18n import N_
from siposyandu.store import Store
from siposyandu.web import morning, phone_gate, practising, sessions
from siposyandu.web.frame import ROLE_WORDS, local_path

pages = Blueprint("login", __name__)

Answer = Response | str | tuple[str, int]

LONGEST_USERNAME = 60  # of what is typed; tries are remembered by it
WRONG_PIN = N_("That is not the PIN. Try once more, slowly.")
WRONG_PASSWORD = N_("The user name or the password is not right. Try once more.")
WRONG_CODE = N_("That is not this laptop's set-up code. It stands on the paper from the puskesmas.")
NOT_TWICE_THE_SAME = N_("The two PINs are not the same. Type both again.")


@pages.get("/masuk")
def choose() -> Answer:
    """Show the names of this posyandu's workers, or at the province the fields for a password."""
    if sessions.instance().config.is_province:
        return render_template("login_password.html", next=_next(), errors={}, username="")
    store = sessions.store()
    workers = at_this_place(store, sessions.instance().config.area)
    if not workers:
        return redirect("/laptop/pasang")
    may_close = sessions.instance().door.has_lock and morning.at_the_laptop()
    return render_template(
        "login_names.html",
        next=_next(),
        workers=workers,
        roles=ROLE_WORDS,
        may_close=may_close,
        practice_offered=practising.offered(),
    )


@pages.post("/masuk")
def enter_with_password() -> Answer:
    """Let a worker in whose user name and password are right."""
    username = request.form.get("username", "").strip().lower()[:LONGEST_USERNAME]
    worker = _by_username(username)
    errors = _refusal(
        worker.id if worker else f"no user {username}", request.form.get("password", ""), "password"
    )
    if worker is None or errors:
        shown = render_template("login_password.html", next=_next(), errors=errors, username=username)
        return shown, 400
    return _in(worker)


@pages.get("/masuk/<worker_id>")
def ask_pin(worker_id: str) -> Answer:
    """Ask for a PIN; a worker without one on this laptop first sets it."""
    worker = _worker_here(worker_id)
    if not credentials.has_secret(sessions.store(), worker.id):
        return redirect(f"/masuk/{worker.id}/pin?next={_next()}")
    return render_template("login_pin.html", worker=worker, next=_next(), errors={})


@pages.post("/masuk/<worker_id>")
def enter_with_pin(worker_id: str) -> Answer:
    """Let a worker in whose PIN is right."""
    worker = _worker_here(worker_id)
    errors = _refusal(worker.id, request.form.get("pin", ""), "pin")
    if errors:
        return render_template("login_pin.html", worker=worker, next=_next(), errors=errors), 400
    return _in(worker)


@pages.get("/masuk/<worker_id>/pin")
def ask_new_pin(worker_id: str) -> Answer:
    """Ask for the laptop's set-up code and a new PIN."""
    return render_template(
        "login_set_pin.html", worker=_worker_here(worker_id), next=_next(), errors={}, code=""
    )


@pages.post("/masuk/<worker_id>/pin")
def set_pin(worker_id: str) -> Answer:
    """Keep a worker's new PIN when the set-up code is right, and let her in."""
    worker = _worker_here(worker_id)
    errors = _set_pin(worker)
    if not errors:
        return _in(worker)
    code = request.form.get("code", "")
    return render_template("login_set_pin.html", worker=worker, next=_next(), errors=errors, code=code), 400


@pages.post("/keluar")
def leave() -> Response:
    """End the session; the language stays as it was."""
    _keeping_language(sessions.end)
    return redirect("/masuk")


def at_this_place(store: Store, area: str) -> list[Worker]:
    """Return the workers who answer for the posyandu (or area) of this machine, kader first, then by name."""
    rows = store.rows(
        "select id, name, role, area from worker where retracted = 0 and active = 1 order by name, id"
    )
    workers = [Worker(**row) for row in rows if row["role"] in access.WEIGHERS]
    here = [worker for worker in workers if worker.area == area or places.holds(store, worker.area, area)]
    return sorted(here, key=lambda worker: worker.rank)


def _worker_here(worker_id: str) -> Worker:
    found = access.worker(sessions.store(), worker_id)
    if found is None or not _works_here(found):
        raise NotFound(f"no worker {worker_id} at this place")
    return found


def _works_here(worker: Worker) -> bool:
    """Whether she may open this machine's door: at the province everybody, on a laptop those of its posyandu."""
    config = sessions.instance().config
    return config.is_province or worker in at_this_place(sessions.store(), config.area)


def _by_username(username: str) -> Worker | None:
    store = sessions.store()
    found = store.value(
        "select id from worker where lower(username) = $1 and retracted = 0 and active = 1", username
    )
    worker = access.worker(store, found) if found else None
    return worker if worker and _works_here(worker) else None


def _refusal(worker_id: str, secret: str, field: str) -> dict[str, list[str]]:
    """Return why this secret does not open the door: nothing when it does."""
    try:
        right = credentials.check(
            sessions.store(), worker_id, secret, _address(), sessions.now(), by_phone=phone_gate.by_hotspot()
        )
    except NotAllowed as refused:
        return {field: [str(refused)]}
    return {} if right else {field: [WRONG_PIN if field == "pin" else WRONG_PASSWORD]}


def _set_pin(worker: Worker) -> dict[str, Any]:
    """Keep the new PIN, or return why not; the code comes first, for it is what a stranger would not have."""
    store, pin = sessions.store(), request.form.get("pin", "")
    try:
        if not as_laptop.setup_code_matches(
            sessions.instance(), store, letter.read(request.form.get("code", "")).code, _address()
        ):
            return {"code": [WRONG_CODE]}
        if pin != request.form.get("pin_again", ""):
            return {"pin_again": [NOT_TWICE_THE_SAME]}
        credentials.set_pin(store, worker.id, pin, sessions.now())
    except NotAllowed as refused:
        return {"code": [str(refused)]}
    except BadInput as refused:
        return dict(refused.fields)
    return {}


def _address() -> str:
    return request.remote_addr or ""


def _in(worker: Worker) -> Response:
    _keeping_language(lambda: sessions.start(worker.id))
    phone_gate.bind_session()
    return redirect(_next())


def _keeping_language(change: Any) -> None:
    language = session.get("language")
    change()
    if language:
        session["language"] = language


def _next() -> str:
    return local_path(request.values.get("next"))
