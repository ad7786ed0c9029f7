"""A synthetic register with children written twice, of whom it is known who is who. No real person is meant.

Families of Lombok, Sumbawa and Bima (siposyandu/demo) with brothers and sisters, twins, babies without a name, names that
many share, and a NIK here and there borrowed from a brother. Some children are written a second time, as another book or
another kader writes them: each double is of one KIND, and every third of a second kind too,
in another part of the card.

    .venv/bin/python -m tests.twice_world     write the tables of siposyandu/alike/ALIKE.md
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

from siposyandu import names as names_here
from siposyandu.alike import finding
from siposyandu.demo import names
from siposyandu.demo.families import Village

Row = dict[str, Any]
TUNED_ON, HELD_OUT = range(1000, 1020), range(7000, 7040)
DESA = ("5203122002", "5204182003", "5206042001")
TODAY = date(2026, 8, 3)


@dataclass(frozen=True)
class World:
    """Cards as they stand in the table; pair of ids -> the kinds of double it is; ids of children one may mistake."""

    rows: list[Row]
    doubles: Mapping[frozenset[str], tuple[str, ...]]
    kind_of: Mapping[frozenset[str], str]


def drawn(seed: int, families: int, share: float = 0.12) -> World:
    """Draw a register of so many families, with this share of its children written twice."""
    chance = Random(seed)
    village = Village.at(chance, chance.choice(DESA))
    rows: list[Row] = []
    hard: dict[frozenset[str], str] = {}
    for _ in range(families):
        for kind, pair in _family(chance, village, rows, families):
            hard[pair] = kind
    doubles: dict[frozenset[str], tuple[str, ...]] = {}
    for row in chance.sample(rows, round(len(rows) * share)):
        again, kinds = _written_again(chance, village, row, len(rows))
        rows.append(again)
        doubles[frozenset((row["id"], again["id"]))] = kinds
    chance.shuffle(rows)
    return World(rows, doubles, hard)


def _family(
    chance: Random, village: Village, rows: list[Row], families: int
) -> Iterator[tuple[str, frozenset[str]]]:
    noble = chance.random() < village.people.share_of_nobles
    mother, father = (
        names.mother(chance, village.people, noble=noble),
        names.father(chance, village.people, noble=noble),
    )
    if len(mother.split()) == 1 and chance.random() < 0.5:  # many are called by two names
        mother += " " + chance.choice(names.GIRL_GIVEN + village.people.mothers)
    shared = {
        "mother_name": mother if chance.random() < 0.95 else None,
        "father_name": father if chance.random() < 0.6 else None,
        "mother_nik": village.nik(chance, "f", date(1995, 1, 1) + timedelta(chance.randrange(4000)))
        if chance.random() < 0.5
        else None,
        "dusun": chance.choice(village.people.dusun[: 4 if families < 500 else 10])
        + chance.choice(("", " Timuk", " Bat", " Lauk", " Daye") if families >= 500 else ("",)),
    }
    born = TODAY - timedelta(chance.randrange(30, 1700))
    first = _child(chance, village, rows, shared, noble, born, 1)
    drawn_of = chance.random()
    if drawn_of < 0.04:
        twin = _child(chance, village, rows, shared, noble, born, 2, sex=chance.choice("mf"), twin_of=first)
        yield "twins", frozenset((first["id"], twin["id"]))
    elif drawn_of < 0.20:
        younger = _child(
            chance, village, rows, shared, noble, born - timedelta(chance.randrange(400, 1200)), 2
        )
        if first["nik"] and chance.random() < 0.15:
            younger["nik"] = first["nik"]
            yield "NIK borrowed from a brother or sister", frozenset((first["id"], younger["id"]))
        else:
            yield "brothers and sisters", frozenset((first["id"], younger["id"]))


def _child(
    chance: Random, village: Village, rows: list[Row], shared: Row, noble: bool, born: date, order: int,
    *, sex: str = "", twin_of: Row | None = None,
) -> Row:  # fmt: skip
    sex = sex or chance.choice("mf")
    young = (TODAY - born).days < 90 and chance.random() < 0.6 and shared["mother_name"]
    if twin_of is not None and twin_of["name"].startswith("By."):
        twin_of["name"] += " 1"
        name = names.newborn(shared["mother_name"], 2)
    else:
        name = (
            names.newborn(shared["mother_name"])
            if young
            else names.child(chance, village.people, sex, noble=noble)
        )
    if name in {row["name"] for row in rows[-2:]}:  # nobody calls two of her children the same
        name = names.child(chance, village.people, sex, noble=noble)
    row = {
        "id": f"{len(rows):032x}", "name": name, "sex": sex, "birth_date": born.isoformat(), **shared,
        "nik": village.nik(chance, sex, born) if chance.random() < 0.6 and not young else None,
        "birth_order": order if chance.random() < 0.5 or twin_of is not None else None,
    }  # fmt: skip
    rows.append(row)
    return row


# How a child is written the second time. Each takes the new card and changes it; False where it cannot be done to her.
Change = Callable[[Random, Row], bool]


def _other_spelling(word: str, chance: Random) -> str:
    written = {key: forms for key, forms in names_here.WRITTEN.items() if forms}
    bare = word.lower().strip(".")
    for known, forms in written.items():
        if bare == known or bare in forms:
            return chance.choice([form for form in (known, *forms) if form != bare]).capitalize()
    for here, there in _HABITS:
        if here in bare:
            return bare.replace(here, there, 1).capitalize()
    return word


_HABITS = (
    ("sy", "s"), ("kh", "h"), ("z", "j"), ("f", "p"), ("q", "k"), ("v", "f"), ("y", "i"), ("dz", "z"), ("oe", "u"),
    ("ai", "ae"), ("j", "dj"), ("u", "oe"), ("k", "q"), ("p", "f"),
)  # fmt: skip


def _spelled(chance: Random, row: Row, column: str = "name") -> bool:
    before = row[column] or ""
    row[column] = " ".join(_other_spelling(word, chance) for word in before.split())
    return bool(before) and row[column] != before and not before.startswith("By.")


def _letter_wrong(chance: Random, row: Row, column: str = "name") -> bool:
    words = (row[column] or "").split()
    long = [at for at, word in enumerate(words) if len(word) >= 5]
    if not long or (row[column] or "").startswith("By."):
        return False
    at = chance.choice(long)
    place, word = chance.randrange(1, len(words[at]) - 1), words[at]
    words[at] = chance.choice((
        word[:place] + word[place + 1 :],
        word[:place] + chance.choice("aiuenrtl") + word[place + 1 :],
        word[:place] + word[place + 1] + word[place] + word[place + 2 :],
        word[:place] + chance.choice("aiuenrtl") + word[place:],
    ))  # fmt: skip
    row[column] = " ".join(words)
    return words[at] != word


def _title_left_out(chance: Random, row: Row) -> bool:
    words = row["name"].split()
    titled = names_here.key(words[0].lower().strip(".")) in names_here.TITLE_KEYS and len(words) > 1
    row["name"] = " ".join(words[1:])
    return titled and not row["name"].startswith("Ny.")


def _word_left_out(chance: Random, row: Row) -> bool:
    words = row["name"].split()
    row["name"] = words[0] if chance.random() < 0.3 and len(words[0]) > 3 else words[-1]
    return len(words) > 1 and words[0] != "By."


def _word_more(chance: Random, row: Row) -> bool:
    row["name"] += " " + chance.choice(names.BOY_GIVEN if row["sex"] == "m" else names.GIRL_GIVEN)
    return not row["name"].startswith("By.")


def _unnamed_once(chance: Random, row: Row) -> bool:
    if not row["mother_name"] or row["name"].startswith("By."):
        return False
    row["name"], row["nik"] = names.newborn(row["mother_name"]), None
    return True


def _moved_day(chance: Random, row: Row) -> bool:
    born = date.fromisoformat(row["birth_date"])
    row["birth_date"] = (born + timedelta(chance.choice((-1, 1)))).isoformat()
    return row["birth_date"] <= TODAY.isoformat()


def _replaced(**parts: Callable[[date], int]) -> Change:
    def change(chance: Random, row: Row) -> bool:
        born = date.fromisoformat(row["birth_date"])
        try:
            other = born.replace(**{name: part(born) for name, part in parts.items()})
        except ValueError:
            return False
        row["birth_date"] = other.isoformat()
        return other != born and other <= TODAY

    return change  # fmt: skip


def _nik_digit(chance: Random, row: Row) -> bool:
    if not row["nik"]:
        return False
    at = chance.randrange(6, 16)
    row["nik"] = (
        row["nik"][:at] + str((int(row["nik"][at]) + chance.randrange(1, 10)) % 10) + row["nik"][at + 1 :]
    )
    return True


def _nik_missing(chance: Random, row: Row) -> bool:
    had, row["nik"] = row["nik"], None
    return bool(had)


def _mother_missing(chance: Random, row: Row) -> bool:
    had, row["mother_name"], row["mother_nik"] = row["mother_name"], None, None
    return bool(had) and not row["name"].startswith("By.")


def _mother_of(chance: Random, row: Row) -> bool:
    had, row["mother_name"] = row["mother_name"], f"Inaq {row['name'].split()[-1]}"
    return bool(had) and not row["name"].startswith("By.")


def _other_sex(chance: Random, row: Row) -> bool:
    row["sex"] = "m" if row["sex"] == "f" else "f"
    return not row["name"].startswith("By.")


def _plain(chance: Random, row: Row) -> bool:
    return True


KINDS: Mapping[str, Change] = {
    "written the same": _plain,
    "spelled another way": _spelled,
    "a letter wrong in the name": _letter_wrong,
    "title left out": _title_left_out,
    "part of the name": _word_left_out,
    "a name more": _word_more,
    "By. Ny. before she had a name": _unnamed_once,
    "birth date a day off": _moved_day,
    "birth date a month off": _replaced(month=lambda born: born.month % 12 + 1),
    "birth date a year off": _replaced(year=lambda born: born.year - 1),
    "day and month swapped": _replaced(month=lambda born: born.day, day=lambda born: born.month),
    "mother spelled another way": lambda chance, row: _spelled(chance, row, "mother_name"),
    "a letter wrong in the mother's name": lambda chance, row: _letter_wrong(chance, row, "mother_name"),
    "mother's name missing": _mother_missing,
    "mother as Inaq and the child": _mother_of,
    "NIK missing": _nik_missing,
    "a digit of the NIK wrong": _nik_digit,
    "the other sex": _other_sex,
}
SECOND = tuple(kind for kind in KINDS if kind not in ("written the same", "By. Ny. before she had a name"))
PARTS = ("birth date", "mother", "NIK", "sex")


def _part(kind: str) -> str:
    return next((part for part in PARTS if part in kind.replace("day and month", "birth date")), "name")


def _written_again(chance: Random, village: Village, row: Row, number: int) -> tuple[Row, tuple[str, ...]]:
    """Write a child once more: what another book leaves out is left out, then one or two changes."""
    again = {**row, "id": f"{number:032x}"}
    for column, share in (
        ("father_name", 0.4),
        ("mother_nik", 0.4),
        ("birth_order", 0.4),
        ("dusun", 0.2),
        ("nik", 0.2),
    ):
        if chance.random() < share:
            again[column] = None
    wanted = 2 if chance.random() < 0.33 else 1
    kinds: list[str] = []
    for _ in range(60):  # some children can be changed in one way only
        if len(kinds) == wanted:
            break
        kind = chance.choice(SECOND if kinds else tuple(KINDS))
        changed = dict(again)
        if _part(kind) not in map(_part, kinds) and KINDS[kind](chance, changed):
            again, kinds = changed, [*kinds, kind]
    return again, tuple(kinds or ["written the same"])


@dataclass
class Measured:
    """How many doubles there were and were found, by kind; what was asked for nothing, by what it really was."""

    there: Counter[str]
    found: Counter[str]
    wrong: Counter[str]
    hard: Counter[str]

    @property
    def recall(self) -> float:
        """Of all doubles, the share found."""
        return self.found["all"] / self.there["all"]

    @property
    def precision(self) -> float:
        """Of all pairs shown, the share that are doubles."""
        return self.found["all"] / (self.found["all"] + self.wrong["all"])


def measured(seeds: range, families: int) -> Measured:
    """Look for doubles in a register of each seed and compare with what is known."""
    there, found, wrong, hard = Counter[str](), Counter[str](), Counter[str](), Counter[str]()
    for seed in seeds:
        world = drawn(seed, families)
        shown = {frozenset((pair.one["id"], pair.other["id"])) for pair in finding.pairs(world.rows)}
        for pair, kinds in world.doubles.items():
            for name in ("all", "one change" if len(kinds) == 1 else "two changes", *kinds):
                there[name] += 1
                found[name] += pair in shown
        hard.update(world.kind_of.values())
        for pair in shown - world.doubles.keys():
            wrong.update(("all", world.kind_of.get(pair, "strangers")))
    return Measured(there, found, wrong, hard)


def table() -> str:
    """The tables of ALIKE.md."""
    post, area = measured(HELD_OUT, 160), measured(range(7100, 7103), 2450)
    both = Measured(
        *(one + other for one, other in zip(vars(post).values(), vars(area).values(), strict=True))
    )
    lines = ["| register | doubles | found | precision | recall |", "|---|---|---|---|---|"]
    for name, each in (("a posyandu, 40 seeds", post), ("a puskesmas' area, 3 seeds", area)):
        lines.append(
            f"| {name} | {each.there['all']} | {each.found['all']} | {each.precision:.3f} | {each.recall:.3f} |"
        )
    lines += ["", "| how she is written the second time | doubles | found, % |", "|---|---|---|"]
    for kind in (*KINDS, "one change", "two changes"):
        lines.append(f"| {kind} | {both.there[kind]} | {_percent(both.found[kind], both.there[kind])} |")
    lines += ["", "| two children | pairs | asked about |", "|---|---|---|"]
    for kind in ("twins", "brothers and sisters", "NIK borrowed from a brother or sister", "strangers"):
        pairs = "" if kind == "strangers" else str(both.hard[kind])
        lines.append(f"| {kind} | {pairs} | {both.wrong[kind]} |")
    return "\n".join(lines)


def _percent(part: int, of: int) -> str:
    return f"{100 * part / of:.1f}" if of else ""


if __name__ == "__main__":
    page = Path("siposyandu/alike/ALIKE.md")
    before, _, rest = page.read_text().partition("<!-- tables -->\n")
    after = rest.partition("<!-- end of tables -->")[2]
    page.write_text(f"{before}<!-- tables -->\n{table()}\n<!-- end of tables -->{after}")
