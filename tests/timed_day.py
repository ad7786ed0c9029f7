"""A practised kader at a real keyboard: each key and each pointing is counted, and how long the pages let her wait.

What a person would take is reckoned by the keystroke-level model (Card, Moran, Newell 1983): 280 ms a key (an average typist),
1.1 s for pointing with a mouse or pad, and, told apart, 1.35 s to make up her mind at each thing that must be chosen or read.
Capital letters and Ctrl+Enter are two keys. What scale and board take is not in it, nor talking with the mother.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from time import perf_counter

from playwright.sync_api import Locator, Page

from siposyandu import names
from siposyandu.search_words import tokens
from tests.conftest import PIN
from tests.window import Window, words

KEY_S, POINT_S, MIND_S = 0.28, 1.1, 1.35
LETTERS_AT_MOST = 12
LEFT = "() => document.querySelectorAll('#children li:not([hidden])').length"


@dataclass
class Done:
    """What one piece of work took: keys, pointings, choices of the mind, and seconds that pages were waited for."""

    keys: int = 0
    points: int = 0
    minds: int = 0
    page_s: float = 0.0

    @property
    def hands_s(self) -> float:
        """Seconds of the model for hands alone, with the pages."""
        return self.keys * KEY_S + self.points * POINT_S + self.page_s

    @property
    def whole_s(self) -> float:
        """The same with the mind."""
        return self.hands_s + self.minds * MIND_S


@dataclass(frozen=True)
class NewChild:
    """What the mother says of a child who is new here; a NIK is typed where she brought the card."""

    name: str
    mother: str
    girl: bool
    born: str
    nik: str = ""


@dataclass
class Hands:
    """Two hands at one window; what they do is added to `now`."""

    window: Window
    now: Done = field(default_factory=Done)

    @property
    def page(self) -> Page:
        """The page at which she sits."""
        return self.window.page

    @contextmanager
    def work(self) -> Iterator[Done]:
        """Count anew for one piece of work."""
        self.now = Done()
        yield self.now

    def type(self, text: str) -> None:
        """Type a text where the focus is."""
        self.now.keys += len(text) + sum(letter.isupper() for letter in text)
        self.page.keyboard.type(text)

    def press(self, *keys: str) -> None:
        """Press keys, one after the other; Control+Enter is two."""
        for key in keys:
            self.now.keys += key.count("+") + 1
            self.page.keyboard.press(key)

    def go(self, *keys: str) -> None:
        """Press keys of which the last opens another page, and wait for it."""
        self._waited(lambda: self.press(*keys))

    def point(self, target: Locator) -> None:
        """Point at something that opens another page, and wait for it."""
        self.now.points += 1
        self._waited(target.click)

    def think(self, times: int = 1) -> None:
        """Make up her mind, or read."""
        self.now.minds += times

    def _waited(self, act: Callable[[], None]) -> None:
        with self.window.another_page():  # she types where the page puts the focus
            begun = perf_counter()
            act()
        self.now.page_s += perf_counter() - begun


def open_the_day(hands: Hands, name: str) -> Done:
    """Touch her name, type the PIN, and say with one key that the day, the place and who is present are right."""
    hands.page.goto("/masuk")
    with hands.work() as done:
        hands.think()
        hands.point(hands.page.get_by_role("link", name=name))
        hands.type(PIN[:-1])
        hands.go(PIN[-1])
        hands.page.wait_for_url("**/hari-ini")
        hands.think()
        hands.go("Enter")
    return done


def find(hands: Hands, name: str) -> None:
    """Type a name without its title until one child is left, and open her; among several she goes down with the arrow."""
    said = " ".join(names.without_titles(tokens([name])))
    hands.think()
    for letter in said[:LETTERS_AT_MOST]:
        hands.type(letter)
        if hands.page.evaluate(LEFT) == 1:
            hands.go("Enter")
            return
    row = hands.page.locator("#children li:visible").filter(has_text=name).first
    above = row.evaluate("row => [...row.parentElement.querySelectorAll('li:not([hidden])')].indexOf(row)")
    hands.press("Enter", *["ArrowDown"] * above)
    hands.go("Enter")


def measure(hands: Hands, weight_kg: str, length_cm: str) -> None:
    """Type weight and length at the scales' page and save; the answer is read."""
    hands.think(2)
    hands.type(weight_kg)
    hands.press("Enter")
    hands.type(length_cm)
    hands.go("Control+Enter")
    if hands.page.locator(".ask-again").count():
        hands.think()
        hands.point(hands.page.get_by_role("button", name=words("It is right, save")))
    hands.think()


def follow_up(hands: Hands, name: str, weight_kg: str, length_cm: str) -> Done:
    """Find a child of the list, write what was measured, read the answer, and come back to the list."""
    with hands.work() as done:
        find(hands, name)
        measure(hands, weight_kg, length_cm)
        hands.go("Enter")
    return done


def register(hands: Hands, child: NewChild) -> Done:
    """Look whether a child is known here, and write her card; the scales' page follows."""
    with hands.work() as done:
        hands.think(5 + bool(child.nik))
        hands.type(child.name.lower())
        hands.go("Enter")  # nobody on the list has that name
        hands.go("Enter")
        hands.type(child.mother)
        hands.press("Enter", "ArrowDown" if child.girl else "Space", "Enter")
        hands.type(child.born)
        hands.press("Enter")
        hands.type(child.nik)
        if child.nik:
            hands.go("Control+Enter")
        else:
            hands.press("Enter")
            hands.go("Space", "Enter")
    return done


def close_the_day(hands: Hands, meal: str) -> Done:
    """Go to the result, close the day with the meal that was given, and see the minutes."""
    with hands.work() as done:
        hands.think(2)
        hands.point(hands.page.locator("a[href^='/hari-ini/sesudah']").first)
        hands.point(hands.page.locator("a[href^='/hari-ini/tutup']"))
        hands.type(meal)
        hands.go("Enter")
        hands.think()
    return done
