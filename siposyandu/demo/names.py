"""Names as they are given in Lombok, Sumbawa and Bima, and how they are put together. No real person is meant.

Sasak and Samawa nobles pass a title on through the father (Lalu for a son, Baiq or Lale or Lala for a daughter);
Muslim names begin with Muhammad, M. or Muh. for boys and Siti or St. for girls as often as not;
a baby without a name yet is written as its mother's: "By. Ny. Sahnim".
"""

from collections.abc import Mapping
from dataclasses import dataclass
from random import Random

BOY_FIRST = (
    "Muhammad", "Muhammad", "Muh.", "M.", "Ahmad", "Abdul", "Khairul", "Nurul", "Zainul", "Saiful", "Hairul",
)  # fmt: skip
BOY_GIVEN = (
    "Alfarizi", "Rizki", "Azka", "Zaidan", "Fathir", "Hafiz", "Ilham", "Rafka", "Arsya", "Gibran", "Naufal",
    "Faiz", "Izzan", "Rayyan", "Kenzi", "Alif", "Dzaki", "Habibi", "Fadil", "Iqbal", "Wildan", "Raffi",
    "Al Ghifari", "Zulkifli", "Haikal", "Asraf", "Yazid", "Hamdani", "Azzam", "Dafa", "Reza", "Imam",
)  # fmt: skip
GIRL_FIRST = ("Siti", "St.", "Nurul", "Nur", "Zahra", "Naila", "Aisyah", "Khaira", "Siti", "Alya", "Zulfa")
GIRL_GIVEN = (
    "Nazwa", "Syakila", "Humaira", "Azzahra", "Kirana", "Maulida", "Hafizah", "Salsabila", "Khadijah",
    "Fatimah", "Aulia", "Rahmi", "Izzatunnisa", "Anindya", "Hidayah", "Rizkia", "Khaerunnisa", "Safira",
    "Adiba", "Marwah", "Najwa", "Inayah", "Putri", "Raudah", "Zivanna", "Husna", "Qirani", "Ulfa",
)  # fmt: skip


@dataclass(frozen=True)
class People:
    """How one people of NTB calls its sons, daughters, parents and hamlets."""

    son_title: str
    daughter_titles: tuple[str, ...]
    fathers: tuple[str, ...]
    mothers: tuple[str, ...]
    noble_given: tuple[tuple[str, ...], tuple[str, ...]]
    dusun: tuple[str, ...]
    share_of_nobles: float


SASAK = People(
    son_title="Lalu",
    daughter_titles=("Baiq", "Baiq", "Baiq", "Lale"),
    fathers=(
        "Sahdan", "Sahnun", "Mahsun", "Jumadil", "Sapoan", "Mustiadi", "Rusdin", "Hamzanwadi", "Zaenudin",
        "Sudirman", "Masnun", "Burhanudin", "Nasrudin", "Mahyudin", "Kamarudin", "Suparman", "Herman", "Ripaah",
        "Muhsin", "Saparudin", "Azhari", "Marzuki", "Supardi", "Junaidi", "Halidi", "Sukri",
    ),
    mothers=(
        "Sahnim", "Mariani", "Rohani", "Sakmah", "Nurhayati", "Hurniati", "Sulhiati", "Jumenah", "Husniah",
        "Zohriah", "Rabiah", "Sri Wahyuni", "Muliani", "Baiyah", "Erna Wati", "Nurul Aini", "Sumiati", "Fitriani",
        "Marhamah", "Rukiah", "Samiah", "Suhartini", "Haerani", "Yuliana", "Nikmah", "Hidayati",
    ),
    noble_given=(
        ("Wirajaya", "Gde Arya", "Satria", "Wirabakti", "Prananda", "Danu Wijaya", "Rinjani Putra", "Suryadi"),
        ("Dinda", "Ayu Lestari", "Rania", "Cahya Ningrum", "Tiara", "Mandalika", "Ratna Sari", "Denda Aruni"),
    ),
    dusun=(
        "Dasan Baru", "Gubuk Timuk", "Gubuk Lauk", "Montong Sari", "Karang Bayan", "Lingkok Bunut", "Pancor Kopong",
        "Dasan Bembek", "Tibu Borok", "Otak Desa",
    ),
    share_of_nobles=0.15,
)  # fmt: skip
SAMAWA = People(
    son_title="Lalu",
    daughter_titles=("Lala", "Baiq"),
    fathers=(
        "Syamsuddin", "Hasanuddin", "Abdurrahman", "Jayadi", "Suhardi", "Makarau", "Iskandar", "Zulkarnain",
        "Burhan", "Syahrul", "Mahmud", "Kaharuddin", "Sirajuddin", "Amiruddin", "Edi Sofyan", "Junaidi", "Rahman",
        "Ismail", "Suparno", "Andi Rusni", "Hamzah", "Mulyadi",
    ),
    mothers=(
        "Nuraini", "Sri Hartati", "Hadijah", "Rosdiana", "Fatmawati", "Kartini", "Masyitah", "Halimah", "Rahmawati",
        "Sumarni", "Ernawati", "Nurjannah", "Saodah", "Yuliana", "Suryani", "Dewi Sartika", "Jamilah", "Asmawati",
        "Hafsah", "Syarifah", "Endang Lestari", "Nurlaela",
    ),
    noble_given=(
        ("Mas'ud", "Wirasaputra", "Kertapati", "Manurung", "Arasy", "Unru", "Dewa Mas"),
        ("Intan Bulaeng", "Jinis", "Mira", "Siti Hajar", "Balaputi", "Samawa Dewi", "Rante"),
    ),
    dusun=(
        "Brang Bara", "Unter Gedong", "Olat Rawa", "Karang Jati", "Batu Bulan", "Sampar Ai", "Orong Telu",
        "Kebayan", "Tiu Baru", "Rarak",
    ),
    share_of_nobles=0.06,
)  # fmt: skip
MBOJO = People(
    son_title="Muma",
    daughter_titles=("Dae",),
    fathers=(
        "Abakar", "H. Ahmad", "Arifin", "Jufrin", "Sahrul", "Ihsan", "Suaeb", "Taufikurrahman", "Ardiansyah",
        "Furkan", "Irwan", "Nasaruddin", "Adhar", "Mansyur", "Yasin", "Hardiman", "Landa", "Jubair", "Syafruddin",
        "Idris", "Arahman", "Ruslan",
    ),
    mothers=(
        "St. Aminah", "Nurwahidah", "Siti Hawa", "St. Rahmah", "Nurmala", "Asni", "Rosmini", "Hadijah", "Marwani",
        "Nurbaya", "Sarafiah", "Suharni", "Ramlah", "Nuraini", "St. Jubaedah", "Yeni", "Sri Mulyati", "Hartati",
        "Misbah", "Faridah", "Rukmini", "Salmah",
    ),
    noble_given=(("Abdul Kahir", "Salahuddin", "Ferry"), ("Maryam", "Siti Saleha", "Ruma Ayu")),
    dusun=(
        "Doro Belo", "Oi Ta'a", "Nggaro Kumbe", "Sori Utu", "Rasa Bou", "Wadu Mbolo", "Tolo Lanta", "Kampo Sigi",
        "Nae Hami", "Lawata",
    ),
    share_of_nobles=0.03,
)  # fmt: skip

# By kabupaten: Lombok is Sasak; Sumbawa and Sumbawa Barat Samawa; Dompu, Bima and Kota Bima Mbojo.
PEOPLE_OF: Mapping[str, People] = {
    "5201": SASAK, "5202": SASAK, "5203": SASAK, "5208": SASAK, "5271": SASAK,
    "5204": SAMAWA, "5207": SAMAWA, "5205": MBOJO, "5206": MBOJO, "5272": MBOJO,
}  # fmt: skip


def father(chance: Random, people: People, *, noble: bool) -> str:
    """Name a father; a noble one carries his title."""
    name = chance.choice(people.fathers)
    return f"{people.son_title} {name}" if noble else name


def mother(chance: Random, people: People, *, noble: bool) -> str:
    """Name a mother; nobles mostly marry nobles."""
    name = chance.choice(people.mothers)
    return f"{people.daughter_titles[0]} {name}" if noble and chance.random() < 0.7 else name


def child(chance: Random, people: People, sex: str, *, noble: bool) -> str:
    """Name a child, "m" or "f", with its father's title or a Muslim first name."""
    if noble:
        title = people.son_title if sex == "m" else chance.choice(people.daughter_titles)
        return f"{title} {chance.choice(people.noble_given[sex == 'f'])}"
    firsts, given = (BOY_FIRST, BOY_GIVEN) if sex == "m" else (GIRL_FIRST, GIRL_GIVEN)
    names = chance.sample(given, 2)
    return " ".join([chance.choice(firsts), names[0]] if chance.random() < 0.6 else names)


def newborn(mother_name: str, order: int | None = None) -> str:
    """Write a baby that has no name yet; of twins, with its number.

    >>> newborn("Sahnim"), newborn("Rohani", 2)
    ('By. Ny. Sahnim', 'By. Ny. Rohani 2')
    """
    return f"By. Ny. {mother_name}" + (f" {order}" if order else "")
