import pytest
from hypothesis import given
from hypothesis import strategies as st

from skywrite.pipeline.pace import Pace
from skywrite.pipeline.stats import BUCKETS, Counts, Sampler, bucket_of, joined, percentile


@pytest.mark.parametrize(
    ("millis", "bucket"),
    [(-5, 0), (0, 0), (0.9, 0), (1, 1), (1.9, 1), (2, 2), (3.9, 2), (4, 3), (1000, 10), (1e15, BUCKETS - 1)],
)
def test_buckets_are_powers_of_two(millis, bucket):
    assert bucket_of(millis) == bucket


@given(st.lists(st.floats(0, 1e7), min_size=1, max_size=200), st.sampled_from([0.5, 0.95, 0.99]))
def test_a_percentile_is_in_the_bucket_of_the_true_one(values, share):
    histogram = [0] * BUCKETS
    for value in values:
        histogram[bucket_of(value)] += 1
    rank = next(place for place in range(1, len(values) + 1) if place >= share * len(values))
    true = bucket_of(sorted(values)[rank - 1])
    low, high = (0, 1) if true == 0 else (2 ** (true - 1), 2**true)
    assert low <= percentile(histogram, share) <= high


def test_nothing_counted_has_no_percentile():
    assert percentile([0] * BUCKETS, 0.95) is None


def test_counts_add_up_whatever_their_lengths():
    assert joined([1, 2], [1, 1, 1]) == [2, 3, 1]
    counts = Counts(delivered=1, failed=2)
    counts.add(Counts(delivered=3, filtered=4))
    assert (counts.delivered, counts.failed, counts.filtered) == (4, 2, 4)


def test_samples_are_a_few_a_second_with_room_for_a_burst():
    sampler = Sampler(Pace(samples_a_second=2.0))
    kept = [at // 1000 for at in range(10_000) if sampler.keeps(delivered=True, now=10_000_000 + at * 1000)]
    assert 20 <= len(kept) <= 26
    assert set(kept) == set(range(10))
