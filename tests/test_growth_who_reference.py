"""Every z-score equals the one that WHO's own program gives for the same child."""

import csv
from pathlib import Path

import pytest

from siposyandu.growth.standards import Scores, score

WHO_FILE = Path(__file__).parent / "data" / "who_reference" / "zscores_0_60_months.csv"
WHO_NAMES = {
    "waz": "zwei", "haz": "zlen", "whz": "zwfl", "baz": "zbmi",
    "hcz": "zhc", "acz": "zac", "tsz": "zts", "ssz": "zss",
}  # fmt: skip
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
    for our_name, who_name in WHO_NAMES.items():
        flag = getattr(ours, f"{our_name}_flag")
        columns[who_name] = _printed(getattr(ours, our_name))
        columns[f"f{who_name[1:]}"] = "" if flag is None else str(int(flag))
    return columns


with WHO_FILE.open(newline="", encoding="utf-8") as opened:
    WHO_ROWS = list(csv.DictReader(opened))


def test_the_reference_holds_the_children_it_is_said_to_hold() -> None:
    assert len(WHO_ROWS) == 1200


@pytest.mark.parametrize("start", range(0, len(WHO_ROWS), 100))
def test_every_column_of_every_child_equals_who(start: int) -> None:
    rows = WHO_ROWS[start : start + 100]
    ours = [_ours_in_who_names(_scored(row)) for row in rows]
    assert ours == [{name: row[name] for name in mine} for row, mine in zip(rows, ours, strict=True)]
