"""What is typed and not yet saved: kept on this machine while the kader types, given back after a crash or a power cut."""

import json
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from flask import Blueprint, Response, request
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import BadRequest

from forms import Form
from siposyandu.i18n import gettext
from siposyandu.periods import instant_text
from siposyandu.store import Store
from siposyandu.web import fields, patience, sessions
from siposyandu.web.sessions import needs_worker, signed_in

pages = Blueprint("drafts", __name__)

LARGEST_DRAFT, LONGEST_PAGE = 20_000, 300
MOST_DRAFTS = 500
"""Of one worker: more than a year of pages left in the middle; those written first give way. None does by its age: the
clock may be set right by years while she types."""
NOT_KEPT = frozenset({"csrf_token", "answer", "draft", "seen"})


@pages.post("/draf")
@needs_worker
def keep_typed() -> tuple[str, int]:
    """Keep what stands in a page's fields; `page` in the address says which page."""
    if not _keep_posted(signed_in().id, request.args.get("page", "")):
        raise BadRequest("no such page, or more than a page holds")
    return "", 204


@pages.before_app_request
def keep_what_comes_too_late() -> Response | None:
    """Keep what is saved after a session was idle for too long: she signs in again and finds it.

    Where nobody can say whose it is, a script that waits is told to stay on its page until somebody signs in.
    """
    if request.path.startswith("/v1/") or not sessions.instance().is_open:
        return None  # what machines send is read by nobody but their own page
    is_typed = request.method == "POST" and "draft" in request.form
    if not (is_typed or patience.is_asked()) or sessions.current_worker() is not None:
        return None
    if is_typed:
        keep_for_later()
    return for_a_script_that_waits()


def for_a_script_that_waits(again: str | None = None) -> Response | None:
    """Lead it to the page where what was typed stands again; where its visitor's cookie names nobody, let it ask who is at work.

    None for a browser that shows what it is answered, and where neither is to be done.
    """
    if not patience.is_asked():
        return None
    if again is not None:
        return patience.go(again)
    known = sessions.whose() is not None
    return None if known else patience.stay(gettext("Touch your name, then type your PIN."), "/masuk")


def keep_for_later() -> bool:
    """Keep what was posted but may not be saved now, for the worker whose page it is; False where nothing can be kept."""
    worker = sessions.whose()
    return worker is not None and _keep_posted(worker, request.form.get("draft", ""))


def _keep_posted(worker_id: str, page: str) -> bool:
    typed = {name: given for name, given in request.form.lists() if name not in NOT_KEPT}
    if not page.startswith("/") or len(page) > LONGEST_PAGE or len(json.dumps(typed)) > LARGEST_DRAFT:
        return False
    keep(sessions.store(), worker_id, page, typed, sessions.now())
    return True


def keep(store: Store, worker_id: str, page: str, typed: Mapping[str, Any], at: datetime) -> None:
    """Put a draft in the place of the last one of this worker and page; beyond the most, those written first are thrown away."""
    with store.write() as writing:
        writing.run(
            """insert into draft (worker, page, typed, saved_at, written_no)
            values ($1, $2, $3, $4, (select coalesce(max(written_no), 0) + 1 from draft where worker = $1))
            on conflict (worker, page) do update
            set typed = excluded.typed, saved_at = excluded.saved_at, written_no = excluded.written_no""",
            worker_id,
            page,
            json.dumps(typed, ensure_ascii=False),
            instant_text(at),
        )
        writing.run(
            """delete from draft where worker = $1 and page not in (
                select page from draft where worker = $1 order by written_no desc, saved_at desc, page limit $2)""",
            worker_id,
            MOST_DRAFTS,
        )


def keep_form(typed: Mapping[str, Any], page: str) -> None:
    """Keep what came with a form that was not saved: without script this is the only draft there is."""
    lists = {name: given if isinstance(given, list) else [given] for name, given in typed.items()}
    keep(sessions.store(), signed_in().id, page, lists, sessions.now())


def restored(form: Form, names: Collection[str], page: str) -> dict[str, Any]:
    """Return what the worker at the keyboard typed on a page and never saved, for these fields; {} when nothing."""
    kept = typed_before(sessions.store(), signed_in().id, page)
    return fields.typed_in(form, names, MultiDict(kept)) if kept else {}


def forget_form(page: str) -> None:
    """Throw the draft of the worker at the keyboard away: it was saved."""
    forget(sessions.store(), signed_in().id, page)


def typed_before(store: Store, worker_id: str, page: str) -> dict[str, list[str]] | None:
    """Return what was typed on a page and never saved: field name -> what stood in it; None when there is nothing."""
    kept = store.value("select typed from draft where worker = $1 and page = $2", worker_id, page)
    found = json.loads(kept) if kept else None
    return found if found and any(any(given) for given in found.values()) else None


def forget(store: Store, worker_id: str, page: str) -> None:
    """Throw a draft away: it was saved, or its writer does not want it."""
    with store.write() as writing:
        writing.run("delete from draft where worker = $1 and page = $2", worker_id, page)
