"""Nothing is lost, and nothing runs twice to a different result: real workers, killed, stopped, and robbed.

The same tests run on SQLite with files as the broker, on PostgreSQL with Redis, and on PostgreSQL with RabbitMQ.
"""

import os
import signal
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest
from django.db import connections

from jobs import services
from jobs.models import Job
from tests.integration.jobs.stack import Stack, finished, rows_of, wait_until

pytestmark = pytest.mark.faults
Status = Job.Status


def outcome(job: Job) -> tuple[str, int, object, list[str]]:
    job.refresh_from_db()
    return job.status, job.attempt, (job.result or {}).get("square"), rows_of(job.key)


def test_the_job_of_a_killed_worker_is_done_by_another(stack: Stack) -> None:
    first = stack.worker()
    job = stack.ask("killed")
    wait_until(partial(stack.has_done, "killed", 1, "began"), "the first worker has the job")
    first.signal(signal.SIGKILL)
    stack.open("work", "keep", "finish")
    stack.worker()
    wait_until(partial(finished, job), "another worker did the job")
    assert outcome(job) == (Status.SUCCEEDED, 2, 49, ["killed of attempt 2"])
    assert not stack.has_done("killed", 1, "kept")


def test_the_job_of_a_killed_pool_process_is_done_by_the_next_one(stack: Stack) -> None:
    """As when the system takes the memory back from one process of a worker that lives on."""
    stack.worker()
    job = stack.ask("pool")
    wait_until(partial(stack.has_done, "pool", 1, "began"), "the job has begun")
    os.kill(int(stack.trace("pool")[0][2]), signal.SIGKILL)
    stack.open("work", "keep", "finish")
    wait_until(partial(finished, job), "the job was done")
    assert outcome(job) == (Status.SUCCEEDED, 2, 49, ["pool of attempt 2"])


def test_a_worker_killed_between_its_result_and_its_last_word_leaves_one_result(stack: Stack) -> None:
    first = stack.worker()
    job = stack.ask("late")
    stack.open("work", "keep")
    wait_until(partial(stack.has_done, "late", 1, "kept"), "the first worker has kept its result")
    first.signal(signal.SIGKILL)
    stack.open("finish")
    stack.worker()
    wait_until(partial(finished, job), "another worker ended the job")
    assert outcome(job) == (Status.SUCCEEDED, 2, 49, ["late of attempt 1"])
    assert job.result == {"square": 49, "row": "late of attempt 1"}


@pytest.mark.parametrize("returns", ["while the other works", "after the other ended"])
def test_a_worker_that_comes_back_after_its_job_was_given_away_changes_nothing(stack: Stack, returns: str) -> None:
    first, key = stack.worker(), returns.partition(" ")[0]
    job = stack.ask(key)
    wait_until(partial(stack.has_done, key, 1, "began"), "the first worker has the job")
    first.stop(stack.database)
    second = stack.worker()
    wait_until(partial(stack.has_done, key, 2, "began"), "the second worker got the job")
    if returns == "after the other ended":
        stack.open("work-2", "keep", "finish")
        wait_until(partial(finished, job), "the second worker ended the job")
    first.signal(signal.SIGCONT)
    stack.open("work-1", "keep", "finish-1")
    wait_until(partial(stack.has_done, key, 1, "superseded"), "the first worker learnt that it is late")
    stack.open("work-2", "finish")
    wait_until(partial(finished, job), "the second worker ended the job")
    assert outcome(job) == (Status.SUCCEEDED, 2, 49, [f"{key} of attempt 2"])
    second.signal(signal.SIGKILL)
    stack.open("work")
    other = stack.ask(f"next-{key}")
    wait_until(partial(finished, other), "the worker that came back does the next job")
    assert outcome(other)[0] == Status.SUCCEEDED


def test_a_lost_message_is_sent_again(stack: Stack) -> None:
    job = stack.ask("lost")
    stack.purge()
    stack.open("work", "keep", "finish")
    stack.worker()
    wait_until(partial(finished, job), "the job was done")
    assert outcome(job) == (Status.SUCCEEDED, 1, 49, ["lost of attempt 1"])
    assert job.sends >= 2


def test_asked_for_many_times_at_once_and_sent_many_times_it_is_done_once(stack: Stack) -> None:
    def ask(_: int) -> str:
        try:
            job = stack.ask("double")
            services.send(job)
            return str(job.pk)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(6) as people:
        ids = set(people.map(ask, range(12)))
    assert len(ids) == 1
    stack.open("work", "keep", "finish")
    stack.worker()
    stack.worker()
    job = Job.objects.get(pk=ids.pop())
    wait_until(partial(finished, job), "the job was done")
    marker = stack.ask("after")
    wait_until(partial(finished, marker), "the queue behind it was worked off")
    assert [line[:2] for line in stack.trace("double")] == [["1", "began"], ["1", "kept"]]
    assert outcome(job) == (Status.SUCCEEDED, 1, 49, ["double of attempt 1"])


def test_a_restart_of_all_workers_with_an_empty_broker_loses_nothing(stack: Stack) -> None:
    workers = [stack.worker(ready=False), stack.worker(ready=False)]
    jobs = [stack.ask(f"all-{number}", number) for number in range(12)]
    wait_until(
        lambda: len((stack.desk / "trace").read_text().splitlines()) >= 3 if (stack.desk / "trace").exists() else False,
        "several jobs have begun",
    )
    for worker in workers:
        worker.signal(signal.SIGKILL)
    stack.purge()
    stack.open("work", "keep", "finish")
    stack.worker()
    wait_until(lambda: all(finished(job) for job in jobs), "all jobs were done")
    for number, job in enumerate(jobs):
        status, attempt, square, rows = outcome(job)
        assert (status, square, rows) == (Status.SUCCEEDED, number**2, [f"{job.key} of attempt {attempt}"])
        assert sum(line[1] == "kept" for line in stack.trace(job.key)) == 1


def test_a_cancelled_job_stops_and_a_second_try_does_it(stack: Stack) -> None:
    stack.worker()
    job = stack.ask("cancelled")
    wait_until(partial(stack.has_done, "cancelled", 1, "began"), "the job has begun")
    services.cancel(job)
    stack.open("work", "keep", "finish")
    wait_until(partial(stack.has_done, "cancelled", 1, "superseded"), "the handler noticed")
    assert rows_of("cancelled") == []
    services.retry(job)
    wait_until(partial(finished, job), "the job was done")
    assert outcome(job) == (Status.SUCCEEDED, 2, 49, ["cancelled of attempt 2"])


if os.environ.get("DATABASE_URL", "").startswith("postgres"):  # SQLite has one writer: a stopped one stops all others

    def test_a_worker_stopped_in_the_middle_of_keeping_does_not_stop_the_others(stack: Stack) -> None:
        first = stack.worker()
        job = stack.ask("held")
        stack.open("work")
        wait_until(lambda: Job.objects.filter(pk=job.pk, percent=50).exists(), "the first worker is keeping")
        first.stop(stack.database)
        stack.worker()
        lost = stack.ask("other")
        stack.purge()
        stack.open("keep-2", "keep-3", "finish")
        (stack.desk / "keep-1").unlink(missing_ok=True)
        stack.open("keep")
        wait_until(partial(finished, lost), "lost messages are still looked after")
        assert outcome(lost)[0] == Status.SUCCEEDED
        first.signal(signal.SIGCONT)
        wait_until(partial(finished, job), "the job was done")
        assert len(rows_of("held")) == 1
