from skywrite.pipeline.circuit import Circuit
from skywrite.pipeline.pace import Pace

SECOND = 1_000_000


def a_circuit(**pace):
    return Circuit(Pace(circuit_failures=4, circuit_users=2, probe_base=1.0, probe_cap=8.0, **pace))


def fail(circuit, *users, now=0, **how):
    for user in users:
        circuit.fail(user, now, **how)


def test_failures_of_several_users_in_a_row_open_it():
    circuit = a_circuit()
    fail(circuit, "a", "b", "a")
    assert not circuit.is_open
    fail(circuit, "b")
    assert circuit.is_open


def test_one_user_alone_never_opens_it():
    circuit = a_circuit()
    fail(circuit, *"a" * 50)
    assert not circuit.is_open


def test_a_success_between_begins_the_count_anew():
    circuit = a_circuit()
    fail(circuit, "a", "b", "c")
    circuit.succeed()
    fail(circuit, "a", "b", "c")
    assert not circuit.is_open


def test_it_is_down_since_the_first_of_the_failures():
    circuit = a_circuit()
    for moment, user in enumerate("abcd"):
        fail(circuit, user, now=moment * SECOND + 5)
    assert circuit.since == 5


def test_one_probe_at_a_time_each_after_a_longer_pause():
    circuit, now, pauses = a_circuit(), 0, []
    fail(circuit, *"abcd")
    for _ in range(12):
        pauses.append(circuit.probe_at - now)
        assert not circuit.begin_probe(circuit.probe_at - 1)
        now = circuit.probe_at
        assert circuit.begin_probe(now)
        assert not circuit.begin_probe(now)
        fail(circuit, "a", now=now)
    ceilings = [min(8, 2**place) * SECOND for place in range(12)]
    assert all(ceiling / 10 <= pause <= ceiling for pause, ceiling in zip(pauses, ceilings, strict=True))


def test_what_lands_late_while_it_is_open_does_not_lengthen_the_pause():
    circuit = a_circuit()
    fail(circuit, *"abcd")
    due = circuit.probe_at
    fail(circuit, *"efgh", now=due - 1)
    assert circuit.probe_at == due


def test_a_successful_probe_closes_it():
    circuit = a_circuit()
    fail(circuit, *"abcd")
    assert circuit.begin_probe(circuit.probe_at)
    circuit.succeed()
    assert not circuit.is_open
    assert not circuit.begin_probe(circuit.probe_at + SECOND)


def test_a_throttle_opens_it_sooner_and_is_heeded_up_to_a_bound():
    circuit = a_circuit()
    fail(circuit, "a", "b", "c", after=30.0, throttled=True)
    assert circuit.is_throttled
    assert circuit.probe_at == 30 * SECOND
    other = a_circuit()
    fail(other, "a", "b", "c", after=86_400.0, throttled=True)
    assert other.probe_at == 300 * SECOND


def test_what_an_earlier_process_found_is_tried_at_once_before_anything_is_given_up():
    circuit = a_circuit()
    circuit.resume(since=7, now=9 * SECOND)
    assert circuit.is_open
    assert circuit.since == 7
    assert not circuit.is_known_down
    assert circuit.begin_probe(9 * SECOND)
    fail(circuit, "a", now=9 * SECOND)
    assert circuit.is_known_down
    assert circuit.since == 7
