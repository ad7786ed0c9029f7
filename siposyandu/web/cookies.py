"""The signed cookie of a visitor: who signed it is asked, never when, for a laptop's clock may be set right while it is used.

How long somebody stays signed in is a matter of the database alone (see sessions.py).
"""

from flask import Flask, Request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from itsdangerous import BadSignature


class SignedCookies(SecureCookieSessionInterface):
    """Flask's own cookies; but Flask refuses one that was signed more than a day ago or, by this clock, later than now."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """Return what stands in the visitor's cookie; nothing where it is not signed by this place."""
        signed, serializer = request.cookies.get(self.get_cookie_name(app)), self.get_signing_serializer(app)
        if serializer is None:
            return None
        try:
            return self.session_class(serializer.loads(signed) if signed else None)
        except BadSignature:
            return self.session_class()
