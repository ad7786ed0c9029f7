"""Pages on phones that outlive the laptop's program: what a script sends again and again until it is answered.

Such a script sends `X-Patient` with a form and is told in `X-Go-To` where to go on, so that it never leaves a page
before the next one is sure; a browser without script is led there as ever. A list that is looked at is asked for every
few seconds, and is sent only when it has changed. Where something must be done first, as typing the code again, the answer
says so and bears `X-Stay`: the script shows it beside what was typed, and goes on asking.
"""

import hashlib

from flask import Response, redirect, render_template, request

NOTHING_NEW, SEE_OTHER, NO_CONTENT, FORBIDDEN = 304, 303, 204, 403


def is_asked() -> bool:
    """Whether a script asks that waits for its answer on a page where something may stand typed."""
    return "X-Patient" in request.headers


def go(url: str) -> Response:
    """Lead a browser, or a patient script, to the page that follows."""
    if is_asked():
        return Response(status=NO_CONTENT, headers={"X-Go-To": url})
    return redirect(url, SEE_OTHER)  # type: ignore[return-value]


def stay(to_do: str, way: str) -> Response:
    """Let a patient script stay on its page, and say there what is to be done first, and the way to it."""
    said = render_template("station_stay.html", to_do=to_do, way=way)
    return Response(said, FORBIDDEN, {"X-Stay": "1"})


def tag_of(content: object) -> str:
    """Return a short mark of what a list shows: another content has another mark."""
    return hashlib.sha256(repr(content).encode()).hexdigest()[:16]


def has(tag: str) -> bool:
    """Whether the visitor has this content already."""
    return bool(request.if_none_match.contains(tag))


def answer(text: str, tag: str) -> Response:
    """Return a part of a page with its mark."""
    found = Response(text)
    found.set_etag(tag)
    return found
