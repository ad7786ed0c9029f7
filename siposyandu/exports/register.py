"""The register of a year as on paper: a child on each row, a weight and its letter in each month."""

from collections.abc import Iterator

from forms import BY_NAME
from siposyandu.child_code import code_of
from siposyandu.exports.columns import Column, Export, of_field
from siposyandu.exports.measured import SOURCE, weight_column
from siposyandu.i18n import N_

PERSON = BY_NAME["person"]
WHO = ("name", "sex", "birth_date", "mother_name", "father_name", "dusun")
MONTHS = (
    N_("January"), N_("February"), N_("March"), N_("April"), N_("May"), N_("June"),
    N_("July"), N_("August"), N_("September"), N_("October"), N_("November"), N_("December"),
)  # fmt: skip
LETTERS = (
    N_("January N/T"), N_("February N/T"), N_("March N/T"), N_("April N/T"), N_("May N/T"), N_("June N/T"),
    N_("July N/T"), N_("August N/T"), N_("September N/T"), N_("October N/T"), N_("November N/T"), N_("December N/T"),
)  # fmt: skip


def _month(number: int) -> Iterator[Column]:
    def weight(child: dict[str, dict[int, dict[str, int]]]) -> int | None:
        return child["months"].get(number, {}).get("weight_g")

    def letter(child: dict[str, dict[int, dict[str, str]]]) -> str | None:
        found = child["months"].get(number, {})
        return "2T" if found.get("two_t") else found.get("gain")

    yield weight_column(f"weight_{number}", MONTHS[number - 1], weight)
    yield Column(f"gain_{number}", LETTERS[number - 1], letter, note=SOURCE)


EXPORT = Export(
    "register",
    N_("Register of the year"),
    (
        N_("Children who were expected in some month of the year."),
        N_("Of several weighings in a month the last one counts."),
        N_(
            "N gained enough, T did not, O not weighed last month, B first weighing, 2T did not gain twice running."
        ),
    ),
    (
        *(of_field(PERSON.by_name[name], fixed=True) for name in WHO),
        *(column for number in range(1, 13) for column in _month(number)),
        Column("code", N_("Child's code"), lambda child: code_of(child["id"])),
    ),
)
