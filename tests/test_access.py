"""Who may see, enter and keep what; and that Dedi sees nothing of Melati's."""

import pytest

from siposyandu import access, places
from siposyandu.errors import NotAllowed
from tests.conftest import MELATI_DESA, Village


def test_each_role_sees_the_people_of_its_own_area_only(village: Village) -> None:
    with village.instance.store_for_job() as store:
        seen = {
            who.name: [
                access.may_view_people(store, who, posyandu) for posyandu in (village.melati, village.kenanga)
            ]
            for who in (village.aminah, village.baiq, village.citra, village.dedi, village.eka)
        }
    assert seen == {
        "Aminah": [True, False],
        "Baiq": [True, False],
        "Citra": [True, False],
        "Dedi": [False, True],
        "Eka": [False, False],
    }


def test_the_province_sees_every_number_and_a_kader_only_her_own(village: Village) -> None:
    with village.instance.store_for_job() as store:
        seen = {
            who.name: [
                access.may_view_posyandu(store, who, posyandu)
                for posyandu in (village.melati, village.kenanga)
            ]
            for who in (village.aminah, village.eka)
        }
    assert seen == {"Aminah": [True, False], "Eka": [True, True]}


def test_a_worker_who_left_is_no_worker_any_more(village: Village) -> None:
    with village.instance.store_for_job() as store:
        with store.write():
            store.run("update worker set active = 0 where id = $1", village.dedi.id)
        assert (access.worker(store, village.dedi.id), access.worker(store, village.aminah.id)) == (
            None,
            village.aminah,
        )


def test_what_is_not_allowed_is_refused_by_name() -> None:
    with pytest.raises(NotAllowed, match="weigh here"):
        access.require(False, "weigh here")


def test_an_area_is_split_into_the_parts_that_hold_a_posyandu(village: Village) -> None:
    with village.instance.store_for_job() as store:
        parts = {
            by: [name for _, name in places.parts(store, "52", by)]
            for by in ("kabupaten", "desa", "posyandu")
        }
    assert parts == {
        "kabupaten": ["Kabupaten Lombok Tengah", "Kabupaten Lombok Timur"],
        "desa": ["Batu Tulis", "Tanjung Luar"],
        "posyandu": ["Kenanga", "Melati"],
    }


def test_a_laptop_receives_its_posyandu_its_desa_and_the_posyandu_names_of_its_kecamatan(
    village: Village,
) -> None:
    with village.instance.store_for_job() as store:
        received = places.receives(store, village.melati)
    assert received == {village.melati, village.puskesmas, MELATI_DESA, MELATI_DESA[:6]}


def test_a_puskesmas_is_the_area_of_the_posyandu_it_serves(village: Village) -> None:
    with village.instance.store_for_job() as store:
        level, name = places.level_of(store, village.puskesmas), places.title(store, village.puskesmas)
        within = [row["name"] for row in places.within(store, village.puskesmas)]
    assert (level, name, within) == ("puskesmas", "Puskesmas Praya", ["Melati"])
