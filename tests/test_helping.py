"""Help: every page, of a kader or an office, has three sentences, in Indonesian, beside it and in the booklet."""

import re

import pytest
from babel.messages.pofile import read_po
from flask.testing import FlaskClient

from siposyandu.web import booklet, helping
from siposyandu.web.helping.three import Help
from tests.conftest import Village, app_of, sign_in
from tests.test_house import CATALOGUE

# What answers a GET and is no page that somebody reads.
NO_PAGES = {
    "static": "a file",
    "plot_library.plotly": "a file",
    "taking_out.file": "a file",
    "keep.file_of": "a file",
    "keep_laptops.copy": "a file",
    "measuring.table_file": "a file",
    "province.table_file": "a file",
    "province.unreported_file": "a file",
    "machines.figures": "for other programs",
    "frame.change_language": "goes on to another page",
    "home.home": "goes on to another page",
    "measuring.own_area": "goes on to another page",
    "province.own_area": "goes on to another page",
    "child_card.choose": "goes on to another page",
    "booklet.booklet": "is the help itself",
    "practising.enter": "goes on to another page",
    "laptop.line_alone": "a part of a page",
    "laptop.state_alone": "a part of a page",
    "copies.state_alone": "a part of a page",
    "hotspot.phones_alone": "a part of a page",
    "station_queue.queue_alone": "a part of a page",
    "station_visit.others_alone": "a part of a page",
}


def pages(village: Village) -> set[str]:
    """The endpoints of all pages there are."""
    rules = app_of(village).url_map.iter_rules()
    endpoints = {rule.endpoint for rule in rules if "GET" in (rule.methods or ())}
    return {each for each in endpoints - set(NO_PAGES) if not each.startswith("sync.")}  # for laptops


def test_every_page_has_its_help(village: Village) -> None:
    there, helped = pages(village), {each.endpoint for each in helping.ALL}
    assert (sorted(there - helped), sorted(helped - there)) == ([], []), (
        "write them into siposyandu/web/helping/"
    )


def test_each_help_is_three_sentences() -> None:
    broken = [
        (each.endpoint, sentence)
        for each in helping.ALL
        for sentence in each.sentences
        if not sentence.endswith(".") or ". " in sentence or len(sentence.split()) > 28
    ]
    assert broken == []


def test_each_help_is_said_in_indonesian_in_as_many_sentences() -> None:
    with CATALOGUE.open("rb") as written:
        catalogue = read_po(written)
    said = {
        text: str(entry.string) if (entry := catalogue.get(text)) else ""
        for each in helping.ALL
        for text in each.sentences
    }
    assert [text for text, words in said.items() if not words.endswith(".") or ". " in words] == []


def anchors(client: FlaskClient, *chapters: tuple[str, tuple[Help, ...]]) -> list[str]:
    """The places that the pages of some chapters have in the booklet, in its order."""
    rule_of = {rule.endpoint: rule.rule for rule in client.application.url_map.iter_rules()}
    return [booklet.anchor(rule_of[each.endpoint]) for _title, listed in chapters for each in listed]


def shown(client: FlaskClient) -> list[str]:
    """The places of the booklet as it is shown."""
    return re.findall(r'<article class="card flat" id="([^"]+)">', client.get("/bantuan").text)


def test_the_booklet_of_a_laptop_needs_nobody_to_sign_in(client: FlaskClient) -> None:
    assert shown(client) == anchors(client, *helping.OF_A_KADER)


@pytest.mark.parametrize(("name", "more"), [("aminah", ()), ("baiq", helping.OF_AN_AREA)])
def test_who_answers_for_an_area_finds_its_pages_too(
    client: FlaskClient, village: Village, name: str, more: helping.Chapters
) -> None:
    sign_in(client, getattr(village, name))
    assert shown(client) == anchors(client, *helping.OF_A_KADER, *more)


def test_the_booklet_of_the_province_begins_with_the_offices_and_holds_each_page_once(
    province_client: FlaskClient,
) -> None:
    pages_of_all = anchors(province_client, *helping.OF_THE_PROVINCE, *helping.OF_A_KADER)
    assert shown(province_client) == list(dict.fromkeys(pages_of_all))


def test_no_two_pages_have_one_place_in_the_booklet(province_client: FlaskClient) -> None:
    places = anchors(province_client, *helping.OF_THE_PROVINCE, *helping.OF_A_KADER)
    assert len(set(places)) == len({each.endpoint for each in helping.ALL})


@pytest.mark.parametrize(
    ("path", "title"), [("/masuk", "Masuk"), ("/kelola", "Tempat dan orang"), ("/karantina", "Karantina")]
)
def test_a_page_of_the_province_says_what_is_to_be_done_there(
    province_client: FlaskClient, province: Village, path: str, title: str
) -> None:
    if path != "/masuk":
        sign_in(province_client, province.eka)
    beside = province_client.get(path).text.partition('class="page-help-words">')[2]
    assert re.findall(r"<h2>([^<]+)</h2>", beside)[0] == title


@pytest.mark.parametrize(("path", "anchor"), [("/hari-ini/tanggal", "hari-ini-tanggal"), ("/cari", "cari")])
def test_a_page_shows_its_own_help(client: FlaskClient, village: Village, path: str, anchor: str) -> None:
    sign_in(client, village.aminah)
    assert f'href="/bantuan#{anchor}"' in client.get(path).text


def test_a_form_that_was_refused_keeps_its_help(client: FlaskClient, village: Village) -> None:
    refused = client.post(f"/masuk/{village.aminah.id}", data={"pin": "1"})
    assert (refused.status_code, 'href="/bantuan#masuk-x"' in refused.text) == (400, True)
