"""`overread run`: one command starts everything, keeps it running, and leaves nothing behind."""

import os
import signal
import socket
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from config.running.preflight import CannotStart, check_disk, check_port
from tests.integration.running.processes import Platform, wait_until

pytestmark = pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="NOT RUN: needs Linux's /proc")


@pytest.fixture(scope="module")
def started(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[], Platform]]:
    """Return the platform that runs, or start it (again) on the same data: a test may end it."""
    data = tmp_path_factory.mktemp("platform") / "data"
    kept: list[Platform] = []

    def platform() -> Platform:
        if not kept or kept[-1].has_ended():
            kept.append(Platform(data))
        return kept[-1]

    try:
        yield platform
    finally:
        for one in kept:
            one.end()


@pytest.fixture
def platform(started: Callable[[], Platform]) -> Platform:
    platform = started()
    wait_until(platform.is_announced, "the address was printed: " + "\n".join(platform.lines))
    return platform


def test_a_second_supervisor_of_the_same_data_says_who_has_it(platform: Platform) -> None:
    second = platform.begin("run", "--empty", "--port", str(platform.port + 1))
    said, _ = second.communicate(timeout=60)
    assert second.returncode == 1
    assert f"is in use by Overread at http://127.0.0.1:{platform.port} (process " in said
    assert len(said.strip().splitlines()) == 1
    assert platform.is_healthy()


def test_the_broker_and_the_job_row_carry_a_job_to_the_worker(platform: Platform) -> None:
    wait_until(lambda: len(platform.processes("worker", "--queues")) >= 4, "both workers have their pools")
    asked = platform.begin(
        "shell", "-c", "from jobs.services import enqueue; enqueue('workflow.advance', key='recurring', again=True)"
    )
    said, _ = asked.communicate(timeout=60)
    assert asked.returncode == 0, said
    question = (
        "from jobs.models import Job; import sys; sys.stdout.write(Job.objects.get(kind='workflow.advance').status)"
    )

    def has_run() -> bool:
        answer, _ = platform.begin("shell", "-v", "0", "-c", question).communicate(timeout=60)
        return answer.strip().endswith("succeeded")

    wait_until(has_run, "the worker did the job", seconds=60)


def test_everything_starts_comes_back_when_killed_and_ends_with_ctrl_c(platform: Platform) -> None:
    assert platform.is_healthy()
    wait_until(lambda: len(platform.processes("worker", "--queues")) >= 4, "both workers have their pools")
    wait_until(lambda: platform.processes(" beat "), "the beat runs")

    for words in ("granian", "--queues default", "--queues gpu", " beat "):
        first, *others = platform.processes(words)
        os.kill(first, signal.SIGKILL)
        wait_until(
            partial(_is_replaced, platform, words, [first, *others]), f"{words} runs again, without its old children"
        )
    wait_until(platform.is_healthy, "the web server answers again")

    platform.send(signal.SIGINT)
    assert platform.wait() == 0
    assert platform.processes() == []


def _is_replaced(platform: Platform, words: str, before: list[int]) -> bool:
    now = set(platform.processes(words))
    return bool(now) and not now & set(before)


def test_nothing_outlives_a_supervisor_that_is_killed(platform: Platform) -> None:
    platform.send(signal.SIGKILL)
    platform.wait()
    wait_until(lambda: platform.processes() == [], "all programs have ended", seconds=30)


def test_a_taken_port_is_one_sentence(tmp_path: Path) -> None:
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        port = holder.getsockname()[1]
        asked = _Command(tmp_path).begin("run", "--empty", "--port", str(port))
        said, _ = asked.communicate(timeout=60)
    assert asked.returncode == 1
    assert said.strip() == (
        f"Port {port} is taken by another program: stop that program, or choose another port, "
        f'for example make run ARGS="--port {port + 1}".'
    )


class _Command(Platform):
    """The command line on a data folder, with nothing running."""

    def __init__(self, data: Path) -> None:
        self.data = data


def test_a_data_folder_that_cannot_be_made_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    asked = _Command(tmp_path / "file" / "data").begin("run", "--empty", "--port", "1024")
    said, _ = asked.communicate(timeout=60)
    assert asked.returncode == 1
    assert said.startswith("The data folder cannot be used (")
    assert said.endswith("set OVERREAD_DATA_DIR to a folder that you may write to.\n")


def test_a_full_disk_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(CannotStart, match=r"^Only .* GB are free on the disk of .* make room"):
        check_disk(tmp_path, least=10**18)


def test_an_address_of_another_machine_is_told_from_a_taken_port() -> None:
    with pytest.raises(CannotStart, match="no address of this machine"):
        check_port("192.0.2.1", 8000)
