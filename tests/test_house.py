"""The rules of the house: sizes, names, docstrings, words for people, who may write, and what goes into the wheel.

Each test returns the whole list of what breaks its rule, so that one run says everything there is to mend.
"""

import ast
import re
import runpy
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import pairwise
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.pofile import read_po

from siposyandu import cli

ROOT = Path(cli.__file__).parents[2]
PACKAGES = ("siposyandu", "sync", "forms")
LONGEST_FILE, LONGEST_FUNCTION = 400, 30
BANNED_NAMES = {"utils", "util", "helpers", "helper", "manager", "managers", "common", "base", "misc"}
KNOWS_TRANSACTIONS = "siposyandu/store.py"
READS_THE_CLOCK = {"siposyandu/instance.py", "siposyandu/jobs.py"}
CATALOGUE = ROOT / "siposyandu/locale/id/LC_MESSAGES/siposyandu.po"

Function = ast.FunctionDef | ast.AsyncFunctionDef


def sources() -> list[Path]:
    """The program's own files."""
    return [path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py"))]


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@cache
def trees() -> list[tuple[str, ast.Module]]:
    return [(name_of(path), ast.parse(path.read_text("utf-8"))) for path in sources()]


def committed() -> list[Path]:
    """The files in the repository; all files where there is none, as in an unpacked archive."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True)
    names = [name for name in listed.stdout.split("\0") if name]
    found = [ROOT / name for name in names] or [
        path for folder in (*PACKAGES, "tests", "deploy") for path in (ROOT / folder).rglob("*")
    ]
    return [path for path in found if path.is_file()]


def text_of(path: Path) -> str:
    return path.read_text("utf-8", errors="replace")


def length_of(function: Function) -> int:
    """Lines of a function's body; its docstring does not count."""
    body = function.body[1:] if ast.get_docstring(function) else function.body
    return body[-1].end_lineno - body[0].lineno + 1 if body and body[-1].end_lineno else 0


def public(
    node: ast.Module | ast.ClassDef, inside: str = ""
) -> Iterator[tuple[str, Function | ast.ClassDef]]:
    """Functions, classes and methods that other files may call."""
    for child in node.body:
        if isinstance(child, Function | ast.ClassDef) and not child.name.startswith("_"):
            yield f"{inside}{child.name}", child
            if isinstance(child, ast.ClassDef):
                yield from public(child, f"{child.name}.")


def calls(tree: ast.Module, names: Sequence[str]) -> list[int]:
    """The lines that call a method of one of these names."""
    return [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in names
    ]


def test_no_file_is_too_long_to_be_read_at_a_sitting() -> None:
    sizes = {name_of(path): len(text_of(path).splitlines()) for path in sources()}
    assert {name: size for name, size in sizes.items() if size > LONGEST_FILE} == {}


def test_no_function_is_longer_than_a_screen() -> None:
    too_long = [
        (name, node.name, length_of(node))
        for name, tree in trees()
        for node in ast.walk(tree)
        if isinstance(node, Function) and length_of(node) > LONGEST_FUNCTION
    ]
    assert too_long == []


def test_no_file_is_named_by_what_it_is_not() -> None:
    folders = {parent for path in sources() for parent in path.relative_to(ROOT).parents}
    named = [path.stem for path in sources()] + [folder.name for folder in folders]
    assert sorted(BANNED_NAMES.intersection(named)) == []


def test_every_module_says_what_it_is_for() -> None:
    assert [name for name, tree in trees() if not ast.get_docstring(tree)] == []


def test_every_public_function_says_what_it_does() -> None:
    found = [(name, called, node) for name, tree in trees() for called, node in public(tree)]
    said_by_a_class = {node.name for _, called, node in found if "." in called and ast.get_docstring(node)}
    silent = [
        f"{name}: {called}"
        for name, called, node in found
        if not ast.get_docstring(node) and not ("." in called and node.name in said_by_a_class)
    ]
    assert silent == []  # a method of many classes is described where it is first promised


def test_only_the_store_begins_and_ends_transactions() -> None:
    elsewhere = {
        name: lines
        for name, tree in trees()
        if name != KNOWS_TRANSACTIONS
        and (lines := calls(tree, ("atomic", "commit", "rollback", "executescript")))
    }
    assert elsewhere == {}


def test_only_one_file_knows_the_driver_of_the_database() -> None:
    drivers = {"sqlite3", "sqlcipher3", "sqlite_utils", "pysqlite3"}
    assert {name for name, tree in trees() if drivers & set(imported(tree))} == {"siposyandu/encryption.py"}


def imported(tree: ast.Module) -> Iterator[str]:
    """The packages that a file imports."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield (node.module or "").split(".")[0]


def test_the_clock_is_read_at_the_edge_alone() -> None:
    readers = {name for name, tree in trees() if calls(tree, ("now", "today", "utcnow")) and clock(tree)}
    assert readers <= READS_THE_CLOCK


def clock(tree: ast.Module) -> bool:
    """Whether a file calls datetime.now, datetime.today or date.today (others have a `now` of their own)."""
    return any(
        isinstance(node, ast.Attribute)
        and node.attr in ("now", "today", "utcnow")
        and isinstance(node.value, ast.Name)
        and node.value.id in ("datetime", "date")
        for node in ast.walk(tree)
    )


def test_no_committed_file_names_a_machine() -> None:
    # Put together here, so that this file does not break its own rule.
    folders = ("/" + "work/", "/" + "root/", "/" + "opt/", "/" + "home/")
    hosts = (
        "pypi" + ".org",
        "files.python" + "hosted.org",
        "registry.npm" + "js.org",
        "proxy.golang" + ".org",
    )
    named = {
        f"{name_of(path)}: {word}"
        for path in committed()
        for word in (*folders, *hosts)
        if re.search(rf"(?<![\w.\-/]){re.escape(word)}", text_of(path))
    }
    assert named == set()


def test_the_readme_names_only_commands_that_there_are() -> None:
    readme = text_of(ROOT / "README.md")
    said = set(re.findall(r"(?m)(?:`|^ {4}|^\$ )(?:\.venv/bin/)?siposyandu ([a-z][a-z-]+)", readme))
    assert sorted(said - set(cli.commands.commands)) == []


def test_the_readme_names_only_make_targets_that_there_are() -> None:
    said = set(re.findall(r"(?m)(?:`|^ {4}|^\$ )make ([a-z][a-z-]+)", text_of(ROOT / "README.md")))
    there = set(re.findall(r"(?m)^([a-z][a-z-]+):", text_of(ROOT / "Makefile")))
    assert sorted(said - there) == []


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The names of the files in the wheel, built from a copy of what is committed, without network."""
    copy, out = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("wheel")
    for path in committed():
        target = copy / path.relative_to(ROOT)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(out)]
    subprocess.run(build, cwd=copy, check=True, capture_output=True)
    with zipfile.ZipFile(next(out.glob("*.whl"))) as opened:
        return opened.namelist()


def test_the_wheel_holds_the_three_packages_and_nothing_else(wheel: list[str]) -> None:
    tops = {name.split("/")[0] for name in wheel}
    assert {top for top in tops if not top.endswith(".dist-info")} == set(PACKAGES)


def test_the_wheel_holds_what_the_program_reads(wheel: list[str]) -> None:
    kinds = {".html", ".css", ".js", ".csv", ".toml", ".lms"}
    read = {
        name_of(path) for path in committed() if path.suffix in kinds and name_of(path).startswith(PACKAGES)
    }
    catalogue = name_of(CATALOGUE.with_suffix(".mo"))
    assert sorted((read | {catalogue}) - set(wheel)) == []


def placeholders(text: str) -> set[str]:
    """The names of the values in a text, {name} and %(name)s alike."""
    try:
        braces = {name for _, name, _, _ in Formatter().parse(text) if name}
    except ValueError:
        braces = set()
    return braces | set(re.findall(r"%\((\w+)\)", text))


def test_no_translation_loses_or_invents_a_value() -> None:
    with CATALOGUE.open("rb") as written:
        catalogue = read_po(written)
    changed = [
        (entry.id, entry.string)
        for entry in catalogue
        if isinstance(entry.id, str) and entry.id and entry.string
        if placeholders(entry.id) != placeholders(str(entry.string))
    ]
    assert changed == []


def test_every_word_for_people_has_its_indonesian() -> None:
    """The last test of a change to pass: `make words` gathers what is new, then somebody who speaks with kader writes it."""
    words = runpy.run_path(str(ROOT / "deploy/words.py"))
    assert words["untranslated"]() == []


def test_a_percent_sign_stands_close_to_its_number_wherever_people_read() -> None:
    """`i18n.percent` puts it behind every number that was worked out; our own sentences write it as that does."""
    read = (CATALOGUE, *sorted((ROOT / "siposyandu/web/templates").glob("*.html")))
    lines = [(name_of(path), line) for path in read for line in text_of(path).splitlines()]
    apart = [(name, line) for name, line in lines if re.search(r"[\d}] %(?!})|number[^}]*\}\}%", _bare(line))]
    by_hand = [name for name, tree in trees() if name.startswith("siposyandu/web/") and _adds_a_percent(tree)]
    assert (apart, by_hand) == ([], [])


def test_no_page_shows_a_day_in_the_order_of_the_browsers_language() -> None:
    """A date field of an American browser shows 3 December as 12/03: `ui.day_field` draws days, `day.believable` reads them."""
    pages = sorted((ROOT / "siposyandu/web/templates").glob("*.html"))
    native = re.compile(r"""type *= *["']?(date|datetime-local|month|week)\b""")
    assert [name_of(page) for page in pages if native.search(text_of(page))] == []


def _bare(line: str) -> str:
    """A line without a template's statements and without the values of a sentence, whose marks are percent signs too."""
    return re.sub(r"\{%.*?%\}|%\(\w+\)s", "", line)


def _adds_a_percent(tree: ast.Module) -> bool:
    """Whether a text is put together of a value and a percent sign right behind it."""
    texts = [node.values for node in ast.walk(tree) if isinstance(node, ast.JoinedStr)]
    return any(
        isinstance(one, ast.FormattedValue)
        and isinstance(other, ast.Constant)
        and re.match(" ?%", str(other.value))
        for values in texts
        for one, other in pairwise(values)
    )
