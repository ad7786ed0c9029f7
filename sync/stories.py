"""Stories: whether a number of the feed means here what it meant where a laptop read it.

A province that was put back without saying so tells other things under numbers that it has used before, and a cursor is only a
number. So whenever the feed grows, a fingerprint of all that it has told so far is kept; a laptop is told the one of where it
stands, and says it with its cursor.
"""

from collections.abc import Iterable
from hashlib import sha256

from sync import ids
from sync.errors import Malformed
from sync.messages import Request
from sync.ports import Store

REMARK = "story"
_BYTES = 4


def note(store: Store, last_n: int, told: Iterable[tuple[str, str]]) -> None:
    """Note the story of the feed up to its new last number, inside `write()`; `told` are the areas and what each was told since
    the last one."""
    before = store.value("select story from feed_stories order by n desc limit 1")
    whole = "\n".join([str(before or ""), str(last_n), *(f"{area} {what}" for area, what in told)])
    story = ids.text(sha256(whole.encode()).digest()[:_BYTES])
    store.run("insert into feed_stories (n, story) values ($1, $2)", last_n, story)


def of(store: Store, number: int) -> str:
    """Return the story of the feed up to a number, and as far as what was told together with it; empty where none is known."""
    sql = "select story from feed_stories where n >= $1 order by n limit 1"
    return str(store.value(sql, number) or "") if number else ""


def is_ours(store: Store, request: Request) -> bool:
    """Whether a laptop's cursor counts what this very feed told, as far as it can say; an earlier version says nothing."""
    said = request.more.get(REMARK)
    if said is not None and not isinstance(said, str):
        raise Malformed("no story")
    return said is None or said == of(store, request.cursor)


def told(store: Store, request: Request, cursor: int) -> dict[str, str]:
    """Return the remark that tells a laptop the story of where its cursor now stands, if it does not say that one already."""
    story = of(store, cursor)
    return {REMARK: story} if story and story != request.more.get(REMARK) else {}
