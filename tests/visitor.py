"""A browser without a window: opens pages, fills in the forms that stand on them, and presses their buttons.

What is sent is what a browser would send: every field of the form as it stands on the page (the hidden token too), with
what was typed in its place.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from types import TracebackType
from typing import Self
from urllib.parse import urljoin, urlsplit

import requests

ANSWER_S = 30
Attributes = Mapping[str, str | None]


@dataclass
class Form:
    """A form on a page: where it goes, how, and its fields with what stands in them."""

    action: str
    method: str
    fields: list[tuple[str, str]] = field(default_factory=list)


class _Reader(HTMLParser):
    """Reads the forms and the plain text of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.words: list[str] = []
        self._select = self._area = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take in a form or one of its fields."""
        given = dict(attrs)
        if tag == "form":
            self.forms.append(Form(given.get("action") or "", (given.get("method") or "get").lower()))
        elif tag == "input" and _is_sent(given):
            self._add(str(given["name"]), given.get("value") or "")
        elif tag == "select":
            self._select = given.get("name") or ""
        elif tag == "option" and "selected" in given:
            self._add(self._select, given.get("value") or "")
        elif tag == "textarea":
            self._area = given.get("name") or ""

    def handle_endtag(self, tag: str) -> None:
        """Leave a text area; an empty one is sent too."""
        if tag == "textarea" and self._area:
            self._add(self._area, "")
            self._area = ""

    def handle_data(self, data: str) -> None:
        """Take in words."""
        if self._area:
            self._add(self._area, data)
            self._area = ""
        elif data.strip():
            self.words.append(" ".join(data.split()))

    def _add(self, name: str, value: str) -> None:
        if self.forms and name:
            self.forms[-1].fields.append((name, value))


def _is_sent(given: Attributes) -> bool:
    kind = given.get("type") or "text"
    ticked = kind not in ("radio", "checkbox") or "checked" in given
    return bool(given.get("name")) and kind not in ("submit", "button") and ticked


class Page:
    """What a visitor sees: status, address, words, forms."""

    def __init__(self, answer: requests.Response) -> None:
        self.status = answer.status_code
        self.path = urlsplit(answer.url).path
        self.html = answer.text
        reader = _Reader()
        reader.feed(answer.text)
        self.text = " ".join(reader.words)
        self.forms = reader.forms

    def form(self, action: str) -> Form:
        """Return the form that goes to a page, whatever stands behind its question mark."""
        found = [form for form in self.forms if urlsplit(form.action or self.path).path == action]
        assert found, f"{self.path} ({self.status}) has no form to {action}: {self.text[:500]}"
        return found[0]


class Visitor:
    """Somebody at a browser, at one place; her cookies stay while she is there."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.session = requests.Session()
        self.session.trust_env = False

    def open(self, path: str) -> Page:
        """Open a page; it must be there."""
        answer = self.session.get(urljoin(self.address, path), timeout=ANSWER_S)
        assert answer.ok, f"{path}: {answer.status_code} {Page(answer).text[:500]}"
        return Page(answer)

    def submit(self, page: Page, action: str, typed: Mapping[str, str]) -> Page:
        """Press a form's button after typing into its fields; redirects are followed."""
        form = page.form(action)
        sent = [(name, value) for name, value in form.fields if name not in typed]
        address = urljoin(self.address, form.action or page.path)
        given = [*sent, *typed.items()]
        return Page(self.session.request(form.method.upper(), address, data=given, timeout=ANSWER_S))

    def close(self) -> None:
        """Leave."""
        self.session.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
