"""The book in a real browser: keys as in a sheet of a calculation program, paste, and nothing lost by reload or power cut."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.mornings import kader_with_children
from tests.places import Place
from tests.window import LAPTOP, PHONE, Window, come_to_work

pytestmark = pytest.mark.browser
pytest_plugins = ("tests.browser",)

WEIGHT, LENGTH, HEAD, MUAC, POSITION = range(5)
SAID_KEPT = "Semua ketikan sudah disimpan sementara."
NAMES = sorted(f"Anak {number}" for number in range(30))


@dataclass
class Book:
    """Aminah's laptop with thirty children, and her window on the book."""

    laptop: Place
    window: Window

    @property
    def page(self) -> Page:
        """The page in the window."""
        return self.window.page

    def open(self) -> None:
        """Open the book of the day."""
        self.page.goto("/hari-ini/buku")

    def text(self, row: int, column: int) -> str:
        """What stands in a cell; rows and columns from 0."""
        return self.page.locator("[data-row]").nth(row).locator("[data-cell]").nth(column).input_value()

    def column(self, column: int, rows: int) -> list[str]:
        """What stands in the first cells of a column."""
        return [self.text(row, column) for row in range(rows)]

    def at(self) -> tuple[int, int]:
        """The row and the column of the cell that has the focus."""
        found: list[int] = self.page.evaluate(
            """() => { const row = document.activeElement.closest("[data-row]");
              return [[...document.querySelectorAll("[data-row]")].indexOf(row),
                [...row.querySelectorAll("[data-cell]")].indexOf(document.activeElement)]; }"""
        )
        return found[0], found[1]

    def keys(self, *pressed: str) -> None:
        """Press keys by name, or type a text that stands after a colon."""
        self.window.keys(*pressed)

    def paste(self, text: str) -> None:
        """Put a text on the clipboard and press Ctrl+V."""
        self.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        self.page.evaluate("text => navigator.clipboard.writeText(text)", text)
        self.keys("Control+v")

    def said(self, text: str) -> None:
        """Wait until the page says of what was typed that it is kept, or not."""
        expect(self.page.locator("[data-keep-state]")).to_have_text(text)


@pytest.fixture
def laptop(tmp_path: Path) -> Iterator[Place]:
    """Aminah's laptop with thirty children on its list; it comes back at the same address after a power cut."""
    with kader_with_children(tmp_path / "melati").laptop as place:
        yield place


@pytest.fixture
def book(laptop: Place, opened: Callable[..., Window]) -> Book:
    """The book of the day, open."""
    window = opened(laptop)
    come_to_work(window, "Aminah")
    found = Book(laptop, window)
    found.open()
    return found


def test_a_page_of_the_book_is_typed_by_keys_alone(book: Book) -> None:
    assert book.at() == (0, WEIGHT)
    book.keys(":8,9", "Enter", ":9.1", "Enter", "ArrowUp", "ArrowUp", "ArrowRight")
    assert book.at() == (0, LENGTH)
    book.keys(":74", "ArrowLeft", "ArrowLeft")  # inside the text, then at its beginning
    assert (book.at(), book.text(0, LENGTH)) == ((0, LENGTH), "74")
    book.keys("ArrowLeft")
    assert book.at() == (0, WEIGHT)
    book.keys("End", "End")
    assert book.at() == (0, POSITION)
    book.keys("Home")
    assert book.at() == (0, WEIGHT)
    book.keys(":7", "Escape")
    assert book.text(0, WEIGHT) == "8,9"
    book.keys("ArrowDown", "ArrowDown", ":8,8", "Tab", ":75,5", "Tab", ":45", "Enter")
    assert book.at() == (3, WEIGHT)  # as in Excel: under the cell where the Tabs began
    book.keys("Control+End")
    assert book.at() == (29, POSITION)
    book.window.go("Control+Home", "Control+Enter")
    expect(book.page.locator(".notice.s0")).to_have_text("3 baris tersimpan.")
    assert book.column(WEIGHT, 4) == ["8,9", "9,1", "8,8", ""]
    expect(book.page.locator("[data-state]").first).to_contain_text("B, baru ditimbang")


def test_a_saved_value_is_corrected_with_a_reason_and_a_doubt_is_answered_by_keys(book: Book) -> None:
    page = book.page
    expect(page.locator("#alasan")).to_be_hidden()
    book.window.go(":8,9", "Control+Enter")
    expect(page.locator(".notice.s0")).to_have_text("1 baris tersimpan.")
    book.keys("Control+Home", ":9,1", "Enter", ":5,2", "Enter")
    book.said(SAID_KEPT)
    page.locator("#alasan").fill("salah baca")
    book.window.go("Enter")
    expect(page.locator(".notice.s0")).to_have_text("1 baris tersimpan.")
    expect(page.locator(".grid-questions fieldset")).to_have_count(1)
    assert book.window.faults() == []
    book.window.go("Space", "Enter")  # the first answer has the focus: it is right
    expect(page.locator(".notice.s0")).to_have_text("1 baris tersimpan.")
    expect(page.locator(".grid-questions")).to_have_count(0)
    assert book.column(WEIGHT, 3) == ["9,1", "5,2", ""]


def test_a_bad_cell_is_marked_and_named_while_the_next_one_is_typed(book: Book) -> None:
    book.keys(":78", "Enter", ":8,9", "Enter")
    said = f"Baris 1, {NAMES[0]}, BB: Apakah komanya sudah tepat? 78 kg tidak mungkin, 7,8 kg cocok."
    expect(book.page.locator("[data-faults] li")).to_have_text([said])
    expect(book.page.locator("[data-cell]").first).to_have_attribute("aria-invalid", "true")
    assert book.window.faults() == []
    book.page.locator("[data-faults] a").click()
    assert book.at() == (0, WEIGHT)
    book.keys(":7,8", "Enter")
    expect(book.page.locator("[data-faults] li")).to_have_count(0)


def test_a_reload_and_a_power_cut_lose_at_most_the_cell_being_typed(book: Book, laptop: Place) -> None:
    book.keys(":8,9", "Enter", ":9,1", "Enter")
    book.said(SAID_KEPT)
    book.page.reload()
    assert book.column(WEIGHT, 2) == ["8,9", "9,1"]
    assert book.at() == (2, WEIGHT)
    laptop.kill()
    book.keys(":9,3", "Enter", ":9,4")
    book.said("Belum tersimpan sementara. Jangan ditutup dulu, sedang dicoba lagi.")
    laptop.start()
    book.said(SAID_KEPT)
    laptop.kill()
    laptop.start()
    book.open()
    assert book.column(WEIGHT, 4) == ["8,9", "9,1", "9,3", "9,4"]
    book.window.complaints.clear()  # that nobody answered while the power was off


def test_a_block_of_excel_fills_the_cells_from_the_focused_one(book: Book) -> None:
    book.paste("8,9\t74,2\r\n9.1\t75\r\n\t76,1\r\n")
    book.said(SAID_KEPT)
    assert (book.column(WEIGHT, 4), book.column(LENGTH, 4)) == (
        ["8,9", "9.1", "", ""],
        ["74,2", "75", "76,1", ""],
    )
    book.keys("Control+End", "Home")
    book.paste("9,3\t74\n9,4\t75\n")
    expect(book.page.locator("[data-pasted] span")).to_have_text(
        "2 kotak terisi. 1 baris tidak muat dan dilewati."
    )
    book.window.press("Undo the paste")
    assert (book.at(), book.text(29, WEIGHT), book.window.faults()) == ((29, WEIGHT), "", [])
    book.window.go("Control+Enter")
    expect(book.page.locator(".notice.s0")).to_have_text("3 baris tersimpan.")


def test_a_block_with_names_is_filled_in_by_name_and_says_who_was_not_found(book: Book) -> None:
    book.paste("No\tNama\tBB\tTB\n1\tanak 3\t9,3\t75\n2\tANAK 12\t9,1\t74\n3\tMuslihun\t8,8\t73\n")
    dialog = book.page.locator("[data-paste]")
    expect(dialog.locator("[data-paste-found]")).to_have_text("2 dari 4 nama ada di daftar ini.")
    expect(dialog.locator("[data-paste-missing] li")).to_have_text(["Nama", "Muslihun"])
    assert book.window.faults() == []
    book.window.press("Fill in by name")
    book.said(SAID_KEPT)
    third, first = NAMES.index("Anak 3"), NAMES.index("Anak 12")
    typed = {NAMES[row]: text for row, text in enumerate(book.column(WEIGHT, 30)) if text}
    assert (typed, book.text(third, LENGTH), book.text(first, LENGTH)) == (
        {"Anak 3": "9,3", "Anak 12": "9,1"},
        "75",
        "74",
    )


def test_two_tabs_type_into_one_book_and_neither_undoes_the_other(book: Book) -> None:
    other = book.page.context.new_page()
    other.goto("/hari-ini/buku")
    other.locator("[data-cell]").nth(1).fill("74,2")
    other.keyboard.press("Tab")
    expect(other.locator("[data-keep-state]")).to_have_text(SAID_KEPT)
    book.keys(":8,9", "Enter")
    book.said(SAID_KEPT)
    book.window.go("Control+Enter")
    expect(book.page.locator(".notice.s0")).to_have_text("1 baris tersimpan.")
    assert (book.text(0, WEIGHT), book.text(0, LENGTH)) == ("8,9", "74,2")


@pytest.mark.parametrize("screen", [LAPTOP, PHONE])
def test_the_book_without_script_comes_back_filled(
    laptop: Place, browser: Browser, opened: Callable[..., Window], screen: dict[str, int]
) -> None:
    window = opened(laptop, screen, script=False)
    page = window.page
    page.goto("/masuk")
    page.get_by_role("link", name="Aminah").click()
    page.fill("#pin", "274915")
    window.press("Enter")
    page.goto("/hari-ini/buku")
    window.press("Open this page")
    cells = page.locator("[data-cell]")
    cells.first.fill("78")
    cells.nth(5).fill("8,9")
    window.press("Save the good rows")
    expect(page.locator(".notice.s0")).to_have_text("1 baris tersimpan.")
    assert (cells.first.input_value(), cells.nth(5).input_value(), window.faults()) == ("78", "8,9", [])
