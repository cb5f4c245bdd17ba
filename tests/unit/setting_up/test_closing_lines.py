"""How `make test` ends: with what passed, what failed, and loudly with what was not run."""

from pathlib import Path

import pytest

from scripts import run_tests
from scripts.run_tests import Outcome
from scripts.servers import REDIS, Server

REPORT = """<testsuites><testsuite>
<testcase classname="a" name="good"/>
<testcase classname="a" name="bad"><failure message="no"/></testcase>
<testcase classname="a" name="broken"><error message="no"/></testcase>
<testcase classname="a" name="left_out"><skipped message="NOT RUN: set OVERREAD_TEST_DATA"/></testcase>
</testsuite></testsuites>"""


@pytest.fixture(autouse=True)
def _nowhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CI", raising=False)


def closing(outcomes: list[Outcome], capsys: pytest.CaptureFixture[str]) -> tuple[int, list[str]]:
    code = run_tests._report(outcomes)
    return code, capsys.readouterr().out.strip().splitlines()


def counted(tmp_path: Path, *, text: str, code: int) -> Outcome:
    report = tmp_path / "report.xml"
    words = ["/bin/sh", "-c", f"cat > {report} <<'END'\n{text}\nEND\nexit {code}"]
    return run_tests._counted("python", words, report)


def test_every_test_of_a_report_is_counted_once(tmp_path: Path) -> None:
    outcome = counted(tmp_path, text=REPORT, code=1)
    assert (outcome.passed, outcome.failed) == (1, 2)
    assert outcome.not_run == ["a.left_out: set OVERREAD_TEST_DATA"]


def test_a_crash_behind_a_good_report_is_a_failure(tmp_path: Path) -> None:
    outcome = counted(tmp_path, text="<testsuite><testcase classname='a' name='good'/></testsuite>", code=139)
    assert (outcome.passed, outcome.failed) == (1, 1)


def test_no_test_at_all_is_a_failure(tmp_path: Path) -> None:
    assert counted(tmp_path, text="<testsuite/>", code=5).failed == 1


def test_what_was_not_run_is_said_last_and_is_no_failure_at_home(capsys: pytest.CaptureFixture[str]) -> None:
    code, lines = closing([Outcome("python", passed=3), Outcome("browser", not_run=["all: no Chromium"])], capsys)
    assert code == 0
    assert lines[-4:] == ["!!! NOT RUN: 1", "!!!   browser: all: no Chromium", "", "3 passed, 0 failed"]
    assert any(line.startswith("browser     NOT RUN") for line in lines)


def test_what_was_not_run_is_a_failure_in_ci(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CI", "true")
    code, lines = closing([Outcome("python", passed=3, not_run=["a"]), Outcome("browser", not_run=["b"])], capsys)
    assert code == 1
    assert lines[-1] == "3 passed, 2 failed"


def test_a_failure_is_the_exit_code(capsys: pytest.CaptureFixture[str]) -> None:
    code, lines = closing([Outcome("python", passed=3, failed=1)], capsys)
    assert (code, lines[-1]) == (1, "3 passed, 1 failed")


def test_a_server_that_was_promised_and_is_not_there_is_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(REDIS.variable, raising=False)

    def refuse(address: str) -> None:
        raise ConnectionError("refused")

    absent = Server("Redis", REDIS.variable, "redis://:secret@127.0.0.1:1/0", refuse)
    at_home = run_tests._missing("postgresql", absent)
    monkeypatch.setenv(REDIS.variable, "redis://:secret@127.0.0.1:1/0")
    promised = run_tests._missing("postgresql", absent)
    assert at_home is not None
    assert promised is not None
    assert (at_home.failed, promised.failed) == (0, 1)
    assert "refused" in at_home.not_run[0]
    assert "secret" not in at_home.not_run[0]
