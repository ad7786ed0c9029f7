"""A list taken out, changed as a person does it in Excel, and brought back."""

import re
from collections.abc import Callable
from html import unescape
from io import BytesIO
from typing import Any

import openpyxl
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

Value = Any


class Book:
    """A list as a workbook, its cells found by the child's name and the words of the column."""

    def __init__(self, content: bytes) -> None:
        self.book = openpyxl.load_workbook(BytesIO(content))
        self.sheet = self.book.worksheets[0]

    def place(self, column: str) -> int:
        """Which column has that heading."""
        return [cell.value for cell in self.sheet[1]].index(column) + 1

    def row(self, name: str) -> int:
        """Which row is that child's; a new one below for nobody."""
        named = [row[0].value for row in self.sheet.iter_rows()]
        return named.index(name) + 1 if name in named else self.sheet.max_row + 1

    def put(self, name: str, /, **values: Value) -> "Book":
        """Type into the row of a child; columns by their heading with _ for a blank."""
        row = self.row(name)
        return self.put_at(row, **values)

    def put_at(self, row: int, **values: Value) -> "Book":
        """Type into a row by its number."""
        for column, value in values.items():
            self.sheet.cell(row, self.place(WORDS.get(column, column))).value = value
        return self

    def change(self, act: Callable[[Any], None]) -> "Book":
        """Do something else to the sheet."""
        act(self.sheet)
        return self

    def content(self) -> bytes:
        """The file as it is saved."""
        written = BytesIO()
        self.book.save(written)
        return written.getvalue()


WORDS = {
    "name": "Nama",
    "nik": "NIK",
    "why_no_nik": "Alasan NIK kosong",
    "sex": "Jenis kelamin",
    "born": "Tanggal lahir",
    "mother": "Nama ibu",
    "phone": "Nomor HP (WA)",
    "dusun": "Dusun",
    "birth_weight": "Berat lahir (kg)",
    "kk": "Nomor KK",
    "day": "Tanggal kunjungan",
    "weight": "Berat (kg)",
    "length": "Panjang/tinggi badan (cm)",
    "how": "Cara ukur",
    "vitamin_a": "Kapsul vitamin A",
    "ill": "Gejala sakit",
    "note": "Catatan",
    "code": "Kode anak",
}


def taken(client: FlaskClient, identifier: str, query: str = "") -> Book:
    """Take a list out."""
    answer = client.get(f"/excel/{identifier}.xlsx?{query}")
    assert answer.status_code == 200, answer.text
    return Book(answer.data)


def brought(client: FlaskClient, content: bytes | Book, file: str = "berkas.xlsx") -> TestResponse:
    """Bring a file in; returns the page that answers."""
    given = content.content() if isinstance(content, Book) else content
    return client.post("/excel", data={"file": (BytesIO(given), file)}, follow_redirects=True)


def saved(client: FlaskClient, reason: str = "", **ticked: list[str]) -> TestResponse:
    """Press Save, with what is ticked."""
    return client.post("/excel/simpan", data={"correction_reason": reason, **ticked}, follow_redirects=True)


def shown(page: str) -> list[tuple[str, str, str]]:
    """Each row of the page: how it stands, whose it is, and its words."""
    listed = re.findall(r'<li class="card returned (r\d)">(.*?)</li>', page, re.DOTALL)
    plain = [
        (state, re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", text))).strip())
        for state, text in listed
    ]
    return [(state, *re.match(r"(Baris \d+ \S+) ?(.*)", text).groups()) for state, text in plain]  # type: ignore[union-attr]
