import pytest

from skywrite.kit.backoff import full_jitter


@pytest.mark.parametrize(
    ("attempts", "chance", "seconds"),
    [(1, 1.0, 2.0), (1, 0.0, 0.2), (2, 1.0, 4.0), (5, 0.5, 17.6), (9, 1.0, 60.0), (5000, 1.0, 60.0)],
)
def test_the_ceiling_doubles_up_to_a_cap_and_chance_chooses_below_it(attempts, chance, seconds):
    assert full_jitter(attempts, base=2.0, cap=60.0, chance=chance) == pytest.approx(seconds)


def test_waits_are_spread():
    waits = {full_jitter(4, base=1.0, cap=60.0) for _ in range(50)}
    assert len(waits) > 40
    assert all(0.8 <= wait <= 8.0 for wait in waits)
