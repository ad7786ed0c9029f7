"""The documents say what is so: commands, settings, files, pictures and examples in them are the ones that exist."""

import re
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import click
import pytest

from deploy import tables
from siposyandu import config
from siposyandu.cli import commands as program
from siposyandu.config import Config

ROOT = Path(config.__file__).parents[1]
DOCUMENTS = [ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "deploy/README.md")]
LARGEST_PICTURE_BYTES = 150_000
PACKAGES = ("siposyandu", "sync", "forms")
FENCE = re.compile(r"^```(\S+) ?(\S*)\n(.*?)^```", re.MULTILINE | re.DOTALL)


def text(path: Path) -> str:
    return path.read_text("utf-8")


def code_in(path: Path) -> Iterator[str]:
    """Everything in a document that is code: what stands between backticks, in fences, or is indented."""
    written = text(path)
    yield from (found[3] for found in FENCE.finditer(written))
    rest = FENCE.sub("", written)
    yield from re.findall(r"`([^`\n]+)`", rest)
    yield from (line.strip() for line in rest.splitlines() if line.startswith("    "))


def words_after(command: str, path: Path) -> set[tuple[str, ...]]:
    """The words that follow a command's name wherever a document calls it: ("import", "eppgbm")."""
    call = re.compile(rf"(?:^|/bin/|sudo -u siposyandu ){command} ([a-z]+(?: [a-z]+)*)", re.MULTILINE)
    return {tuple(words.split()) for code in code_in(path) for words in call.findall(code)}


def is_command(words: tuple[str, ...]) -> bool:
    """Whether words lead to a command of the program; what follows its name are its arguments."""
    command: click.Command = program
    for word in words:
        if not isinstance(command, click.Group):
            return True
        if word not in command.commands:
            return False
        command = command.commands[word]
    return not isinstance(command, click.Group) or command.invoke_without_command


def all_commands() -> list[tuple[str, click.Command]]:
    return list(tables.leaves(program, "siposyandu"))


def test_the_tables_of_the_readme_are_what_the_code_says() -> None:
    readme = text(tables.README)
    assert {place[1] for place in tables.PLACE.findall(readme)} == set(tables.TABLES)
    assert tables.filled(readme) == readme, "run: python deploy/tables.py"


def test_every_command_and_option_says_what_it_does() -> None:
    silent = [name for name, command in all_commands() if not command.help]
    silent += [
        f"{name} {option.opts[0]}"
        for name, command in all_commands()
        for option in command.params
        if isinstance(option, click.Option) and not option.help
    ]
    assert silent == []


def test_every_command_and_setting_stands_in_the_readme_with_its_help() -> None:
    readme = text(tables.README)
    said = [f"`{name}" for name, _ in all_commands()]
    said += [tables.first_paragraph(command.help) for _, command in all_commands()]
    said += [
        option.help or ""
        for _, command in all_commands()
        for option in command.params
        if isinstance(option, click.Option)
    ]
    said += [f"| `{setting.name}` |" for setting in fields(Config)]
    said += [setting.metadata["help"] for setting in fields(Config)]
    assert [words for words in said if words not in readme] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_command_that_is_named_exists(document: Path) -> None:
    assert {words for words in words_after("siposyandu", document) if not is_command(words)} == set()
    targets = set(re.findall(r"^([a-z]+):", text(ROOT / "Makefile"), re.MULTILINE))
    assert {words[0] for words in words_after("make", document)} <= targets


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_file_that_is_named_exists(document: Path) -> None:
    links = set(re.findall(r"\]\(([^)#:]+)\)", text(document)))
    missing = {link for link in links if not (document.parent / link).exists()}
    named = {
        path
        for code in code_in(document)
        for path in re.findall(r"(?<![\w/.-])(?:siposyandu|sync|forms|tests|deploy)/[\w/.-]*\w", code)
    }
    assert (missing, {path for path in named if not (ROOT / path).exists()}) == (set(), set())


@pytest.mark.parametrize("package", PACKAGES)
def test_the_map_of_the_house_names_every_file_and_only_those(package: str) -> None:
    part = text(tables.README).split(f"### {package}\n")[1].split("\n#")[0]
    named = re.findall(r"^\| `([\w.]+)/?` \|", part, re.MULTILINE)
    folder = ROOT / package
    there = [path.name for path in folder.glob("*.py") if path.name != "__init__.py"]
    there += [path.parent.name for path in folder.glob("*/__init__.py")]
    assert sorted(named) == sorted(there)


def test_every_picture_is_shown_and_small() -> None:
    pictures = {
        path.relative_to(ROOT).as_posix(): path.stat().st_size for path in ROOT.glob("deploy/pictures/*")
    }
    assert set(re.findall(r"\((deploy/pictures/[^)]+)\)", text(ROOT / "README.md"))) == set(pictures)
    assert {name: size for name, size in pictures.items() if size > LARGEST_PICTURE_BYTES} == {}
