"""Counts of each posyandu and month by age group and sex, kept as records arrive.

Every number on every page and in every export is a sum of these rows (see indicators/). A child counts once a month:
by its last weighing for S, K, D, N, T, O, B, 2T and BGM, and by its last measuring of length for stunting and wasting.
The age group is the child's on the last day of the month, so that D is a part of S in every group.
Flagged z-scores are left out; a child with oedema counts as below -3 SD of the weight indices (WHO anthro, prevalence).
"""

from collections import Counter, defaultdict
from typing import Any

from siposyandu import people
from siposyandu.periods import Month
from siposyandu.store import Store

AGE_GROUPS = ("00-05", "06-11", "12-23", "24-35", "36-47", "48-59")
AGE_GROUP_STARTS = (0, 6, 12, 24, 36, 48)
COUNTS = (
    "s", "k", "d", "n", "t", "o", "b", "two_t", "bgm",
    "haz_measured", "stunted", "severely_stunted",
    "whz_measured", "wasted", "severely_wasted", "overweight", "obese",
    "waz_measured", "underweight", "severely_underweight",
)  # fmt: skip

Row = dict[str, Any]


def age_group(age_months: int) -> str:
    """Return the age group of completed months; 60 and above stay in the last."""
    started = [
        group for group, start in zip(AGE_GROUPS, AGE_GROUP_STARTS, strict=True) if age_months >= start
    ]
    return started[-1]


def mark_due(store: Store, posyandu_id: str, month: Month) -> None:
    """Note that a posyandu's month must be counted again before the transaction ends."""
    store.run(
        "insert into tally_due (posyandu, month) values ($1, $2) on conflict (posyandu, month) do nothing",
        posyandu_id,
        str(month),
    )


def settle(store: Store) -> int:
    """Count again every posyandu-month that is due, and any month between that was never counted.

    Returns how many were due.
    """
    due = store.rows("select posyandu, month from tally_due order by posyandu, month")
    store.run("delete from tally_due")
    for row in due:
        count(store, row["posyandu"], Month.parse(row["month"]))
    for posyandu_id in sorted({row["posyandu"] for row in due}):
        _fill(store, posyandu_id, None)
    return len(due)


def roll(store: Store, month: Month) -> None:
    """Count every posyandu up to a month, so that the sasaran of a silent posyandu stay in the denominator.

    One transaction each: thousands of posyandu on the first of a month must not make anybody wait to save.
    """
    for row in store.rows("select posyandu from tally group by posyandu having max(month) < $1", str(month)):
        with store.write():
            _fill(store, row["posyandu"], month)


def _fill(store: Store, posyandu_id: str, last: Month | None) -> None:
    counted = {
        row["month"]
        for row in store.rows("select distinct month from tally where posyandu = $1", posyandu_id)
    }
    if not counted:
        return
    for month in Month.parse(min(counted)).until(last or Month.parse(max(counted))):
        if str(month) not in counted:
            count(store, posyandu_id, month)


def count(store: Store, posyandu_id: str, month: Month) -> None:
    """Count one posyandu's month from its records and replace its rows."""
    tallies: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    visits = _visits(store, posyandu_id, month)
    for child in people.sasaran(store, posyandu_id, month):
        group = age_group(people.age_on(child, month.last))
        tallies[group, child["sex"]].update(_child_counts(child, visits.get(child["id"], [])))
    if not tallies:
        tallies[AGE_GROUPS[0], "f"] = Counter()  # a month without children was counted too
    store.run("delete from tally where posyandu = $1 and month = $2", posyandu_id, str(month))
    columns = ", ".join(COUNTS)
    places = ", ".join(f"${position}" for position in range(5, 5 + len(COUNTS)))
    store.many(
        f"insert into tally (posyandu, month, age_group, sex, {columns}) values ($1, $2, $3, $4, {places})",
        [
            (posyandu_id, str(month), group, sex, *(counts[name] for name in COUNTS))
            for (group, sex), counts in sorted(tallies.items())
        ],
    )


def _visits(store: Store, posyandu_id: str, month: Month) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = defaultdict(list)
    rows = store.rows(
        """select person, counts_weight, counts_length, gain, two_t, below_red_line, oedema,
            waz, haz, whz, waz_flag, haz_flag, whz_flag
        from balita_growth g where month = $2 and (counts_weight = 1 or counts_length = 1)
            and person in (select person from membership where posyandu = $1)""",
        posyandu_id,
        str(month),
    )
    for row in rows:
        found[row["person"]].append(row)
    return found


def _child_counts(child: Row, visits: list[Row]) -> Counter[str]:
    counts = Counter(s=1, k=int(child["kia_book"] or 0))
    for visit in visits:
        if visit["counts_weight"]:
            counts.update(_weighing_counts(visit))
        if visit["counts_length"]:
            counts.update(_length_counts(visit))
    return counts


def _weighing_counts(visit: Row) -> dict[str, int]:
    waz = _usable(visit, "waz")
    gain = (visit["gain"] or "").lower()
    return {
        "d": 1,
        **({gain: 1} if gain else {}),
        "two_t": visit["two_t"],
        "bgm": visit["below_red_line"],
        "waz_measured": int(waz is not None),
        "underweight": _below(waz, -2),
        "severely_underweight": _below(waz, -3),
    }


def _length_counts(visit: Row) -> dict[str, int]:
    haz, whz = _usable(visit, "haz"), _usable(visit, "whz")
    return {
        "haz_measured": int(haz is not None),
        "stunted": _below(haz, -2),
        "severely_stunted": _below(haz, -3),
        "whz_measured": int(whz is not None),
        "wasted": _below(whz, -2),
        "severely_wasted": _below(whz, -3),
        "overweight": int(whz is not None and whz > 2),
        "obese": int(whz is not None and whz > 3),
    }


OEDEMA_Z = -3.1


def _usable(visit: Row, index: str) -> float | None:
    if visit["oedema"] and index != "haz":
        return OEDEMA_Z
    return None if visit[index + "_flag"] else visit[index]


def _below(z: float | None, cut_off: int) -> int:
    return int(z is not None and z < cut_off)
