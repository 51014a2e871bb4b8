import re
from pathlib import Path

from skywrite.kit.time import now_micros
from skywrite.pipeline.cursors import start_cursor
from tests.support.problems import problem

ROOT = Path(__file__).parent.parent.parent
EVENT = {"type": "track", "event": "A", "userId": "u"}


def lags(program) -> dict[str, float]:
    lines = program.get("/metrics").text.splitlines()
    found = [line.partition("skywrite_follower_lag_records")[2] for line in lines if not line.startswith("#")]
    told = [line.split() for line in found if line]
    return {labels.removeprefix('{follower="').removesuffix('"}'): float(value) for labels, value in told}


def test_dedupe_lags_by_what_it_has_not_decided(world, program) -> None:
    source = world.source()
    with world.store.write() as connection:
        start_cursor(connection, "dedupe", 0, now_micros())  # nothing of it is in a file yet
    world.send(source, EVENT)
    assert lags(program) == {"dedupe": 0, "observe": 0}
    world.append(source, EVENT)
    assert lags(program) == {"dedupe": 1, "observe": 1}


def test_a_follower_lags_by_the_records_behind_its_cursor(world, program) -> None:
    for _ in range(3):
        world.send(world.source(), EVENT)
    with world.store.write() as connection:
        start_cursor(connection, "warehouse", 1, now_micros())
    assert lags(program)["warehouse"] == 2


def test_each_is_told_of_in_the_docs(world, program) -> None:
    text = (ROOT / "docs/operations.md").read_text()
    named = set(re.findall(r"`(skywrite_\w+)`", text))
    assert named == set(re.findall(r"# TYPE (skywrite_\w+) ", program.get("/metrics").text))


def test_a_stranger_sees_none(stranger) -> None:
    problem(stranger.get("/metrics"), 401)
