"""Writes the tables of the README from the code: the map of the house, commands, settings, indicators, jobs.

What a file says of itself in its first line, a command in its help and a setting in its own words is what the README
says too. Run `python deploy/tables.py` after a change; a test refuses a README that says something else.
"""

import ast
import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import MISSING, fields
from pathlib import Path

import click

from siposyandu import indicators, jobs
from siposyandu.cli import commands as program
from siposyandu.config import Config

ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"
PLACE = re.compile(r"(<!-- table of (\w+), by deploy/tables.py -->\n).*?(<!-- end of \2 -->)", re.DOTALL)
Row = Sequence[str]


def modules(package: str) -> Iterator[Path]:
    """Yield the files and folders of a package that a person may open."""
    for path in sorted((ROOT / package).iterdir()):
        if (path.suffix == ".py" and path.name != "__init__.py") or (path / "__init__.py").is_file():
            yield path


def first_line(path: Path) -> str:
    """Return the first line of what a file, or a folder's own file, says of itself."""
    source = path if path.is_file() else path / "__init__.py"
    return (ast.get_docstring(ast.parse(source.read_text("utf-8"))) or "").partition("\n")[0]


def house(package: str) -> str:
    """Return the map of one package."""
    rows = [(f"`{path.name}{'/' * path.is_dir()}`", first_line(path)) for path in modules(package)]
    return table(("file", "what it is"), rows)


def leaves(command: click.Command, name: str) -> Iterator[tuple[str, click.Command]]:
    """Yield each command that does something, with its whole name."""
    if isinstance(command, click.Group):
        if command.invoke_without_command:
            yield name, command
        for part, each in sorted(command.commands.items()):
            yield from leaves(each, f"{name} {part}")
    else:
        yield name, command


def commands() -> str:
    """Return the commands with their options."""
    rows = []
    for name, command in leaves(program, "siposyandu"):
        given = [
            each.make_metavar(click.Context(command))
            for each in command.params
            if isinstance(each, click.Argument)
        ]
        options = [
            f"<br>`{each.opts[0]}` {each.help}" for each in command.params if isinstance(each, click.Option)
        ]
        rows.append((f"`{' '.join((name, *given))}`", " ".join([first_paragraph(command.help), *options])))
    return table(("command", "what it does"), rows)


def first_paragraph(said: str | None) -> str:
    """Return what a help text says first, on one line."""
    return " ".join((said or "").partition("\n\n")[0].split())


def settings() -> str:
    """Return the settings of a place."""
    rows = [(f"`{each.name}`", _usual(each.default), str(each.metadata["help"])) for each in fields(Config)]
    return table(("setting", "unless said otherwise", "what it is"), rows)


def _usual(default: object) -> str:
    """What a setting is when nobody says otherwise, as it is written in siposyandu.toml."""
    if default is MISSING:
        return ""
    return f"`{str(default).lower()}`" if default != "" else "empty"


def counted() -> str:
    """Return the indicators: what is counted out of what."""
    return table(
        ("indicator", "counted", "out of"),
        [(each.TITLE, each.COUNTED, each.OUT_OF) for each in indicators.ALL],
    )


def timetable() -> str:
    """Return what runs by itself."""
    rows = [
        (f"`{name}`", f"{seconds} s", (job.__doc__ or "").partition("\n")[0])
        for name, job, seconds in jobs.ALL
    ]
    return table(("job", "every", "what it does"), rows)


def table(heading: Row, rows: Sequence[Row]) -> str:
    """Return rows as a Markdown table."""
    lines = [heading, ["---"] * len(heading), *rows]
    return "".join(f"| {' | '.join(cell.replace('|', '&#124;') for cell in line)} |\n" for line in lines)


TABLES: Mapping[str, Callable[[], str]] = {
    "siposyandu": lambda: house("siposyandu"),
    "sync": lambda: house("sync"),
    "forms": lambda: house("forms"),
    "commands": commands,
    "settings": settings,
    "indicators": counted,
    "jobs": timetable,
}


def filled(text: str) -> str:
    """Return the README with each of its tables as the code says it now."""
    return PLACE.sub(lambda place: place[1] + TABLES[place[2]]() + place[3], text)


def main() -> int:
    """Write the tables into the README."""
    written = README.read_text("utf-8")
    README.write_text(filled(written), "utf-8")
    print("README.md is as it was" if filled(written) == written else "README.md has new tables")
    return 0


if __name__ == "__main__":
    sys.exit(main())
