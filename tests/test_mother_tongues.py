"""What is said to the mother can be said in her own language once a reviewer has filled the whole catalogue, not before."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from deploy.build_hook import compile_catalogues
from siposyandu import i18n, mother_tongues
from siposyandu.growth.advice import Advice
from siposyandu.i18n import LOCALE_FOLDER
from siposyandu.mother_tongues import SENTENCES, Tongue
from siposyandu.web.answer import CATALOGUES
from tests.children import register, weigh
from tests.conftest import Village, sign_in

SASAK = Tongue("sas", "Sasak")
# A language of nobody: the Indonesian is not used, and no Sasak is made up.
Filling = Callable[[str], str]


def whole(text: str) -> str:
    return f"[sas] {text}"


def but(left_out: str) -> Filling:
    return lambda text: "" if text == left_out else whole(text)


def without_food(text: str) -> str:
    return whole(text).replace("{food} ", "")


def filled(folder: Path, said: Filling) -> Path:
    """Fill the Sasak catalogue in a folder of its own, as a reviewer would, and make it readable for the program."""
    source = LOCALE_FOLDER / "sas/LC_MESSAGES/mother.po"
    target = folder / "sas/LC_MESSAGES/mother.po"
    target.parent.mkdir(parents=True)
    written = source.read_text("utf-8")
    for text in SENTENCES:
        empty, full = f'msgid "{text}"\nmsgstr ""', f'msgid "{text}"\nmsgstr "{said(text)}"'
        assert empty in written, text
        written = written.replace(empty, full)
    target.write_text(written, "utf-8")
    compile_catalogues(folder)
    return folder


def test_each_catalogue_holds_the_sentences_for_the_mother_and_nothing_else() -> None:
    for tongue in mother_tongues.ALL:
        written = (LOCALE_FOLDER / tongue.code / "LC_MESSAGES/mother.po").read_text("utf-8")
        assert re.findall(r'(?m)^msgid "(.+)"$', written) == list(SENTENCES)
        assert written.count("#. Indonesia: ") == len(SENTENCES)


def test_a_language_is_complete_when_every_sentence_is_there(tmp_path: Path) -> None:
    assert mother_tongues.complete(filled(tmp_path, whole)) == (SASAK,)


@pytest.mark.parametrize(
    "said",
    [lambda text: "", but(SENTENCES[0]), but(SENTENCES[-1]), without_food],
    ids=("nothing", "all but the first", "all but the last", "no food"),
)
def test_a_language_with_a_sentence_missing_or_without_its_food_is_not_shown(
    tmp_path: Path, said: Filling
) -> None:
    assert mother_tongues.complete(filled(tmp_path, said)) == ()


def test_the_whole_advice_is_said_in_her_language_the_food_too(tmp_path: Path) -> None:
    advice = Advice("wasted", SENTENCES[3], {"food": mother_tongues.FEED}, 2)
    said = mother_tongues.say(advice, "sas", filled(tmp_path, whole))
    assert said == f"[sas] {SENTENCES[3]}".format(food=f"[sas] {mother_tongues.FEED}")


def answer_page(client: FlaskClient, village: Village) -> str:
    """A child is weighed; the address of what that says."""
    sign_in(client, village.aminah)
    return f"/kunjungan/{weigh(village, register(village, 'Aisyah'), '2026-08-03', 9000)}/hasil"


def test_the_kader_chooses_the_mothers_language_once_and_reads_both(
    client: FlaskClient, village: Village, tmp_path: Path
) -> None:
    client.application.config[CATALOGUES] = filled(tmp_path / "locale", whole)
    page = answer_page(client, village)
    plain, chosen, later, back = (
        client.get(page + ask).text for ask in ("", "?bahasa=sas", "", "?bahasa=id")
    )
    i18n.speak("id")
    shown = ['<p lang="sas">[sas] ' in each for each in (plain, chosen, later, back)]
    assert shown == [False, True, True, False]
    assert 'class="in-indonesian"' in later
    assert 'href="?bahasa=sas"' in plain


def test_no_language_is_offered_while_none_is_complete(client: FlaskClient, village: Village) -> None:
    complete = mother_tongues.complete()
    shown = client.get(answer_page(client, village) + "?bahasa=sas").text
    assert ("?bahasa=" in shown) == bool(complete)
    assert ('lang="sas"' in shown) == (SASAK in complete)
