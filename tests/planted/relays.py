"""Bugs of a puskesmas PC, and of what a laptop that lies may ask."""

from sync import departures, postbox, pulls, receipts, vouching
from tests.planted import Patch, planted, unproven


@planted
def keeps_what_a_laptop_gave_that_was_shut_out(patch: Patch) -> None:
    """A PC goes on showing what it read in the bundles of a laptop that is no longer believed."""
    patch(vouching, "withdraw", lambda relay: None)


@planted
def never_asks_about_what_it_knows_early(patch: Patch) -> None:
    """A PC keeps children that it read of in bundles and that were never of its areas (found by this simulator)."""
    patch(departures, "_known_early", lambda store: [])


@planted
def tells_everything_to_whoever_asks_for_its_own_lane(patch: Patch) -> None:
    """A laptop that says it reads everything again is told of all areas."""
    page = pulls._page

    def all_areas(store, device, request, areas, told):
        if request.more.get("own"):
            areas = areas.union(row["area"] for row in store.rows("select distinct area from feed"))
        return page(store, device, request, areas, told)

    patch(pulls, "_page", all_areas)


@planted
def throws_a_forked_bundle_away(patch: Patch) -> None:
    """What a copy of a laptop gave away is lost where its lane has gone on otherwise (found by reading)."""
    patch(postbox, "_keep_otherwise", lambda province, arrival: None)


@unproven
def believes_an_overtaken_fork(patch: Patch) -> None:
    """A word about a copy of this laptop ends a lane that has gone on (found by this simulator)."""
    patch(receipts, "_is_overtaken", lambda state, answer: False)


@planted
def takes_a_child_away_before_she_is_delivered(patch: Patch) -> None:
    """Whatever a laptop of her new area says, a child is taken from the old one's."""
    confirm = departures.confirm
    patch(departures, "confirm", lambda store, areas, read_n: confirm(store, areas, 2**53))
