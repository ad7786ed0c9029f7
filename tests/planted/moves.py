"""Bugs of children who move: what real ones did that people found by reading the code."""

from sync import bringing, departures, feed, heads
from sync.chunks import chunks, holes
from tests.planted import Patch, planted, unproven


@unproven
def forgets_who_still_waits_elsewhere(patch: Patch) -> None:
    """A laptop of two areas is told to forget a child who has left the one and waits in the other."""

    def only_where_she_is(store, entities):
        here = feed.placed(store, entities)
        return {entity: set(here.get(entity, ())) for entity in entities}

    patch(feed, "kept_in", only_where_she_is)


@planted
def takes_a_child_from_whoever_brings_her(patch: Patch) -> None:
    """Who registers a child for another posyandu is told to forget her before anybody there has her."""
    tell = bringing.tell_bringer

    def at_once(store, entities, areas, area):
        before = _left(store, entities)
        tell(store, entities, areas, area)
        if new := _left(store, entities) - before:
            feed.tell_gone(store, new)

    patch(bringing, "tell_bringer", at_once)


def _left(store, entities):
    found = set()
    for part in chunks(sorted(set(entities))):
        sql = f"select entity, area from placement where left_n is not null and entity in ({holes(part)})"
        found.update((row["entity"], row["area"]) for row in store.rows(sql, *part))
    return found


@unproven
def tells_nothing_to_who_never_heard_her_areas(patch: Patch) -> None:
    """A laptop keeps a child for ever whom it wrote for an area that was taken from it before it ever heard of it."""
    patch(departures, "_written_by", lambda store, lane_no: [])


@unproven
def keeps_what_deleted_edits_waited_for(patch: Patch) -> None:
    """A record that comes back in several pages waits for what only edits listed that are here no longer."""
    rebuild = heads.rebuild

    def with_marks_of_before(store, entities):
        kept = [
            row
            for part in chunks(sorted(set(entities)))
            for row in store.rows(f"select * from awaited where entity in ({holes(part)})", *part)
        ]
        rebuild(store, entities)
        store.many(
            "insert into awaited (entity, uid, field, asked_by) values ($1, $2, $3, $4) on conflict do nothing",
            [(row["entity"], row["uid"], row["field"], row["asked_by"]) for row in kept],
        )

    patch(heads, "rebuild", with_marks_of_before)
