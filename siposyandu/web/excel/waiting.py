"""The file that was brought in and is not saved yet: it waits in its worker's drafts, so that no power cut loses it."""

import json
from collections.abc import Iterable

from siposyandu import access, places
from siposyandu.errors import NotFound
from siposyandu.i18n import N_
from siposyandu.web import day, drafts, sessions
from siposyandu.web.excel.reading import Cells, NotTaken, Sheet, understood
from siposyandu.web.sessions import signed_in

PAGE = "/excel/berkas"
OTHER_POSYANDU = N_("{file} is a list of Posyandu {posyandu}. Only its own workers can bring it in.")
UNKNOWN_POSYANDU = N_("{file} is a list of a posyandu that is not known here.")


def keep(cells: Cells, file: str) -> None:
    """Let a file wait; the one that waited before gives way."""
    typed = {"file": [file], "cells": [json.dumps(cells, ensure_ascii=False)]}
    drafts.keep(sessions.store(), signed_in().id, PAGE, typed, sessions.now())


def sheet() -> Sheet | None:
    """Return the file that waits for the worker at the keyboard, or None."""
    kept = drafts.typed_before(sessions.store(), signed_in().id, PAGE)
    if kept is None:
        return None
    try:
        return hers(json.loads(kept["cells"][0]), kept["file"][0])
    except (NotTaken, ValueError, LookupError):
        return None  # she has moved to another posyandu since, or what waits is no file


def forget(done: Sheet | None = None) -> None:
    """Throw the file away: nobody wants it, or all of it (`done`) is saved; another one brought in meanwhile stays."""
    with sessions.store().write():
        if done is None or sheet() == done:
            drafts.forget_form(PAGE)


def hers(cells: Cells, file: str) -> Sheet:
    """Say which list the cells are. Raises NotTaken for what is none, and for a list of a posyandu that is not hers."""
    found = understood(cells, file)
    mine = {str(row["id"]) for row in day.posyandu_of(signed_in())}
    if found.posyandu not in mine or not access.may_enter(sessions.store(), signed_in(), found.posyandu):
        name = _name(found.posyandu)
        raise NotTaken(OTHER_POSYANDU if name else UNKNOWN_POSYANDU, file=file, posyandu=name)
    return found


def _name(posyandu_id: str) -> str:
    try:
        return str(places.posyandu(sessions.store(), posyandu_id)["name"])
    except NotFound:
        return ""


def short(name: str, known: Iterable[str] = "/\\") -> str:
    """Return the name of a file without the folders that some browsers put before it.

    >>> short("C:\\\\Users\\\\ibu\\\\balita.xlsx")
    'balita.xlsx'
    """
    for part in known:
        name = name.rsplit(part, 1)[-1]
    return name
