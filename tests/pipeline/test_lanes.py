from hypothesis import given
from hypothesis import strategies as st

from skywrite.pipeline.lanes import Lanes
from skywrite.pipeline.route import Job


def a_job(position, user="u1", size=1):
    return Job(position, 0, "src", 0, user, {}, size=size)


def positions(jobs):
    return [job.position for job in jobs]


def test_users_go_side_by_side_and_one_users_jobs_one_by_one():
    lanes = Lanes()
    for position, user in enumerate("aabab"):
        lanes.add(a_job(position, user))
    assert positions(lanes.take(1, 100)) == [0]
    assert positions(lanes.take(1, 100)) == [2]
    assert lanes.take(1, 100) == []
    lanes.release("a")
    assert positions(lanes.take(1, 100)) == [1]
    assert lanes.waiting == 2


def test_a_batch_takes_several_of_a_user_in_the_order_of_the_log():
    lanes = Lanes()
    for position, user in enumerate("abab"):
        lanes.add(a_job(position, user))
    assert positions(lanes.take(3, 100)) == [0, 1, 2]
    assert lanes.take(3, 100) == []
    lanes.release("b")
    assert positions(lanes.take(3, 100)) == [3]


def test_a_batch_is_bounded_in_bytes_and_one_that_is_larger_goes_alone():
    lanes = Lanes()
    for position, (user, size) in enumerate([("a", 60), ("a", 30), ("a", 20), ("b", 11), ("c", 500), ("d", 1)]):
        lanes.add(a_job(position, user, size))
    assert lanes.bytes == 622
    assert positions(lanes.take(9, 100)) == [0, 1]
    assert positions(lanes.take(9, 100)) == [3]
    assert positions(lanes.take(9, 100)) == [4]
    lanes.release("a")
    assert positions(lanes.take(9, 100)) == [2, 5]
    assert (lanes.bytes, lanes.waiting) == (0, 0)


def test_what_is_dropped_is_gone_and_its_user_free_once_released():
    lanes = Lanes()
    for position in range(3):
        lanes.add(a_job(position))
    lanes.take(1, 100)
    assert positions(lanes.drop("u1")) == [1, 2]
    assert "u1" in lanes
    lanes.release("u1")
    assert "u1" not in lanes
    assert (lanes.waiting, lanes.bytes) == (0, 0)
    lanes.add(a_job(9))
    assert positions(lanes.take(1, 100)) == [9]


def test_unwanted_jobs_are_dropped_wherever_they_wait():
    lanes = Lanes()
    for position, user in enumerate("abc"):
        lanes.add(a_job(position, user))
    assert positions(lanes.drop_where(lambda job: job.position != 1)) == [0, 2]
    assert positions(lanes.take(9, 100)) == [1]


@given(st.lists(st.sampled_from(["add a", "add b", "add c", "take 1", "take 3", "release", "drop a"]), max_size=60))
def test_each_users_jobs_come_out_in_order_and_never_two_at_a_time(steps):
    lanes, out, busy, last = Lanes(), [], [], {}
    for position, step in enumerate([*steps, *["release", "take 1"] * 70]):
        match step.split():
            case ["add", user]:
                lanes.add(a_job(position, user, position % 5))
            case ["take", count]:
                taken = lanes.take(int(count), 6)
                users = {job.user for job in taken}
                assert users.isdisjoint(busy)
                busy += users
                for job in taken:
                    assert job.position > last.get(job.user, -1)
                    last[job.user] = job.position
                out += taken
            case ["release"] if busy:
                lanes.release(busy.pop(0))
            case ["drop", user]:
                out += lanes.drop(user)
    assert len(out) == sum(step.startswith("add") for step in steps)
    assert lanes.waiting == 0
