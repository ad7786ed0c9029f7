"""A QR code as a drawing inside the page: sharp on paper, and no picture to fetch."""

import segno
from markupsafe import Markup


def drawing(text: str) -> Markup:
    """Return the code of a text as SVG; its size is the style sheet's matter (.qr)."""
    code = segno.make(text, error="m", micro=False)
    return Markup(code.svg_inline(omitsize=True, svgclass="qr", lineclass=None))  # noqa: S704 - drawn here, not typed
