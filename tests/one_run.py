"""How one run of the tests goes: its folders lie in memory, and its longest files begin first."""

import gc
import os
import re
import tempfile
from pathlib import Path
from shutil import disk_usage

import pytest

MEMORY = Path("/dev/shm")
ROOM_BYTES = 4 * 2**30
CREATED_BEFORE_A_LOOK = 20_000
"""How many things more than were forgotten; Python's own number is 700."""
# Measured longest. With one file to a worker at a time, whoever begins these last works on alone while the other workers rest.
LONGEST = """
    test_simulate
    test_browser_axe
    test_browser_hotspot
    test_browser_pages
    test_browser_axe_province
    test_planted
    test_trial_kill
    test_browser_grid
    test_trial_cut
    test_browser
    test_browser_keys
    test_trial_full_disk
    test_browser_excel
    test_browser_registering
    test_browser_office
    test_browser_home_visits
    test_browser_copies
    test_browser_timed_day
    test_browser_learning
    test_trial_soak
    test_trial_networks
    test_kill
"""


def let_folders_lie_in_memory() -> None:
    """Let the tests' folders lie in memory where it has room: every save waits until a disk has it, some milliseconds each."""
    is_there = "TMPDIR" not in os.environ and MEMORY.is_dir()
    if is_there and min(disk_usage(MEMORY).free, _free_memory_bytes()) >= ROOM_BYTES:
        os.environ["TMPDIR"] = str(MEMORY)
        tempfile.tempdir = None


def let_programs_keep_byte_code() -> None:
    """Let the places that tests start keep their byte code, as installed ones do: without it each compiles the program anew."""
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)


def look_past_what_stays() -> None:
    """Look for garbage less often, and not among the tests themselves: a tenth of a test of a page went into that."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(CREATED_BEFORE_A_LOOK)


def _free_memory_bytes() -> int:
    found = re.search(r"MemAvailable: +(\d+) kB", Path("/proc/meminfo").read_text("ascii"))
    return int(found[1]) * 1024 if found else 0


def longest_first(items: list[pytest.Item]) -> None:
    """Let the longest files begin first, and all others follow in the order of their names."""
    places = {name: place for place, name in enumerate(LONGEST.split())}
    items.sort(key=lambda item: places.get(item.path.stem, len(places)))
