"""Scoring a file as people have it: nothing of theirs is lost, and a bad row does not stop the good ones."""

import csv
from pathlib import Path

import pytest
from click.testing import CliRunner

from siposyandu.cli import commands
from siposyandu.growth.errors import UnreadableFile, UnwritableFile
from siposyandu.growth.joined import WHO_2006, WHO_2007
from siposyandu.i18n import speak
from siposyandu.score import ADDED, BY_DAYS, Reading, ScoreReport, score_file

WHO_FOLDER = Path(__file__).parent / "data" / "who_reference"
WHO_FILE, SCHOOL_FILE = WHO_FOLDER / "zscores_0_60_months.csv", WHO_FOLDER / "zscores_5_19_years.csv"
WHO_NAMES = {
    "length_used_cm": "clenhei", "bmi": "cbmi", "waz": "zwei", "haz": "zlen", "whz": "zwfl", "baz": "zbmi",
    "hcz": "zhc", "acz": "zac", "tsz": "zts", "ssz": "zss", "waz_flag": "fwei", "haz_flag": "flen",
    "whz_flag": "fwfl", "baz_flag": "fbmi", "hcz_flag": "fhc", "acz_flag": "fac", "tsz_flag": "fts", "ssz_flag": "fss",
}  # fmt: skip
SCHOOL_NAMES = {
    "bmi": "cbmi", "waz": "zwfa", "haz": "zhfa", "baz": "zbfa", "waz_flag": "fwfa", "haz_flag": "fhfa", "baz_flag": "fbfa",
}  # fmt: skip
BY_DAYS_2006 = '"WHO 2006 by days, anthro 1.1"'
ADDED_HEADER = (
    "length_used_cm,bmi,waz,haz,whz,baz,hcz,acz,tsz,ssz,"
    "waz_flag,haz_flag,whz_flag,baz_flag,hcz_flag,acz_flag,tsz_flag,ssz_flag,standard,error"
)


def _number(text: str) -> float | None:
    return float(text) if text else None


@pytest.fixture(autouse=True)
def _english() -> None:
    speak("en")


class Files:
    """A folder with the file to score and the file of scores."""

    def __init__(self, folder: Path) -> None:
        self.given, self.scored = folder / "in.csv", folder / "out.csv"

    def score(self, content: str | bytes, reading: Reading = BY_DAYS) -> ScoreReport:
        self.given.write_bytes(content.encode() if isinstance(content, str) else content)
        return score_file(self.given, self.scored, reading=reading)

    def rows(
        self, content: str | bytes, delimiter: str = ",", reading: Reading = BY_DAYS
    ) -> list[dict[str, str]]:
        self.score(content, reading)
        with self.scored.open(newline="", encoding="utf-8-sig", errors="surrogateescape") as opened:
            return list(csv.DictReader(opened, delimiter=delimiter))

    def errors(self, content: str | bytes) -> list[str]:
        return [row["error"] for row in self.rows(content)]


@pytest.fixture
def files(tmp_path: Path) -> Files:
    return Files(tmp_path)


def test_every_score_in_the_file_equals_who(files: Files) -> None:
    rows = files.rows(WHO_FILE.read_bytes(), reading=Reading(reference=WHO_2006))
    pairs = [(row[ours], row[who]) for row in rows for ours, who in WHO_NAMES.items()]
    different = [pair for pair in pairs if _number(pair[0]) != _number(pair[1])]
    assert (len(rows), different) == (1200, [])


def test_every_score_from_5_to_19_years_equals_who(files: Files) -> None:
    rows = files.rows(SCHOOL_FILE.read_bytes(), reading=Reading("months", WHO_2007))
    pairs = [(row[ours], row[who]) for row in rows for ours, who in SCHOOL_NAMES.items()]
    different = [pair for pair in pairs if _number(pair[0]) != _number(pair[1])]
    assert (len(rows), different, {row["error"] for row in rows}) == (400, [], {""})


def test_the_child_s_own_age_chooses_the_reference(files: Files) -> None:
    rows = files.rows("sex,age_days,length_height_cm\nm,1826,109.5\nm,1827,109.5\n")
    assert [(row["haz"], row["standard"]) for row in rows] == [
        ("-0.10", "WHO 2006 by days, anthro 1.1"),
        ("-0.05", "WHO 2007 by months, anthroplus 1.0"),
    ]


def test_one_reference_alone_leaves_the_other_ages_blank(files: Files) -> None:
    content = "sex,age_days,length_height_cm\nm,1826,109.5\nm,1827,109.5\n"
    found = {
        name: [row["haz"] for row in files.rows(content, reading=Reading(reference=name))]
        for name in (WHO_2006, WHO_2007)
    }
    assert found == {WHO_2006: ["-0.10", ""], WHO_2007: ["", "-0.05"]}


def test_completed_months_read_the_row_of_the_paper_table_and_say_so(files: Files) -> None:
    ages = ("m,,2026-01-31,2026-03-30,", "m,59,,,", "m,,,,1.97")
    content = "\n".join(
        ("sex,age_days,birth_date,visit_date,age_months,weight_kg", *(f"{age},4.4709" for age in ages))
    )
    rows = files.rows(content, reading=Reading("completed-months"))
    assert [(row["waz"], row["standard"]) for row in rows] == [
        ("0.00", "WHO 2006 by completed months, anthro 1.1")
    ] * 3


def test_months_are_read_from_their_own_column_only(files: Files) -> None:
    content = "sex,age_days,age_months,weight_kg\nf,10,15.08,9.78\nf,459,,9.78\nf,459,-1,9.78\n"
    rows = files.rows(content, reading=Reading("months"))
    assert [(row["waz"], row["error"]) for row in rows] == [
        ("0.14", ""), ("", ""), ("", "The visit lies before the birth: -1 months."),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("header", "age", "sentence"),
    [
        ("sex,age_months", "days", "The file in.csv has ages in months only: add --age months."),
        ("sex,age_days", "months", "The file in.csv has no column age_months."),
    ],
)
def test_ages_in_another_unit_than_asked_are_refused(
    files: Files, header: str, age: str, sentence: str
) -> None:
    with pytest.raises(UnreadableFile) as refused:
        files.score(f"{header}\nm,12\n", Reading(age))
    assert str(refused.value) == sentence


def test_heights_of_a_school_s_list_are_read(files: Files) -> None:
    rows = files.rows("sex,age_months,height_cm\nm,60,109.7265\n", reading=Reading("months"))
    assert [(row["haz"], row["error"]) for row in rows] == [("0.00", "")]


def test_a_standard_column_name_goes_before_another_name_for_it(files: Files) -> None:
    rows = files.rows("sex,age_days,height_cm,length_height_cm\nf,459,1,73\n")
    assert [(row["height_cm"], row["length_used_cm"]) for row in rows] == [("1", "73")]


def test_the_whole_file_as_it_is_written(files: Files) -> None:
    files.score(
        "row_id,sex,age_days,weight_kg,length_height_cm,measured,oedema\n"
        "1,f,459,9.78,73,h,n\n"
        "2,m,-3,3.1,50,l,n\n"
        "3,m,214,6.13,70.5,h,\n"
    )
    assert files.scored.read_text() == (
        f"row_id,sex,age_days,weight_kg,length_height_cm,measured,oedema,{ADDED_HEADER}\n"
        f"1,f,459,9.78,73,h,n,73.7,18.0054458188888,0.14,-1.42,1.02,1.32,,,,,0,0,0,0,,,,,{BY_DAYS_2006},\n"
        "2,m,-3,3.1,50,l,n,,,,,,,,,,,,,,,,,,,,The visit lies before the birth: -3 days.\n"
        f"3,m,214,6.13,70.5,h,,70.5,12.3333836326141,-2.74,0.59,-4.13,-4.19,,,,,0,0,0,0,,,,,{BY_DAYS_2006},\n"
    )


def test_the_report_counts_rows_and_errors_and_names_absent_columns(files: Files) -> None:
    report = files.score("row_id,sex,age_days,weight_kg,muac_cm\n1,f,459,9.78,14\n2,x,459,9.78,14\n")
    absent = ("birth_date", "visit_date", "age_months", "length_height_cm", "head_circumference_cm",
              "triceps_mm", "subscapular_mm", "measured", "oedema")  # fmt: skip
    assert report == ScoreReport(2, 1, absent)


def test_unknown_columns_pass_through_in_their_place(files: Files) -> None:
    files.score('nama,sex,"desa, dusun",age_days,weight_kg\n"Citra ""Ci""",f,"Lenek, Barat",459,9.78\n')
    head, row = files.scored.read_text().splitlines()
    assert head == f'nama,sex,"desa, dusun",age_days,weight_kg,{ADDED_HEADER}'
    assert row.startswith('"Citra ""Ci""",f,"Lenek, Barat",459,9.78,,,0.14,')


def test_a_line_break_inside_quotes_stays(files: Files) -> None:
    rows = files.rows('note,sex,age_days,weight_kg\n"sick,\ncame late",f,459,9.78\n')
    assert [(row["note"], row["waz"]) for row in rows] == [("sick,\ncame late", "0.14")]


def test_a_spreadsheet_file_keeps_its_mark_delimiter_line_ends_and_decimal_comma(files: Files) -> None:
    files.score("﻿row_id;sex;age_days;weight_kg;length_height_cm;measured\r\n1;f;459;9,78;73;h\r\n")
    assert files.scored.read_bytes().decode() == (
        f"﻿row_id;sex;age_days;weight_kg;length_height_cm;measured;{ADDED_HEADER.replace(',', ';')}\r\n"
        "1;f;459;9,78;73;h;73,7;18,0054458188888;0,14;-1,42;1,02;1,32;;;;;0;0;0;0;;;;;WHO 2006 by days, anthro 1.1;\r\n"
    )


def test_a_decimal_comma_in_quotes_is_read(files: Files) -> None:
    assert [row["waz"] for row in files.rows('sex,age_days,weight_kg\nf,459,"9,78"\n')] == ["0,14"]


@pytest.mark.parametrize(
    "content",
    ["sex\tage_days\tweight_kg\nf\t459\t9.78\n", "sex|age_days|weight_kg\nf|459|9.78\n",
     "sep=;\nsex;age_days;weight_kg\nf;459;9.78\n"],
    ids=["tab", "bar", "first line of a spreadsheet"],
)  # fmt: skip
def test_other_delimiters_are_found(files: Files, content: str) -> None:
    delimiter = next(sign for sign in "\t|;" if sign in content)
    assert [row["waz"] for row in files.rows(content, delimiter)] == ["0.14"]


def test_a_file_of_two_byte_characters_is_read(files: Files) -> None:
    assert [row["waz"] for row in files.rows("sex,age_days,weight_kg\nf,459,9.78\n".encode("utf-16"))] == [
        "0.14"
    ]


def test_names_in_an_old_encoding_come_out_byte_for_byte(files: Files) -> None:
    files.score(b"nama,sex,age_days,weight_kg\nJos\xe9,f,459,9.78\n")
    assert b"Jos\xe9,f,459,9.78,,,0.14," in files.scored.read_bytes()


def test_column_names_may_have_capitals_and_spaces(files: Files) -> None:
    rows = files.rows(" Sex ,AGE_DAYS,Weight_kg\nf,459,9.78\n")
    assert [row["waz"] for row in rows] == ["0.14"]


@pytest.mark.parametrize(
    ("birth_date", "visit_date"),
    [("2025-01-31", "2026-05-05"), ("31/01/2025", "05/05/2026"), ("31-1-2025", "5.5.2026"),
     ("2025/01/31", "2026-05-05 00:00:00")],
)  # fmt: skip
def test_the_age_is_counted_between_dates(files: Files, birth_date: str, visit_date: str) -> None:
    rows = files.rows(f"sex,birth_date,visit_date,weight_kg\nf,{birth_date},{visit_date},9.78\n")
    assert [(row["waz"], row["error"]) for row in rows] == [("0.14", "")]


def test_days_are_used_before_dates(files: Files) -> None:
    rows = files.rows("sex,age_days,birth_date,visit_date,weight_kg\nf,459,2026-01-01,2026-01-02,9.78\n")
    assert [row["waz"] for row in rows] == ["0.14"]


@pytest.mark.parametrize("sex", ["f", "F", "2", "P", "perempuan", "Female", " f "])
def test_the_sex_is_read_as_people_write_it(files: Files, sex: str) -> None:
    assert [row["waz"] for row in files.rows(f"sex,age_days,weight_kg\n{sex},459,9.78\n")] == ["0.14"]


@pytest.mark.parametrize("nothing", ["", "NA", "-", " ", "N/A", "null", "."])
def test_nothing_is_written_in_many_ways(files: Files, nothing: str) -> None:
    rows = files.rows(f"sex,age_days,weight_kg,muac_cm\nf,459,{nothing},14.2\n")
    assert [(row["waz"], row["acz"], row["error"]) for row in rows] == [("", "-0.11", "")]


@pytest.mark.parametrize(
    ("cells", "error"),
    [
        ("x,459,9.78,l,n", 'sex "x" cannot be read: write m or f.'),
        ("f,many,9.78,l,n", 'age_days "many" cannot be read: write a number such as 7.8.'),
        ("f,459,9.78 kg,l,n", 'weight_kg "9.78 kg" cannot be read: write a number such as 7.8.'),
        ("f,459,1e3,l,n", 'weight_kg "1e3" cannot be read: write a number such as 7.8.'),
        ("f,459,1_0,l,n", 'weight_kg "1_0" cannot be read: write a number such as 7.8.'),
        ("f,459,0,l,n", "weight_kg must be more than 0, not 0."),
        ("f,459,9.78,x,n", 'measured "x" cannot be read: write l (lying) or h (standing).'),
        ("f,459,9.78,l,2", 'oedema "2" cannot be read: write y or n.'),
        ("f,-1,9.78,l,n", "The visit lies before the birth: -1 days."),
        ("f,459,9,78,l,n", "More cells than columns: is a decimal comma not in quotes?"),
    ],
)
def test_an_unreadable_row_says_why_and_the_next_is_scored(files: Files, cells: str, error: str) -> None:
    rows = files.rows(f"sex,age_days,weight_kg,measured,oedema\n{cells}\nf,459,9.78,l,n\n")
    assert [(row["error"], row["waz"]) for row in rows] == [(error, ""), ("", "0.14")]


@pytest.mark.parametrize(
    "dates", ["31/02/2025,2026-01-01", "1/1/25,2026-01-01", "46000,2026-01-01", "2025-13-01,2026-01-01"]
)
def test_a_date_that_is_none_is_an_error(files: Files, dates: str) -> None:
    wrong = dates.split(",")[0]
    assert files.errors(f"sex,birth_date,visit_date,weight_kg\nf,{dates},9\n") == [
        f'birth_date "{wrong}" cannot be read: write a date such as 2026-08-31.'
    ]


def test_cells_beyond_the_header_are_kept_after_the_error(files: Files) -> None:
    files.score("sex,age_days,weight_kg\nf,459,9,78\n")
    assert files.scored.read_text().splitlines()[1] == (
        f"f,459,9{',' * 20}More cells than columns: is a decimal comma not in quotes?,78"
    )


def test_short_rows_are_filled_and_blank_lines_left_out(files: Files) -> None:
    files.score("sex,age_days,weight_kg,oedema\n\nf,459,9.78\n\nf\n")
    assert [line[:12] for line in files.scored.read_text().splitlines()[1:]] == [
        "f,459,9.78,,",
        "f,,,,,,,,,,,",
    ]


def test_a_file_scored_again_keeps_the_first_scores_beside_the_new(files: Files) -> None:
    files.score("sex,age_days,weight_kg\nf,459,9.78\n")
    row = files.rows(files.scored.read_bytes())[0]
    assert (row["waz"], row["waz_scored"], row["error_scored"]) == ("0.14", "0.14", "")


def test_a_file_may_be_scored_onto_itself(files: Files) -> None:
    files.given.write_text("sex,age_days,weight_kg\nf,459,9.78\n")
    score_file(files.given, files.given)
    assert files.given.read_text().splitlines()[1].startswith("f,459,9.78,,,0.14,")


def test_a_file_with_only_a_header_gives_a_header(files: Files) -> None:
    assert files.score("sex,age_days,weight_kg").rows == 0
    assert files.scored.read_text() == f"sex,age_days,weight_kg,{ADDED_HEADER}\n"


def test_progress_is_told_every_thousand_rows_and_at_the_end(tmp_path: Path) -> None:
    given, told = tmp_path / "in.csv", list[int]()
    given.write_text("sex,age_days,weight_kg\n" + "f,459,9.78\n" * 2500)
    score_file(given, tmp_path / "out.csv", told.append)
    assert told == [1000, 2000, 2500]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "The file in.csv is empty."),
        (b"\xef\xbb\xbf", "The file in.csv is empty."),
        (b" \r\n\n", "The file in.csv is empty."),
        (
            b"PK\x03\x04 a workbook",
            "The file in.csv is no CSV file: open it in the spreadsheet and save it as CSV.",
        ),
        (b"sex,age_days\0", "The file in.csv is no CSV file: open it in the spreadsheet and save it as CSV."),
        (b"sex,age_days,sex\nf,1,m\n", "The file in.csv has the column sex twice."),
        (
            b'sex,age_days\nf,"' + b"x" * 200_000,
            "The file in.csv cannot be read at line 2: perhaps a quote is missing.",
        ),
        (b"\xff\xfes\x00e\x00x\x00,\x00\x00\xd8", "The file in.csv cannot be read: "),
    ],
    ids=[
        "empty",
        "only a mark",
        "blank",
        "workbook",
        "binary",
        "column twice",
        "open quote",
        "broken characters",
    ],
)
def test_an_unreadable_file_is_refused_and_nothing_is_written(
    files: Files, content: bytes, sentence: str
) -> None:
    with pytest.raises(UnreadableFile) as refused:
        files.score(content)
    assert str(refused.value).startswith(sentence)
    assert [path.name for path in files.given.parent.iterdir()] == ["in.csv"]


def test_a_file_without_any_known_column_is_refused(files: Files) -> None:
    with pytest.raises(UnreadableFile, match=r"has none of the columns row_id, sex, age_days"):
        files.score("nama;berat\nAminah;9,78\n")


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match=r"The file no\.csv cannot be read: No such file or directory\."):
        score_file(tmp_path / "no.csv", tmp_path / "out.csv")


def test_an_impossible_place_to_write_is_refused(files: Files) -> None:
    files.given.write_text("sex,age_days,weight_kg\nf,459,9.78\n")
    with pytest.raises(
        UnwritableFile, match=r"The file out\.csv cannot be written: No such file or directory\."
    ):
        score_file(files.given, files.given.parent / "nowhere" / "out.csv")


def test_a_failure_half_way_leaves_the_earlier_scores_alone(files: Files) -> None:
    files.scored.write_text("earlier")
    with pytest.raises(UnreadableFile):
        files.score("sex,age_days\n" + "f,459\n" * 5000 + 'f,"' + "x" * 200_000)
    assert sorted((path.name, path.stat().st_size) for path in files.given.parent.glob("out*")) == [
        ("out.csv", 7)
    ]


def test_the_added_columns_are_the_ones_promised() -> None:
    assert ",".join((*ADDED, "error")) == ADDED_HEADER


def test_the_command_takes_age_and_reference(files: Files) -> None:
    files.given.write_text("sex,age_months,height_cm\nm,60,109.7265\n")
    asked = ["score", str(files.given), str(files.scored), "--age", "months", "--reference", "who2007"]
    done = CliRunner().invoke(commands, asked)
    assert (done.exit_code, done.stderr.strip()) == (0, f"1 rows scored into {files.scored}, 0 with an error")
    assert ',0.00,,,,,,,,0,,,,,,,"WHO 2007 by months, anthroplus 1.0",' in files.scored.read_text()


@pytest.mark.parametrize(("option", "wrong"), [("--age", "weeks"), ("--reference", "cdc")])
def test_an_unknown_age_or_reference_is_misuse(option: str, wrong: str) -> None:
    done = CliRunner().invoke(commands, ["score", "in.csv", "out.csv", option, wrong])
    assert (done.exit_code, f"'{wrong}' is not one of" in done.stderr) == (2, True)
