import pytest

from skywrite.pipeline.pace import HOUR, Pace
from skywrite.pipeline.retry import is_over, next_try, note_failure
from skywrite.pipeline.route import Job
from skywrite.pipeline.verdict import Verdict

SECOND = 1_000_000
PACE = Pace(window=4 * HOUR, retry_base=2.0, retry_cap=900.0)


def a_job(**fields):
    return Job(1, 0, "src", fields.pop("received_at", 0), "u1", {}, **fields)


@pytest.mark.parametrize(("attempts", "longest"), [(1, 2), (2, 4), (3, 8), (10, 900), (40, 900)])
def test_pauses_grow_to_a_cap(attempts, longest):
    job = a_job(attempts=attempts, since=1)
    assert next_try(job, 1, PACE, chance=1.0) == 1 + longest * SECOND


def test_what_the_receiver_asks_for_counts_when_it_is_longer():
    job = a_job(attempts=1, since=1)
    assert next_try(job, 1, PACE, after=60.0) == 1 + 60 * SECOND


def test_the_last_try_is_at_the_windows_end_and_there_is_none_after():
    job = a_job(attempts=30, since=1)
    end = 1 + 4 * HOUR
    assert next_try(job, end - SECOND, PACE) == end
    assert next_try(job, end, PACE) is None


def test_a_job_remembers_its_first_failure_and_its_last_answer():
    job = a_job()
    note_failure(job, Verdict("later", "one", 500, response="a"), 10)
    note_failure(job, Verdict("later", "two", 503, response="b"), 20)
    assert (job.attempts, job.since, job.status, job.reason, job.response) == (2, 10, 503, "two", "b")


def test_an_event_waits_its_window_from_when_it_could_first_have_failed():
    old, new = a_job(received_at=0), a_job(received_at=3 * HOUR)
    assert not is_over(old, 5 * HOUR, 2 * HOUR, PACE)
    assert is_over(old, 6 * HOUR, 2 * HOUR, PACE)
    assert not is_over(new, 6 * HOUR, 2 * HOUR, PACE)
