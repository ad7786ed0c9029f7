"""The synthetic village: the same seed gives the same one, it looks like NTB, and its faults are all there."""

from collections import Counter
from datetime import date
from functools import cache
from itertools import pairwise

import pytest

import forms
from forms.dates import completed_months
from siposyandu import areas
from siposyandu.demo import faults, names
from siposyandu.demo.children import clock_offset_days, village
from siposyandu.growth.standards import score

MONTHS = [(2025, 11), (2025, 12), *((2026, month) for month in range(1, 12))]
END = date(2026, 11, 23)
PRINGGASELA = "5203142001"
SEEDS = range(12)


@cache
def melati(seed=1, children=84, neighbour="Mawar", desa_code=PRINGGASELA):
    return tuple(
        village(
            seed, posyandu_name="Melati", children=children, months=MONTHS, end=END,
            desa_code=desa_code, neighbour=neighbour,
        )
    )  # fmt: skip


def playing(fault, seed=1):
    return [child for child in melati(seed) if fault in child.notes]


def age_months(child, day):
    return completed_months(date.fromisoformat(child.birth_date), date.fromisoformat(day))


def scored(child, visit):
    """The z-scores of a visit after its correction."""
    values = visit.now
    age = date.fromisoformat(visit.visit_date) - date.fromisoformat(child.birth_date)
    return score(
        sex=child.sex,
        age_days=age.days,
        weight_kg=values["weight_g"] / 1000,
        length_height_cm=values["length_height_mm"] / 10,
        measured=values["measured"],
        oedema=values["oedema"] != "no",
    )


def below(scores, z):
    known = [score for score in scores if score is not None]
    return 100 * sum(score < z for score in known) / len(known)


def test_the_same_seed_gives_the_same_village():
    again = village(
        1,
        posyandu_name="Melati",
        children=84,
        months=MONTHS,
        end=END,
        desa_code=PRINGGASELA,
        neighbour="Mawar",
    )
    assert tuple(again) == melati(1)


def test_another_seed_or_another_posyandu_gives_another_village():
    other = village(1, posyandu_name="Mawar", children=84, months=MONTHS, end=END, desa_code=PRINGGASELA)
    births = [[child.birth_date for child in made] for made in (melati(1), melati(2), other)]
    assert births[0] != births[1] != births[2] != births[0]


def test_no_two_people_have_the_same_nik():
    people = [child.nik for child in melati(3, children=500)]
    mothers = {child.family.key: child.family.mother_nik for child in melati(3, children=500)}
    given = [nik for nik in (*people, *mothers.values()) if nik]
    assert len(given) == len(set(given)) > 800


def test_a_nik_tells_area_birth_day_and_sex_and_has_a_number_no_office_gives():
    wrong = []
    for child in melati():
        if child.nik:
            born = date.fromisoformat(child.birth_date)
            day = born.day + (40 if child.sex == "f" else 0)
            if not child.nik.startswith(f"{PRINGGASELA[:6]}{day:02d}{born:%m%y}9") or len(child.nik) != 16:
                wrong.append(child)
    assert wrong == []


@pytest.mark.parametrize("seed", SEEDS)
def test_every_fault_of_real_life_is_in_a_village_of_seventy(seed):
    played = {note for child in melati(seed, children=70) for note in child.notes}
    assert played == set(faults.ALL)


def test_the_forms_accept_every_card_and_every_visit():
    refused = []
    for child in melati():
        card = forms.BY_NAME["person"]
        for values in (child.values, child.now):
            shown = card.shown({**values, "posyandu": "0" * 32, "family": "0" * 32})
            refused.append(card.check(shown, today=END).errors)
        house = forms.BY_NAME["family"]
        refused.append(
            house.check(house.shown({**child.family.values, "posyandu": "0" * 32}), today=END).errors
        )
    assert [errors for errors in refused if errors] == []


def test_a_visit_comes_back_from_its_form_as_it_was():
    form, changed = forms.BY_NAME["balita"], []
    for child in melati():
        for visit in child.visits:
            values = {**visit.now, "posyandu": "0" * 32, "person": "0" * 32}
            checked = form.check(form.shown(values), today=END)
            kept = {column: value for column, value in checked.values.items() if value is not None}
            if checked.errors or kept != {
                column: value for column, value in values.items() if value is not None
            }:
                changed.append((visit, checked))
    assert changed == []


def test_nothing_stored_is_a_decimal_fraction():
    values = [
        value
        for child in melati()
        for group in (child.values, child.family.values, *(visit.now for visit in child.visits))
        for value in group.values()
    ]
    assert {type(value) for value in values} == {int, str, type(None)}


def test_nothing_happens_before_birth_after_today_or_out_of_age():
    wrong = [
        (child.name, visit.visit_date)
        for child in melati()
        for visit in child.visits
        if not child.birth_date < visit.visit_date <= END.isoformat()
        or age_months(child, visit.visit_date) >= 60
    ]
    assert wrong == []


def test_all_ages_of_balita_are_weighed():
    seen = {
        age_months(child, visit.visit_date) for child in melati(4, children=200) for visit in child.visits
    }
    assert seen == set(range(60))


def test_stunting_and_underweight_are_as_the_surveys_of_ntb_find_them():
    children = melati(5, children=500)
    scores = [scored(child, visit) for child in children for visit in child.visits]
    assert 18 <= below([each.haz for each in scores], -2) <= 40
    assert 10 <= below([each.waz for each in scores], -2) <= 25
    assert 2 <= below([each.whz for each in scores], -2) <= 10
    means = [sum(found) / len(found) for found in _known(scores)]
    assert means == [pytest.approx(-1.3, abs=0.2), pytest.approx(-1.0, abs=0.2), pytest.approx(-0.4, abs=0.2)]


def _known(scores):
    return [
        [z for each in scores if (z := getattr(each, index)) is not None] for index in ("haz", "waz", "whz")
    ]


def test_four_of_five_to_nine_of_ten_come_each_year():
    sasaran = weighed = 0
    for child in melati(5, children=500):
        came = {visit.visit_date[:7] for visit in child.visits}
        gone = child.now.get("status_date") or "9999"
        for year, month in MONTHS:
            month_text = f"{year}-{month:02d}"
            if child.birth_date[:7] < month_text < gone[:7]:
                sasaran += 1
                weighed += month_text in came
    assert 80 <= 100 * weighed / sasaran <= 92


def test_no_z_score_is_impossible_after_the_corrections():
    flagged = [
        (child.name, visit.visit_date)
        for child in melati()
        for visit in child.visits
        if (z := scored(child, visit)).haz_flag or z.waz_flag or z.whz_flag
    ]
    assert flagged == []


def test_lying_becomes_standing_at_24_months_but_for_one_child_at_20():
    early = [
        (age_months(child, visit.visit_date), child.notes)
        for child in melati()
        for visit in child.visits
        if (visit.values["measured"] == "standing")
        != ((date.fromisoformat(visit.visit_date) - date.fromisoformat(child.birth_date)).days >= 731)
    ]
    assert [months for months, _ in early] == [20]
    assert faults.STANDING_AT_20_MONTHS in early[0][1]


def test_one_kader_rounds_heights_and_the_others_do_not():
    rounded = Counter()
    for child in melati():
        for visit in child.visits:
            rounded[visit.kader, visit.values["length_height_mm"] % 5 == 0] += 1
    shares = {
        kader: rounded[kader, True] / (rounded[kader, True] + rounded[kader, False]) for kader in range(3)
    }
    assert shares[0] < 0.35
    assert shares[1] < 0.35
    assert shares[2] > 0.95


def test_twins_share_birth_day_and_family():
    first, second = playing(faults.TWINS)
    assert (first.birth_date, first.family) == (second.birth_date, second.family)
    assert second.values["birth_order"] == first.values["birth_order"] + 1


def test_a_newborn_is_registered_by_its_mother_without_nik():
    (child,) = playing(faults.NO_NIK)
    assert child.name == names.newborn(child.family.mother_name)
    assert (child.nik, child.now["nik_missing_reason"]) == (None, "not_yet")
    assert age_months(child, END.isoformat()) < 3


def test_a_child_born_in_the_year_gets_its_name_and_nik_later():
    named = [child for child in melati() if child.values["nik"] is None and child.nik]
    assert named
    assert {child.values["name"][:7] for child in named} == {"By. Ny."}


def test_a_child_that_moves_goes_on_at_the_other_posyandu():
    (child,) = playing(faults.TRANSFER)
    before = {visit.posyandu_name for visit in child.visits if visit.visit_date < child.moved_on}
    after = {visit.posyandu_name for visit in child.visits if visit.visit_date >= child.moved_on}
    assert (before, after, child.moved_to, child.now["status"]) == ({"Melati"}, {"Mawar"}, "Mawar", "active")


def test_without_a_neighbour_the_child_leaves_the_area():
    (child,) = [each for each in melati(1, neighbour=None) if faults.TRANSFER in each.notes]
    assert (child.moved_to, child.now["status"], child.now["status_date"]) == (None, "moved", child.moved_on)
    assert child.visits[-1].visit_date < child.moved_on


def test_after_a_death_there_is_no_visit():
    (child,) = playing(faults.DEATH)
    assert child.now["status"] == "died"
    assert child.visits[-1].visit_date < child.now["status_date"]


def test_a_child_of_five_years_leaves_on_its_birthday():
    leavers = playing(faults.AGED_OUT)
    assert leavers
    assert {age_months(child, child.now["status_date"]) for child in leavers} == {60}


@pytest.mark.parametrize(
    ("fault", "index", "z"),
    [(faults.SEVERE_STUNTING, "haz", -3), (faults.SEVERE_WASTING, "whz", -3)],
)
@pytest.mark.parametrize("seed", SEEDS)
def test_the_sickest_children_are_below_minus_three(seed, fault, index, z):
    (child,) = playing(fault, seed)
    assert min(getattr(scored(child, visit), index) for visit in child.visits) < z


def test_the_child_with_oedema_is_referred_to_the_hospital():
    (child,) = playing(faults.OEDEMA)
    swollen = [visit.values for visit in child.visits if visit.values["oedema"] != "no"]
    assert [(values["oedema"], values["referral"]) for values in swollen] == [
        ("2", "hospital"),
        ("1", "hospital"),
    ]


def test_two_swapped_rows_are_put_right_days_later():
    first, second = playing(faults.SWAPPED_ROWS)
    (one,), (other,) = ([visit for visit in child.visits if visit.correction] for child in (first, second))
    columns = ("weight_g", "length_height_mm")
    assert [one.values[column] for column in columns] == [other.now[column] for column in columns]
    assert [other.values[column] for column in columns] == [one.now[column] for column in columns]
    assert one.visit_date == other.visit_date < one.correction.on <= END.isoformat()


def test_missed_months_are_at_least_two_running():
    for child in playing(faults.MISSED_MONTHS):
        came = {visit.visit_date[:7] for visit in child.visits}
        missed = [f"{year}-{month:02d}" not in came for year, month in MONTHS]
        assert any(first and second for first, second in pairwise(missed))


def test_faltering_loses_length_and_catching_up_regains_it():
    lost = [_change_of_haz(child) for child in playing(faults.FALTERING)]
    gained = [_change_of_haz(child) for child in playing(faults.CATCH_UP)]
    assert max(lost) < -0.5
    assert min(gained) > 0.2


def _change_of_haz(child):
    first, last = scored(child, child.visits[0]), scored(child, child.visits[-1])
    return last.haz - first.haz


def test_vitamin_a_is_given_in_february_and_august_from_six_months():
    asked = [
        (visit.visit_date[5:7], age_months(child, visit.visit_date) >= 6)
        for child in melati()
        for visit in child.visits
        if visit.values.get("vitamin_a") is not None
    ]
    assert set(asked) == {("02", True), ("08", True)}


def test_no_vaccine_is_given_twice():
    doubled = []
    for child in melati():
        given = [
            code
            for visit in child.visits
            for code in (visit.values["immunisations"] or "").split(",")
            if code
        ]
        doubled += [code for code, times in Counter(given).items() if times > 1]
    assert doubled == []


def test_nobles_pass_their_title_on():
    noble = [
        child for seed in SEEDS for child in melati(seed) if child.family.noble and "By." not in child.name
    ]
    assert {child.name.split()[0] for child in noble if child.sex == "m"} == {"Lalu"}
    assert {child.name.split()[0] for child in noble if child.sex == "f"} == {"Baiq", "Lale"}


@pytest.mark.parametrize("kabupaten", [area.code for area in areas.children(areas.PROVINCE)])
def test_every_kabupaten_has_a_people_and_villages(kabupaten):
    desa = areas.children(areas.children(kabupaten)[0].code)[0].code
    made = melati(1, children=12, desa_code=desa)
    assert {child.values["desa_code"] for child in made} == {desa}


def test_without_a_desa_one_is_drawn():
    made = village(7, posyandu_name="Melati", children=5, months=MONTHS, end=END)
    assert areas.area(made[0].values["desa_code"]).level == "desa"


@pytest.mark.parametrize("children", [1, 2, 5, 10])
def test_a_small_village_has_as_many_children_as_asked(children):
    assert len(melati(1, children=children)) == children


def test_a_single_month_is_enough():
    made = village(2, posyandu_name="Melati", children=60, months=[(2026, 11)], end=END)
    assert {visit.visit_date[:7] for child in made for visit in child.visits} == {"2026-11"}


def test_of_two_villages_one_laptop_is_a_year_behind():
    assert [clock_offset_days(seed) for seed in (1, 2)] == [-365, 0]
