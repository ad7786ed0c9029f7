"""Help: every page that a kader sees has three sentences, in Indonesian, beside it and in the booklet."""

import pytest
from babel.messages.pofile import read_po
from flask.testing import FlaskClient

from siposyandu.web import booklet, helping
from tests.conftest import Village, app_of, sign_in
from tests.test_house import CATALOGUE

# What answers a GET and is no page that a kader reads.
NO_PAGES = {
    "static": "a file",
    "plot_library.plotly": "a file",
    "taking_out.file": "a file",
    "machines.figures": "for other programs",
    "frame.change_language": "goes on to another page",
    "home.home": "goes on to another page",
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
# Blueprints of offices, whose people come from a training of their own.
OFFICES = {
    "doubtful_dates", "envelopes", "keep", "keep_edit", "keep_import", "keep_laptops", "laptop_news",
    "measuring", "province",
}  # fmt: skip


def pages_of_a_kader(village: Village) -> set[str]:
    """The endpoints of all pages a kader may come to on her laptop."""
    endpoints = {
        rule.endpoint for rule in app_of(village).url_map.iter_rules() if "GET" in (rule.methods or ())
    }
    return {each for each in endpoints - set(NO_PAGES) if each.split(".")[0] not in OFFICES | {"sync"}}


def test_every_page_of_a_kader_has_its_help(village: Village) -> None:
    pages = pages_of_a_kader(village)
    missing, gone = pages - set(helping.BY_ENDPOINT), set(helping.BY_ENDPOINT) - pages
    assert (sorted(missing), sorted(gone)) == ([], []), "write them into ALL of siposyandu/web/helping.py"


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


def test_the_booklet_holds_every_page_once_and_needs_nobody_to_sign_in(client: FlaskClient) -> None:
    shown = client.get("/bantuan").text
    anchors = [
        booklet.anchor(next(client.application.url_map.iter_rules(each.endpoint)).rule)
        for each in helping.ALL
    ]
    found = [anchor for anchor in anchors if shown.count(f'id="{anchor}"') == 1]
    assert (found, len(set(anchors))) == (anchors, len(anchors))


@pytest.mark.parametrize(("path", "anchor"), [("/hari-ini/tanggal", "hari-ini-tanggal"), ("/cari", "cari")])
def test_a_page_shows_its_own_help(client: FlaskClient, village: Village, path: str, anchor: str) -> None:
    sign_in(client, village.aminah)
    assert f'href="/bantuan#{anchor}"' in client.get(path).text


def test_a_form_that_was_refused_keeps_its_help(client: FlaskClient, village: Village) -> None:
    refused = client.post(f"/masuk/{village.aminah.id}", data={"pin": "1"})
    assert (refused.status_code, 'href="/bantuan#masuk-x"' in refused.text) == (400, True)
