"""A QR code as a drawing inside the page: sharp on paper, and no picture to fetch."""

import segno
from markupsafe import Markup


def drawing(text: str) -> Markup:
    """Return the code of a text as SVG; its size is the style sheet's matter (.qr); the words stand beside it."""
    code = segno.make(text, error="m", micro=False)
    drawn = code.svg_inline(omitsize=True, svgclass="qr", lineclass=None)
    return Markup(drawn.replace("<svg ", '<svg aria-hidden="true" ', 1))  # noqa: S704 - drawn here, not typed
