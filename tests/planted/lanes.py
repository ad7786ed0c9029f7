"""Bugs of lanes: chains, forks, numbers."""

from sync import arrivals, feed
from tests.planted import Patch, planted


@planted
def checks_no_chain(patch: Patch) -> None:
    """Of two laptops from one image, both are believed under the same numbers."""
    patch(arrivals, "check_standing", lambda *_: None)
    patch(arrivals, "_check_overlap", lambda *_: None)
    append = arrivals._append

    def unchained(store, lane, arrival, app):
        from dataclasses import replace

        original = arrivals.log.chain8
        try:
            arrivals.log.chain8 = lambda *_: arrival.request.end_chain
            append(store, lane, arrival, app)
        except arrivals.Refused:
            request = replace(arrival.request, end_chain="")
            raise arrivals.Malformed(str(request.first_seq)) from None
        finally:
            arrivals.log.chain8 = original

    patch(arrivals, "_append", unchained)


@planted
def shows_a_later_number_first(patch: Patch) -> None:
    """The last line of a page of the feed appears only with the next page: a reader passes it and never comes back."""
    tell, waiting = feed._tell, []

    def late(store, told):
        rows = waiting[:] if waiting and waiting[0][0] is store else []
        waiting.clear()
        for _, n, area, edit in rows:
            store.run(
                "insert into feed (n, area, edit) values ($1, $2, $3) on conflict do nothing", n, area, edit
            )
        last = tell(store, told)
        row = store.one("select n, area, edit from feed order by n desc limit 1")
        if row is not None:
            store.run("update feed set n = n + 1 where n = $1", row["n"])
            waiting.append((store, row["n"], row["area"], row["edit"]))
        return last

    patch(feed, "_tell", late)
