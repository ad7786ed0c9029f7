"""Pages on phones that outlive the laptop's program: what a script sends again and again until it is answered.

Such a script sends `X-Patient` with a form and is told in `X-Go-To` where to go on, so that it never leaves a page
before the next one is sure; a browser without script is led there as ever. A list that is looked at is asked for every
few seconds, and is sent only when it has changed.
"""

import hashlib

from flask import Response, redirect, request

NOTHING_NEW, SEE_OTHER, NO_CONTENT = 304, 303, 204


def go(url: str) -> Response:
    """Lead a browser, or a patient script, to the page that follows."""
    if "X-Patient" in request.headers:
        return Response(status=NO_CONTENT, headers={"X-Go-To": url})
    return redirect(url, SEE_OTHER)  # type: ignore[return-value]


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
