"""Gathers every text meant for people from code and pages into the Indonesian catalogue (`make words`).

The sentences for the mother go into the catalogues of her languages too (siposyandu/mother_tongues.py), with the Indonesian
beside each; they stay empty until somebody who speaks the language fills them.

New texts are added without a translation, texts that are gone are dropped, and translations stay as they are.
Says which texts still have no Indonesian; a test refuses to pass until there are none.
"""

import sys
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from siposyandu import mother_tongues

ROOT = Path(__file__).parents[1]
CATALOGUE = ROOT / "siposyandu" / "locale" / "id" / "LC_MESSAGES" / "siposyandu.po"
METHODS = [("**.py", "python"), ("**/templates/**.html", "jinja2")]
OPTIONS = {"**/templates/**.html": {"extensions": "jinja2.ext.i18n", "trimmed": "true"}}
BEGUN = datetime(2026, 11, 23, tzinfo=UTC)  # a date that moved with each run would be a change in each commit
HEADER = "# The words of SIPosyandu in Indonesian: a kader's own words, reviewed by one."
MOTHERS_HEADER = """# What a kader says to the mother, in the language {code}. Nobody has translated it by guessing: whoever
# speaks it fills each msgstr "" from the Indonesian above it and keeps {{food}} where it stands. Doubtful ones are
# marked "#, fuzzy" and count as missing. Shown only when all are there. See CONTRIBUTING.md, Words."""
KEYWORDS: dict[str, tuple[int, ...] | None] = {"_": None, "N_": None, "gettext": None, "ngettext": (1, 2)}


def gathered() -> Catalog:
    """Return every text found in siposyandu and forms, without translations."""
    found = Catalog(
        locale="id",
        project="SIPosyandu",
        creation_date=BEGUN,
        revision_date=BEGUN,
        fuzzy=False,
        header_comment=HEADER,
    )
    for folder in ("forms", "siposyandu"):
        texts = extract_from_dir(ROOT / folder, METHODS, OPTIONS, KEYWORDS, ("translators:",))
        for _, _, message, comments, _ in texts:
            found.add(message, auto_comments=comments)
    return found


def written() -> Catalog:
    """Return the Indonesian catalogue as it is written."""
    with CATALOGUE.open("rb") as source:
        return read_po(source, locale="id")


def untranslated() -> list[str]:
    """Return the texts that have no Indonesian."""
    kept = written()
    return sorted(str(text.id) for text in gathered() if text.id and not _said(kept, text.id))


def _said(kept: Catalog, text: str | tuple[str, ...]) -> bool:
    entry = kept.get(text if isinstance(text, str) else text[0])
    return bool(entry and entry.string and not entry.fuzzy and all(entry.string))


def of_mothers(code: str, folder: Path = CATALOGUE.parents[2]) -> tuple[int, int]:
    """Bring the catalogue of a mother's language up to date; returns how many sentences it says, and of how many."""
    path = folder / code / "LC_MESSAGES" / f"{mother_tongues.DOMAIN}.po"
    kept = _read(path) if path.is_file() else Catalog()
    indonesian = written()
    found = Catalog(
        project="SIPosyandu",
        creation_date=BEGUN,
        revision_date=BEGUN,
        fuzzy=False,
        last_translator=kept.last_translator,
        header_comment=MOTHERS_HEADER.format(code=code),
    )
    for sentence in mother_tongues.SENTENCES:
        beside = indonesian.get(sentence)
        known = kept.get(sentence)
        found.add(
            sentence,
            known.string if known else "",
            flags=known.flags if known else (),
            user_comments=known.user_comments if known else (),
            auto_comments=[f"Indonesia: {beside.string if beside else ''}"],
        )
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as target:
        write_po(target, found, no_location=True, width=120)
    return sum(bool(text.string) for text in found if text.id), len(mother_tongues.SENTENCES)


def _read(path: Path) -> Catalog:
    with path.open("rb") as source:
        return read_po(source)


def main() -> int:
    """Bring the catalogues up to date; 1 while a text has no Indonesian."""
    kept, found = written(), gathered()
    for text in found:
        known = kept.get(text.id if isinstance(text.id, str) else text.id[0])
        if text.id and known:
            text.string = known.string
    with CATALOGUE.open("wb") as target:
        write_po(target, found, sort_output=True, no_location=True, width=120)
    missing = untranslated()
    for text in missing:
        print(f"no Indonesian: {text}")
    for tongue in mother_tongues.ALL:
        said, of = of_mothers(tongue.code)
        print(f"{tongue.name}: {said} of {of} sentences for the mother")
    print(f"{len(found)} texts, {len(missing)} without Indonesian")
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
