"""The application of one place, put together: its pages, its words, its headers, and what it says when something fails."""

import secrets
from collections.abc import Callable
from functools import cache
from pathlib import Path
from threading import Thread

from flask import Blueprint, Flask, Response, g, render_template, request, session
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError, CSRFProtect, generate_csrf
from markupsafe import Markup
from werkzeug.exceptions import HTTPException
from werkzeug.routing import IntegerConverter, Rule

from siposyandu import as_province, i18n, titipan, web
from siposyandu.encryption import DatabaseError
from siposyandu.errors import DiskFull, Locked, NotAllowed, NotFound
from siposyandu.health import Damaged
from siposyandu.instance import Instance
from siposyandu.standing import StandingStores
from siposyandu.store import Store
from siposyandu.web import (
    cookies,
    copies_held,
    damaged,
    drafts,
    fields,
    first_passphrase,
    machines,
    morning,
    page_files,
    phone_gate,
    sessions,
)
from sync import server

INTERNAL_SERVER_ERROR, BUSY, NO_ROOM = 500, 503, 507
BRINGING_IN = "bring in"
"""The name of the thread that brings what was written ahead into the database after an answer."""
LARGEST_UPLOAD_BYTES = 32 * 1024 * 1024
CONTENT_SECURITY_POLICY = (
    "default-src 'self'; img-src 'self' data:; style-src 'self'; script-src 'self'; object-src 'none';"
    " base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)


class _Number(IntegerConverter):
    """A whole number in an address; one that no database can hold is no address."""

    regex = r"\d{1,18}"


class _Address(Rule):
    """A page's address. What builds it is made when a page first names it: at the start that took a tenth of a second for all."""

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        compiled = cache(super()._compile_builder)

        def build(rule: Rule, **values: object) -> tuple[str, str]:
            return compiled(append_unknown)(rule, **values)

        return build


def create_app(instance: Instance, blueprints: tuple[Blueprint, ...] = web.ALL) -> Flask:
    """Put the application of one place together."""
    app = Flask("siposyandu", template_folder="web/templates", static_folder="web/static", root_path=_root())
    app.config.update(
        SESSION_COOKIE_NAME=f"siposyandu_{instance.config.port}",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=instance.config.secure_cookies,
        MAX_CONTENT_LENGTH=LARGEST_UPLOAD_BYTES,
        WTF_CSRF_TIME_LIMIT=None,  # a posyandu morning is long; the token ends with the session
    )
    app.url_rule_class = _Address
    app.url_map.converters["int"] = _Number
    app.extensions["instance"] = instance
    _sign_cookies(app, instance)
    _speak(app, instance)
    phone_gate.keep(app, instance)
    _keep_shut(app, instance)
    _keep_damage_out(app, instance)
    protection = CSRFProtect(app)  # after the words, so that its refusal speaks the visitor's language
    _guard(app, instance)
    page_files.serve(app)
    _say_what_failed(app, instance)
    for blueprint in blueprints:
        app.register_blueprint(blueprint)
    if not instance.config.is_practice:
        _open_to_machines(app, instance, protection)
    return app


def _open_to_machines(app: Flask, instance: Instance, protection: CSRFProtect) -> None:
    """Open the doors for other programs: they bring no cookie, and sign or seal what they send."""
    for open_to_all in (machines.pages, copies_held.pages):
        protection.exempt(open_to_all)
    if instance.config.is_province:
        open_store = _for_laptops(instance)
        door = server.blueprint(lambda: as_province.ports(instance, open_store()))
    else:
        door = server.relay_blueprint(
            lambda: titipan.relay_door(instance, sessions.store()), lambda: instance.ask_to_send()
        )
    protection.exempt(door)
    app.register_blueprint(door)


def _for_laptops(instance: Instance) -> Callable[[], Store]:
    """Return how the door for laptops gets its database: a file without a key stays open from one message to the next."""
    if instance.config.is_on_postgresql:
        return sessions.store
    standing = StandingStores(instance.config.database_path, instance.open_store)

    def open_store() -> Store:
        return standing.store() if instance.database_key is None else sessions.store()

    return open_store


def _root() -> str:
    return str(Path(__file__).parent)


def _sign_cookies(app: Flask, instance: Instance) -> None:
    """Sign cookies by the place's own key while it is open; while it is closed by one that is forgotten."""
    app.session_interface = cookies.SignedCookies()

    def turned() -> None:
        app.secret_key = instance.cookie_key if instance.is_open else secrets.token_bytes(32)

    turned()
    instance.on_turn(turned)


def _keep_shut(app: Flask, instance: Instance) -> None:
    """While the place is closed, lead every address to the page that opens it; machines are told so by name."""

    @app.before_request
    def only_when_open() -> ResponseReturnValue | None:
        if request.endpoint == "static":
            return None
        instance.lock_when_unused()
        if instance.is_open and _somebody_works():
            instance.used()
        if instance.is_open:
            return None
        g.bare = True  # there is no database to ask
        if instance.damage is not None:
            return None if damaged.may_be_seen(request.endpoint) else damaged.refused()
        return None if morning.may_be_seen(request.endpoint) else closed(Locked(""))

    @app.errorhandler(Locked)
    def closed(_: Locked) -> ResponseReturnValue:
        g.bare = True
        if request.path.startswith("/v1/"):
            return {"refused": "locked", "hint": "this laptop is closed: open it with its passphrase"}, 503
        return morning.to_the_lock()


def _somebody_works() -> bool:
    """Whether a worker who is signed in asks, at the laptop or on a phone: a machine that calls is nobody at work, nor is a
    page that stands open at the door of names, nor a phone that has not typed the code."""
    machine = request.path.startswith("/v1/")
    return not machine and not phone_gate.is_stranger() and sessions.current_worker() is not None


def _keep_damage_out(app: Flask, instance: Instance) -> None:
    """Show nothing of a damaged database; where a page cannot be read, look whether it is one."""

    @app.errorhandler(Damaged)
    def not_whole(_: Damaged) -> ResponseReturnValue:
        g.bare = True
        return damaged.refused()

    @app.errorhandler(DatabaseError)
    def failed(fault: Exception) -> ResponseReturnValue:
        app.logger.error("the database failed on %s", request.path, exc_info=fault)
        sessions.let_go(sound=False)
        instance.look_again()
        g.bare = True
        if instance.damage is not None:
            return damaged.refused()
        return render_template("error.html", code=INTERNAL_SERVER_ERROR), INTERNAL_SERVER_ERROR


def _speak(app: Flask, instance: Instance) -> None:
    """Give templates their words: the page's language comes from the visitor's choice or the settings."""
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.install_gettext_callables(i18n.gettext, i18n.ngettext, newstyle=True)  # type: ignore[attr-defined]
    app.jinja_env.globals.update(_=i18n.on_page, say=i18n.say, csrf_field=_csrf_field, language=i18n.language)
    app.jinja_env.filters.update(
        number=i18n.number,
        percent=i18n.percent,
        date_long=i18n.date_long,
        kilograms=i18n.kilograms,
        date_with_day=i18n.date_with_day,
        day_typed=fields.day_typed,
        month_long=i18n.month_long,
    )

    @app.before_request
    def choose_language() -> None:
        if request.path.startswith(("/v1/", "/static")):
            return  # reading the cookie adds "Vary: Cookie": bytes on 2G, and pictures fetched again after each login
        i18n.speak(session.get("language") or instance.config.language)


def _csrf_field() -> Markup:
    return Markup('<input type="hidden" name="csrf_token" value="{}">').format(generate_csrf())


def _guard(app: Flask, instance: Instance) -> None:
    """Set the headers that every answer carries, and let go of the store when a request ends."""

    @app.after_request
    def add_headers(response: Response) -> Response:
        if request.path.startswith("/v1/"):
            return response  # a laptop on 2G pays for every byte
        response.headers.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Referrer-Policy"] = "same-origin"
        if (
            not phone_gate.by_hotspot()
        ):  # browsers ignore it, with a complaint, at a plain address of a network
            response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
        if not request.path.startswith("/static"):
            response.headers.setdefault("Cache-Control", "no-store")
        if request.is_secure:
            response.headers["Strict-Transport-Security"] = "max-age=31536000"
        return response

    @app.after_request
    def bring_in_afterwards(response: Response) -> Response:
        # In a thread of its own: on this one the visitor's next page waits, which is the answer to what she saved.
        if sessions.is_far_ahead():
            response.call_on_close(lambda: Thread(target=instance.bring_in, name=BRINGING_IN).start())
        return response

    @app.teardown_appcontext
    def close_store(_: BaseException | None) -> None:
        sessions.let_go()


def _expired_page(again: str | None) -> tuple[str, int]:
    return render_template("error.html", code="expired", again=again), 400


def _say_what_failed(app: Flask, instance: Instance) -> None:
    """Answer every failure with a page that says what to do; nothing typed is lost by pressing back."""

    @app.errorhandler(CSRFError)
    def expired(_: CSRFError) -> ResponseReturnValue:
        if instance.damage is not None:
            return damaged.to_the_page()
        if not instance.is_open:
            return morning.again()
        if instance.door.has_lock and request.endpoint == "first_passphrase.begin":  # pressed twice
            return first_passphrase.has_one()
        again = sessions.this_page() if drafts.keep_for_later() else None
        return drafts.for_a_script_that_waits(again) or _expired_page(again)

    @app.errorhandler(NotAllowed)
    def not_allowed(_: NotAllowed) -> tuple[str, int]:
        return render_template("error.html", code=403), 403

    @app.errorhandler(NotFound)
    def not_found(_: NotFound) -> tuple[str, int]:
        return render_template("error.html", code=404), 404

    @app.errorhandler(DiskFull)
    def full(_: DiskFull) -> tuple[str, int]:
        if request.path.startswith("/v1/"):
            return "", BUSY  # a laptop tries again later, by itself
        g.bare = True
        return render_template("error.html", code=NO_ROOM), NO_ROOM

    @app.errorhandler(HTTPException)
    def refused(fault: HTTPException) -> tuple[str, int]:
        code = fault.code or 500
        g.bare = code >= INTERNAL_SERVER_ERROR  # the database itself may be what failed: ask it nothing more
        return render_template("error.html", code=code), code
