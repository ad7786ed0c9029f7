"""A file that is no list of ours, a bomb or a forgery is refused by name, and hinders no page."""

import json
import zipfile
from collections.abc import Callable
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from flask.testing import FlaskClient

from siposyandu.exports import stamps
from siposyandu.web import drafts
from siposyandu.web.excel import reading, waiting
from siposyandu.web.excel.reading import NotTaken, cells_of, understood
from tests.children import register
from tests.conftest import NOW, Village, app_of, on_the_day, sign_in
from tests.returned import brought, saved, shown, taken


@pytest.fixture
def aminah(client: FlaskClient, village: Village) -> FlaskClient:
    """Aminah at the laptop on 3 August."""
    return on_the_day(client, village.aminah)


def zipped(**files: bytes) -> bytes:
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name.replace("__", "/").replace("_", "."), content)
    return packed.getvalue()


BOMB = zipped(xl__workbook_xml=b" " * (reading.LARGEST_INFLATED_BYTES + 1))


@pytest.mark.parametrize(
    ("content", "file", "template"),
    [
        (b"", "x.csv", reading.NOT_OURS),
        (b"a;b\n1;2\n", "x.csv", reading.NOT_OURS),
        (b"\0\0\0", "x.csv", reading.UNREADABLE),
        (b"PK\x03\x04rubbish", "x.xlsx", reading.UNREADABLE),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "x.xls", reading.OTHER_KIND),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "locked.xlsx", reading.OTHER_KIND),
        (
            zipped(mimetype=b"application/vnd.oasis.opendocument.spreadsheet", content_xml=b"<x/>"),
            "x.xlsx",
            reading.OTHER_KIND,
        ),
        (zipped(xl__workbook_xml=b"<x/>", xl__vbaProject_bin=b"x"), "x.xlsx", reading.OTHER_KIND),
        (zipped(xl__workbook_xml=b"<x/>"), "x.xlsx", reading.UNREADABLE),
        (BOMB, "x.xlsx", reading.UNREADABLE),
        (b"x" * (reading.LARGEST_BYTES + 1), "x.csv", reading.TOO_LONG),
        (b"x\n" * (reading.LARGEST_ROWS + 1), "x.csv", reading.TOO_LONG),
    ],
)
def test_a_file_that_is_no_list_of_ours_is_refused_by_name(content: bytes, file: str, template: str) -> None:
    with pytest.raises(NotTaken) as refused:
        understood(cells_of(content, file), file)
    assert refused.value.sentence.template == template


def bomb(fill: Callable[[Any], None]) -> bytes:
    """A list of children of a few kilobytes whose sheet was filled so that it unpacks to more than a laptop bears."""
    book = openpyxl.Workbook()
    book.active.append(["Nama", stamps.mark("balita", "2026-08", "x")])
    fill(book.active)
    written = BytesIO()
    book.save(written)
    return written.getvalue()


BOMBS: dict[str, Callable[[Any], None]] = {
    "one long text in every cell": lambda sheet: [sheet.append(["A" * 20_000] * 100) for _ in range(10)] and None,
    "something in the last column": lambda sheet: [setattr(sheet.cell(at, 16_384), "value", 1) for at in range(2, 30)] and None,
}  # fmt: skip


@pytest.mark.parametrize("name", BOMBS)
def test_a_small_file_that_would_fill_the_memory_is_refused(name: str) -> None:
    content = bomb(BOMBS[name])
    with pytest.raises(NotTaken) as refused:
        cells_of(content, "x.xlsx")
    assert (len(content) < 200_000, refused.value.sentence.template) == (True, reading.UNREADABLE)


@pytest.mark.parametrize(
    "stamp",
    [
        "[" * 100_000,
        r'{"p":"\ud800","v":"","was":{}}',
        r'{"p":"%s","v":"","was":{"name":"\ud800"}}',
        r'{"p":"a\u0000","v":"","was":{}}',
        "9" * 4500,
    ],
)
def test_a_forged_stamp_is_no_stamp_and_hinders_no_page(
    village: Village, aminah: FlaskClient, stamp: str
) -> None:
    forged = stamp.replace("%s", register(village, "Aisyah"))
    cells = [["Nama", stamps.mark("balita", "2026-08", village.melati)], ["Aisyah", forged], [10**4000, ""]]
    with village.instance.store_for_job() as store:
        typed = {"file": ["x.xlsx"], "cells": [json.dumps(cells)]}
        drafts.keep(store, village.aminah.id, waiting.PAGE, typed, NOW)
    seen = [aminah.get("/excel").status_code, saved(aminah).status_code]
    assert (stamps.read(forged), seen) == (None, [200, 200])


@pytest.mark.parametrize("typed", [{"file": "x"}, {"file": "x", "cells": "[[["}])
def test_a_draft_that_is_no_file_hinders_no_page(aminah: FlaskClient, typed: dict[str, str]) -> None:
    aminah.post(f"/draf?page={waiting.PAGE}", data=typed)
    assert [aminah.get("/excel").status_code, saved(aminah).status_code] == [200, 200]


def test_a_file_tells_no_name_of_another_posyandus_child(village: Village, aminah: FlaskClient) -> None:
    strange = register(village, "Rahasia Melayu", posyandu=village.kenanga)
    book = taken(aminah, "balita")
    book.put_at(2, name="Siapa").change(
        lambda sheet: sheet.cell(2, sheet.max_column, stamps.written(strange, "", (), {}))
    )
    [(state, number, who)] = shown(page := brought(aminah, book).text)
    assert (state, "Siapa" in number + who, "Rahasia" in page) == ("r3", True, False)


def test_the_page_gives_the_sentence_and_keeps_nothing(aminah: FlaskClient) -> None:
    answers = [brought(aminah, b"a;b", "x.csv"), aminah.post("/excel", data={})]
    assert [(answer.status_code, "returned" in answer.text) for answer in answers] == [(400, False)] * 2
    assert "x.csv bukan daftar dari sini" in answers[0].text


def test_an_entity_bomb_inside_a_workbook_is_refused(village: Village, aminah: FlaskClient) -> None:
    register(village, "Aisyah")
    content, bombed = BytesIO(taken(aminah, "balita").content()), BytesIO()
    levels = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
    with zipfile.ZipFile(content) as whole, zipfile.ZipFile(bombed, "w") as out:
        for name in whole.namelist():
            told = whole.read(name)
            if name == "xl/worksheets/sheet1.xml":
                told = (
                    b'<!DOCTYPE x [<!ENTITY a0 "lol">'
                    + levels.encode()
                    + b"]>"
                    + told.replace(b"<f>", b"<f>&a11;")
                )
                told = told.replace(b"<sheetData>", b"<sheetData><row><c t='str'><v>&a11;</v></c></row>", 1)
            out.writestr(name, told)
    assert brought(aminah, bombed.getvalue()).status_code == 400


def test_who_only_counts_brings_nothing_in(province: Village) -> None:
    eka = sign_in(app_of(province).test_client(), province.eka)
    asked = [eka.get("/excel"), eka.post("/excel", data={}), eka.post("/excel/simpan", data={})]
    assert [answer.status_code for answer in asked] == [403, 403, 403]
