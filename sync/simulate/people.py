"""What people do in a season: a kader types for a while, an officer at the province corrects."""

from typing import TYPE_CHECKING, Any

from sync import edits, upstream
from sync.ports import Author
from sync.simulate import heavy
from sync.simulate.laptops import AREAS, OFFICERS, TYPISTS, Said, Seat, about, something
from sync.simulate.notebook import NOTE, POISON, Writer

if TYPE_CHECKING:
    from sync.simulate.season import Season

ELSEWHERE = 0.06  # how often a child is registered by somebody who is not of her posyandu
SEEN = 12  # of the children in the notebook, the latest: so that people meet on the same ones
_NEW = """select e.uid, e.entity, e.body, l.lane, e.seq from edits e join lanes l using (lane_no) where e.n > $1"""


def send(season: "Season") -> None:
    """A laptop finds a signal, more or less."""
    season.exchange(season.anybody())


def session(season: "Season") -> None:
    """Somebody types for a while."""
    session_at(season, season.anybody())


def session_at(season: "Season", seat: Seat) -> None:
    """Somebody types for a while on one laptop."""
    for _ in range(season.chance.choice((1, 2, 3, 4, 5, 6))):
        type_one(season, seat)
    season.look(seat)


def type_one(season: "Season", seat: Seat, writer: Writer | None = None) -> None:
    """Somebody types one edit on a laptop; `writer` is another way to the same store."""
    chance, found = season.chance, children(season, seat.store)
    if len(found) < 3 or chance.random() < 0.35:
        child, said = None, something(chance, _for_whom(season, seat))
    else:
        child, said = chance.choice(found[-SEEN:]), about(chance, found)
    heavy.with_long_text(season, said)
    writer = writer or seat.writer
    typed(season, writer, seat.store, child, said, (chance.choice(TYPISTS), seat.clock.now()))


def _for_whom(season: "Season", seat: Seat) -> str:
    """Return for which posyandu somebody registers a child: one of her own, or now and then another's."""
    others = season.chance.random() < ELSEWHERE
    own = upstream.scope(seat.store) or {seat.area}
    return season.chance.choice(AREAS if others else sorted(own))


def last_word(season: "Season", seat: Seat) -> None:
    """Somebody registers one more child."""
    by = (TYPISTS[0], seat.clock.now())
    typed(season, seat.writer, seat.store, None, something(season.chance, seat.area), by)


def office(season: "Season") -> None:
    """Somebody at the province corrects or moves a child, or registers one."""
    world, chance = season.world, season.chance
    found, by = children(season, world.province.store), (chance.choice(OFFICERS), world.clock.now())
    if not found or chance.random() < ELSEWHERE:
        child, said = None, something(chance, chance.choice(AREAS))
    else:
        child, said = chance.choice(found[-SEEN:]), about(chance, found)
    typed(season, world.office, world.province.store, child, said, by)
    season.look()


def children(season: "Season", store: Any) -> list[str]:
    """Return the children that a person sees, in the order in which they were first typed."""
    known = season.oracle.typed
    found = [row["entity"] for row in store.rows("select entity from notebook")]
    return sorted((entity for entity in found if entity in known), key=lambda entity: known[entity].number)


def typed(  # noqa: PLR0913 - who types what where
    season: "Season", writer: Writer, store: Any, child: str | None, said: Said, by: tuple[Author, str]
) -> None:
    """Type, and remember what was typed and everything its author had seen of that record.

    `store` is the database behind the writer, whatever stands between.
    """
    kind, values = said
    season.say(f"{season.whose(store)}: {kind} {(child or '')[:8]} {values}")
    end = store.value("select coalesce(max(n), 0) from edits")
    seen = {row["uid"] for row in store.rows("select uid from edits where entity = $1", child)}
    try:
        _save(writer, child, said, by)
    except ValueError:
        season.say("the application cannot stand it")
    finally:
        for row in store.rows(_NEW, end):
            season.oracle.note(row, values, seen)
            season.noted(store, row["uid"])


def _save(writer: Writer, child: str | None, said: Said, by: tuple[Author, str]) -> None:
    (kind, values), (author, at) = said, by
    if values.get(NOTE) != POISON:
        writer.save(values, child, kind=kind, author=author, at=at)
        return
    with writer.store.write():  # a program that can stand what others cannot
        edits.record(
            writer.store, writer.lane, kind=kind, entity=child, values=values, author=author, device_time=at
        )
