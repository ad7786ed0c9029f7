"""What was done at a posyandu on one day: who was weighed and how it came out, what was given, who was referred, who is new.

The letters of a visit are those that growth derived (balita_growth); the month's S, K, D and the rest are the indicators'.
A child of another posyandu who was weighed here is counted here too, for these are the deeds of the day. A visit whose day is
doubted is not counted, as everywhere.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from forms.balita import REFERRALS, VACCINES
from siposyandu.store import Store

SEXES = ("m", "f")
LETTERS = ("N", "T", "O", "B")
WEIGHED, TWICE, BELOW = "weighed", "2T", "BGM"
DEEDS = ("vitamin_a", "deworming", "local_food")

Row = dict[str, Any]


class DayCounts(NamedTuple):
    """The counts of one day.

    `weighed`: by sex, how many were weighed, had each letter, 2T and BGM; `given`: vitamin A, worm medicine, PMT;
    `vaccines` and `referred`: by the form's codes, in the form's order, only what occurred; `guests`: weighed children who
    belong elsewhere; `new`: who was registered on the day, by name.
    """

    weighed: dict[str, Counter[str]]
    given: Counter[str]
    vaccines: list[tuple[str, int]]
    immunised: int
    referred: list[tuple[str, int]]
    guests: int
    new: list[Row]

    @property
    def together(self) -> Counter[str]:
        """The counts of boys and girls added up."""
        return sum(self.weighed.values(), Counter())


def of_day(store: Store, posyandu_id: str, on: date) -> DayCounts:
    """Count one day of a posyandu."""
    visits = _visits(store, posyandu_id, on)
    doses = [code for visit in visits for code in (visit["immunisations"] or "").split(",") if code]
    sent = [visit["referral"] for visit in visits if visit["referral"] not in (None, "none")]
    return DayCounts(
        weighed={sex: _weighed([visit for visit in visits if visit["sex"] == sex]) for sex in SEXES},
        given=Counter({deed: sum(bool(visit[deed]) for visit in visits) for deed in DEEDS}),
        vaccines=_in_order(doses, [option.code for option in VACCINES]),
        immunised=sum(bool(visit["immunisations"]) for visit in visits),
        referred=_in_order(sent, [option.code for option in REFERRALS]),
        guests=sum(visit["weight_g"] is not None and visit["home"] != posyandu_id for visit in visits),
        new=_new(store, posyandu_id, on),
    )


def _visits(store: Store, posyandu_id: str, on: date) -> list[Row]:
    return store.rows(
        """select b.weight_g, b.immunisations, b.vitamin_a, b.deworming, b.local_food, b.referral, p.sex,
            p.posyandu as home, g.gain, g.two_t, g.below_red_line
        from balita b join person p on p.id = b.person left join balita_growth g on g.id = b.id
        where b.posyandu = $1 and b.visit_date = $2 and b.retracted = 0 and b.date_doubt is null and p.retracted = 0""",
        posyandu_id,
        on.isoformat(),
    )


def _weighed(visits: Sequence[Row]) -> Counter[str]:
    weighed = [visit for visit in visits if visit["weight_g"] is not None]
    counts = Counter({WEIGHED: len(weighed), **dict.fromkeys((*LETTERS, TWICE, BELOW), 0)})
    counts.update(visit["gain"] for visit in weighed if visit["gain"] in LETTERS)
    counts[TWICE] = sum(bool(visit["two_t"]) for visit in weighed)
    counts[BELOW] = sum(bool(visit["below_red_line"]) for visit in weighed)
    return counts


def _in_order(codes: Sequence[str], order: Sequence[str]) -> list[tuple[str, int]]:
    counted = Counter(codes)
    return [(code, counted[code]) for code in order if counted[code]]


def _new(store: Store, posyandu_id: str, on: date) -> list[Row]:
    return store.rows(
        """select id, name, dusun from person where posyandu = $1 and registered_date = $2 and retracted = 0
        order by name, id""",
        posyandu_id,
        on.isoformat(),
    )
