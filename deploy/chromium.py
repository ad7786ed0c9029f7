"""Starts a Chromium for the browser tests and the pictures, told to keep quiet: it calls nobody by itself."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, sync_playwright

FLAGS = (
    "--no-sandbox",  # a build machine runs as root, where Chromium's sandbox cannot; the pages are our own
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def found() -> str | None:
    """Return where this machine's Chromium lies, or None: the one without windows first, which shows a page for half the work."""
    return shutil.which("chromium-headless-shell") or shutil.which("chromium")


@contextmanager
def started(path: str) -> Iterator[Browser]:
    """Run the Chromium that lies at a path; it ends with the block."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        try:
            yield browser
        finally:
            browser.close()
