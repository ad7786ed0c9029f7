"""`siposyandu prevalence`: WHO's own table from WHO's own survey, by both paths, and files as people have them."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest
from click.testing import CliRunner

from siposyandu.cli import commands
from siposyandu.growth.csv_file import opened_csv
from siposyandu.growth.errors import BadGroup, NegativeWeight, UnreadableFile, UnwritableFile
from siposyandu.growth.survey_table import Line
from siposyandu.i18n import speak
from siposyandu.prevalence import (
    READ,
    SIMPLE,
    TOO_OLD,
    UNPLACED,
    WEIGHTLESS,
    Design,
    Survey,
    compute,
    compute_plainly,
    prevalence_file,
    read_survey,
)
from tests.surveys import WHO_FOLDER, WHO_TABLES, read_table

SURVEY_FILE = WHO_FOLDER / "survey_input.csv"
DESIGNED = Design("weight_survey", "cluster", "strata")
DESIGNS = {"simple": SIMPLE, "designed": DESIGNED}
ESTIMATE_TOLERANCE = 1e-9
LIMIT_TOLERANCE = 1e-6  # WHO's program iterates its limits to about 5e-7 percentage points
SAME = 1e-12

Path_ = Callable[[Survey, Design], list[Line]]


@pytest.fixture(autouse=True)
def _english() -> None:
    speak("en")


@pytest.fixture(params=[compute, compute_plainly], ids=["server", "laptop"])
def path(request: pytest.FixtureRequest) -> Path_:
    found: Path_ = request.param
    return found


def surveyed(file: Path, design: Design) -> Survey:
    with opened_csv(file, READ) as source:
        return read_survey(source, file, design, lambda rows: None)


@pytest.mark.parametrize("design", DESIGNS)
def test_every_number_of_the_table_equals_who(path: Path_, design: str) -> None:
    ours = path(surveyed(SURVEY_FILE, DESIGNS[design]), DESIGNS[design])
    who = read_table(WHO_FOLDER / WHO_TABLES[design])
    assert [list(line) for line in ours] == [list(line) for line in who]
    for line, their in zip(ours, who, strict=True):
        for name, value in line.items():
            tolerance = LIMIT_TOLERANCE if name.endswith(("_ll", "_ul")) else ESTIMATE_TOLERANCE
            wanted = their[name] if name == "Group" else float(their[name])
            assert value == (wanted if name == "Group" else pytest.approx(wanted, abs=tolerance)), (
                their["Group"],
                name,
            )


def test_both_paths_give_the_same_table_with_groups_and_a_design() -> None:
    design = DESIGNED._replace(groups=(("Area", "strata"), ("Team", "cluster")))
    survey = surveyed(SURVEY_FILE, design)
    server, laptop = compute(survey, design), compute_plainly(survey, design)
    assert [line["Group"] for line in server][21:26] == [
        "Area: 1",
        "Area: 2",
        "Area: 3",
        "Team: 11",
        "Team: 12",
    ]
    for one, other in zip(server, laptop, strict=True):
        assert one.pop("Group") == other.pop("Group")
        assert one == pytest.approx(other, rel=SAME, abs=SAME)


@pytest.mark.parametrize("missing", ["numpy", "duckdb"])
def test_without_the_server_extra_the_laptop_s_way_is_taken(
    missing: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    survey = surveyed(SURVEY_FILE, DESIGNED)
    monkeypatch.setitem(sys.modules, missing, None)
    assert compute(survey, DESIGNED) == compute_plainly(survey, DESIGNED)


def test_the_laptop_s_way_loads_neither_numpy_nor_duckdb() -> None:
    look = "import sys, siposyandu.prevalence; print([name for name in ('numpy', 'duckdb') if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_written_table_is_who_s_file_cell_by_cell(tmp_path: Path) -> None:
    prevalence_file(SURVEY_FILE, tmp_path / "out.csv", DESIGNED)
    ours, who = read_table(tmp_path / "out.csv"), read_table(WHO_FOLDER / WHO_TABLES["designed"])
    apart = [
        (line["Group"], name, value, their[name])
        for line, their in zip(ours, who, strict=True)
        for name, value in line.items()
        if name != "Group" and abs(float(value) - float(their[name])) > LIMIT_TOLERANCE
    ]
    assert (list(ours[0]), apart) == (list(who[0]), [])


HEADER = "sex,age_days,weight_kg,length_height_cm,oedema,w,c,s"


class Files:
    """A folder with a survey and its table."""

    def __init__(self, folder: Path) -> None:
        self.given, self.written = folder / "in.csv", folder / "out.csv"

    def take(self, content: str, design: Design = SIMPLE) -> Survey:
        self.given.write_text(content, encoding="utf-8")
        return prevalence_file(self.given, self.written, design)

    def line(self, content: str, design: Design = SIMPLE, group: str = "All") -> dict[str, str]:
        self.take(content, design)
        return next(line for line in read_table(self.written) if line["Group"] == group)


@pytest.fixture
def files(tmp_path: Path) -> Files:
    return Files(tmp_path)


def test_rows_left_out_are_told_with_their_reason(files: Files) -> None:
    survey = files.take(
        f"{HEADER}\nf,459,9.78,73,n,1,a,1\nf,1827,16,100,n,1,a,1\nf,459,9.78,73,n,1,,1\nf,459,9.78,73,n,1,a,NA\n"
        "x,459,9.78,73,n,1,a,1\nf,-3,9.78,73,n,1,a,1\nf,459,0,73,n,1,a,1\nf,459,9.78,73,n,,b,1\nf,459,9,78,73,n,1,a,1\n",
        Design("w", "c", "s"),
    )
    assert (len(survey.children), dict(survey.noted), survey.unreadable) == (
        2,
        {TOO_OLD: 1, UNPLACED: 2, WEIGHTLESS: 1},
        [
            '5: sex "x" cannot be read: write m or f.',
            "6: The visit lies before the birth: -3 days.",
            "7: weight_kg must be more than 0, not 0.",
            "9: More cells than columns: is a decimal comma not in quotes?",
        ],
    )


def test_a_child_of_exactly_60_months_does_not_count_even_with_oedema(files: Files) -> None:
    # WHO's program counts a child of 60.00 to 60.009 months with oedema.
    line = files.line("sex,age_days,weight_kg,oedema\nf,1826.3,,y\nf,1826,,y\n")
    assert (line["WAZ_unwpop"], line["WA_3_r"]) == ("1", "100")


def test_oedema_is_read_as_people_write_it(files: Files) -> None:
    # WHO's program stops at "Y" and at a blank.
    line = files.line(
        "sex,age_days,weight_kg,oedema\nf,459,9.78,Y\nf,459,9.78,\nf,459,9.78,ya\nf,459,9.78,n\n"
    )
    assert (line["WA_3_r"], line["WAZ_unwpop"]) == ("50", "4")


def test_months_are_read_where_asked(files: Files) -> None:
    line = files.line(
        "sex,age_months,weight_kg\nf,15.08,9.78\nf,60,16\n", Design(age="months"), "Age group: 12-23 mo"
    )
    assert (line["WAZ_unwpop"], line["WA_r"]) == ("1", "0.14")


def test_completed_months_are_scored_as_on_paper(files: Files) -> None:
    line = files.line("sex,age_months,weight_kg\nm,1.97,4.4709\n", Design(age="completed-months"))
    assert line["WA_r"] == "0"


def test_a_spreadsheet_file_keeps_its_delimiter_and_decimal_comma(files: Files) -> None:
    files.take("sex;age_days;weight_kg;length_height_cm\nf;459;9,78;73,1\nf;459;9,5;73\nf;459;9;73\n")
    head, all_children = files.written.read_text().splitlines()[:2]
    assert (head[:17], all_children.split(";")[32:34]) == ("Group;HAZ_pop;HAZ", ["3", "3"])
    assert "." not in all_children


def test_the_order_of_rows_does_not_matter_to_the_file(files: Files) -> None:
    head, *rows = SURVEY_FILE.read_text().splitlines()
    Random(5).shuffle(rows)
    files.take("\n".join((head, *rows)), DESIGNED)
    prevalence_file(SURVEY_FILE, files.given, DESIGNED)
    for one, other in zip(read_table(files.given), read_table(files.written), strict=True):
        assert one.pop("Group") == other.pop("Group")
        ours, shuffled = ({name: float(value) for name, value in line.items()} for line in (one, other))
        assert ours == pytest.approx(shuffled, rel=1e-11, abs=1e-11)


@pytest.mark.parametrize(
    ("design", "error", "sentence"),
    [
        (Design(weight="nope"), UnreadableFile, "The file in.csv has no column nope, or has it twice."),
        (Design(weight="w"), NegativeWeight, "The survey weight w of a child is -1: it cannot be negative."),
        (Design(groups=(("Sex", "s"),)), BadGroup, 'The group label "Sex" is taken: choose another.'),
        (Design(groups=(("A", "s"), ("A", "c"))), BadGroup, 'The group label "A" is taken: choose another.'),
        (Design(age="months"), UnreadableFile, "The file in.csv has no column age_months."),
    ],
)
def test_what_cannot_be_computed_is_refused_and_nothing_is_written(
    files: Files, design: Design, error: type[Exception], sentence: str
) -> None:
    with pytest.raises(error) as refused:
        files.take(f"{HEADER}\nf,459,9.78,73,n,-1,a,1\n", design)
    assert (str(refused.value), files.written.exists()) == (sentence, False)


def test_an_impossible_place_to_write_is_refused(files: Files) -> None:
    files.take(f"{HEADER}\n")
    with pytest.raises(UnwritableFile):
        prevalence_file(files.given, files.given.parent / "nowhere" / "out.csv")


def test_a_survey_without_rows_is_a_table_of_zeros(files: Files) -> None:
    assert files.line(f"{HEADER}\n")["HAZ_unwpop"] == "0"


def test_the_command_takes_the_design_and_tells_what_it_left_out(files: Files) -> None:
    files.given.write_text(f"{HEADER}\nf,459,9.78,73,n,,a,1\nm,2000,9,90,n,1,b,2\nf,?,9,73,n,1,a,1\n")
    asked = ["--weight", "W", "--cluster", "c", "--strata", " s ", "--group", "Area = S"]
    done = CliRunner().invoke(commands, ["prevalence", str(files.given), str(files.written), *asked])
    assert (done.exit_code, done.stderr.strip().splitlines()) == (
        0,
        [
            f"1 children counted into {files.written}",
            "1 of them have survey weight 0 or none",
            "1 rows left out: 60 months or older",
            "1 rows left out, by row number:",
            '  3: age_days "?" cannot be read: write a number such as 7.8.',
        ],
    )
    assert [line["Group"] for line in read_table(files.written)][21:] == ["Area: 1"]


@pytest.mark.parametrize("group", ["Area", "=s", "Area="])
def test_a_group_without_label_or_column_is_misuse(files: Files, group: str) -> None:
    done = CliRunner().invoke(commands, ["prevalence", "in.csv", "out.csv", "--group", group])
    assert (done.exit_code, f"write LABEL=COL, not {group}" in done.stderr) == (2, True)
