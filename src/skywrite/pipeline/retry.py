"""When an event that failed is tried again, and when it is given up. Pure."""

from skywrite.kit.backoff import full_jitter
from skywrite.pipeline.pace import Pace
from skywrite.pipeline.route import Job
from skywrite.pipeline.verdict import Verdict

BEHIND = 1 << 61  # due when the one ahead of it is done: a time that never comes


def note_failure(job: Job, verdict: Verdict, now: int) -> None:
    """Write down in the job what came of this try."""
    job.attempts += 1
    job.since = job.since or now
    note_answer(job, verdict)


def note_answer(job: Job, verdict: Verdict) -> None:
    """Write down in the job what is said of it."""
    job.status, job.reason, job.response = verdict.status, verdict.reason, verdict.response


def next_try(job: Job, now: int, pace: Pace, after: float = 0.0, chance: float | None = None) -> int | None:
    """When (µs) to try a job again that failed, None when its window would be over by then.

    The window's last moment is used: a pause that would pass it is cut, once.
    """
    end = job.since + pace.window
    if now >= end:
        return None
    pause = full_jitter(job.attempts, base=pace.retry_base, cap=pace.retry_cap, chance=chance)
    return min(end, now + int(max(pause, after) * 1_000_000))


def is_over(job: Job, now: int, down_since: int, pace: Pace) -> bool:
    """Whether a job that was never tried has waited out its window for a destination that is down."""
    return max(job.received_at, down_since) + pace.window <= now
