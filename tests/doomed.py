"""A program that forks itself for each deed, so that hundreds of processes can die in a minute; power_cut.c kills them.

`python -m tests.doomed` reads one deed a line, does it in a new process, and says how that process ended. What is done is
the product's own code: a save, an exchange, the province at work. Each deed arms the switch first: from there on the calls
that change the disk are counted, and the chosen one is the last.
"""

import json
import os
import sys
import traceback
from collections.abc import Callable
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import forms
from siposyandu import access, as_laptop, records
from siposyandu.app import create_app
from siposyandu.records import Pen
from sync.client import HttpTransport
from tests.conftest import NOW
from tests.evening import founded, little_stretching, switched_on
from tests.power_cut import Switch
from tests.sync_http import listening

LISTENING, ANSWERED, ENDED = "listening", "answered", "ended"


def say(word: str, **more: object) -> None:
    """Tell whoever watches."""
    sys.stdout.write(json.dumps({"said": word, **more}) + "\n")
    sys.stdout.flush()


def save(switch: Switch, folder: Path, visit: dict[str, Any], *, synced: bool = True) -> None:
    """Open the laptop, weigh one child, close the database. `synced=False` plants a bug: an answer before it lasts."""
    switch.arm()
    laptop = switched_on(folder)
    with laptop.store_for_job() as store:
        if not synced:
            store.value("pragma synchronous=off")
        aminah = access.worker(store, store.value("select id from worker where name = 'Aminah'"))
        assert aminah is not None
        records.save(store, Pen(laptop.lane, aminah, NOW), forms.BY_NAME["balita"], visit)
        say(ANSWERED, calls=switch.counted)


def exchange(switch: Switch, folder: Path, url: str) -> None:
    """Open the laptop and exchange with the province."""
    switch.arm()
    transport = HttpTransport(url)
    as_laptop.exchange(switched_on(folder), transport)
    say(ANSWERED, calls=switch.counted)
    transport.close()


def join(switch: Switch, folder: Path, url: str, code: str) -> None:
    """Found a new laptop and join the province by a code."""
    switch.arm()
    as_laptop.enrol(founded(folder, url), url, code, "doomed")
    say(ANSWERED, calls=switch.counted)


def province(switch: Switch, folder: Path) -> None:
    """Open the province and answer until told to stop."""
    switch.arm()
    place = switched_on(folder)
    # One connection stays open, as when it is served: so the last to close, which tidies up, is always the same.
    with place.store_for_job(), listening(create_app(place)) as port:
        say(LISTENING, port=port)
        sys.stdin.readline()


PASSES = 2
"""One more than the evening's: an opening seals the vault anew, and the power goes during that too."""
DEEDS: dict[str, Callable[..., None]] = {
    "save": save,
    "exchange": exchange,
    "join": join,
    "province": province,
}


def main() -> None:
    """Do deeds, one a line, each in a process of its own."""
    with little_stretching(PASSES):
        _do_them(Switch(Path(os.environ["POWER_CUT_STATE"])))


def _do_them(switch: Switch) -> None:
    say("ready")
    for line in sys.stdin:
        deed = json.loads(line)
        folder, name = Path(deed.pop("folder")), deed.pop("deed")
        child = os.fork()
        if child == 0:
            with ends_here():
                DEEDS[name](switch, folder, **deed)
        _, status = os.waitpid(child, 0)
        say(ENDED, status=os.waitstatus_to_exitcode(status))


@contextmanager
def ends_here() -> Any:
    """End the forked process at the end of its deed, well or badly."""
    try:
        yield
    except BaseException:
        traceback.print_exc()
        os._exit(1)
    os._exit(0)


if __name__ == "__main__":
    main()
