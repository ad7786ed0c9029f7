"""Every z-score equals the one that WHO's own program gives for the same child."""

import csv
from pathlib import Path

import pytest

from siposyandu.growth import school_age
from siposyandu.growth.standards import Scores, score

WHO_FOLDER = Path(__file__).parent / "data" / "who_reference"
WHO_NAMES = {
    "waz": "zwei", "haz": "zlen", "whz": "zwfl", "baz": "zbmi",
    "hcz": "zhc", "acz": "zac", "tsz": "zts", "ssz": "zss",
}  # fmt: skip
SCHOOL_NAMES = {"waz": "zwfa", "haz": "zhfa", "baz": "zbfa"}
POSITIONS = {"l": "lying", "h": "standing", "": None}
PRINTED_DIGITS = 15  # WHO's file prints length and BMI with fifteen digits


def _number(text: str) -> float | None:
    return float(text) if text else None


def _scored(row: dict[str, str]) -> Scores:
    return score(
        sex=row["sex"], age_days=int(row["age_days"]), weight_kg=_number(row["weight_kg"]),
        length_height_cm=_number(row["length_height_cm"]), measured=POSITIONS[row["measured"]],
        head_circumference_cm=_number(row["head_circumference_cm"]), muac_cm=_number(row["muac_cm"]),
        triceps_mm=_number(row["triceps_mm"]), subscapular_mm=_number(row["subscapular_mm"]),
        oedema=row["oedema"] == "y",
    )  # fmt: skip


def _printed(value: float | None) -> str:
    return "" if value is None else f"{value:.{PRINTED_DIGITS}g}"


def _ours_in_who_names(ours: Scores) -> dict[str, str]:
    position = {value: key for key, value in POSITIONS.items()}[ours.measured_used]
    columns = {"clenhei": _printed(ours.length_used_cm), "cbmi": _printed(ours.bmi),
               "cmeasure": position, "c9mo_flag": str(int(ours.position_refused))}  # fmt: skip
    return columns | _z_and_flags(ours, WHO_NAMES)


def _z_and_flags(ours: Scores, names: dict[str, str]) -> dict[str, str]:
    columns = {}
    for our_name, who_name in names.items():
        flag = getattr(ours, f"{our_name}_flag")
        columns[who_name] = _printed(getattr(ours, our_name))
        columns[f"f{who_name[1:]}"] = "" if flag is None else str(int(flag))
    return columns


def _school_child(row: dict[str, str]) -> dict[str, str]:
    ours = school_age.score(
        sex=row["sex"], age_months=_number(row["age_months"]), weight_kg=_number(row["weight_kg"]),
        height_cm=_number(row["height_cm"]), oedema=row["oedema"] == "y",
    )  # fmt: skip
    return {"cbmi": _printed(ours.bmi)} | _z_and_flags(ours, SCHOOL_NAMES)


def _rows(name: str) -> list[dict[str, str]]:
    with (WHO_FOLDER / name).open(newline="", encoding="utf-8") as opened:
        return list(csv.DictReader(opened))


WHO_ROWS, SCHOOL_ROWS = _rows("zscores_0_60_months.csv"), _rows("zscores_5_19_years.csv")


def test_the_reference_holds_the_children_it_is_said_to_hold() -> None:
    assert (len(WHO_ROWS), len(SCHOOL_ROWS)) == (1200, 400)


@pytest.mark.parametrize("start", range(0, len(WHO_ROWS), 100))
def test_every_column_of_every_child_equals_who(start: int) -> None:
    rows = WHO_ROWS[start : start + 100]
    ours = [_ours_in_who_names(_scored(row)) for row in rows]
    assert ours == [{name: row[name] for name in mine} for row, mine in zip(rows, ours, strict=True)]


@pytest.mark.parametrize("start", range(0, len(SCHOOL_ROWS), 100))
def test_every_column_of_every_child_from_5_to_19_years_equals_who(start: int) -> None:
    rows = SCHOOL_ROWS[start : start + 100]
    ours = [_school_child(row) for row in rows]
    assert ours == [{name: row[name] for name in mine} for row, mine in zip(rows, ours, strict=True)]
